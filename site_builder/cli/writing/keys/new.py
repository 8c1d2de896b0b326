"""The command keys new."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from site_builder.cli.writing.keys.making import make_key, placing_options

__all__ = ["keys_new"]


@click.command("new")
@placing_options
@click.pass_obj
def keys_new(root: Path, /, issuer: str, **options: Any) -> None:
    """Make a signing key: laurels keys new harbour

    The public half is added to issuers/ISSUER/keys.yml. The private half goes to a file that only you can read, locked with a
    passphrase, which is asked for or stands in the variable LAURELS_PASSPHRASE_ISSUER."""
    make_key(root, issuer, rotate=False, **options)
