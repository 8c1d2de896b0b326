"""Writing a site: into a new folder beside the old one, and swapped in whole when it is complete."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from site_builder.errors import Error

__all__ = ["new_generation", "swap_in", "write_files"]


def write_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Writes files below a folder. A path that would lead out of it is an error."""
    root = folder.resolve()
    made: set[Path] = set()
    for path, raw in files:
        target = root / path
        if not Path(os.path.normpath(target)).is_relative_to(root) or ".." in path.split("/"):
            raise Error(f"{path!r} would be written outside of the site")
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(raw)


def new_generation(site: Path) -> Path:
    """An empty folder beside the site's, for the next generation; what an interrupted build left is removed."""
    for leftover in site.parent.glob(f"{site.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = site.with_name(f"{site.name}.new-{os.getpid()}")
    folder.mkdir(parents=True)
    return folder


def swap_in(generation: Path, site: Path) -> None:
    """Puts a complete generation in the place of the site; the old one is gone after."""
    old = site.with_name(f"{site.name}.old-{os.getpid()}")
    if site.exists():
        site.rename(old)
    generation.rename(site)
    shutil.rmtree(old, ignore_errors=True)
