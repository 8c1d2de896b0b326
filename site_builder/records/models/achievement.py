"""badge.yml as people write it: what can be earned.

Every value arrives as the text that was written (records.formats.yaml_events); no default is ever filled into a row."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from site_builder.records.fields.kinds import (
    HttpsUrl,
    Language,
    Line,
    Narrative,
    Number,
    Slug,
    Validity,
    check_markdown,
    is_extension,
    refuse,
    word_of,
)
from site_builder.records.models.results import ResultDescriptions
from site_builder.records.models.skills import SkillRecord
from site_builder.records.models.strict import Record

__all__ = ["ACHIEVEMENT_TYPES", "AchievementRecord", "Credits", "Criteria"]

# Source: Open Badges 3.0, AchievementType.
ACHIEVEMENT_TYPES = (
    "Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree Award Badge BachelorDegree Certificate "
    "CertificateOfCompletion Certification CommunityService Competency Course CoCurricular Degree Diploma DoctoralDegree "
    "Fieldwork GeneralEducationDevelopment JourneymanCertificate LearningProgram License Membership ProfessionalDoctorate "
    "QualityAssuranceCredential MasterCertificate MasterDegree MicroCredential ResearchDoctorate SecondarySchoolDiploma"
).split()


class Criteria(Record):
    """What it takes: Markdown, an address of the provider's, or both."""

    narrative: Narrative | None = Field(
        None, description="What was asked, in Markdown: paragraphs, lists, *emphasis*, links. It is signed."
    )
    url: HttpsUrl | None = Field(
        None, description="A page of yours that says more; it becomes the last paragraph of what is signed."
    )

    @model_validator(mode="after")
    def _one_at_least(self) -> Criteria:
        if self.narrative is None and self.url is None:
            fix = "add 'narrative:' with a few sentences on what was asked, or 'url:'"
            raise refuse("BAD002", "it is not said what was asked", fix)
        return self

    @property
    def signed_text(self) -> str:
        """The Markdown that is signed: the narrative, and the provider's address as its last paragraph.

        criteria.id is always the achievement's page here, so the provider's own address has no other place in the standard."""
        return "\n\n".join(part for part in (self.narrative, self.url and f"<{self.url}>") if part)


class Credits(Record):
    """Credits that can be earned. unit has no field in the standard: it must be a word of the criteria."""

    available: Number = Field(description="How many credits can be earned.", examples=[8])
    unit: Line = Field(
        description="What a credit is; this very word must occur in the narrative, since only the number has a field.",
        examples=["hours"],
    )


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class AchievementRecord(Record):
    """badges/<badge>/badge.yml: what can be earned."""

    issuer: Slug = Field(description="Who issues it: the name of a folder in issuers/.", examples=["harbour"])
    name: Line = Field(description="The achievement's name.", examples=["Basic First Aid"])
    description: Line = Field(description="What its holders can do or have done, in one or two sentences.")
    criteria: Criteria = Field(description="What was asked for it.")
    image_alt: Line = Field(
        description="Words in place of the artwork, for those who do not see it.", examples=["A lighthouse on a rock"]
    )
    achievement_type: Annotated[Line, word_of(ACHIEVEMENT_TYPES)] | None = Field(
        None,
        description="The standard's word for the kind of achievement, or ext: and a word of your own.",
        examples=["Certificate"],
    )
    category: Line | None = Field(
        None, description="What it belongs to; signed as the tag category:….", examples=["Water safety"]
    )
    level: Line | None = Field(None, description="How far it goes; signed as the tag level:….", examples=["Advanced"])
    tags: Annotated[tuple[Line, ...], BeforeValidator(_listed)] = Field(
        (), description="Words by which it is found.", examples=[["first aid", "CPR"]]
    )
    credits: Credits | None = Field(None, description="Credits that can be earned with it.")
    validity: Validity | None = Field(
        None,
        description="How long an award holds from its day, as an ISO 8601 period; left out, it has no end.",
        examples=["P2Y", "P6M"],
    )
    skills: tuple[SkillRecord, ...] = Field((), description="Skills that it shows, as frameworks name them.")
    results: ResultDescriptions | None = Field(
        None,
        description="Results that an award of it can state, each under a short name by which records give its value.",
        examples=[{"written": {"name": "Written test", "type": "RawScore", "minimum": 0, "maximum": 30}}],
    )
    version: Line | None = Field(None, description="The edition of the course or examination.", examples=["2026"])
    language: Language | None = Field(None, description="The language of these texts, if it is not the issuer's.")

    @field_validator("achievement_type")
    @classmethod
    def _known_type(cls, value: str | None) -> str | None:
        if value is None or value in ACHIEVEMENT_TYPES or is_extension(value):
            return value
        fix = "use one of the standard's, such as Course, Certificate, Badge or Competency, or ext:YourOwn"
        raise refuse("REC010", f"{value[:40]!r} is not a type of achievement", fix)

    @field_validator("tags")
    @classmethod
    def _free_tags(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        if any(tag.lower().startswith(("category:", "level:")) for tag in tags):
            raise refuse(
                "REC010", "a free tag may not begin with 'category:' or 'level:'", "use the fields of that name"
            )
        if len(set(tags)) != len(tags) or len(tags) > 50:
            raise refuse("REC010", "a tag stands here twice, or there are more than 50", "delete some")
        return tags

    @field_validator("skills")
    @classmethod
    def _some_skills(cls, skills: tuple[SkillRecord, ...]) -> tuple[SkillRecord, ...]:
        if not 0 < len({skill.url for skill in skills}) == len(skills) <= 50:
            what = "nothing stands here, or one address twice, or there are more than 50"
            raise refuse("REC010", what, "name each skill once, or delete the line")
        return skills

    @field_validator("criteria")
    @classmethod
    def _comparable(cls, criteria: Criteria) -> Criteria:
        check_markdown(criteria.signed_text)
        return criteria

    @property
    def signed_tags(self) -> tuple[str, ...]:
        """Category and level as tags, then the free ones."""
        first = [f"{name}:{value}" for name, value in (("category", self.category), ("level", self.level)) if value]
        return (*first, *self.tags)
