"""The command check: every record and every signed file, and what in the repository or in a change of it runs code."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.shell import as_json_option, print_json, print_problems, progress, say
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.ledger.review.review import Notice
    from site_builder.ledger.store.checked_repository import CheckedRepository

__all__ = ["check"]


@click.command()
@click.option(
    "--base",
    metavar="REF",
    help="A commit of git, such as origin/main: all that it published must be here, and what is new here and runs code is named.",
)
@as_json_option("Problems, and what runs code,")
@click.pass_obj
def check(root: Path, as_json: bool, base: str | None) -> None:
    """Check every record and every signed file: laurels check

    Needs no key, no network and no clock. Exit code 1 when there are problems."""
    from site_builder.ledger.checks.repository import check_repository
    from site_builder.ledger.review.review import notices_in

    checked = check_repository(root, base=base, progress=progress("check"))
    # A folder without settings is no site, unless a change has taken them away.
    notices = notices_in(root, base=base) if base or (root / "mkdocs.yml").exists() else []
    if as_json:
        print_json(_as_json(checked) | {"runs_code": [notice.as_json() for notice in notices]})
    else:
        print_problems(checked.problems)
        say(_summary(checked))
        _say_what_runs_code(notices, is_change=base is not None)
    sys.exit(1 if checked.problems else 0)


def _as_json(checked: CheckedRepository) -> dict[str, Any]:
    pending = {
        "rows": len(checked.pending_rows),
        "changes": len(checked.pending_changes),
        "status_lists": len(checked.stale),
    }
    return {"problems": [problem.__dict__ for problem in checked.problems], "pending": pending}


def _summary(checked: CheckedRepository) -> str:
    done = f"{plural(len(checked.problems), 'problem')}; {plural(len(checked.ledger.awards), 'award')} issued"
    return f"{done}, {len(checked.pending_rows)} pending, {plural(len(checked.pending_changes), 'change')} pending"


def _say_what_runs_code(notices: Sequence[Notice], *, is_change: bool) -> None:
    """Of a change each thing with its reason, for a reviewer; of a whole repository how many of each kind; nothing, if there is none."""
    if not notices:
        return
    if is_change:
        say("This change runs code or hides a part of itself; look at each:")
        for line in _lines(notices):
            say(line)
    else:
        kinds = Counter(notice.kind.name for notice in notices)
        counts = ", ".join(plural(count, kind) for kind, count in kinds.items())
        say(f"What can run code or hide a part of a change: {counts} ('laurels check --json' names them)")


def _lines(notices: Sequence[Notice]) -> Iterator[str]:
    before = ""
    for notice in notices:
        if notice.kind.why != before:
            yield f"{notice.kind.why}:"
        before = notice.kind.why
        # A line that began with a file's name could be a command for the program that shows it.
        yield f"- {notice}"
