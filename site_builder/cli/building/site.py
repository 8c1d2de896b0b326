"""The command site: check, sign, build and verify in one."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from site_builder.cli.building.build import build_site
from site_builder.cli.options import history_option
from site_builder.cli.reading.reports import online_option
from site_builder.cli.reading.verified import verify_whole
from site_builder.cli.shell import as_json_option, print_json, show
from site_builder.cli.verified_cache import cache_options
from site_builder.cli.writing.issue import issue_pending

__all__ = ["site"]


@click.command()
@history_option
@cache_options
@online_option
@as_json_option("What the site holds")
@click.pass_obj
def site(
    root: Path, history: str | None, online: bool, as_json: bool, cache_folder: Path | None, no_cache: bool
) -> None:
    """Do it all: check, sign what is pending, build, verify: laurels site

    Ends with a line on its files and one on what the site holds. Exit code 1 when anything failed."""
    started, required = time.monotonic(), history is not None
    remembering: dict[str, Any] = {"cache_folder": cache_folder, "no_cache": no_cache}
    outcome = issue_pending(root, lines_to_stderr=as_json, history_required=required, **remembering)
    folder = build_site(root, known=outcome.checked_after(), history_required=required).folder
    # Not earlier: a list says nothing about the time before it was signed.
    verified = verify_whole(folder, now=datetime.now(UTC), online=online)
    if as_json:
        print_json({"site": str(folder)} | verified.numbers().as_json())
    else:
        verified.print()
        for line in verified.summary(started=started):
            show(line)
    sys.exit(0 if verified.is_fine() else 1)
