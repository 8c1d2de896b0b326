"""The measurements: what counts as slower, that it is found, and that nothing is slower than what is stored."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.bench.page import page_text
from scripts.bench.reference import reference
from scripts.bench.repository import add_record, write_repository
from scripts.bench.results import Result, Target, compared, load, merged, save, share, table, unmeasured
from scripts.bench.short import BASELINE, measured, regressions
from site_builder.ledger.checks.repository import check_repository
from tests.vector_files import ROOT

MACHINE = {
    "day": "2026-11-28",
    "processor": "One, 2 cores, 4 GB",
    "kernel": "Linux 6",
    "python": "3.11.7",
    "node": "20.1.0",
}


# --- the short form -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ratio", "is_slower"), [(0.5, False), (1.0, False), (1.49, False), (1.51, True), (3.0, True)])
def test_half_as_much_again_is_slower(ratio: float, is_slower: bool) -> None:
    assert bool(regressions({"issue": ratio}, {"issue": 1.0})) is is_slower


def test_what_has_no_stored_figure_is_told_of() -> None:
    [sentence] = regressions({"new": 1.0}, {"issue": 1.0})
    assert (
        sentence.startswith("new takes 1.00 times the reference, and took 0.00") and "make bench-baseline" in sentence
    )


@pytest.mark.alone
def test_work_that_became_twice_as_much_is_found_and_the_same_work_is_not() -> None:
    def twice() -> None:
        reference()
        reference()

    ratios = measured({"the same": reference, "slower": twice}, repeat=4)
    [sentence] = regressions(ratios, {"the same": 1.0, "slower": 1.0})
    assert sentence.startswith("slower takes")


@pytest.mark.alone
def test_nothing_is_slower_than_what_is_stored() -> None:
    done = subprocess.run([sys.executable, "-m", "scripts.bench.short"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    names = set(json.loads(BASELINE.read_bytes())["ratios"])
    assert names == {line[:24].strip() for line in done.stdout.splitlines()}


# --- the table ----------------------------------------------------------------------------------------------------------


def row(number: int, seconds: float, other: float, target: Target | None) -> Result:
    return compared(number, "build", "full build", n=1000, seconds=seconds, other=other, target=target)


TARGETS = [
    (Target("times", 8), 1.0, 8.0, "8.0x", "at least 8x", True),
    (Target("times", 8), 1.0, 7.9, "7.9x", "at least 8x", False),
    (Target("share", 1 / 12), 1.0, 13.0, "1/13", "at most 1/12", True),
    (Target("share", 1 / 12), 1.0, 11.0, "1/11", "at most 1/12", False),
    (Target("share", 2.5), 2.4, 1.0, "2.40x", "at most 2.50x", True),
    (Target("share", 2.5), 2.6, 1.0, "2.60x", "at most 2.50x", False),
    (Target("milliseconds", 150), 0.149, 1.0, "149 ms", "at most 150 ms", True),
    (Target("milliseconds", 150), 0.151, 1.0, "151 ms", "at most 150 ms", False),
    (None, 2.0, 1.0, "0.5x", "", None),
]


@pytest.mark.parametrize(("target", "seconds", "other", "shown", "words", "met"), TARGETS)
def test_a_row_says_whether_its_target_is_met(
    target: Target | None, seconds: float, other: float, shown: str, words: str, met: bool | None
) -> None:
    found = row(1, seconds, other, target)
    assert (found.shown, found.target, found.met) == (shown, words, met)


def test_parts_are_written_as_people_say_them() -> None:
    assert [share(ratio) for ratio in (0.05, 0.5, 1.0, 2.5)] == ["1/20", "1/2", "1.00x", "2.50x"]


def test_a_row_that_is_measured_again_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    save(file, [row(1, 1.0, 9.0, None), row(2, 1.0, 9.0, None), row(2, 3.0, 9.0, None)], MACHINE)
    rows = merged(load(file), [row(2, 2.0, 9.0, None)])
    assert [(found.row, found.seconds) for found in rows] == [(1, 1.0), (2, 2.0)]
    assert load(tmp_path / "none.json") == []


def test_the_table_and_the_page_say_what_is_missed_and_what_was_not_measured() -> None:
    rows = [
        row(1, 1.0, 9.0, Target("times", 8)),
        row(3, 1.0, 1.5, Target("times", 2)),
        row(11, 2.0, 1.0, None),
        unmeasured(12, "build", "hugo", n=1000, reason="Hugo is not installed on this machine"),
    ]
    assert "MISSED" in table(rows) and "Hugo is not installed" in table(rows)
    page = page_text(rows, MACHINE)
    assert "meets\n1 of 2 targets" in page and "**missed**" in page
    assert "- build, beside hugo: Hugo is not installed on this machine." in page


# --- what is measured on ------------------------------------------------------------------------------------------------


def test_repositories_of_the_measurements_have_no_problem(tmp_path: Path) -> None:
    root = write_repository(tmp_path / "repository", records=6, files=3)
    add_record(root)
    checked = check_repository(root)
    assert checked.problems == [] and len(checked.repository.rows) == 7
