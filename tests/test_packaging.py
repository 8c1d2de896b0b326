"""What the package says of itself, and what its lock files promise."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from scripts.release_ready import lacking

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
# Laurels uses parts of these that their authors do not document, so each new minor version is looked at first.
INTERNALS_USED = ("mkdocs", "pyld")
_PINNED = re.compile(r"[a-z0-9._-]+==[^\s;]+( ; .+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+")


@pytest.mark.parametrize("name", INTERNALS_USED)
def test_a_library_whose_internals_are_used_is_bounded_by_its_minor_version(name: str) -> None:
    (bounds,) = (line.removeprefix(name) for line in PROJECT["dependencies"] if line.startswith(name))
    found = re.fullmatch(r">=(\d+)\.(\d+),<(\d+)\.(\d+)", bounds)
    assert found, bounds
    major, minor, next_major, next_minor = map(int, found.groups())
    assert (next_major, next_minor) == (major, minor + 1)


def test_the_package_is_typed_and_names_the_oldest_python_first() -> None:
    pythons = [mark.rpartition(" ")[2] for mark in PROJECT["classifiers"] if ":: Python :: 3." in mark]
    assert "Typing :: Typed" in PROJECT["classifiers"] and (ROOT / "site_builder/py.typed").is_file()
    assert PROJECT["requires-python"] == f">={pythons[0]}" and len(pythons) >= 3


def test_project_addresses_are_all_given_or_none() -> None:
    assert set(PROJECT.get("urls", {})) in (set(), {"Homepage", "Repository", "Changelog", "Issues"})


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-release.lock"])
def test_a_lock_file_holds_versions_with_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text and "@" not in text
    assert _PINNED.sub("", text) == ""


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_has_every_direct_dependency(name: str) -> None:
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / name).read_text("utf-8"), re.MULTILINE))
    assert {re.split(r"[<>=]", line)[0] for line in PROJECT["dependencies"]} <= pinned


# --- releases ---------------------------------------------------------------------------------------------------------

URLS = "".join(f'{name} = "https://laurels.example/"\n' for name in ("Homepage", "Repository", "Changelog", "Issues"))


def write_page_releases(root: Path, versions: Mapping[str, str], *, current: str) -> None:
    folder = root / "site_builder/verification/page/releases"
    folder.mkdir(parents=True)
    for name, version in versions.items():
        (folder / f"{name}.json").write_text(json.dumps({"version": version}))
    if current:
        (folder / "current").write_text(f"{current}\n")


@pytest.mark.parametrize(
    ("tag", "urls", "changelog", "said"),
    [
        ("v0.2.0", URLS, "## Unreleased\n\n## 0.2.0 – 2026-12-01\n\n- A change.\n", ""),
        ("v0.3.0", URLS, "## 0.2.0 – 2026-12-01\n\n- A change.\n", "the tag is v0.3.0"),
        ("", URLS, "## 0.2.0 – 2026-12-01\n\n- A change.\n", "the tag is missing"),
        ("v0.2.0", "", "## 0.2.0 – 2026-12-01\n\n- A change.\n", "lacks Homepage, Repository, Changelog, Issues"),
        ("v0.2.0", URLS, "## 0.2.0\n\n- A change.\n", "has no section '## 0.2.0 – YYYY-MM-DD'"),
        ("v0.2.0", URLS, "## 0.2.0 – 2026-12-01\n\n## 0.1.0 – 2026-11-01\n\n- x\n", "has no section"),
        ("v0.2.0", URLS, "## Unreleased\n\n- B.\n\n## 0.2.0 – 2026-12-01\n\n- A.\n", "move them to 0.2.0"),
    ],
    ids=["ready", "other tag", "no tag", "no addresses", "no date", "nothing said", "lines left over"],
)
def test_a_release_is_refused_while_it_lacks_something(
    tmp_path: Path, tag: str, urls: str, changelog: str, said: str
) -> None:
    project = f'[project]\nname = "laurels"\nversion = "0.2.0"\n\n[project.urls]\n{urls}'
    (tmp_path / "pyproject.toml").write_text(project, "utf-8")
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{changelog}", "utf-8")
    write_page_releases(tmp_path, {"a": "0.1.0", "b": "0.2.0"}, current="b")
    sentences = list(lacking(tmp_path, tag=tag))
    assert (len(sentences) == 1 and said in sentences[0]) if said else sentences == []


@pytest.mark.parametrize(
    ("versions", "current"),
    [
        ({"a": "0.1.0"}, "a"),
        ({"a": "0.1.0", "b": "after 0.1.0"}, "b"),
        ({"a": "0.1.0", "b": "0.2.0"}, "a"),
        ({"a": "0.2.0", "b": "0.2.0"}, "a"),
        ({"a": "0.2.0"}, ""),
        ({}, ""),
    ],
    ids=["older", "of no version", "not current", "two", "none is current", "none"],
)
def test_a_release_is_refused_without_the_one_file_that_knows_its_pages(
    tmp_path: Path, versions: dict[str, str], current: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(f'[project]\nversion = "0.2.0"\n\n[project.urls]\n{URLS}', "utf-8")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 0.2.0 – 2026-12-01\n\n- A change.\n", "utf-8")
    write_page_releases(tmp_path, versions, current=current)
    (sentence,) = lacking(tmp_path, tag="v0.2.0")
    assert "the one file of 0.2.0" in sentence and "make release-files" in sentence


def test_the_changelog_says_a_change_a_line() -> None:
    """So that two branches that add one each merge without a conflict."""
    lines = (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines()
    assert all(line == "" or line.startswith(("# ", "## ", "### ", "- ")) for line in lines)
