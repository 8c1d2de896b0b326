"""All rules over what people write, held against what was signed: for a check of what is there, and of what is about to be written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from site_builder.errors import Problem
from site_builder.ledger.checks.change_index import ChangeIndex, index_changes
from site_builder.ledger.checks.changes import ChangeFacts, check_changes
from site_builder.ledger.checks.matching import Matched, match_rows
from site_builder.ledger.store.ledger import Ledger
from site_builder.records.fields.file_names import is_device_name
from site_builder.records.fields.kinds import slug_refusal
from site_builder.records.formats.regular_files import list_folder
from site_builder.records.load.award_files import Row
from site_builder.records.load.repository import Repository
from site_builder.records.load.rules import check_pending, check_records
from site_builder.records.load.signed_texts import check_definitions, check_note, check_texts
from site_builder.records.models.award import AwardDetails
from site_builder.records.models.changes import CorrectRecord

__all__ = ["RecordFacts", "check_rows_and_changes"]


@dataclass(frozen=True)
class RecordFacts:
    """What is issued, what is pending, and the problems of all rows and changes."""

    index: ChangeIndex
    matched: Matched
    changes: ChangeFacts
    problems: Sequence[Problem]


def check_rows_and_changes(repository: Repository, ledger: Ledger, *, incomplete: bool) -> RecordFacts:
    """What rows and changes come to.

    incomplete: some record could not be read, so an award without a row proves nothing."""
    index = index_changes(repository.changes)
    matched = match_rows(repository, ledger, index, incomplete=incomplete)
    changes = check_changes(repository, ledger, index, matched)
    problems = [
        *check_records(repository),
        *_check_new_folders(repository, ledger),
        *index.problems,
        *matched.problems,
        *changes.problems,
        *check_pending([*matched.pending_rows, *_rows_with_new_results(changes)], repository),
        *_check_new_texts(matched, changes, repository),
    ]
    return RecordFacts(index, matched, changes, problems)


def _check_new_folders(repository: Repository, ledger: Ledger) -> Iterator[Problem]:
    """Names of folders that Windows cannot check out. One that was signed is part of addresses, and stays."""
    awards = [*ledger.awards.values(), *ledger.erased.values()]
    signed = {"badges": {award.badge for award in awards}, "issuers": {award.issuer for award in awards}}
    for folder, names in signed.items():
        for name, is_folder in list_folder(repository.root, folder, []):
            if is_folder and is_device_name(name) and name not in names:
                reason, fix = slug_refusal(name)
                yield Problem(f"{folder}/{name}", 0, "FIL005", f"this name {reason}", fix)


def _check_new_texts(matched: Matched, changes: ChangeFacts, repository: Repository) -> Iterator[Problem]:
    """The problems of what is to be signed for the first time: a renewal names a recipient that is published already."""
    yield from check_definitions(matched.pending_rows, repository)
    for row in matched.pending_rows:
        yield from check_texts(row, AwardDetails.model_fields if row.renews else None)
    for change in changes.pending:
        yield from check_note(change)
        if isinstance(change.record, CorrectRecord):
            yield from check_texts(changes.corrected[change.file], change.record.given)


def _rows_with_new_results(changes: ChangeFacts) -> list[Row]:
    """The corrected rows whose results or credits are new: what a correction leaves alone stays as it was signed."""
    return [
        changes.corrected[change.file]
        for change in changes.pending
        if isinstance(change.record, CorrectRecord) and {"results", "credits_earned"} & change.record.given.keys()
    ]
