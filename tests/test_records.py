"""What `laurels check` says of a repository: one file in tests/records/ for each behaviour.

files: laid over the small repository of tests.support, by path. A value is text, or one of
  {bytes_hex: …}                          bytes that YAML cannot hold
  {repeat: …, times: n, before: …, after: …}   text that is long
  {link_to: …}, {pipe: true}, {folder: true}   a symbolic link, a FIFO, an empty folder
  {replace: {old: new}}, {copy_of: path}, {remove: true}   for what lies there already
then: what happens next, in order: the word `issue`, or further files. {id} and {id2} stand for the ids of the first two awards.
problems: every problem that check reports, as `file:line: CODE what`. fix_contains: pieces of text that their fixes have.
stale: the status lists, as issuer/number, that the next run of `issue` writes anew."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from site_builder.ledger.checks.repository import check_repository
from tests.record_cases import CASES, arrange_case, read_case, with_ids

# The people in these cases. Ada is nobody's name here but an example's in the messages.
PEOPLE = ("Grace", "Hopper", "grace@", "Mary", "Shelley", "mary@", "Noether", "noether@")
LIMIT_SECONDS = 5


@pytest.mark.parametrize("case_file", CASES, ids=lambda path: path.stem)
def test_check_reports_just_these_problems(case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # No case is about how pictures look.
    monkeypatch.setattr("site_builder.issuing.transaction.drawing.render_png", lambda svg: b"a picture of " + svg)
    case = read_case(case_file)
    root = tmp_path / "repository"
    (tmp_path / "elsewhere").mkdir()
    arrange_case(root, case, seed=case_file.stem)
    before = _tree_digest(tmp_path)
    started = time.process_time()
    with _alarm():
        checked = check_repository(root)
    problems = checked.problems
    assert time.process_time() - started < LIMIT_SECONDS
    assert _tree_digest(tmp_path) == before
    found = [str(problem).partition("\n")[0] for problem in problems]
    assert found == [with_ids(line, root) for line in case["problems"]]
    everything = "\n".join(map(str, problems))
    assert not [person for person in PEOPLE if person.lower() in everything.lower()]
    if "stale" in case:
        assert [f"{issuer}/{number}" for issuer, number in checked.stale] == case["stale"]
    for piece in case.get("fix_contains", []):
        assert any(with_ids(piece, root) in problem.fix for problem in problems), [p.fix for p in problems]


def test_every_case_expects_something_and_names_its_keys() -> None:
    assert len(CASES) > 100
    for case_file in CASES:
        case = read_case(case_file)
        assert set(case) <= {"files", "then", "problems", "fix_contains", "stale"}, case_file.name
        assert isinstance(case["problems"], list), case_file.name


def _tree_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        found = path.lstat()
        digest.update(f"{path}\0{found.st_mode}\0{found.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
        if path.is_symlink():
            digest.update(os.fsencode(path.readlink()))
        elif path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _alarm() -> Iterator[None]:
    """Ends a check that hangs, so that the others run."""

    def stop(_number: int, _frame: object) -> NoReturn:
        raise AssertionError("check hangs")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(4 * LIMIT_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
