"""Earlier editions of an achievement as its page shows them: what was signed stays, also when the achievement is defined anew."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from site_builder.credentials.openbadges3.read import read_achievement
from site_builder.credentials.openbadges3.values import SignedAchievement
from site_builder.ledger.store.editions import Edition
from site_builder.site.parts.facts import Fact, safe_markdown
from site_builder.site.parts.results import ShownResult, ShownSkill, shown_results, shown_skills
from site_builder.verification.page.statement import visible_text
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
    facts: tuple[Fact, ...]
    skills: tuple[ShownSkill, ...] | None
    results: tuple[ShownResult, ...] | None


def shown_edition(edition: Edition, present: SignedAchievement, *, base: str) -> ShownEdition:
    """An edition beside the present definition."""
    achievement = read_achievement(edition.achievement)
    return ShownEdition(
        anchor=edition.anchor,
        name=achievement.name,
        version=achievement.version,
        awarded=_days(edition),
        language=achievement.language,
        description=achievement.description,
        criteria=safe_markdown(achievement.criteria),
        image=achievement.image.url.removeprefix(base) if achievement.image else "",
        image_alt=achievement.image.caption if achievement.image else "",
        facts=_other_facts(achievement, present),
        skills=shown_skills(achievement) if achievement.alignments != present.alignments else None,
        results=shown_results(achievement) if achievement.results != present.results else None,
    )


def _days(edition: Edition) -> str:
    first, last = format_date(edition.first), format_date(edition.last)
    return f"awarded on {first}" if first == last else f"awarded from {first} to {last}"


def _other_facts(achievement: SignedAchievement, present: SignedAchievement) -> tuple[Fact, ...]:
    """The small facts that differ; one that the edition lacks is said to be none."""
    before, now = _facts(achievement), _facts(present)
    return tuple(Fact(label, before[label] or "none") for label in before if before[label] != now[label])


def _facts(achievement: SignedAchievement) -> dict[str, str]:
    kinds = ("category:", "level:")
    category, level = (
        ", ".join(tag.removeprefix(kind) for tag in achievement.tags if tag.startswith(kind)) for kind in kinds
    )
    credits = achievement.credits_available
    return {
        "Type": achievement.type.removeprefix("ext:"),
        "Category": category,
        "Level": level,
        "Credits": "" if credits is None else visible_text(credits),
        "Subjects": ", ".join(tag for tag in achievement.tags if not tag.startswith(kinds)),
    }
