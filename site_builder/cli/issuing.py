"""Commands that check what was written and sign it: check, issue."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from site_builder.cli.shell import as_json_option, ask_at_terminal, print_json, print_problems, progress, say
from site_builder.wording import plural

__all__ = ["check", "issue", "issue_pending"]


@click.command()
@click.option("--base", metavar="REF", help="A commit of git, such as origin/main: all that it published must be here.")
@as_json_option("Problems")
@click.pass_obj
def check(root: Path, as_json: bool, base: str | None) -> None:
    """Check every record and every signed file: laurels check

    Needs no key, no network and no clock. Exit code 1 when there are problems."""
    from site_builder.ledger.checks.repository import check_repository

    state = check_repository(root, base=base, progress=progress("check"))
    pending = {"rows": len(state.pending_rows), "changes": len(state.pending_changes), "status_lists": len(state.stale)}
    if as_json:
        print_json({"problems": [problem.__dict__ for problem in state.problems], "pending": pending})
    else:
        print_problems(state.problems)
        done = f"{plural(len(state.problems), 'problem')}; {plural(len(state.ledger.awards), 'award')} issued"
        say(f"{done}, {pending['rows']} pending, {plural(pending['changes'], 'change')} pending")
    sys.exit(1 if state.problems else 0)


@click.command()
@click.option("--dry-run", is_flag=True, help="Only show what would be signed.")
@click.option("--issuer", help="Only this issuer.")
@click.option("--base", metavar="REF", help="A commit of git, such as origin/main: all that it published must be here.")
@click.option("--reconcile", is_flag=True, help="After a merge: first let what else was issued give way to --base.")
@click.option("--resign", is_flag=True, help="Also replace the proofs that compromised keys made.")
@click.option(
    "--here",
    is_flag=True,
    help="Issue in this CI run, whatever its branch: only where you know that its result is kept.",
)
@click.option(
    "--key-file", type=click.Path(path_type=Path), help="The file that holds the signing key (with --issuer)."
)
@as_json_option("The plan or what was done")
@click.pass_obj
def issue(root: Path, /, as_json: bool, **options: Any) -> None:
    """Sign what is pending: laurels issue --dry-run, then laurels issue

    Shows what it signs. Run again after an interruption: it completes what was begun and changes nothing else."""
    done = issue_pending(root, lines_to_stderr=as_json, **options)
    if as_json:
        print_json(done)


def issue_pending(
    root: Path,
    *,
    dry_run: bool = False,
    issuer: str | None = None,
    resign: bool = False,
    base: str | None = None,
    reconcile: bool = False,
    here: bool = False,
    key_file: Path | None = None,
    lines_to_stderr: bool = False,
) -> dict[str, Any]:
    """Signs what is pending with this machine's clock, random source and keys; plain data on what was done."""
    from site_builder.issuing.command import issue_command

    return issue_command(
        root,
        dry_run=dry_run,
        issuer=issuer,
        resign=resign,
        base=base,
        reconcile=reconcile,
        here=here,
        key_file=key_file,
        environment=os.environ,
        now=datetime.now(UTC).replace(microsecond=0),
        random_bytes=os.urandom,
        say=lambda line: click.echo(line, err=lines_to_stderr),
        problems=print_problems,
        progress=progress("issue"),
        ask=ask_at_terminal(),
    )
