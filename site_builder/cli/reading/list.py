"""The command list: awards and how they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from site_builder.cli.reading.listed_awards import find_awards, narrowing_options, print_awards
from site_builder.cli.shell import say
from site_builder.wording import plural

__all__ = ["list_awards"]


@click.command("list")
@narrowing_options
@click.pass_obj
def list_awards(root: Path, /, as_json: bool, as_csv: bool, **narrow: Any) -> None:
    """List awards and how they stand: laurels list --expiring-within 90d

    Whatever was written down or signed, pending and revoked ones too."""
    found, total = find_awards(root, **narrow)
    print_awards(found, as_json=as_json, as_csv=as_csv)
    say(f"{len(found)} of {plural(total, 'award')}")
