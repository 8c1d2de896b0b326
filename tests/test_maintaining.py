"""The maintainers' pages: the way of an award names code that exists, and the diffs apply to the code as it is."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.manual import ROOT, blocks_of

PAGES = ROOT / "content" / "pages" / "maintaining"
PACKAGE = ROOT / "site_builder"
WALK = re.findall(r"^1\. `([^`]+)` in `([^`]+)` ", (PAGES / "index.md").read_text("utf-8"), re.MULTILINE)
_DIFF = re.compile(r"^## (.+)\n(?:.*\n)*?```diff\n((?:(?!```).*\n)*)", re.MULTILINE)
DIFFS: dict[str, str] = dict(_DIFF.findall((PAGES / "adding.md").read_text("utf-8")))
TOUCHED = re.compile(r"^\+\+\+ b/(\S+)$", re.MULTILINE)


def names_of(file: Path) -> set[str]:
    """The functions, classes and constants at the top of a module."""
    found = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


@pytest.mark.parametrize(("name", "path"), WALK, ids=lambda word: word)
def test_each_station_of_an_award_is_where_the_page_says(name: str, path: str) -> None:
    assert name in names_of(PACKAGE / path)


def test_the_way_of_an_award_goes_through_every_wing_that_it_passes() -> None:
    wings = {path.split("/")[0] for _, path in WALK}
    assert wings >= {"records", "ledger", "issuing", "credentials", "site", "verification"} and len(WALK) > 20


def test_every_block_of_the_page_is_a_diff_that_is_tested() -> None:
    blocks = blocks_of(PAGES / "adding.md")
    assert [block.language for block in blocks] == ["diff"] * len(DIFFS) and len(DIFFS) >= 5


@pytest.mark.parametrize("title", DIFFS)
def test_a_diff_applies_and_what_it_touches_loads(title: str, tmp_path: Path) -> None:
    """On a copy of the package; a new module is loaded as well as the table that it is a row of."""
    ignored = shutil.ignore_patterns("__pycache__", "browser")
    for folder in ("site_builder", "themes"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    applied = subprocess.run(
        ["git", "apply", "--whitespace=error", "-"], input=DIFFS[title], cwd=tmp_path, capture_output=True, text=True
    )
    assert applied.returncode == 0, applied.stderr
    touched = TOUCHED.findall(DIFFS[title])
    assert touched and all((tmp_path / path).is_file() for path in touched)
    modules = [path.removesuffix(".py").replace("/", ".") for path in touched if path.startswith("site_builder/")]
    load = "; ".join(["import site_builder", *(f"import {name}" for name in modules), "print(site_builder.__file__)"])
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    loaded = subprocess.run(
        [sys.executable, "-P", "-c", load], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.startswith(str(tmp_path))


DECISIONS = sorted((ROOT / "content/pages/decisions").glob("*.md"))
_CODE_FILE = re.compile(r"`([\w./-]+/[\w.-]+\.(?:py|js|sh|yml|json))`")


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_names_only_files_that_exist(page: Path) -> None:
    """From the root of the repository, the package, or the wing that the page speaks of."""
    starts = [ROOT, PACKAGE, PACKAGE / "verification"]
    named = _CODE_FILE.findall(page.read_text("utf-8"))
    missing = [path for path in named if not any((start / path).exists() for start in starts)]
    assert not missing


def test_every_decision_is_in_the_index_and_the_menu_and_fits_on_a_page() -> None:
    index = (ROOT / "content/pages/decisions/index.md").read_text("utf-8")
    menu = (ROOT / "mkdocs.yml").read_text("utf-8")
    for page in DECISIONS:
        assert page.name == "index.md" or (f"({page.name})" in index and f"decisions/{page.name}" in menu)
        assert len(page.read_text("utf-8").split()) < 900, page.name
