"""What a comparison gives: rows for the table, kept in build/bench.json from one run to the next."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

__all__ = ["Result", "Target", "compared", "load", "merged", "save", "table", "unmeasured"]


@dataclass(frozen=True)
class Target:
    """times: how many times as fast as the other it must be, at least. share: which part of the other's time it may take."""

    kind: Literal["times", "share", "milliseconds"]
    bound: float

    def ratio(self, seconds: float, against: float) -> float:
        if self.kind == "times":
            return against / seconds
        return seconds * 1000 if self.kind == "milliseconds" else seconds / against

    def is_met(self, ratio: float) -> bool:
        return ratio >= self.bound if self.kind == "times" else ratio <= self.bound

    def text(self) -> str:
        """As the table has it: `at least 20x`, `at most 1/12`, `at most 2.5x`, `at most 150 ms`."""
        if self.kind == "times":
            return f"at least {self.bound:g}x"
        if self.kind == "milliseconds":
            return f"at most {self.bound:g} ms"
        return f"at most {share(self.bound)}"


@dataclass(frozen=True)
class Result:
    """A row of the table. row: its number. seconds, against_seconds: medians, None where nothing was measured."""

    row: int
    what: str
    against: str
    n: int
    seconds: float | None = None
    against_seconds: float | None = None
    ratio: float | None = None
    shown: str = ""
    target: str = ""
    met: bool | None = None
    note: str = ""


def compared(
    row: int, what: str, against: str, *, n: int, seconds: float, other: float, target: Target | None, note: str = ""
) -> Result:
    """The row of a comparison. target: None for one that is shown without a claim."""
    goal = target or Target("times", 0)
    ratio = goal.ratio(seconds, other)
    shown = (
        f"{ratio:.0f} ms" if goal.kind == "milliseconds" else f"{ratio:.1f}x" if goal.kind == "times" else share(ratio)
    )
    met = goal.is_met(ratio) if target else None
    words = target.text() if target else ""
    return Result(row, what, against, n, _rounded(seconds), _rounded(other), _rounded(ratio), shown, words, met, note)


def unmeasured(row: int, what: str, against: str, *, n: int, reason: str) -> Result:
    """The row of a comparison that this machine cannot make."""
    return Result(row, what, against, n, note=reason)


def share(ratio: float) -> str:
    """A part as people say it: `1/12`, and from one on `2.5x`."""
    return f"1/{1 / ratio:.3g}" if 0 < ratio < 0.75 else f"{ratio:.2f}x"


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def load(file: Path) -> list[Result]:
    """The rows of an earlier run; none without one."""
    return [Result(**row) for row in json.loads(file.read_bytes())["rows"]] if file.exists() else []


def merged(old: Iterable[Result], new: Iterable[Result]) -> list[Result]:
    """The rows of both, in order; a number that was measured again has its new rows alone."""
    new = list(new)
    again = {result.row for result in new}
    return sorted([*(result for result in old if result.row not in again), *new], key=lambda result: result.row)


def save(file: Path, rows: Iterable[Result], machine: dict[str, str]) -> None:
    """Writes the rows, an object each, with the machine and the day."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made = {"machine": machine, "rows": [asdict(result) for result in rows]}
    file.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", "utf-8")


def table(rows: Iterable[Result]) -> str:
    """The rows for a terminal."""
    lines = [["", "what", "N", "Laurels", "the other", "ratio", "target", ""]]
    for result in rows:
        met = {True: "met", False: "MISSED", None: ""}[result.met]
        what = f"{result.what} | {result.against}"
        figures = [seconds_text(result.seconds), seconds_text(result.against_seconds)]
        lines.append(
            [str(result.row), what, f"{result.n:,}", *figures, result.shown, result.target, met or result.note]
        )
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    padded = ["  ".join(cell.ljust(width) for cell, width in zip(line, [*widths, 0], strict=True)) for line in lines]
    return "\n".join(line.rstrip() for line in padded)


def seconds_text(seconds: float | None) -> str:
    """Three figures: `12.3 s`, `0.85 s`, `43 ms`."""
    if seconds is None:
        return "–"
    return f"{seconds * 1000:.0f} ms" if seconds < 0.1 else f"{seconds:.3g} s"
