"""Awards that were asked for: the options that narrow them, and how they are printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.repository import EXAMPLE_RECORD, known_record, load_checked, must_exist
from site_builder.cli.shell import as_json_option, print_drawn, print_file, print_json
from site_builder.errors import UsageError
from site_builder.wording import in_one_line

if TYPE_CHECKING:
    from site_builder.ledger.queries.listing import ListedAward

__all__ = ["STATES", "find_awards", "narrowing_options", "print_awards"]

STATES = ["active", "pending", "revoked", "expired", "not-yet-valid", "erased"]


def narrowing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which list and search are narrowed, and the forms in which they print."""
    for option in (
        click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a spreadsheet."),
        as_json_option("The awards"),
        click.option("--expiring-within", metavar="PERIOD", help="Only those that end soon: 90d, 12w, P3M."),
        click.option("--state", type=click.Choice(STATES), multiple=True, help="Only those in this state."),
        click.option("--issuer", help="Only of this issuer."),
        click.option("--record", help=f"Only the rows of this file, such as {EXAMPLE_RECORD}."),
        click.option("--badge", help="Only of this achievement: the name of its folder."),
        click.option("--person", default="", help="Only of people whose name or address has this in it."),
    ):
        command = option(command)
    return command


def find_awards(
    root: Path, *, record: str | None, state: tuple[str, ...], expiring_within: str | None, **narrow: Any
) -> tuple[list[ListedAward], int]:
    """The awards that are asked for, and how many there are in all."""
    from site_builder.ledger.queries import listing

    now = datetime.now(UTC)
    here = load_checked(root, purpose="list", warning=": this list may lack something; run 'laurels check'")
    must_exist("achievement", narrow["badge"], here.repository.badges)
    must_exist("issuer", narrow["issuer"], here.repository.issuers)
    awards = listing.list_awards(here, now=now)
    file = known_record(root, record, {award.file for award in awards})
    found = listing.narrowed(awards, file=file, states=state, **narrow)
    if expiring_within is not None:
        found = listing.expiring_within(found, expiring_within, today=now.date())
    return found, len(awards)


def print_awards(awards: Sequence[ListedAward], *, as_json: bool, as_csv: bool) -> None:
    from site_builder.ledger.queries.listing import listed_as_csv

    if as_json and as_csv:
        raise UsageError("either --json or --csv, not both")
    if as_json:
        print_json([award.as_json() for award in awards])
    elif as_csv:
        print_file(listed_as_csv(awards))
    elif awards:
        _print_table(awards)


_COLOURS = {"active": "green", "pending": "cyan", "expired": "yellow", "not-yet-valid": "cyan"}
_COLOURS |= {"revoked": "red", "erased": "red"}


def _print_table(awards: Sequence[ListedAward]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("name", "achievement"):
        table.add_column(name, overflow="fold")
    for name in ("awarded", "until", "state"):
        table.add_column(name, no_wrap=True)
    for award in awards:
        # Of what was erased nobody knows any more how long it held.
        no_end = "" if award.state == "erased" else "no end"
        days = [award.awarded.isoformat(), award.expires.isoformat() if award.expires else no_end]
        table.add_row(
            Text(in_one_line(award.name)),
            Text(in_one_line(award.badge)),
            *days,
            Text(award.state, _COLOURS[award.state]),
        )
    print_drawn(table)
