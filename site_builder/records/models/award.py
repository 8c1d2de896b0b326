"""An award as people write it down: who earned what and when, and what else is stated of it. No default is ever filled in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from site_builder.records.fields.addresses import split_addresses
from site_builder.records.fields.kinds import (
    BadgeSlug,
    Day,
    Days,
    Email,
    HttpsUrl,
    Line,
    Narrative,
    Number,
    RecipientId,
    check_markdown,
    refuse,
)
from site_builder.records.fields.text import holds_address
from site_builder.records.models.results import Results
from site_builder.records.models.signed_fields import Form, Signed, signed_fields
from site_builder.records.models.strict import Record

__all__ = ["SIGNED_FIELDS", "AwardDetails", "AwardRow", "Evidence", "evidence_items", "shortest_decimal"]


class Evidence(Record):
    """One piece of evidence: an address, with words for it if there are any."""

    url: HttpsUrl = Field(description="Where the evidence lies.", examples=["https://example.org/logbooks/17"])
    name: Line | None = Field(None, description="What it is called.", examples=["Logbook"])
    description: Line | None = Field(None, description="What it shows, in a sentence.")


def _evidence(value: Any) -> Any:
    if value == []:
        raise refuse("REC003", "this has no value", "give it one, or delete the line")
    return evidence_items(value, split_addresses)


def evidence_items(value: Any, split: Callable[[str], list[str]]) -> list[Any]:
    """Pieces of evidence from what was written: a text holds one or more addresses. split: how they are told apart."""
    found: list[Any] = []
    for item in value if isinstance(value, list) else [value]:
        found += [{"url": address} for address in split(item)] if isinstance(item, str) else [item]
    return found


def _comparable(text: str) -> str:
    check_markdown(text)
    return text


_Prose = Annotated[Narrative, AfterValidator(_comparable)]


class AwardDetails(Record):
    """What is stated of an award beside its achievement, its day and its recipient."""

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
    narrative: Annotated[
        _Prose | None,
        Signed("narrative", "markdown", "prose", label="", option="A few sentences on it, in Markdown."),
    ] = Field(None, description="About this very award, in Markdown. It is signed.")
    credits_earned: Annotated[
        Number | None, Signed("creditsEarned", "number", "credits", label="Credits earned", option="A number.")
    ] = Field(None, description="How many of the achievement's credits were earned.", examples=[8])
    license_number: Annotated[
        Line | None,
        Signed("licenseNumber", "text", "facts", label="Licence", option="As the provider counts.", is_personal=True),
    ] = Field(None, description="The number of the licence that was granted.", examples=["HFS-I-0042"])
    role: Annotated[
        Line | None, Signed("role", "text", "activity", label="Role", option="As what, such as Skipper.")
    ] = Field(None, description="What the recipient was while earning it.", examples=["Bosun", "Team leader"])
    activity_start: Annotated[
        Day | None,
        Signed("activityStartDate", "first second", "activity", label="From", option="The day on which it began."),
    ] = Field(None, description="The first day of what it was earned by.", examples=["2026-05-11"])
    activity_end: Annotated[
        Day | None,
        Signed("activityEndDate", "last second", "activity", label="To", option="The day on which it ended."),
    ] = Field(
        None,
        description="The last day of what it was earned by, the day of the award at the latest.",
        examples=["2026-05-14"],
    )
    results: Results | None = Field(
        None,
        description="Values by the names that badge.yml gives its results; in CSV a column for each, results.written.",
        examples=[{"written": 27, "vessel": "Grietje"}],
    )

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
            elif isinstance(value, tuple):
                fields[name] = list(value)
            else:
                fields[name] = value
        return fields


# The rows of AwardDetails, by the field's name.
SIGNED_FIELDS = signed_fields(AwardDetails)
# The names of its fields by their form, since every award is asked for them.
_NAMES: dict[Form, tuple[str, ...]] = {
    form: tuple(name for name, row in SIGNED_FIELDS.items() if row.form == form) for form in get_args(Form)
}


class _AwardHead(Record):
    """What makes an award: achievement, day, recipient. In a class of its own, so that it comes before the details."""

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


class AwardRow(AwardDetails, _AwardHead):
    """One award, resolved: the cohort's fields and the recipient's own together."""

    listed: Day | None = Field(
        None,
        description="The day on which the recipient agreed to be listed; left out, the page is not listed anywhere.",
        examples=["2026-05-14"],
    )

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
        published = [self.name, self.id or "", *self._texts("text")]
        published += (self.results or {}).values()
        if any(holds_address(text) for text in published):
            raise refuse(
                "REC018", "an e-mail address stands where it would be published", "put it into 'email:', which is not"
            )
        published += self._texts("markdown")
        published += [part for item in self.evidence for part in (item.url, item.name or "", item.description or "")]
        if self.email and any(holds_address(text, self.email) for text in published):
            fix = "take it out; the address belongs into 'email:' alone, and evidence needs an address (URL) without it"
            raise refuse("REC018", "the recipient's own e-mail address stands in a text that is published", fix)

    def _texts(self, form: Form) -> list[str]:
        """What the optional fields of one form say."""
        return [text for name in _NAMES[form] if (text := getattr(self, name))]


def shortest_decimal(number: Decimal) -> str:
    """A number as its shortest decimal text: 8 for 8.0, 7.5 for 7.50."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
