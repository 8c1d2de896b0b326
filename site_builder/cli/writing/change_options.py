"""The options that correct, revoke, renew and erase share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from site_builder.cli.shell import as_json_option

__all__ = ["DATE", "NOTE", "change_options", "list_options"]

DATE = {"date": "The day that the page states; today without this."}
NOTE = {"note": "A sentence for whoever reads the record; it is not published."}
_LISTS = (
    click.option("--evidence", multiple=True, help="An https address; may be given several times, and replaces all."),
    click.option(
        "--result", "results", multiple=True, metavar="KEY=VALUE", help="A result; may be given several times."
    ),
)


def change_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What all four take: the credential that is meant, and how it is asked, printed and written."""
    for mark in (
        click.pass_obj,
        click.argument("which", nargs=-1, required=True),
        click.option("--yes", is_flag=True, help="Write without asking, for scripts."),
        click.option("--dry-run", is_flag=True, help="Only show what would be written."),
        as_json_option("What was found and written"),
    ):
        command = mark(command)
    return command


def list_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that take the place of a whole list."""
    for option in reversed(_LISTS):
        command = option(command)
    return command
