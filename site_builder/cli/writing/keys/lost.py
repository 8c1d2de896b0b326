"""The command keys lost."""

from __future__ import annotations

import os
from pathlib import Path

import click

from site_builder.cli.shell import shell_output, show

__all__ = ["keys_lost"]


@click.command("lost")
@click.argument("issuer")
@click.pass_obj
def keys_lost(root: Path, issuer: str) -> None:
    """Say what to do when a private key is gone: laurels keys lost harbour

    Changes nothing: says what still verifies, what cannot be done, and which commands help."""
    from site_builder.issuing.keys.advice import lost_key_lines
    from site_builder.issuing.keys.command import known_issuer, require_sound_keys

    checked = require_sound_keys(root, issuer, output=shell_output())
    for line in lost_key_lines(checked, known_issuer(checked, issuer), environment=os.environ):
        show(line)
