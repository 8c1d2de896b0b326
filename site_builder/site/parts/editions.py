"""Earlier editions of an achievement as its page shows them: what was signed stays, also when the achievement is defined anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from site_builder.ledger.store.editions import Edition
from site_builder.site.parts.facts import Fact, safe_markdown
from site_builder.site.parts.results import ShownResult, ShownSkill, shown_results, shown_skills
from site_builder.verification.page.compare import visible_text
from site_builder.wording import format_date

__all__ = ["ShownEdition", "shown_edition"]


@dataclass(frozen=True)
class ShownEdition:
    """An earlier edition. awarded: its days in words. image: path below the site's root, or "".

    facts, skills, results: of what differs from the present definition; skills and results are None where they do not."""

    anchor: str
    name: str
    version: str
    awarded: str
    language: str
    description: str
    criteria: Markup
    image: str
    image_alt: str
    facts: Sequence[Fact]
    skills: Sequence[ShownSkill] | None
    results: Sequence[ShownResult] | None


def shown_edition(edition: Edition, present: dict[str, Any], *, base: str) -> ShownEdition:
    """An edition beside the present definition. Both have the form of achievement.json."""
    achievement = edition.achievement
    image = achievement.get("image", {})
    return ShownEdition(
        anchor=edition.anchor,
        name=achievement["name"],
        version=achievement.get("version", ""),
        awarded=_days(edition),
        language=achievement["inLanguage"],
        description=achievement["description"],
        criteria=safe_markdown(achievement["criteria"]["narrative"]),
        image=image.get("id", "").removeprefix(base),
        image_alt=image.get("caption", ""),
        facts=_other_facts(achievement, present),
        skills=shown_skills(achievement) if _differs("alignment", achievement, present) else None,
        results=shown_results(achievement) if _differs("resultDescription", achievement, present) else None,
    )


def _differs(key: str, achievement: dict[str, Any], present: dict[str, Any]) -> bool:
    return bool(achievement.get(key) != present.get(key))


def _days(edition: Edition) -> str:
    first, last = format_date(edition.first), format_date(edition.last)
    return f"awarded on {first}" if first == last else f"awarded from {first} to {last}"


def _other_facts(achievement: dict[str, Any], present: dict[str, Any]) -> list[Fact]:
    """The small facts that differ; one that the edition lacks is said to be none."""
    before, now = _facts(achievement), _facts(present)
    return [Fact(label, before[label] or "none") for label in before if before[label] != now[label]]


def _facts(achievement: dict[str, Any]) -> dict[str, str]:
    tags = achievement.get("tag", [])
    kinds = {kind: [tag.removeprefix(kind) for tag in tags if tag.startswith(kind)] for kind in ("category:", "level:")}
    subjects = [tag for tag in tags if not tag.startswith(tuple(kinds))]
    return {
        "Type": achievement.get("achievementType", "").removeprefix("ext:"),
        "Category": ", ".join(kinds["category:"]),
        "Level": ", ".join(kinds["level:"]),
        "Credits": visible_text(achievement["creditsAvailable"]) if "creditsAvailable" in achievement else "",
        "Subjects": ", ".join(subjects),
    }
