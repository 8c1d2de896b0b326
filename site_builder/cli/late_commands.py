"""Commands that are imported when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module

import click

__all__ = ["LateCommands"]


class LateCommands(MutableMapping[str, click.Command]):
    """Commands by name. places: where each is, such as ``reading.check:check``, below this package."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)
        self._found: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._found:
            module, _, attribute = self._places[name].partition(":")
            self._found[name] = getattr(import_module(f"{__package__}.{module}"), attribute)
        return self._found[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._places[name], self._found[name] = "", command

    def __delitem__(self, name: str) -> None:
        del self._places[name]
        self._found.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
