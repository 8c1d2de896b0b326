"""Records as a person would write them: YAML text in block style, with the comments that help."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

__all__ = ["compose_record", "yaml_scalar"]

Value = str | Sequence["Value"] | Mapping[str, "Value"]

# Words and numbers that other readers of YAML would not take for text. Source: YAML 1.1, the types bool, null, int, float, timestamp.
_NOT_TEXT = re.compile(
    r"(?:y|yes|n|no|true|false|on|off|null|~|[-+]?[0-9][0-9_,.:eExobabcdefABCDEF+-]*|[-+]?\.(?:[0-9]+|inf|nan))", re.I
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NEEDS_QUOTES = re.compile(r"^[-?:,\[\]{}#&*!|>'\"%@`=<]|: | #|:$|^\s|\s$|[\t\n]")
_FLOW = re.compile(r"[,\[\]{}]|:\?")


def yaml_scalar(text: str, *, in_flow: bool = False, is_number: bool = False) -> str:
    """A text on one line, between quotes only where it needs them. in_flow: between brackets."""
    is_plain = is_number or _DAY.fullmatch(text) or not _NOT_TEXT.fullmatch(text)
    if not text or not is_plain or _NEEDS_QUOTES.search(text) or (in_flow and _FLOW.search(text)):
        return json.dumps(text, ensure_ascii=False)
    return text


# What may be a number without quotes: all that stands here is text of its own kind, whatever it looks like.
_NUMBERS = {"available", "credits_earned", "minimum", "maximum", "required"}
# What is yes or no, and written `true` or `false`.
_FLAGS = {"withhold_previous"}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)


def compose_record(
    fields: Mapping[str, Value],
    *,
    head: str = "",
    comments: Mapping[str, str] | None = None,
    people: Sequence[Mapping[str, Value]] = (),
) -> str:
    """The text of a record: a comment at its head, its fields in the order given, comments behind some, recipients a line each."""
    lines = [f"# {line}" for line in head.splitlines()]
    for name, value in fields.items():
        first, *more = _lines(name, value)
        comment = (comments or {}).get(name, "")
        lines += [f"{first}  # {comment}" if comment else first, *more]
    if people:
        lines.append("recipients:")
        lines += [f"  - {_flow(person)}" for person in people]
    return "\n".join(lines) + "\n"


def _lines(name: str, value: Value) -> list[str]:
    if isinstance(value, Mapping):
        if all(isinstance(inner, str) and "\n" not in inner and len(inner) < 60 for inner in value.values()):
            return [f"{name}: {_flow(value, is_results=name == 'results')}"]
        return [f"{name}:", *(f"  {line}".rstrip() for key, inner in value.items() for line in _lines(key, inner))]
    if not isinstance(value, str):
        if all(isinstance(item, str) and len(item) < 40 for item in value):
            return [f"{name}: {_flow_value(value)}"]
        return [
            f"{name}:",
            *(f"  - {yaml_scalar(item) if isinstance(item, str) else _flow_value(item)}" for item in value),
        ]
    if "\n" in value or len(value) > 120:
        return [f"{name}: |", *(f"  {line}".rstrip() for line in value.splitlines())]
    return [f"{name}: {value if name in _FLAGS else yaml_scalar(value, is_number=name in _NUMBERS)}"]


def _flow(fields: Mapping[str, Value], *, is_results: bool = False) -> str:
    parts = [
        f"{name}: {_flow_value(value, is_results=name == 'results', may_be_number=is_results or name in _NUMBERS)}"
        for name, value in fields.items()
    ]
    return "{" + ", ".join(parts) + "}"


def _flow_value(value: Value, *, is_results: bool = False, may_be_number: bool = False) -> str:
    if isinstance(value, Mapping):
        return _flow(value, is_results=is_results)
    if not isinstance(value, str):
        return "[" + ", ".join(_flow_value(item) for item in value) + "]"
    return yaml_scalar(value, in_flow=True, is_number=may_be_number and _NUMBER.fullmatch(value) is not None)
