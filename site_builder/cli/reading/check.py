"""The command check: every record and every signed file, and what in the repository or in a change of it runs code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.options import history_option
from site_builder.cli.reading.notices import say_kinds, say_notices
from site_builder.cli.shell import as_json_option, print_json, print_problems, progress, say
from site_builder.cli.verified_cache import cache_options, opened_cache
from site_builder.errors import Error, Problem
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.ledger.review.review import Notice

__all__ = ["check"]

Json = dict[str, Any]


@click.command()
@click.option(
    "--base",
    metavar="REF",
    help="A commit of git, such as origin/main: all that it published must be here, and what is new here and runs code is named.",
)
@history_option
@cache_options
@as_json_option("Problems, names that look odd, and what runs code,")
@click.pass_obj
def check(
    root: Path, as_json: bool, base: str | None, history: str | None, cache_folder: Path | None, no_cache: bool
) -> None:
    """Check every record and every signed file: laurels check

    Needs no key, no network and no clock. Exit code 1 when there are problems."""
    answer, notices = _answer(root, base, cache_folder, no_cache=no_cache)
    if history is not None and answer["lacking"]:
        raise Error(answer["lacking"])
    if answer["unseen"]:
        say(answer["unseen"])
    if as_json:
        print_json({name: answer[name] for name in _PRINTED})
    else:
        print_problems(Problem(**problem) for problem in answer["problems"])
        _say_summary(answer)
        if base is None:
            say_kinds(notice["kind"] for notice in answer["runs_code"])
        else:
            say_notices(notices)
    sys.exit(1 if answer["problems"] else 0)


_PRINTED = ("problems", "hints", "pending", "key_documents", "runs_code")


def _answer(
    root: Path, base: str | None, cache_folder: Path | None, *, no_cache: bool
) -> tuple[Json, Sequence[Notice]]:
    """What a check finds: of files that are all as they were when nothing was wrong, what it found then."""
    cache = opened_cache(root, cache_folder, no_cache=no_cache)
    inputs = None
    if cache is not None and base is None:
        from site_builder.ledger.history.inputs import read_inputs

        inputs = read_inputs(root)
        known = cache.answer(inputs.digest) if inputs else None
        if known is not None:
            return known, []
    from site_builder.ledger.checks.answer import check_and_answer

    return check_and_answer(root, base=base, inputs=inputs, cache=cache, progress=progress("check"))


def _say_summary(answer: Json) -> None:
    for hint in answer["hints"]:
        say(hint)
    pending = answer["pending"]
    done = f"{plural(len(answer['problems']), 'problem')}; {plural(answer['issued'], 'award')} issued"
    say(f"{done}, {pending['rows']} pending, {plural(pending['changes'], 'change')} pending")
    for line in answer["copying"]:
        say(line)
