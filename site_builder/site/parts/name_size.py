"""How large a name is set: its class of length, since a style sheet cannot count letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["name_size"]

# Up to how many letters' widths a name is of a class; what is longer than all is `longest`.
_CLASSES = (("short", 8), ("usual", 16), ("long", 30), ("longer", 52))
# A word that fills more than this of a line cannot stand in the class of its name, however short that is.
_WORD_SHARE = {"short": 8, "usual": 13, "long": 18, "longer": 26}


def name_size(name: str) -> str:
    """`short`, `usual`, `long`, `longer` or `longest`: by the width of the name and of its longest word."""
    width, word = _width(name), max(map(_width, name.split()), default=0)
    return next((size for size, most in _CLASSES if width <= most and word <= _WORD_SHARE[size]), "longest")


def _width(text: str) -> int:
    """Width in Latin letters: marks take no place, ideographs two. Source: Unicode Standard Annex 11."""
    return len(text) if text.isascii() else sum(map(_letter_width, text))


@lru_cache(maxsize=4096)
def _letter_width(letter: str) -> int:
    is_wide = unicodedata.east_asian_width(letter) in "WF"
    return is_wide + (unicodedata.category(letter) not in ("Mn", "Me", "Cf"))
