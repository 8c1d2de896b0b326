"""The command keys retire."""

from __future__ import annotations

from pathlib import Path

import click

from site_builder.cli.shell import say
from site_builder.cli.writing.keys.ending import dry_run_option, end_key
from site_builder.wording import plural

__all__ = ["keys_retire"]


@click.command("retire")
@click.argument("issuer")
@click.argument("key")
@dry_run_option
@click.pass_obj
def keys_retire(root: Path, issuer: str, key: str, dry_run: bool) -> None:
    """End a key that nobody else has: laurels keys retire harbour key-1

    It signs nothing more; what it signed keeps verifying. To have a new one at once: laurels keys rotate."""
    ended = end_key(root, issuer, key, state="retired", dry_run=dry_run)
    say(f"What it signed keeps verifying: {plural(len(ended.use.credentials), 'credential')}.")
    if ended.needs_new_key:
        say(f"Until there is a new key nothing can be signed: laurels keys new {issuer}")
