"""The dates of a credential: whether they can be, and whether now lies between them. Source: VCDM 2.0, 4.9 (Validity Period)."""

from __future__ import annotations

from typing import Any

from site_builder.credentials.timestamps import parse_timestamp
from site_builder.verification.content.statement import Statement
from site_builder.verification.finding import Finding
from site_builder.wording import format_date

__all__ = ["check_dates", "date_of"]


def check_dates(statement: Statement) -> Finding:
    """Whether the credential is valid now, by what it says of its beginning and its end."""
    document, now = statement.document, statement.now
    if "validFrom" not in document:
        return Finding("failed", "no_start")
    stated = {name: parse_timestamp(document.get(name)) for name in ("validFrom", "validUntil", "awardedDate")}
    start, end, awarded = stated.values()
    if start is None or any(moment is None and name in document for name, moment in stated.items()):
        return Finding("failed", "failed")
    if (end is not None and end < start) or (awarded is not None and awarded > start):
        return Finding("failed", "failed")
    words = {"from": format_date(document["validFrom"])} | (
        {"until": format_date(document["validUntil"])} if end else {}
    )
    if now < start:
        return Finding("failed", "not_yet_valid", words)
    if end is None:
        return Finding("passed", "passed", words)
    return Finding("failed", "expired", words) if now > end else Finding("passed", "passed_until", words)


def date_of(document: dict[str, Any], verdict: str) -> str:
    """The date that a verdict speaks of, as pages print it; "" when it speaks of none."""
    stamp = {"expired": "validUntil", "not_yet_valid": "validFrom"}.get(verdict)
    return format_date(document[stamp]) if stamp else ""
