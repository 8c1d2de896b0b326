"""The command check: every record and every signed file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.shell import as_json_option, print_json, print_problems, progress, say
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.ledger.store.checked_repository import CheckedRepository

__all__ = ["check"]


@click.command()
@click.option("--base", metavar="REF", help="A commit of git, such as origin/main: all that it published must be here.")
@as_json_option("Problems, and names that look odd,")
@click.pass_obj
def check(root: Path, as_json: bool, base: str | None) -> None:
    """Check every record and every signed file: laurels check

    Needs no key, no network and no clock. Exit code 1 when there are problems."""
    from site_builder.ledger.checks.repository import check_repository

    checked = check_repository(root, base=base, progress=progress("check"))
    _print_found(checked, as_json=as_json)
    sys.exit(1 if checked.problems else 0)


def _print_found(checked: CheckedRepository, *, as_json: bool) -> None:
    """Problems, names that look odd before they are signed, and how much is left to do."""
    from site_builder.records.load.name_hints import name_hints

    hints = name_hints(checked.pending_rows)
    pending = {
        "rows": len(checked.pending_rows),
        "changes": len(checked.pending_changes),
        "status_lists": len(checked.stale),
    }
    if as_json:
        problems = [problem.__dict__ for problem in checked.problems]
        print_json({"problems": problems, "hints": hints, "pending": pending})
        return
    print_problems(checked.problems)
    for hint in hints:
        say(hint)
    done = f"{plural(len(checked.problems), 'problem')}; {plural(len(checked.ledger.awards), 'award')} issued"
    say(f"{done}, {pending['rows']} pending, {plural(pending['changes'], 'change')} pending")
