"""A commit read with git: which files of the site it holds, wherever the site lies, and what is said when it cannot be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from site_builder.errors import Error, UsageError
from site_builder.ledger.history.git_tree import is_merged, read_tree
from tests.branches import commit_all, git

FILES = {"mkdocs.yml": "site_name: x\n", "content/signed/école/award.json": "{}\n", "badges/a/badge.yml": "ü\n"}


def site(folder: Path, files: dict[str, str] | None = None) -> Path:
    for path, text in (files or FILES).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("below", ["", "sites/badges"])
def test_a_commit_holds_the_files_of_the_site_wherever_it_lies_in_the_repository(tmp_path: Path, below: str) -> None:
    (tmp_path / "README.md").write_text("not of the site", "utf-8")
    root = site(tmp_path / below)
    (root / "badges/link").symlink_to("a")
    commit_all(tmp_path)
    shutil.rmtree(root / "badges")
    (root / "content/signed/école/award.json").write_text("another", "utf-8")
    tree = read_tree(root, "main")
    assert tree.read(["nothing", *tree.blobs]) == {path: text.encode() for path, text in FILES.items()}
    assert tree.holds("mkdocs.yml", b"site_name: x\n") and tree.holds("nothing", None)
    assert not tree.holds("content/signed/école/award.json", b"another") and not tree.holds("mkdocs.yml", None)
    assert is_merged(tree)


def test_more_files_than_are_asked_for_at_once_come_each_with_its_own_bytes(tmp_path: Path) -> None:
    files = {"mkdocs.yml": ""} | {f"badges/b{number}/badge.yml": "\n" * number for number in range(600)}
    commit_all(site(tmp_path, files))
    tree = read_tree(tmp_path, "HEAD")
    assert tree.read(tree.blobs) == {path: text.encode() for path, text in files.items()}


def test_a_repository_with_longer_digests_is_read_as_well(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "-b", "main", "--object-format=sha256")
    commit_all(site(tmp_path))
    tree = read_tree(tmp_path, "main")
    assert len(tree.commit) == 64 and tree.holds("badges/a/badge.yml", "ü\n".encode())


@pytest.mark.parametrize("ref", ["", "nothing", "--help", "-x", "main:mkdocs.yml", "main^{tree}", "a\0b", "main\nmain"])
def test_what_names_no_commit_is_refused_and_is_no_option(tmp_path: Path, ref: str) -> None:
    commit_all(site(tmp_path))
    with pytest.raises(UsageError, match=r"git knows no commit .* git fetch origin main"):
        read_tree(tmp_path, ref)


@pytest.mark.parametrize(("ref", "command"), [("origin/main", "origin main"), ("backup/trunk", "backup trunk")])
def test_a_clone_that_lacks_the_commit_is_told_how_to_fetch_it(tmp_path: Path, ref: str, command: str) -> None:
    commit_all(site(tmp_path / "whole"))
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{tmp_path}/whole", "shallow")
    git(tmp_path / "shallow", "update-ref", "-d", "refs/remotes/origin/HEAD")
    git(tmp_path / "shallow", "update-ref", "-d", "refs/remotes/origin/main")
    with pytest.raises(UsageError, match=rf"fetch-depth: 0.*git fetch {command} --unshallow"):
        read_tree(tmp_path / "shallow", ref)


def test_a_folder_without_git_or_without_a_site_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(UsageError, match="lies in none"):
        read_tree(site(tmp_path / "plain"), "main")
    commit_all(site(tmp_path / "other", {"README.md": "no site"}))
    with pytest.raises(UsageError, match=r"no mkdocs\.yml"):
        read_tree(tmp_path / "other", "main")


def test_a_machine_without_git_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_all(site(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="needs git"):
        read_tree(tmp_path, "main")


def test_a_commit_of_which_git_lacks_a_part_is_told_so(tmp_path: Path) -> None:
    commit_all(site(tmp_path))
    tree = read_tree(tmp_path, "main")
    blob = tree.blobs["mkdocs.yml"]
    (tmp_path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(Error, match="lacks a part"):
        tree.read(["mkdocs.yml"])


def test_nothing_that_the_repository_or_a_hook_brings_along_is_run_or_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = commit_all(site(tmp_path / "site"))
    other = commit_all(site(tmp_path / "other", {"mkdocs.yml": "another"}))
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n", "utf-8")
    trap.chmod(0o755)
    for setting in ("core.fsmonitor", "core.pager", "diff.external", "diff.x.textconv", "filter.x.smudge"):
        git(root, "config", setting, str(trap))
    (root / ".gitattributes").write_text("* diff=x filter=x\n", "utf-8")
    # As git sets them for its hooks.
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    before = sorted(path.as_posix() for path in (root / ".git").rglob("*"))
    tree = read_tree(root, "main")
    assert tree.read(["mkdocs.yml"]) == {"mkdocs.yml": b"site_name: x\n"}
    assert not (tmp_path / "sprung").exists()
    assert sorted(path.as_posix() for path in (root / ".git").rglob("*")) == before


def test_a_commit_is_merged_when_it_is_part_of_this_branch_or_of_the_merge_that_is_under_way(tmp_path: Path) -> None:
    root = commit_all(site(tmp_path))
    git(root, "checkout", "--quiet", "-b", "other")
    (root / "mkdocs.yml").write_text("other\n", "utf-8")
    commit_all(root)
    git(root, "checkout", "--quiet", "main")
    (root / "mkdocs.yml").write_text("main\n", "utf-8")
    commit_all(root)
    other = read_tree(root, "other")
    assert not is_merged(other)
    git(root, "merge", "--quiet", "other", may_fail=True)
    assert is_merged(other) and is_merged(read_tree(root, "main"))
    commit_all(root)
    assert is_merged(other)
