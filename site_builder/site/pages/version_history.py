"""What became of an award, as its page tells it: corrections with their days, what it renews, what renewed it, and its files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from site_builder.credentials.urls import signed_path
from site_builder.encoding import parse_json
from site_builder.ledger.store.award_json import StoredAward, Version
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.wording import format_date

__all__ = ["history_of"]

_NO_LINE = {"path": "", "text": "", "rest": ""}


def history_of(state: CheckedRepository, award: StoredAward) -> dict[str, Any]:
    """What a page tells of an award that is in force. The paths are below the site's root.

    history: a dated line for each correction. renews, renewal: the award before and the award after, each "" where there is none that is
    in force: nothing leads from a name to a credential that was withdrawn."""
    return {
        "history": list(_corrections(state, award)),
        "renews": _renews(state, award),
        "renewal": _renewal(state, award),
        "versions": [_file(number, version) for number, version in enumerate(award.versions, 1)],
    }


def _corrections(state: CheckedRepository, award: StoredAward) -> Iterator[dict[str, str]]:
    *before, _ = award.versions
    for number, version in enumerate(before, 1):
        correction = state.correction_of(version)
        if correction is None:
            continue
        day = correction.date.isoformat()
        text = f"Corrected on {format_date(day)}."
        if number == len(before):
            text += f" This page shows version {len(award.versions)}; {_superseded(before, day)}."
        yield {"text": text, "note": correction.note or ""}


def _superseded(versions: list[Version], day: str) -> str:
    """What became of the files before. day: of the correction, ISO 8601."""
    what = "withdrawn" if all(version.withheld for version in versions) else "superseded"
    if len(versions) > 1:
        return f"the files before are {what}"
    signed = versions[0].issued
    # Records may be written long before they are signed, and a file that is later than its correction would puzzle.
    is_told = what == "superseded" and signed[:10] <= day
    return f"the file of {format_date(signed)} is {what}" if is_told else f"the file before is {what}"


def _renews(state: CheckedRepository, award: StoredAward) -> dict[str, str]:
    old = state.ledger.awards.get(award.renews or "")
    if old is None or old.current.state != "active":
        return _NO_LINE
    return {"path": signed_path("page", id=old.id), "text": f"the award of {format_date(old.awarded)}", "rest": ""}


def _renewal(state: CheckedRepository, award: StoredAward) -> dict[str, str]:
    new = state.renewed_by.get(award.id)
    if new is None:
        return _NO_LINE
    document = parse_json(state.ledger.read_credential(new, new.current))
    end = document.get("validUntil")
    rest = f"holds until {format_date(end)}" if end else "has no end"
    return {"path": signed_path("page", id=new.id), "text": f"the award of {format_date(new.awarded)}", "rest": rest}


def _file(number: int, version: Version) -> dict[str, str]:
    """A version for the small print: one that was withheld has no file."""
    if version.withheld:
        return {"number": str(number), "file": "", "signed": ", withdrawn"}
    anew = f", anew {format_date(version.resigned)}" if version.resigned else ""
    return {"number": str(number), "file": version.file, "signed": f", signed {format_date(version.issued)}{anew}"}
