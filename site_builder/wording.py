"""Words and dates as pages, messages and commands print them: the same everywhere."""

from __future__ import annotations

from datetime import date

__all__ = ["format_date", "plural"]

_MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
_MONTHS += ["August", "September", "October", "November", "December"]


def format_date(stamp: str | date) -> str:
    """The date part of a dateTimeStamp as pages print it, e.g. ``14 May 2026``; never converted to another zone."""
    text = stamp if isinstance(stamp, str) else stamp.isoformat()
    year, month, day = text[:10].split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


def plural(count: int, word: str) -> str:
    """A number with its word, e.g. ``1 problem`` and ``2 problems``."""
    return f"{count} {word}{'' if count == 1 else 's'}"
