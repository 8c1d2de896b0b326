"""The command renew: a record of a new award in the place of one that ends."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.options import EXPIRES, LateCommand, signed_field_options, text_options
from site_builder.cli.writing.change import change_award
from site_builder.cli.writing.change_options import NOTE, change_options, list_options

if TYPE_CHECKING:
    from site_builder.authoring.change_records import Proposal
    from site_builder.authoring.targets import Target
    from site_builder.ledger.store.checked_repository import CheckedRepository

__all__ = ["renew"]


@click.command(cls=LateCommand)
@text_options(**EXPIRES)
@signed_field_options()
@text_options(listed="The day on which the recipient agreed to have the new award listed.")
@list_options
@text_options(**NOTE, date="The day of the new award; today without this.")
@change_options
def renew(root: Path, /, which: tuple[str, ...], **given: Any) -> None:
    """Renew an award that ends: laurels renew lovelace --evidence https://example.org/refreshers/2028

    WHICH is the address of its page, its id, or words that fit no other. The new award has a page of its own; the old page links it."""
    from site_builder.authoring.corrections import propose_renewal

    def propose(checked: CheckedRepository, target: Target, fields: dict[str, Any]) -> Proposal:
        return propose_renewal(checked, target, _with_last_day(target, fields, given["yes"]))

    change_award(root, which, propose, **given)


def _with_last_day(target: Target, fields: dict[str, Any], yes: bool) -> dict[str, Any]:
    """On a terminal the last day is asked for where the achievement does not say how long it holds."""
    from site_builder.authoring.corrections import proposed_last_day

    if "expires" in fields or yes or not sys.stdin.isatty():
        return fields
    try:
        day = proposed_last_day(target, date.fromisoformat(fields["date"]))
    except ValueError:
        return fields  # what is wrong with the date is said with the record
    if day is None:
        return fields
    return fields | {"expires": click.prompt("Last valid day, or never", default=day.isoformat(), err=True)}
