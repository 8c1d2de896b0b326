"""Commands as a person at a terminal runs them."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

__all__ = ["on_terminal"]

_LAURELS = str(Path(sys.executable).with_name("laurels"))


def on_terminal(root: Path, *arguments: str, typed: str) -> tuple[int, str]:
    """Exit code and output of a command that reads what is typed from a terminal."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode("utf-8"))
    ended = subprocess.run(
        [_LAURELS, *arguments], cwd=root, stdin=theirs, capture_output=True, text=True, timeout=60, check=False
    )
    os.close(theirs)
    os.close(ours)
    return ended.returncode, ended.stdout + ended.stderr
