"""The dates of a credential: whether they can be, and whether now lies between them. Source: VCDM 2.0, 4.9 (Validity Period)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from site_builder.verification.content.statement import Statement
from site_builder.verification.finding import Finding
from site_builder.wording import format_date

__all__ = ["check_dates", "date_of"]

# Hours to 23 and minutes to 59, also in the offset: what Python reads beyond that differs by version.
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_STAMP = re.compile(rf"\d{{4}}-\d\d-\d\dT{_TIME}:[0-5]\d(?:\.\d{{1,9}})?(?:Z|[+-]{_TIME})", re.ASCII)


def check_dates(statement: Statement) -> Finding:
    """Whether the credential is valid now, by what it says of its beginning and its end."""
    document, now = statement.document, statement.now
    try:
        start = _parse_stamp(document.get("validFrom"))
        end = _parse_stamp(document["validUntil"]) if "validUntil" in document else None
        awarded = _parse_stamp(document["awardedDate"]) if "awardedDate" in document else None
    except ValueError:
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


def _parse_stamp(text: Any) -> datetime:
    """An xsd:dateTimeStamp, to the second. Raises ValueError."""
    if not isinstance(text, str) or not _STAMP.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(re.sub(r"\.\d+", "", text))


def date_of(document: dict[str, Any], verdict: str) -> str:
    """The date that a verdict speaks of, as pages print it; "" when it speaks of none."""
    stamp = {"expired": "validUntil", "not_yet_valid": "validFrom"}.get(verdict)
    return format_date(document[stamp]) if stamp else ""
