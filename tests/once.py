"""What several test files need and none changes: made once in a run, by the process that asks first."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

__all__ = ["made_once"]


def made_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """The folder, filled by make if nobody has done so; meanwhile every other process that asks for it waits.

    A make that fails leaves no folder, so that the next one to ask tries again."""
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(folder)
    return folder
