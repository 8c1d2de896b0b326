"""What `issue` would do, worked out without a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from site_builder.ledger.renderings import find_rendering
from site_builder.ledger.state import State
from site_builder.ledger.store import status_file
from site_builder.records.award_files import Change, Row
from site_builder.records.model import last_valid_day

__all__ = ["IssuePlan", "plan_issue"]


@dataclass(frozen=True)
class IssuePlan:
    """What `issue` would do: sign rows, apply changes, write status lists, and draw the pictures that they need."""

    rows: tuple[Row, ...] = ()
    changes: tuple[Change, ...] = ()
    lists: tuple[tuple[str, int], ...] = ()
    renderings: tuple[str, ...] = ()

    @property
    def issuers(self) -> list[str]:
        """The issuers whose keys are needed."""
        names = {row.issuer for row in self.rows} | {change.issuer for change in self.changes}
        return sorted(names | {issuer for issuer, _ in self.lists})

    def describe(self) -> list[str]:
        """The plan in lines for people, by file; no names, so that it may stand in a log."""
        days: dict[tuple[str, str], list[str]] = {}
        for row in self.rows:
            days.setdefault((row.file, row.award.badge), []).append(row.award.awarded.isoformat())
        lines = [f"draw   {path}" for path in self.renderings]
        for (file, badge), dates in sorted(days.items()):
            period = f"{min(dates)} to {max(dates)}" if len(set(dates)) > 1 else dates[0]
            lines.append(f"sign   {file}: {len(dates)} × {badge}, awarded {period}")
        lines += [f"revoke {change.record.revoke} ({change.file}:{change.line})" for change in self.changes]
        return lines + [f"write  {status_file(issuer, number)}" for issuer, number in self.lists]

    def describe_rows(self, state: State, *, today: date) -> list[str]:
        """Each row that would be signed, with its name: a last look before what cannot be changed. For a person, never a log."""
        badges = state.repository.badges
        days = [last_valid_day(row.award, badges[row.award.badge].record) for row in self.rows]
        return [_describe_row(row, day, today=today) for row, day in zip(self.rows, days, strict=True)]


_MARGIN = "       "


def _describe_row(row: Row, last_day: date | None, *, today: date) -> str:
    award = row.award
    until = f", valid until {last_day}" if last_day else ", with no end"
    later = " (a day to come)" if award.awarded > today else ""
    return f"{_MARGIN}{row.file}:{row.line} {award.name}: {award.badge}, awarded {award.awarded}{later}{until}"


def plan_issue(state: State, *, issuer: str | None = None) -> IssuePlan:
    """What is pending, of one issuer or of all."""
    rows = tuple(row for row in state.pending_rows if issuer in (None, row.issuer))
    changes = tuple(change for change in state.pending_changes if issuer in (None, change.issuer))
    lists = tuple(entry for entry in state.stale if issuer in (None, entry[0]))
    badges = sorted({row.award.badge for row in rows})
    artworks = [(f"badges/{slug}/rendered", "image", state.repository.badges[slug].artwork) for slug in badges]
    for slug in sorted({row.issuer for row in rows}):
        logo = state.repository.issuers[slug].logo
        artworks += [(f"issuers/{slug}/rendered", "logo", logo)] if logo else []
    missing = [
        folder
        for folder, kind, artwork in artworks
        if not find_rendering(state.repository.root / folder, kind, artwork)
    ]
    return IssuePlan(rows, changes, lists, tuple(missing))
