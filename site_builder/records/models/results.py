"""Results of examinations, and whatever else a provider states of an award: what there can be, and what was reached.

Source: Open Badges 3.0, ResultDescription, ResultType, Result, ResultStatusType. Rubrics are left out: they need levels with texts of their
own."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from site_builder.records.fields.kinds import Line, is_extension, refuse, word_of
from site_builder.records.fields.text import holds_address
from site_builder.records.formats.explain import nearest
from site_builder.records.models.strict import Record

__all__ = [
    "RESULT_STATUSES",
    "RESULT_TYPES",
    "ResultRecord",
    "Results",
    "ValueProblem",
    "is_result_key",
    "problem_of_value",
]

RESULT_TYPES = (
    "GradePointAverage",
    "LetterGrade",
    "Percent",
    "PerformanceLevel",
    "PredictedScore",
    "RawScore",
    "Result",
    "ScaledScore",
    "Status",
)
RESULT_STATUSES = ("Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew")
_NUMBER_TYPES = ("GradePointAverage", "Percent", "RawScore", "ScaledScore")
_MAX_RESULTS = 50
_MAX_ALLOWED = 100

_KEY = re.compile(r"[a-z0-9](?:-?[a-z0-9]){0,39}")
_NUMBER_PATTERN = r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?"
_NUMBER = re.compile(_NUMBER_PATTERN)


def is_result_key(text: str) -> bool:
    """Whether text can be a result's name in addresses and columns: a-z, 0-9 and single hyphens, 40 at most."""
    return _KEY.fullmatch(text) is not None and len(text) <= 40


def _limit(value: Any) -> Any:
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        raise refuse("REC008", "this is not a number", "write digits, with a point before decimals, such as 30 or 7.5")
    return value


def _keyed(value: Any) -> Any:
    """The mapping from a result's key to what is said of it, with keys that can stand in an address."""
    if not isinstance(value, dict):
        return value
    if not value:
        raise refuse("REC003", "this has no value", "give it one, or delete the line")
    if len(value) > _MAX_RESULTS:
        raise refuse("REC009", f"there are more than {_MAX_RESULTS} results here", "leave some out")
    return value


def _key(value: Any) -> str:
    text = str(value)
    if not is_result_key(text):
        fix = "use a-z, 0-9 and single hyphens, 40 characters at most, such as 'written' or 'part-2'"
        raise refuse("REC010", "a result here has a name that cannot be part of an address", fix)
    return text


_Key = Annotated[str, BeforeValidator(_key), WithJsonSchema({"type": "string", "pattern": f"^{_KEY.pattern}$"})]
_Limit = Annotated[
    Line, BeforeValidator(_limit), WithJsonSchema({"type": ["number", "string"], "pattern": f"^{_NUMBER_PATTERN}$"})
]


class ResultRecord(Record):
    """One result that an achievement can have."""

    name: Line = Field(description="What the result is called on pages.", examples=["Written test"])
    type: Annotated[Line, word_of(RESULT_TYPES)] = Field(
        description="The standard's word for the kind of result, or ext: and a word of your own for a field of your own.",
        examples=["RawScore", "ext:Vessel"],
    )
    minimum: _Limit | None = Field(None, description="The lowest number that is possible.", examples=[0])
    maximum: _Limit | None = Field(None, description="The highest number that is possible.", examples=[30])
    allowed: tuple[Line, ...] | None = Field(
        None,
        description="All values that are possible, from the lowest to the highest, in place of minimum and maximum.",
        examples=[["C", "B", "A"]],
    )
    required: Line | None = Field(
        None, description="The lowest value with which the achievement is awarded.", examples=[24]
    )

    @field_validator("type")
    @classmethod
    def _known_type(cls, value: str) -> str:
        if value in RESULT_TYPES or is_extension(value):
            return value
        similar = nearest(value, RESULT_TYPES)
        fix = f"did you mean '{similar}'?" if similar else f"use {', '.join(RESULT_TYPES)}, or ext:YourOwn"
        raise refuse("REC010", f"{value[:40]!r} is not a type of result", fix)

    @field_validator("allowed")
    @classmethod
    def _some_of_each(cls, allowed: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if allowed is not None and not 0 < len(set(allowed)) == len(allowed) <= _MAX_ALLOWED:
            what = f"nothing stands here, or a value twice, or there are more than {_MAX_ALLOWED}"
            raise refuse("REC010", what, "name each possible value once, from the lowest to the highest")
        return allowed

    @model_validator(mode="after")
    def _consistent(self) -> ResultRecord:
        bounded = self.minimum is not None or self.maximum is not None
        if self.type == "Status" and (bounded or self.allowed or self.required):
            fix = f"delete minimum, maximum, allowed and required: a status is one of {', '.join(RESULT_STATUSES)}"
            raise refuse("REC010", "a result of type Status has its values from the standard", fix)
        if self.allowed and bounded:
            fix = "keep minimum and maximum for numbers, or allowed for a list of words"
            raise refuse("REC010", "both a range and a list of values are given", fix)
        if self.minimum is not None and self.maximum is not None and Decimal(self.minimum) > Decimal(self.maximum):
            raise refuse("REC010", "minimum lies above maximum", "look at both numbers")
        self._check_required()
        if any(holds_address(text) for text in (self.name, *(self.allowed or ()), self.required or "")):
            raise refuse("REC018", "an e-mail address stands where it would be published", "take it out")
        return self

    def _check_required(self) -> None:
        if self.required is None:
            return
        if not self.allowed and not self.is_number:
            fix = "add allowed, or minimum and maximum, so that it can be compared"
            raise refuse("REC010", "a value is required of which nothing says how it compares", fix)
        found = problem_of_value(self.model_copy(update={"required": None}), self.required)
        if found:
            raise refuse(found.code, f"required: {found.what}", found.fix)

    @property
    def is_number(self) -> bool:
        """Whether values are numbers: by a range, or by the type, unless a list of values says otherwise."""
        return self.minimum is not None or self.maximum is not None or (self.type in _NUMBER_TYPES and not self.allowed)

    @property
    def is_status(self) -> bool:
        """Whether values are the standard's words for a status."""
        return self.type == "Status"


ResultDescriptions = Annotated[dict[_Key, ResultRecord], BeforeValidator(_keyed)]
Results = Annotated[dict[_Key, Line], BeforeValidator(_keyed)]


class ValueProblem(NamedTuple):
    """What is wrong with the value of a result: a problem's code, words, and how to mend it."""

    code: str
    what: str
    fix: str


def problem_of_value(result: ResultRecord, value: str) -> ValueProblem | None:
    """What is wrong with a value that an award states; None when nothing is. The value itself is not repeated: it is somebody's."""
    if result.is_status or result.allowed:
        return _problem_of_word(result, value)
    return _problem_of_number(result, value) if result.is_number else None


def _problem_of_word(result: ResultRecord, value: str) -> ValueProblem | None:
    words = RESULT_STATUSES if result.is_status else result.allowed or ()
    if value not in words:
        what = "this is not a status" if result.is_status else "this is not one of the allowed values"
        similar = nearest(value.lower(), [word.lower() for word in words])
        meant = next((word for word in words if word.lower() == similar), "")
        fix = f"did you mean '{meant}'?" if meant else f"use {', '.join(words[:20])}"
        return ValueProblem("REC019", what, fix)
    if result.required is not None and words.index(value) < words.index(result.required):
        fix = f"look at it and at 'allowed', which stands from the lowest to the highest: {', '.join(words[:20])}"
        return ValueProblem("REC019", f"this is below {result.required}, which is required", fix)
    return None


def _problem_of_number(result: ResultRecord, value: str) -> ValueProblem | None:
    if not _NUMBER.fullmatch(value):
        fix = "write digits, with a point before decimals and no sign behind, such as 27 or 7.5"
        return ValueProblem("REC008", "this is not a number", fix)
    number = Decimal(value)
    if result.minimum is not None and number < Decimal(result.minimum):
        return ValueProblem("REC019", f"this is below the minimum, {result.minimum}", "look for a typing mistake")
    if result.maximum is not None and number > Decimal(result.maximum):
        return ValueProblem("REC019", f"this is above the maximum, {result.maximum}", "look for a typing mistake")
    if result.required is not None and number < Decimal(result.required):
        fix = "look for a typing mistake; what was not reached is not awarded"
        return ValueProblem("REC019", f"this is below {result.required}, which is required", fix)
    return None
