"""Rows and corrections that release 0.1 read otherwise: what was signed of them stays what they say."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from site_builder.ledger.store.identity import change_digest, row_digest
from site_builder.ledger.store.ledger import Ledger
from site_builder.records.load.award_files import Change, Row
from site_builder.records.load.repository import Repository

__all__ = ["as_signed"]


def as_signed(repository: Repository, ledger: Ledger) -> Repository:
    """The repository with each row and correction as it was read when it was signed or applied; what is pending is read anew.

    Renewals are looked at where rows are matched: their rows depend on those of the awards that they renew."""
    versions = [version for award in ledger.awards.values() for version in award.versions]
    rows, changes = {version.row for version in versions}, {version.change or "" for version in versions}
    return replace(
        repository,
        rows=[_row(row, rows) for row in repository.rows],
        changes=[_change(change, changes) for change in repository.changes],
    )


def _row(row: Row, signed: AbstractSet[str]) -> Row:
    if row.former is None or row_digest(row.award) in signed or row_digest(row.former) not in signed:
        return row
    return replace(row, award=row.former)


def _change(change: Change, applied: AbstractSet[str]) -> Change:
    if change.former is None or change_digest(change.record) in applied or change_digest(change.former) not in applied:
        return change
    return replace(change, record=change.former)
