"""Words and dates as pages, messages and commands print them, and a stranger's text as it may be printed: the same everywhere."""

from __future__ import annotations

import logging
import re
from datetime import date
from functools import lru_cache

__all__ = ["VisibleLog", "format_date", "in_one_line", "plural", "visible", "visible_json"]

_MONTHS = ["January", "February", "March", "April", "May", "June", "July"]
_MONTHS += ["August", "September", "October", "November", "December"]


def format_date(stamp: str | date) -> str:
    """The date part of a dateTimeStamp as pages print it, e.g. ``14 May 2026``; never converted to another zone."""
    return _format_day(stamp[:10] if isinstance(stamp, str) else stamp.isoformat()[:10])


# Whoever earned something together has the same days.
@lru_cache(maxsize=1024)
def _format_day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


def plural(count: int, word: str) -> str:
    """A number with its word, e.g. ``1 problem`` and ``2 problems``."""
    return f"{count} {word}{'' if count == 1 else 's'}"


# What a terminal obeys, what reorders a line, and what nobody sees: C0 but the line feed, C1, bidi controls, zero-width characters, line
# separators, blank letters, tags, and the stray bytes of file names. Joiners stay: names of several scripts, and emoji, need them.
# Sources: ECMA-48; Unicode Standard Annex 9.
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f\ud800-\udfff]"
)
# What a CI takes for an order to itself: ``::word::`` at the start of a line, ``##[word]`` and ``##word[`` anywhere. Sources: GitHub
# Actions, Workflow commands (and the runner's ActionCommand, which reads ``##[`` too); Azure Pipelines, Logging commands.
_ORDER = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_OLD_ORDER = re.compile(r"##(?=\w*\[)")


def visible(text: str) -> str:
    """Lines as they may be printed: what a terminal or a CI would obey, and what nobody would see, is shown as escapes (``\\x1b``)."""
    shown = _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
    return _OLD_ORDER.sub(r"#\\x23", _ORDER.sub(r"\1\\x3a", shown))


def in_one_line(text: str) -> str:
    """A name or a value as it may be printed within a line: as visible, and line breaks are escapes as well."""
    return visible(text.replace("\n", "\\n"))


def visible_json(text: str) -> str:
    """JSON with the same value that may be printed: as visible, by JSON's own escapes. text: whose strings hold no raw line feed."""
    shown = _UNSEEN.sub(lambda found: _json_escape(found[0]), text)
    return _OLD_ORDER.sub(r"#\\u0023", shown)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))


class VisibleLog(logging.Filter):
    """For a logger or its handlers: each message as it may be printed, that of an exception included."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never leaves a record out."""
        record.msg, record.args = visible(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = visible(logging.Formatter().formatException(record.exc_info))
        return True
