"""What the commands ask for: on a terminal; anywhere else what is missing is wrong usage."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.options import flag_of
from site_builder.errors import UsageError

if TYPE_CHECKING:
    from site_builder.records.formats.yaml_writer import Value

__all__ = ["ask_missing", "ask_slug"]


def ask_missing(
    root: Path, kind: str, given: Mapping[str, Any], required: Mapping[str, str], optional: Mapping[str, str]
) -> dict[str, Any]:
    """The values that were given, and on a terminal those that are missing. Each is looked at by itself.

    Raises UsageError, naming the option, elsewhere."""
    fields = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items() if value}
    for name, value in fields.items():
        refusal = _refusal(root, kind, name, value)
        if refusal:
            raise UsageError(f"{flag_of(name)}: {refusal}")
    missing = [name for name in required if name not in fields]
    if missing and not sys.stdin.isatty():
        raise UsageError(f"missing: {', '.join(map(flag_of, missing))} (only on a terminal is it asked for)")
    for name in missing:
        fields[name] = _ask(root, kind, name, required[name], fields)
    for name in optional if missing else ():
        if name not in fields and (answer := _ask(root, kind, name, optional[name], fields, is_optional=True)):
            fields[name] = answer
    # As the options stand in the help, which is how records are written.
    return {str(option.name): fields[option.name] for option in _options() if option.name in fields}


def _options() -> list[click.Parameter]:
    return click.get_current_context().command.params


def _refusal(root: Path, kind: str, name: str, value: Value) -> str:
    from site_builder.authoring.new_records import refusal_of

    if name in ("criteria", "criteria_url"):
        return refusal_of(root, kind, "criteria", {"narrative" if name == "criteria" else "url": value})
    return refusal_of(root, kind, name, value)


def _default(root: Path, name: str, fields: Mapping[str, Any], otherwise: str | None) -> str | None:
    """What is offered as an answer: for the day of an award, today where its issuer is."""
    from site_builder.records.load.calendar import day_of_badge
    from site_builder.records.load.repository import load_repository

    if name == "awarded":
        return day_of_badge(load_repository(root)[0], str(fields.get("badge")), datetime.now(UTC)).isoformat()
    return "en" if name == "language" else otherwise


def _ask(
    root: Path, kind: str, name: str, question: str, fields: Mapping[str, Any], *, is_optional: bool = False
) -> str:
    """An answer that can stand in the field; asks again until it can. fields: what is known already."""

    def accept(answer: str) -> str:
        refusal = _refusal(root, kind, name, answer) if answer or not is_optional else ""
        if refusal:
            raise click.BadParameter(refusal)
        return answer

    default = _default(root, name, fields, "" if is_optional else None)
    text = f"{question} (may be left empty)" if is_optional else question
    answer: str = click.prompt(text, default=default, show_default=bool(default), value_proc=accept, err=True)
    return answer


def ask_slug(slug: str | None, name: str) -> str:
    """The name of a new folder: as it was given, or on a terminal as it is answered. Raises UsageError elsewhere."""
    from site_builder.authoring.new_records import slug_from

    if slug is not None:
        return slug
    if not sys.stdin.isatty():
        raise UsageError("missing: SLUG, the name of the folder (only on a terminal is it asked for)")
    answer: str = click.prompt("Folder, part of addresses", default=slug_from(name) or None, err=True)
    return answer
