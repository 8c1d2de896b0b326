"""Where measuring happens, and commands run there as a user runs them: whole processes, with caches of their own."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scripts.bench.repository import commit, copied, write_repository
from scripts.bench.timing import timed

__all__ = ["ROOT", "Bench", "bench"]

ROOT = Path(__file__).parents[2]
MEMORY = Path("/dev/shm")  # noqa: S108 - a memory file system, and what is made there has a name of its own
# A credential takes about 50 kB in its files, and twenty times that number lie there at once.
ROOM_BYTES_EACH = 200_000
LAURELS = Path(sys.executable).with_name("laurels")


@dataclass(frozen=True)
class Bench:
    """A run of measurements: n credentials in most rows, ten times as many in some, each case so many times.

    memory: a folder where no disk is waited for, if this machine has one with room. disk: a folder that lies on one."""

    n: int
    repeat: int
    memory: Path
    disk: Path

    @property
    def many(self) -> int:
        return 10 * self.n

    @cached_property
    def environment(self) -> dict[str, str]:
        """What a command sees: no variable of a CI run or of this user's, and a cache that nothing else fills."""
        home = self.memory / "home"
        home.mkdir(exist_ok=True)
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        return {**kept, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "LANG": "C.UTF-8", "TZ": "UTC"}

    def forget(self) -> None:
        """Empties the cache of the commands."""
        shutil.rmtree(self.memory / "home" / "cache", ignore_errors=True)

    def run(self, root: Path, *command: str | Path) -> float:
        """How long a command of Laurels takes in a repository, in seconds."""
        return timed([LAURELS, *command], folder=root, environment=self.environment)[0]

    def script(self, name: str, *arguments: str | Path) -> tuple[float, float]:
        """A module of this package in a process of its own: the seconds that it measured, and those of the whole process."""
        took_s, said = timed(
            [sys.executable, "-m", f"scripts.bench.{name}", *arguments], folder=ROOT, environment=self.environment
        )
        return float(said), took_s

    def unsigned(self, records: int, *, files: int = 1) -> Path:
        """A repository with so many records, made once and never changed."""
        root = self.memory / f"unsigned-{records}-{files}"
        return root if root.exists() else write_repository(root, records=records, files=files)

    def issued(self, records: int, *, files: int = 1) -> Path:
        """The same, signed and committed."""
        root = self.memory / f"issued-{records}-{files}"
        if not root.exists():
            copied(self.unsigned(records, files=files), root)
            self.run(root, "issue")
            commit(root)
        return root

    def site(self, records: int) -> Path:
        """The site of that, with everything that is published by default."""
        root = self.memory / f"built-{records}"
        if not root.exists():
            copied(self.issued(records), root)
            self.run(root, "build")
        return root / "site"


@contextmanager
def bench(*, n: int, repeat: int) -> Iterator[Bench]:
    """Folders for a run, which are gone after it."""
    scratch = ROOT / "build"
    scratch.mkdir(exist_ok=True)
    memory = MEMORY if _has_room(10 * n) else scratch
    with (
        tempfile.TemporaryDirectory(prefix="laurels-bench-", dir=memory) as quick,
        tempfile.TemporaryDirectory(prefix="laurels-bench-", dir=scratch) as slow,
    ):
        yield Bench(n, repeat, Path(quick), Path(slow))


def _has_room(credentials: int) -> bool:
    try:
        return shutil.disk_usage(MEMORY).free > ROOM_BYTES_EACH * credentials
    except OSError:
        return False
