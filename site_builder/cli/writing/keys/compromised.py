"""The command keys compromised."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.shell import as_json_option, print_json, say, show
from site_builder.cli.writing.keys.ending import dry_run_option, end_key

if TYPE_CHECKING:
    from site_builder.issuing.keys.command import EndedKey

__all__ = ["keys_compromised"]


@click.command("compromised")
@click.argument("issuer")
@click.argument("key")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day from which somebody else may have had it; it only sorts.",
)
@dry_run_option
@as_json_option("What the key signed")
@click.pass_obj
def keys_compromised(root: Path, issuer: str, key: str, since: datetime | None, dry_run: bool, as_json: bool) -> None:
    """End a key that somebody else may have: laurels keys compromised harbour key-1 --since 2026-05-01

    Nothing that it signed is accepted any more, whatever its date. Lists every credential that it signed, for you to look through;
    those that stand are signed anew with a new key. --since only sorts that list: a thief can write any date."""
    ended = end_key(root, issuer, key, state="compromised", dry_run=dry_run)
    _print_review(ended, since.date() if since else None, as_json=as_json)


def _print_review(ended: EndedKey, since: date | None, *, as_json: bool) -> None:
    from site_builder.issuing.keys.advice import next_steps, review_lines
    from site_builder.ledger.queries.key_use import for_review

    found = for_review(ended.use.credentials, since)
    steps = next_steps(ended.use, needs_new_key=ended.needs_new_key, copying=ended.copying)
    if as_json:
        credentials = [entry.as_json() for entry in found]
        print_json({"key": ended.use.key.id, "credentials": credentials, "next": steps})
        return
    for line in review_lines(found):
        show(line)
    _say_next(len(found), steps)


def _say_next(count: int, steps: list[str]) -> None:
    if count:
        say(
            f"Look through {'this credential' if count == 1 else f'these {count} credentials'}: did you issue each one?"
        )
        say("Revoke what you did not issue (laurels revoke). Then, so that the others are accepted again:")
    else:
        say("It signed no credential that lies here. Next:")
    for step in steps:
        say(f"  {step}")
