"""The kinds of value that records hold: each takes the text that was written and gives its typed form, or says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from site_builder.records.fields.file_names import is_device_name
from site_builder.records.fields.markdown import unsafe_reason
from site_builder.records.fields.text import clean_text, forbidden_character
from site_builder.records.fields.time_zones import is_time_zone
from site_builder.records.fields.web_address import address_refusal, check_https

__all__ = [
    "Accent",
    "BadgeSlug",
    "Day",
    "Days",
    "Email",
    "Flag",
    "HttpsUrl",
    "Language",
    "Line",
    "Narrative",
    "Number",
    "RecipientId",
    "Slug",
    "TimeZone",
    "Validity",
    "check_markdown",
    "is_extension",
    "is_new_slug",
    "is_slug",
    "refuse",
    "slug_refusal",
    "word_of",
]

_SLUG = re.compile(r"[a-z0-9](?:-?[a-z0-9]){0,62}")
# Names that a host or this site's own pages already use.
_RESERVED = {"index", "con", "prn", "aux", "nul", "status", "rendered", "assets"}


def refuse(code: str, what: str, fix: str = "", *, field: str = "") -> PydanticCustomError:
    """The error that a field raises: a problem's code, what is wrong, and how to mend it.

    field: the one that is meant when a model as a whole refuses."""
    # Braces would be read as places to fill by pydantic.
    return PydanticCustomError("laurels", "{what}", {"code": code, "what": what, "fix": fix, "field": field})


def is_slug(text: str) -> bool:
    """Whether text can be a folder's name and part of an address: a-z, 0-9 and single hyphens, 63 at most."""
    return _SLUG.fullmatch(text) is not None and len(text) <= 63 and text not in _RESERVED


def is_new_slug(text: str) -> bool:
    """Whether text can be the name of a new folder: a slug, and no device of Windows, of which release 0.1 took some."""
    return is_slug(text) and not is_device_name(text)


def slug_refusal(text: str) -> tuple[str, str]:
    """Why text is no slug, as the end of a sentence about it, and what to do."""
    if is_device_name(text):
        return "cannot be checked out by Windows, where it stands for a device", "choose another name"
    if text in _RESERVED:
        return "is used by the site itself", "choose another name"
    fix = "use a-z, 0-9 and single hyphens, 63 characters at most, such as 'first-aid-basic'"
    return "cannot be part of an address", fix


_EXTENSION = re.compile(r"ext:[A-Za-z0-9]{1,60}")


def is_extension(text: str) -> bool:
    """Whether text is a word of the provider's own for one of the standard's extensible lists, e.g. ``ext:Vessel``."""
    return _EXTENSION.fullmatch(text) is not None


_NO_VALUE = "give it one, or delete the line; text that begins with # stands between 'single quotes'"


def _text(value: Any, *, max_length: int, lines: bool = False) -> str:
    if not isinstance(value, str):
        raise refuse("REC003", "this must be one piece of text", "write it on one line, without brackets")
    # Before composing: that takes a time which grows with the square of a run of accents.
    if len(value) > 4 * max_length:
        raise refuse("REC009", f"this text is longer than {max_length:,} characters", "shorten it")
    text = clean_text(value)
    if not text:
        raise refuse("REC003", "this has no value", _NO_VALUE)
    found = forbidden_character(text, lines=lines)
    if found:
        raise refuse("REC007", f"this text has {found}", "delete it; retype the word if you cannot see it")
    if len(text) > max_length:
        raise refuse("REC009", f"this text is longer than {max_length:,} characters", "shorten it")
    return text


def _line(value: Any) -> str:
    return _text(value, max_length=300)


def _narrative(value: Any) -> str:
    return _text(value, max_length=20_000, lines=True)


def _slug(value: Any) -> str:
    text = _text(value, max_length=200)
    if not is_slug(text):
        reason, fix = slug_refusal(text)
        raise refuse("FIL005", f"{text[:40]!r} {reason}", fix)
    return text


def check_markdown(text: str) -> None:
    """Refuses Markdown that cannot be compared with what a page makes of it."""
    reason = unsafe_reason(text)
    if reason:
        raise refuse(
            "REC011",
            f"this Markdown cannot be compared with its page: {reason}",
            "use plain paragraphs, lists, *emphasis* and links",
        )


_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_OTHER_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[./-]?(\d{1,2})[./-]?(\d{1,2})", re.ASCII)


def _day(value: Any) -> date:
    return _day_in(_text(value, max_length=100))


# Whole cohorts have the same days. What is refused is not kept.
@lru_cache(maxsize=1024)
def _day_in(text: str) -> date:
    match = _DAY.fullmatch(text)
    if not match:
        raise refuse("REC004", f"{_shown(text)} is not a date of the form YYYY-MM-DD", _day_fix(text))
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        raise refuse("REC004", f"there is no {text}", "look up the day in a calendar") from None
    if not 1900 <= day.year <= 2200:
        raise refuse("REC004", f"the year {day.year} lies outside of 1900 to 2200", "look for a typing mistake")
    return day


def _shown(text: str) -> str:
    """A date or a number as it was written; not what may be a name that slipped into the wrong column."""
    return repr(text) if re.fullmatch(r"[0-9.,:/+ -]{1,40}", text) else "this"


def _day_fix(text: str) -> str:
    readings = _readings(text)
    if len(readings) == 1:
        return f"write {readings[0]}"
    if readings:
        return f"write {' or '.join(readings)}, whichever is meant"
    return "write the year, the month and the day, such as 2026-05-14"


def _readings(text: str) -> list[str]:
    """The days that may have been meant."""
    orders = []
    if match := _YEAR_FIRST.fullmatch(text):
        orders = [(match[1], match[2], match[3])]
    elif match := _OTHER_DAY.fullmatch(text):
        year = match[3] if len(match[3]) == 4 else "20" + match[3]
        orders = [(year, match[1], match[2]), (year, match[2], match[1])]
    found = set()
    for year, month, day in orders:
        with suppress(ValueError):
            found.add(date(int(year), int(month), int(day)).isoformat())
    return sorted(found)


def _number(value: Any) -> Decimal:
    text = _text(value, max_length=100)
    if not re.fullmatch(r"\d{1,9}(?:\.\d{1,3})?", text, re.ASCII):
        fix = "write digits, with a point before decimals, such as 8 or 7.5 (three decimals at most)"
        raise refuse("REC008", f"{_shown(text)} is not a number", fix)
    return Decimal(text)


_EMAIL = re.compile(
    # ASCII (RFC 5322 atext and dots): the hash is of the lower-cased address, and lower case beyond ASCII is not agreed.
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,62}"
)


def _email(value: Any) -> str:
    text = _text(value, max_length=254)
    if not _EMAIL.fullmatch(text):
        # The address itself is never repeated in a message.
        local, _, host = text.rpartition("@")
        if not local.isascii():
            what = "this e-mail address has letters beyond a-z before the @, which cannot be compared everywhere alike"
            raise refuse("REC005", what, "ask for another address of theirs, or leave the line out")
        if not host.isascii():
            fix = "write the part behind the @ in its form for machines, which begins with xn--, as a mail program shows it"
            raise refuse("REC005", "this e-mail address has letters beyond a-z behind the @", fix)
        raise refuse("REC005", "this is not an e-mail address", "write one address, such as name@example.org")
    return text


def _https_url(value: Any) -> str:
    text = _text(value, max_length=2_000)
    refusal = address_refusal(text)
    if refusal:
        raise refuse("REC006", *refusal)
    return text


_URI = re.compile(r"(?:did:[a-z0-9]+:|urn:[a-z0-9][a-z0-9-]{0,31}:|https://|mailto:)[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")


def _recipient_id(value: Any) -> str:
    text = _text(value, max_length=500)
    if text.startswith("mailto:"):
        raise refuse(
            "REC006", "a mailto: id would publish an e-mail address", "use 'email:' instead; it is never published"
        )
    if not _URI.fullmatch(text) or (text.startswith("https:") and check_https(text)):
        fix = "write the recipient's DID, such as did:key:z6Mk…, or leave the line out"
        raise refuse("REC006", "this id is not a did:, urn: or https: address", fix)
    return text


_VALIDITY = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?", re.ASCII)


def _validity(value: Any) -> str:
    text = _text(value, max_length=40)
    match = _VALIDITY.fullmatch(text)
    if not match or not any(int(part or 0) for part in match.groups()):
        raise refuse(
            "REC010",
            f"{text!r} is not a length of time",
            "write P2Y for two years, P6M for six months, P30D for 30 days",
        )
    return text


def _flag(value: Any) -> bool:
    text = _text(value, max_length=40).lower()
    if text not in ("true", "yes", "false", "no"):
        raise refuse("REC010", "this is neither true nor false", "write true, or delete the line")
    return text in ("true", "yes")


def _time_zone(value: Any) -> str:
    text = _text(value, max_length=80)
    if not is_time_zone(text):
        raise refuse(
            "REC010", f"{text[:40]!r} is not a time zone", "write a name such as Europe/Amsterdam or America/Chicago"
        )
    return text


# Source of the pattern: Open Badges 3.0, LanguageCode, as its strict JSON Schema has it for plain cases.
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")


def _language(value: Any) -> str:
    text = _text(value, max_length=20)
    if not _LANGUAGE.fullmatch(text):
        raise refuse(
            "REC010", f"{text!r} is not a language tag", "write en, en-GB, pt-BR or zh-Hant, with just these capitals"
        )
    return text


def _accent(value: Any) -> str:
    text = _text(value, max_length=20)
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        raise refuse("REC010", f"{text!r} is not a colour", "write # and six digits between quotes, such as '#0b5563'")
    return text.lower()


def _is_never(value: Any) -> bool:
    """Whether an expiry says that there is none."""
    return isinstance(value, str) and value.strip().lower() == "never"


# How editors see them (WithJsonSchema): they read YAML's own types, so that 2026 or 7.50 may stand where text is meant.
_TEXT = ["string", "number", "boolean"]
_SLUG_PATTERN = "^[a-z0-9](-?[a-z0-9])*$"
_DATE = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_HTTPS = {"type": "string", "pattern": "^https://", "maxLength": 2_000}

Line = Annotated[str, BeforeValidator(_line), WithJsonSchema({"type": _TEXT, "minLength": 1, "maxLength": 300})]
Narrative = Annotated[
    str, BeforeValidator(_narrative), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 20_000})
]
Slug = Annotated[
    str, BeforeValidator(_slug), WithJsonSchema({"type": _TEXT, "pattern": _SLUG_PATTERN, "maxLength": 63})
]
BadgeSlug = Annotated[
    str, BeforeValidator(_line), WithJsonSchema({"type": _TEXT, "pattern": _SLUG_PATTERN, "maxLength": 63})
]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DATE)]
Number = Annotated[
    Decimal,
    BeforeValidator(_number),
    WithJsonSchema({"type": ["number", "string"], "minimum": 0, "pattern": r"^[0-9]{1,9}(\.[0-9]{1,3})?$"}),
]
Email = Annotated[str, BeforeValidator(_email), WithJsonSchema({"type": "string", "pattern": "^[^@ ]+@[^@ ]+$"})]
HttpsUrl = Annotated[str, BeforeValidator(_https_url), WithJsonSchema(_HTTPS)]
RecipientId = Annotated[
    str, BeforeValidator(_recipient_id), WithJsonSchema({"type": "string", "pattern": "^(did:|urn:|https://)"})
]
Validity = Annotated[
    str, BeforeValidator(_validity), WithJsonSchema({"type": "string", "pattern": "^P([0-9]+[YMWD])+$"})
]
TimeZone = Annotated[
    str, BeforeValidator(_time_zone), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_+/-]+$"})
]
Language = Annotated[
    str,
    BeforeValidator(_language),
    # The words yes and no are text here, and no is a language.
    WithJsonSchema({"type": ["string", "boolean"], "pattern": f"^(?:{_LANGUAGE.pattern})$"}),
]
Accent = Annotated[str, BeforeValidator(_accent), WithJsonSchema({"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"})]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Days = Annotated[
    date | str,
    BeforeValidator(lambda value: "never" if _is_never(value) else _day(value)),
    WithJsonSchema({"anyOf": [_DATE, {"type": "string", "pattern": "^[Nn][Ee][Vv][Ee][Rr]$"}]}),
]


def word_of(words: Iterable[str], *, extensible: bool = True) -> WithJsonSchema:
    """How editors see a word of one of the standard's lists. extensible: by words of the provider's own, ext:…"""
    listed: dict[str, Any] = {"enum": list(words)}
    own = {"type": "string", "pattern": f"^{_EXTENSION.pattern}$"}
    return WithJsonSchema({"anyOf": [listed, own]} if extensible else listed)
