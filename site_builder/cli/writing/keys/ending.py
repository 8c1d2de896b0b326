"""The end of a key: retired, or in wrong hands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.shell import shell_output

if TYPE_CHECKING:
    from site_builder.issuing.keys.command import EndedKey

__all__ = ["dry_run_option", "end_key"]


dry_run_option = click.option("--dry-run", is_flag=True, help="Only show what would be done.")


def end_key(root: Path, issuer: str, key: str, *, state: str, dry_run: bool) -> EndedKey:
    """Sets a key to its last state, dated today, and says so."""
    from site_builder.issuing.keys.command import end_key_command

    return end_key_command(
        root, issuer, key, state=state, now=datetime.now(UTC), dry_run=dry_run, output=shell_output()
    )
