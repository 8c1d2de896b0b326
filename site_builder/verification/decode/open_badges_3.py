"""Open Badges 3.0 as JSON, secured by Data Integrity proofs. Source: Open Badges 3.0, AchievementCredential."""

from __future__ import annotations

from typing import Any

from site_builder.credentials.openbadges3.read import issuer_id_of
from site_builder.credentials.securing.data_integrity import DATA_INTEGRITY, proofs_of
from site_builder.credentials.securing.rdfc import CREDENTIALS_V2, OPEN_BADGES_3
from site_builder.verification.decode.presented import Presented
from site_builder.verification.finding import Finding

__all__ = ["is_open_badges_3", "present_open_badges_3"]

_CONTEXTS = [CREDENTIALS_V2, OPEN_BADGES_3]


def is_open_badges_3(value: Any, raw: bytes) -> bool:
    """Whether a JSON value has what every AchievementCredential has: types, an id, an issuer and an achievement."""
    if not isinstance(value, dict):
        return False
    types, subject = value.get("type"), value.get("credentialSubject")
    if not isinstance(types, list) or "VerifiableCredential" not in types or not isinstance(subject, dict):
        return False
    if "OpenBadgeCredential" not in types and "AchievementCredential" not in types:
        return False
    has_names = issuer_id_of(value) != "" and isinstance(value.get("id"), str)
    return has_names and isinstance(subject.get("achievement"), dict)


def present_open_badges_3(value: Any, raw: bytes) -> Presented:
    """The credential; refused when it uses other JSON-LD contexts than the two whose meaning is bundled here.

    Without a proof nobody signed it, whatever its words mean."""
    is_known = value.get("@context") == _CONTEXTS or not proofs_of(value)
    refusal = None if is_known else Finding("not_supported", "contexts", form="contexts")
    return Presented(value, "Open Badges 3.0", DATA_INTEGRITY, refusal)
