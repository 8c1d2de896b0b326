"""Which program this is, down to the last byte of its own modules: what it found once counts for this very program alone."""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from pathlib import Path

__all__ = ["add_files", "code_digest"]


@cache
def code_digest() -> bytes:
    """Of Laurels' own modules and their data, of the names and versions of all packages there are, and of Python. 32 bytes."""
    found = hashlib.sha256(f"{sys.version}\n{sys.platform}\n".encode())
    # Where there is no package, as in the folder of a command, nothing is to be told: it differs from one way to start to another.
    for packages in filter(None, map(_packages_in, sys.path)):
        found.update("\0".join(packages).encode("utf-8", "surrogateescape") + b"\0\0")
    # This module is in site_builder/ledger/history.
    add_files(found, str(Path(__file__).resolve().parents[2]))
    return found.digest()


def add_files(found: hashlib._Hash, folder: str) -> None:
    """Adds all files of a folder of a program, by their names, to a digest. Some installers make links of them; one may lead nowhere."""
    with os.scandir(folder) as entries:
        inner = sorted(entries, key=lambda entry: entry.name)
    for entry in inner:
        name = os.fsencode(entry.name)
        if entry.is_file():
            raw = Path(entry.path).read_bytes()
            found.update(b"%s\0%d\0" % (name, len(raw)) + raw)
        elif not entry.is_dir():
            found.update(b"%s\0-" % name)
        elif entry.name != "__pycache__":
            found.update(b"%s/\0" % name)
            add_files(found, entry.path)
            found.update(b"/")


def _packages_in(folder: str) -> list[str]:
    """Names and versions of packages, as the folders with what is known of them are called. Source: Core metadata of Python
    packages, Recording installed projects, The .dist-info directory."""
    try:
        with os.scandir(folder or ".") as entries:
            return sorted(entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return []
