"""Artwork drawn once for all tests of a process, so that a test of something else need not start a child process for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

from site_builder.issuing.transaction.images import render_png
from tests.support import BASE, write_repository

__all__ = ["drawn_once", "write_drawn_repository"]

_drawn = cache(render_png)


@contextmanager
def drawn_once() -> Iterator[None]:
    """Within it, `issue` draws the same artwork only once."""
    with patch("site_builder.issuing.transaction.drawing.render_png", _drawn):
        yield


def write_drawn_repository(root: Path, *, files: Mapping[str, str] | None = None, base: str = BASE) -> Path:
    """As write_repository."""
    return write_repository(root, files=files, base=base)
