"""Options that several commands share: one for each field, by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from site_builder.errors import UsageError
from site_builder.records.models.award import SIGNED_FIELDS

__all__ = ["PERSONAL_HELPS", "SHARED_HELPS", "STATED_HELPS", "flag_of", "parse_results", "text_options"]

# Options that may be given several times name one of what the field holds all of.
_SINGULAR = {"tags": "tag", "results": "result"}
# Help of the options for an award's optional fields: of all, of those that a cohort may share, and of the recipient's own.
STATED_HELPS = {name: row.option for name, row in SIGNED_FIELDS.items()}
SHARED_HELPS = {name: row.option for name, row in SIGNED_FIELDS.items() if not row.is_personal}
PERSONAL_HELPS = {name: row.option for name, row in SIGNED_FIELDS.items() if row.is_personal}


def text_options(**helps: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option for each text, by its field's name."""

    def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
        for name, text in reversed(helps.items()):
            command = click.option(flag_of(name), name, help=text)(command)
        return command

    return with_options


def flag_of(name: str) -> str:
    """The option of a field: ``--time-zone``."""
    return f"--{_SINGULAR.get(name, name).replace('_', '-')}"


def parse_results(pairs: tuple[str, ...]) -> dict[str, str]:
    """What was reached, by the names that badge.yml gives to its results. pairs: KEY=VALUE. Raises UsageError."""
    parts = [pair.partition("=") for pair in pairs]
    if not all(key.strip() and sign and value.strip() for key, sign, value in parts):
        raise UsageError("--result: write KEY=VALUE, such as written=27")
    if len({key.strip() for key, _, _ in parts}) < len(parts):
        raise UsageError("--result: one KEY stands here twice")
    return {key.strip(): value.strip() for key, _, value in parts}
