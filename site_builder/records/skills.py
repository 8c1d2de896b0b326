"""Skills that an achievement shows, as frameworks name them.

Source: Open Badges 3.0, Alignment, AlignmentTargetType."""

from __future__ import annotations

from pydantic import field_validator, model_validator

from site_builder.records.explain import nearest
from site_builder.records.fields import HttpsUrl, Line, is_extension, refuse
from site_builder.records.strict import Record
from site_builder.records.text import holds_address

__all__ = ["SKILL_TYPES", "SkillRecord"]

SKILL_TYPES = (
    "ceasn:Competency",
    "ceterms:Credential",
    "CFItem",
    "CFRubric",
    "CFRubricCriterion",
    "CFRubricCriterionLevel",
    "CTDL",
)


class SkillRecord(Record):
    """One skill. url: where its framework describes it."""

    name: Line
    url: HttpsUrl
    framework: Line | None = None
    code: Line | None = None
    description: Line | None = None
    type: Line | None = None

    @field_validator("type")
    @classmethod
    def _known_type(cls, value: str | None) -> str | None:
        if value is None or value in SKILL_TYPES or is_extension(value):
            return value
        similar = nearest(value, SKILL_TYPES)
        fix = f"did you mean '{similar}'?" if similar else f"use {', '.join(SKILL_TYPES)}, or ext:YourOwn"
        raise refuse("REC010", f"{value[:40]!r} is not a type of skill", fix)

    @model_validator(mode="after")
    def _no_address(self) -> SkillRecord:
        texts = (self.name, self.url, self.framework or "", self.code or "", self.description or "")
        if any(holds_address(text) for text in texts):
            raise refuse("REC018", "an e-mail address stands where it would be published", "take it out")
        return self
