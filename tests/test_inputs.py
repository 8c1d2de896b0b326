"""One digest of all that a check reads: it changes with anything that could change an answer, and with nothing else."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from site_builder.ledger.history import code, inputs
from site_builder.ledger.history.inputs import read_inputs
from site_builder.ledger.history.snapshot import take_snapshot
from tests.branches import commit_all, git
from tests.support import write_repository


def digest_of_inputs(root: Path) -> bytes | None:
    """One digest of all that is read; None where something cannot be."""
    found = read_inputs(root)
    return None if found is None else found.digest


@pytest.fixture
def root(tmp_path: Path) -> Path:
    commit_all(write_repository(tmp_path, files={"README.md": "Read me\n"}))
    (tmp_path / ".gitignore").write_text(".lock\n*.secret\n")
    return commit_all(tmp_path)


def test_the_same_files_and_the_same_commit_give_the_same_digest(root: Path) -> None:
    before = digest_of_inputs(root)
    (root / "site").mkdir()
    (root / "content/signed").mkdir()
    (root / "content/signed/.lock").touch()
    os.utime(root / "mkdocs.yml", (0, 0))
    assert before is not None and len(before) == 32
    (root / "content/signed/.lock").write_bytes(b"held")
    assert digest_of_inputs(root) != before, "a folder more"
    (root / "content/signed/.lock").unlink()
    (root / "content/signed").rmdir()
    assert digest_of_inputs(root) == before


def _append(path: str) -> Callable[[Path], object]:
    def append(root: Path) -> None:
        with (root / path).open("a", encoding="utf-8") as stream:
            stream.write(" ")

    return append


def _link(root: Path) -> None:
    (root / "badges/link").symlink_to("knots")


def _other_link(root: Path) -> None:
    _link(root)
    git(root, "add", "badges/link")
    (root / "badges/link").unlink()
    (root / "badges/link").symlink_to("elsewhere")


CHANGES = {
    "a record": _append("content/records/school/2026-05.yml"),
    "a page": _append("content/pages/index.md"),
    "a list of keys": _append("issuers/school/keys.yml"),
    "the settings": _append("mkdocs.yml"),
    "a file elsewhere that git keeps": _append("README.md"),
    "a file elsewhere that git would keep": lambda root: (root / "new.txt").write_bytes(b""),
    "a file that git passes over, where a check reads": lambda root: (root / "issuers/school/a.secret").write_bytes(
        b""
    ),
    "an empty folder": lambda root: (root / "badges/empty").mkdir(),
    "a link": _link,
    "where a link leads": _other_link,
    "a file that is gone": lambda root: (root / "README.md").unlink(),
    "a file under another name": lambda root: (root / "README.md").rename(root / "README.txt"),
    "a commit": lambda root: git(root, "commit", "--quiet", "--allow-empty", "-m", "nothing"),
    "what git passes over": lambda root: (
        (root / ".git/info/exclude").write_bytes(b"new.txt\n") and _append("README.md")(root)
    ),
    "a merge that is under way": lambda root: (root / ".git/MERGE_HEAD").write_bytes(b"0" * 40),
    "a history that is cut off": lambda root: (root / ".git/shallow").write_text(git(root, "rev-parse", "HEAD")),
    "a look of one's own": lambda root: (root / "themes/own").mkdir(parents=True),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_anything_that_could_change_an_answer_changes_the_digest(root: Path, change: Callable[[Path], object]) -> None:
    before = digest_of_inputs(root)
    change(root)
    after = digest_of_inputs(root)
    assert before is not None and after is not None and after != before


def test_other_bytes_of_the_same_length_and_the_same_time_change_the_digest(root: Path) -> None:
    file = root / "README.md"
    times = file.stat()
    before = digest_of_inputs(root)
    file.write_text("Read it\n", "utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert digest_of_inputs(root) != before


def test_bytes_that_move_from_one_file_to_the_next_change_the_digest(root: Path) -> None:
    (root / "badges/a").write_bytes(b"12")
    (root / "badges/b").write_bytes(b"3")
    before = digest_of_inputs(root)
    (root / "badges/a").write_bytes(b"1")
    (root / "badges/b").write_bytes(b"23")
    assert digest_of_inputs(root) != before


@pytest.mark.parametrize(
    ("folder", "settings"),
    [
        ("look", "theme: {name: laurels, custom_dir: look}"),
        ("look", 'theme: {name: laurels, "custom\\x5fdir": look}'),
        ("look", "x: &name custom_dir\ntheme:\n  *name : look"),
        ("our look", "theme:\n  custom_dir: our look"),
        ("our look", "theme:\n  custom_dir: our\n    look"),
        ("löok", "theme:\n  custom_dir: ./löok/"),
    ],
)
def test_templates_of_ones_own_count_though_git_passes_over_them(root: Path, folder: str, settings: str) -> None:
    (root / "mkdocs.yml").write_text((root / "mkdocs.yml").read_text() + settings + "\n")
    (root / folder).mkdir()
    before = digest_of_inputs(root)
    (root / folder / "page.secret").write_bytes(b"")
    after = digest_of_inputs(root)
    assert after is None or after != before


@pytest.mark.parametrize(
    "change",
    [
        lambda above: (above / ".gitattributes").write_text("*.json -diff\n"),
        lambda above: ((above / "a.yml").unlink(), (above / "a.yml").symlink_to("/etc")),
        lambda above: (above / "b.yml").write_bytes(b""),
    ],
    ids=["what hides", "a link", "a new file"],
)
def test_what_a_reviewer_is_told_of_the_repository_around_the_site_counts(
    tmp_path: Path, change: Callable[[Path], object]
) -> None:
    root = tmp_path / "site"
    write_repository(root)
    (tmp_path / ".gitattributes").write_text("*.png -diff\n")
    (tmp_path / "a.yml").touch()
    commit_all(tmp_path)
    before = digest_of_inputs(root)
    assert before is not None and digest_of_inputs(root) == before
    change(tmp_path)
    assert digest_of_inputs(root) not in (before, None)


@pytest.mark.parametrize("named", ["[look]", "'../look'", "!ENV LOOK"])
def test_templates_whose_folder_cannot_be_told_have_no_digest(root: Path, named: str) -> None:
    (root / "mkdocs.yml").write_text((root / "mkdocs.yml").read_text() + f"theme:\n  custom_dir: {named}\n")
    assert digest_of_inputs(root) is None


def test_other_code_or_another_package_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "beside").mkdir()
    monkeypatch.setattr("sys.path", [str(tmp_path / "beside")])
    digest = code.code_digest.__wrapped__
    before = digest()
    (tmp_path / "beside/pydantic-9.9.dist-info").mkdir()
    assert digest() != before


def test_the_programs_files_may_be_links_and_one_may_lead_nowhere(tmp_path: Path) -> None:
    package, kept = tmp_path / "package", tmp_path / "kept.py"
    package.mkdir()
    kept.write_bytes(b"1")
    (package / "module.py").symlink_to(kept)
    (package / ".#module.py").symlink_to("an-editor-at-work")

    def digest() -> str:
        found = hashlib.sha256()
        code.add_files(found, str(package))
        return found.hexdigest()

    before = digest()
    assert digest() == before
    kept.write_bytes(b"2")
    assert digest() != before


def test_a_file_is_read_to_its_end_however_long_it_is(root: Path) -> None:
    (root / "README.md").write_bytes(b"x" * (3 * 1_048_576))
    before = digest_of_inputs(root)
    (root / "README.md").write_bytes(b"x" * (3 * 1_048_576 - 1) + b"y")
    assert digest_of_inputs(root) != before


def test_a_file_that_is_too_large_to_be_read_each_time_leaves_no_digest(root: Path) -> None:
    with (root / "film").open("wb") as stream:
        stream.truncate((64 << 20) + 1)
    found = read_inputs(root)
    assert found is not None and found.digest is None
    assert "film" in found.snapshot and "film" not in found.files


def test_what_was_read_is_told_as_a_snapshot_tells_it(root: Path) -> None:
    _link(root)
    (root / "site").symlink_to("content")
    (root / "content/signed").mkdir()
    found = read_inputs(root)
    assert found is not None
    snapshot = take_snapshot(root, found.own_tracked)
    assert found.snapshot == snapshot and "site" not in snapshot and "README.md" in snapshot


def test_a_folder_without_git_has_a_digest_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    write_repository(tmp_path)
    before = digest_of_inputs(tmp_path)
    _append("content/pages/index.md")(tmp_path)
    assert digest_of_inputs(tmp_path) not in (before, None)


def test_a_fifo_does_not_hang_it(root: Path) -> None:
    os.mkfifo(root / "badges/knots/pipe")
    before = digest_of_inputs(root)
    (root / "badges/knots/pipe").unlink()
    assert before is not None and digest_of_inputs(root) != before
    assert inputs.git_state(root)
