"""The statement of a credential page: what was signed, and nothing else."""

from __future__ import annotations

from typing import Any

from site_builder.credentials.rosette.drawing import rosette_digest, rosette_words
from site_builder.site.parts.facts import Fact, Tag, safe_markdown
from site_builder.site.parts.name_size import name_size
from site_builder.site.parts.results import shown_results, shown_skills
from site_builder.site.parts.sharing import embed_snippet, linkedin_link
from site_builder.verification.page.compare import visible_text
from site_builder.wording import format_date

__all__ = ["statement", "tombstone"]


def statement(document: dict[str, Any], *, base: str, linkedin_organization: str | None) -> dict[str, Any]:
    """The parts of a credential page that come from the signed JSON."""
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    file = document["id"].rpartition("/")[2]
    return {
        "file": file,
        "language": achievement.get("inLanguage", "en"),
        "issuer_name": document["issuer"]["name"],
        "name": Fact("", subject["identifier"][0]["identityHash"], "/credentialSubject/identifier/0/identityHash"),
        "name_size": name_size(subject["identifier"][0]["identityHash"]),
        "achievement_name": achievement["name"],
        "facts": _facts(document),
        "activity": _activity(subject),
        "description": achievement["description"],
        "criteria": safe_markdown(achievement["criteria"]["narrative"]),
        "narrative": safe_markdown(subject["narrative"]) if "narrative" in subject else "",
        "levels": [tag for tag in _tags(achievement) if tag.prefix == "level:"],
        "tags": [tag for tag in _tags(achievement) if tag.prefix != "level:"],
        "skills": shown_skills(achievement),
        "results": shown_results(achievement, subject.get("result", [])),
        "evidence": _evidence(document),
        "image": achievement["image"]["id"].removeprefix(base) if "image" in achievement else "",
        "image_alt": achievement.get("image", {}).get("caption", ""),
        "linkedin": linkedin_link(document, base=base, organization=linkedin_organization),
        "embed": embed_snippet(document, base=base),
        "small_print": _small_print(document),
        "words": " ".join(rosette_words(rosette_digest(document))),
    }


def tombstone(document: dict[str, Any]) -> dict[str, Any]:
    """The parts of a withdrawn credential's page that come from the signed JSON: no person."""
    achievement = document["credentialSubject"]["achievement"]
    return {
        "file": document["id"].rpartition("/")[2],
        "language": achievement.get("inLanguage", "en"),
        "issuer_name": document["issuer"]["name"],
        "achievement_name": achievement["name"],
    }


def _facts(document: dict[str, Any]) -> list[Fact]:
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    facts = [Fact("Awarded", format_date(document["awardedDate"]), "/awardedDate", "date")]
    if "validUntil" in document:
        facts.append(Fact("Valid until", format_date(document["validUntil"]), "/validUntil", "date"))
    for label, holder, key, pointer in (
        ("Credits earned", subject, "creditsEarned", "/credentialSubject/creditsEarned"),
        ("Credits available", achievement, "creditsAvailable", "/credentialSubject/achievement/creditsAvailable"),
        ("Type", achievement, "achievementType", "/credentialSubject/achievement/achievementType"),
        ("Licence", subject, "licenseNumber", "/credentialSubject/licenseNumber"),
    ):
        if key in holder:
            facts.append(Fact(label, visible_text(holder[key]), pointer))
    return facts


def _activity(subject: dict[str, Any]) -> list[Fact]:
    """What the recipient was and when, while earning it."""
    facts = [Fact("Role", subject["role"], "/credentialSubject/role")] if "role" in subject else []
    for label, key in (("From", "activityStartDate"), ("To", "activityEndDate")):
        if key in subject:
            facts.append(Fact(label, format_date(subject[key]), f"/credentialSubject/{key}", "date"))
    return facts


def _tags(achievement: dict[str, Any]) -> list[Tag]:
    tags = []
    for index, text in enumerate(achievement.get("tag", [])):
        prefix = next((word for word in ("category:", "level:") if text.startswith(word)), "")
        tags.append(Tag(f"/credentialSubject/achievement/tag/{index}", prefix, text.removeprefix(prefix)))
    return tags


def _evidence(document: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "pointer": f"/evidence/{index}",
            "url": item["id"],
            "name": item.get("name", ""),
            "description": item.get("description", ""),
        }
        for index, item in enumerate(document.get("evidence", []))
    ]


def _small_print(document: dict[str, Any]) -> list[Fact]:
    subject = document["credentialSubject"]
    facts = [
        Fact("Credential", document["id"], "/id", "url"),
        Fact("Issuer's site", document["issuer"]["url"], "/issuer/url", "url"),
        Fact("Issuer's identifier", document["issuer"]["id"], "/issuer/id"),
    ]
    if "id" in subject:
        facts.append(Fact("Recipient's identifier", subject["id"], "/credentialSubject/id"))
    if "version" in subject["achievement"]:
        facts.append(Fact("Edition", subject["achievement"]["version"], "/credentialSubject/achievement/version"))
    return facts
