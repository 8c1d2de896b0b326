"""New files, written or only printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.shell import as_json_option, print_json, say, show

if TYPE_CHECKING:
    from site_builder.authoring.new_records import NewFiles

__all__ = ["write_new", "writing_options"]


def writing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """How what is new is printed, and whether it is written."""
    for option in (
        as_json_option("What was written"),
        click.option("--dry-run", is_flag=True, help="Only print what would be written."),
    ):
        command = option(command)
    return command


def write_new(root: Path, new: NewFiles, *, dry_run: bool, as_json: bool) -> None:
    """Writes the files and says so, with what is to be looked at and what comes next; or prints them."""
    from site_builder.authoring.new_records import write_new_files

    for note in new.notes:
        say(note)
    if as_json:
        files = {path: content.decode("utf-8") for path, content in new.files.items()}
        print_json({"files": files, "written": not dry_run, "notes": list(new.notes)})
    elif dry_run:
        for path, content in new.files.items():
            show(f"# {path}\n{content.decode('utf-8')}")
    if dry_run:
        return say("Nothing was written (--dry-run).")
    write_new_files(root, new)
    if not as_json:
        for path in new.files:
            show(f"wrote {path}")
    say(f"Next: {', then '.join(new.next_steps)}")
