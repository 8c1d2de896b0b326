"""The command links: each learner's own link."""

from __future__ import annotations

from pathlib import Path

import click

from site_builder.cli.repository import EXAMPLE_RECORD, known_record, require_no_problems
from site_builder.cli.shell import as_json_option, print_file, print_json, show

__all__ = ["links"]


@click.command()
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a mail merge.")
@click.option("--record", help=f"Only the rows of this file, such as {EXAMPLE_RECORD}.")
@as_json_option("The links")
@click.pass_obj
def links(root: Path, as_csv: bool, record: str | None, as_json: bool) -> None:
    """Print each learner's own link: laurels links --csv > links.csv

    The part behind # is the key to the salted hash of the learner's e-mail address: send each link to its learner alone."""
    from site_builder.ledger.queries.links import learner_links, links_as_csv

    checked = require_no_problems(
        root, "no links are given while there are problems: a link that was sent cannot be called back"
    )
    found = learner_links(checked, record=known_record(root, record, {row.file for row in checked.repository.rows}))
    if as_json:
        print_json([link.__dict__ for link in found])
    elif as_csv:
        print_file(links_as_csv(found))
    else:
        for link in found:
            show(f"{link.name} <{link.email}>\n  {link.url}" if link.email else f"{link.name}\n  {link.url}")
