"""The files for people who work on Laurels: every file, command and address that they name exists."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GUIDES = ["CONTRIBUTING.md", "SECURITY.md"]
FORMS = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_leads_only_to_files_that_exist(guide: str) -> None:
    links = re.findall(r"\]\((?!https://)([^)#]+)", (ROOT / guide).read_text("utf-8"))
    assert links and all((ROOT / link).is_file() for link in links)


@pytest.mark.parametrize("guide", [*GUIDES, ".github/pull_request_template.md", ".pre-commit-config.yaml"])
def test_every_make_target_that_a_guide_names_exists(guide: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / guide).read_text("utf-8"), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_names_no_persons_address(guide: str) -> None:
    assert "@" not in (ROOT / guide).read_text("utf-8")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_an_issue_form_is_one_that_the_host_accepts(form: Path) -> None:
    """Source: GitHub Docs, Syntax for issue forms: name, description and body; ids are unique; a field that is asked for has a label."""
    read: dict[str, Any] = yaml.safe_load(form.read_text("utf-8"))
    assert read["name"] and read["description"]
    asked = [part for part in read["body"] if part["type"] != "markdown"]
    assert len({part["id"] for part in asked}) == len(asked)
    assert all(part["attributes"]["label"] for part in asked)


def test_the_form_for_bugs_sends_weaknesses_elsewhere_before_it_asks() -> None:
    first = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/bug.yml").read_text("utf-8"))["body"][0]
    assert first["type"] == "markdown" and "SECURITY.md" in first["attributes"]["value"]


def hooks() -> dict[str, Any]:
    """The hooks before a commit by their ids."""
    (repo,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    return {hook["id"]: hook for hook in repo["hooks"]}


def test_hooks_before_a_commit_run_what_lint_runs() -> None:
    programs = re.findall(r"^(?:\.venv|node_modules)/.+", (ROOT / "scripts/lint.sh").read_text("utf-8"), re.MULTILINE)
    assert len(programs) == 6 and set(programs) <= {hook["entry"] for hook in hooks().values()}


def test_the_bundles_are_looked_at_when_anything_that_goes_into_one_changes() -> None:
    pattern = re.compile(hooks()["browser-bundles"]["files"])
    sources = sorted((ROOT / "site_builder").glob("*/browser/src/**/*.js"))
    imports = {(file, name) for file in sources for name in re.findall(r'from "(\.[^"]+)"', file.read_text("utf-8"))}
    read = {(file.parent / name).resolve().relative_to(ROOT).as_posix() for file, name in imports}
    ours = {path for path in read if not path.startswith("node_modules/")}
    assert any(path.endswith(".jsonld") for path in ours) and any(path.endswith("/wording/en.json") for path in ours)
    releases = [
        file.relative_to(ROOT).as_posix() for file in (ROOT / "site_builder/verification/page/releases").iterdir()
    ]
    others = ["site_builder/verification/wording/en-archive.json", "scripts/build-browser.mjs"]
    for path in [*ours, *others, *releases]:
        assert pattern.search(path), path
    assert not pattern.search("site_builder/verification/verify.py")


def test_the_release_of_the_page_is_looked_at_when_anything_that_goes_into_it_changes() -> None:
    pattern = re.compile(hooks()["page-release"]["files"])
    templates = [file.relative_to(ROOT).as_posix() for file in (ROOT / "themes/laurels").rglob("*") if file.is_file()]
    bundles = [file.relative_to(ROOT).as_posix() for file in (ROOT / "site_builder").glob("*/browser/dist/*.js")]
    for path in [*templates, *bundles, "site_builder/verification/wording/en.json", "pyproject.toml"]:
        assert pattern.search(path), path
    assert not pattern.search("site_builder/verification/verify.py")


def test_hooks_before_a_commit_fetch_nothing_and_run_programs_that_setup_installs() -> None:
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    for hook in repos[0]["hooks"]:
        program = hook["entry"].split()[0]
        assert hook["language"] == "system"
        assert (ROOT / program).exists() or shutil.which(program)
