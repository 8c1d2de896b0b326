"""An issuer's accent colour, made legible: darkened on paper and lightened at night until its contrast is enough.

Source: Web Content Accessibility Guidelines 2.2, contrast ratio and relative luminance; success criterion 1.4.3."""

from __future__ import annotations

__all__ = ["accent_css", "contrast", "readable_on"]

# The grounds of the theme on which contrast is least: its wash by day and by night, which lies between paper and text.
_DAY, _NIGHT = "#f3efe5", "#1c2023"
_ENOUGH = 4.5
_DEFAULT = "#2f5d46"


def accent_css(accent: str | None) -> bytes:
    """The style sheet that sets an issuer's colour. accent: ``#rrggbb`` or None."""
    colour = accent or _DEFAULT
    day, night = readable_on(_DAY, colour, towards="#000000"), readable_on(_NIGHT, colour, towards="#ffffff")
    lines = [
        f":root {{ --accent: {colour}; --accent-text: {day}; }}",
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ --accent: {night}; --accent-text: {night}; }} }}",
    ]
    return ("\n".join(lines) + "\n").encode("ascii")


def readable_on(ground: str, colour: str, *, towards: str) -> str:
    """The colour, mixed with as little of another as makes its contrast on a ground at least 4.5."""
    for percent in range(0, 101, 2):
        mixed = _mix(colour, towards, percent)
        if contrast(mixed, ground) >= _ENOUGH:
            return mixed
    return towards


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _mix(colour: str, other: str, percent: int) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{(a * (100 - percent) + b * percent) // 100:02x}" for a, b in pairs)


def contrast(colour: str, ground: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [value / 255 for value in _channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
