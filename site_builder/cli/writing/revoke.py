"""The command revoke: a record that withdraws an award for good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from site_builder.cli.options import text_options
from site_builder.cli.writing.change import change_award
from site_builder.cli.writing.change_options import DATE, NOTE, change_options

__all__ = ["REASONS", "revoke"]

REASONS = ["issued-in-error", "requirements-not-met", "misconduct", "withdrawn-by-recipient", "other"]


@click.command()
@click.option("--reason", type=click.Choice(REASONS), required=True, help="Why; it is published.")
@text_options(**NOTE, **DATE)
@change_options
def revoke(root: Path, /, which: tuple[str, ...], **given: Any) -> None:
    """Withdraw an award for good: laurels revoke lovelace --reason issued-in-error

    WHICH is the address of its page, its id, or words that fit no other."""
    from site_builder.authoring.change_records import propose_revocation

    change_award(root, which, propose_revocation, **given)
