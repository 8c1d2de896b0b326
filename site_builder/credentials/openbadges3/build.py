"""Open Badges 3.0 credentials on VC Data Model 2.0: one award in, one JSON document out, and the dates that it states.

Sources: Open Badges 3.0, Data Model (AchievementCredential, AchievementSubject, Achievement, Alignment, ResultDescription, Result, Profile,
IdentityObject); VCDM 2.0, 4.9."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from site_builder.credentials.securing.rdfc import CREDENTIALS_V2, OPEN_BADGES_3
from site_builder.credentials.urls import signed_url

__all__ = [
    "Achievement",
    "Alignment",
    "Award",
    "Evidence",
    "Profile",
    "Result",
    "ResultDescription",
    "build_achievement",
    "build_credential",
    "build_profile",
    "day_end",
    "day_start",
    "hash_email",
]


@dataclass(frozen=True)
class Profile:
    """Who issues. did: did:web. logo_digest: first 8 hex of the rendered logo's SHA-256, or ""."""

    slug: str
    did: str
    name: str
    url: str
    logo_digest: str = ""


@dataclass(frozen=True)
class Alignment:
    """What an achievement shows, as a framework names it. type: a word of AlignmentTargetType, or ""."""

    name: str
    url: str
    framework: str = ""
    code: str = ""
    description: str = ""
    type: str = ""


@dataclass(frozen=True)
class ResultDescription:
    """A result that an achievement can have. key: its name in addresses. type: ResultType. allowed: from the lowest to the highest.

    Numbers are text here as they are in the standard: 4.0 and 4 are one number, and not one grade."""

    key: str
    name: str
    type: str
    minimum: str = ""
    maximum: str = ""
    allowed: tuple[str, ...] = ()
    required: str = ""


@dataclass(frozen=True)
class Result:
    """A result that a recipient reached. key: of its ResultDescription. is_status: value is a word of ResultStatusType."""

    key: str
    value: str
    is_status: bool = False


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
class Evidence:
    """One piece of evidence: an https address, with a name and a description if the provider gave them."""

    url: str
    name: str = ""
    description: str = ""


@dataclass(frozen=True)
class Award:
    """One award of an achievement to a recipient, as it will be signed.

    last_valid_day: the last day on which it holds, or None. email_salt: None leaves the address out altogether;
    salt_is_public: whether the credential itself carries the salt."""

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
    narrative: str = ""
    license_number: str = ""
    credits_earned: Decimal | None = None
    evidence: tuple[Evidence, ...] = field(default=())
    role: str = ""
    activity_start: date | None = None
    activity_end: date | None = None
    results: tuple[Result, ...] = ()


def day_start(day: date, zone: ZoneInfo) -> str:
    """00:00:00 of a calendar day with the zone's offset, e.g. ``2026-05-14T00:00:00+02:00``; never converted to Z."""
    return _stamp(day, time(0, 0, 0), zone)


def day_end(day: date, zone: ZoneInfo) -> str:
    """23:59:59 of a calendar day with the zone's offset."""
    return _stamp(day, time(23, 59, 59), zone)


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
    """The issuer as an embedded object: a bare DID is refused by the 1EdTech validator."""
    document: dict[str, Any] = {"id": profile.did, "type": ["Profile"], "name": profile.name, "url": profile.url}
    if profile.logo_digest:
        document["image"] = {
            "id": signed_url(base, "issuer image", issuer=profile.slug, digest=profile.logo_digest),
            "type": "Image",
        }
    return document


def build_achievement(achievement: Achievement, *, base: str) -> dict[str, Any]:
    """The achievement as it stands in a credential and in achievement.json."""
    document: dict[str, Any] = {
        "id": signed_url(base, "achievement", badge=achievement.slug),
        "type": ["Achievement"],
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {"id": signed_url(base, "criteria", badge=achievement.slug), "narrative": achievement.narrative},
        "inLanguage": achievement.language,
    }
    if achievement.image_digest:
        image = signed_url(base, "achievement image", badge=achievement.slug, digest=achievement.image_digest)
        document["image"] = {"id": image, "type": "Image", "caption": achievement.image_caption}
    optional = {
        "achievementType": achievement.achievement_type,
        "tag": list(achievement.tags),
        "creditsAvailable": _number(achievement.credits),
        "version": achievement.version,
        "alignment": [_build_alignment(skill) for skill in achievement.skills],
        "resultDescription": [_describe_result(result, achievement.slug, base=base) for result in achievement.results],
    }
    return document | _given(optional)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", [], None)}


def _build_alignment(skill: Alignment) -> dict[str, Any]:
    return {"type": ["Alignment"], "targetName": skill.name, "targetUrl": skill.url} | _given(
        {
            "targetFramework": skill.framework,
            "targetCode": skill.code,
            "targetDescription": skill.description,
            "targetType": skill.type,
        }
    )


def _describe_result(result: ResultDescription, badge: str, *, base: str) -> dict[str, Any]:
    return {
        "id": signed_url(base, "result description", badge=badge, key=result.key),
        "type": ["ResultDescription"],
        "name": result.name,
        "resultType": result.type,
    } | _given(
        {
            "valueMin": result.minimum,
            "valueMax": result.maximum,
            "allowedValue": list(result.allowed),
            "requiredValue": result.required,
        }
    )


def build_credential(
    award: Award, *, achievement: Achievement, profile: Profile, zone: ZoneInfo, base: str
) -> dict[str, Any]:
    """An OpenBadgeCredential without proof, in the strict JSON form (arrays where the schema says array)."""
    awarded = day_start(award.awarded, zone)
    status_list = signed_url(base, "status list", issuer=profile.slug, number=str(award.list_number))
    document: dict[str, Any] = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
        "id": signed_url(base, "credential", id=award.id, file=award.file),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement.name,
        "issuer": build_profile(profile, base=base),
        "validFrom": awarded,
        "awardedDate": awarded,
    }
    if award.last_valid_day is not None:
        document["validUntil"] = day_end(award.last_valid_day, zone)
    document["credentialSubject"] = _build_subject(award, achievement=achievement, zone=zone, base=base)
    if award.evidence:
        document["evidence"] = [_build_evidence(item) for item in award.evidence]
    document["credentialStatus"] = {
        "id": f"{status_list}#{award.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(award.index),
        "statusListCredential": status_list,
    }
    return document


def _build_subject(award: Award, *, achievement: Achievement, zone: ZoneInfo, base: str) -> dict[str, Any]:
    identifiers: list[dict[str, Any]] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": award.name, "identityType": "name"}
    ]
    if award.email and award.email_salt is not None:
        hashed = hash_email(award.email, award.email_salt)
        identity = {"type": "IdentityObject", "hashed": True, "identityHash": hashed, "identityType": "emailAddress"}
        identifiers.append(identity | ({"salt": award.email_salt} if award.salt_is_public else {}))
    subject: dict[str, Any] = {"id": award.recipient_id} if award.recipient_id else {}
    subject |= {"type": ["AchievementSubject"], "identifier": identifiers}
    optional = {
        "narrative": award.narrative,
        "role": award.role,
        "activityStartDate": day_start(award.activity_start, zone) if award.activity_start else "",
        "activityEndDate": day_end(award.activity_end, zone) if award.activity_end else "",
        "licenseNumber": award.license_number,
        "creditsEarned": _number(award.credits_earned),
        "result": [_build_result(reached, achievement.slug, base=base) for reached in award.results],
    }
    subject |= _given(optional)
    return subject | {"achievement": build_achievement(achievement, base=base)}


def _build_result(reached: Result, badge: str, *, base: str) -> dict[str, Any]:
    description = signed_url(base, "result description", badge=badge, key=reached.key)
    # Status is required, and the place of the value, where the description's type is Status (Open Badges 3.0, Result).
    member = "status" if reached.is_status else "value"
    return {"type": ["Result"], "resultDescription": description, member: reached.value}


def _build_evidence(item: Evidence) -> dict[str, Any]:
    return {"id": item.url, "type": ["Evidence"]} | _given({"name": item.name, "description": item.description})


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
