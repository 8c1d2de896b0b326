"""The command that prints what editors need: schema."""

from __future__ import annotations

import click

from site_builder.cli.shell import print_file
from site_builder.records.models.committed_schemas import SCHEMAS, read_schema

__all__ = ["schema"]


@click.command()
@click.argument("name", type=click.Choice(SCHEMAS))
def schema(name: str) -> None:
    """Print the JSON Schema of a kind of file: laurels schema badge > badge.schema.json

    With '# yaml-language-server: $schema=badge.schema.json' as first line of a file, editors complete and underline."""
    print_file(read_schema(name))
