"""The command check: every record and every signed file, and what in the repository or in a change of it runs code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.options import history_option
from site_builder.cli.reading.notices import say_notices
from site_builder.cli.repository import say_what_is_unseen
from site_builder.cli.shell import as_json_option, print_json, print_problems, progress, say
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.errors import Problem
    from site_builder.ledger.review.review import Notice
    from site_builder.ledger.store.checked_repository import CheckedRepository

__all__ = ["check"]


@click.command()
@click.option(
    "--base",
    metavar="REF",
    help="A commit of git, such as origin/main: all that it published must be here, and what is new here and runs code is named.",
)
@history_option
@as_json_option("Problems, names that look odd, and what runs code,")
@click.pass_obj
def check(root: Path, as_json: bool, base: str | None, history: str | None) -> None:
    """Check every record and every signed file: laurels check

    Needs no key, no network and no clock. Exit code 1 when there are problems."""
    from site_builder.ledger.checks.repository import check_repository
    from site_builder.ledger.checks.status_lists import outdated_lists

    checked = check_repository(root, base=base, progress=progress("check"))
    say_what_is_unseen(checked, required=history is not None)
    problems = [*checked.problems, *outdated_lists(checked)]
    notices = _what_runs_code(root, base)
    if as_json:
        print_json(_as_json(checked, problems) | {"runs_code": [notice.as_json() for notice in notices]})
    else:
        print_problems(problems)
        _say_summary(checked, problems)
        say_notices(notices, is_change=base is not None)
    sys.exit(1 if problems else 0)


def _what_runs_code(root: Path, base: str | None) -> list[Notice]:
    """In the repository, or in a change; a folder without settings is no site, unless a change has taken them away."""
    from site_builder.ledger.review.review import notices_in

    return notices_in(root, base=base) if base or (root / "mkdocs.yml").exists() else []


def _pending(checked: CheckedRepository) -> dict[str, int]:
    return {
        "rows": len(checked.pending_rows),
        "changes": len(checked.pending_changes),
        "status_lists": len(checked.stale),
    }


def _as_json(checked: CheckedRepository, problems: Sequence[Problem]) -> dict[str, Any]:
    from site_builder.ledger.store.key_documents import key_documents_elsewhere
    from site_builder.records.load.name_hints import name_hints

    return {
        "problems": [problem.__dict__ for problem in problems],
        "hints": name_hints(checked.pending_rows),
        "pending": _pending(checked),
        "key_documents": [document.as_json() for document in key_documents_elsewhere(checked.repository)],
    }


def _say_summary(checked: CheckedRepository, problems: Sequence[Problem]) -> None:
    from site_builder.ledger.store.key_documents import copying_lines
    from site_builder.records.load.name_hints import name_hints

    for hint in name_hints(checked.pending_rows):
        say(hint)
    pending = _pending(checked)
    done = f"{plural(len(problems), 'problem')}; {plural(len(checked.ledger.awards), 'award')} issued"
    say(f"{done}, {pending['rows']} pending, {plural(pending['changes'], 'change')} pending")
    for line in copying_lines(checked.repository):
        say(line)
