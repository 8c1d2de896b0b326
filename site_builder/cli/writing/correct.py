"""The command correct: a record that corrects an award, at the same address."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.options import EXPIRES, LateCommand, signed_field_options, text_options
from site_builder.cli.writing.change import change_award
from site_builder.cli.writing.change_options import DATE, NOTE, change_options, list_options

if TYPE_CHECKING:
    from site_builder.authoring.change_records import Proposal
    from site_builder.authoring.targets import Target
    from site_builder.ledger.store.checked_repository import CheckedRepository

__all__ = ["correct"]


@click.command(cls=LateCommand)
@text_options(
    name="The recipient, as the name should be.",
    email="The recipient's address, as it should be; never published.",
    id="The recipient's own identifier, such as a DID.",
    awarded="The day of the award, YYYY-MM-DD.",
    **EXPIRES,
)
@signed_field_options()
@list_options
@click.option("--remove", multiple=True, metavar="FIELD", help="A field that goes; may be given several times.")
@click.option(
    "--withhold-previous", is_flag=True, help="Take back the file signed before, such as one with a former name."
)
@text_options(**NOTE, **DATE)
@change_options
def correct(
    root: Path, /, which: tuple[str, ...], remove: Sequence[str], withhold_previous: bool, **given: Any
) -> None:
    """Correct an award, at the same address: laurels correct lovelace --name 'Ada Lovelace'

    WHICH is the address of its page, its id, or words that fit no other. Give each field as it should be; the row stays as it is."""
    from site_builder.authoring.corrections import propose_correction

    def propose(checked: CheckedRepository, target: Target, fields: dict[str, Any]) -> Proposal:
        flags = {"withhold_previous": "true"} if withhold_previous else {}
        return propose_correction(checked, target, fields | flags, remove=remove)

    change_award(root, which, propose, **given)
