"""What a credential page prints of the signed JSON, by the names that the page's template uses: for the build, which prints it, and for
the verifier, which knows from it what the page must say.

browser/src/verification/page/statement.js is the same program. Nothing here trusts the JSON: what cannot be printed raises PageError."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from html import escape
from importlib import resources
from typing import Any
from urllib.parse import quote_plus

from site_builder.credentials.rosette.drawing import rosette_digest, rosette_words
from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.errors import Error
from site_builder.verification.catalogue import wording
from site_builder.wording import format_date

__all__ = ["PageError", "Values", "claim_rows", "linkedin_link", "statement", "tombstone", "visible_text"]

Json = Any
# What a template prints, by name: a text, rows of further names, or whether something is there.
Values = dict[str, Any]

_SUBJECT = "/credentialSubject"
_ACHIEVEMENT = f"{_SUBJECT}/achievement"
_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}")
_LINK = re.compile(r"https://[!-~]+")
_PREFIXES = ("category:", "level:")


class PageError(Error):
    """Signed JSON that no credential page can state. The text is what cannot be stated."""


@cache
def claim_rows() -> tuple[dict[str, str], ...]:
    """The labelled facts of a page in their order (claims.json): the group, the JSON Pointer, how it is written, and the label."""
    labels = wording()["label"]
    rows: list[dict[str, str]] = json.loads(resources.files(__package__).joinpath("claims.json").read_text("utf-8"))
    return tuple(row | {"label": labels[row["pointer"]]} for row in rows)


def visible_text(value: Json) -> str:
    """A JSON value as a page prints it: text as it is, numbers in their canonical form."""
    return value if isinstance(value, str) else canonicalize_jcs(value).decode("utf-8")


def tombstone(document: Json) -> Values:
    """What the page of a withdrawn credential prints of the JSON: no person."""
    return {
        "file": str(_at(document, "/id")).rpartition("/")[2],
        "language": _text(document, f"{_ACHIEVEMENT}/inLanguage"),
        "issuer_name": _text(document, "/issuer/name"),
        "achievement_name": _text(document, f"{_ACHIEVEMENT}/name"),
    }


def statement(document: Json, *, claims: Sequence[dict[str, str]], base: str, digest: bytes | None = None) -> Values:
    """What the page of a credential in force prints of the JSON. claims: rows of claims.json with their labels. base: of the site.

    digest: the document's rosette_digest, where it is known. Markdown is given as its source, under `criteria` and `narrative`.
    Raises PageError."""
    groups: dict[str, list[Values]] = {}
    for row in claims:
        fact = _fact(document, row)
        if fact:
            groups.setdefault(row["group"], []).append(fact)
    tags = [
        _tag(f"{_ACHIEVEMENT}/tag/{index}", text) for index, text in enumerate(_texts(document, f"{_ACHIEVEMENT}/tag"))
    ]
    narrative, activity = _text(document, f"{_SUBJECT}/narrative"), groups.get("activity", [])
    return tombstone(document) | {
        "name": _text(document, f"{_SUBJECT}/identifier/0/identityHash"),
        "facts": groups.get("facts", []),
        "activity": activity,
        "is_told": bool(narrative or activity),
        "small_print": groups.get("small_print", []),
        "description": _text(document, f"{_ACHIEVEMENT}/description"),
        "criteria": _text(document, f"{_ACHIEVEMENT}/criteria/narrative"),
        "narrative": narrative,
        "levels": [tag for tag in tags if tag["label"] == "level"],
        "tags": [tag for tag in tags if tag["label"] != "level"],
        "skills": [_skill(document, index) for index in _indexes(document, f"{_ACHIEVEMENT}/alignment")],
        "results": list(_results(document)),
        "evidence": [_evidence(document, index) for index in _indexes(document, "/evidence")],
        "image": _text(document, f"{_ACHIEVEMENT}/image/id").removeprefix(base),
        "image_alt": _text(document, f"{_ACHIEVEMENT}/image/caption"),
        "embed": _embed(document),
        "words": " ".join(rosette_words(digest or rosette_digest(document))),
    }


def linkedin_link(document: Json, *, organization: str | None) -> str:
    """LinkedIn's "Add to profile" address. organization: LinkedIn's number of the issuer, where it has one."""
    start, end = _date(document, "/awardedDate"), _text(document, "/validUntil")
    page = _page_url(document)
    whole = page.rstrip("/")
    award = whole.rpartition("/")[2]
    cert_id = award if award.isascii() and award.isalnum() else quote_plus(award)
    # In parts, as in the address of each credential of an achievement all but two of the values are the same.
    cert_url = _quoted(whole.removesuffix(award)) + cert_id + _quoted(page.removeprefix(whole))
    issuer = (
        f"organizationId={_quoted(organization)}"
        if organization
        else f"organizationName={_quoted(_text(document, '/issuer/name'))}"
    )
    until = ""
    if end:
        until = f"&expirationYear={_quoted(end[:4])}&expirationMonth={int(_dated(end, '/validUntil')[5:7])}"
    return (
        f"https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&name={_quoted(_text(document, f'{_ACHIEVEMENT}/name'))}"
        f"&{issuer}&issueYear={_quoted(start[:4])}&issueMonth={int(start[5:7])}{until}&certUrl={cert_url}&certId={cert_id}"
    )


# Texts that many credentials share.
_quoted = lru_cache(maxsize=1024)(quote_plus)


def _embed(document: Json) -> str:
    """HTML for a page of the recipient's own: the badge image, with words in its place, that leads to the credential's page."""
    page, name = _page_url(document), _text(document, f"{_SUBJECT}/identifier/0/identityHash")
    words = f"{_text(document, f'{_ACHIEVEMENT}/name')}, awarded to {name} by {_text(document, '/issuer/name')}"
    return f'<a href="{page}"><img src="{page}badge.png" alt="{escape(words)}" width="160" height="160"></a>'


def _page_url(document: Json) -> str:
    return _text(document, "/id").rpartition("/")[0] + "/"


def _fact(document: Json, row: dict[str, str]) -> Values | None:
    """A labelled value, if the JSON has it."""
    pointer, written_as = row["pointer"], row["as"]
    text = _text(document, pointer)
    if not text:
        return None
    printed = format_date(_dated(text, pointer)) if written_as == "date" else text
    url = _safe(text) if written_as == "url" else ""
    return {"label": row["label"], "pointer": pointer, "written_as": written_as, "text": printed, "url": url}


def _tag(pointer: str, text: str) -> Values:
    """A tag. label: `category` or `level`, which stands before a colon in its text, or ""."""
    prefix = next((prefix for prefix in _PREFIXES if text.startswith(prefix)), "")
    return {"pointer": pointer, "label": prefix.removesuffix(":"), "text": text.removeprefix(prefix)}


def _skill(document: Json, index: int) -> Values:
    pointer = f"{_ACHIEVEMENT}/alignment/{index}"
    names = {
        "name": "targetName",
        "framework": "targetFramework",
        "code": "targetCode",
        "description": "targetDescription",
    }
    texts = {name: _text(document, f"{pointer}/{member}") for name, member in names.items()}
    return texts | {"pointer": pointer, "url": _safe(_text(document, f"{pointer}/targetUrl"))}


def _evidence(document: Json, index: int) -> Values:
    pointer = f"/evidence/{index}"
    texts = {name: _text(document, f"{pointer}/{name}") for name in ("name", "description")}
    return texts | {"pointer": pointer, "url": _safe(_text(document, f"{pointer}/id"))}


def _results(document: Json) -> Iterator[Values]:
    """Each result that the achievement describes, with what was reached. Every result that was reached belongs to one of them."""
    reached = {}
    for index in _indexes(document, f"{_SUBJECT}/result"):
        pointer = f"{_SUBJECT}/result/{index}"
        member = "status" if _text(document, f"{pointer}/status") else "value"
        reached[_text(document, f"{pointer}/resultDescription")] = _stated(document, f"{pointer}/{member}")
    descriptions = [
        f"{_ACHIEVEMENT}/resultDescription/{index}" for index in _indexes(document, f"{_ACHIEVEMENT}/resultDescription")
    ]
    names = {_text(document, f"{pointer}/id") for pointer in descriptions}
    if (
        len(names) < len(descriptions)
        or not reached.keys() <= names
        or len(reached) < len(_indexes(document, f"{_SUBJECT}/result"))
    ):
        raise PageError("result")
    for pointer in descriptions:
        allowed = _texts(document, f"{pointer}/allowedValue")
        name = _stated(document, f"{pointer}/name")
        if name is None:
            raise PageError(f"{pointer}/name")
        yield {
            "name": name,
            "value": reached.get(_text(document, f"{pointer}/id")),
            "minimum": _stated(document, f"{pointer}/valueMin"),
            "maximum": _stated(document, f"{pointer}/valueMax"),
            "required": _stated(document, f"{pointer}/requiredValue"),
            "allowed": [
                {"comma": ", " if index else "", "pointer": f"{pointer}/allowedValue/{index}", "text": text}
                for index, text in enumerate(allowed)
            ],
        }


def _stated(document: Json, pointer: str) -> Values | None:
    text = _text(document, pointer)
    return {"pointer": pointer, "text": text} if text else None


# --- reading the JSON -------------------------------------------------------------------------------------------------


def _at(document: Json, pointer: str) -> Json:
    """The value at a JSON Pointer, None where there is none."""
    for step in _steps(pointer):
        if isinstance(document, dict):
            document = document.get(step)
        elif document is None:
            return None
        elif isinstance(document, list):
            document = document[int(step)] if step.isdigit() and int(step) < len(document) else None
        else:
            return None
    return document


# Every page asks for the same thirty, and each row of a list for its own.
@lru_cache(maxsize=4096)
def _steps(pointer: str) -> Sequence[str]:
    return pointer.split("/")[1:]


def _text(document: Json, pointer: str) -> str:
    """The value at a pointer as a page prints it; "" where there is none. Raises PageError for what no page prints."""
    value = _at(document, pointer)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if not isinstance(value, int | float):
        raise PageError(pointer)
    return visible_text(value)


def _indexes(document: Json, pointer: str) -> range:
    value = _at(document, pointer)
    if value is not None and not isinstance(value, list):
        raise PageError(pointer)
    return range(len(value or ()))


def _texts(document: Json, pointer: str) -> list[str]:
    return [_text(document, f"{pointer}/{index}") for index in _indexes(document, pointer)]


def _date(document: Json, pointer: str) -> str:
    return _dated(_text(document, pointer), pointer)


def _dated(text: str, pointer: str) -> str:
    if not _DATE.match(text):
        raise PageError(pointer)
    return text


def _safe(url: str) -> str:
    """An address that a page may lead to."""
    if not _LINK.fullmatch(url):
        raise PageError("address")
    return url
