"""How git is asked: with no program of the repository's own choosing, and with no secret in its environment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from site_builder.secret_variables import without_secrets

__all__ = ["GIT", "environment_without_keys", "tracked_files"]

# git, so that no command of a repository's configuration is run: no pager, no file-system monitor, no hook. A folder of a site that is
# laid out as a repository itself, with a configuration of its own, is none: a pull request may bring such files.
_SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "safe.bareRepository=explicit")
GIT = ("git", "--no-pager", *(word for setting in _SETTINGS for word in ("-c", setting)))

_SKIPPED = {".git", ".venv", "node_modules", "site", "build", "dist"}


def environment_without_keys() -> dict[str, str]:
    """The environment for other programs: signing keys and what opens them are none of their business."""
    return without_secrets(os.environ)


def tracked_files(root: Path) -> list[str]:
    """What git keeps or would keep; without git, every file but those of the usual work folders."""
    command = [*GIT, "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        found = subprocess.run(command, capture_output=True, check=True, timeout=60, env=environment_without_keys())  # noqa: S603
        return sorted(set(found.stdout.decode("utf-8", "surrogateescape").split("\0")) - {""})
    except (OSError, subprocess.SubprocessError):
        files = (path.relative_to(root) for path in root.rglob("*"))
        return sorted(path.as_posix() for path in files if not _SKIPPED & set(path.parts))
