"""A walk over the history, kept in git's own folder, so that the next check goes on from there.

Nothing depends on it: what is damaged, or made by another version, is passed over, and where nothing can be written nothing is."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path

import orjson

from site_builder.ledger.history.walk import Walk
from site_builder.ledger.store.since import SINCE

__all__ = ["load_walk", "save_walk"]

# Another number, another shape of what follows.
_FORMAT = f"laurels past 2 {SINCE}"
_MAX_BYTES = 1 << 30


def load_walk(file: Path, base: str, prefix: str) -> Walk | None:
    """The walk that is kept in a file, if it is whole and of the site in that folder of the repository, and at that address."""
    try:
        if file.is_symlink() or file.stat().st_size > _MAX_BYTES:
            return None
        digest, _, text = file.read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest.decode("ascii", "replace") != hashlib.sha256(text).hexdigest():
        return None
    kept = orjson.loads(text)
    return Walk(*kept[3:]) if kept[:3] == [_FORMAT, base, prefix] else None


def save_walk(file: Path, base: str, prefix: str, walk: Walk) -> None:
    """Keeps a walk for load_walk, where that can be written; two that do so at once each leave a whole one."""
    text = json.dumps([_FORMAT, base, prefix, *vars(walk).values()], separators=(",", ":")).encode("ascii")
    beside = file.with_name(f".past-{os.getpid()}.tmp")
    try:
        file.parent.mkdir(exist_ok=True)
        beside.write_bytes(hashlib.sha256(text).hexdigest().encode("ascii") + b"\n" + text)
        beside.replace(file)
    except OSError:
        with suppress(OSError):
            beside.unlink()
