"""What pending changes will do, in words, and the credentials that pending corrections would become.

None has an id: outside of its own folder, nothing on a site leads to an unlisted credential."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from site_builder.encoding import parse_json
from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.documents import corrected_document, document_of
from site_builder.records.load.award_files import Change, Row
from site_builder.records.models.changes import CorrectRecord, EraseRecord, RevokeRecord
from site_builder.site.context import Site
from site_builder.site.pages.credential import withdrawal
from site_builder.wording import format_date

__all__ = ["corrected_drafts", "shown_changes"]

# What `issue` has yet to draw. It is not shown.
_NO_PLACE = (1, 0)


def corrected_drafts(site: Site) -> Iterator[tuple[Row, dict[str, Any]]]:
    """For each pending correction the award as corrected, and the credential that would be signed: each on top of those before it."""
    latest: dict[str, dict[str, Any]] = {}
    for change in site.state.pending_changes:
        if isinstance(change.record, CorrectRecord):
            row, award = site.state.corrected[change.file], site.state.ledger.awards[change.record.target]
            previous = latest.get(award.id) or _current(site, award)
            latest[award.id] = _corrected(site, award, row, previous=previous, record=change.record)
            yield row, latest[award.id]


def _corrected(
    site: Site, award: StoredAward, row: Row, *, previous: dict[str, Any], record: CorrectRecord
) -> dict[str, Any]:
    badge, issuer = site.state.repository.badges[award.badge], site.state.repository.issuers[award.issuer]
    # Without the hash of an address: its salt is drawn when it is signed.
    rebuilt = document_of(row, badge, issuer, base=site.base, award_id="draft", salt=None, place=_NO_PLACE)
    return corrected_document(previous, rebuilt, fields={*record.given, *record.remove})


def _current(site: Site, award: StoredAward) -> dict[str, Any]:
    document: dict[str, Any] = parse_json(site.state.ledger.read_credential(award, award.current))
    return document


def shown_changes(site: Site, pages: dict[str, str]) -> list[dict[str, Any]]:
    """What each pending change but renewals, which are rows, will do. pages: of the drafts of corrections, by their files."""
    return [_shown(site, change, pages) for change in site.state.pending_changes]


def _shown(site: Site, change: Change, pages: dict[str, str]) -> dict[str, Any]:
    award, record = site.state.ledger.awards[change.record.target], change.record
    document = _current(site, award)
    shown: dict[str, Any] = {
        "kind": record.kind,
        "record": f"{change.file}:{change.line}",
        "achievement": document["name"],
        "awarded": format_date(document["awardedDate"]),
        "date": format_date(record.date.isoformat()),
    }
    if isinstance(record, RevokeRecord):
        return shown | withdrawal(record)
    if isinstance(record, CorrectRecord):
        fields = [*record.given, *record.remove]
        return shown | {
            "path": pages[change.file],
            "name": site.state.corrected[change.file].award.name,
            "fields": fields,
            "note": record.note or "",
            "withholds": bool(record.withhold_previous),
        }
    assert isinstance(record, EraseRecord)
    return shown
