"""The credential that lies at an https address: a credential's page, its JSON, or a picture that carries it; of any issuer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from site_builder.verification.decode.file import unbaked
from site_builder.verification.decode.web_page import is_html
from site_builder.verification.evidence.source import Fetch, FetchError

__all__ = ["FoundCredential", "credential_address", "fetch_credential", "is_html"]


@dataclass(frozen=True)
class FoundCredential:
    """A credential, and the address of its document. html: the page that led to it, None where the address was its own."""

    raw: bytes
    document: str
    html: str | None = None


def fetch_credential(address: str, *, fetch: Fetch) -> FoundCredential:
    """The credential at an address, or that the page there names.

    Raises FetchError, UnicodeDecodeError for a page that is not UTF-8, and BakeError for an image that is damaged."""
    raw = fetch(address)
    if not is_html(raw):
        return FoundCredential(unbaked(raw), address)
    html = raw.decode("utf-8")
    document = credential_address(html, page=address)
    return FoundCredential(unbaked(fetch(document)), document, html)


# Each part begins where no other can, so that a stranger's page is read in a time that grows with its length alone.
# ASCII, because the letters and the white space of HTML are: browser/src/verification/evidence/address.js reads the same.
_FLAGS = re.IGNORECASE | re.ASCII
_LINK = re.compile(r"<link\s[^<>]{0,2000}>", _FLAGS)
_BODY = re.compile(r"<body\b", _FLAGS)
_ATTRIBUTE = re.compile(r"""(?<![a-z])([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", _FLAGS)


def credential_address(html: str, *, page: str) -> str:
    """Where the credential of a page lies: as its link of type application/vc says, else credential.json beside the page.

    Raises FetchError for what is no address at all."""
    for link in _LINK.findall(_BODY.split(html, maxsplit=1)[0]):
        values = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(link)}
        kind = values.get("type", "").partition(";")[0].strip().lower()
        if "alternate" in values.get("rel", "").lower().split() and kind == "application/vc" and values.get("href"):
            return _joined(page, values["href"].replace("&amp;", "&")).partition("#")[0]
    return _joined(page, "credential.json")


def _joined(page: str, target: str) -> str:
    try:
        return urljoin(page, target)
    except ValueError as error:
        raise FetchError("the page does not give a valid address for its credential") from error
