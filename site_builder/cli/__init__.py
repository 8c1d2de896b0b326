"""The command `laurels`: reads arguments, calls one function, prints. Results go to standard output, the rest to standard error."""

from __future__ import annotations

import io
import logging
import sys
from pathlib import Path

import click

from site_builder.cli.building.archive import archive
from site_builder.cli.building.build import build
from site_builder.cli.building.serve import serve
from site_builder.cli.building.site import site
from site_builder.cli.reading.check import check
from site_builder.cli.reading.links import links
from site_builder.cli.reading.list import list_awards
from site_builder.cli.reading.schema import schema
from site_builder.cli.reading.search import search
from site_builder.cli.reading.sheet import sheet
from site_builder.cli.reading.verify import verify
from site_builder.cli.shell import LaurelsGroup, say
from site_builder.cli.writing.correct import correct
from site_builder.cli.writing.erase import erase
from site_builder.cli.writing.issue import issue
from site_builder.cli.writing.keys import keys
from site_builder.cli.writing.move import move
from site_builder.cli.writing.new import new
from site_builder.cli.writing.renew import renew
from site_builder.cli.writing.revoke import revoke
from site_builder.records.load.root import find_root
from site_builder.wording import VisibleLog

__all__ = ["main"]


@click.group(cls=LaurelsGroup, context_settings={"help_option_names": ["-h", "--help"]})
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


_BUILDING = (build, serve, site, archive)
_READING = (check, verify, list_awards, search, links, sheet, schema)
_WRITING = (new, correct, revoke, renew, erase, issue, keys, move)
for _command in (*_READING, *_BUILDING, *_WRITING):
    main.add_command(_command)
