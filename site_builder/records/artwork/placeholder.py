"""A drawing for an achievement that has none yet: simple, different for each name, and good enough to work with for a while."""

from __future__ import annotations

import colorsys
import hashlib
from dataclasses import dataclass

__all__ = ["placeholder_svg", "placeholder_words"]

_SIZE = 600
_MIDDLE = _SIZE // 2
# A petal that points upwards from the middle, and how it is called.
_PETALS = [
    ("round petals", '<ellipse cx="300" cy="172" rx="{wide}" ry="98"/>'),
    ("pointed leaves", '<path d="M300 60 Q{right} 172 300 290 Q{left} 172 300 60 Z"/>'),
    ("drops", '<path d="M300 290 L{left} 150 A{wide} {wide} 0 0 1 {right} 150 Z"/>'),
    ("kites", '<path d="M300 62 L{right} 190 L300 290 L{left} 190 Z"/>'),
]
_HEARTS = [
    ("a disc", '<circle cx="300" cy="300" r="62"/>'),
    ("a ring", '<path fill-rule="evenodd" d="M300 230a70 70 0 1 0 .1 0Z M300 264a36 36 0 1 1 -.1 0Z"/>'),
    ("a square", '<path d="M300 224 L376 300 L300 376 L224 300 Z"/>'),
    ("a triangle", '<path d="M300 226 L366 340 L234 340 Z"/>'),
]
_NUMBERS = {5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine", 10: "Ten", 11: "Eleven", 12: "Twelve"}


@dataclass(frozen=True)
class _Design:
    hue: float
    count: int
    petal: tuple[str, str]
    heart: tuple[str, str]
    turn: float


def _design(slug: str) -> _Design:
    """The choices for a name: of equal names equal, of different names different."""
    dice = hashlib.sha256(f"laurels placeholder 1\n{slug}".encode()).digest()
    count = 5 + dice[1] % 8
    turn = dice[4] % 2 * 180 / count
    return _Design(dice[0] / 256, count, _PETALS[dice[2] % len(_PETALS)], _HEARTS[dice[3] % len(_HEARTS)], turn)


def placeholder_svg(slug: str) -> bytes:
    """A drawing of petals around a heart on a disc, 600 by 600, in the colours and the number that a name gives."""
    design = _design(slug)
    deep, ground, light, bright = (
        _colour(design.hue, lightness, saturation)
        for lightness, saturation in ((0.24, 0.5), (0.93, 0.45), (0.52, 0.5), (0.76, 0.7))
    )
    wide = 210 // design.count + 14
    petal = design.petal[1].format(wide=wide, left=_MIDDLE - wide, right=_MIDDLE + wide)
    petals = "\n".join(
        f'    <g transform="rotate({_short(design.turn + 360 * place / design.count)} 300 300)">{petal}</g>'
        for place in range(design.count)
    )
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}">
  <circle cx="300" cy="300" r="290" fill="{deep}"/>
  <circle cx="300" cy="300" r="268" fill="{ground}"/>
  <g fill="{light}" stroke="{deep}" stroke-width="8" stroke-linejoin="round">
{petals}
  </g>
  <circle cx="300" cy="300" r="104" fill="{deep}"/>
  <g fill="{bright}">{design.heart[1]}</g>
</svg>
""".encode("ascii")


def placeholder_words(slug: str) -> str:
    """What the drawing shows, for those who do not see it."""
    design = _design(slug)
    return f"{_NUMBERS[design.count]} {design.petal[0]} around {design.heart[0]}"


def _colour(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, lightness, saturation))


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
