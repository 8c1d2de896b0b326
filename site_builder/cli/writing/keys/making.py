"""A new key: where its private half goes, and how the public one is printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from site_builder.cli.shell import as_json_option, print_json, shell_output, show, this_machine
from site_builder.errors import UsageError

__all__ = ["make_key", "placing_options"]


def placing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where a new private key goes."""
    for option in (
        as_json_option("The public half"),
        click.option("--no-passphrase", "is_open", is_flag=True, help="Write a file that opens without a passphrase."),
        click.option("--print", "to_terminal", is_flag=True, help="Print the private key instead, for a CI secret."),
        click.option(
            "--file",
            type=click.Path(path_type=Path),
            help="Where to write the private key (outside of the repository).",
        ),
        click.argument("issuer"),
    ):
        command = option(command)
    return command


def make_key(root: Path, issuer: str, *, as_json: bool, rotate: bool, **where: Any) -> None:
    """Makes a key and says so. rotate: in the place of the active one. where: of KeySource."""
    from site_builder.issuing.keys.command import KeySource, keys_new_command

    destination = KeySource(**where)
    if destination.to_terminal and as_json:
        raise UsageError("either --print or --json: the private key is one line, and stands in nothing else")
    made = keys_new_command(
        root,
        issuer,
        destination=destination,
        machine=this_machine(),
        output=shell_output(),
        rotate=rotate,
    )
    if destination.to_terminal:
        show(made.line)
    if as_json:
        print_json(made.as_json())
