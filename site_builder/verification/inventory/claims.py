"""Whether bytes claim to be a credential, whatever their file is called: what claims it and does not hold is no success.

Wider than what can be verified: a forgery must not be passed over because it is written in another way."""

from __future__ import annotations

import json
import re
from pathlib import Path

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.carriers.table import carrier_of
from site_builder.encoding import is_png
from site_builder.verification.decode.file import MAX_FILE_BYTES

__all__ = ["claims_credential", "file_claims_credential"]

_TOKEN = re.compile(rb"\"?eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.")
# Sources: Verifiable Credentials Data Model 2.0, 4.5 Types, 4.12 Securing Mechanisms; Open Badges 3.0; Open Badges 2.0, Assertion.
_NAMES = (
    "(?:Enveloped)?Verifiable(?:Credential|Presentation)|(?:OpenBadge|Achievement|Endorsement|Clr)Credential|Assertion"
)
_TYPES = rf'"(?:[^"\\]*[/#:])?(?:{_NAMES})"'
_CLAIM = re.compile(rf'"(?:proof|verifiableCredential|credentialSubject)"\s*:|{_TYPES}')
# What is written in an image beside its picture: the keyword of a chunk in PNG, the address of a namespace in SVG.
_BAKED_PNG = re.compile(rb"openbadge", re.IGNORECASE)
_BAKED_SVG = re.compile(rb"=\s*[\"']https?://(?:purl\.imsglobal\.org/(?:spec/)?ob|openbadges\.org)", re.IGNORECASE)
_WEB_PAGE = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*")


def claims_credential(raw: bytes) -> bool:
    """Whether bytes are JSON with a proof or the type of a credential, a JSON Web Token, or an image that carries any of them."""
    begins = raw[_BEGINNING.match(raw).end() :]  # type: ignore[union-attr]  # it matches nothing as well
    if is_png(raw):
        return _BAKED_PNG.search(raw) is not None
    if begins[:1] in (b"{", b"["):
        return _CLAIM.search(_as_plain_json(raw)) is not None
    if begins[:1] == b"<" and not _WEB_PAGE.match(begins):
        return _BAKED_SVG.search(raw.replace(b"\0", b"")) is not None or _is_baked(raw)
    return _TOKEN.match(begins) is not None


def file_claims_credential(file: Path) -> bool:
    """The same of a file. One that is larger than any badge claims nothing."""
    return file.stat().st_size <= MAX_FILE_BYTES and claims_credential(file.read_bytes())


def _as_plain_json(raw: bytes) -> str:
    """The JSON in one form, without escapes and in any encoding; as it is when nobody can read it."""
    try:
        return json.dumps(json.loads(raw), ensure_ascii=False)
    except (ValueError, RecursionError):
        return raw.replace(b"\0", b"").decode("utf-8", "replace")


def _is_baked(raw: bytes) -> bool:
    """Whether a carrier finds a credential, however its namespace is written."""
    carrier = carrier_of(raw)
    try:
        return carrier is not None and carrier.unbake(raw) != b""
    except BakeError:
        return False
