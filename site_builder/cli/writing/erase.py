"""The command erase: takes an award away, and all that leads to its recipient."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from site_builder.cli.options import text_options
from site_builder.cli.writing.change import change_award
from site_builder.cli.writing.change_options import DATE, change_options

__all__ = ["erase"]


@click.command()
@text_options(**DATE)
@change_options
def erase(root: Path, /, which: tuple[str, ...], **given: Any) -> None:
    """Remove an award and all that leads to its recipient: laurels erase lovelace

    WHICH is the address of its page, its id, or words that fit no other. Takes the row out of its file, says what it cannot reach, and
    prints the commands that take the person out of the repository's history."""
    from site_builder.authoring.erasing import propose_erasure

    change_award(root, which, lambda checked, target, fields: propose_erasure(checked, target, fields["date"]), **given)
