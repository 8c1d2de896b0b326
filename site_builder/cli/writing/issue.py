"""The command issue: signs what is pending."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.shell import as_json_option, print_json, shell_output, this_machine
from site_builder.cli.verified_cache import cache_options, opened_cache

if TYPE_CHECKING:
    from site_builder.issuing.command import IssueOutcome

__all__ = ["issue", "issue_pending"]


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
@cache_options
@as_json_option("The plan or what was done")
@click.pass_obj
def issue(root: Path, /, as_json: bool, **options: Any) -> None:
    """Sign what is pending: laurels issue --dry-run, then laurels issue

    Shows what it signs. Run again after an interruption: it completes what was begun and changes nothing else."""
    outcome = issue_pending(root, lines_to_stderr=as_json, **options)
    if as_json:
        print_json(outcome.done)


def issue_pending(
    root: Path,
    *,
    lines_to_stderr: bool = False,
    cache_folder: Path | None = None,
    no_cache: bool = False,
    **options: Any,
) -> IssueOutcome:
    """Signs what is pending with this machine's clock, random source and keys."""
    # Before the program is loaded whose bytes it depends on.
    cache = opened_cache(root, cache_folder, no_cache=no_cache)
    from site_builder.issuing.command import IssueOptions, run_issue

    output = shell_output("issue", lines_to_stderr=lines_to_stderr)
    return run_issue(root, IssueOptions(**options), machine=this_machine(), output=output, cache=cache)
