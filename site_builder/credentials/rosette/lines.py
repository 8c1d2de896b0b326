"""Curves for the rosette, in integers only: the same bytes in every language and on every machine.

Lengths are in units of a picture from -4096 to 4096, y downwards; angles in parts of TURN, clockwise from the top.
Each drawing function gives the SVG path data of one sector, the first of `order` equal ones: the rest are its rotations.
verification/browser/src/credentials/rosette/lines.js is the same program. content/pages/decisions/rosette.md describes it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

__all__ = [
    "HALF",
    "QUARTER",
    "TURN",
    "bow",
    "chord",
    "circles",
    "divide",
    "pencil",
    "point",
    "polar",
    "rays",
    "trochoid",
    "wave",
]

# Divisible by each order that is drawn, and by the 252 steps of the table.
TURN = 181_440
HALF, QUARTER = TURN // 2, TURN // 4
# 10000 times the sine of i · 90° / 63, rounded, for i from 0 to 63.
_SINES = [
    *(0, 249, 498, 747, 996, 1243, 1490, 1736, 1981, 2225, 2468, 2708, 2948, 3185, 3420, 3653),
    *(3884, 4113, 4339, 4562, 4783, 5000, 5214, 5425, 5633, 5837, 6038, 6235, 6428, 6617, 6802, 6982),
    *(7159, 7331, 7498, 7660, 7818, 7971, 8119, 8262, 8400, 8533, 8660, 8782, 8899, 9010, 9115, 9215),
    *(9309, 9397, 9479, 9556, 9626, 9691, 9749, 9802, 9848, 9888, 9922, 9950, 9972, 9988, 9997, 10000),
]
_STEP = TURN // 252

Point = tuple[int, int]


def divide(number: int, divisor: int) -> int:
    """The quotient, rounded to the nearest integer; halves upwards. divisor > 0."""
    return (2 * number + divisor) // (2 * divisor)


def wave(angle: int) -> int:
    """10000 times the sine of an angle; between two entries of the table on the straight line."""
    sign = 1 if angle % TURN < HALF else -1
    index, rest = divmod(min(angle % HALF, HALF - angle % HALF), _STEP)
    if rest == 0:
        return sign * _SINES[index]
    return sign * divide(_SINES[index] * (_STEP - rest) + _SINES[index + 1] * rest, _STEP)


def point(radius: int, angle: int) -> Point:
    """Where a radius at an angle ends. Both coordinates are even, so that the middle of two points is exact."""
    return 2 * divide(radius * wave(angle), 20_000), -2 * divide(radius * wave(angle + QUARTER), 20_000)


def _path(start: Point, command: str, numbers: list[int]) -> str:
    """Path data: a move, then one command with its numbers in the fewest characters."""
    return "M" + _join(start) + command + _join(numbers)


def _join(numbers: list[int] | Point) -> str:
    return "".join(f" {n}" if index and n >= 0 else str(n) for index, n in enumerate(numbers))


def _spline(points: list[Point]) -> str:
    """A smooth line along points: through the middle of each two, with the points between as control points."""
    middles = [((a + c) // 2, (b + d) // 2) for (a, b), (c, d) in pairwise(points)]
    (x, y), (cx, cy), (ex, ey) = middles[0], points[1], middles[1]
    steps = [step for (a, b), (c, d) in pairwise(middles[1:]) for step in (c - a, d - b)]
    # After the first, each control point is the mirror of the one before: that is what t means.
    return _path((x, y), "q", [cx - x, cy - y, ex - x, ey - y]) + "t" + _join(steps)


def _sample(point_at: Callable[[int], Point], order: int, samples: int) -> str:
    """The line through places at equal angles, from one sector's first middle to the next sector's."""
    return _spline([point_at(TURN // order * index // samples) for index in range(samples + 2)])


def polar(radius: Callable[[int], int], order: int, samples: int) -> str:
    """A line whose distance from the centre is a function of the angle, which must repeat in each sector."""
    return _sample(lambda angle: point(radius(angle), angle), order, samples)


def trochoid(
    radius: Callable[[int], int], arm: int, *, order: int, speed: int, phase: int = 0, samples: int = 24
) -> str:
    """A line with loops: a circle of size arm that runs around, turning 1 + speed · order times in a turn."""

    def point_at(angle: int) -> Point:
        own = (1 + speed * order) * angle + phase
        first, second = radius(angle), arm
        return (
            2 * divide(first * wave(angle) + second * wave(own), 20_000),
            -2 * divide(first * wave(angle + QUARTER) + second * wave(own + QUARTER), 20_000),
        )

    return _sample(point_at, order, samples)


def pencil(
    count: int,
    *,
    base: Point,
    swing: Point,
    phase: Point = (0, 0),
    order: int,
    lobes: int = 1,
    samples: int = 14,
) -> str:
    """A family of waves between two. base, swing, phase: at the first and the last line. lobes: waves in a sector."""

    def between(ends: Point, index: int) -> int:
        return ends[0] + divide((ends[1] - ends[0]) * index, max(count - 1, 1))

    def line(index: int) -> str:
        middle, height, turned = (between(ends, index) for ends in (base, swing, phase))
        return polar(
            lambda angle: middle + divide(height * wave(order * lobes * angle + turned), 10_000), order, samples * lobes
        )

    return "".join(line(index) for index in range(count))


def circles(distance: int, radius: int, *, order: int, count: int) -> str:
    """count circles in a sector, each of two half arcs, their centres at a distance from the centre."""
    drawn = ""
    for index in range(count):
        angle = TURN // order * index // count
        x, y = point(2 * radius, angle)
        half = f"a{radius} {radius} 0 1 0 "
        drawn += _path(point(distance + radius, angle), half, [-x, -y]) + half + _join([x, y])
    return drawn


def chord(start: Point, end: Point) -> str:
    """A straight line."""
    return _path(start, "l", [end[0] - start[0], end[1] - start[1]])


def bow(start: Point, control: Point, end: Point) -> str:
    """A bent line, drawn towards its control point."""
    return _path(start, "q", [control[0] - start[0], control[1] - start[1], end[0] - start[0], end[1] - start[1]])


def rays(inner: int, outer: int, *, order: int, count: int) -> str:
    """count straight lines in a sector, away from the centre."""
    angles = [TURN // order * index // count for index in range(count)]
    return "".join(chord(point(inner, angle), point(outer, angle)) for angle in angles)
