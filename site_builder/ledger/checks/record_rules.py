"""All rules over what people write, held against what was signed: for a check of what is there, and of what is about to be written."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.errors import Problem
from site_builder.ledger.checks.changes import check_changes, index_changes
from site_builder.ledger.checks.matching import match_rows
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.records.load.award_files import Row
from site_builder.records.load.rules import check_pending, check_records
from site_builder.records.models.changes import CorrectRecord

__all__ = ["check_rows_and_changes"]


def check_rows_and_changes(state: CheckedRepository, *, incomplete: bool) -> Iterator[Problem]:
    """The problems of rows and changes; what is issued and what is pending is filled into the state on the way.

    incomplete: some record could not be read, so an award without a row proves nothing."""
    yield from check_records(state.repository)
    yield from index_changes(state)
    yield from match_rows(state, incomplete=incomplete)
    yield from check_changes(state)
    yield from check_pending([*state.pending_rows, *_restated(state)], state.repository)


def _restated(state: CheckedRepository) -> list[Row]:
    """The corrected rows whose results or credits are new: what a correction leaves alone stays as it was signed."""
    return [
        state.corrected[change.file]
        for change in state.pending_changes
        if isinstance(change.record, CorrectRecord) and {"results", "credits_earned"} & change.record.given.keys()
    ]
