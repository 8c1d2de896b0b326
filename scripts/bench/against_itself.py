"""Rows 4 to 7 and 9: Laurels beside the least that publishing can be, and beside its own full run."""

from __future__ import annotations

import shutil
import statistics
from functools import cache
from pathlib import Path

from scripts.bench.places import Bench
from scripts.bench.repository import add_record, commit, copied
from scripts.bench.results import Result, Target, compared
from scripts.bench.timing import Case, interleaved, medians

__all__ = ["checking", "durable", "growth", "one_record", "unchanged"]

DAY = "2026-06-01"
FILES = 100
# Where a command keeps what it has read of git's history.
MEMORY_OF_GIT = ".git/laurels"


def durable(bench: Bench) -> list[Result]:
    source = bench.unsigned(bench.many, files=FILES)
    root, target = bench.disk / "durable", bench.disk / "floor"

    def ours() -> float:
        bench.forget()
        copied(source, root)
        took_s = bench.run(root, "issue")
        commit(root)
        return took_s + bench.run(root, "build")

    def floor() -> float:
        shutil.rmtree(target, ignore_errors=True)
        return bench.script("floor", root, target)[0]

    found = medians(bench.repeat, {"issue and build, on disk": ours, "floor": floor})
    shutil.rmtree(root)
    shutil.rmtree(target)
    what, against = "issue and build, on disk", "read, sign once, write as many bytes to as many files, the same sync"
    seconds, other = found.values()
    return [compared(4, what, against, n=bench.many, seconds=seconds, other=other, target=Target("share", 2.5))]


def unchanged(bench: Bench) -> list[Result]:
    times = _lives(bench)
    full, again = times[bench.many, "build"], times[bench.many, "build, nothing changed"]
    what, against = "build again, nothing changed", "full build"
    return [compared(5, what, against, n=bench.many, seconds=again, other=full, target=Target("share", 1 / 12))]


def one_record(bench: Bench) -> list[Result]:
    times = _lives(bench)

    def seconds(ending: str) -> float:
        return sum(times[bench.many, f"{act}{ending}"] for act in ("issue", "build"))

    what = f"issue and build after one record was added, {FILES} files of records"
    target = Target("share", 1 / 10)
    one, full = seconds(", one record"), seconds("")
    return [compared(6, what, "full issue and build", n=bench.many, seconds=one, other=full, target=target)]


def checking(bench: Bench) -> list[Result]:
    times = _lives(bench)
    found = []
    for n in (bench.n, bench.many):
        for kind, bound in (("warm", 1 / 10), ("cold", 1 / 2)):
            what, against = f"check, nothing new, {kind} cache", "full issue"
            seconds, other = times[n, f"check, {kind}"], times[n, "issue"]
            found.append(compared(7, what, against, n=n, seconds=seconds, other=other, target=Target("share", bound)))
    return found


def growth(bench: Bench) -> list[Result]:
    """A command's time for ten times as many, minus its start, as a multiple of ten times its time."""
    times = _lives(bench)
    least = _least(bench)
    found = []
    for act in ("issue", "build", "check, cold", "verify"):
        start = times[least, act]
        linear = (times[bench.n, act] - start) * (bench.many - least) / (bench.n - least)
        seconds = times[bench.many, act] - start
        what, against = f"{act.removesuffix(', cold')}, start left out", f"ten times its time for {bench.n:,}"
        found.append(
            compared(9, what, against, n=bench.many, seconds=seconds, other=linear, target=Target("share", 1.1))
        )
    return found


def _least(bench: Bench) -> int:
    """So few credentials that a command does little but start."""
    return max(1, bench.n // 100)


@cache
def _lives(bench: Bench) -> dict[tuple[int, str], float]:
    """The median times of every command, by number of credentials and name. All sizes take turns."""
    lives = {n: _Life(bench, n) for n in (_least(bench), bench.n, bench.many)}
    taken: dict[tuple[int, str], list[float]] = {}
    for _ in range(bench.repeat):
        for n, life in lives.items():
            for name, seconds in interleaved(1, life.cases()).items():
                taken.setdefault((n, f"{name}".partition(": ")[2]), []).extend(seconds)
    for life in lives.values():
        shutil.rmtree(life.root)
    return {key: statistics.median(times) for key, times in taken.items()}


class _Life:
    """A repository that is signed, built, checked and changed, in that order."""

    def __init__(self, bench: Bench, n: int) -> None:
        self.bench, self.n = bench, n
        self.files = FILES if n % FILES == 0 else 1
        self.root: Path = bench.memory / f"life-{n}"

    def cases(self) -> dict[str, Case]:
        steps = {
            "issue": self.issue,
            "check, cold": self.check_cold,
            "check, warm": self.check,
            "build": self.build,
            "build, nothing changed": self.rebuild,
            "verify": self.verify,
            "issue, one record": self.issue_one,
            "build, one record": self.rebuild,
        }
        return {f"{self.n:,}: {name}": step for name, step in steps.items()}

    def issue(self) -> float:
        self.bench.forget()
        copied(self.bench.unsigned(self.n, files=self.files), self.root)
        took_s = self.bench.run(self.root, "issue")
        commit(self.root)
        return took_s

    def check_cold(self) -> float:
        self.bench.forget()
        shutil.rmtree(self.root / MEMORY_OF_GIT, ignore_errors=True)
        return self.check()

    def check(self) -> float:
        return self.bench.run(self.root, "check")

    def build(self) -> float:
        self.bench.forget()
        return self.bench.run(self.root, "build")

    def rebuild(self) -> float:
        return self.bench.run(self.root, "build")

    def verify(self) -> float:
        return self.bench.run(self.root, "verify", "site", "--at", DAY)

    def issue_one(self) -> float:
        # The cache of the last check knows everything but the new record.
        add_record(self.root)
        commit(self.root)
        took_s = self.bench.run(self.root, "issue")
        commit(self.root)
        return took_s
