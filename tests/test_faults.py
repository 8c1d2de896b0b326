"""A system call that fails, or a kill at it: a sample of what `make faults` tries at every one. Needs strace."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from scripts.faults.__main__ import summary
from scripts.faults.judging import BuildJudge, IssueJudge
from scripts.faults.running import Plan, Point, Result, place_for_scratch, plans, run_points, sample
from scripts.faults.tracing import Call, Ended, TracingRefused, run_traced
from site_builder.errors import Error

SAMPLE = 36
_FINE = Ended(0, 0, "", "")


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=place_for_scratch()) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def every(scratch: Path) -> list[Plan]:
    """The plans. Only where the system lets nobody trace, the tests of this file are left out; a missing strace fails them."""
    assert shutil.which("strace"), "strace is missing: run scripts/setup.sh test"
    try:
        return plans(scratch)
    except TracingRefused as refused:
        pytest.skip(f"this system lets no process be traced: {refused}")


def points_of(every: Sequence[Plan]) -> list[Point]:
    return [point for number, plan in enumerate(every) for point in plan.points(number)]


def test_whatever_call_fails_nothing_is_lost_and_the_same_command_completes_it(
    every: list[Plan], scratch: Path
) -> None:
    chosen = sample(points_of(every), SAMPLE)
    results = list(run_points(every, chosen, scratch, workers=os.cpu_count() or 1))
    figures = summary(every, results)
    assert figures["found"] == []
    assert (figures["points"], figures["inconsistent"], figures["recovered"]) == (SAMPLE, 0, SAMPLE)
    assert set(figures["by_command"]) == {plan.name for plan in every}
    assert set(figures["by_fault"]) == {"killed", "EIO", "ENOSPC"}


def test_points_are_every_call_that_changes_a_file(every: list[Plan]) -> None:
    issued, each, built, plain = every[0], every[-3], every[-2], every[-1]
    names = {call.name for call in issued.calls}
    # The third of each is what other processors have instead of the first two.
    for kinds in (("write", "pwrite64"), ("fsync", "fdatasync"), ("rename", "renameat", "renameat2"), ("unlink", "unlinkat"),
                  ("mkdir", "mkdirat"), ("openat", "open")):  # fmt: skip
        assert names & set(kinds), kinds
    assert {"linkat", "renameat2", "syncfs"} <= {call.name for call in built.calls}
    # Two batches of two awards, each waited for once in the folders of its issuers, and once more for the names.
    waits = [call.name for call in issued.calls if call.name == "syncfs" or "/.tmp-" in call.aim]
    assert waits.count("syncfs") in (2, 3, 4) and waits[-1].startswith("rename") and "fsync" not in waits
    assert {call.name for call in each.calls} >= {"fsync", "write"} and "syncfs" not in {
        call.name for call in each.calls
    }
    assert len([call for call in plain.calls if call.name.startswith("rename") and "site" in call.aim]) >= 3
    # Four awards, each a folder, two files and a rename, all waited for; five changes; one replaced proof; two lists; a picture.
    assert len(issued.calls) > 100


# --- the judges see what is wrong -------------------------------------------------------------------------------------


@pytest.fixture
def issued(every: list[Plan], tmp_path: Path) -> Iterator[tuple[IssueJudge, Path]]:
    """The judge of `issue`, and a repository in which it has nothing to find."""
    judge = every[0].judge
    assert isinstance(judge, IssueJudge)
    root = Path(shutil.copytree(judge.undisturbed, tmp_path / "repository"))
    assert [*judge.after_fault(root, _FINE), *judge.after_rerun(root)] == []
    yield judge, root


def first_award(root: Path) -> Path:
    return min(root.glob("content/signed/school/*/award.json"), key=lambda file: file.parent.name).parent


def test_lost_award_is_seen(issued: tuple[IssueJudge, Path]) -> None:
    judge, root = issued
    shutil.rmtree(first_award(root))
    found = "\n".join(judge.after_rerun(root))
    assert "was lost" in found and "other awards, rows or states" in found


def test_file_left_over_is_seen(issued: tuple[IssueJudge, Path]) -> None:
    judge, root = issued
    (first_award(root) / ".credential-9.json.tmp").write_bytes(b"half")
    assert "left over: content/signed/school/" in "\n".join(judge.after_rerun(root))


def test_place_that_two_have_is_seen(issued: tuple[IssueJudge, Path]) -> None:
    judge, root = issued
    one, other = sorted(root.glob("content/signed/school/*/award.json"))[:2]
    index = one.read_text().split('"index": ')[1].split("\n")[0]
    own = other.read_text().split('"index": ')[1].split("\n")[0]
    other.write_text(other.read_text().replace(f'"index": {own}', f'"index": {index}'))
    found = "\n".join(judge.after_rerun(root))
    assert "two versions have the place" in found and "has another place" in found


def test_changed_credential_is_seen(issued: tuple[IssueJudge, Path]) -> None:
    judge, root = issued
    file = next(folder / "credential.json" for folder in root.glob("content/signed/club/*") if folder.is_dir())
    file.write_text(file.read_text().replace("2026-05-", "2026-04-"))
    assert "this signed file was changed" in "\n".join(judge.after_fault(root, _FINE))


def test_run_that_says_no_sentence_is_seen(issued: tuple[IssueJudge, Path]) -> None:
    judge, root = issued
    said = [Ended(0, 3, "KeyError: 'x'", ""), Ended(0, 1, "", ""), Ended(0, 1, "it failed (None)", "")]
    for ended, word in zip(said, ["in no sentence", "did not say why", "has a hole"], strict=True):
        assert word in "\n".join(judge.after_fault(root, ended))


def test_mixed_site_is_seen(every: list[Plan], tmp_path: Path) -> None:
    judge = every[-2].judge
    assert isinstance(judge, BuildJudge)
    root = judge.scene.copy(tmp_path / "repository")
    assert "the site is not the new one" in "\n".join(judge.after_fault(root, _FINE))
    (root / "site/index.html").write_bytes(judge.new["index.html"] + b"<!-- cut")
    (root / "site.new-leftover.laurels").mkdir()
    assert "neither the old one nor the new one" in "\n".join(judge.after_fault(root, Ended(9, -1, "", "")))
    assert {"left over: site.new-leftover.laurels", "the site is not what a build with no fault gives"} <= {
        *judge.after_rerun(root)
    }


# --- how it is watched ------------------------------------------------------------------------------------------------


def test_run_is_killed_or_told_at_the_call_that_is_named(every: list[Plan], tmp_path: Path) -> None:
    def act() -> str:
        for number in range(1, 4):
            (tmp_path / f"folder-{number}").mkdir()
        return "done"

    killed = run_traced(
        act, options=["trace=mkdir,mkdirat", "inject=mkdir,mkdirat:signal=SIGKILL:when=2"], scratch=tmp_path
    )
    assert killed.signal == 9 and sorted(path.name for path in tmp_path.glob("folder-*")) == ["folder-1"]
    (tmp_path / "folder-1").rmdir()
    told = run_traced(
        act, options=["trace=mkdir,mkdirat", "inject=mkdir,mkdirat:error=ENOSPC:when=3"], scratch=tmp_path
    )
    assert told.code == 3 and told.said.startswith("OSError: [Errno 28]") and "folder-3" in told.said


def test_error_of_ours_is_a_refusal_with_its_sentence(every: list[Plan], tmp_path: Path) -> None:
    def act() -> str:
        raise Error("a sentence")

    assert run_traced(act, options=["trace=fsync"], scratch=tmp_path)[:3] == (0, 1, "a sentence")


def test_tracing_that_is_refused_is_told_from_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "strace").write_text(
        "#!/bin/sh\necho 'strace: attach: ptrace(PTRACE_SEIZE, 1): Operation not permitted' >&2\nexit 1\n"
    )
    (tmp_path / "strace").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(TracingRefused, match="Operation not permitted"):
        run_traced(lambda: "done", options=["trace=fsync"], scratch=tmp_path)
    (tmp_path / "strace").write_text("#!/bin/sh\necho 'strace: invalid system call' >&2\nexit 1\n")
    with pytest.raises(RuntimeError, match="strace ended: strace: invalid system call"):
        run_traced(lambda: "done", options=["trace=fsync"], scratch=tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    with pytest.raises(TracingRefused, match="strace is not installed"):
        run_traced(lambda: "done", options=["trace=fsync"], scratch=tmp_path)


def test_sample_is_the_same_each_time_and_has_every_kind_of_call() -> None:
    points = [
        Point(plan, number, Call(name, number, ""), fault)
        for plan in range(2) for name in ("write", "fsync", "rename") for number in range(1, 30) for fault in ("killed", "EIO")
    ]  # fmt: skip
    chosen = sample(points, 24)
    assert chosen == sample(points, 24) and len(set(chosen)) == 24
    assert {(point.plan, point.call.name) for point in chosen} == {(point.plan, point.call.name) for point in points}
    assert max(point.call.number for point in chosen) > 20
    assert sorted(sample(points[:5], 9), key=points.index) == points[:5]


def test_figures_tell_what_was_wrong_from_what_stayed_wrong() -> None:
    point = Point(0, 0, Call("write", 1, ""), "killed")
    plan = Plan("issue", None, None, [])  # type: ignore[arg-type]
    results = [Result(point, (), ()), Result(point, ("odd",), ()), Result(point, ("odd",), ("lost",))]
    figures = summary([plan], results)
    assert (figures["points"], figures["inconsistent"], figures["recovered"]) == (3, 2, 2)
    assert figures["found"] == ["lost", "odd"]
