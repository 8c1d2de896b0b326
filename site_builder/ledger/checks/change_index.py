"""Records of change by what they say and whom they erase: by this rows are tied to awards, and applied changes are found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from site_builder.errors import Problem
from site_builder.ledger.store.identity import change_digest
from site_builder.records.load.award_files import Change

__all__ = ["ChangeIndex", "index_changes"]


@dataclass(frozen=True)
class ChangeIndex:
    """changes: every record of change by its digest. erasures: the records of erasures by the id of the award."""

    changes: Mapping[str, Change]
    erasures: Mapping[str, Change]
    problems: Sequence[Problem] = field(default_factory=list)


def index_changes(found: Sequence[Change]) -> ChangeIndex:
    """The records of change, of several that are equal the first. Two equal records are one too many."""
    changes: dict[str, Change] = {}
    erasures: dict[str, Change] = {}
    problems: list[Problem] = []
    for change in found:
        first = changes.setdefault(change_digest(change.record), change)
        if first is not change and change.record.kind in ("correct", "renew"):
            what = f"this very change stands already in {first.file}"
            problems.append(Problem(change.file, change.line, "LED006", what, "delete one of the two records"))
        if change.record.kind == "erase":
            erasures.setdefault(change.record.target, change)
    return ChangeIndex(changes, erasures, problems)
