"""keys.yml as people write it: public keys, and what has become of them.

Every value arrives as the text that was written (records.formats.yaml_events); no default is ever filled into a row."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from site_builder.records.fields.kinds import (
    Day,
    Line,
    refuse,
)
from site_builder.records.models.strict import Record

__all__ = ["KeyRecord", "KeysFile"]


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
