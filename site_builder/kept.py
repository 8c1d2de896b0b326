"""What was worked out of the program's own files, kept where Python keeps what it has compiled of them, for the next run.

It is believed as Python believes its own files there: whoever can write them can change the program. So nothing is kept that comes from a
repository, and nothing where Python keeps nothing. What is not whole, or was made from something else, counts for nothing."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from importlib.util import cache_from_source
from pathlib import Path

from site_builder.encoding import are_fast_roads_open

__all__ = ["is_anything_kept", "keep", "read_kept"]

_FOLDER = Path(cache_from_source(__file__)).parent if sys.implementation.cache_tag else None


def is_anything_kept() -> bool:
    """Whether keep has any effect, as far as can be told."""
    return _FOLDER is not None and not sys.dont_write_bytecode and are_fast_roads_open() and os.access(_FOLDER, os.W_OK)


def read_kept(name: str, made_from: bytes) -> bytes | None:
    """What was kept under a name, if it was made from this."""
    if _FOLDER is None or not are_fast_roads_open():
        return None
    try:
        raw = (_FOLDER / _file(name)).read_bytes()
    except OSError:
        return None
    return raw[32:] if raw[:32] == _digest(made_from, raw[32:]) else None


def keep(name: str, made_from: bytes, raw: bytes) -> None:
    """Keeps bytes under a name, in the place of what was kept before; does nothing if the folder takes nothing."""
    if _FOLDER is None or not is_anything_kept():
        return
    try:
        with tempfile.NamedTemporaryFile(dir=_FOLDER, delete=False) as file:
            try:
                file.write(_digest(made_from, raw) + raw)
                file.flush()
                Path(file.name).replace(_FOLDER / _file(name))
            except OSError:
                Path(file.name).unlink()
    except OSError:
        return


def _file(name: str) -> str:
    # Named as what is there is named: the list of what a change brings (ledger/review) names such a file.
    return f"kept.{name}.pyc"


def _digest(made_from: bytes, raw: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(made_from).digest() + raw).digest()
