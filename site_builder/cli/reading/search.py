"""The command search: awards by a name, an address, an id or a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from site_builder.cli.reading.listed_awards import find_awards, narrowing_options, print_awards
from site_builder.cli.shell import say, show
from site_builder.wording import plural

__all__ = ["search"]


@click.command()
@click.argument("text", nargs=-1, required=True)
@narrowing_options
@click.pass_obj
def search(root: Path, /, text: tuple[str, ...], as_json: bool, as_csv: bool, **narrow: Any) -> None:
    """Find awards by a name, an address, an id or a page: laurels search lovelace

    Looks for each word in names, addresses, ids, achievements and licence numbers, whatever their case and accents. The address of a
    page may be pasted whole."""
    found, total = find_awards(root, text=" ".join(text), **narrow)
    print_awards(found, as_json=as_json, as_csv=as_csv)
    if not as_json and not as_csv:
        for award in found:
            show(f"{award.name or 'erased'}: {award.url or 'not issued yet'}")
            if award.record:
                show(f"  {award.record}")
    say(f"{len(found)} of {plural(total, 'award')}")
