"""Points, and what happens at each: a call, and how it fails."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from signal import SIGKILL

from scripts.faults.judging import BuildJudge, IssueJudge, Judge, attempt, records_of
from scripts.faults.scene import Scene, build_scene, issue_scene, waiting_once
from scripts.faults.tracing import Call, Ended, calls_of, parse_trace, run_traced
from tests.trees import tree_of

__all__ = ["Plan", "Point", "Result", "place_for_scratch", "plans", "run_points", "sample"]

_FAULTS = {"killed": "signal=SIGKILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
# Calls that take room on a disk; a full one lets all others be done.
_TAKES_ROOM = tuple(
    "write sendfile copy_file_range fsync syncfs rename link symlink mkdir open creat fallocate".split()
)
# What the copies of the repositories take at most, with room to spare; containers often have less memory for files.
_ROOM_BYTES = 256 * 1_048_576
# A system that neither exchanges folders nor links files.
_PLAIN = ("inject=renameat2:error=ENOSYS", "inject=linkat:error=EPERM")


@dataclass(frozen=True)
class Point:
    """A call of a plan's run, and how it fails there: killed, EIO or ENOSPC. position: of the call among the plan's."""

    plan: int
    position: int
    call: Call
    fault: str


@dataclass(frozen=True)
class Result:
    """What came of a point. wrong: after the fault; unmended: after the same command once more."""

    point: Point
    wrong: tuple[str, ...]
    unmended: tuple[str, ...]


@dataclass
class Plan:
    """A command on a repository, its judge, and the calls that it makes. options: of strace, in every run.

    chosen: those of a run's calls that are tried. tried: what was left of each state after the same command once more."""

    name: str
    scene: Scene
    judge: Judge
    calls: list[Call]
    options: tuple[str, ...] = ()
    chosen: Callable[[list[Call]], list[Call]] = list
    tried: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def points(self, number: int) -> Iterator[Point]:
        """Every point of this plan."""
        for position, call in enumerate(self.calls):
            for fault in _FAULTS:
                if fault != "ENOSPC" or call.name.startswith(_TAKES_ROOM):
                    yield Point(number, position, call, fault)

    def try_point(self, point: Point, scratch: Path) -> Result:
        """Runs the command with the fault, looks, runs it once more, and looks again."""
        root, ended = self._disturbed(point, scratch)
        if not _has_struck(point, ended, root):
            # What this process has read before is not opened again: the calls have other numbers here than where they were listed.
            shutil.rmtree(root)
            self.calls = self._listed_anew(scratch)
            root, ended = self._disturbed(point, scratch)
        wrong = list(self.judge.after_fault(root, ended))
        if not _has_struck(point, ended, root):
            wrong.append("the fault did not strike: the run is not the same each time")
        unmended = self._unmended(root)
        shutil.rmtree(root)
        return Result(point, tuple(wrong), unmended)

    def _disturbed(self, point: Point, scratch: Path) -> tuple[Path, Ended]:
        """A copy of the scene in which the command ran with the fault."""
        root, call = self.scene.copy(scratch / "repository"), self.calls[point.position]
        inject = f"inject={call.name}:{_FAULTS[point.fault]}:when={call.number}"
        traced = ",".join({call.name, *(option.split("=")[1].split(":")[0] for option in self.options)})
        others = [option for option in self.options if f"={call.name}:" not in option]
        options = [f"trace={traced}", inject, *others]
        return root, run_traced(lambda: self.scene.act(root, "clean"), options=options, scratch=scratch)

    def _listed_anew(self, scratch: Path) -> list[Call]:
        root = self.scene.copy(scratch / "listed")
        calls, _ = calls_of(lambda: self.scene.act(root, "clean"), below=root, scratch=scratch, options=self.options)
        shutil.rmtree(root)
        chosen = self.chosen(calls)
        assert [call.name for call in chosen] == [call.name for call in self.calls]
        return chosen

    def _unmended(self, root: Path) -> tuple[str, ...]:
        """What the same command once more does not complete. Of equal states one is tried: the command depends on nothing else."""
        state = _state_of(root)
        if state not in self.tried:
            refused = list(attempt(self.scene, root, "again"))
            self.tried[state] = tuple(refused or self.judge.after_rerun(root))
        return self.tried[state]


def _has_struck(point: Point, ended: Ended, root: Path) -> bool:
    """Whether the run ended, or went on, as the fault has it, and the fault met the very call that was meant."""
    same = [call for call in parse_trace(ended.trace, root) if call.name == point.call.name]
    lines = [line for line in ended.trace.splitlines() if line.startswith(f"{point.call.name}(")]
    if point.fault == "killed":
        return ended.signal == SIGKILL and bool(same) and same[-1].aim == point.call.aim
    struck = [call.aim for call, line in zip(same, lines, strict=True) if "(INJECTED)" in line]
    return not ended.signal and struck == [point.call.aim]


def _state_of(root: Path) -> str:
    """A digest of all that lies below root: names, kinds, rights, numbers of names, and bytes."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        facts = path.lstat()
        raw = path.read_bytes() if path.is_file() else b""
        line = f"{path.relative_to(root)}\0{facts.st_mode}\0{facts.st_nlink}\0{len(raw)}\0"
        digest.update(line.encode() + raw)
    return digest.hexdigest()


def plans(scratch: Path) -> list[Plan]:
    """Every command under test, with what an undisturbed run of it gives."""
    alone = issue_scene(scratch / "issue")
    issued = waiting_once(alone)
    built = build_scene(scratch / "build", issued)
    first = _issue_plan(issued, scratch)
    again = [_interrupted_plan(first, kind, scratch) for kind in ("resigned", "withheld", "erased")]
    each = _issue_plan(replace(alone, name="issue, each file waited for"), scratch)
    each.chosen = _of_new_awards
    each.calls = each.chosen(each.calls)
    return [
        first,
        *again,
        each,
        _build_plan(built, scratch, "build"),
        _build_plan(built, scratch, "build by renames", _PLAIN),
    ]


def _interrupted_plan(first: Plan, kind: str, scratch: Path) -> Plan:
    """The same run in a repository where one was killed in the middle of a change: what it does first can be disturbed as well."""
    unlinked = [call for call in first.calls if call.name in ("unlink", "unlinkat") and "/credential" in call.aim]
    renamed = [call for call in first.calls if call.name.startswith("rename") and "/.award.json.tmp" in call.aim]
    # Corrections come first, erasures next; proofs are replaced last: their credential is in place, and award.json is not.
    call = {"withheld": unlinked[0], "erased": unlinked[-1], "resigned": renamed[-1]}[kind]
    folder = first.scene.copy(scratch / f"issue-{kind}")
    options = [f"trace={call.name}", f"inject={call.name}:signal=SIGKILL:when={call.number}"]
    ended = run_traced(lambda: first.scene.act(folder, "clean"), options=options, scratch=scratch)
    assert ended.signal == SIGKILL, ended
    plan = _issue_plan(replace(first.scene, name=f"issue after a kill, {kind}", folder=folder), scratch)
    touched = call.aim.split()[0].rsplit("/", 1)[0]
    plan.chosen = lambda calls: [call for call in calls if touched in call.aim]
    plan.calls = plan.chosen(plan.calls)
    assert plan.calls
    return plan


def _issue_plan(scene: Scene, scratch: Path) -> Plan:
    undisturbed = scene.copy(scratch / f"{scene.name}-undisturbed")
    calls, ended = calls_of(lambda: scene.act(undisturbed, "clean"), below=undisturbed, scratch=scratch)
    assert ended.code == 0, ended
    judge = IssueJudge(scene, undisturbed)
    assert list(judge.after_rerun(undisturbed)) == []
    return Plan(scene.name, scene, judge, calls)


def _build_plan(scene: Scene, scratch: Path, name: str, options: tuple[str, ...] = ()) -> Plan:
    root, alone = scene.copy(scratch / f"{name}-undisturbed"), scene.copy(scratch / f"{name}-alone")
    shutil.rmtree(alone / "site")
    scene.act(alone, "")
    calls, ended = calls_of(lambda: scene.act(root, ""), below=root, scratch=scratch, options=options)
    judge = BuildJudge(scene, tree_of(scene.folder / "site"), tree_of(alone / "site"), records_of(scene.folder))
    assert ended.code == 0 and [*judge.after_fault(root, ended), *judge.after_rerun(root)] == [], ended
    assert judge.old != judge.new
    chosen = _from_swap if options else list
    return Plan(name, scene, judge, chosen(calls), options, chosen)


def _of_new_awards(calls: list[Call]) -> list[Call]:
    """The calls by which new awards are written and take their places."""
    return [call for call in calls if "/.tmp-" in call.aim]


def _from_swap(calls: list[Call]) -> list[Call]:
    """The calls from where the new site is complete: up to there, files are written and folders made as in the other build."""
    return calls[next(number for number, call in enumerate(calls) if call.name in ("syncfs", "sync")) :]


def sample(points: Iterable[Point], count: int) -> list[Point]:
    """So many points, the same ones each time: of every kind of call in turn, spread over the run and over the faults."""
    kinds: dict[tuple[int, str], list[Point]] = defaultdict(list)
    for point in points:
        kinds[point.plan, point.call.name].append(point)
    # The golden ratio spreads any number of picks evenly; each pick of a kind comes from another part of the run,
    # and so do the first picks of all kinds, so that every fault is among a few picks.
    taken: dict[Point, None] = {}
    turn = 0
    total = sum(map(len, kinds.values()))
    while len(taken) < min(count, total):
        for place, kind in enumerate(kinds.values()):
            taken[kind[int((turn + place) * 0.618033988749895 % 1 * len(kind))]] = None
        turn += 1
    return list(taken)[:count]


def run_points(every: Sequence[Plan], points: Sequence[Point], scratch: Path, *, workers: int) -> Iterator[Result]:
    """What came of each point, as it comes. The plans are known to the workers since they are forked from this process."""
    _shared[:] = [every, scratch]
    context = multiprocessing.get_context("fork")
    with context.Pool(workers) as pool:
        yield from pool.imap_unordered(_try, points, chunksize=1)


def place_for_scratch() -> Path | None:
    """Memory where there is some: a disk that others use as well would only be waited for. None: where temporary files lie."""
    memory = Path("/dev/shm")  # noqa: S108
    if not os.access(memory, os.W_OK):
        return None
    return memory if shutil.disk_usage(memory).free > _ROOM_BYTES else None


_shared: list[object] = []


def _try(point: Point) -> Result:
    every, scratch = _shared
    assert isinstance(every, list) and isinstance(scratch, Path)
    own = scratch / f"worker-{os.getpid()}"
    own.mkdir(exist_ok=True)
    plan: Plan = every[point.plan]
    return plan.try_point(point, own)
