"""Tries every fault and writes build/faults.json: python -m scripts.faults [--sample COUNT] (make faults)."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.faults.running import Plan, Result, place_for_scratch, plans, run_points, sample
from scripts.faults.tracing import TracingRefused

__all__ = ["summary"]

_OUTPUT = Path(__file__).parents[2] / "build" / "faults.json"


def main() -> None:
    """Runs all points, or a sample of them; exit code 1 when one leaves anything wrong, or when nothing may be traced here."""
    parser = argparse.ArgumentParser(prog="python -m scripts.faults", description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="so many points instead of all")
    wanted = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=place_for_scratch()) as folder:
        scratch = Path(folder)
        try:
            every = plans(scratch)
        except TracingRefused as refused:
            sys.exit(f"No faults can be tried here, since strace may not watch a process: {refused}")
        points = [point for number, plan in enumerate(every) for point in plan.points(number)]
        if wanted.sample:
            points = sample(points, wanted.sample)
        results = []
        for done, result in enumerate(run_points(every, points, scratch, workers=os.cpu_count() or 1), 1):
            results.append(result)
            _say(every, result, f"{done} of {len(points)}")
    figures = summary(every, results) | {"seconds": round(time.monotonic() - started)}
    _OUTPUT.parent.mkdir(exist_ok=True)
    _OUTPUT.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    print(f"{figures['points']} points, {figures['inconsistent']} inconsistent, {figures['recovered']} recovered")
    sys.exit(0 if figures["inconsistent"] == 0 and figures["recovered"] == figures["points"] else 1)


def _say(every: Sequence[Plan], result: Result, count: str) -> None:
    point = result.point
    if result.wrong or result.unmended:
        print(f"{every[point.plan].name}: {point.fault} at {point.call.name} {point.call.number}: {point.call.aim}")
        print("".join(f"  {line}\n" for line in (*result.wrong, *result.unmended)), end="")
    if sys.stderr.isatty():
        print(f"\r{count} ", end="", file=sys.stderr, flush=True)
    elif count.split()[0].endswith("00"):
        print(count, file=sys.stderr, flush=True)


def summary(every: Sequence[Plan], results: Sequence[Result]) -> dict[str, Any]:
    """The figures: all together, then by command, by call and by fault; and what was found, if anything."""
    return {
        "points": len(results),
        "inconsistent": sum(bool(result.wrong or result.unmended) for result in results),
        "recovered": sum(not result.unmended for result in results),
        "calls": len({(result.point.plan, result.point.call) for result in results}),
        "by_command": dict(Counter(every[result.point.plan].name for result in results)),
        "by_call": dict(Counter(result.point.call.name for result in results)),
        "by_fault": dict(Counter(result.point.fault for result in results)),
        "found": sorted({line for result in results for line in (*result.wrong, *result.unmended)}),
    }


if __name__ == "__main__":
    main()
