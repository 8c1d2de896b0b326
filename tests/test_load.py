"""A strange repository: whatever it is made of, it is read within its own folder, or said to be wrong."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from site_builder.errors import Problem
from site_builder.ledger.checks.repository import check_repository
from site_builder.records.formats.regular_files import list_folder, read_regular_file
from site_builder.records.load.award_files import Row
from site_builder.records.load.repository import Repository
from site_builder.records.load.rules import check_records
from site_builder.records.models.award import AwardRow
from tests.drawn import write_drawn_repository
from tests.support import issue_all, write_repository


@given(st.text(min_size=1, max_size=400) | st.text(alphabet="./\\ab-", min_size=1, max_size=20))
@example("../issuers/school")
@example("/etc")
@example(".")
@example("..")
@example("knots/")
@example("knots/.")
@example("k" * 300)
@example("rendered")
@settings(max_examples=100)
def test_any_badge_of_a_row_is_a_problem_or_a_folder_of_this_site(badge: str) -> None:
    with TemporaryDirectory() as folder:
        root = write_repository(Path(folder))
        award = AwardRow.model_construct(_fields_set={"badge"}, badge=badge, name="Ada Lovelace")
        repository = Repository(root, rows=[Row(award, "school", "f.yml", 1)])
        found = check_records(repository)
        assert found or ((root / "badges" / badge).parent == root / "badges" and (root / "badges" / badge).is_dir())


@pytest.mark.parametrize("name", ["a b", "con", "é", "status", "-a", "a.b", "x" * 64])
@pytest.mark.parametrize("holder", ["badges", "issuers", "content/records"])
def test_a_folder_that_could_not_be_an_address_is_refused(tmp_path: Path, holder: str, name: str) -> None:
    write_repository(tmp_path)
    (tmp_path / holder / name).mkdir()
    assert [problem.file for problem in check_repository(tmp_path).problems] == [f"{holder}/{name}"]


@pytest.mark.parametrize("link", ["a", "a/b", "a/b/c.txt"])
def test_no_step_of_a_path_may_be_a_link(tmp_path: Path, link: str) -> None:
    real, root = tmp_path / "real", tmp_path / "root"
    for folder in (real, root):
        (folder / "a/b").mkdir(parents=True)
        (folder / "a/b/c.txt").write_text("secret")
    (root / link).rename(tmp_path / "moved")
    (root / link).symlink_to(real / link)
    problems: list[Problem] = []
    assert read_regular_file(root, "a/b/c.txt", problems, max_bytes=100) is None
    assert [problem.file for problem in problems] == [link]
    if link != "a/b/c.txt":
        assert list(list_folder(root, "a/b", problems)) == []


def test_what_is_missing_is_no_problem_of_reading(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert read_regular_file(tmp_path, "a/b.txt", problems, max_bytes=100) is None
    assert list(list_folder(tmp_path, "a/b", problems)) == []
    assert problems == []


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("site_builder.issuing.transaction.drawing.render_png", lambda svg: svg)
    root, precious = write_repository(tmp_path / "repository"), tmp_path / "precious.txt"
    precious.write_text("keep me")
    (root / "content/signed").mkdir()
    (root / "content/signed/.lock").symlink_to(precious)
    with pytest.raises(Exception, match=r"content/signed/\.lock cannot be opened"):
        issue_all(root)
    assert precious.read_text() == "keep me"


def test_a_cohort_of_thousands_that_moved_to_another_day_is_checked_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("site_builder.issuing.transaction.drawing.render_png", lambda svg: svg)
    table = "badge,awarded,name,email\n" + "".join(
        f"knots,2026-05-14,Pupil {number},pupil{number}@example.org\n" for number in range(120)
    )
    file = "content/records/school/many.csv"
    write_repository(tmp_path, files={file: table, "content/records/school/2026-05.yml": ""})
    issue_all(tmp_path)
    moved = table.replace("2026-05-14", "2026-05-15")
    (tmp_path / file).write_text(moved)
    problems = check_repository(tmp_path).problems
    assert len(problems) == 120
    assert {problem.code for problem in problems} == {"LED002"}
    assert len({problem.fix for problem in problems}) == 120


def test_a_file_name_cannot_write_to_the_terminal() -> None:
    text = str(Problem("a\x1b[2J\n\udcff.yml", 0, "FIL001", "x"))
    assert text == "a\\x1b[2J\\n\\udcff.yml: FIL001 x"


def git(folder: Path, *arguments: str) -> None:
    own = ("-c", "user.name=Test", "-c", "user.email=test@school.example")
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_list_that_git_ignores_or_that_was_deleted_is_nobodys_business(tmp_path: Path) -> None:
    table = "badge,awarded,name\nknots,2026-05-20,Mary Anning\n"
    places = ["cohort.csv", "content/cohort.csv", "content/records/school/.cohort.csv"]
    root = write_repository(tmp_path, files=dict.fromkeys(places, table))
    git(root, "init", "-q", ".")
    assert [problem.file for problem in check_repository(root).problems] == places
    (root / ".gitignore").write_text("cohort.csv\n.cohort.csv\n", "utf-8")
    assert check_repository(root).problems == []
    git(root, "add", "--force", ".")
    assert [problem.file for problem in check_repository(root).problems] == places
    for place in places:
        (root / place).unlink()
    assert check_repository(root).problems == []


def test_line_endings_that_git_changed_are_said_and_mend_as_the_sentence_says(tmp_path: Path) -> None:
    root, clone = write_drawn_repository(tmp_path / "repository"), tmp_path / "clone"
    issue_all(root)
    git(root, "init", "-q", ".")
    git(root, "config", "core.autocrlf", "false")
    git(root, "add", ".")
    git(root, "commit", "-qm", "signed")
    git(tmp_path, "clone", "-q", "--config", "core.autocrlf=true", str(root), str(clone))
    problems = check_repository(clone).problems
    assert {problem.file.rpartition(".")[2] for problem in problems} == {"json", "svg", "source"}
    assert {problem.what.partition(",")[0] for problem in problems} == {"git changed the line endings of this file"}
    lines = re.findall(r"'(\S+ -text)'", problems[0].fix)
    (clone / ".gitattributes").write_text("\n".join(lines) + "\n", "utf-8")
    assert len(problems) == 6  # two files of each of two awards, and of the drawing: all in one run
    for problem in problems:
        (clone / problem.file).unlink()
        git(clone, "checkout", "--", problem.file)
    assert check_repository(clone).problems == []
