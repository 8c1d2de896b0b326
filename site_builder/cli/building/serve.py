"""The command serve: the site in a browser, built again whenever a file changes."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from site_builder.cli.building.mkdocs_run import mkdocs_run

__all__ = ["serve"]


@click.command()
@click.option("-a", "--dev-addr", metavar="HOST:PORT", help="Where to serve; without this, at 127.0.0.1:8000.")
@click.option("-o", "--open", "open_in_browser", is_flag=True, help="Open the site in a browser.")
@click.pass_obj
def serve(root: Path, dev_addr: str | None, open_in_browser: bool) -> None:
    """Show the site with its drafts, and build it again when a file changes: laurels serve

    The same as `mkdocs serve`, without your keys in its environment. Ctrl+C ends it. It is for you alone: put no server of this
    kind on the internet."""
    from mkdocs.commands.serve import serve as serve_with_mkdocs

    logging.getLogger("mkdocs").setLevel(logging.INFO)
    with mkdocs_run(root) as settings:
        serve_with_mkdocs(settings, dev_addr=dev_addr, open_in_browser=open_in_browser)
