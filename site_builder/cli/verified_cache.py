"""Where a command remembers what it verified: in this user's own folder, and in CI only where a folder is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.shell import say
from site_builder.errors import UsageError

if TYPE_CHECKING:
    from site_builder.ledger.verified.cache import VerifiedCache

__all__ = ["cache_options", "opened_cache"]


def cache_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options --cache and --no-cache, for commands that check what is signed."""
    named = click.option(
        "--cache",
        "cache_folder",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Remember in this folder what was verified; in CI nothing is remembered without it. Never one that a pull request can write.",
    )
    none = click.option("--no-cache", is_flag=True, help="Verify everything again, and remember nothing.")
    return named(none(command))


def opened_cache(root: Path, folder: Path | None, *, no_cache: bool) -> VerifiedCache | None:
    """What was verified before; None where nothing may be remembered. folder: as --cache names it. Raises UsageError."""
    from site_builder.issuing.ci import is_ci
    from site_builder.ledger.verified.cache import open_cache
    from site_builder.ledger.verified.place import lies_in_repository, usual_folder

    if no_cache:
        if folder is not None:
            raise UsageError("--cache and --no-cache: give one of them")
        return None
    if folder is not None and lies_in_repository(folder, root):
        raise UsageError(
            "--cache names a folder within the repository, where a change could write it: name one outside"
        )
    wanted = folder or (None if is_ci(os.environ) else usual_folder(os.environ))
    cache = open_cache(wanted.absolute(), root) if wanted is not None else None
    if cache is None and folder is not None:
        say(f"Nothing is remembered in {folder}: others than this user could write there")
    return cache
