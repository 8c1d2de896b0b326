"""What a test file may cost: the rules, and a run of pytest under them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests import budgets
from tests.budgets import BUDGETS_S, DEFAULT_S, SHOWN, TOLERANCE, budget_of, file_of, over_budget, slowest

pytest_plugins = ["pytester"]

HEAVY = next(iter(BUDGETS_S))
CONFTEST = """
from tests.budgets import Costs
def pytest_configure(config):
    config.pluginmanager.register(Costs(), "costs")
"""
TEST = "def test_something(): assert sum(range(5_000_000))"


@pytest.mark.parametrize(
    ("file", "budget_s"), [("tests/test_of_no_row.py", DEFAULT_S), (f"tests/{HEAVY}", BUDGETS_S[HEAVY])]
)
def test_file_without_a_row_has_the_default(file: str, budget_s: float) -> None:
    assert budget_of(file) == budget_s


def test_every_row_is_of_a_file_that_exists_and_costs_more_than_others() -> None:
    assert [name for name in BUDGETS_S if not Path(__file__).with_name(name).is_file()] == []
    assert min(BUDGETS_S.values()) > DEFAULT_S


def test_file_of_a_test() -> None:
    assert file_of("tests/test_x.py::TestX::test_y[a::b]") == "tests/test_x.py"


def test_only_what_is_far_over_its_budget_is_told_and_how_to_raise_it() -> None:
    limit_s = TOLERANCE * DEFAULT_S
    [told] = over_budget({"tests/test_a.py": limit_s, "tests/test_b.py": limit_s + 1, f"tests/{HEAVY}": limit_s + 1})
    assert told.startswith(f"tests/test_b.py took {limit_s + 1} s of processor time; its budget is {DEFAULT_S} s")
    assert "BUDGETS_S in tests/budgets.py" in told


def test_the_slowest_come_first_and_are_few() -> None:
    costs = {f"test_{number:02}.py": float(number) for number in range(30)}
    lines = slowest(costs, costs)
    assert [line.split()[-1] for line in lines] == [f"test_{number}.py" for number in range(29, 29 - SHOWN, -1)]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets every look at the processor's clock be some seconds after the one before: each test looks three times."""

    def runs(step_s: int) -> None:
        ticks = count(step=step_s)
        monkeypatch.setattr(budgets, "_processor_time_s", lambda: float(next(ticks)))

    return runs


@pytest.mark.parametrize(
    ("step_s", "fails"), [(TOLERANCE * DEFAULT_S // 3, False), (TOLERANCE * DEFAULT_S // 3 + 1, True)]
)
def test_a_run_fails_when_a_file_is_far_over_its_budget(
    pytester: pytest.Pytester, clock: Callable[[int], None], step_s: int, fails: bool
) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_something=TEST)
    clock(step_s)
    done = pytester.runpytest_inprocess("-p", "no:xdist")
    done.assert_outcomes(passed=1)
    assert done.ret == (pytest.ExitCode.TESTS_FAILED if fails else pytest.ExitCode.OK)
    assert (f"test_something.py took {3 * step_s} s of processor time" in done.stdout.str()) == fails


def test_costs_are_summed_up_over_processes(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(**{f"test_{number:02}": TEST for number in range(SHOWN + 1)})
    monkeypatch.setitem(BUDGETS_S, "test_07.py", 0)
    done = pytester.runpytest_inprocess("--numprocesses=2", "--dist=loadfile")
    done.assert_outcomes(passed=SHOWN + 1)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    assert "test_07.py took 0 s of processor time; its budget is 0 s" in done.stdout.str()
    assert done.stdout.str().count(" s on the clock ") == SHOWN


def test_heavy_files_come_first_and_fast_leaves_them_out(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = "pytest_addoption, pytest_collection_modifyitems, pytest_ignore_collect"
    pytester.makeconftest(f"from tests.conftest import {hooks}")
    pytester.makepyfile(test_a=TEST, test_b=TEST, test_c=TEST)
    monkeypatch.setitem(BUDGETS_S, "test_b.py", DEFAULT_S + 1)
    for options, files in (([], ["test_b", "test_a", "test_c"]), (["--fast"], ["test_a", "test_c"])):
        lines = pytester.runpytest_inprocess("--collect-only", "-q", *options).stdout.lines
        assert [line.partition(".py::")[0] for line in lines if ".py::" in line] == files
