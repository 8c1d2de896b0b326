"""Whether anything became slower: python -m scripts.bench.short [--store] (make bench-short, and `make test`).

The processor time of each command, without its start, is compared with that of fixed work in plain Python on the same machine; the
ratio may be one and a half times what baseline.json says. Stored anew with --store, after something became faster or does more."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scripts.bench.reference import reference
from scripts.bench.repository import commit, copied, write_repository

__all__ = ["TOLERANCE", "measured", "regressions"]

BASELINE = Path(__file__).with_name("baseline.json")
TOLERANCE = 1.5
CREDENTIALS = 200
REPEAT = 4
# A machine that is busy for a while must not look like a slower program: what seems slower is measured this many times in all.
ATTEMPTS = 3
MEMORY = Path("/dev/shm")  # noqa: S108 - where the disk has no say

Work = Callable[[], None]
# How the name of a work begins which only makes the next one ready.
_ASIDE = "("


def main() -> None:
    """Prints the ratios; exit code 1 when something became slower."""
    baseline = json.loads(BASELINE.read_bytes())["ratios"] if BASELINE.exists() else {}
    storing = "--store" in sys.argv[1:]
    with _works() as works:
        ratios: dict[str, float] = {}
        for _ in range(ATTEMPTS):
            found = measured(works, repeat=REPEAT)
            ratios = {name: min(ratio, ratios.get(name, ratio)) for name, ratio in found.items()}
            if storing or not regressions(ratios, baseline):
                break
    for name, ratio in ratios.items():
        print(f"{name:24} {ratio:7.2f} times the reference; stored: {baseline.get(name, 0):7.2f}")
    if storing:
        stored = {"credentials": CREDENTIALS, "ratios": {name: round(ratio, 3) for name, ratio in ratios.items()}}
        BASELINE.write_text(json.dumps(stored, indent=2) + "\n", "ascii")
        return
    slower = regressions(ratios, baseline)
    print("\n".join(slower), file=sys.stderr)
    sys.exit(1 if slower else 0)


def measured(works: Mapping[str, Work], *, repeat: int) -> dict[str, float]:
    """The processor time of each work as a multiple of the reference's: of each the least of so many, all taking turns."""
    least: dict[str, float] = {}
    for _ in range(repeat):
        for name, work in {"": reference, **works}.items():
            least[name] = min(_processor_time_s(work), least.get(name, float("inf")))
    return {name: seconds / least[""] for name, seconds in least.items() if name and not name.startswith(_ASIDE)}


def regressions(ratios: Mapping[str, float], baseline: Mapping[str, float]) -> list[str]:
    """A sentence for each work that takes longer than it may. One that has no stored ratio is one, too."""
    return [
        f"{name} takes {ratio:.2f} times the reference, and took {baseline.get(name, 0):.2f}: find what became slower, "
        "or store the new figures with `make bench-baseline` and say why in the commit"
        for name, ratio in ratios.items()
        if ratio > TOLERANCE * baseline.get(name, 0)
    ]


def _processor_time_s(work: Work) -> float:
    """The processor time that a work takes in a process of its own, made ready by this one, with those that it starts."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
        finally:
            os._exit(status)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit("what is measured has failed")
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _works() -> Iterator[dict[str, Work]]:
    """What is measured, in the order of a credential's life; each leaves what the next one needs."""
    place = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="laurels-bench-", dir=place) as scratch:
        os.environ.update({"XDG_CACHE_HOME": f"{scratch}/cache", "HOME": scratch, "TZ": "UTC", "NO_COLOR": "1"})
        for name in [name for name in os.environ if name in ("CI", "LAURELS_DRAFTS") or name.startswith("GITHUB_")]:
            del os.environ[name]
        _warm_up(Path(scratch) / "small")
        unsigned = write_repository(Path(scratch) / "unsigned", records=CREDENTIALS)
        root = Path(scratch) / "repository"
        documents = _documents(copied(unsigned, Path(scratch) / "signed"))
        yield _life(Path(scratch), root, unsigned) | {"sign both proofs": lambda: _sign(documents)}


def _life(scratch: Path, root: Path, unsigned: Path) -> dict[str, Work]:
    def forgetting(*command: str) -> Work:
        def run() -> None:
            shutil.rmtree(scratch / "cache", ignore_errors=True)
            laurels(root, *command)

        return run

    def copy() -> None:
        copied(unsigned, root)

    def keep() -> None:
        commit(root)

    return {
        "(a repository with nothing signed)": copy,
        "issue": forgetting("issue"),
        "(a commit)": keep,
        "check, cold": forgetting("check"),
        "check, warm": lambda: laurels(root, "check"),
        "build": forgetting("build"),
        "build, nothing changed": lambda: laurels(root, "build"),
        "verify a site": lambda: laurels(root, "verify", "site", "--at", "2026-06-01"),
    }


def laurels(root: Path, *command: str) -> None:
    """Runs a command within this process, and says nothing but what went wrong."""
    from site_builder.cli import main as run

    os.chdir(root)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        sys.argv = ["laurels", *command]
        try:
            run()
        except SystemExit as end:
            if end.code:
                raise RuntimeError(f"laurels {command[0]} ended with {end.code}") from end


def _warm_up(root: Path) -> None:
    """Imports all that the commands do, by running each once on one credential."""
    write_repository(root, records=1)
    here, streams, said = Path.cwd(), [os.dup(1), os.dup(2)], sys.argv
    for command in (["issue"], ["check"], ["build"], ["verify", "site", "--at", "2026-06-01"]):
        laurels(root, *command)
    os.chdir(here)
    sys.argv = said
    for number, stream in enumerate(streams, 1):
        os.dup2(stream, number)


def _documents(root: Path) -> list[dict[str, object]]:
    from site_builder.encoding import parse_json

    _processor_time_s(lambda: laurels(root, "issue"))
    documents = [parse_json(file.read_bytes()) for file in sorted(root.glob("content/signed/*/*/credential.json"))]
    return [{key: value for key, value in document.items() if key != "proof"} for document in documents]


def _sign(documents: list[dict[str, object]]) -> None:
    from datetime import UTC, datetime

    from site_builder.credentials.securing.data_integrity import add_proof_set
    from site_builder.encoding import format_json
    from tests.support import fake_key

    created, key, method = (
        datetime(2026, 5, 15, tzinfo=UTC),
        fake_key(),
        "did:web:badges.laurels.example:issuers:school#key-1",
    )
    for document in documents:
        format_json(add_proof_set(document, signing_key=key, verification_method=method, created=created))


if __name__ == "__main__":
    main()
