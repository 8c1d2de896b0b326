"""Records of change, held against what was signed: which are applied, which are pending, and which cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from site_builder.credentials.openbadges3.read import CredentialFormError
from site_builder.encoding import EncodingError, is_base32_id
from site_builder.errors import Problem
from site_builder.ledger.checks.applied_changes import check_applied
from site_builder.ledger.checks.change_index import ChangeIndex
from site_builder.ledger.checks.matching import Matched
from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.identity import change_digest, row_digest
from site_builder.ledger.store.ledger import Ledger
from site_builder.records.fields.text import holds_address
from site_builder.records.formats.explain import explain
from site_builder.records.load.award_files import Change, Row
from site_builder.records.load.repository import Repository
from site_builder.records.models.changes import CorrectRecord

__all__ = ["ChangeFacts", "check_changes"]


@dataclass(frozen=True)
class ChangeFacts:
    """pending: what is not applied yet, in the order in which it will be.

    corrected: the row that each pending correction makes, by its file."""

    pending: Sequence[Change]
    corrected: Mapping[str, Row] = field(default_factory=dict)
    problems: Sequence[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """What changes are held against."""

    repository: Repository
    ledger: Ledger
    index: ChangeIndex
    matched: Matched


def check_changes(repository: Repository, ledger: Ledger, index: ChangeIndex, matched: Matched) -> ChangeFacts:
    """Which records of change are left to do, and the problems of all of them."""
    known = _Known(repository, ledger, index, matched)
    problems: list[Problem] = []
    by_kind: dict[str, list[Change]] = {"correct": [], "renew": [], "revoke": [], "erase": []}
    for change in repository.changes:
        problem = _wrong_target(known, change)
        if problem:
            problems.append(problem)
        else:
            by_kind[change.record.kind].append(change)
    altered = {award.id: list(check_applied(award, index, repository.changes)) for award in ledger.awards.values()}
    corrections = _check_corrections(known, [c for c in by_kind["correct"] if not altered.get(c.record.target)])
    revocations = _check_revocations(known, by_kind["revoke"])
    erasures = _check_erasures(known, by_kind["erase"])
    problems += [problem for found in altered.values() for problem in found]
    problems += _check_renewals(known, by_kind["renew"], corrections)
    problems += [*corrections.problems, *revocations.problems, *erasures.problems]
    pending = [*corrections.pending, *revocations.pending, *erasures.pending]
    return ChangeFacts(pending, corrections.corrected, problems)


def _wrong_target(known: _Known, change: Change) -> Problem | None:
    """Why a change does not fit the credential that it names."""
    target = change.record.target
    if change.record.kind != "erase" and target in known.index.erasures:
        erasure = known.index.erasures[target]
        what = f"this record names the credential that {erasure.file} erases"
        fix = "delete this record as well: nothing that leads to the person may stay"
        if change.record.kind == "renew":
            fix = (
                "delete it and erase the renewal too, or write the renewal out as a row of its own: badge, awarded (its date), name, "
                "email and what else this record gives"
            )
        return Problem(change.file, change.line, "LED014", what, fix)
    award = known.ledger.awards.get(target) or known.ledger.erased.get(target)
    if award is None or award.issuer != change.issuer:
        fix = "the id is the part of the page's address behind /c/; a row that is not issued yet is simply deleted"
        what = "this is not the id of a credential, which has 26 letters and digits"
        if is_base32_id(target):  # else it may be the recipient's name
            what = f"no credential of this issuer has the id {target!r}"
        return Problem(change.file, change.line, "LED006", what, fix)
    if isinstance(award, StoredAward) and _names_recipient(known, change, award):
        what, fix = "the recipient's e-mail address stands in the note, which is published", "take it out"
        return Problem(change.file, change.line_of(("note",)), "REC018", what, fix)
    return None


def _names_recipient(known: _Known, change: Change, award: StoredAward) -> bool:
    row, note = known.matched.rows.get(award.id), getattr(change.record, "note", None) or ""
    own = getattr(change.record, "email", None)
    addresses = [address for address in (row.award.email if row else None, own) if address]
    return holds_address(note) or any(holds_address(note, address) for address in addresses)


# --- corrections and renewals -----------------------------------------------------------------------------------------


def _check_corrections(known: _Known, changes: list[Change]) -> ChangeFacts:
    """Pending corrections, each on top of those before it."""
    applied = {version.change for award in known.ledger.awards.values() for version in award.versions}
    revoked = {change.record.target for change in known.repository.changes if change.record.kind == "revoke"}
    latest, corrected = dict[str, Row](), dict[str, Row]()
    pending, problems = list[Change](), list[Problem]()
    to_do = [change for change in changes if change_digest(change.record) not in applied]
    for change in sorted(to_do, key=lambda change: change.order):
        target = change.record.target
        row = latest.get(target) or known.matched.rows.get(target)
        if target in revoked:
            what = "this corrects a credential that is revoked"
            fix = "delete the correction, or the revocation if it is new"
            problems.append(Problem(change.file, change.line, "LED013", what, fix))
        elif row is not None and known.index.changes[change_digest(change.record)] is change:
            after, found = _corrected(change, row)
            problems += found
            if after:
                problems += _undescribed_results(known, change)
                corrected[change.file] = latest[target] = after
                pending.append(change)
    return ChangeFacts(pending, corrected, problems)


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
    return replace(row, award=award, file=change.file, line=change.line, lines=change.lines, unsaid=change.unsaid), []


def _undescribed_results(known: _Known, change: Change) -> Iterator[Problem]:
    """A correction keeps the achievement as it was signed, so it can state only the results that this describes."""
    award, stated = known.ledger.awards[change.record.target], getattr(change.record, "results", None) or {}
    if not stated:
        return
    try:
        described = known.ledger.credential(award, award.current).subject.achievement.results
    except (OSError, EncodingError, CredentialFormError):
        return  # said where signed files are looked at
    for key in stated.keys() - {result.key for result in described}:
        what = f"the achievement, as it was signed in this credential, has no result {key!r}"
        fix = "take it out; to state it, revoke this award and write it anew"
        yield Problem(change.file, change.line_of(("results",)), "REC020", what, fix)


def _check_renewals(known: _Known, changes: list[Change], corrections: ChangeFacts) -> Iterator[Problem]:
    """Renewals became rows when rows were matched; here is what forbids one."""
    pending = {row.file for row in known.matched.pending_rows if row.renews}
    revoked = {change.record.target for change in known.repository.changes if change.record.kind == "revoke"}
    # An award whose row is not found says nothing: this record may be the one that made it.
    renewed = {old: award.id for old, award in known.matched.renewed_by.items() if award.id in known.matched.rows}
    for change in changes:
        target = change.record.target
        if target not in known.ledger.awards or change.file not in pending:
            continue
        awarded = _day_once_corrected(known.ledger.awards[target], corrections)
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


def _day_once_corrected(award: StoredAward, corrections: ChangeFacts) -> str:
    """The day of an award when its pending corrections are applied."""
    files = [change.file for change in corrections.pending if change.record.target == award.id]
    days = [corrections.corrected[file].award.awarded.isoformat() for file in files]
    return [award.awarded, *days][-1]


# --- revocations and erasures -----------------------------------------------------------------------------------------


def _check_revocations(known: _Known, changes: list[Change]) -> ChangeFacts:
    written: dict[str, Change] = {}
    pending, problems = list[Change](), list[Problem]()
    applied = {award.current.change for award in known.ledger.awards.values()}
    # Of two records the one that was applied stays.
    for change in sorted(changes, key=lambda change: change_digest(change.record) not in applied):
        award = known.ledger.awards[change.record.target]
        if award.id in written:
            what = f"{award.id} is revoked already by {written[award.id].file}"
            fix = "delete one of the two records; if one of them was applied already, this one"
            problems.append(Problem(change.file, change.line, "LED006", what, fix))
            continue
        written[award.id] = change
        if award.current.state == "active":
            pending.append(change)
    return ChangeFacts(pending, problems=problems)


def _check_erasures(known: _Known, changes: list[Change]) -> ChangeFacts:
    pending, problems = list[Change](), list[Problem]()
    for change in changes:
        target = change.record.target
        if known.index.erasures[target] is not change:
            what = f"{target} is erased already by {known.index.erasures[target].file}"
            problems.append(Problem(change.file, change.line, "LED006", what, "delete one of the two records"))
        elif target in known.matched.rows:
            row = known.matched.rows[target]
            what = f"this row is of the credential that {change.file} erases"
            fix = (
                "delete the row as well: an erasure removes what ties it to the credential, so it would be issued anew"
            )
            problems.append(Problem(row.file, row.line, "LED014", what, fix))
        elif target in known.ledger.awards:
            pending.append(change)
    for award in known.ledger.erased.values():
        if award.id not in known.index.erasures:
            what = f"the record that erased {award.id} was removed after it was applied"
            fix = "put it back as it was: the page states its date"
            problems.append(Problem(f"{award.folder}/award.json", 0, "LED007", what, fix))
    return ChangeFacts(pending, problems=problems)
