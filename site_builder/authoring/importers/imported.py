"""What every importer gives: rows of fields, each with the line of the list that it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from site_builder.errors import Error

__all__ = ["NO_OPTIONS", "ImportOptions", "ImportedList", "ImportedRow", "NotThisSource", "decoded", "person_row"]


class NotThisSource(Error):
    """A list that does not have the form of this source; another may read it. The message says what was looked for."""


@dataclass(frozen=True)
class ImportOptions:
    """What somebody says about a list. name_column, email_column: the header of a column that would not be found by itself."""

    name_column: str | None = None
    email_column: str | None = None


NO_OPTIONS = ImportOptions()


@dataclass(frozen=True)
class ImportedRow:
    """One award of a list. fields: of a record, as text, `name` among them. line: in the list."""

    fields: Mapping[str, str]
    line: int


@dataclass(frozen=True)
class ImportedList:
    """The rows of a list, and what is to be said about how it was read; never a name."""

    rows: tuple[ImportedRow, ...]
    notes: tuple[str, ...] = ()


def person_row(name: str, email: str, line: int) -> ImportedRow:
    """A row that gives a name and, if it is not "", an address."""
    return ImportedRow({"name": name} | ({"email": email} if email else {}), line)


def decoded(raw: bytes) -> str:
    """The text of a list: UTF-8, or UTF-16 with its mark. Raises Error."""
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise Error(
            "the list is not UTF-8 text: in Excel choose File, Save As, 'CSV UTF-8 (Comma delimited)'"
        ) from None
