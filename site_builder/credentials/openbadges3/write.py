"""A credential's values as JSON, in the strict form: arrays where the schema says array. `read` is the inverse.

Sources: Open Badges 3.0, Data Model; VCDM 2.0, 4; Bitstring Status List 1.0, 2.1."""

from __future__ import annotations

from typing import Any

from site_builder.credentials.openbadges3.values import (
    Alignment,
    Credential,
    Evidence,
    Issuer,
    Result,
    ResultDescription,
    SignedAchievement,
    StatusListEntry,
    Subject,
)
from site_builder.credentials.securing.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from site_builder.credentials.urls import result_url

__all__ = ["with_status", "write_achievement", "write_credential", "write_issuer"]

Json = dict[str, Any]


def write_credential(credential: Credential, *, issuer: Json | None = None, achievement: Json | None = None) -> Json:
    """An OpenBadgeCredential without proof.

    issuer, achievement: its issuer and its achievement if they are written already; they become part of the document."""
    document: Json = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
        "id": credential.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": credential.name,
        "issuer": write_issuer(credential.issuer) if issuer is None else issuer,
        "validFrom": credential.valid_from.isoformat(),
        "awardedDate": credential.awarded.isoformat(),
    }
    if credential.valid_until is not None:
        document["validUntil"] = credential.valid_until.isoformat()
    document["credentialSubject"] = _write_subject(credential.subject, achievement)
    if credential.evidence:
        document["evidence"] = [_write_evidence(item) for item in credential.evidence]
    document["credentialStatus"] = _write_status(credential.status)
    return document


def with_status(document: Json, entry: StatusListEntry) -> Json:
    """The same credential with another place in the status lists."""
    return document | {"credentialStatus": document["credentialStatus"] | _write_status(entry)}


def write_issuer(issuer: Issuer) -> Json:
    """The issuer as an embedded object: a bare DID is refused by the 1EdTech validator."""
    profile: Json = {"id": issuer.id, "type": ["Profile"], "name": issuer.name, "url": issuer.url}
    return profile | ({"image": {"id": issuer.image, "type": "Image"}} if issuer.image else {})


def write_achievement(achievement: SignedAchievement) -> Json:
    """The achievement as credentials and achievement.json state it."""
    image = achievement.image
    return {
        "id": achievement.id,
        "type": ["Achievement"],
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {"id": achievement.criteria_url, "narrative": achievement.criteria},
        "inLanguage": achievement.language,
    } | _given(
        {
            "image": {"id": image.url, "type": "Image", "caption": image.caption} if image else None,
            "achievementType": achievement.type,
            "tag": list(achievement.tags),
            "creditsAvailable": achievement.credits_available,
            "version": achievement.version,
            "alignment": [_write_alignment(skill) for skill in achievement.alignments],
            "resultDescription": [_write_description(result, achievement.id) for result in achievement.results],
        }
    )


def _given(values: Json) -> Json:
    return {key: value for key, value in values.items() if value not in ("", [], None)}


def _write_alignment(skill: Alignment) -> Json:
    return {"type": ["Alignment"], "targetName": skill.name, "targetUrl": skill.url} | _given(
        {
            "targetFramework": skill.framework,
            "targetCode": skill.code,
            "targetDescription": skill.description,
            "targetType": skill.type,
        }
    )


def _write_description(result: ResultDescription, achievement_id: str) -> Json:
    return {
        "id": result_url(achievement_id, result.key),
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


def _write_subject(subject: Subject, written: Json | None) -> Json:
    achievement = subject.achievement
    document: Json = {"id": subject.id} if subject.id else {}
    document["type"] = ["AchievementSubject"]
    document["identifier"] = _write_identifiers(subject)
    document.update(subject.stated)
    if subject.results:
        document["result"] = [_write_result(result, achievement.id) for result in subject.results]
    document["achievement"] = write_achievement(achievement) if written is None else written
    return document


def _write_identifiers(subject: Subject) -> list[Json]:
    """The name as it is, the e-mail address as its digest."""
    name = {"type": "IdentityObject", "hashed": False, "identityHash": subject.name, "identityType": "name"}
    if not subject.email_hash:
        return [name]
    email = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": subject.email_hash,
        "identityType": "emailAddress",
    }
    return [name, email | _given({"salt": subject.email_salt})]


def _write_result(result: Result, achievement_id: str) -> Json:
    # Status is required, and the place of the value, where the description's type is Status (Open Badges 3.0, Result).
    member = "status" if result.is_status else "value"
    return {"type": ["Result"], "resultDescription": result_url(achievement_id, result.key), member: result.value}


def _write_evidence(item: Evidence) -> Json:
    return {"id": item.url, "type": ["Evidence"]} | _given({"name": item.name, "description": item.description})


def _write_status(entry: StatusListEntry) -> Json:
    return {
        "id": f"{entry.list_url}#{entry.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(entry.index),
        "statusListCredential": entry.list_url,
    }
