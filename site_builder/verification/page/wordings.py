"""A sentence with its values."""

from __future__ import annotations

import re

__all__ = ["filled"]


def filled(sentence: str, **values: str) -> str:
    """A sentence of the catalogue with a value for each name in braces, which is never read again."""
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], sentence)
