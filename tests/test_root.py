"""Where a repository begins, seen from a folder inside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from site_builder.records.load.root import find_root


def config(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mkdocs.yml").write_text("site_name: x\n", "utf-8")
    return folder


def test_the_nearest_folder_upwards_with_mkdocs_yml_is_the_root(tmp_path: Path) -> None:
    config(tmp_path)
    inner = config(tmp_path / "a")
    (inner / "b/c").mkdir(parents=True)
    assert find_root(inner / "b/c") == inner and find_root(inner) == inner


def test_a_folder_that_holds_it_stays_as_it_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(config(tmp_path))
    assert find_root(Path()) == Path()


def test_without_one_the_folder_itself_is_the_root(tmp_path: Path) -> None:
    assert find_root(tmp_path) == tmp_path


def test_the_search_ends_at_the_top_of_the_git_repository(tmp_path: Path) -> None:
    config(tmp_path)
    (tmp_path / "clone/.git").mkdir(parents=True)
    (tmp_path / "clone/inner").mkdir()
    assert find_root(tmp_path / "clone/inner") == tmp_path / "clone/inner"


def test_a_stranger_s_file_far_above_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MkDocs runs the programs that mkdocs.yml names."""
    config(tmp_path)
    (tmp_path / "mine").mkdir()
    assert find_root(tmp_path / "mine") == tmp_path
    if os.getuid() == 0:
        os.chown(tmp_path / "mkdocs.yml", 4242, 4242)
    else:
        monkeypatch.setattr(os, "getuid", lambda: 4242)
    assert find_root(tmp_path / "mine") == tmp_path / "mine"
    assert find_root(tmp_path) == tmp_path
