"""Private keys that lie where they must not: in a file that git keeps."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.multikey import KeyTextError, format_public_key, parse_private_key
from site_builder.errors import Problem

__all__ = ["GIT", "check_secrets", "environment_without_keys", "tracked_files"]

# git, so that no command of a repository's configuration is run: no pager, no file-system monitor, no hook. A folder of a site that is
# laid out as a repository itself, with a configuration of its own, is none: a pull request may bring such files.
_SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "safe.bareRepository=explicit")
GIT = ("git", "--no-pager", *(word for setting in _SETTINGS for word in ("-c", setting)))

_MAX_FILE_BYTES = 5 * 1_048_576
_MULTIKEY = re.compile(rb"z3u2[1-9A-HJ-NP-Za-km-z]{40,48}")
_PEM = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")
_SKIPPED = {".git", ".venv", "node_modules", "site", "build", "dist"}


def check_secrets(root: Path) -> list[Problem]:
    """A problem for each tracked file outside of tests/ that holds a private key; the published demo keys excepted."""
    return [
        _problem(file) for file in tracked_files(root) if not file.startswith("tests/") and _has_secret(root / file)
    ]


def _problem(file: str) -> Problem:
    fix = "remove the file from git and its history, and replace the key: 'laurels keys new'. Whoever has seen it can sign"
    return Problem(file, 0, "FIL004", "a private key lies in this file", fix)


def environment_without_keys() -> dict[str, str]:
    """The environment for other programs: signing keys and what opens them are none of their business."""
    hidden = ("LAURELS_KEY", "LAURELS_PASSPHRASE")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)}


def tracked_files(root: Path) -> list[str]:
    """What git keeps or would keep; without git, every file but those of the usual work folders."""
    command = [*GIT, "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        found = subprocess.run(command, capture_output=True, check=True, timeout=60, env=environment_without_keys())  # noqa: S603
        return sorted(set(found.stdout.decode("utf-8", "surrogateescape").split("\0")) - {""})
    except (OSError, subprocess.SubprocessError):
        files = (path.relative_to(root) for path in root.rglob("*"))
        return sorted(path.as_posix() for path in files if not _SKIPPED & set(path.parts))


def _has_secret(path: Path) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MAX_FILE_BYTES:
        return False
    # Windows PowerShell writes `laurels keys new > key.txt` as UTF-16.
    raw = path.read_bytes().replace(b"\0", b"")
    return _PEM.search(raw) is not None or any(_is_secret(found[0]) for found in _MULTIKEY.finditer(raw))


def _is_secret(text: bytes) -> bool:
    try:
        public = format_public_key(parse_private_key(text.decode("ascii")).public_key())
    except KeyTextError:
        return False
    return not is_demo_key(public)
