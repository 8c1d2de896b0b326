"""The command new cohort."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from site_builder.cli.options import EXPIRES, LateCommand, signed_field_options, text_options
from site_builder.cli.shell import say
from site_builder.cli.writing.new.asking import ask_missing
from site_builder.cli.writing.new.award_options import AWARD_TEXTS, EVIDENCE
from site_builder.cli.writing.new.people import read_people
from site_builder.cli.writing.new.written import write_new, writing_options

__all__ = ["new_cohort"]


@click.command("cohort", cls=LateCommand)
@text_options(**AWARD_TEXTS)
@EVIDENCE
@text_options(**EXPIRES)
@signed_field_options(personal=False)
@click.option(
    "--csv",
    "roster",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="The list of people, as your learning platform exports it; - for standard input.",
)
@click.option("--name-column", help="The column of names, when it is not clear.")
@click.option("--email-column", help="The column of addresses, when it is not clear.")
@writing_options
@click.pass_obj
def new_cohort(root: Path, /, dry_run: bool, as_json: bool, roster: Path | None, **given: Any) -> None:
    """Write down a cohort: laurels new cohort --badge first-aid-basic --awarded 2026-05-14 --csv participants.csv

    Says which columns of the list were taken, and which names look odd. Without --csv a line for each person is read: name, address."""
    from site_builder.authoring.new_records import new_awards

    columns = {name: given.pop(name) for name in ("name_column", "email_column")}
    fields = ask_missing(root, "award", given, {"badge": "Achievement", "awarded": "Day of the award"}, {})
    people, source = read_people(roster, columns)
    for note in people.notes:
        say(note)
    new_files = new_awards(root, fields, people.rows, source=source)
    write_new(root, new_files, dry_run=dry_run, as_json=as_json)
