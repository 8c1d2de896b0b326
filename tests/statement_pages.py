"""The page of a credential as a site makes it, for tests that have a signed document and no repository."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from site_builder.credentials.securing.data_integrity import method_of, proofs_of
from site_builder.credentials.urls import credential_file
from site_builder.encoding import format_json
from site_builder.ledger.store.ledger import SignedFile
from site_builder.site.pages.credential import CredentialInput, PublishedVersion, credential_files
from site_builder.site.pages.version_history import OtherAward, VersionFile, VersionHistory
from site_builder.site.parts.frame import SiteFacts
from site_builder.site.parts.withdrawal import Withdrawal
from site_builder.verification.catalogue import wording
from site_builder.verification.versions import version_number
from site_builder.wording import format_date

__all__ = ["statement_html", "with_html", "with_statement"]

Json = dict[str, Any]


def statement_html(
    document: Json, *, multibase: str, withdrawn: bool = False, office: str = "office@harbour.example.org"
) -> str:
    """The page that states a signed document, made by the site's own code. multibase: the key that signed.

    withdrawn: the page that says so instead, and names nobody. Of versions before this one it says that they were withdrawn.
    office: where it sends questions."""
    base, _, place = document["id"].partition("c/")
    folder, _, file = place.rpartition("/")
    head, said = wording()["head"], wording()["past"]
    names = [credential_file(number) for number in range(1, version_number(file) + 1)]
    current = SignedFile(format_json(document))
    created = proofs_of(document)[0].get("created", "2026-05-14")
    day = said["signed"].format(date=format_date(created))
    listed = [(name, day) if name == file else ("", said["version_withdrawn"]) for name in names]
    versions = [
        VersionFile("; " if number > 1 else "", str(number), name, signed)
        for number, (name, signed) in enumerate(listed, 1)
    ]
    page = CredentialInput(
        path=f"c/{folder}/",
        site=SiteFacts(base, "", ((head["achievements"], "badges/"), (head["verify"], "verify/"))).as_address,
        badge=document["credentialSubject"]["achievement"]["id"].split("/")[-2],
        issuer=document["credentialStatus"]["statusListCredential"].split("/")[-3],
        current=current,
        files=tuple(PublishedVersion(name, current if name == file else None) for name in names),
        pictures=(),
        anchor="",
        office=office,
        linkedin_organization=None,
        key_id=method_of(proofs_of(document)[0]).rpartition("#")[2],
        key_multibase=multibase,
        is_listed=True,
        withdrawal=Withdrawal("15 May 2026", wording()["reason"]["misconduct"]) if withdrawn else None,
        history=None if withdrawn else VersionHistory((), OtherAward(), OtherAward(), tuple(versions)),
    )
    return dict(credential_files(page))[f"c/{folder}/index.html"].decode("utf-8")


def with_html(html: str, old: str, new: str) -> str:
    """A page with other HTML in the first place of its body that has the old one."""
    head, mark, body = html.partition("<body ")
    assert old in mark + body, f"no page has {old}"
    return head + (mark + body).replace(old, new, 1)


def with_statement(html: str, pointer: str, text: str) -> str:
    """A page with another text for what it states of a JSON Pointer."""
    found = re.search(rf'data-claim="{re.escape(pointer)}"[^>]*>([^<]*)', html)
    assert found, f"no page states {pointer}"
    return html[: found.start(1)] + escape(text, quote=False) + html[found.end(1) :]
