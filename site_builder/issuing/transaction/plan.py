"""What `issue` would do, worked out without a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.key_documents import KeyDocument, key_document
from site_builder.ledger.store.ledger import status_file
from site_builder.records.load.award_files import Change, Row
from site_builder.records.models.periods import last_valid_day

__all__ = ["IssuePlan", "awards_of_keys", "compromised_keys", "plan_issue"]


@dataclass(frozen=True)
class IssuePlan:
    """What `issue` would do: sign rows, apply changes, write status lists, and draw the pictures that they need.

    resign: awards whose proofs are to be replaced. compromised: names of keys in wrong hands, by issuer."""

    rows: tuple[Row, ...] = ()
    changes: tuple[Change, ...] = ()
    lists: tuple[tuple[str, int], ...] = ()
    renderings: tuple[str, ...] = ()
    resign: tuple[StoredAward, ...] = ()
    compromised: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def issuers(self) -> list[str]:
        """The issuers whose keys are needed."""
        names = {row.issuer for row in self.rows} | {award.issuer for award in self.resign}
        # An erasure signs nothing by itself; the list that it changes is signed.
        names |= {change.issuer for change in self.changes}
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
        lines += [
            f"{change.record.kind:<6} {change.record.target} ({change.file}:{change.line})" for change in self.changes
        ]
        lines += [f"resign {award.id} ({award.badge})" for award in self.resign]
        return lines + [f"write  {status_file(issuer, number)}" for issuer, number in self.lists]

    def describe_rows(self, checked: CheckedRepository, *, today: date) -> list[str]:
        """Each row that would be signed, with its name: a last look before what cannot be changed. For a person, never a log."""
        badges = checked.repository.badges
        days = [last_valid_day(row.award, badges[row.award.badge].record) for row in self.rows]
        return [_describe_row(row, day, today=today) for row, day in zip(self.rows, days, strict=True)]

    def describe_first_signatures(self, checked: CheckedRepository) -> list[str]:
        """What is frozen when an issuer with a `did:` of its own signs for the first time, a line for each."""
        ledger, repository = checked.ledger, checked.repository
        signed = {award.issuer for award in (*ledger.awards.values(), *ledger.erased.values())}
        new = [repository.issuers[slug] for slug in self.issuers if slug not in signed]
        return [_describe_did(key_document(issuer, repository.config.base)) for issuer in new if issuer.record.did]


def _describe_did(keys: KeyDocument) -> str:
    place = f"After the next build {keys.advice()}." if keys.advice() else f"The site publishes its keys at {keys.url}."
    return f"{keys.issuer} signs for the first time, as {keys.did}: that can never be changed. {place}"


_MARGIN = "       "


def _describe_row(row: Row, last_day: date | None, *, today: date) -> str:
    award = row.award
    until = f", valid until {last_day}" if last_day else ", with no end"
    later = " (a day to come)" if award.awarded > today else ""
    return f"{_MARGIN}{row.file}:{row.line} {award.name}: {award.badge}, awarded {award.awarded}{later}{until}"


def plan_issue(checked: CheckedRepository, *, issuer: str | None = None, resign: bool = False) -> IssuePlan:
    """What is pending, of one issuer or of all. resign: also the awards that carry a proof by a compromised key."""
    rows = tuple(row for row in checked.pending_rows if issuer in (None, row.issuer))
    changes = tuple(change for change in checked.pending_changes if issuer in (None, change.issuer))
    lists = tuple(entry for entry in checked.stale if issuer in (None, entry[0]))
    pictured = [f"badges/{slug}" for slug in sorted({row.award.badge for row in rows})]
    pictured += [
        f"issuers/{slug}" for slug in sorted({row.issuer for row in rows}) if checked.repository.issuers[slug].logo
    ]
    missing = [f"{folder}/rendered" for folder in pictured if folder not in checked.renderings]
    compromised = compromised_keys(checked)
    signed_anew = awards_of_keys(checked, compromised, issuer=issuer, but=changes) if resign else ()
    return IssuePlan(rows, changes, lists, tuple(missing), signed_anew, compromised)


def compromised_keys(checked: CheckedRepository) -> dict[str, frozenset[str]]:
    """Names of the keys that are in wrong hands, by issuer."""
    return {
        slug: frozenset(key.id for key in issuer.keys if key.state == "compromised")
        for slug, issuer in checked.repository.issuers.items()
    }


def awards_of_keys(
    checked: CheckedRepository,
    keys: Mapping[str, frozenset[str]],
    *,
    issuer: str | None = None,
    but: Iterable[Change] = (),
) -> tuple[StoredAward, ...]:
    """The awards of which a file that is kept carries a proof by one of the keys. but: changes that erase some of them."""
    erased = {change.record.target for change in but if change.record.kind == "erase"}
    return tuple(
        award
        for award in checked.ledger.awards.values()
        if issuer in (None, award.issuer)
        and award.id not in erased
        and any(version.key in keys.get(award.issuer, ()) for version in award.kept)
    )
