"""Open Badges 3.0 credentials on VC Data Model 2.0: one award in, one JSON document out, with the addresses and the dates that it states.

Sources: Open Badges 3.0, Data Model (AchievementSubject, IdentityObject); VCDM 2.0, 4.9."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from site_builder.credentials.openbadges3.values import (
    Alignment,
    Credential,
    Evidence,
    Image,
    Issuer,
    Number,
    Result,
    ResultDescription,
    SignedAchievement,
    StatusListEntry,
    Subject,
)
from site_builder.credentials.openbadges3.write import write_achievement, write_credential, write_issuer
from site_builder.credentials.urls import signed_url

__all__ = [
    "Achievement",
    "Award",
    "Profile",
    "Stated",
    "build_achievement",
    "build_award",
    "build_credential",
    "build_profile",
    "build_stated",
    "day_end",
    "day_start",
    "hash_email",
    "json_number",
    "signed_achievement",
]


@dataclass(frozen=True)
class Profile:
    """Who issues. did: did:web. logo_digest: first 32 hex of the rendered logo's SHA-256, or ""."""

    slug: str
    did: str
    name: str
    url: str
    logo_digest: str = ""


@dataclass(frozen=True)
class Achievement:
    """What can be earned. narrative: Markdown. tags include `category:` and `level:`. image_digest: as logo_digest."""

    slug: str
    name: str
    description: str
    narrative: str
    language: str
    image_digest: str = ""
    image_caption: str = ""
    achievement_type: str = ""
    tags: tuple[str, ...] = ()
    credits: Decimal | None = None
    version: str = ""
    skills: tuple[Alignment, ...] = ()
    results: tuple[ResultDescription, ...] = ()


@dataclass(frozen=True)
class Award:
    """One award of an achievement to a recipient, as it will be signed.

    last_valid_day: the last day on which it holds, or None. email_salt: None leaves the address out altogether;
    salt_is_public: whether the credential itself carries the salt. stated: as in Subject; its order is that of the JSON."""

    id: str
    file: str
    awarded: date
    last_valid_day: date | None
    name: str
    list_number: int
    index: int
    recipient_id: str = ""
    email: str = ""
    email_salt: str | None = None
    salt_is_public: bool = False
    stated: Mapping[str, str | Number] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    results: tuple[Result, ...] = ()


def day_start(day: date, zone: ZoneInfo) -> str:
    """00:00:00 of a calendar day with the zone's offset, e.g. ``2026-05-14T00:00:00+02:00``; never converted to Z."""
    return _stamp(day, time(0, 0, 0), zone)


def day_end(day: date, zone: ZoneInfo) -> str:
    """23:59:59 of a calendar day with the zone's offset."""
    return _stamp(day, time(23, 59, 59), zone)


# The awards of a cohort are of one day.
@lru_cache(maxsize=1_024)
def _stamp(day: date, at: time, zone: ZoneInfo) -> str:
    # fold=0: of an hour that a clock change repeats, the first.
    offset = datetime.combine(day, at, tzinfo=zone).utcoffset() or timedelta(0)
    # Before standard time, offsets had seconds, which dateTimeStamp cannot say (XML Schema 1.1, part 2, 3.3.7).
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{day.isoformat()}T{at.isoformat()}{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def hash_email(email: str, salt: str) -> str:
    """identityHash of an e-mail address: NFC, trimmed and lower-cased before; the salt is appended as text.

    Source: Open Badges 3.0, IdentityHash."""
    return "sha256$" + hashlib.sha256((email.lower() + salt).encode("utf-8")).hexdigest()


def build_profile(profile: Profile, *, base: str) -> dict[str, Any]:
    """The issuer as credentials state it. base: https, with a trailing slash."""
    return write_issuer(_issuer(profile, base))


def build_achievement(achievement: Achievement, *, base: str) -> dict[str, Any]:
    """The achievement as credentials and achievement.json state it."""
    return write_achievement(signed_achievement(achievement, base=base))


@dataclass(frozen=True)
class Stated:
    """What all awards of an achievement state alike, put together once, so that a thousand awards take a tenth of the time.

    base: https, with a trailing slash. issuer_json, achievement_json: parts of each of the documents, which are not to be changed."""

    profile: Profile
    zone: ZoneInfo
    base: str
    issuer: Issuer
    achievement: SignedAchievement
    issuer_json: dict[str, Any]
    achievement_json: dict[str, Any]


def build_stated(*, achievement: Achievement, profile: Profile, zone: ZoneInfo, base: str) -> Stated:
    """What all awards of an achievement state alike."""
    issuer, signed = _issuer(profile, base), signed_achievement(achievement, base=base)
    return Stated(profile, zone, base, issuer, signed, write_issuer(issuer), write_achievement(signed))


def build_credential(
    award: Award, *, achievement: Achievement, profile: Profile, zone: ZoneInfo, base: str
) -> dict[str, Any]:
    """An OpenBadgeCredential without proof, in the strict JSON form (arrays where the schema says array)."""
    return build_award(award, build_stated(achievement=achievement, profile=profile, zone=zone, base=base))


def build_award(award: Award, stated: Stated) -> dict[str, Any]:
    """As build_credential; the document shares its issuer and its achievement with others, so nothing of it is to be changed."""
    base, zone, last = stated.base, stated.zone, award.last_valid_day
    status_list = signed_url(base, "status list", issuer=stated.profile.slug, number=str(award.list_number))
    awarded = datetime.fromisoformat(day_start(award.awarded, zone))
    credential = Credential(
        id=signed_url(base, "credential", id=award.id, file=award.file),
        name=stated.achievement.name,
        issuer=stated.issuer,
        valid_from=awarded,
        awarded=awarded,
        valid_until=datetime.fromisoformat(day_end(last, zone)) if last else None,
        subject=_subject(award, stated.achievement),
        status=StatusListEntry(status_list, award.index),
        evidence=award.evidence,
    )
    return write_credential(credential, issuer=stated.issuer_json, achievement=stated.achievement_json)


def _issuer(profile: Profile, base: str) -> Issuer:
    digest = profile.logo_digest
    image = signed_url(base, "issuer image", issuer=profile.slug, digest=digest) if digest else ""
    return Issuer(profile.did, profile.name, profile.url, image)


def signed_achievement(achievement: Achievement, *, base: str) -> SignedAchievement:
    """The achievement with the addresses that credentials give it. base: https, with a trailing slash."""
    slug, digest = achievement.slug, achievement.image_digest
    image = signed_url(base, "achievement image", badge=slug, digest=digest)
    return SignedAchievement(
        id=signed_url(base, "achievement", badge=slug),
        name=achievement.name,
        description=achievement.description,
        criteria_url=signed_url(base, "criteria", badge=slug),
        criteria=achievement.narrative,
        language=achievement.language,
        image=Image(image, achievement.image_caption) if digest else None,
        type=achievement.achievement_type,
        tags=achievement.tags,
        credits_available=achievement.credits if achievement.credits is None else json_number(achievement.credits),
        version=achievement.version,
        alignments=achievement.skills,
        results=achievement.results,
    )


def _subject(award: Award, achievement: SignedAchievement) -> Subject:
    hashed = hash_email(award.email, award.email_salt) if award.email and award.email_salt is not None else ""
    return Subject(
        name=award.name,
        achievement=achievement,
        id=award.recipient_id,
        email_hash=hashed,
        email_salt=award.email_salt or "" if hashed and award.salt_is_public else "",
        stated=award.stated,
        results=award.results,
    )


def json_number(value: Decimal) -> Number:
    """A decimal number as JSON writes it: 2 and not 2.0."""
    return int(value) if value == value.to_integral_value() else float(value)
