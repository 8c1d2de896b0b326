"""Forms that are not checked here, known well enough to be named and to say what helps. A new one is a row here and a sentence.

The sentences are the group "form" of wording/en.json. browser/src/verification/decode/other-forms.js has the same rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from site_builder.credentials.carriers.table import carrier_of
from site_builder.encoding import EncodingError, parse_base64url, parse_json
from site_builder.verification.decode.open_badges_2 import is_open_badges, told_open_badges
from site_builder.verification.decode.web_page import is_html
from site_builder.verification.finding import Finding

__all__ = ["other_form", "unsupported"]

_HEAD_BYTES = 4096
# RFC 7515, 3.1 (compact serialization); SD-JWT appends its disclosures behind tildes.
_TOKEN = re.compile(rb"\s*(eyJ[A-Za-z0-9_-]*)\.([A-Za-z0-9_-]*)\.[A-Za-z0-9_-]*(~[A-Za-z0-9._~-]*)?\s*", re.ASCII)
_MAX_TOKEN_BYTES = 1_048_576
# RFC 5322, 2.2: a field of a mail, folded or not, and another one.
_MAIL = (
    rb"(?:from|to|subject|date|received|return-path|delivered-to|message-id|mime-version|reply-to|dkim-signature|x-[a-z-]+):"
    rb"[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*[a-z-]+:"
)


@dataclass(frozen=True)
class _Given:
    """What was given. document: the JSON object, that of a token's payload among them, {} for none."""

    raw: bytes
    value: Any
    document: dict[str, Any] = field(default_factory=dict)
    is_token: bool = False
    is_selective: bool = False

    @property
    def contexts(self) -> list[str]:
        """Its JSON-LD contexts that are addresses."""
        return [name for name in _listed(self.document.get("@context")) if isinstance(name, str)]

    def has_type(self, *names: str) -> bool:
        """Whether it is of one of these types."""
        types = _listed(self.document.get("type"))
        return any(name in types for name in names)

    def begins(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether its first bytes are such."""
        return pattern.match(self.raw[:_HEAD_BYTES]) is not None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def other_form(value: Any, raw: bytes) -> Finding | None:
    """What is said of a document that is not of a form that is checked; None of one that claims to be, and is wrong.

    value: the JSON value, None for what is no JSON."""
    given = _given(value, raw)
    if not given.is_token and (given.has_type("OpenBadgeCredential", "AchievementCredential") or _is_broken(given)):
        return None
    if is_open_badges(given.document):
        return told_open_badges(given.document, is_token=given.is_token)
    return unsupported(next((form for form, recognises in _FORMS if recognises(given)), "unknown"))


def unsupported(form: str) -> Finding:
    """The finding that says of a whole document that its form is not checked here."""
    return Finding("not_supported", form, form=form)


def _given(value: Any, raw: bytes) -> _Given:
    token = _TOKEN.fullmatch(raw) if len(raw) <= _MAX_TOKEN_BYTES else None
    if token is None:
        return _Given(raw, value, value if isinstance(value, dict) else {})
    payload = _json_of(token[2])
    # VC-JWT of VC Data Model 1.1, 6.3.1: the credential is a claim.
    inner = next((payload[name] for name in ("vc", "vp") if payload.get(name) is not None), None)
    document = inner if isinstance(inner, dict) else payload
    return _Given(raw, value, document, True, token[3] is not None or "_sd" in payload)


def _json_of(part: bytes) -> dict[str, Any]:
    try:
        value = parse_json(parse_base64url(part.decode("ascii")))
    except EncodingError:
        return {}
    return value if isinstance(value, dict) else {}


def _is_broken(given: _Given) -> bool:
    """Whether text begins as a JSON object does and is none: it may be a credential that was damaged."""
    return given.value is None and given.begins(re.compile(rb"\s*\{(?!\0)"))


def _is_credential(given: _Given) -> bool:
    return given.has_type("VerifiableCredential", "OpenBadgeCredential", "AchievementCredential")


def _is_blockcerts(given: _Given) -> bool:
    # Source: Blockcerts 2.0 and 3.0, context.
    return any("blockcerts" in context.lower() for context in given.contexts)


def _is_text(given: _Given) -> bool:
    try:
        return re.search(r"[\x00-\x08\x0e-\x1f]", given.raw.decode("utf-8")) is None
    except UnicodeDecodeError:
        return False


def _begins(pattern: bytes) -> Callable[[_Given], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda given: given.begins(compiled)


def _typed(*names: str) -> Callable[[_Given], bool]:
    return lambda given: given.has_type(*names)


# What something is, the first that recognises it says: from the narrow to the wide.
_FORMS: tuple[tuple[str, Callable[[_Given], bool]], ...] = (
    ("empty", lambda given: not given.raw.strip()),
    ("sd-jwt", lambda given: given.is_selective),
    ("blockcerts", _is_blockcerts),
    ("clr-2.0", _typed("ClrCredential")),
    ("presentation", _typed("VerifiablePresentation")),
    ("endorsement", _typed("EndorsementCredential")),
    (
        "status-list",
        _typed("BitstringStatusListCredential", "StatusList2021Credential", "RevocationList2020Credential"),
    ),
    ("vc-jwt", _typed("EnvelopedVerifiableCredential")),
    ("vc-jwt", lambda given: given.is_token and _is_credential(given)),
    ("jwt", lambda given: given.is_token),
    ("withheld", lambda given: given.document.get("withheld") is True),
    ("vc", _is_credential),
    ("did-document", lambda given: "verificationMethod" in given.document or "assertionMethod" in given.document),
    ("achievement", _typed("Achievement", "BadgeClass")),
    ("profile", _typed("Profile", "Issuer")),
    ("json", lambda given: given.value is not None),
    ("pdf", _begins(rb"%PDF-")),
    ("jpeg", _begins(rb"\xff\xd8\xff")),
    # GIF; WebP; HEIC and AVIF.
    ("picture", _begins(rb"GIF8|RIFF[^\n]{4}WEBP|[^\n]{4}ftyp(?:hei|mif|avi)")),
    # Also OOXML and wallet passes, which are ZIP archives.
    ("zip", _begins(rb"PK(?:\x03\x04|\x05\x06)")),
    ("web-page", lambda given: is_html(given.raw)),
    ("image", lambda given: carrier_of(given.raw) is not None),
    ("encoding", _begins(rb"\xff\xfe|\xfe\xff|\0\0\xfe\xff|\{\0|\0+\{")),
    ("email", _begins(_MAIL)),
    ("text", _is_text),
)
