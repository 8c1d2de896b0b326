"""The commands new: issuer, badge, award, cohort."""

from __future__ import annotations

import click

from site_builder.cli.writing.new.award import new_award
from site_builder.cli.writing.new.badge import new_badge
from site_builder.cli.writing.new.cohort import new_cohort
from site_builder.cli.writing.new.issuer import new_issuer

__all__ = ["new"]


@click.group()
def new() -> None:
    """Write new records, achievements and issuers: laurels new cohort --badge first-aid-basic

    Asks for what is missing on a terminal. Nothing that is there is ever overwritten."""


for _command in (new_issuer, new_badge, new_award, new_cohort):
    new.add_command(_command)
