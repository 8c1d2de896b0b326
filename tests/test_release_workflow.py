"""The workflow that publishes Laurels: who may do what in it, and its commands as far as they run without a host."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
# `on` is a word here, not a truth value.
FLOW: dict[str, Any] = yaml.load((ROOT / ".github/workflows/release.yml").read_text("utf-8"), yaml.BaseLoader)
BUILD, PUBLISH = FLOW["jobs"]["build"], FLOW["jobs"]["publish"]
STEPS = [step for job in (BUILD, PUBLISH) for step in job["steps"]]


def test_it_runs_for_tags_and_only_where_laurels_is_released() -> None:
    assert FLOW["on"] == {"push": {"tags": ["v*"]}}
    assert BUILD["if"] == "vars.LAURELS_RELEASES == 'yes'" and PUBLISH["needs"] == "build"


def test_only_the_job_that_publishes_may_ask_for_a_token_and_no_job_may_write() -> None:
    assert FLOW["permissions"] == {}
    assert BUILD["permissions"] == {"contents": "read"}
    assert PUBLISH["permissions"] == {"contents": "read", "id-token": "write"} and PUBLISH["environment"] == "pypi"
    assert "secrets." not in json.dumps(FLOW)


def test_one_action_is_used_and_it_leaves_no_token_behind() -> None:
    used = [step for step in STEPS if "uses" in step]
    assert {step["uses"].partition("@")[0] for step in used} == {"actions/checkout"}
    assert all(step["with"] == {"persist-credentials": "false"} for step in used)


def test_text_that_others_can_choose_is_never_put_into_a_command() -> None:
    assert not [step for step in STEPS if "${{" in step.get("run", "")]


def test_what_publishes_runs_no_code_but_the_builder_and_the_uploader() -> None:
    commands = "\n".join(step["run"] for step in PUBLISH["steps"] if "run" in step)
    assert re.findall(r"-r (\S+)", commands) == ["requirements-release.lock"] and "--require-hashes" in commands
    assert set(re.findall(r"\.venv/bin/(\S+)", commands)) == {"pip", "python", "uv"}
    pinned = set(re.findall(r"^([a-z-]+)==", (ROOT / "requirements-release.lock").read_text("utf-8"), re.MULTILINE))
    assert pinned == {"hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers", "uv"}


@pytest.mark.parametrize("tampered", [False, True], ids=["the bytes that were tested", "another byte"])
def test_files_that_differ_from_those_tested_are_not_published(tmp_path: Path, tampered: bool) -> None:
    """The three commands that build, hand over the digests and compare them, as the workflow has them."""
    subprocess.run(["git", "clone", "--quiet", "--no-local", str(ROOT), tmp_path / "work"], check=True)
    (tmp_path / "work/.venv/bin").mkdir(parents=True)
    (tmp_path / "work/.venv/bin/python").symlink_to(sys.executable)
    output = tmp_path / "output"
    done = shell(next(step["run"] for step in BUILD["steps"] if step.get("id") == "build"), tmp_path, output)
    assert done.returncode == 0, done.stderr
    if tampered:
        next((tmp_path / "work/dist").glob("*.whl")).write_bytes(b"another")
    compare = next(step["run"] for step in PUBLISH["steps"] if "env" in step)
    done = shell(compare, tmp_path, output, DIGESTS=output.read_text("ascii").strip().removeprefix("digests="))
    assert done.returncode == tampered and done.stdout.count(": OK") == 2 - tampered


def test_the_installed_command_issues_builds_and_verifies_a_copy_of_the_demo(tmp_path: Path) -> None:
    """In a run for a tag, as the host has it; the command is this one instead of the wheel's."""
    work = tmp_path / "work"
    for folder in ("badges", "content", "issuers"):
        shutil.copytree(ROOT / folder, work / folder)
    shutil.copyfile(ROOT / "mkdocs.yml", work / "mkdocs.yml")
    (work / "installed/bin").mkdir(parents=True)
    (work / "installed/bin/laurels").symlink_to(Path(sys.executable).parent / "laurels")
    (command,) = (step["run"] for step in BUILD["steps"] if '"$laurels" site' in step.get("run", ""))
    host = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_REF_TYPE": "tag", "TMPDIR": str(tmp_path)}
    done = shell(command, tmp_path, tmp_path / "output", **host)
    assert done.returncode == 0, done.stderr
    assert "1 award signed" in done.stdout + done.stderr and "genuine (demo key)" in done.stdout + done.stderr


def shell(command: str, folder: Path, output: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A step as the host runs it."""
    environment = os.environ | {"GITHUB_OUTPUT": str(output), "PYTHONPATH": site_packages()} | variables
    return subprocess.run(
        ["bash", "-e", "-c", command], cwd=folder / "work", env=environment, capture_output=True, text=True
    )


def site_packages() -> str:
    """Where the installed packages are: a link to a Python does not find those of its environment."""
    return next(path for path in sys.path if path.endswith("site-packages"))
