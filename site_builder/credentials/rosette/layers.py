"""The four layers of a rosette, from the outside in: border, body, ring, motif.

Each gives path data of one sector of `order` equal ones (see lines.py). kind, 0 to 7: which figure is drawn.
verification/browser/src/credentials/rosette/layers.js draws the same, point by point. content/pages/decisions/rosette.md describes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from site_builder.credentials.rosette.lines import (
    HALF,
    QUARTER,
    TURN,
    angles,
    bow,
    chord,
    circles,
    divide,
    pencil,
    point,
    polar,
    rays,
    trochoid,
    wave,
    waves,
)

__all__ = ["draw_body", "draw_border", "draw_motif", "draw_ring"]


# The border: between 3300 and 4000.


@dataclass(frozen=True)
class _Edge:
    """Lines along an outline, which is round (0), waved (1), with points outwards (2) or inwards (3), once a sector."""

    order: int
    outline: int

    def bend(self, angle: int) -> int:
        """How far the outline lies outside of a circle."""
        within = self.order * angle + QUARTER
        if self.outline < 2:
            return divide(self.outline * 120 * wave(within), 10_000)
        return divide((30 if self.outline == 2 else -30) * _pointed(within), 10_000)

    def at(self, distance: int, samples: int) -> list[int]:
        """The distances of the line that lies so far outside, or inside, of the outline."""
        return [distance + bend for bend in _bends(self, samples)]

    def plain(self, distance: int) -> str:
        return polar(self.at(distance, 16), self.order, 16)

    def strand(self, distance: int, height: int, phase: int = 0) -> str:
        count = 52 // self.order
        middle = self.at(distance, 7 * count)
        swings = waves(self.order, 7 * count, self.order * count, phase)
        radii = [at + (height * swing + 5_000) // 10_000 for at, swing in zip(middle, swings, strict=True)]
        return polar(radii, self.order, 7 * count)

    def looped(self, distance: int, arm: int) -> str:
        loops = 52 // self.order
        return trochoid(self.at(distance, 9 * loops), arm, order=self.order, speed=-loops, samples=9 * loops)

    def rungs(self, inner: int, outer: int) -> str:
        count = 96 // self.order
        return "".join(
            chord(point(inner + bend, angle), point(outer + bend, angle))
            for angle, bend in zip(angles(self.order, count)[:count], _bends(self, count), strict=False)
        )


@lru_cache(maxsize=64)
def _bends(edge: _Edge, samples: int) -> list[int]:
    return [edge.bend(angle) for angle in angles(edge.order, samples)]


def _pointed(angle: int) -> int:
    """A wave with narrow crests, at a quarter turn: 50000 times a number between about -0.6 and 1."""
    return 4 * wave(angle) + wave(2 * angle - QUARTER)


_BORDERS: list[Callable[[_Edge], str]] = [
    lambda edge: "".join(edge.strand(3660, 200, TURN * part // 4) for part in range(4)),
    lambda edge: "".join(edge.strand(3660, height) for height in (220, 110, 0, -110, -220)),
    lambda edge: "".join(edge.plain(3440 + 64 * line) for line in range(8)),
    lambda edge: "".join(edge.strand(3660, height, phase) for phase in (0, HALF) for height in (220, 160, 100)),
    lambda edge: edge.looped(3640, 220) + edge.looped(3640, 160),
    lambda edge: (
        "".join(edge.strand(3570, 150, TURN * part // 3) for part in range(3)) + edge.plain(3800) + edge.plain(3860)
    ),
    lambda edge: "".join(edge.strand(3760 - 64 * line, 80 + 30 * line) for line in range(6)),
    lambda edge: (
        edge.rungs(3440, 3760)
        + edge.plain(3440)
        + edge.plain(3760)
        + edge.strand(3860, 70)
        + edge.strand(3860, 70, HALF)
    ),
]


def draw_border(kind: int, order: int, *, outline: int) -> str:
    """The outermost layer. outline, 0 to 3: see _Edge."""
    return _BORDERS[kind](_Edge(order, outline))


# The body: between 1450 and 3350.


def _lenses(order: int, extra: int) -> str:
    lobes = 2 if order < 7 else 1
    return pencil(11 + 2 * extra, base=(2400, 2400), swing=(960, -960), order=order, lobes=lobes)


def _whirl(order: int, extra: int) -> str:
    lobes = 2 if order < 7 else 1

    def hand(count: int, turned: int) -> str:
        return pencil(
            count, base=(3160, 1640), swing=(180, 130), phase=(0, turned), order=order, lobes=lobes, samples=12
        )

    return [
        hand(11, TURN) + hand(11, -TURN),
        hand(20, TURN),
        hand(20, -TURN),
        hand(11, HALF) + hand(11, -HALF),
    ][extra]


def _braid(order: int, extra: int) -> str:
    shifts = [(-48, 0, 48), (-72, -24, 24, 72), (-120, -80, 80, 120), (-300, -150, 0)][extra]
    return "".join(
        pencil(
            4,
            base=(2400 + shift,) * 2,
            swing=(860 - shift,) * 2,
            phase=(0, TURN * 3 // 4),
            order=order,
            samples=16,
        )
        for shift in shifts
    )


def _petals(order: int, extra: int) -> str:
    def half(phase: int) -> str:
        return pencil(8 + extra, base=(2400, 2400), swing=(950, 250), phase=(phase, phase), order=order)

    return half(0) + half(HALF)


def _lace(order: int, extra: int) -> str:
    small = 760 - 120 * extra
    return circles(2390, 950, order=order, count=48 // order) + circles(2390, small, order=order, count=24 // order)


def _lotus(order: int, extra: int) -> str:
    """Pointed petals, one within another, and lower ones between them."""

    def petal(low: int, high: int, phase: int) -> str:
        pointed = _all_pointed(order, phase)
        return polar([(high + low) // 2 + ((high - low) * at + 50_000) // 100_000 for at in pointed], order, 16)

    def flower(count: int, high: int, phase: int) -> str:
        return "".join(petal(1450, high - (high - 1450) * line // (count + 1), phase) for line in range(count))

    return flower(10 + extra, 3400, QUARTER) + flower(7 + extra, 2900, QUARTER + HALF)


@lru_cache(maxsize=64)
def _all_pointed(order: int, phase: int) -> list[int]:
    return [_pointed(order * angle + phase) for angle in angles(order, 16)]


def _weave(order: int, extra: int) -> str:
    def half(turned: int) -> str:
        return pencil(8 + extra, base=(2400, 2400), swing=(930, 450), phase=(0, turned), order=order, samples=16)

    return half(HALF) + half(-HALF)


def _loops(order: int, extra: int) -> str:
    # Few and wide sectors would leave a plain star.
    speed = (2 if order < 7 else 1) * (-1 if extra % 2 else 1)

    def line(index: int, phase: int) -> str:
        distance, arm = 2400 - 20 * index, 930 - 70 * index
        return trochoid([distance] * 34, arm, order=order, speed=speed, phase=phase, samples=32)

    return "".join(line(index, 0) for index in range(7)) + "".join(line(index, HALF) for index in range(2 + extra))


_BODIES: list[Callable[[int, int], str]] = [_lenses, _whirl, _braid, _petals, _lace, _lotus, _weave, _loops]


def draw_body(kind: int, order: int, *, extra: int) -> str:
    """The widest layer. extra, 0 to 3: more lines, or lines that turn another way."""
    return _BODIES[kind](order, extra)


# The ring: between 1080 and 1400.


def _band(count: int, *, lobes: int, height: int, turned: int, order: int) -> str:
    return pencil(
        count, base=(1240, 1240), swing=(height, height), phase=(0, turned), order=order, lobes=lobes, samples=8
    )


def _rungs(order: int, twice: int) -> str:
    rims = pencil(2, base=(1090, 1390), swing=(0, 0), order=order, samples=8)
    return rays(1090, 1390, order=order, count=60 * twice // order) + rims


_RINGS: list[Callable[[int, int], str]] = [
    lambda order, twice: _band(4, lobes=2 * twice, height=150, turned=TURN * 3 // 4, order=order),
    lambda order, twice: pencil(5, base=(1240, 1240), swing=(170, -170), order=order, lobes=twice, samples=8),
    lambda order, twice: circles(1240, 150, order=order, count=6 * twice),
    lambda order, twice: pencil(6, base=(1090, 1390), swing=(0, 0), order=order, samples=8),
    lambda order, twice: _band(6, lobes=3 * twice, height=150, turned=TURN * 5 // 6, order=order),
    _rungs,
    lambda order, twice: trochoid([1240] * (27 * twice + 2), 150, order=order, speed=-3 * twice, samples=27 * twice),
    lambda order, twice: _band(2, lobes=twice, height=150, turned=HALF, order=order),
]


def draw_ring(kind: int, order: int) -> str:
    """The narrow layer around the motif."""
    return _RINGS[kind](order, 2 if order < 8 else 1)


# The motif: within 1000, one figure two or three times.


def draw_motif(kind: int, order: int) -> str:
    """The figure in the middle."""
    sizes = [10, 8, 6] if kind in (0, 2, 3, 7) and order < 8 else [10, 7]
    return "".join(_figure(kind, order, size=size, turned=index % 2) for index, size in enumerate(sizes))


# How many points further each chord leads.
_REACH = {5: 1, 7: 3, 8: 3, 9: 4, 10: 3, 12: 5, 14: 5, 16: 7}


def _figure(kind: int, order: int, *, size: int, turned: int) -> str:
    """One figure of the motif. size: in tenths. turned: 1 for each second one, which some figures turn by half a sector."""
    sector = TURN // order
    tip, start = 98 * size, sector // 2 * turned
    if kind == 0:
        height = (24 if order < 5 else 34) * size
        return polar([62 * size + divide(height * at, 10_000) for at in waves(order, 14, order, QUARTER)], order, 14)
    if kind == 1:
        inner = point(40 * size, sector // 2)
        return chord(point(tip, 0), inner) + chord(inner, point(tip, sector))
    if kind == 2:
        return circles(49 * size, 46 * size, order=order, count=1)
    if kind == 3:
        low, high = point(15 * size, 0), point(tip, sector // 2)
        left, right = point(70 * size, sector // 8), point(70 * size, sector * 7 // 8)
        return bow(low, left, high) + bow(high, right, point(15 * size, sector))
    if kind == 4:
        return bow((0, 0), point(70 * size, sector * 2 // 3), point(tip, 0)) + polar([tip] * 6, order, 4)
    if kind == 5:
        return trochoid([56 * size] * 34, 40 * size, order=order, speed=-2 if order < 5 else -1, samples=32)
    if kind == 6:
        return chord(point(tip, start), point(tip, start + sector * _REACH[order]))
    return trochoid([62 * size] * 34, 36 * size, order=order, speed=2 if order < 5 else 1, samples=32)
