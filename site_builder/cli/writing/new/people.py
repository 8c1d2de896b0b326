"""The list of people of a cohort: from a file, from standard input, or typed line by line."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.shell import say
from site_builder.errors import Error, UsageError

if TYPE_CHECKING:
    from site_builder.authoring.importers.imported import ImportedList

__all__ = ["read_people"]


_MAX_LIST_BYTES = 4 * 1_048_576


def read_people(roster: Path | None, columns: Mapping[str, str | None]) -> tuple[ImportedList, str]:
    """The people of a list, of standard input or of a terminal's lines, and how the list is called."""
    from site_builder.authoring.importers.imported import ImportOptions
    from site_builder.authoring.importers.table import import_list
    from site_builder.authoring.importers.typed_lines import read_lines

    if roster is None and sys.stdin.isatty():
        return read_lines(_asked_lines()), "line"
    raw = _list_bytes(roster)
    source = "standard input" if roster is None or str(roster) == "-" else str(roster)
    if not raw.strip():
        raise UsageError("missing: --csv, or a list on standard input (only on a terminal are people asked for)")
    return import_list(raw, ImportOptions(**columns), is_file=roster is not None), source


def _list_bytes(roster: Path | None) -> bytes:
    is_file = roster is not None and str(roster) != "-"
    with click.open_file(str(roster) if is_file else "-", "rb") as stream:
        raw: bytes = stream.read(_MAX_LIST_BYTES + 1)
    if len(raw) > _MAX_LIST_BYTES:
        raise Error("the list is larger than 4 MB, so it is no list of people")
    return raw


def _asked_lines() -> bytes:
    say("Each person on a line: name, e-mail address. An empty line ends the list.")
    lines = []
    while line := click.prompt("", prompt_suffix="> ", default="", show_default=False, err=True):
        lines.append(line)
    return "\n".join(lines).encode("utf-8")
