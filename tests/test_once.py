"""What is made once in a run, though several processes ask for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.once import made_once


def test_many_who_ask_at_once_get_what_one_of_them_made(tmp_path: Path) -> None:
    made = []

    def make(folder: Path) -> None:
        made.append(folder)
        folder.mkdir()
        (folder / "file").write_text("made")

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: (made_once(tmp_path / "demo", make) / "file").read_text(), range(20)))
    assert found == ["made"] * 20 and len(made) == 1


def test_what_could_not_be_finished_is_made_by_the_next(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        folder.mkdir()
        (folder / "half").touch()
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        made_once(tmp_path / "demo", fail)
    assert list(made_once(tmp_path / "demo", Path.mkdir).iterdir()) == []
