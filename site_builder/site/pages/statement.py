"""The statement of a credential page: what was signed, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from site_builder.credentials.openbadges3.values import Credential, SignedAchievement, Subject
from site_builder.records.models.award import SIGNED_FIELDS
from site_builder.records.models.signed_fields import Group
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
        "activity": list(_stated(subject, "activity")),
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
    yield from _stated(subject, "credits")
    if achievement.credits_available is not None:
        yield Fact("Credits available", visible_text(achievement.credits_available), f"{_ACHIEVEMENT}/creditsAvailable")
    if achievement.type:
        yield Fact("Type", achievement.type, f"{_ACHIEVEMENT}/achievementType")
    yield from _stated(subject, "facts")


def _stated(subject: Subject, group: Group) -> Iterator[Fact]:
    """The optional fields of a group that the award gives."""
    for row in SIGNED_FIELDS.values():
        if row.group == group and row.member in subject.stated:
            value, pointer = subject.stated[row.member], f"{_SUBJECT}/{row.member}"
            if row.is_day:
                yield Fact(row.label, format_date(str(value)), pointer, "date")
            else:
                yield Fact(row.label, visible_text(value), pointer)


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
