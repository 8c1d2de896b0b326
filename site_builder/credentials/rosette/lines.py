"""Curves for the rosette, in integers only: the same bytes in every language and on every machine.

Lengths are in units of a picture from -4096 to 4096, y downwards; angles in parts of TURN, clockwise from the top.
Each drawing function gives the SVG path data of one sector, the first of `order` equal ones: the rest are its rotations.
verification/browser/src/credentials/rosette/lines.js draws the same, point by point, and is the program to read first: here a line
is worked out as lists of all its points' numbers, in a tenth of the time. content/pages/decisions/rosette.md describes both."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from operator import sub

__all__ = [
    "HALF",
    "QUARTER",
    "TURN",
    "angles",
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
    "waves",
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


# All rosettes together ask for some 5,000 angles.
@lru_cache(maxsize=8192)
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


@cache
def angles(order: int, samples: int) -> tuple[int, ...]:
    """The angles at which a line has points: equal parts of a sector, and the first of the next."""
    return tuple(TURN // order * index // samples for index in range(samples + 2))


# The lines of one figure, and of many others, go by the same waves.
@lru_cache(maxsize=2048)
def waves(order: int, samples: int, times: int = 1, phase: int = 0) -> list[int]:
    """wave at each of a line's angles, times a factor, plus a phase."""
    return [wave((times * angle + phase) % TURN) for angle in angles(order, samples)]


def _path(start: Point, command: str, numbers: list[int]) -> str:
    """Path data: a move, then one command with its numbers in the fewest characters."""
    return "M" + _join(start) + command + _join(numbers)


def _join(numbers: Sequence[int]) -> str:
    """Numbers with a space between two, unless a minus parts them."""
    return "".join(map(_written().__getitem__, numbers)).removeprefix(" ")


@cache
def _written() -> list[str]:
    """Each number from -4096 to 4095 as it follows another one; list[-1] is its last entry."""
    return [*(f" {number}" for number in range(4096)), *(str(number) for number in range(-4096, 0))]


def _spline(xs: list[int], ys: list[int]) -> str:
    """A smooth line along points: through the middle of each two, with the points between as control points.

    xs, ys: half of each coordinate, ys upwards. So the middle of two points is their sum, and from one middle to the next it is as far
    as from the point before it to the point after it."""
    start = xs[0] + xs[1], -ys[0] - ys[1]
    first = [xs[1] - xs[0], ys[0] - ys[1], xs[2] - xs[0], ys[0] - ys[2]]
    steps = [0] * (2 * len(xs) - 6)
    steps[::2] = map(sub, xs[3:], xs[1:])
    steps[1::2] = map(sub, ys[1:], ys[3:])
    # After the first, each control point is the mirror of the one before: that is what t means.
    return _path(start, "q", first) + "t" + _join(steps)


def polar(radii: Sequence[int], order: int, samples: int) -> str:
    """A line by its distance from the centre at each of its angles, from one sector's first middle to the next sector's."""
    sines, cosines = waves(order, samples), waves(order, samples, 1, QUARTER)
    return _spline(
        [(radius * sine + 10_000) // 20_000 for radius, sine in zip(radii, sines, strict=True)],
        [(radius * cosine + 10_000) // 20_000 for radius, cosine in zip(radii, cosines, strict=True)],
    )


def trochoid(radii: Sequence[int], arm: int, *, order: int, speed: int, phase: int = 0, samples: int = 24) -> str:
    """A line with loops: a circle of size arm that runs around, turning 1 + speed · order times in a turn."""

    def along(ahead: int) -> list[int]:
        centre, own = waves(order, samples, 1, ahead), waves(order, samples, 1 + speed * order, phase + ahead)
        return [(radius * at + arm * of + 10_000) // 20_000 for radius, at, of in zip(radii, centre, own, strict=True)]

    return _spline(along(0), along(QUARTER))


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
        return _waved(middle, height, turned, order, lobes, samples)

    return "".join(line(index) for index in range(count))


# Two fifths of all lines come again in another figure.
@lru_cache(maxsize=4096)
def _waved(middle: int, height: int, turned: int, order: int, lobes: int, samples: int) -> str:
    swings = waves(order, samples * lobes, order * lobes, turned)
    return polar([middle + (height * swing + 5_000) // 10_000 for swing in swings], order, samples * lobes)


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
