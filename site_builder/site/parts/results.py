"""Skills and results as pages show them: each text with the place in the credential that it states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.credentials.openbadges3.values import Result, ResultDescription, SignedAchievement

__all__ = ["ShownResult", "ShownSkill", "Stated", "shown_results", "shown_skills"]

_ACHIEVEMENT = "/credentialSubject/achievement"


@dataclass(frozen=True)
class Stated:
    """A text and the place in the credential that it states."""

    text: str
    pointer: str


@dataclass(frozen=True)
class ShownSkill:
    """A skill. pointer: of the whole; its parts are the standard's words below it. framework, code, description: "" when not given."""

    pointer: str
    name: str
    url: str
    framework: str
    code: str
    description: str


@dataclass(frozen=True)
class ShownResult:
    """A result: its name, what was reached (None when the award does not say), and what was possible and required."""

    name: Stated
    value: Stated | None = None
    minimum: Stated | None = None
    maximum: Stated | None = None
    required: Stated | None = None
    allowed: tuple[Stated, ...] = ()


def shown_skills(achievement: SignedAchievement) -> tuple[ShownSkill, ...]:
    """The skills of an achievement, which the standard calls alignments."""
    return tuple(
        ShownSkill(
            pointer=f"{_ACHIEVEMENT}/alignment/{index}",
            name=skill.name,
            url=skill.url,
            framework=skill.framework,
            code=skill.code,
            description=skill.description,
        )
        for index, skill in enumerate(achievement.alignments)
    )


def shown_results(achievement: SignedAchievement, results: Sequence[Result] = ()) -> tuple[ShownResult, ...]:
    """The results that an achievement describes, each with the one of `results` that was reached."""
    reached = {}
    for index, result in enumerate(results):
        member = "status" if result.is_status else "value"
        reached[result.key] = Stated(result.value, f"/credentialSubject/result/{index}/{member}")
    return tuple(
        _shown_result(description, f"{_ACHIEVEMENT}/resultDescription/{index}", reached.get(description.key))
        for index, description in enumerate(achievement.results)
    )


def _shown_result(description: ResultDescription, pointer: str, value: Stated | None) -> ShownResult:
    def part(name: str, text: str) -> Stated | None:
        return Stated(text, f"{pointer}/{name}") if text else None

    return ShownResult(
        name=Stated(description.name, f"{pointer}/name"),
        value=value,
        minimum=part("valueMin", description.minimum),
        maximum=part("valueMax", description.maximum),
        required=part("requiredValue", description.required),
        allowed=tuple(
            Stated(text, f"{pointer}/allowedValue/{index}") for index, text in enumerate(description.allowed)
        ),
    )
