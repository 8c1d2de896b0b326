"""The command new award."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from site_builder.cli.options import EXPIRES, LateCommand, parse_results, signed_field_options, text_options
from site_builder.cli.writing.new.asking import ask_missing
from site_builder.cli.writing.new.award_options import AWARD_TEXTS, EVIDENCE
from site_builder.cli.writing.new.written import write_new, writing_options

__all__ = ["new_award"]


@click.command("award", cls=LateCommand)
@text_options(**AWARD_TEXTS)
@text_options(
    name="The recipient, as the name is to be read.",
    email="The recipient's address; never published.",
    id="The recipient's own identifier, such as a DID.",
)
@EVIDENCE
@click.option(
    "--result", "results", multiple=True, metavar="KEY=VALUE", help="What was reached; may be given several times."
)
@text_options(**EXPIRES)
@signed_field_options(personal=False)
@signed_field_options(personal=True)
@text_options(
    listed="The day on which the recipient agreed to be listed.",
    ref="Tells two otherwise equal awards apart.",
)
@writing_options
@click.pass_obj
def new_award(root: Path, /, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Write down one award: laurels new award --badge first-aid-basic --awarded 2026-05-14 --name 'Ada Lovelace'

    The file is named by day and achievement, never by the person."""
    from site_builder.authoring.new_records import new_awards

    given["results"] = parse_results(given["results"])
    required = {"badge": "Achievement", "awarded": "Day of the award", "name": "Name"}
    fields = ask_missing(root, "award", given, required, {"email": "E-mail address"})
    write_new(root, new_awards(root, fields), dry_run=dry_run, as_json=as_json)
