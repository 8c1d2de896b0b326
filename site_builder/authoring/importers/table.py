"""The sources of lists. A new one is a module beside this and a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from site_builder.authoring.importers.columns import read_columns
from site_builder.authoring.importers.imported import ImportedList, ImportOptions, NotThisSource
from site_builder.authoring.importers.typed_lines import read_lines

__all__ = ["IMPORTERS", "Importer", "import_list"]


@dataclass(frozen=True)
class Importer:
    """A source of lists.

    read: bytes to rows; raises NotThisSource for a list of another form, Error for one of this form that can't be read.
    is_for_files: whether a file may have this form; else only what is typed or piped."""

    name: str
    read: Callable[[bytes, ImportOptions], ImportedList]
    is_for_files: bool = True


# Each is asked in turn, the one that knows its own form best first.
IMPORTERS = (
    Importer("columns", read_columns),
    Importer("typed lines", read_lines, is_for_files=False),
)


def import_list(raw: bytes, options: ImportOptions, *, is_file: bool) -> ImportedList:
    """The rows of a list, by the first source that knows its form. Raises Error; NotThisSource of the first when none does."""
    refusals = []
    for importer in IMPORTERS:
        if importer.is_for_files or not is_file:
            try:
                return importer.read(raw, options)
            except NotThisSource as refusal:
                refusals.append(refusal)
    raise refusals[0]
