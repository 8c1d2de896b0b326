"""Records of change, held against what was signed: which are applied, which are pending, and which cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pydantic import ValidationError

from site_builder.credentials.openbadges3.read import CredentialFormError
from site_builder.encoding import EncodingError, is_base32_id
from site_builder.errors import Problem
from site_builder.ledger.store.award_json import ErasedAward, StoredAward, Version
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.identity import change_digest, row_digest
from site_builder.ledger.store.ledger import RESTORE
from site_builder.records.fields.text import holds_address
from site_builder.records.formats.explain import explain
from site_builder.records.load.award_files import Change, Row
from site_builder.records.models.changes import CorrectRecord

__all__ = ["check_changes", "index_changes", "is_recorded"]


def index_changes(state: CheckedRepository) -> Iterator[Problem]:
    """Fills state.changes and state.erasures, by which rows are matched. Two equal records are one too many."""
    for change in state.repository.changes:
        first = state.changes.setdefault(change_digest(change.record), change)
        if first is not change and change.record.kind in ("correct", "renew"):
            what = f"this very change stands already in {first.file}"
            yield Problem(change.file, change.line, "LED006", what, "delete one of the two records")
        if change.record.kind == "erase":
            state.erasures.setdefault(change.record.target, change)


def check_changes(state: CheckedRepository) -> Iterator[Problem]:
    """The problems of records of change; those that are left to do are put into state.pending_changes, in their order."""
    by_kind: dict[str, list[Change]] = {"correct": [], "renew": [], "revoke": [], "erase": []}
    for change in state.repository.changes:
        problem = _wrong_target(state, change)
        if problem:
            yield problem
        else:
            by_kind[change.record.kind].append(change)
    altered = set[str]()
    for award in state.ledger.awards.values():
        for problem in _check_applied(state, award):
            altered.add(award.id)
            yield problem
    yield from _check_corrections(state, [c for c in by_kind["correct"] if c.record.target not in altered])
    yield from _check_renewals(state, by_kind["renew"])
    yield from _check_revocations(state, by_kind["revoke"])
    yield from _check_erasures(state, by_kind["erase"])


def _wrong_target(state: CheckedRepository, change: Change) -> Problem | None:
    """Why a change does not fit the credential that it names."""
    target = change.record.target
    if change.record.kind != "erase" and target in state.erasures:
        erasure = state.erasures[target]
        what = f"this record names the credential that {erasure.file} erases"
        fix = "delete this record as well: nothing that leads to the person may stay"
        if change.record.kind == "renew":
            fix = (
                "delete it and erase the renewal too, or write the renewal out as a row of its own: badge, awarded (its date), name, "
                "email and what else this record gives"
            )
        return Problem(change.file, change.line, "LED014", what, fix)
    award = state.ledger.awards.get(target) or state.ledger.erased.get(target)
    if award is None or award.issuer != change.issuer:
        fix = "the id is the part of the page's address behind /c/; a row that is not issued yet is simply deleted"
        what = "this is not the id of a credential, which has 26 letters and digits"
        if is_base32_id(target):  # else it may be the recipient's name
            what = f"no credential of this issuer has the id {target!r}"
        return Problem(change.file, change.line, "LED006", what, fix)
    if isinstance(award, StoredAward) and _names_recipient(state, change, award):
        what, fix = "the recipient's e-mail address stands in the note, which is published", "take it out"
        return Problem(change.file, change.line_of(("note",)), "REC018", what, fix)
    return None


def _names_recipient(state: CheckedRepository, change: Change, award: StoredAward) -> bool:
    row, note = state.rows.get(award.id), getattr(change.record, "note", None) or ""
    own = getattr(change.record, "email", None)
    addresses = [address for address in (row.award.email if row else None, own) if address]
    return holds_address(note) or any(holds_address(note, address) for address in addresses)


# --- what was applied stays -------------------------------------------------------------------------------------------

_DONE = {"superseded": ("correct", "corrected"), "revoked": ("revoke", "revoked")}


def _check_applied(state: CheckedRepository, award: StoredAward) -> Iterator[Problem]:
    """Each version that is not active any more names the record that ended it, which stays as it was."""
    if award.id in state.erasures:
        return
    for version in award.versions:
        if version.state != "active" and not _is_there(state, award, version):
            kind, done = _DONE[version.state]
            found = [c for c in state.repository.changes if c.record.target == award.id and c.record.kind == kind]
            found = [c for c in found if change_digest(c.record) not in {v.change for v in award.versions}]
            file, line = (found[0].file, found[0].line) if found else (f"{award.folder}/award.json", 0)
            what = f"the record that {done} {award.id} was {'altered' if found else 'removed'} after it was applied"
            fix = f"put it back as it was: a {'revocation' if kind == 'revoke' else 'correction'} is final"
            if kind == "correct":
                fix += "; to correct the award again, add another record"
            yield Problem(file, line, "LED007", what, fix)
            return
    yield from _check_withheld(state, award)


def _check_withheld(state: CheckedRepository, award: StoredAward) -> Iterator[Problem]:
    """Files go only where the record of a later correction takes back all that came before it, and there they do."""
    is_wanted = False
    for number, version in reversed(list(enumerate(award.versions, 1))):
        correction = state.correction_of(version)
        is_wanted = is_wanted or bool(correction and correction.withhold_previous)
        if is_wanted != bool(version.withheld):
            what = f"version {number} is {'not ' if is_wanted else ''}said to be withheld, against the records of corrections"
            yield Problem(f"{award.folder}/award.json", 0, "LED001", what, RESTORE)


def is_recorded(state: CheckedRepository, award: StoredAward | ErasedAward) -> bool:
    """Whether there are records of all that took files of an award away, or are to."""
    if isinstance(award, ErasedAward):
        return award.id in state.erasures
    return not any(_check_withheld(state, award))


def _is_there(state: CheckedRepository, award: StoredAward, version: Version) -> bool:
    change = state.changes.get(version.change or "")
    return (
        change is not None
        and change.record.target == award.id
        and change.issuer == award.issuer
        and change.record.kind == _DONE[version.state][0]
    )


# --- corrections and renewals -----------------------------------------------------------------------------------------


def _check_corrections(state: CheckedRepository, changes: list[Change]) -> Iterator[Problem]:
    """Pending corrections, each on top of those before it."""
    applied = {version.change for award in state.ledger.awards.values() for version in award.versions}
    revoked = {change.record.target for change in state.repository.changes if change.record.kind == "revoke"}
    latest = dict[str, Row]()
    pending = [change for change in changes if change_digest(change.record) not in applied]
    for change in sorted(pending, key=lambda change: change.order):
        target = change.record.target
        row = latest.get(target) or state.rows.get(target)
        if target in revoked:
            what, fix = (
                "this corrects a credential that is revoked",
                "delete the correction, or the revocation if it is new",
            )
            yield Problem(change.file, change.line, "LED013", what, fix)
        elif row is not None and state.changes[change_digest(change.record)] is change:
            corrected, problems = _corrected(change, row)
            yield from problems
            yield from _undescribed_results(state, change) if corrected else ()
            if corrected:
                state.corrected[change.file] = latest[target] = corrected
                state.pending_changes.append(change)


def _corrected(change: Change, row: Row) -> tuple[Row | None, list[Problem]]:
    assert isinstance(change.record, CorrectRecord)
    try:
        award = change.record.apply(row.award)
    except ValidationError as error:
        return None, explain(error, CorrectRecord, file=change.file, line_of=change.line_of)
    if row_digest(award) == row_digest(row.award):
        what = "this correction changes nothing: the credential says so already"
        fix = "give each field as it should be, or delete the record"
        return None, [Problem(change.file, change.line, "LED013", what, fix)]
    return replace(row, award=award, file=change.file, line=change.line, lines=change.lines), []


def _undescribed_results(state: CheckedRepository, change: Change) -> Iterator[Problem]:
    """A correction keeps the achievement as it was signed, so it can state only the results that this describes."""
    award, stated = state.ledger.awards[change.record.target], getattr(change.record, "results", None) or {}
    if not stated:
        return
    try:
        described = state.ledger.credential(award, award.current).subject.achievement.results
    except (OSError, EncodingError, CredentialFormError):
        return  # said where signed files are looked at
    for key in stated.keys() - {result.key for result in described}:
        what = f"the achievement, as it was signed in this credential, has no result {key!r}"
        fix = "take it out; to state it, revoke this award and write it anew"
        yield Problem(change.file, change.line_of(("results",)), "REC020", what, fix)


def _check_renewals(state: CheckedRepository, changes: list[Change]) -> Iterator[Problem]:
    """Renewals became rows when rows were matched; here is what forbids one."""
    pending = {row.file for row in state.pending_rows if row.renews}
    revoked = {change.record.target for change in state.repository.changes if change.record.kind == "revoke"}
    # An award whose row is not found says nothing: this record may be the one that made it.
    renewed = {old: award.id for old, award in state.renewed_by.items() if award.id in state.rows}
    for change in changes:
        target = change.record.target
        if target not in state.ledger.awards or change.file not in pending:
            continue
        awarded = _day_once_corrected(state, target)
        if target in revoked:
            what, fix = "this renews a credential that is revoked", "delete it; a new award is a row of its own"
            yield Problem(change.file, change.line, "LED013", what, fix)
        elif target in renewed:
            what, fix = f"{target} is renewed already, by {renewed[target]}", "delete one; to go on, renew the renewal"
            yield Problem(change.file, change.line, "LED013", what, fix)
        elif change.record.date.isoformat() <= awarded:
            what = f"this renewal is not later than the award that it renews ({awarded})"
            yield Problem(change.file, change.line_of(("date",)), "LED013", what, "write the day of the new award")
        renewed.setdefault(target, change.file)


def _day_once_corrected(state: CheckedRepository, target: str) -> str:
    """The day of an award when its pending corrections are applied."""
    files = [change.file for change in state.pending_changes if change.record.target == target]
    days = [state.corrected[file].award.awarded.isoformat() for file in files if file in state.corrected]
    return [state.ledger.awards[target].awarded, *days][-1]


# --- revocations and erasures -----------------------------------------------------------------------------------------


def _check_revocations(state: CheckedRepository, changes: list[Change]) -> Iterator[Problem]:
    written: dict[str, Change] = {}
    applied = {award.current.change for award in state.ledger.awards.values()}
    # Of two records the one that was applied stays.
    for change in sorted(changes, key=lambda change: change_digest(change.record) not in applied):
        award = state.ledger.awards[change.record.target]
        if award.id in written:
            what = f"{award.id} is revoked already by {written[award.id].file}"
            fix = "delete one of the two records; if one of them was applied already, this one"
            yield Problem(change.file, change.line, "LED006", what, fix)
            continue
        written[award.id] = change
        if award.current.state == "active":
            state.pending_changes.append(change)


def _check_erasures(state: CheckedRepository, changes: list[Change]) -> Iterator[Problem]:
    for change in changes:
        target = change.record.target
        if state.erasures[target] is not change:
            what = f"{target} is erased already by {state.erasures[target].file}"
            yield Problem(change.file, change.line, "LED006", what, "delete one of the two records")
        elif target in state.rows:
            row = state.rows[target]
            what = f"this row is of the credential that {change.file} erases"
            fix = (
                "delete the row as well: an erasure removes what ties it to the credential, so it would be issued anew"
            )
            yield Problem(row.file, row.line, "LED014", what, fix)
        elif target in state.ledger.awards:
            state.pending_changes.append(change)
    for award in state.ledger.erased.values():
        if award.id not in state.erasures:
            what = f"the record that erased {award.id} was removed after it was applied"
            fix = "put it back as it was: the page states its date"
            yield Problem(f"{award.folder}/award.json", 0, "LED007", what, fix)
