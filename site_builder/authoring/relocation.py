"""A change of the site's address, worked out: what stays bound to the old one, and which awards to sign anew under the new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from site_builder.credentials.identifiers.did_web import did_document_url
from site_builder.credentials.openbadges3.build import signed_achievement
from site_builder.credentials.openbadges3.values import SignedAchievement
from site_builder.credentials.urls import signed_url
from site_builder.errors import UsageError
from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.definitions import achievement_of, issuer_did
from site_builder.ledger.store.identity import identity_digest
from site_builder.records.load.repository import Badge, Issuer
from site_builder.records.models.award import AwardRow
from site_builder.records.models.periods import last_valid_day
from site_builder.records.settings.site_config import unusable_base

__all__ = ["MovedIssuer", "Reissue", "Relocation", "plan_move"]


@dataclass(frozen=True)
class MovedIssuer:
    """What one issuer has at the old address.

    did: as it was signed; next_did: as the new site will have it, the same when issuer.yml names one. key_document: where the key of
    what was signed is looked for; key_moves: whether that lies at the old site. pages: credential pages, those of withdrawn ones too.
    signed_files: credentials that are published, each version. pictures: that signatures name. ended: active, and past their last day."""

    slug: str
    name: str
    did: str
    next_did: str
    key_document: str
    key_moves: bool
    pages: int
    signed_files: int
    status_lists: int
    pictures: int
    active: int
    ended: int
    revoked: int
    erased: int


@dataclass(frozen=True)
class Reissue:
    """An award to be signed anew: its row as it stands today, corrections included, which the new site signs.

    expires: its last valid day, None for no end. url: its page at the old address. is_redefined: its achievement is defined otherwise
    today than when it was signed, so that the new credential would say something else."""

    row: AwardRow
    issuer: str
    id: str
    url: str
    expires: date | None
    is_redefined: bool

    def as_json(self) -> dict[str, Any]:
        """Plain data for --json."""
        return {
            "id": self.id,
            "url": self.url,
            "issuer": self.issuer,
            "badge": self.row.badge,
            "name": self.row.name,
            "email": self.row.email or "",
            "awarded": self.row.awarded.isoformat(),
            "expires": self.expires.isoformat() if self.expires else None,
            "redefined": self.is_redefined,
        }


@dataclass(frozen=True)
class Relocation:
    """A move from one address of the site to another, both with a trailing slash."""

    base: str
    to: str
    issuers: tuple[MovedIssuer, ...]
    restated: tuple[Reissue, ...]
    pending: int

    def as_json(self) -> dict[str, Any]:
        """Plain data for --json."""
        return {
            "from": self.base,
            "to": self.to,
            "issuers": [asdict(issuer) for issuer in self.issuers],
            "reissue": [award.as_json() for award in self.restated],
            "pending": self.pending,
        }


def plan_move(checked: CheckedRepository, to: str, *, now: datetime) -> Relocation:
    """What a move of a repository without problems to another address means. now: aware. Raises UsageError for an unusable address."""
    base, target = checked.repository.config.base, _target(to)
    if target == base:
        raise UsageError(f"{target} is the address that this site has: nothing moves")
    ends = {
        award.id: _end(checked, award) for award in checked.ledger.awards.values() if award.current.state == "active"
    }
    lasting = {award_id for award_id, end in ends.items() if end is None or end >= now}
    issuers = tuple(
        _moved_issuer(checked, issuer, target, lasting=lasting) for issuer in checked.repository.issuers.values()
    )
    pending = len(checked.pending_rows) + len(checked.pending_changes) + len(checked.stale)
    return Relocation(base, target, issuers, tuple(_with_distinct_refs(_reissues(checked, lasting))), pending)


def _target(to: str) -> str:
    reason = unusable_base(to)
    if reason:
        raise UsageError(f"{to} cannot be a site's address: it {reason}")
    return to if to.endswith("/") else f"{to}/"


def _end(checked: CheckedRepository, award: StoredAward) -> datetime | None:
    """The last moment of an award, as it was signed."""
    return checked.ledger.credential(award, award.current).valid_until


def _moved_issuer(checked: CheckedRepository, issuer: Issuer, to: str, *, lasting: set[str]) -> MovedIssuer:
    base = checked.repository.config.base
    did, next_did = issuer_did(issuer, base), issuer_did(issuer, to)
    key_document = did_document_url(did)
    awards = [award for award in checked.ledger.awards.values() if award.issuer == issuer.slug]
    erased = sum(award.issuer == issuer.slug for award in checked.ledger.erased.values())
    active = [award.id for award in awards if award.current.state == "active"]
    return MovedIssuer(
        slug=issuer.slug,
        name=issuer.record.name,
        did=did,
        next_did=next_did,
        key_document=key_document,
        key_moves=urlsplit(key_document).netloc == urlsplit(base).netloc,
        pages=len(awards) + erased,
        signed_files=sum(len(award.kept) for award in awards),
        status_lists=sum(slug == issuer.slug for slug, _ in checked.ledger.lists),
        pictures=sum(_owner(checked, path) == issuer.slug for path in checked.pictures),
        active=len(lasting.intersection(active)),
        ended=len(set(active) - lasting),
        revoked=len(awards) - len(active),
        erased=erased,
    )


def _owner(checked: CheckedRepository, picture: str) -> str:
    """The issuer whose picture lies at a path below the base."""
    kind, slug, _ = picture.split("/", 2)
    return checked.repository.badges[slug].record.issuer if kind == "badges" else slug


def _reissues(checked: CheckedRepository, lasting: set[str]) -> Iterable[Reissue]:
    """The awards that are in force, in the order in which they were written down."""
    for award_id in sorted(lasting, key=lambda award_id: _place(checked, award_id)):
        award, row = checked.ledger.awards[award_id], checked.rows[award_id].award
        badge, credential = checked.repository.badges[award.badge], checked.ledger.credential(award, award.current)
        end = credential.valid_until.date() if credential.valid_until else None
        yield Reissue(
            row=_with_end(row, badge, end),
            issuer=award.issuer,
            id=award_id,
            url=signed_url(checked.repository.config.base, "page", id=award_id),
            expires=end,
            is_redefined=_is_redefined(checked, badge, credential.subject.achievement),
        )


def _place(checked: CheckedRepository, award_id: str) -> tuple[str, int]:
    row = checked.rows[award_id]
    return row.file, row.line


def _with_end(row: AwardRow, badge: Badge, end: date | None) -> AwardRow:
    """The row with its last day as it was signed, where the achievement's validity of today would give another."""
    if end == last_valid_day(row, badge.record):
        return row
    return AwardRow(**row.as_digested() | {"expires": end.isoformat() if end else "never"})


def _is_redefined(checked: CheckedRepository, badge: Badge, signed: SignedAchievement) -> bool:
    """Whether an achievement says something else today than in a credential, whatever it looks like."""
    issuer = checked.repository.issuers[badge.record.issuer]
    present = signed_achievement(achievement_of(badge, issuer, image_digest=""), base=checked.repository.config.base)
    return present != replace(signed, image=None)


def _with_distinct_refs(awards: Iterable[Reissue]) -> Iterable[Reissue]:
    """The awards, with a `ref` where two rows would be the same award by now, since both were corrected to the same."""
    seen: set[tuple[str, str]] = set()
    for award in awards:
        row, number = award.row, 1
        while (award.issuer, identity_digest(row)) in seen:
            number += 1
            row = AwardRow(**award.row.as_digested() | {"ref": f"moved-{number}"})
        seen.add((award.issuer, identity_digest(row)))
        yield Reissue(row, award.issuer, award.id, award.url, award.expires, award.is_redefined)
