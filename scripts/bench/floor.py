"""The least that publishing can be: python -m scripts.bench.floor BUILT TARGET. Prints its seconds.

Reads the records of a built repository, signs once for each of them with Ed25519, and writes files of the same names and sizes as
those that `issue` and `build` wrote into the same folders below TARGET, each of the two with the same wait for the disk at its end.
What is written is prepared before the clock starts."""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.bench.repository import RECORDS
from site_builder.syncing import sync_all
from tests.support import fake_key

# path below the root, folder, size in bytes
Plan = list[tuple[str, str, int]]


def main() -> None:
    built, target = Path(sys.argv[1]), Path(sys.argv[2])
    plans = [_plan(built, part) for part in ("content/signed", "site")]
    content = memoryview(os.urandom(max(size for plan in plans for _, _, size in plan)))
    key = fake_key()
    target.mkdir(parents=True)
    sync_all(target)
    began = time.perf_counter()
    for record in _records(built):
        key.sign(record)
    for plan in plans:
        _write(target, plan, content)
        sync_all(target)
    print(time.perf_counter() - began)


def _plan(built: Path, part: str) -> Plan:
    found: Plan = []
    for folder, _, names in os.walk(built / part):
        below = os.path.relpath(folder, built)
        found += [(f"{below}/{name}", below, (Path(folder) / name).stat().st_size) for name in names]
    return found


def _records(built: Path) -> Iterator[bytes]:
    for file in sorted((built / RECORDS).iterdir()):
        with file.open(newline="", encoding="utf-8") as stream:
            yield from (",".join(row).encode() for row in csv.reader(stream))


def _write(target: Path, plan: Iterable[tuple[str, str, int]], content: memoryview) -> None:
    made = set()
    for path, folder, size in plan:
        if folder not in made:
            made.add(folder)
            os.makedirs(f"{target}/{folder}", exist_ok=True)  # noqa: PTH103 - the floor is what the system itself takes
        descriptor = os.open(f"{target}/{path}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        os.write(descriptor, content[:size])
        os.close(descriptor)


if __name__ == "__main__":
    main()
