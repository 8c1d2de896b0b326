"""An issuer's accent colour, made legible: darkened on paper and lightened at night until its contrast is enough."""

from __future__ import annotations

from site_builder.verification.page.accent import DAY, ENOUGH, NIGHT, contrast

__all__ = ["accent_css", "readable_on"]

_DEFAULT = "#2f5d46"


def accent_css(accent: str | None) -> bytes:
    """The style sheet that sets an issuer's colour. accent: ``#rrggbb`` or None."""
    colour = accent or _DEFAULT
    day, night = readable_on(DAY, colour, towards="#000000"), readable_on(NIGHT, colour, towards="#ffffff")
    lines = [
        f":root {{ --accent: {colour}; --accent-text: {day}; }}",
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ --accent: {night}; --accent-text: {night}; }} }}",
    ]
    return ("\n".join(lines) + "\n").encode("ascii")


def readable_on(ground: str, colour: str, *, towards: str) -> str:
    """The colour, mixed with as little of another as makes its contrast on a ground at least 4.5."""
    for percent in range(0, 101, 2):
        mixed = _mix(colour, towards, percent)
        if contrast(mixed, ground) >= ENOUGH:
            return mixed
    return towards


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _mix(colour: str, other: str, percent: int) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{(a * (100 - percent) + b * percent) // 100:02x}" for a, b in pairs)
