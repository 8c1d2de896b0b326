"""How every run is set up: Hypothesis profiles, the same few hundred examples each time or many new ones; budgets; order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.budgets import BUDGETS_S, Costs, budget_of, file_of
from tests.drawn import drawn_once
from tests.manual import demo_repository
from tests.once import made_once

_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(
    "default",
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=_SLOW_IS_FINE,
)
settings.register_profile("long", max_examples=20_000, deadline=None, suppress_health_check=_SLOW_IS_FINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="leave out the files with a row in tests/budgets.py")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if config.getoption("--fast") and collection_path.name in BUDGETS_S else None


def pytest_configure(config: pytest.Config) -> None:
    # The long forms take as long as they take.
    if not {"HYPOTHESIS_PROFILE", "HISTORIES"} & os.environ.keys():
        config.pluginmanager.register(Costs(), "costs")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Heavy files first: one that began last would keep one process busy while the others wait."""
    items.sort(key=lambda item: -budget_of(file_of(item.nodeid)))


@pytest.fixture(scope="session", autouse=True)
def _caches_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Commands remember what they verified here, and not in the folder of whoever runs the tests."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("caches"))


@pytest.fixture(scope="session", autouse=True)
def _drawn_once() -> Iterator[None]:
    with drawn_once():
        yield


@pytest.fixture(scope="session")
def committed_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's repository as a reader has it after `make site`, the same folder for every process: copy it, never change it."""
    own = tmp_path_factory.getbasetemp()
    # Each of xdist's processes has its own folder below that of the run.
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return made_once(shared / "committed-demo", demo_repository)
