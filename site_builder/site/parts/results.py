"""Skills and results as pages show them: each text with the place in the credential that it states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

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
    allowed: Sequence[Stated] = field(default=())


def shown_skills(achievement: dict[str, Any]) -> list[ShownSkill]:
    """The skills of an achievement, as it stands in a credential or in achievement.json."""
    return [
        ShownSkill(
            pointer=f"{_ACHIEVEMENT}/alignment/{place}",
            name=skill["targetName"],
            url=skill["targetUrl"],
            framework=skill.get("targetFramework", ""),
            code=skill.get("targetCode", ""),
            description=skill.get("targetDescription", ""),
        )
        for place, skill in enumerate(achievement.get("alignment", []))
    ]


def shown_results(achievement: dict[str, Any], results: Sequence[dict[str, Any]] = ()) -> list[ShownResult]:
    """The results that an achievement describes, each with the one of `results` that was reached."""
    reached = {}
    for place, result in enumerate(results):
        member = "status" if "status" in result else "value"
        reached[result["resultDescription"]] = Stated(result[member], f"/credentialSubject/result/{place}/{member}")
    return [
        _shown_result(description, f"{_ACHIEVEMENT}/resultDescription/{place}", reached.get(description["id"]))
        for place, description in enumerate(achievement.get("resultDescription", []))
    ]


def _shown_result(description: dict[str, Any], pointer: str, value: Stated | None) -> ShownResult:
    def part(name: str) -> Stated | None:
        return Stated(description[name], f"{pointer}/{name}") if name in description else None

    allowed = description.get("allowedValue", [])
    return ShownResult(
        name=Stated(description["name"], f"{pointer}/name"),
        value=value,
        minimum=part("valueMin"),
        maximum=part("valueMax"),
        required=part("requiredValue"),
        allowed=[Stated(text, f"{pointer}/allowedValue/{place}") for place, text in enumerate(allowed)],
    )
