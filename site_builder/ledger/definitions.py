"""Issuers and achievements as the standard's own shapes: the same for signing and for pages."""

from __future__ import annotations

from site_builder.credentials.didweb import did_for
from site_builder.credentials.openbadges3 import Achievement, Profile
from site_builder.credentials.urls import signed_path
from site_builder.records.load import Badge, Issuer

__all__ = ["achievement_of", "issuer_did", "profile_of"]


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
    )
