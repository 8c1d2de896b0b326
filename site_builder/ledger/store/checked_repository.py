"""What a check finds in a repository, for all that work on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from site_builder.errors import Problem
from site_builder.ledger.store.award_json import StoredAward, Version
from site_builder.ledger.store.editions import Editions
from site_builder.ledger.store.ledger import Ledger
from site_builder.records.load.award_files import Change, Row
from site_builder.records.load.repository import Repository
from site_builder.records.models.changes import CorrectRecord, RevokeRecord

__all__ = ["CheckedRepository"]


@dataclass
class CheckedRepository:
    """The repository as it stands: what was written, what was signed, what is still to be done, and what is wrong.

    rows: the row of each stored award as corrected so far, by the award's id. pending_rows: rows that are not signed yet, renewals among
    them. pending_changes: what is not applied yet, in the order in which it will be; corrected: the row that each pending correction
    makes, by its file. changes: every record of change by its digest. erasures: the records of erasures by the id.
    renewed_by: the renewals in force, by the id of the award that each renews; the latest where there are several.
    pictures: paths of the pictures that signatures name, below the site's root: published for ever.
    editions: what they state of achievements.
    stale: status lists (issuer, number) that do not say what the awards say; only an interrupted `issue` leaves any."""

    repository: Repository
    ledger: Ledger
    rows: dict[str, Row] = field(default_factory=dict)
    pending_rows: list[Row] = field(default_factory=list)
    pending_changes: list[Change] = field(default_factory=list)
    corrected: dict[str, Row] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    erasures: dict[str, Change] = field(default_factory=dict)
    stale: list[tuple[str, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    editions: Editions = field(default_factory=Editions)
    renewed_by: dict[str, StoredAward] = field(default_factory=dict)

    def revocation_of(self, award: StoredAward) -> RevokeRecord:
        """The record that revoked an award. Raises KeyError when none did."""
        record = self.changes[award.current.change or ""].record
        if not isinstance(record, RevokeRecord):
            raise KeyError(award.id)
        return record

    def correction_of(self, version: Version) -> CorrectRecord | None:
        """The record that corrected a version, so that the next one took its place."""
        change = self.changes.get(version.change or "")
        return change.record if change and isinstance(change.record, CorrectRecord) else None
