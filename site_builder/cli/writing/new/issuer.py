"""The command new issuer."""

from __future__ import annotations

from pathlib import Path

import click

from site_builder.cli.options import text_options
from site_builder.cli.writing.new.asking import ask_missing, ask_slug
from site_builder.cli.writing.new.written import write_new, writing_options

__all__ = ["new_issuer"]


@click.command("issuer")
@click.argument("slug", required=False)
@text_options(
    name="As it is signed in every credential.",
    url="Your own site, https.",
    email="The office, for questions; it is published.",
    time_zone="Such as Europe/Lisbon.",
    language="Such as en or pt-BR.",
    description="One line on who you are.",
    accent="A colour, such as '#0b5563'.",
)
@writing_options
@click.pass_obj
def new_issuer(root: Path, /, slug: str | None, dry_run: bool, as_json: bool, **given: str | None) -> None:
    """Write a new issuer: laurels new issuer quayside --name 'Quayside Sailing School'

    SLUG is the name of its folder, which becomes part of addresses."""
    from site_builder.authoring.new_records import new_issuer as make_issuer

    required = {"name": "Name", "url": "Its site", "email": "The office's address", "time_zone": "Time zone"}
    fields = ask_missing(root, "issuer", given, required | {"language": "Language"}, {"description": "One line on it"})
    new_files = make_issuer(root, ask_slug(slug, fields["name"]), fields)
    write_new(root, new_files, dry_run=dry_run, as_json=as_json)
