"""Issuer, achievement and keys as people write them down. Awards and changes are in modules of their own.

Every value arrives as the text that was written (records.yaml_events); no default is ever filled into a row."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from site_builder.records.fields import (
    Accent,
    Day,
    Email,
    HttpsUrl,
    Language,
    Line,
    Narrative,
    Number,
    Slug,
    TimeZone,
    Validity,
    check_markdown,
    is_extension,
    refuse,
    word_of,
)
from site_builder.records.results import ResultDescriptions
from site_builder.records.skills import SkillRecord
from site_builder.records.strict import Record

__all__ = [
    "ACHIEVEMENT_TYPES",
    "AchievementRecord",
    "IssuerRecord",
    "KeyRecord",
    "KeysFile",
]

# Source: Open Badges 3.0, AchievementType.
ACHIEVEMENT_TYPES = (
    "Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree Award Badge BachelorDegree Certificate "
    "CertificateOfCompletion Certification CommunityService Competency Course CoCurricular Degree Diploma DoctoralDegree "
    "Fieldwork GeneralEducationDevelopment JourneymanCertificate LearningProgram License Membership ProfessionalDoctorate "
    "QualityAssuranceCredential MasterCertificate MasterDegree MicroCredential ResearchDoctorate SecondarySchoolDiploma"
).split()


class IssuerRecord(Record):
    """issuers/<issuer>/issuer.yml: who issues."""

    name: Line = Field(
        description="Who issues, as it stands in every credential.", examples=["Harbour First Aid School"]
    )
    url: HttpsUrl = Field(description="The issuer's own site.", examples=["https://harbour.example.org/"])
    email: Email = Field(
        description="The office's address for questions about a credential; it is published on the issuer's page.",
        examples=["office@harbour.example.org"],
    )
    time_zone: TimeZone = Field(
        description="The time zone in which the issuer's days begin and end.", examples=["Europe/Amsterdam"]
    )
    language: Language = Field(
        description="The language of achievements that name none of their own.", examples=["en", "pt-BR"]
    )
    description: Line | None = Field(None, description="One sentence about the issuer, for its page.")
    did: Line | None = Field(
        None,
        description="The issuer's own did:web identifier; left out, it is made from the site's address. The first signature freezes it.",
        examples=["did:web:harbour.example.org"],
    )
    email_match: Literal["private", "public", "off"] = Field(
        "private",
        description="Who can hold a recipient's address against a credential: those with the learner's own link (private), "
        "anybody who knows the address (public), nobody (off).",
    )
    linkedin_organization: Line | None = Field(
        None, description="The number of the issuer's LinkedIn page, for 'Add to LinkedIn'.", examples=[1234567]
    )
    accent: Accent | None = Field(
        None, description="The issuer's colour on its pages, between quotes.", examples=["#0b5563"]
    )

    @field_validator("linkedin_organization")
    @classmethod
    def _only_digits(cls, value: str | None) -> str | None:
        if value is not None and not (value.isascii() and value.isdigit()):
            fix = "write the number from the address of your LinkedIn page's admin view"
            raise refuse("REC010", "LinkedIn's organisation id is a number", fix)
        return value


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


class KeyRecord(Record):
    """A public key and what has become of it."""

    id: Line = Field(description="Its name, key-1, key-2 and so on, never used again.", examples=["key-1"])
    # The specification's own spelling.
    publicKeyMultibase: Line = Field(description="The public key, as 'laurels keys new' prints it.")
    created: Day = Field(description="The day on which it was made.", examples=["2026-05-01"])
    state: Literal["active", "retired", "compromised"] = Field(
        description="Whether it signs (active), has signed (retired), or is in wrong hands (compromised)."
    )
    until: Day | None = Field(None, description="The day on which it stopped signing.", examples=["2028-05-01"])

    @field_validator("until")
    @classmethod
    def _after_its_time(cls, until: date | None, known: ValidationInfo) -> date | None:
        """known: the fields above that were sound."""
        if until is not None and known.data.get("state") == "active":
            fix = "delete 'until:', or write what became of the key: 'state: retired'"
            raise refuse("KEY001", "an active key has not stopped signing", fix)
        created = known.data.get("created")
        if until is not None and created is not None and until < created:
            raise refuse("REC012", "this lies before the day on which the key was made", "look at both dates")
        return until


class KeysFile(Record):
    """issuers/<issuer>/keys.yml: the public keys."""

    keys: tuple[KeyRecord, ...] = Field(description="The issuer's public keys, old ones too.")
