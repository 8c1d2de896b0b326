"""What people write, as models: issuer, achievement, award, change, keys. The one source of validation and types.

Every value arrives as the text that was written (records.yaml_events); no default is ever filled into a row."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from site_builder.records.fields import (
    Accent,
    BadgeSlug,
    Day,
    Days,
    Email,
    HttpsUrl,
    Language,
    Line,
    Narrative,
    Number,
    RecipientId,
    Slug,
    TimeZone,
    Validity,
    is_extension,
    refuse,
    word_of,
)
from site_builder.records.markdown import unsafe_reason
from site_builder.records.results import ResultDescriptions, Results
from site_builder.records.skills import SkillRecord
from site_builder.records.strict import Record
from site_builder.records.text import holds_address

__all__ = [
    "ACHIEVEMENT_TYPES",
    "AchievementRecord",
    "AwardRow",
    "Evidence",
    "IssuerRecord",
    "KeyRecord",
    "KeysFile",
    "RevokeRecord",
    "add_period",
    "last_valid_day",
    "shortest_decimal",
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
        _check_markdown(criteria.signed_text)
        return criteria

    @property
    def signed_tags(self) -> tuple[str, ...]:
        """Category and level as tags, then the free ones."""
        first = [f"{name}:{value}" for name, value in (("category", self.category), ("level", self.level)) if value]
        return (*first, *self.tags)


def _check_markdown(text: str) -> None:
    reason = unsafe_reason(text)
    if reason:
        raise refuse(
            "REC011",
            f"this Markdown cannot be compared with its page: {reason}",
            "use plain paragraphs, lists, *emphasis* and links",
        )


class Evidence(Record):
    """One piece of evidence: an address, with words for it if there are any."""

    url: HttpsUrl = Field(description="Where the evidence lies.", examples=["https://example.org/logbooks/17"])
    name: Line | None = Field(None, description="What it is called.", examples=["Logbook"])
    description: Line | None = Field(None, description="What it shows, in a sentence.")


def _evidence(value: Any) -> Any:
    if value == []:
        raise refuse("REC003", "this has no value", "give it one, or delete the line")
    return [{"url": item} if isinstance(item, str) else item for item in _listed(value)]


class AwardRow(Record):
    """One award, resolved: the cohort's fields and the recipient's own together."""

    badge: BadgeSlug = Field(
        description="What was earned: the name of a folder in badges/.", examples=["first-aid-basic"]
    )
    awarded: Day = Field(description="The day of the award, in the issuer's calendar.", examples=["2026-05-14"])
    name: Line = Field(description="The recipient's name, as it stands on the page.", examples=["Ada Lovelace"])
    email: Email | None = Field(
        None,
        description="The recipient's address. It is never published; a digest of it lets others match it.",
        examples=["name@example.org"],
    )
    id: RecipientId | None = Field(
        None,
        description="The recipient's own identifier, such as a DID. It is published.",
        examples=["did:web:ada.example"],
    )
    ref: Line | None = Field(
        None,
        description="Any word that tells two otherwise equal awards apart. It is not published.",
        examples=["second"],
    )
    expires: Days | None = Field(
        None,
        description="The last day on which the award holds, or never; left out, the achievement's validity counts.",
        examples=["2028-05-13", "never"],
    )
    evidence: Annotated[tuple[Evidence, ...], BeforeValidator(_evidence)] = Field(
        (),
        description="Addresses of what shows it, with words for each if there are any.",
        examples=["https://example.org/courses/2026-05"],
    )
    narrative: Narrative | None = Field(None, description="About this very award, in Markdown. It is signed.")
    credits_earned: Number | None = Field(
        None, description="How many of the achievement's credits were earned.", examples=[8]
    )
    license_number: Line | None = Field(
        None, description="The number of the licence that was granted.", examples=["HFS-I-0042"]
    )
    role: Line | None = Field(
        None, description="What the recipient was while earning it.", examples=["Bosun", "Team leader"]
    )
    activity_start: Day | None = Field(
        None, description="The first day of what it was earned by.", examples=["2026-05-11"]
    )
    activity_end: Day | None = Field(
        None,
        description="The last day of what it was earned by, the day of the award at the latest.",
        examples=["2026-05-14"],
    )
    results: Results | None = Field(
        None,
        description="Values by the names that badge.yml gives its results; in CSV a column for each, results.written.",
        examples=[{"written": 27, "vessel": "Grietje"}],
    )
    listed: Day | None = Field(
        None,
        description="The day on which the recipient agreed to be listed; left out, the page is not listed anywhere.",
        examples=["2026-05-14"],
    )

    @field_validator("narrative")
    @classmethod
    def _comparable(cls, text: str | None) -> str | None:
        _check_markdown(text or "")
        return text

    @model_validator(mode="after")
    def _in_order(self) -> AwardRow:
        if isinstance(self.expires, date) and self.expires < self.awarded:
            raise refuse("REC012", "this lies before the day of the award", "look at both dates", field="expires")
        self._check_activity()
        self._check_addresses()
        if len(self.evidence) > 50:
            fix = "name a page that lists them"
            raise refuse("REC003", "more than 50 pieces of evidence", fix, field="evidence")
        return self

    def _check_activity(self) -> None:
        """What was done lies before the award for it: nothing is signed that is still to come true."""
        start, end = self.activity_start, self.activity_end
        if start and end and end < start:
            raise refuse("REC012", "this lies before activity_start", "look at both dates", field="activity_end")
        for name, day in (("activity_start", start), ("activity_end", end)):
            if day and day > self.awarded:
                fix = "look at both dates, or leave this one out"
                raise refuse("REC012", "this lies after the day of the award", fix, field=name)

    def _check_addresses(self) -> None:
        """Recipients' addresses never reach the site: neither as a name, nor inside of anything else that is published."""
        published = [self.name, self.id or "", self.license_number or "", self.role or ""]
        published += (self.results or {}).values()
        if any(holds_address(text) for text in published):
            raise refuse(
                "REC018", "an e-mail address stands where it would be published", "put it into 'email:', which is not"
            )
        published += [self.narrative or ""]
        published += [part for item in self.evidence for part in (item.url, item.name or "", item.description or "")]
        if self.email and any(holds_address(text, self.email) for text in published):
            fix = "take it out; the address belongs into 'email:' alone, and evidence needs an address (URL) without it"
            raise refuse("REC018", "the recipient's own e-mail address stands in a text that is published", fix)

    def as_digested(self) -> dict[str, Any]:
        """The fields that were given, in the text form that digests are taken of; nothing is filled in."""
        fields: dict[str, Any] = {}
        for name in self.model_fields_set:
            value = getattr(self, name)
            if isinstance(value, date):
                fields[name] = value.isoformat()
            elif isinstance(value, Decimal):
                fields[name] = shortest_decimal(value)
            elif name == "evidence":
                fields[name] = [item.model_dump(exclude_unset=True) for item in self.evidence]
            else:
                fields[name] = value
        return fields


class RevokeRecord(Record):
    """A change record that revokes."""

    revoke: Line = Field(
        description="The id of the credential: the part of its page's address behind /c/.",
        examples=["k7pqhm65jobmlfbs5d37kjaici"],
    )
    date: Day = Field(description="The day that the page states.", examples=["2026-06-01"])
    reason: Literal["issued-in-error", "requirements-not-met", "misconduct", "withdrawn-by-recipient", "other"] = Field(
        description="Why; it is published."
    )
    note: Line | None = Field(None, description="A sentence on it. It is published.")

    def as_digested(self) -> dict[str, Any]:
        """As AwardRow.as_digested."""
        fields = {name: getattr(self, name) for name in self.model_fields_set}
        return fields | {"date": self.date.isoformat()}


class KeyRecord(Record):
    """A public key and what has become of it."""

    id: Line = Field(description="Its name, key-1, key-2 and so on, never used again.", examples=["key-1"])
    # The specification's own spelling.
    publicKeyMultibase: Line = Field(description="The public key, as 'laurels keys new' prints it.")
    created: Day = Field(description="The day on which it was made.", examples=["2026-05-01"])
    state: Literal["active", "retired", "compromised"] = Field(
        description="Whether it signs (active), has signed (retired), or is in wrong hands (compromised)."
    )


class KeysFile(Record):
    """issuers/<issuer>/keys.yml: the public keys."""

    keys: tuple[KeyRecord, ...] = Field(description="The issuer's public keys, old ones too.")


def shortest_decimal(number: Decimal) -> str:
    """A number as its shortest decimal text: 8 for 8.0, 7.5 for 7.50."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def last_valid_day(row: AwardRow, achievement: AchievementRecord) -> date | None:
    """The last day on which an award holds: its own `expires`, else awarded plus the achievement's validity, else none."""
    if row.expires is not None:
        return row.expires if isinstance(row.expires, date) else None
    return add_period(row.awarded, achievement.validity) if achievement.validity else None


def add_period(day: date, period: str) -> date:
    """A day plus an ISO 8601 period; a day that the month lacks becomes its last (29 Feb + P1Y = 28 Feb)."""
    parts = {"Y": 0, "M": 0, "W": 0, "D": 0}
    number = ""
    for character in period[1:]:
        if character.isdigit():
            number += character
        else:
            parts[character], number = int(number), ""
    months = day.year * 12 + day.month - 1 + parts["Y"] * 12 + parts["M"]
    year, month = divmod(months, 12)
    first = date(min(year, 9998), month + 1, 1)
    next_month = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    length = (next_month - first).days
    return first.replace(day=min(day.day, length)) + timedelta(weeks=parts["W"], days=parts["D"])
