"""Measuring: cases take turns, so that whatever else the machine does falls on all of them alike, and medians are compared."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

__all__ = ["Case", "CommandError", "interleaved", "medians", "timed"]

# Runs once, and gives its time in seconds.
Case = Callable[[], float]


class CommandError(Exception):
    """A command that failed, with the end of what it said."""


def interleaved(repeat: int, cases: Mapping[str, Case]) -> dict[str, list[float]]:
    """The times of each case, in seconds: all cases once, then all once more, and so on."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for round_ in range(repeat):
        for name, case in cases.items():
            times[name].append(case())
            print(f"  {name}, {round_ + 1} of {repeat}: {times[name][-1]:.3f} s", file=sys.stderr)
    return times


def medians(repeat: int, cases: Mapping[str, Case]) -> dict[str, float]:
    """The median time of each case, in seconds."""
    return {name: statistics.median(times) for name, times in interleaved(repeat, cases).items()}


def timed(command: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str]) -> tuple[float, str]:
    """How long a command takes on the clock, its start included, in seconds; and its standard output. Raises CommandError."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=dict(environment), capture_output=True, text=True)  # noqa: S603
    took_s = time.perf_counter() - began
    if done.returncode:
        raise CommandError(
            f"{Path(command[0]).name} {command[1]} ended with {done.returncode}: {(done.stderr or done.stdout)[-800:]}"
        )
    return took_s, done.stdout
