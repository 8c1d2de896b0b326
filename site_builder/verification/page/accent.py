"""The style sheet of an issuer's colour: four colours, and all of them legible, or words of a page could hide in its ground.

Source: Web Content Accessibility Guidelines 2.2, contrast ratio and relative luminance; success criterion 1.4.3."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["DAY", "ENOUGH", "NIGHT", "contrast", "is_accent"]

# The grounds of the theme on which contrast is least: its wash by day and by night, which lies between paper and text.
DAY, NIGHT = "#f3efe5", "#1c2023"
ENOUGH = 4.5
_COLOUR = "(#[0-9a-f]{6})"
# What site/parts/accent.py writes. By day the accent alone is no colour of words.
_ACCENT = re.compile(
    rf":root \{{ --accent: #[0-9a-f]{{6}}; --accent-text: {_COLOUR}; \}}\n"
    r"@media screen and \(prefers-color-scheme: dark\) "
    rf"\{{ :root \{{ --accent: {_COLOUR}; --accent-text: \2; \}} \}}\n"
)


# The same on every page of an issuer.
@lru_cache(maxsize=64)
def is_accent(raw: bytes) -> bool:
    """Whether a file sets an issuer's colour, legible by day and by night, and does nothing else."""
    found = _ACCENT.fullmatch(raw.decode("latin-1"))
    return found is not None and contrast(found[1], DAY) >= ENOUGH and contrast(found[2], NIGHT) >= ENOUGH


def contrast(colour: str, ground: str) -> float:
    """Contrast ratio of two colours (``#rrggbb``), 1 to 21."""
    light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
