"""What is one credential's own among those of the same achievement: its id, a name, days, results; and the same credential with others.

The texts are given as a page's HTML has them, by the functions that say what a page must print (expected.py)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any, Literal, NamedTuple

import orjson

from site_builder.credentials.openbadges3.read import credential_id_of, proven_at_of
from site_builder.credentials.rosette.drawing import rosette_digest, rosette_words
from site_builder.encoding import EncodingError
from site_builder.wording import format_date

__all__ = ["Kind", "Own", "own_of", "with_others"]

Kind = Literal["address", "moment", "name", "result", "unseen"]
_Put = Callable[[Kind, str], str]

_ADDRESS = re.compile(r"(https://[!-~]{1,2000}/c/)([a-z0-9]{1,32})(/credential(?:-[0-9]+)?\.json)")
_MOMENT = re.compile(r"[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T[0-9:.Z+-]{1,30}")
_MOST_LETTERS = 500
# As templates write them (Jinja's autoescape), and not as html.escape does.
_AS_WRITTEN = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&#34;"}
_SPECIAL = re.compile("[&<>'\"]")


class Own(NamedTuple):
    """texts: in HTML, each as often as it has another meaning, some with the markup around them.

    path: of the credential below the site's root. rest: all else that the credential says. same: for each text, the first equal one."""

    texts: tuple[str, ...]
    path: str
    rest: bytes
    same: tuple[int, ...]


def own_of(document: dict[str, Any], digest_of: Callable[[Any], bytes] = rosette_digest) -> Own | None:
    """What is a credential's own; None where it has not the form in which that can be told apart. digest_of: as StatementPage has it."""
    address = _ADDRESS.fullmatch(credential_id_of(document))
    if address is None:
        return None
    before, award_id, after = address.groups()
    try:
        # Its members stay in their order: it is bytes that are compared, and nothing need be said of what they mean.
        rest = orjson.dumps(with_others(document, lambda kind, text: before + after if kind == "address" else ""))
        texts = (award_id, *_words_of(document, digest_of))
    except (_OtherFormError, EncodingError, orjson.JSONEncodeError):
        return None
    return Own(texts, f"c/{award_id}{after}", rest, tuple(map(texts.index, texts)))


class _OtherFormError(Exception):
    """A credential that has another form than those that this program writes, or a text that might be read in two ways."""


def with_others(document: dict[str, Any], put: _Put) -> dict[str, Any]:
    """The document with other texts in the place of its own. put: gives one for a kind and the text that is there."""
    changed = _replaced(document, _CREDENTIAL, put)
    subject = changed["credentialSubject"] = _replaced(changed.get("credentialSubject"), {}, put)
    for parent, name, kinds in (
        (subject, "identifier", _IDENTITY),
        (subject, "result", _RESULT),
        (changed, "proof", _PROOF),
    ):
        if name in parent:
            parent[name] = [_replaced(item, kinds, put) for item in _items(parent, name)]
    if "credentialStatus" in changed:
        changed["credentialStatus"] = _replaced(changed["credentialStatus"], _STATUS, put)
    return changed


# The members that are a credential's own, by the object that has them. What a page does not print is put in its place all the same:
# whoever looks for it there (learned.py) would find out.
_CREDENTIAL: dict[str, Kind] = {
    "id": "address",
    "validFrom": "moment",
    "awardedDate": "moment",
    "validUntil": "moment",
}
_IDENTITY: dict[str, Kind] = {"identityHash": "name", "salt": "unseen"}
_RESULT: dict[str, Kind] = {"value": "result", "status": "result"}
_STATUS: dict[str, Kind] = {"id": "unseen", "statusListIndex": "unseen"}
_PROOF: dict[str, Kind] = {"created": "moment", "proofValue": "unseen"}


def _items(parent: dict[str, Any], name: str) -> list[Any]:
    items = parent.get(name, [])
    if not isinstance(items, list):
        raise _OtherFormError
    return items


def _replaced(item: Any, kinds: dict[str, Kind], put: _Put) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise _OtherFormError
    changed = dict(item)
    for name, kind in kinds.items():
        if name in changed:
            text = changed[name]
            if not isinstance(text, str) or not text or (kind == "moment" and not _MOMENT.fullmatch(text)):
                raise _OtherFormError
            changed[name] = put(kind, text)
    return changed


def _words_of(document: dict[str, Any], digest_of: Callable[[Any], bytes]) -> list[str]:
    """What the page prints of a credential's own, but for its id. Raises _OtherFormError, EncodingError."""
    subject = document["credentialSubject"]
    identities = _items(subject, "identifier")
    name = _plain(identities[0].get("identityHash")) if identities else ""
    awarded, until = document.get("awardedDate"), document.get("validUntil")
    created = proven_at_of(document)
    if not name or not awarded or not created:
        raise _OtherFormError
    words = [
        _written(name),
        # Within the HTML that the page offers.
        _written(escape(name)),
        " ".join(rosette_words(digest_of(document))),
        # The rest with what stands around it: a day or a mark can stand elsewhere, too.
        f"{format_date(created)}</dd>",
        f'"/awardedDate" data-as="date">{format_date(awarded)}<',
        _year_and_month("issue", awarded),
    ]
    if until:
        words += [f'"/validUntil" data-as="date">{format_date(until)}<', _year_and_month("expiration", until)]
    for index, result in enumerate(_items(subject, "result")):
        member = "status" if result.get("status") else "value"
        text = _written(_plain(result.get(member)))
        words.append(f'"/credentialSubject/result/{index}/{member}">{text}<')
    return words


def _plain(text: Any) -> str:
    """A text in which no white space is folded, and nothing is left out."""
    if not isinstance(text, str) or not 0 < len(text) <= _MOST_LETTERS or not text.isprintable():
        raise _OtherFormError
    if "  " in text or text != text.strip():
        raise _OtherFormError
    return text


def _written(text: str) -> str:
    """A text in the HTML of a page."""
    return _SPECIAL.sub(lambda found: _AS_WRITTEN[found[0]], text)


def _year_and_month(name: str, stamp: str) -> str:
    """A part of LinkedIn's address (statement.linkedin_link), as an attribute has it."""
    return f"{name}Year={stamp[:4]}&amp;{name}Month={int(stamp[5:7])}&amp;"
