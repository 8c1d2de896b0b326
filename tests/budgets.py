"""What a test file may cost, in seconds of processor time, and what a run says and does about it.

Processor time, that of child processes included, because it changes little when the machine is busy with something else.
Each report carries its test's share from the process that ran it to the one that sums them up, so that it works with xdist."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Generator, Mapping
from pathlib import PurePosixPath

import pytest

__all__ = ["BUDGETS_S", "DEFAULT_S", "TOLERANCE", "Costs", "budget_of", "file_of", "over_budget", "slowest"]

DEFAULT_S = 5
# A file fails the run only beyond this many times its budget: machines differ.
TOLERANCE = 3
# Files that cost more: browsers, builds of a site in processes of their own, processes that are killed on purpose, chance
# in large numbers. `make test-fast` leaves them out, and every run begins with the heaviest.
BUDGETS_S = {
    "test_manual.py": 130,
    "test_histories.py": 30,
    "test_incremental.py": 15,
    "test_verifiers_agree.py": 45,
    "test_accessibility.py": 40,
    "test_canonical.py": 25,
    "test_shapes.py": 8,
    "test_verify_page.py": 40,
    "test_attacks_pages.py": 55,
    "test_bench_short.py": 35,
    "test_faults.py": 30,
    "test_credential_page.py": 25,
    "test_life.py": 25,
    "test_archive.py": 20,
    "test_cli.py": 20,
    "test_manual_hosts.py": 20,
    "test_pages_browser.py": 20,
    "test_browser.py": 15,
    "test_images.py": 15,
    "test_reconcile.py": 20,
    "test_memory.py": 15,
    "test_site.py": 30,
    "test_statement_script.py": 15,
    "test_changing.py": 10,
    "test_draft_pages.py": 10,
    "test_history_pages.py": 10,
    "test_issue.py": 10,
    "test_issue_killed.py": 10,
    "test_life_browser.py": 10,
    "test_live_reload.py": 10,
    "test_moving.py": 10,
    "test_png_artwork.py": 10,
    "test_rdfc_agrees.py": 10,
    "test_release_workflow.py": 10,
    "test_successor.py": 10,
    "test_catalogue.py": 8,
    "test_pages_alike.py": 7,
    "test_one_check.py": 8,
    "test_verification_vectors.py": 22,
    "test_every_file.py": 8,
    "test_interop.py": 8,
    "test_keys_at_rest.py": 8,
    "test_page_release.py": 8,
    "test_rosette.py": 8,
    "test_sheet.py": 8,
    "test_swap.py": 8,
}
SHOWN = 10
_PROPERTY = "processor time in seconds"


def budget_of(file: str) -> float:
    """The budget of a test file, in seconds."""
    return BUDGETS_S.get(PurePosixPath(file).name, DEFAULT_S)


def file_of(test: str) -> str:
    """The file of a test's node id."""
    return test.partition("::")[0]


def over_budget(costs: Mapping[str, float]) -> list[str]:
    """A sentence for each file that cost more than its budget allows, in seconds by file."""
    return [
        f"{file} took {cost:.0f} s of processor time; its budget is {budget_of(file):.0f} s, and the limit {TOLERANCE} times that. "
        "Share what its tests build in a fixture, or raise its row of BUDGETS_S in tests/budgets.py and say why."
        for file, cost in sorted(costs.items())
        if cost > TOLERANCE * budget_of(file)
    ]


def slowest(costs: Mapping[str, float], waits: Mapping[str, float]) -> list[str]:
    """The files that cost most, one a line. costs, waits: seconds of processor time, and on the clock, by file."""
    files = sorted(costs, key=lambda file: (-costs[file], file))[:SHOWN]
    return [
        f"{costs[file]:6.1f} s of {budget_of(file):3.0f} s, {waits[file]:6.1f} s on the clock  {file}" for file in files
    ]


class Costs:
    """A plugin for pytest that measures each test, sums up by file, and fails a run with a file over its budget."""

    def __init__(self) -> None:
        self.costs: defaultdict[str, float] = defaultdict(float)
        self.waits: defaultdict[str, float] = defaultdict(float)
        self._measured_s = 0.0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self) -> None:
        self._measured_s = _processor_time_s()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        measured_s = _processor_time_s()
        # xdist hands these on.
        report.user_properties.append((_PROPERTY, measured_s - self._measured_s))
        self._measured_s = measured_s
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file = file_of(report.nodeid)
        self.costs[file] += sum(
            value for name, value in report.user_properties if name == _PROPERTY and isinstance(value, float)
        )
        self.waits[file] += report.duration

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if over_budget(self.costs) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if len(self.costs) > SHOWN:
            terminalreporter.section("slowest files: processor time of its budget")
            terminalreporter.write("\n".join([*slowest(self.costs, self.waits), ""]))
        for sentence in over_budget(self.costs):
            terminalreporter.write_line(sentence, red=True)


def _processor_time_s() -> float:
    """What this process and its children that have ended have used so far."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
