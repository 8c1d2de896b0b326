"""The command move: prepares a change of the site's address."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.repository import require_no_problems
from site_builder.cli.shell import as_json_option, print_json, say, show
from site_builder.errors import Error, UsageError
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.authoring.relocation import Relocation
    from site_builder.ledger.store.checked_repository import CheckedRepository

__all__ = ["move"]


@click.command()
@click.option(
    "--to", required=True, metavar="URL", help="The new address of the site, such as https://badges.example.org/."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write what to leave at the old address, and records for the new site, into this folder, which must be a new one.",
)
@as_json_option("What the move means")
@click.pass_obj
def move(root: Path, to: str, out: Path | None, as_json: bool) -> None:
    """Prepare a move to another domain: laurels move --to https://badges.school.example/ --out ../moved

    Says what verifies only while the old address answers, what to leave there, and which awards to sign anew. Changes nothing here."""
    from site_builder.authoring.relocation_words import describe_move

    plan = _prepared(root, to, out)
    if as_json:
        print_json(plan.as_json())
    else:
        show("\n".join(describe_move(plan)))


def _prepared(root: Path, to: str, out: Path | None) -> Relocation:
    """The plan of the move, and both folders where they are asked for."""
    from site_builder.authoring.relocation import plan_move

    refusal = "no move is prepared while there are problems: what is left at the old address stays for years"
    checked = require_no_problems(root, refusal)
    plan = plan_move(checked, to, now=datetime.now(UTC))
    if plan.pending:
        say(
            f"{plural(plan.pending, 'thing')} not signed yet, and not counted here: run 'laurels issue' before you move"
        )
    if out is not None:
        _write(root, checked, plan, out)
    return plan


def _write(root: Path, checked: CheckedRepository, plan: Relocation, out: Path) -> None:
    """Both folders. Raises an error before anything is written when the place is not free, or when something is not signed yet."""
    from site_builder.authoring.moved_records import moved_records
    from site_builder.site.moved_site import old_address_files
    from site_builder.site.output.staged_site import write_files

    if plan.pending:
        raise Error("nothing was written: what is signed later would be missing there; run 'laurels issue' first")
    if out.resolve().is_relative_to(root.resolve()):
        raise UsageError(
            f"{out} lies in the repository: choose a folder elsewhere, since the records hold names and addresses"
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is there already: choose another name")
    try:
        write_files(out / "old-address", old_address_files(checked, plan.to))
        write_files(out / "records", moved_records(plan.restated))
    except OSError:
        # The half of it would be in the way when the command is run again.
        shutil.rmtree(out, ignore_errors=True)
        raise
    say(f"{out}/old-address: upload it to {plan.base}, in place of what lies there")
    say(f"{out}/records: the records of the new site, in place of its content/records; they hold names and addresses")
