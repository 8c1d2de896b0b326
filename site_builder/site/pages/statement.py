"""The statement of a credential page: what was signed, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from site_builder.credentials.openbadges3.values import Credential, SignedAchievement, Subject
from site_builder.site.parts.facts import Fact, Tag, safe_markdown
from site_builder.site.parts.name_size import name_size
from site_builder.site.parts.results import shown_results, shown_skills
from site_builder.site.parts.sharing import embed_snippet, linkedin_link
from site_builder.verification.page.compare import visible_text
from site_builder.wording import format_date

__all__ = ["statement", "tombstone"]

_SUBJECT = "/credentialSubject"
_ACHIEVEMENT = f"{_SUBJECT}/achievement"


def statement(
    credential: Credential, *, words: tuple[str, ...], base: str, linkedin_organization: str | None
) -> dict[str, Any]:
    """The parts of a credential page that come from the signed JSON. words: of its rosette."""
    subject, achievement = credential.subject, credential.subject.achievement
    tags = list(_tags(achievement))
    return tombstone(credential) | {
        "name": Fact("", subject.name, f"{_SUBJECT}/identifier/0/identityHash"),
        "name_size": name_size(subject.name),
        "facts": list(_facts(credential)),
        "activity": list(_activity(subject)),
        "description": achievement.description,
        "criteria": safe_markdown(achievement.criteria),
        "narrative": safe_markdown(subject.narrative) if subject.narrative else "",
        "levels": [tag for tag in tags if tag.prefix == "level:"],
        "tags": [tag for tag in tags if tag.prefix != "level:"],
        "skills": shown_skills(achievement),
        "results": shown_results(achievement, subject.results),
        "evidence": _evidence(credential),
        "image": achievement.image.url.removeprefix(base) if achievement.image else "",
        "image_alt": achievement.image.caption if achievement.image else "",
        "linkedin": linkedin_link(credential, base=base, organization=linkedin_organization),
        "embed": embed_snippet(credential, base=base),
        "small_print": list(_small_print(credential)),
        "words": " ".join(words),
    }


def tombstone(credential: Credential) -> dict[str, Any]:
    """The parts of a withdrawn credential's page that come from the signed JSON: no person."""
    return {
        "file": credential.file,
        "language": credential.subject.achievement.language,
        "issuer_name": credential.issuer.name,
        "achievement_name": credential.subject.achievement.name,
    }


def _facts(credential: Credential) -> Iterator[Fact]:
    subject, achievement = credential.subject, credential.subject.achievement
    yield Fact("Awarded", format_date(credential.awarded), "/awardedDate", "date")
    if credential.valid_until:
        yield Fact("Valid until", format_date(credential.valid_until), "/validUntil", "date")
    if subject.credits_earned is not None:
        yield Fact("Credits earned", visible_text(subject.credits_earned), f"{_SUBJECT}/creditsEarned")
    if achievement.credits_available is not None:
        yield Fact("Credits available", visible_text(achievement.credits_available), f"{_ACHIEVEMENT}/creditsAvailable")
    if achievement.type:
        yield Fact("Type", achievement.type, f"{_ACHIEVEMENT}/achievementType")
    if subject.license_number:
        yield Fact("Licence", subject.license_number, f"{_SUBJECT}/licenseNumber")


def _activity(subject: Subject) -> Iterator[Fact]:
    """What the recipient was and when, while earning it."""
    if subject.role:
        yield Fact("Role", subject.role, f"{_SUBJECT}/role")
    if subject.activity_start:
        yield Fact("From", format_date(subject.activity_start), f"{_SUBJECT}/activityStartDate", "date")
    if subject.activity_end:
        yield Fact("To", format_date(subject.activity_end), f"{_SUBJECT}/activityEndDate", "date")


def _tags(achievement: SignedAchievement) -> Iterator[Tag]:
    for index, text in enumerate(achievement.tags):
        prefix = next((word for word in ("category:", "level:") if text.startswith(word)), "")
        yield Tag(f"{_ACHIEVEMENT}/tag/{index}", prefix, text.removeprefix(prefix))


def _evidence(credential: Credential) -> list[dict[str, str]]:
    return [
        {"pointer": f"/evidence/{index}", "url": item.url, "name": item.name, "description": item.description}
        for index, item in enumerate(credential.evidence)
    ]


def _small_print(credential: Credential) -> Iterator[Fact]:
    subject = credential.subject
    yield Fact("Credential", credential.id, "/id", "url")
    yield Fact("Issuer's site", credential.issuer.url, "/issuer/url", "url")
    yield Fact("Issuer's identifier", credential.issuer.id, "/issuer/id")
    if subject.id:
        yield Fact("Recipient's identifier", subject.id, f"{_SUBJECT}/id")
    if subject.achievement.version:
        yield Fact("Edition", subject.achievement.version, f"{_ACHIEVEMENT}/version")
