"""Skills that an achievement shows, as frameworks name them.

Source: Open Badges 3.0, Alignment, AlignmentTargetType."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from site_builder.records.fields.kinds import HttpsUrl, Line, is_extension, refuse, word_of
from site_builder.records.fields.text import holds_address
from site_builder.records.formats.explain import nearest
from site_builder.records.models.strict import Record

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
    """One skill."""

    name: Line = Field(
        description="The skill's name, as its framework has it.", examples=["Cardiopulmonary resuscitation"]
    )
    url: HttpsUrl = Field(
        description="Where the framework describes the skill.", examples=["https://skills.example.org/s/1"]
    )
    framework: Line | None = Field(None, description="The framework's name.", examples=["Open Skills Frame"])
    code: Line | None = Field(None, description="The skill's code within the framework.", examples=["S1.2"])
    description: Line | None = Field(None, description="One sentence on what the skill is.")
    type: Annotated[Line, word_of(SKILL_TYPES)] | None = Field(
        None,
        description="The standard's word for what the address leads to, or ext: and a word of your own.",
        examples=["ceasn:Competency"],
    )

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
