"""How an optional field of an award is signed, printed and given on the command line: one row, written at the field itself.

To add a field, add a line to AwardDetails: its type, its description and its row. The JSON, corrections, the page's facts, the options of
the commands and the check for addresses follow from it; tests name the generated files to renew, and what the browser's verifier lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

__all__ = ["Form", "Group", "Signed", "signed_fields"]

# How the value is written in JSON: a day becomes its first or its last second. Pages print both as a date.
Form = Literal["text", "markdown", "number", "first second", "last second"]
# Where the page prints it: before the achievement's credits, after its other facts, with the activity, or as prose by the template.
Group = Literal["credits", "facts", "activity", "prose"]


@dataclass(frozen=True)
class Signed:
    """One row. member: of AchievementSubject (Open Badges 3.0, Data Model). label: on the page; "" for prose.

    option: help of the command's option. is_personal: the recipients of a cohort never share it, so `new cohort` does not offer it."""

    member: str
    form: Form
    group: Group
    label: str
    option: str
    is_personal: bool = False

    @property
    def is_day(self) -> bool:
        """Whether people write it as a day."""
        return self.form in ("first second", "last second")


def signed_fields(model: type[BaseModel]) -> dict[str, Signed]:
    """The rows of a model's fields by the field's name, in the order of the model."""
    rows = ((name, row) for name, field in model.model_fields.items() for row in field.metadata)
    return {name: row for name, row in rows if isinstance(row, Signed)}
