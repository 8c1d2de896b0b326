"""Setting up on a machine without apt-get: what is there is used, and what is missing is named in one sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.manual import BIN, ROOT

# What scripts/setup.sh may call besides the shell's own words.
TOOLS = ("sh", "dirname", "cat", "cmp", "rm", "id", "ls", "grep", "mkdir", "python3")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with the tools of a system that has no apt-get; what a test takes away is not there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (folder / tool).symlink_to(found)
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of this repository that was set up before."""
    folder = tmp_path / "clone"
    shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    (folder / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (folder / ".venv" / name).symlink_to(BIN.parent / name)
    stamp = (folder / "requirements.lock").read_bytes() + (folder / "pyproject.toml").read_bytes()
    (folder / ".venv/.ready-requirements.lock").write_bytes(stamp)
    return folder


def setup(clone: Path, machine: Path, what: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(machine), "HOME": os.environ.get("HOME", "/")}
    return subprocess.run([clone / "scripts/setup.sh", what], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("what", ["site", "cairo"])
def test_a_clone_that_is_set_up_needs_no_package_manager(clone: Path, machine: Path, what: str) -> None:
    done = setup(clone, machine, what)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_missing_library_is_named(clone: Path, machine: Path) -> None:
    (clone / ".venv/bin").unlink()
    (clone / ".venv/bin").mkdir()
    (clone / ".venv/bin/python").symlink_to(shutil.which("false") or "")
    done = setup(clone, machine, "cairo")
    assert done.returncode == 1
    assert done.stderr == (
        "This machine has no apt-get. Please install with its own package manager what Debian calls: libcairo2\n"
    )


def test_a_missing_python_is_named(clone: Path, machine: Path) -> None:
    (clone / ".venv/.ready-requirements.lock").unlink()
    (machine / "python3").unlink()
    done = setup(clone, machine, "site")
    assert done.returncode == 1
    assert done.stderr.endswith("what Debian calls: python3 python3-venv\n") and len(done.stderr.splitlines()) == 1


def test_an_old_python_is_named_with_its_version(clone: Path, machine: Path) -> None:
    (clone / ".venv/.ready-requirements.lock").unlink()
    (machine / "python3").unlink()
    (machine / "python3").write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n', "ascii")
    (machine / "python3").chmod(0o755)
    done = setup(clone, machine, "site")
    assert done.returncode == 1 and done.stderr == "Laurels needs Python 3.11 or newer; python3 here is Python 3.9.2.\n"
