"""What becomes of an optional field of an award when it is signed: the row that stands at the field itself.

Type, help and examples are those of the field's own line. From both follow the member of the JSON, its correction, the fact on the
page and the option of the commands: to add a field is to add a line to AwardDetails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

__all__ = ["Form", "Group", "Signed", "signed_fields"]

# How the value is written in JSON and printed: a day becomes its first or its last second, and is printed as a date.
Form = Literal["text", "markdown", "number", "first second", "last second"]
# Where the page prints it: beside the achievement's credits, below the other facts, with the activity, or as prose in the template.
Group = Literal["credits", "facts", "activity", "prose"]


@dataclass(frozen=True)
class Signed:
    """An optional field of an award, as it is signed. member: of AchievementSubject (Open Badges 3.0, Data Model).

    label: on the page. option: help of the option that gives it. is_personal: no two recipients of a cohort share it."""

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
