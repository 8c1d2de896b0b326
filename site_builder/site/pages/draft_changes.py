"""What pending changes will do, in words, and the credentials that pending corrections would become.

None has an id: outside of its own folder, nothing on a site leads to an unlisted credential."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.documents import corrected_document, document_of
from site_builder.records.load.award_files import Change, Row
from site_builder.records.models.changes import CorrectRecord, EraseRecord, RevokeRecord
from site_builder.site.context import Site
from site_builder.site.parts.withdrawal import withdrawal
from site_builder.wording import format_date

__all__ = ["ShownChange", "corrected_drafts", "shown_changes"]

# What `issue` has yet to draw. It is not shown.
_NO_ENTRY = (1, 0)


@dataclass(frozen=True)
class ShownChange:
    """What a pending change will do, in words. record: its file and line. awarded, date: as printed.

    reason: of a revocation. path: of the draft of a correction; fields: what it corrects; withholds: whether it takes the files before
    back."""

    kind: str
    record: str
    achievement: str
    awarded: str
    date: str
    reason: str = ""
    path: str = ""
    name: str = ""
    fields: tuple[str, ...] = ()
    withholds: bool = False


def corrected_drafts(site: Site) -> Iterator[tuple[Row, dict[str, Any]]]:
    """For each pending correction the award as corrected, and the credential that would be signed: each on top of those before it."""
    latest: dict[str, dict[str, Any]] = {}
    for change in site.checked.pending_changes:
        if isinstance(change.record, CorrectRecord):
            row, award = site.checked.corrected[change.file], site.checked.ledger.awards[change.record.target]
            previous = latest.get(award.id) or site.signed(award, award.current).document
            latest[award.id] = _corrected(site, award, row, previous=previous, record=change.record)
            yield row, latest[award.id]


def _corrected(
    site: Site, award: StoredAward, row: Row, *, previous: dict[str, Any], record: CorrectRecord
) -> dict[str, Any]:
    badge, issuer = site.checked.repository.badges[award.badge], site.checked.repository.issuers[award.issuer]
    # Without the hash of an address: its salt is drawn when it is signed.
    rebuilt = document_of(row, badge, issuer, base=site.base, award_id="draft", salt=None, status_entry=_NO_ENTRY)
    return corrected_document(previous, rebuilt, fields={*record.given, *record.remove})


def shown_changes(site: Site, pages: dict[str, str]) -> Iterator[ShownChange]:
    """What each pending change but renewals, which are rows, will do. pages: of the drafts of corrections, by their files."""
    for change in site.checked.pending_changes:
        yield _shown(site, change, pages)


def _shown(site: Site, change: Change, pages: dict[str, str]) -> ShownChange:
    award, record = site.checked.ledger.awards[change.record.target], change.record
    credential = site.signed(award, award.current).credential
    shown = ShownChange(
        kind=record.kind,
        record=f"{change.file}:{change.line}",
        achievement=credential.name,
        awarded=format_date(credential.awarded),
        date=format_date(record.date.isoformat()),
    )
    if isinstance(record, RevokeRecord):
        return replace(shown, reason=withdrawal(record).reason)
    if isinstance(record, CorrectRecord):
        return replace(
            shown,
            path=pages[change.file],
            name=site.checked.corrected[change.file].award.name,
            fields=(*record.given, *record.remove),
            withholds=bool(record.withhold_previous),
        )
    assert isinstance(record, EraseRecord)
    return shown
