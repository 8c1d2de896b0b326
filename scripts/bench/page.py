"""The page content/pages/performance.md, from the rows of build/bench.json."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.bench.peers import PACKAGES, PYTHON_PACKAGES
from scripts.bench.places import ROOT
from scripts.bench.results import Result, seconds_text

__all__ = ["page_text", "write_page"]

PAGE = ROOT / "content" / "pages" / "performance.md"


def write_page(file: Path) -> None:
    """Writes the page anew."""
    made = json.loads(file.read_bytes())
    PAGE.write_text(page_text([Result(**row) for row in made["rows"]], made["machine"]), "utf-8")


def page_text(rows: list[Result], machine: dict[str, str]) -> str:
    """The page in Markdown. rows: in order. machine: as scripts.bench.machine describes it."""
    goals = [result for result in rows if result.target and result.ratio is not None]
    others = [result for result in rows if not result.target and result.ratio is not None]
    missing = [result for result in rows if result.ratio is None]
    met = sum(bool(result.met) for result in goals)
    parts = [
        INTRODUCTION.format(met=met, goals=len(goals)),
        _measured_on(machine),
        "## Targets\n",
        _table(goals, with_target=True),
    ]
    if others:
        parts += ["## Other comparisons\n", OTHERS, _table(others, with_target=False)]
    if missing:
        parts += [
            "## Not measured\n",
            "".join(f"- {result.what}, beside {result.against}: {result.note}.\n" for result in missing),
        ]
    packages = ", ".join(f"{name} {version}" for name, version in {**PACKAGES, **PYTHON_PACKAGES}.items())
    return "\n".join([*parts, METHOD.format(packages=packages)])


def _measured_on(machine: dict[str, str]) -> str:
    return (
        f"Measured on {machine['day']}: {machine['processor']}, {machine['kernel']}, Python {machine['python']}, "
        f"Node.js {machine['node']}.\n"
    )


def _table(rows: list[Result], *, with_target: bool) -> str:
    columns = ["What", "Beside", "N", "Laurels", "The other", "Ratio", *(["Target", ""] if with_target else [])]
    lines = [columns, ["---"] * len(columns)]
    for result in rows:
        what = result.what + (f" ({result.note})" if result.note else "")
        figures = [seconds_text(result.seconds), seconds_text(result.against_seconds)]
        line = [what, result.against, f"{result.n:,}", *figures, result.shown]
        lines.append(line + ([result.target, "met" if result.met else "**missed**"] if with_target else []))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


INTRODUCTION = """\
# Performance

This page compares Laurels with other programs for the same work, and with its own full run where little has changed. Laurels meets
{met} of {goals} targets.
"""

OTHERS = """\
These rows have no target. In some of them the other program is faster, because it does less: a JSON Web Token needs no canonical form,
and a page generator neither checks nor draws anything.
"""

METHOD = """\
## How it is measured

- **N** is the number of credentials. Each has one recipient, both proofs, a place in the revocation list, a page, a baked PNG and SVG
  image, a QR code and a rosette: all that a site publishes by default.
- Every command runs as a user runs it, in one process of its own, and its start counts. Where only a loop is timed, the row says so;
  then the start of both programs is left out.
- The cases of a row take turns, at least five times each, and the table has the medians. Only the ratios mean much: on another machine,
  or beside other work, all times change together.
- Repositories and sites lie in a memory file system if the machine has room in one, so that no disk is waited for. The row that says *on
  disk* uses the disk: both programs end with the same wait until it has every file.
- A ratio such as 12.0x says how many times as fast Laurels is. A ratio such as 1/12 says which part of the other's time it takes.
- *Script and layout* of a page is what its own thread spends on script, style and layout before the verdict is shown.
- The start of a command is left out of a row by taking away its time for a hundredth of N.

The other programs: {packages}. All come from their registries, at these versions.

## Measure it yourself

    make bench

It takes about twenty minutes, installs the other programs into `build/bench-peers`, prints this table, and writes `build/bench.json` and
this page. `.venv/bin/python -m scripts.bench --only 1,8` measures only those rows again and keeps the others; `--n` and `--repeat` change how
much is measured. `make bench-short` takes less than a minute and compares Laurels with its own speed when the figures in
`scripts/bench/baseline.json` were stored: `make test` runs it, too, and fails when something takes one and a half times as long.
"""


if __name__ == "__main__":
    write_page(ROOT / "build" / "bench.json")
