"""Times in credentials, status lists and proofs, all of one form. Source: XML Schema 1.1 Part 2, 3.4.28 (dateTimeStamp)."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

__all__ = ["parse_timestamp"]

# Hours to 23 and minutes to 59, also in the offset: what Python reads beyond that differs by version.
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_TIMESTAMP = re.compile(rf"\d{{4}}-\d\d-\d\dT{_TIME}:[0-5]\d(?:\.\d{{1,9}})?(?:Z|[+-]{_TIME})", re.ASCII)

_MOST_LETTERS = len("2026-05-14T09:30:00.123456789+02:00")


def parse_timestamp(text: Any) -> datetime | None:
    """The moment of a dateTimeStamp, aware, to the second; None for anything else.

    Narrower than the standard, so that all programs agree: years 1 to 9999, nine digits of a second, no 24:00."""
    return _parsed(text) if isinstance(text, str) and len(text) <= _MOST_LETTERS else None


# Whoever earned something together has the same days, and each is asked for several times.
@lru_cache(maxsize=1024)
def _parsed(text: str) -> datetime | None:
    if not _TIMESTAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(re.sub(r"\.\d+", "", text))
    except ValueError:
        return None
