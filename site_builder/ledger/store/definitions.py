"""Issuers, achievements, awards and results as the standard's own shapes: the same for signing and for pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from site_builder.credentials.identifiers.did_web import did_for
from site_builder.credentials.openbadges3.build import Achievement, Award, Profile, day_end, day_start, json_number
from site_builder.credentials.openbadges3.values import Alignment, Evidence, Number, Result, ResultDescription
from site_builder.credentials.urls import credential_file, signed_path
from site_builder.records.fields.time_zones import time_zone
from site_builder.records.load.award_files import Row
from site_builder.records.load.repository import Badge, Issuer
from site_builder.records.models.award import SIGNED_FIELDS, AwardRow
from site_builder.records.models.periods import last_valid_day
from site_builder.records.models.results import ResultRecord
from site_builder.records.models.signed_fields import Form, Signed
from site_builder.records.models.skills import SkillRecord

__all__ = ["achievement_of", "award_of", "issuer_did", "ordered_fields", "profile_of", "results_of"]


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
    row: Row,
    badge: Badge,
    issuer: Issuer,
    *,
    award_id: str,
    salt: str | None,
    status_entry: tuple[int, int],
    number: int = 1,
) -> Award:
    """A row as the award that a credential states.

    salt: of the e-mail hash; None leaves the address out altogether. status_entry: status list and index. number: of the version."""
    award = row.award
    return Award(
        id=award_id,
        file=credential_file(number),
        awarded=award.awarded,
        last_valid_day=last_valid_day(award, badge.record),
        name=award.name,
        list_number=status_entry[0],
        index=status_entry[1],
        recipient_id=award.id or "",
        email=award.email or "",
        email_salt=salt,
        salt_is_public=issuer.record.email_match == "public",
        stated=_stated(award, time_zone(issuer.record.time_zone)),
        evidence=tuple(Evidence(item.url, item.name or "", item.description or "") for item in award.evidence),
        results=results_of(award, badge),
    )


# Since 0.1 credentials have stated these in this order, and keep to it; fields that were added later follow.
_FIRST = ["narrative", "role", "activity_start", "activity_end", "license_number", "credits_earned"]


def ordered_fields() -> dict[str, Signed]:
    """The rows of an award's optional fields by the field's name, in the order in which credentials state them."""
    names = [*_FIRST, *(name for name in SIGNED_FIELDS if name not in _FIRST)]
    return {name: SIGNED_FIELDS[name] for name in names}


_ORDERED = tuple(ordered_fields().items())


def _stated(award: AwardRow, zone: ZoneInfo) -> dict[str, str | Number]:
    """The optional fields that a row gives, by the standard's names and as JSON."""
    rows = [(row, getattr(award, name)) for name, row in _ORDERED]
    return {row.member: _as_json(value, row.form, zone) for row, value in rows if value is not None}


def _as_json(value: str | Decimal | date, form: Form, zone: ZoneInfo) -> str | Number:
    if isinstance(value, Decimal):
        return json_number(value)
    if isinstance(value, date):
        return day_end(value, zone) if form == "last second" else day_start(value, zone)
    return value
