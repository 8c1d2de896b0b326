"""What a credential's page offers to take along: LinkedIn's form, a snippet for a page, a prepared mail to the issuer's office.

Whatever leaves the page names the credential's canonical address, never a match key."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from markupsafe import escape

from site_builder.credentials.openbadges3.values import Credential
from site_builder.credentials.urls import signed_url

__all__ = ["complaint_mail", "embed_snippet", "linkedin_link"]


def linkedin_link(credential: Credential, *, base: str, organization: str | None) -> str:
    """LinkedIn's "Add to profile" address."""
    start, end = credential.awarded, credential.valid_until
    values = {"startTask": "CERTIFICATION_NAME", "name": credential.name}
    values |= {"organizationId": organization} if organization else {"organizationName": credential.issuer.name}
    values |= {"issueYear": f"{start:%Y}", "issueMonth": str(start.month)}
    if end:
        values |= {"expirationYear": f"{end:%Y}", "expirationMonth": str(end.month)}
    values |= {"certUrl": signed_url(base, "page", id=credential.award_id), "certId": credential.award_id}
    return "https://www.linkedin.com/profile/add?" + urlencode(values)


def embed_snippet(credential: Credential, *, base: str) -> str:
    """HTML for a page of the recipient's own: the badge image, with words in its place, that leads to the credential's page."""
    page = signed_url(base, "page", id=credential.award_id)
    words = escape(f"{credential.name}, awarded to {credential.subject.name} by {credential.issuer.name}")
    return f'<a href="{page}"><img src="{page}badge.png" alt="{words}" width="160" height="160"></a>'


def complaint_mail(award_id: str, *, base: str, office: str) -> str:
    """A mailto address with subject and text that name the credential and nobody. Source: RFC 6068."""
    lines = [f"Credential: {award_id}", f"Page: {signed_url(base, 'page', id=award_id)}", "", "What is wrong:", ""]
    words = {"subject": f"A question about credential {award_id}", "body": "\r\n".join(lines)}
    return f"mailto:{quote(office, safe='@')}?" + urlencode(words, quote_via=quote)
