"""Open Badges 3.0 as JSON, secured by Data Integrity proofs. Source: Open Badges 3.0, AchievementCredential."""

from __future__ import annotations

from typing import Any

from site_builder.credentials.openbadges3.read import issuer_id_of
from site_builder.credentials.securing.contexts import are_open_badges_contexts
from site_builder.credentials.securing.data_integrity import DATA_INTEGRITY, proofs_of
from site_builder.verification.decode.presented import Presented
from site_builder.verification.finding import Finding

__all__ = ["is_open_badges_3", "present_open_badges_3"]


def is_open_badges_3(value: Any, raw: bytes) -> bool:
    """Whether a JSON value has what tells an AchievementCredential: types, an issuer and an achievement."""
    if not isinstance(value, dict):
        return False
    types, subject = value.get("type"), value.get("credentialSubject")
    if not isinstance(types, list) or "VerifiableCredential" not in types or not isinstance(subject, dict):
        return False
    if "OpenBadgeCredential" not in types and "AchievementCredential" not in types:
        return False
    has_names = issuer_id_of(value) != "" and isinstance(value.get("id", ""), str)
    return has_names and isinstance(subject.get("achievement"), dict)


def present_open_badges_3(value: Any, raw: bytes) -> Presented:
    """The credential; refused without id, and when it uses JSON-LD contexts that are not known here, or in another order.

    Without a proof nobody signed it, whatever its words mean."""
    is_known = are_open_badges_contexts(value.get("@context")) or not proofs_of(value)
    refusal = None if is_known else Finding("not_supported", "contexts", form="contexts")
    if "id" not in value:
        refusal = Finding("failed", "no_id")
    return Presented(value, "Open Badges 3.0", DATA_INTEGRITY, refusal)
