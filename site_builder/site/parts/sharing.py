"""What a credential's page offers to take along: LinkedIn's form, a snippet for a page, a prepared mail to the issuer's office.

Whatever leaves the page names the credential's canonical address, never a match key."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import escape

from site_builder.credentials.urls import signed_url

__all__ = ["complaint_mail", "embed_snippet", "linkedin_link"]


def linkedin_link(document: dict[str, Any], *, base: str, organization: str | None) -> str:
    """LinkedIn's "Add to profile" address."""
    award_id = document["id"].split("/")[-2]
    start = document["awardedDate"]
    values = {"startTask": "CERTIFICATION_NAME", "name": document["name"]}
    values |= {"organizationId": organization} if organization else {"organizationName": document["issuer"]["name"]}
    values |= {"issueYear": start[:4], "issueMonth": str(int(start[5:7]))}
    if "validUntil" in document:
        end = document["validUntil"]
        values |= {"expirationYear": end[:4], "expirationMonth": str(int(end[5:7]))}
    values |= {"certUrl": signed_url(base, "page", id=award_id), "certId": award_id}
    return "https://www.linkedin.com/profile/add?" + urlencode(values)


def embed_snippet(document: dict[str, Any], *, base: str) -> str:
    """HTML for a page of the recipient's own: the badge image, with words in its place, that leads to the credential's page."""
    page = signed_url(base, "page", id=document["id"].split("/")[-2])
    name = document["credentialSubject"]["identifier"][0]["identityHash"]
    words = escape(f"{document['name']}, awarded to {name} by {document['issuer']['name']}")
    return f'<a href="{page}"><img src="{page}badge.png" alt="{words}" width="160" height="160"></a>'


def complaint_mail(document: dict[str, Any], *, base: str, office: str) -> str:
    """A mailto address with subject and text that name the credential and nobody. Source: RFC 6068."""
    award_id = document["id"].split("/")[-2]
    lines = [f"Credential: {award_id}", f"Page: {signed_url(base, 'page', id=award_id)}", "", "What is wrong:", ""]
    words = {"subject": f"A question about credential {award_id}", "body": "\r\n".join(lines)}
    return f"mailto:{quote(office, safe='@')}?" + urlencode(words, quote_via=quote)
