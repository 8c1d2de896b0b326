"""What looks odd about a recipient's name, before it is signed for good. Hints, not problems: a name is what its bearer says it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from site_builder.records.fields.machine_text import is_misread, may_say_nothing, not_a_name
from site_builder.records.load.award_files import Row

__all__ = ["name_hint", "name_hints"]

_AS_READ = "write it as it is to be read on the page"
# What follows a name after a comma without being the first name.
_TITLES = re.compile(
    r"(?:jr|sr|junior|senior|i{1,3}|iv|v|esq|ph\.? ?d|m\.?d|m\.?a|m\.?sc|b\.?a|b\.?sc|mba|rn|dr|prof)\b\.?", re.I
)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});", re.I)
# A program's signs; a nickname may have one.
_SIGN = re.compile(r"[<>{}\[\]|\\^~=_%#\x60]")


def name_hints(rows: Iterable[Row]) -> list[str]:
    """A line for each name that looks odd and is no problem, by file and line; never the name itself."""
    hints = ((row, name_hint(row.award.name)) for row in rows)
    # Few names get a hint, and what no name is has a problem already: to ask for that takes longer.
    found = [(row, hint) for row, hint in hints if hint and not not_a_name(row.award.name)]
    return [f"{row.file}:{row.line_of('name')}: look at this name: {hint}" for row, hint in found]


def name_hint(name: str) -> str:
    """What looks odd about a name and what to do about it; "" for most."""
    if _is_last_first(name):
        return f"it seems to begin with the last name; {_AS_READ}, such as Ada Lovelace"
    if is_misread(name):
        return (
            "its accented letters were read in the wrong encoding (Ã© for é); save the list as UTF-8 and take it anew"
        )
    if _ENTITY.search(name):
        return f"it has a code such as &amp; in it; {_AS_READ}"
    if "?" in name or "\ufffd" in name:
        return "it has a question mark, perhaps where a letter was lost; look it up in the list that it came from"
    if may_say_nothing(name):
        return f"it may stand for a name that is not known, or for a test; if somebody is called so, all is well; else {_AS_READ}"
    if _SIGN.search(name):
        return f"it has a sign that few names have; {_AS_READ}"
    # Between Chinese and Japanese names the ideographic one is usual.
    if any(sign.isspace() and sign not in " \u3000" for sign in name):
        return f"it has a space that is not the ordinary one, and looks like another name to programs; {_AS_READ}"
    return _odd_case(name)


def _is_last_first(name: str) -> bool:
    last, comma, first = (part.strip() for part in name.partition(","))
    if not comma or not last or not first or "," in first:
        return False
    # «…, called Paracelsus» goes on in lower case; «…, Jr.» is no first name.
    return first[:1] != first[:1].lower() and not _TITLES.fullmatch(first) and len(first.split()) <= 3


_MIN_CAPITALS = 4


def _odd_case(name: str) -> str:
    # Georgian has capitals that no name begins with; title() knows.
    if name == name.lower() and name != name.title():
        return f"it has no capital letter; {_AS_READ}"
    if name.isupper() and sum(letter.isalpha() for letter in name) >= _MIN_CAPITALS:
        return f"it is all in capitals; {_AS_READ}"
    return ""
