"""Where a repository begins: the nearest folder with mkdocs.yml, upwards from where somebody stands."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["find_root"]


def find_root(start: Path) -> Path:
    """The nearest folder that holds mkdocs.yml, from start upwards to the top of the git repository; start itself when none does."""
    here = start.resolve()
    for folder in (here, *here.parents):
        config = folder / "mkdocs.yml"
        if config.is_file():
            return start if folder == here else folder if _is_ours(config) else start
        if (folder / ".git").exists():
            break
    return start


def _is_ours(file: Path) -> bool:
    """Whether a file far above was written by whoever runs this: MkDocs would run the programs that a stranger's names."""
    return file.stat().st_uid in (os.getuid(), 0)
