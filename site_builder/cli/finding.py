"""Commands that find people and their awards: list, search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from site_builder.cli.shell import (
    EXAMPLE_RECORD,
    as_json_option,
    checked,
    known_record,
    print_json,
    say,
)
from site_builder.errors import UsageError
from site_builder.wording import plural

__all__ = ["list_awards", "must_exist", "search"]

_STATES = ["active", "pending", "revoked", "expired", "not-yet-valid", "erased"]


def _narrowing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which list and search are narrowed, and the forms in which they print."""
    for option in (
        click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a spreadsheet."),
        as_json_option("The awards"),
        click.option("--expiring-within", metavar="PERIOD", help="Only those that end soon: 90d, 12w, P3M."),
        click.option("--state", type=click.Choice(_STATES), multiple=True, help="Only those in this state."),
        click.option("--issuer", help="Only of this issuer."),
        click.option("--record", help=f"Only the rows of this file, such as {EXAMPLE_RECORD}."),
        click.option("--badge", help="Only of this achievement: the name of its folder."),
        click.option("--person", default="", help="Only of people whose name or address has this in it."),
    ):
        command = option(command)
    return command


@click.command("list")
@_narrowing
@click.pass_obj
def list_awards(root: Path, /, as_json: bool, as_csv: bool, **narrow: Any) -> None:
    """List awards and how they stand: laurels list --expiring-within 90d

    Whatever was written down or signed, pending and revoked ones too."""
    found, total = _found(root, **narrow)
    _print(found, as_json=as_json, as_csv=as_csv)
    say(f"{len(found)} of {plural(total, 'award')}")


@click.command()
@click.argument("text", nargs=-1, required=True)
@_narrowing
@click.pass_obj
def search(root: Path, /, text: tuple[str, ...], as_json: bool, as_csv: bool, **narrow: Any) -> None:
    """Find awards by a name, an address, an id or a page: laurels search lovelace

    Looks for each word in names, addresses, ids, achievements and licence numbers, whatever their case and accents. The address of a
    page may be pasted whole."""
    found, total = _found(root, text=" ".join(text), **narrow)
    _print(found, as_json=as_json, as_csv=as_csv)
    if not as_json and not as_csv:
        for award in found:
            click.echo(f"{award.name or 'erased'}: {award.url or 'not issued yet'}")
            if award.record:
                click.echo(f"  {award.record}")
    say(f"{len(found)} of {plural(total, 'award')}")


def _found(
    root: Path, *, record: str | None, state: tuple[str, ...], expiring_within: str | None, **narrow: Any
) -> tuple[list[Any], int]:
    """The awards that are asked for, and how many there are in all."""
    from site_builder.ledger.queries import listing

    now = datetime.now(UTC)
    here = checked(root, purpose="list", warning=": this list may lack something; run 'laurels check'")
    must_exist("achievement", narrow["badge"], here.repository.badges)
    must_exist("issuer", narrow["issuer"], here.repository.issuers)
    awards = listing.list_awards(here, now=now)
    file = known_record(root, record, {award.file for award in awards})
    found = listing.narrowed(awards, file=file, states=state, **narrow)
    if expiring_within is not None:
        found = listing.expiring_within(found, expiring_within, today=now.date())
    return found, len(awards)


def must_exist(kind: str, slug: str | None, known: dict[str, Any]) -> None:
    """Raises UsageError when an issuer or an achievement that was named is not there."""
    from site_builder.records.formats.explain import nearest

    if slug is not None and slug not in known:
        similar = nearest(slug, known)
        raise UsageError(f"there is no {kind} {slug!r}" + (f"; did you mean {similar!r}?" if similar else ""))


def _print(awards: Sequence[Any], *, as_json: bool, as_csv: bool) -> None:
    from site_builder.ledger.queries.listing import listed_as_csv

    if as_json and as_csv:
        raise UsageError("either --json or --csv, not both")
    if as_json:
        print_json([award.as_json() for award in awards])
    elif as_csv:
        click.echo(listed_as_csv(awards), nl=False)
    elif awards:
        _print_table(awards)


_COLOURS = {"active": "green", "pending": "cyan", "expired": "yellow", "not-yet-valid": "cyan"}
_COLOURS |= {"revoked": "red", "erased": "red"}


def _print_table(awards: Sequence[Any]) -> None:
    from rich.console import Console
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
        table.add_row(Text(award.name), Text(award.badge), *days, Text(award.state, _COLOURS[award.state]))
    Console(highlight=False).print(table)
