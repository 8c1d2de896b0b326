"""Issuers, achievements, awards and results as the standard's own shapes: the same for signing and for pages."""

from __future__ import annotations

from site_builder.credentials.identifiers.did_web import did_for
from site_builder.credentials.openbadges3.build import Achievement, Award, Profile
from site_builder.credentials.openbadges3.values import Alignment, Evidence, Result, ResultDescription
from site_builder.credentials.urls import credential_file, signed_path
from site_builder.records.load.award_files import Row
from site_builder.records.load.repository import Badge, Issuer
from site_builder.records.models.award import AwardRow
from site_builder.records.models.periods import last_valid_day
from site_builder.records.models.results import ResultRecord
from site_builder.records.models.skills import SkillRecord

__all__ = ["achievement_of", "award_of", "issuer_did", "profile_of", "results_of"]


def issuer_did(issuer: Issuer, base: str) -> str:
    """The issuer's DID: its own, or the one that this site's address gives it."""
    return issuer.record.did or did_for(base, signed_path("issuer", issuer=issuer.slug))


def profile_of(issuer: Issuer, *, base: str, logo_digest: str) -> Profile:
    """The issuer as it is named in credentials. logo_digest: of its rendered logo, or ""."""
    return Profile(issuer.slug, issuer_did(issuer, base), issuer.record.name, issuer.record.url, logo_digest)


def achievement_of(badge: Badge, issuer: Issuer, *, image_digest: str) -> Achievement:
    """The achievement as it is named in credentials. image_digest: of its rendered artwork, or ""."""
    record = badge.record
    return Achievement(
        slug=badge.slug,
        name=record.name,
        description=record.description,
        narrative=record.criteria.signed_text,
        language=record.language or issuer.record.language,
        image_digest=image_digest,
        image_caption=record.image_alt,
        achievement_type=record.achievement_type or "",
        tags=record.signed_tags,
        credits=record.credits.available if record.credits else None,
        version=record.version or "",
        skills=tuple(_skill(skill) for skill in record.skills),
        results=tuple(_result(key, result) for key, result in (record.results or {}).items()),
    )


def _skill(record: SkillRecord) -> Alignment:
    return Alignment(
        name=record.name,
        url=record.url,
        framework=record.framework or "",
        code=record.code or "",
        description=record.description or "",
        type=record.type or "",
    )


def _result(key: str, record: ResultRecord) -> ResultDescription:
    return ResultDescription(
        key=key,
        name=record.name,
        type=record.type,
        minimum=record.minimum or "",
        maximum=record.maximum or "",
        allowed=record.allowed or (),
        required=record.required or "",
    )


def results_of(award: AwardRow, badge: Badge) -> tuple[Result, ...]:
    """The results that an award states, in the order in which its achievement describes them."""
    stated = award.results or {}
    described = badge.record.results or {}
    return tuple(Result(key, stated[key], record.is_status) for key, record in described.items() if key in stated)


def award_of(
    row: Row, badge: Badge, issuer: Issuer, *, award_id: str, salt: str | None, place: tuple[int, int], number: int = 1
) -> Award:
    """A row as the award that a credential states.

    salt: of the e-mail hash; None leaves the address out altogether. place: status list and index. number: of the version."""
    award = row.award
    return Award(
        id=award_id,
        file=credential_file(number),
        awarded=award.awarded,
        last_valid_day=last_valid_day(award, badge.record),
        name=award.name,
        list_number=place[0],
        index=place[1],
        recipient_id=award.id or "",
        email=award.email or "",
        email_salt=salt,
        salt_is_public=issuer.record.email_match == "public",
        narrative=award.narrative or "",
        license_number=award.license_number or "",
        credits_earned=award.credits_earned,
        evidence=tuple(Evidence(item.url, item.name or "", item.description or "") for item in award.evidence),
        role=award.role or "",
        activity_start=award.activity_start,
        activity_end=award.activity_end,
        results=results_of(award, badge),
    )
