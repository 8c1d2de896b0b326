"""What a page says of a revocation."""

from __future__ import annotations

from dataclasses import dataclass

from site_builder.records.models.changes import RevokeRecord
from site_builder.wording import format_date

__all__ = ["Withdrawal", "withdrawal"]

_REASONS = {
    "issued-in-error": "issued in error",
    "requirements-not-met": "the requirements were not met",
    "misconduct": "misconduct",
    "withdrawn-by-recipient": "withdrawn at the recipient's wish",
    "other": "another reason",
}


@dataclass(frozen=True)
class Withdrawal:
    """When and why, in words. note: "" when the record gives none."""

    date: str
    reason: str
    note: str


def withdrawal(change: RevokeRecord) -> Withdrawal:
    """What the page of a withdrawn credential says of its revocation."""
    return Withdrawal(format_date(change.date.isoformat()), _REASONS[change.reason], change.note or "")
