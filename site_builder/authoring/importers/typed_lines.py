"""Lists that somebody typed or pasted: one person a line."""

from __future__ import annotations

import re

from site_builder.authoring.importers.imported import NO_OPTIONS, ImportedList, ImportOptions, decoded, person_row
from site_builder.errors import Error

__all__ = ["read_lines"]

_MAX_LINE = 1_000
_ADDRESS = re.compile(r"(.*?)[\s,;<(]*([^\s,;<>()]+@[^\s,;<>()]+)[>)]*")


def read_lines(raw: bytes, options: ImportOptions = NO_OPTIONS) -> ImportedList:
    """The people of a list that was typed: a name on each line, and behind it an address if there is one."""
    people = []
    for number, line in enumerate(decoded(raw).splitlines(), 1):
        if len(line) > _MAX_LINE:
            raise Error(f"line {number} of the list is too long for a name and an address")
        found = _ADDRESS.fullmatch(line.strip())
        name, email = (found[1], found[2]) if found else (line, "")
        if name.strip(" ,;\t"):
            people.append(person_row(" ".join(name.strip(" ,;\t").split()), email, number))
        elif email:
            raise Error(f"line {number} of the list has an address and no name")
    return ImportedList(tuple(people))
