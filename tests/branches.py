"""A real git repository around a site: what git itself makes of branches, merges and clones."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.manual import environment

__all__ = ["commit_all", "git"]


def git(root: Path, *arguments: str, may_fail: bool = False) -> str:
    """What git prints, run by a person with a name and with no settings of their own."""
    command = ["git", "-c", "core.hooksPath=/dev/null", "-C", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(root / "no-home"))
    assert may_fail or done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
    return done.stdout.strip()


def commit_all(root: Path, message: str = "Change") -> Path:
    """Commits all that lies below root; the first time as the branch main of a new repository."""
    if not (root / ".git").exists():
        git(root, "init", "--quiet", "-b", "main")
        (root / ".gitignore").write_text(".lock\n", "utf-8")
    git(root, "add", "-A")
    git(root, "commit", "--quiet", "--allow-empty", "-m", message)
    return root
