"""Records from which a new site signs what an old one had in force: one file for each achievement and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from site_builder.authoring.relocation import Reissue
from site_builder.records.formats.yaml_writer import compose_record
from site_builder.records.models.award import AwardRow

__all__ = ["moved_records"]

# As many rows as a person looks through in one file; a YAML file may hold four times as many.
_ROWS = 200
_OWN = ("name", "email", "id", "ref", "listed")


def moved_records(awards: Iterable[Reissue]) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of each file, by its path below content/records, e.g. ``harbour/2026-05-14-first-aid-basic.yml``."""
    cohorts: dict[tuple[str, str, str], list[AwardRow]] = {}
    for award in awards:
        row = award.row
        cohorts.setdefault((award.issuer, row.awarded.isoformat(), row.badge), []).append(row)
    for (issuer, awarded, badge), rows in sorted(cohorts.items()):
        for number, first in enumerate(range(0, len(rows), _ROWS), 1):
            name = f"{awarded}-{badge}" + (f"-{number}" if number > 1 else "")
            yield f"{issuer}/{name}.yml", _record(rows[first : first + _ROWS]).encode()


def _record(rows: Sequence[AwardRow]) -> str:
    """A cohort: what all rows say alike stands once, at the top."""
    people = [_fields(row) for row in rows]
    shared = {
        name: value
        for name, value in people[0].items()
        if name not in _OWN and _is_plain(value) and all(person.get(name) == value for person in people)
    }
    own = [{name: value for name, value in person.items() if name not in shared} for person in people]
    return compose_record(shared, people=own)


def _fields(row: AwardRow) -> dict[str, Any]:
    """The fields of a row as people write them, in the order of the manual."""
    given = row.as_digested()
    fields = {name: given[name] for name in AwardRow.model_fields if name in given}
    if "evidence" in fields:
        fields["evidence"] = [item if len(item) > 1 else item["url"] for item in fields["evidence"]]
    return fields


def _is_plain(value: str | Sequence[Any] | Mapping[str, Any]) -> bool:
    """Whether a value stands at the top of a file without being folded: one line, or a list of addresses."""
    if isinstance(value, str):
        return "\n" not in value and len(value) <= 120
    return not isinstance(value, Mapping) and all(isinstance(item, str) for item in value)
