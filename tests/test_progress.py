"""How far a long act has come: seen on a terminal, and nowhere else."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from site_builder.ledger.checks.repository import check_repository
from site_builder.site.publish import publish
from site_builder.verification.whole_site import verify_site
from tests.drawn import write_drawn_repository
from tests.support import NOW, issue_all, publish_to

LAURELS = str(Path(sys.executable).with_name("laurels"))


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_drawn_repository(tmp_path_factory.mktemp("issued") / "repository")
    issue_all(root)
    return root


def on_terminal(root: Path, *arguments: str, **environment: str) -> tuple[str, str]:
    """What a command writes to its standard output (a pipe) and to its standard error (a terminal)."""
    ours, theirs = pty.openpty()
    kept = {"PATH": os.environ["PATH"], "TERM": "xterm", "COLUMNS": "80"}
    ended = subprocess.run(
        [LAURELS, *arguments], cwd=root, env=kept | environment, stdout=subprocess.PIPE, stderr=theirs, check=False
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65_536):
            shown += piece
    except OSError:
        pass  # Linux says so when nobody holds the other end any more.
    os.close(ours)
    return ended.stdout.decode("utf-8"), shown.decode("utf-8")


def test_a_terminal_sees_a_bar_and_a_file_gets_the_result_alone(issued: Path) -> None:
    out, shown = on_terminal(issued, "list", "--csv")
    assert "2/2" in shown and "\x1b" in shown and shown.rstrip().endswith("2 of 2 awards")
    assert out.startswith("name,email,") and "\x1b" not in out


def test_quiet_shows_none(issued: Path) -> None:
    assert on_terminal(issued, "--quiet", "list", "--csv")[1] == "2 of 2 awards\r\n"


def test_no_colour_is_shown_where_it_is_not_wanted(issued: Path) -> None:
    _, shown = on_terminal(issued, "check", NO_COLOR="1")
    assert "\x1b[3" not in shown and "0 problems" in shown


def test_whatever_takes_long_tells_how_far_it_is(issued: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        told.append((done, total))

    checked = check_repository(issued, progress=tell)
    list(publish(checked, progress=tell))
    list(verify_site(publish_to(issued, tmp_path / "site"), now=NOW, progress=tell))
    assert told == [(1, 2), (2, 2)] * 3
