"""The command `laurels`: reads arguments, calls one function, prints. Results go to standard output, the rest to standard error."""

from __future__ import annotations

import gc
import io
import logging
import os
import sys
from pathlib import Path

import click

from site_builder.cli.late_commands import LateCommands
from site_builder.cli.shell import LaurelsGroup, say
from site_builder.records.load.root import find_root
from site_builder.wording import VisibleLog

__all__ = ["main"]

# What checks records is this program alone, and to look for plugins among all installed packages took a tenth of a start.
os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"

# Where each command is. One is imported when it is run, and all of them for a list: most take longer to import than to run.
_COMMANDS = LateCommands(
    {
        "archive": "building.archive:archive",
        "build": "building.build:build",
        "serve": "building.serve:serve",
        "site": "building.site:site",
        "check": "reading.check:check",
        "links": "reading.links:links",
        "list": "reading.list:list_awards",
        "schema": "reading.schema:schema",
        "search": "reading.search:search",
        "sheet": "reading.sheet:sheet",
        "verify": "reading.verify:verify",
        "correct": "writing.correct:correct",
        "erase": "writing.erase:erase",
        "issue": "writing.issue:issue",
        "keys": "writing.keys:keys",
        "move": "writing.move:move",
        "new": "writing.new:new",
        "renew": "writing.renew:renew",
        "revoke": "writing.revoke:revoke",
    }
)


@click.group(cls=LaurelsGroup, commands=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with mkdocs.yml; without this, the nearest one upwards from here.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show where an error came from.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.version_option(package_name="laurels", message="laurels %(version)s")
@click.pass_context
def main(context: click.Context, root: Path | None, verbose: bool, quiet: bool) -> None:
    """Publish verifiable credentials from a git repository to a static site.

    Example: laurels check && laurels issue && laurels build"""
    context.obj = root or find_root(Path())
    # What a command reads it keeps until it ends: to look for garbage as often as Python does took a sixth of a check of 10,000 awards.
    gc.set_threshold(100_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a letter, or a file name that is not UTF-8, must not end the program.
            stream.reconfigure(errors="backslashreplace")
    handler = logging.StreamHandler()
    # MkDocs' lines among them, which name pages and what stands in them.
    handler.addFilter(VisibleLog())
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[handler])
    logging.getLogger("site_builder").setLevel(logging.DEBUG if verbose else logging.WARNING)
    if verbose and context.obj != (root or Path()):
        say(f"The repository begins at {context.obj}")
