"""What correct, revoke, renew and erase do: each shows what it found and what it will write, and asks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.options import parse_results
from site_builder.cli.repository import load_checked
from site_builder.cli.shell import print_json, show
from site_builder.cli.writing.proposal_lines import say_next, show_proposal
from site_builder.errors import Error, UsageError

if TYPE_CHECKING:
    from site_builder.authoring.change_records import Proposal
    from site_builder.authoring.targets import Target
    from site_builder.ledger.queries.listing import ListedAward
    from site_builder.ledger.store.checked_repository import CheckedRepository

__all__ = ["change_award"]


def change_award(
    root: Path,
    which: Sequence[str],
    propose: Callable[[CheckedRepository, Target, dict[str, Any]], Proposal],
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Finds the credential, proposes the record, shows it, asks, writes it, and says what comes next."""
    from site_builder.authoring.change_records import day_of_issuer, write_proposal

    now = datetime.now(UTC)
    checked = load_checked(root, purpose="change", warning=" in this repository: 'laurels check' lists them")
    target = _find(checked, " ".join(which), now, as_json=as_json)
    day = given.pop("date", None) or day_of_issuer(checked, target, now).isoformat()
    given["results"] = parse_results(given.get("results") or ())
    fields = {name: list(v) if isinstance(v, tuple) else v for name, v in given.items() if v not in (None, (), {})}
    proposal = propose(checked, target, {"date": day} | fields)
    if not as_json:
        show_proposal(proposal)
    if not dry_run:
        _confirm(yes, as_json=as_json)
        write_proposal(root, proposal)
    if as_json:
        print_json(proposal.as_json() | {"written": not dry_run})
    say_next(proposal, dry_run=dry_run, as_json=as_json)


def _find(checked: CheckedRepository, which: str, now: datetime, *, as_json: bool) -> Target:
    """The credential that is meant. Words that fit several: these are printed with their ids, and on a terminal one is asked for."""
    from site_builder.authoring.targets import SeveralFound, find_target

    try:
        return find_target(checked, which, now=now)
    except SeveralFound as several:
        if as_json:
            print_json({"found": [award.as_json() for award in several.awards], "written": False})
        else:
            _print_found(several.awards)
        ids = [award.id for award in several.awards if award.id]
        if as_json or not ids or not sys.stdin.isatty():
            raise
        chosen = click.prompt("Id of the one that is meant", type=click.Choice(ids), show_choices=False, err=True)
        return find_target(checked, chosen, now=now)


def _print_found(awards: Sequence[ListedAward]) -> None:
    for award in awards:
        show(f"{award.name}: {award.badge}, {award.awarded}, {award.state}")
        show(f"  {award.id or f'not issued yet, {award.record}'}")


def _confirm(yes: bool, *, as_json: bool) -> None:
    """Raises UsageError where nobody can be asked, and Error when the answer is no."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nothing was written: on a terminal you are asked; in a script, say --yes")
    if not click.confirm("Write this?", err=True):
        raise Error("nothing was written")
