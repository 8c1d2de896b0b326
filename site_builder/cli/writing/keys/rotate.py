"""The command keys rotate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from site_builder.cli.writing.keys.making import make_key, placing_options

__all__ = ["keys_rotate"]


@click.command("rotate")
@placing_options
@click.pass_obj
def keys_rotate(root: Path, /, issuer: str, **options: Any) -> None:
    """Replace the active key by a new one: laurels keys rotate harbour

    The old key is retired: it signs nothing more, and what it signed keeps verifying. The old private key is not needed."""
    make_key(root, issuer, rotate=True, **options)
