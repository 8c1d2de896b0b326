"""issuer.yml as people write it: who issues.

Every value arrives as the text that was written (records.formats.yaml_events); no default is ever filled into a row."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from site_builder.records.fields.kinds import (
    Accent,
    Email,
    HttpsUrl,
    Language,
    Line,
    TimeZone,
    refuse,
)
from site_builder.records.models.strict import Record

__all__ = ["IssuerRecord"]


class IssuerRecord(Record):
    """issuers/<issuer>/issuer.yml: who issues."""

    name: Line = Field(
        description="Who issues, as it stands in every credential.", examples=["Harbour First Aid School"]
    )
    url: HttpsUrl = Field(description="The issuer's own site.", examples=["https://harbour.example.org/"])
    email: Email = Field(
        description="The office's address for questions about a credential; it is published on the issuer's page and in its did.json.",
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
