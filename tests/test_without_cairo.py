"""A machine without libcairo, as `pipx install laurels` finds it: only `issue` needs the library, and only for a new drawing."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from site_builder.issuing.transaction.images import RenderError, render_png
from tests.drawn import write_drawn_repository
from tests.support import DRAWING, issue_all, publish_to

ROOT = Path(__file__).parents[1]
# What importing cairocffi does when dlopen finds no library: https://github.com/Kozea/cairocffi, cairocffi/__init__.py, dlopen.
WITHOUT = """
import runpy, sys
class NoLibrary:
    def find_spec(self, name, path=None, target=None):
        if name == "cairocffi":
            raise OSError("no library called \\"cairo-2\\" was found")
sys.meta_path.insert(0, NoLibrary())
"""
LAURELS = f"{WITHOUT}\nfrom site_builder.cli import main\nsys.argv[0] = 'laurels'\nmain()\n"
CHILD = f"{WITHOUT}\nrunpy.run_module('site_builder.issuing.transaction.images', run_name='__main__', alter_sys=True)\n"


def laurels(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command on a machine without the library."""
    command = [sys.executable, "-c", LAURELS, *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "CI": ""}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a drawing, signed and rendered elsewhere."""
    root = write_drawn_repository(tmp_path_factory.mktemp("issued"))
    issue_all(root)
    return root


@pytest.fixture
def no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child process that draws has no libcairo either."""
    (tmp_path / "child.py").write_text(CHILD, "utf-8")
    python = tmp_path / "python"
    # The last argument is the limit; those before it name the module, which child.py runs itself.
    python.write_text(f'#!/bin/sh\nfor last; do :; done\nexec {sys.executable} {tmp_path}/child.py "$last"\n', "utf-8")
    python.chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(sys, "executable", str(python))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("check",),
        ("build",),
        ("links",),
        ("list",),
        ("issue", "--dry-run"),
        ("verify", "--help"),
    ],
    ids=" ".join,
)
def test_what_draws_nothing_works(issued: Path, arguments: tuple[str, ...]) -> None:
    done = laurels(issued, *arguments)
    assert done.returncode == 0, done.stderr
    assert "cairo" not in done.stderr


def test_a_file_is_verified(issued: Path, tmp_path: Path) -> None:
    site = publish_to(issued, tmp_path / "site")
    badge = next((site / "c").glob("*/badge.png"))
    done = laurels(issued, "verify", "--site", str(site), "--at", "2026-06-01", str(badge))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("no_library")
def test_a_drawing_ends_in_a_sentence_that_says_how_to_get_the_library() -> None:
    with pytest.raises(RenderError) as caught:
        render_png(DRAWING.encode())
    for way in ("apt-get install libcairo2", "dnf install cairo", "brew install cairo", "on Windows"):
        assert way in str(caught.value)


@pytest.mark.usefixtures("no_library")
def test_a_picture_needs_no_library() -> None:
    stored = io.BytesIO()
    Image.new("RGB", (600, 600), (11, 85, 99)).save(stored, "PNG")
    assert render_png(stored.getvalue()).startswith(b"\x89PNG")
