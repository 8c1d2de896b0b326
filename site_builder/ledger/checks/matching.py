"""What ties rows to awards: plain rows by their identity, renewals through the award that they renew, corrections on top of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from site_builder.errors import Problem
from site_builder.ledger.checks.change_index import ChangeIndex
from site_builder.ledger.checks.row_problems import (
    duplicate_row,
    row_already_corrected,
    row_changed_after_issue,
    row_issued_twice,
    row_missing,
)
from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.identity import change_digest, identity_digest, row_digest
from site_builder.ledger.store.ledger import RESTORE, Ledger
from site_builder.records.formats.explain import explain
from site_builder.records.load.award_files import Change, Row
from site_builder.records.load.repository import Repository
from site_builder.records.models.changes import CorrectRecord, RenewRecord

__all__ = ["Matched", "match_rows", "renewal_row"]


@dataclass(frozen=True)
class Matched:
    """rows: the row of each stored award as corrected so far, by the award's id. pending_rows: those that are not signed yet.

    stating: the ids of the awards whose row is just what the current version was signed for.
    renewed_by: the renewals in force, by the id of the award that each renews; the latest where there are several."""

    rows: Mapping[str, Row]
    pending_rows: Sequence[Row]
    stating: AbstractSet[str]
    renewed_by: Mapping[str, StoredAward]
    problems: Sequence[Problem] = field(default_factory=list)


def match_rows(repository: Repository, ledger: Ledger, index: ChangeIndex, *, incomplete: bool) -> Matched:
    """Which rows are of which awards, and which are pending.

    incomplete: some record could not be read, so an award without a row proves nothing."""
    matching = _Matching(repository, ledger, index)
    matching.index_awards()
    for row in repository.rows:
        matching.place(row)
    while matching.place_updated_rows():
        pass  # a row that was found brings the renewals of its award along
    matching.find_repeated_rows()
    matching.find_missing_rows(incomplete=incomplete)
    matching.find_false_renewals()
    return Matched(matching.rows, matching.pending_rows, matching.stating, _renewed_by(ledger), matching.problems)


def _renewed_by(ledger: Ledger) -> dict[str, StoredAward]:
    renewals = [award for award in ledger.awards.values() if award.renews and award.current.state == "active"]
    return {str(award.renews): award for award in sorted(renewals, key=lambda award: (award.awarded, award.id))}


def renewal_row(change: Change, old: Row) -> Row:
    """The row of the new award that a record of renewal makes of the old one's. Raises ValidationError."""
    assert isinstance(change.record, RenewRecord)
    return Row(
        change.record.apply(old.award),
        change.issuer,
        change.file,
        change.line,
        change.lines,
        change.record.renew,
        unsaid=change.unsaid,
    )


@dataclass
class _Matching:
    """Rows that find their awards one after the other: one that is found may bring others along."""

    repository: Repository
    ledger: Ledger
    index: ChangeIndex
    rows: dict[str, Row] = field(default_factory=dict)
    pending_rows: list[Row] = field(default_factory=list)
    stating: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    _awards: dict[tuple[str, str], StoredAward] = field(default_factory=dict)
    _doubled: set[str] = field(default_factory=set)
    _seen: dict[tuple[str, str], Row] = field(default_factory=dict)
    _renewals: dict[str, list[Change]] = field(default_factory=dict)
    _corrections: dict[str, list[Change]] = field(default_factory=dict)
    _corrected_renewals: set[tuple[str, str]] = field(default_factory=set)
    _persons: dict[str, set[str]] = field(default_factory=dict)

    def index_awards(self) -> None:
        """The awards by identity; the renewals and the pending corrections by the award that they name."""
        for award in sorted(self.ledger.awards.values(), key=lambda award: (award.versions[0].issued, award.id)):
            first = self._awards.setdefault((award.issuer, award.identity), award)
            if first is not award:
                self._doubled.add(award.id)
                self.problems.append(row_issued_twice(first, award))
            self._corrected_renewals |= {(award.renews or "", version.row) for version in award.versions[1:]}
        applied = {version.change for award in self.ledger.awards.values() for version in award.versions}
        for change in self.repository.changes:
            if isinstance(change.record, RenewRecord):
                self._renewals.setdefault(change.record.target, []).append(change)
            elif isinstance(change.record, CorrectRecord) and change_digest(change.record) not in applied:
                self._corrections.setdefault(change.record.target, []).append(change)

    def place(self, row: Row) -> None:
        """Ties a row to the award that it was issued as, or counts it as pending."""
        key = (row.issuer, identity_digest(row.award))
        if key in self._seen:
            self.problems.append(duplicate_row(row, self._seen[key]))
            return
        self._seen[key] = row
        issued = self._awards.get(key)
        if issued is None:
            self.pending_rows.append(row)
        else:
            self._tie(issued, row)

    def _tie(self, award: StoredAward, row: Row) -> None:
        start = _stated_version(award, row)
        rows = self._versions_of(award, row, start)
        self.rows[award.id] = rows[-1]
        if row_digest(rows[-1].award) == award.current.row:
            self.stating.add(award.id)
        elif start + len(rows) == len(award.versions):
            self.problems.append(row_changed_after_issue(award, row))
        if start == 0:
            self._persons[award.id] = {
                word for row in rows for word in (row.award.name, row.award.email, row.award.id) if word
            }
        rows += self._rows_to_come(award, rows[-1])
        for change in self._renewals.get(award.id, []):
            if change.issuer == award.issuer:
                self._place_renewal(award, change, rows)

    def _versions_of(self, award: StoredAward, row: Row, start: int) -> list[Row]:
        """What each version of an award states: its row, and that as corrected since. Shorter when a record is missing.

        start: place of the version that the row states."""
        rows = [row]
        for version in award.versions[start:-1]:
            change = self.index.changes.get(version.change or "")
            if change is None or not isinstance(change.record, CorrectRecord):
                break  # said where applied changes are looked at
            try:
                rows.append(replace(rows[-1], award=change.record.apply(rows[-1].award)))
            except ValidationError:
                self.problems.append(row_changed_after_issue(award, row))
                break
        return rows

    def _rows_to_come(self, award: StoredAward, row: Row) -> Iterator[Row]:
        """What an award will state by each of its pending corrections, in their order. One that cannot be is said elsewhere."""
        corrections = [change for change in self._corrections.get(award.id, []) if change.issuer == award.issuer]
        for change in sorted(corrections, key=lambda change: change.order):
            assert isinstance(change.record, CorrectRecord)
            try:
                row = replace(row, award=change.record.apply(row.award))
            except ValidationError:
                return
            yield row

    def _place_renewal(self, old: StoredAward, change: Change, rows: list[Row]) -> None:
        """A renewal takes the recipient as the old award names it, once corrected; one that is issued, as it named it then."""
        try:
            readings = [change, *([replace(change, record=change.former)] if change.former else [])]
            candidates = [renewal_row(reading, row) for reading in readings for row in reversed(rows)]
        except ValidationError as error:
            self.problems += explain(error, RenewRecord, file=change.file, line_of=change.line_of)
            return
        issued = [row for row in candidates if self._is_renewal_of(old, row)]
        exact = [row for row in issued if self._award_of(row).versions[0].row == row_digest(row.award)]
        # One that was corrected itself is known by what a later version of it says, when this record says the same.
        updated = [row for row in candidates if (old.id, row_digest(row.award)) in self._corrected_renewals]
        self.place([*exact, *issued, *updated, *candidates][0])

    def _award_of(self, row: Row) -> StoredAward:
        return self._awards[row.issuer, identity_digest(row.award)]

    def _is_renewal_of(self, old: StoredAward, row: Row) -> bool:
        award = self._awards.get((row.issuer, identity_digest(row.award)))
        return award is not None and award.renews == old.id

    def place_updated_rows(self) -> bool:
        """Rows that were brought up to date after a correction: what they say is a later version, word for word. Whether there are any."""
        found = False
        pending: dict[tuple[str, str], Row] = {}
        for row in self.pending_rows:
            pending.setdefault((row.issuer, row_digest(row.award)), row)
        for award in list(self.ledger.awards.values()):
            if len(award.versions) == 1 or award.id in self.rows:
                continue
            stated = [pending.get((award.issuer, version.row)) for version in reversed(award.versions)]
            updated = next((row for row in stated if row in self.pending_rows), None)
            if updated:
                self.pending_rows.remove(updated)
                self._tie(award, updated)
                found = True
        return found

    def find_repeated_rows(self) -> None:
        """Pending rows of an award that stands already, by what its corrections made of it: they would be signed a second time."""
        corrected = {
            (award.issuer, identity_digest(self.rows[award.id].award)): award
            for award in self.ledger.awards.values()
            if len(award.versions) > 1 and award.id in self.rows
        }
        for row in self.pending_rows:
            award = corrected.get((row.issuer, identity_digest(row.award)))
            if award:
                self.problems.append(row_already_corrected(row, award))

    def find_missing_rows(self, *, incomplete: bool) -> None:
        """Awards that have no row any more, and are not to be erased."""
        if incomplete:
            return
        for award in self.ledger.awards.values():
            if award.id not in self.rows and award.id not in self._doubled and award.id not in self.index.erasures:
                self.problems.append(row_missing(award, self.pending_rows, self.ledger))

    def find_false_renewals(self) -> None:
        """Awards that are said to renew somebody else's: award.json is signed by nobody, and pages link the two.

        A renewal may have been written out as a row of its own, as an erasure of the old award asks for."""
        for award in self.ledger.awards.values():
            row = self.rows.get(award.id)
            if row is None or award.renews in (None, row.renews) or award.renews in self.ledger.erased:
                continue
            old, old_row = self.ledger.awards.get(award.renews), self.rows.get(award.renews)
            if old is None or (
                old_row is not None and not (_may_renew(row, old_row) and self._may_be_one_person(award, old))
            ):
                what = f"this award does not renew {award.renews}, as is said here"
                self.problems.append(Problem(f"{award.folder}/award.json", 0, "LED001", what, RESTORE))

    def _may_be_one_person(self, award: StoredAward, old: StoredAward) -> bool:
        """Whether two awards were ever made to one name, address or id; a row that was brought up to date hides what it was before."""
        one, other = self._persons.get(award.id), self._persons.get(old.id)
        return one is None or other is None or not one.isdisjoint(other)


def _may_renew(row: Row, old: Row) -> bool:
    """Whether a row that was written out may be of a renewal: a later award of the same achievement."""
    return (row.issuer, row.award.badge) == (old.issuer, old.award.badge) and row.award.awarded > old.award.awarded


def _stated_version(award: StoredAward, row: Row) -> int:
    """Place of the version that a row states, the last of several; the first one's when it states none of them."""
    digest = row_digest(row.award) if len(award.versions) > 1 else ""
    return max((index for index, version in enumerate(award.versions) if version.row == digest), default=0)
