"""Measures, and prints the table of targets: python -m scripts.bench [--n 1000] [--repeat 5] [--only 1,3] (make bench).

Writes build/bench.json, with the rows of earlier runs that were not measured again, and the page content/pages/performance.md."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from scripts.bench import against_itself, against_others, in_browser
from scripts.bench.machine import machine
from scripts.bench.page import write_page
from scripts.bench.places import ROOT, Bench, bench
from scripts.bench.results import Result, load, merged, save, table

FILE = ROOT / "build" / "bench.json"
# One row, one function. The last two are rows where Laurels is the slower one.
ROWS: dict[int, Callable[[Bench], list[Result]]] = {
    1: against_others.signing,
    2: against_others.publishing,
    3: against_others.pages,
    4: against_itself.durable,
    5: against_itself.unchanged,
    6: against_itself.one_record,
    7: against_itself.checking,
    8: against_others.verifying,
    9: against_itself.growth,
    10: in_browser.credential_page,
    11: against_others.tokens,
    12: against_others.pages_of_hugo,
}


def main() -> None:
    """Measures what was asked for, and says which targets are missed."""
    options = _options()
    # Somebody who stops it finds no folders of it in memory.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with bench(n=options.n, repeat=options.repeat) as places:
        for number in options.only:
            began = time.monotonic()
            print(f"row {number}", file=sys.stderr)
            found = ROWS[number](places)
            rows = merged(load(options.file), found)
            # After each row: a run that is stopped loses nothing.
            save(options.file, rows, machine())
            print(f"row {number}: {time.monotonic() - began:.0f} s\n{table(found)}", file=sys.stderr)
    print(table(load(options.file)))
    if options.page:
        write_page(options.file)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--n", type=int, default=1000, help="credentials in most rows; ten times as many in some")
    parser.add_argument("--repeat", type=int, default=5, help="how often each case runs")
    parser.add_argument("--only", type=_numbers, default=list(ROWS), help="rows by number, with commas between them")
    parser.add_argument("--file", type=Path, default=FILE, help="where the rows are kept")
    parser.add_argument("--page", action="store_true", help="also write content/pages/performance.md")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    numbers = [int(part) for part in text.split(",")]
    if unknown := [number for number in numbers if number not in ROWS]:
        raise argparse.ArgumentTypeError(f"there is no row {unknown[0]}; rows are 1 to {max(ROWS)}")
    return numbers


if __name__ == "__main__":
    main()
