"""versions.json: which versions of a credential exist, and which is the current one. Unsigned: it only says where to look.

browser/src/verification/versions.js reads it by the same rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from site_builder.credentials.urls import credential_file
from site_builder.encoding import parse_json
from site_builder.errors import Error

__all__ = ["Versions", "VersionsError", "parse_versions", "version_number"]

_MAX_VERSIONS = 1_000
_FILE = re.compile(r"credential(?:-([2-9]|[1-9][0-9]{1,3}))?\.json", re.ASCII)


class VersionsError(Error):
    """A versions.json that is not of the form that is published."""


@dataclass(frozen=True)
class Versions:
    """The versions of one credential, numbered from 1. current: 0 when its award was erased. withheld: numbers."""

    count: int
    current: int
    withheld: frozenset[int]


def version_number(file: str) -> int:
    """The number of the version that a file name stands for; 0 for any other name."""
    found = _FILE.fullmatch(file)
    return int(found[1] or 1) if found else 0


# Nearly all awards have one version, and then the list says the same of each.
@lru_cache(maxsize=64)
def parse_versions(raw: bytes) -> Versions:
    """The versions in the bytes of a versions.json. Raises VersionsError, or EncodingError for what is not JSON.

    Every version is listed, in order; what else a list says is passed over."""
    document = parse_json(raw)
    entries = document.get("versions") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not 1 <= len(entries) <= _MAX_VERSIONS or "current" not in document:
        raise VersionsError("this is not a list of versions")
    if not all(_is_entry(entry, number) for number, entry in enumerate(entries, 1)):
        raise VersionsError("this list of versions names other files than it may, or not in their order")
    withheld = frozenset(number for number, entry in enumerate(entries, 1) if "withheld" in entry)
    current = document["current"]
    if current is None:
        return Versions(len(entries), 0, withheld)
    shown = (number for number in range(1, len(entries) + 1) if number not in withheld)
    number = next((number for number in shown if _equals(current, number)), 0)
    if not number:
        raise VersionsError("this list of versions names no current one that is published")
    return Versions(len(entries), number, withheld)


def _is_entry(entry: Any, number: int) -> bool:
    return (
        isinstance(entry, dict)
        and _equals(entry.get("version"), number)
        and entry.get("file") == credential_file(number)
        and entry.get("withheld", True) is True
    )


def _equals(value: Any, number: int) -> bool:
    """Whether a JSON value is this number. True equals 1 in Python, and is another JSON value."""
    return not isinstance(value, bool) and bool(value == number)
