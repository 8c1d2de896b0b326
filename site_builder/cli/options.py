"""Options that several commands share: one for each field, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import click

from site_builder.errors import UsageError

__all__ = [
    "EXPIRES",
    "LateCommand",
    "flag_of",
    "history_option",
    "parse_results",
    "signed_field_options",
    "text_options",
]

EXPIRES = {"expires": "The last valid day, or 'never'."}
# Options that may be given several times name one of what the field holds all of.
_SINGULAR = {"tags": "tag", "results": "result"}


def history_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option --history, for commands that hold what is here against what the history published."""
    return click.option(
        "--history",
        type=click.Choice(["required"]),
        help="Fail where git's history, with all that was published, is missing or not whole; without this it is only said.",
    )(command)


def text_options(**helps: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option for each text, by its field's name."""

    def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(list(_options(helps))):
            _keep(command, option)
        return command

    return with_options


def signed_field_options(*, personal: bool | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option for each optional field of an award, for a LateCommand.

    personal: only for those that no two recipients of a cohort share, or only for the others; None: for all."""

    def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
        _keep(command, _LateOptions(personal))
        return command

    return with_options


def _options(helps: Mapping[str, str]) -> Iterator[click.Option]:
    return (click.Option([flag_of(name), name], help=text) for name, text in helps.items())


def _keep(command: Any, option: object) -> None:
    """Notes an option at a function, as click's own decorators do; they are read from the last to the first."""
    command.__dict__.setdefault("__click_params__", []).append(option)


@dataclass(frozen=True)
class _LateOptions:
    """Stands among a command's options for those of an award's fields."""

    personal: bool | None

    def made(self) -> Iterator[click.Option]:
        from site_builder.records.models.award import SIGNED_FIELDS

        rows = {name: row for name, row in SIGNED_FIELDS.items() if self.personal in (None, row.is_personal)}
        return _options({name: row.option for name, row in rows.items()})


class LateCommand(click.Command):
    """A command that knows its fields when its options are looked at: a list of all commands loads no model."""

    _noted: list[Any]

    @property
    def params(self) -> list[click.Parameter]:
        """Every option."""
        if any(isinstance(option, _LateOptions) for option in self._noted):
            expanded = (option.made() if isinstance(option, _LateOptions) else [option] for option in self._noted)
            self._noted = [option for options in expanded for option in options]
        return self._noted

    @params.setter
    def params(self, noted: list[Any]) -> None:
        self._noted = noted


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
