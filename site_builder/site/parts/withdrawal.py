"""What a page says of a revocation."""

from __future__ import annotations

from dataclasses import dataclass

from site_builder.records.models.changes import RevokeRecord
from site_builder.verification.catalogue import wording
from site_builder.wording import format_date

__all__ = ["Withdrawal", "withdrawal"]


@dataclass(frozen=True)
class Withdrawal:
    """When and why, in words."""

    date: str
    reason: str


def withdrawal(change: RevokeRecord) -> Withdrawal:
    """What the page of a withdrawn credential says of its revocation."""
    return Withdrawal(format_date(change.date.isoformat()), wording()["reason"][change.reason])
