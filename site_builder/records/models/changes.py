"""Changes to what was issued, as people write them down: revoke, correct, renew, erase. Each is a file of its own.

The value of the first field is the id of the credential that is meant."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from site_builder.records.fields.kinds import Day, Email, Flag, Line, RecipientId, refuse
from site_builder.records.formats.explain import nearest
from site_builder.records.models.award import AwardDetails, AwardRow
from site_builder.records.models.strict import Record

__all__ = [
    "CHANGE_MODELS",
    "CORRECTABLE",
    "ChangeRecord",
    "CorrectRecord",
    "EraseRecord",
    "RenewRecord",
    "RevokeRecord",
]

_ID = "The id of the credential: the part of its page's address behind /c/."
_IDS = ["k7pqhm65jobmlfbs5d37kjaici"]


class RevokeRecord(Record):
    """A change record that revokes."""

    kind: ClassVar[str] = "revoke"

    revoke: Line = Field(description=_ID, examples=_IDS)
    date: Day = Field(description="The day that the page states.", examples=["2026-06-01"])
    reason: Literal["issued-in-error", "requirements-not-met", "misconduct", "withdrawn-by-recipient", "other"] = Field(
        description="Why; it is published."
    )
    note: Line | None = Field(None, description="A sentence for whoever reads the record. It is not published.")

    @property
    def target(self) -> str:
        """The id of the credential."""
        return self.revoke

    def as_digested(self) -> dict[str, Any]:
        """As AwardDetails.as_digested."""
        fields = {name: getattr(self, name) for name in self.model_fields_set}
        return fields | {"date": self.date.isoformat()}


class _CorrectHead(Record):
    """What makes a correction. In a class of its own, so that it comes before the details."""

    correct: Line = Field(description=_ID, examples=_IDS)
    date: Day = Field(description="The day that the page states.", examples=["2026-06-03"])
    note: Line | None = Field(None, description="A sentence for whoever reads the record. It is not published.")
    withhold_previous: Flag | None = Field(
        None,
        description="Whether the file that is replaced is no longer published either, such as one with a former name.",
        examples=[True],
    )
    remove: tuple[Line, ...] = Field(
        (), description="Names of fields that are to be gone.", examples=[["evidence", "expires"]]
    )
    name: Line | None = Field(None, description="The recipient's name as it should be.", examples=["Ada Lovelace"])
    email: Email | None = Field(
        None,
        description="The recipient's address as it should be. It is never published.",
        examples=["name@example.org"],
    )
    id: RecipientId | None = Field(
        None, description="The recipient's own identifier as it should be.", examples=["did:web:ada.example"]
    )
    awarded: Day | None = Field(None, description="The day of the award as it should be.", examples=["2026-05-14"])


class CorrectRecord(AwardDetails, _CorrectHead):
    """A change record that corrects: the fields that it gives take the place of the row's, which stays as it is."""

    kind: ClassVar[str] = "correct"

    @field_validator("remove")
    @classmethod
    def _removable(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in _REMOVABLE:
                similar = nearest(name, _REMOVABLE)
                fix = f"did you mean '{similar}'?" if similar else f"what can be removed is {', '.join(_REMOVABLE)}"
                raise refuse("REC010", "a field named here cannot be removed", fix)
        if not names or len(set(names)) != len(names):
            raise refuse("REC003", "no field is named here, or one twice", "name each once, or delete the line")
        return names

    @property
    def target(self) -> str:
        """The id of the credential."""
        return self.correct

    @property
    def given(self) -> dict[str, Any]:
        """The award's fields that it gives, as digests are taken of them."""
        return {name: value for name, value in self.as_digested().items() if name in CORRECTABLE}

    def apply(self, award: AwardRow) -> AwardRow:
        """The award as corrected. Raises ValidationError where the two do not fit each other."""
        kept = {name: value for name, value in award.as_digested().items() if name not in self.remove}
        return AwardRow(**kept | self.given)


class _RenewHead(Record):
    """What makes a renewal. In a class of its own, so that it comes before the details."""

    renew: Line = Field(description=_ID, examples=_IDS)
    date: Day = Field(description="The day of the new award, in the issuer's calendar.", examples=["2028-05-10"])
    note: Line | None = Field(None, description="A sentence for whoever reads the record. It is not published.")


class RenewRecord(AwardDetails, _RenewHead):
    """A change record that renews: a new award of the same achievement to the same recipient, linked to the old one."""

    kind: ClassVar[str] = "renew"

    listed: Day | None = Field(
        None, description="The day on which the recipient agreed to have the new award listed.", examples=["2028-05-10"]
    )

    @property
    def target(self) -> str:
        """The id of the credential."""
        return self.renew

    def apply(self, old: AwardRow) -> AwardRow:
        """The new award. Raises ValidationError where what is given does not fit."""
        same = {name: value for name, value in old.as_digested().items() if name in ("badge", "name", "email", "id")}
        own = {name: value for name, value in self.as_digested().items() if name not in ("renew", "date", "note")}
        return AwardRow(**same | own | {"awarded": self.date.isoformat()})


class EraseRecord(Record):
    """A change record that erases: all that is kept of a person goes, the page says that the credential was withdrawn."""

    kind: ClassVar[str] = "erase"

    erase: Line = Field(description=_ID, examples=_IDS)
    date: Day = Field(description="The day that the page states.", examples=["2027-01-02"])

    @property
    def target(self) -> str:
        """The id of the credential."""
        return self.erase

    def as_digested(self) -> dict[str, Any]:
        """As AwardDetails.as_digested."""
        return {"erase": self.erase, "date": self.date.isoformat()}


ChangeRecord = RevokeRecord | CorrectRecord | RenewRecord | EraseRecord
CHANGE_MODELS: dict[str, type[ChangeRecord]] = {
    "revoke": RevokeRecord,
    "correct": CorrectRecord,
    "renew": RenewRecord,
    "erase": EraseRecord,
}
# Fields of an award that a correction may give.
CORRECTABLE = ("name", "email", "id", "awarded", *AwardDetails.model_fields)
_REMOVABLE = ("email", "id", *AwardDetails.model_fields)
