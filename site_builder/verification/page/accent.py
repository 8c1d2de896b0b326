"""The style sheet of an issuer's colour, whose form alone is compared: nobody signs a colour."""

from __future__ import annotations

import re

__all__ = ["is_accent_css"]

# What site/parts/accent.py writes.
_ACCENT = re.compile(
    rb":root \{ --accent: #[0-9a-f]{6}; --accent-text: #[0-9a-f]{6}; \}\n"
    rb"@media screen and \(prefers-color-scheme: dark\) "
    rb"\{ :root \{ --accent: (#[0-9a-f]{6}); --accent-text: \1; \} \}\n"
)


def is_accent_css(css: bytes) -> bool:
    """Whether a style sheet sets an issuer's colours, by day and by night, and does nothing else."""
    return _ACCENT.fullmatch(css) is not None
