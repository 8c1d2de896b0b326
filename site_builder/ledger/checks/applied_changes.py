"""What was applied of records of change, held against the records that are there: it stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from site_builder.errors import Problem
from site_builder.ledger.checks.change_index import ChangeIndex
from site_builder.ledger.store.award_json import ErasedAward, StoredAward, Version
from site_builder.ledger.store.checked_repository import correction_of
from site_builder.ledger.store.identity import change_digest
from site_builder.ledger.store.ledger import RESTORE
from site_builder.records.load.award_files import Change

__all__ = ["check_applied", "is_recorded"]

_DONE = {"superseded": ("correct", "corrected"), "revoked": ("revoke", "revoked")}


def check_applied(award: StoredAward, index: ChangeIndex, changes: Sequence[Change]) -> Iterator[Problem]:
    """Each version that is not active any more names the record that ended it, which stays as it was. changes: all records."""
    if award.id in index.erasures:
        return
    for version in award.versions:
        if version.state != "active" and not _is_there(index, award, version):
            kind, done = _DONE[version.state]
            found = [c for c in changes if c.record.target == award.id and c.record.kind == kind]
            found = [c for c in found if change_digest(c.record) not in {v.change for v in award.versions}]
            file, line = (found[0].file, found[0].line) if found else (f"{award.folder}/award.json", 0)
            what = f"the record that {done} {award.id} was {'altered' if found else 'removed'} after it was applied"
            fix = f"put it back as it was: a {'revocation' if kind == 'revoke' else 'correction'} is final"
            if kind == "correct":
                fix += "; to correct the award again, add another record"
            yield Problem(file, line, "LED007", what, fix)
            return
    yield from _check_withheld(award, index)


def _check_withheld(award: StoredAward, index: ChangeIndex) -> Iterator[Problem]:
    """Files go only where the record of a later correction takes back all that came before it, and there they do."""
    is_wanted = False
    for number, version in reversed(list(enumerate(award.versions, 1))):
        correction = correction_of(index.changes, version)
        is_wanted = is_wanted or bool(correction and correction.withhold_previous)
        if is_wanted != bool(version.withheld):
            what = f"version {number} is {'not ' if is_wanted else ''}said to be withheld, against the records of corrections"
            yield Problem(f"{award.folder}/award.json", 0, "LED001", what, RESTORE)


def is_recorded(award: StoredAward | ErasedAward, index: ChangeIndex) -> bool:
    """Whether there are records of all that took files of an award away, or are to."""
    if isinstance(award, ErasedAward):
        return award.id in index.erasures
    return not any(_check_withheld(award, index))


def _is_there(index: ChangeIndex, award: StoredAward, version: Version) -> bool:
    change = index.changes.get(version.change or "")
    return (
        change is not None
        and change.record.target == award.id
        and change.issuer == award.issuer
        and change.record.kind == _DONE[version.state][0]
    )
