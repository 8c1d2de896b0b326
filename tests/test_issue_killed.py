"""`issue` killed at any moment, and the run after it: nothing is lost, nothing is done twice.

The process is a real one, forked from the test, and ends by a real SIGKILL."""

from __future__ import annotations

import errno
import os
import re
import resource
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from site_builder import syncing
from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.encoding import parse_json
from site_builder.errors import Error
from site_builder.issuing.durable import award_batch
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import issue
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.checks.status_lists import wanted_bits
from tests.drawn import write_drawn_repository
from tests.support import BADGE, COHORT, DRAWING, ISSUER, NOW, fake_key, issue_all, repeatable_random, write_repository
from tests.trees import tree_of

KEYS = {"school": SigningKey("key-1", fake_key()), "club": SigningKey("key-1", fake_key("club"))}
RECORDS = "content/records/school"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="8" height="8"/></svg>'


@pytest.fixture(params=["each", "all"])
def waits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to wait for the disk, for each file and for all of a batch; a batch is of two awards."""
    monkeypatch.setattr(award_batch, "MOST_IN_A_BATCH", 2)
    monkeypatch.setattr(syncing, "FEWEST_FOR_ONE_WAIT", 1 if request.param == "all" else 1_000)
    return str(request.param)


def run(root: Path, *, seed: str = "", on_step: Callable[[str], None] = lambda point: None) -> None:
    issue(root, now=NOW, random_bytes=repeatable_random(seed), signing_keys=KEYS, on_step=on_step)


def in_child(work: Callable[[], None]) -> int:
    """Runs work in a process of its own; the wait status of that process: 0, or what ended it."""
    child = os.fork()
    if child == 0:
        status = 9
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_at(root: Path, point: str, *, time: int) -> None:
    """Runs issue in a child that dies when a point is reached for the n-th time."""
    seen: Counter[str] = Counter()

    def on_step(name: str) -> None:
        seen[name] += 1
        if name == point and seen[name] == time:
            die()

    status = in_child(lambda: run(root, seed="killed", on_step=on_step))
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, status


def write_busy_repository(root: Path) -> Path:
    """Two issuers; two awards are issued, one of them is to be revoked, three more and one of the club are pending."""
    key = format_public_key(fake_key("club").public_key())
    write_drawn_repository(root, files={"issuers/school/logo.svg": LOGO})
    first = issue_all(root, seed="before").awards[0]
    more = "badge: knots\nawarded: 2026-05-30\nrecipients: [{name: Mary Anning}, {name: Al-Biruni}, {name: Hypatia}]\n"
    later = {
        f"{RECORDS}/more.yml": more,
        f"{RECORDS}/revoked.yml": f"revoke: {first.id}\ndate: 2026-06-01\nreason: misconduct\n",
        "issuers/club/issuer.yml": ISSUER,
        "issuers/club/keys.yml": f"keys:\n  - {{id: key-1, publicKeyMultibase: {key}, created: 2026-05-01, state: active}}\n",
        "badges/rowing/badge.yml": BADGE.replace("issuer: school", "issuer: club"),
        "badges/rowing/image.svg": DRAWING,
        "content/records/club/2026.yml": "badge: rowing\nawarded: 2026-05-20\nname: Mary Anning\n",
    }
    for path, text in later.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def assert_recovers(root: Path, *, awards: int, revoked: int) -> None:
    """What a kill left is sound but for pending work, and one plain run completes it and leaves nothing behind."""
    assert check_repository(root).problems == []
    run(root, seed="again")
    checked = check_repository(root)
    assert checked.problems == []
    assert (checked.pending_rows, checked.pending_changes, checked.stale) == ([], [], [])
    assert len(checked.ledger.awards) == awards == len(checked.rows) == len(checked.repository.rows)
    places = [(a.issuer, v.list, v.index) for a in checked.ledger.awards.values() for v in a.versions]
    assert len(places) == len(set(places))
    assert (
        sum(len(bits) for slug in checked.repository.issuers for bits in wanted_bits(checked.ledger, slug).values())
        == revoked
    )
    assert [path for path in tree_of(root) if Path(path).name.startswith(".")] == []
    assert list(root.glob("content/signed/*/.*")) == []
    done = tree_of(root)
    run(root, seed="third")
    assert tree_of(root) == done


@pytest.mark.parametrize(
    ("point", "time"),
    [
        ("drawn", 1),
        ("half-written", 1),
        ("half-written", 3),
        ("before-sync", 1),
        ("before-sync", 2),
        ("before-rename", 1),
        ("before-rename", 2),
        ("renamed", 1),
        ("renamed", 3),
        ("renamed", 4),
        ("before-names", 1),
        ("before-names", 2),
        ("changed", 1),
        ("before-lists", 1),
        ("list-written", 1),
        ("list-written", 2),
    ],
)
def test_run_after_a_kill_completes_what_was_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, time: int
) -> None:
    monkeypatch.setattr(award_batch, "MOST_IN_A_BATCH", 2)
    root = write_busy_repository(tmp_path)
    killed_at(root, point, time=time)
    assert_recovers(root, awards=6, revoked=1)


def test_award_that_was_renamed_before_the_kill_is_kept_as_it_is(tmp_path: Path, waits: str) -> None:
    root = write_drawn_repository(tmp_path)
    killed_at(root, "renamed", time=1)
    (kept,) = check_repository(root).ledger.awards
    before = {path: raw for path, raw in tree_of(root).items() if kept in path}
    assert len(before) == 2
    run(root, seed="again")
    assert {path: raw for path, raw in tree_of(root).items() if kept in path} == before


def test_no_award_takes_its_name_before_the_disk_has_the_whole_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waits: str
) -> None:
    root, synced, order = write_busy_repository(tmp_path), list[str](), list[str]()

    def fsync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))

    def syncfs(descriptor: int) -> int:
        folder = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.extend(str(path) for pattern in (".tmp-*", ".tmp-*/*") for path in folder.glob(pattern))
        return 0

    def on_step(point: str) -> None:
        order.append(point)
        if point == "before-rename" and order[-2] == "before-sync":
            prepared = {str(path) for path in root.glob("content/signed/*/.tmp-*")}
            files = {f"{folder}/{name}" for folder in prepared for name in ("award.json", "credential.json")}
            assert len(prepared) == 2 and prepared | files <= set(synced)
        if point == "before-names":
            synced.clear()
        if point == "half-written" and order[-2] == "before-names":
            assert f"{root}/content/signed/school" in synced or f"{root}/content/signed/club" in synced

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(syncing, "_syncfs", syncfs)
    run(root, on_step=on_step)
    steps = [
        "half-written",
        "half-written",
        "before-sync",
        "before-rename",
        "renamed",
        "before-rename",
        "renamed",
        "before-names",
    ]
    assert order[1:17] == steps * 2


def test_half_written_folder_is_no_award_and_is_swept(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    killed_at(root, "half-written", time=1)
    (left,) = root.glob("content/signed/school/.tmp-*")
    assert [path.name for path in left.iterdir()] == ["credential.json"]
    checked = check_repository(root)
    assert (checked.problems, checked.ledger.awards, len(checked.pending_rows)) == ([], {}, 2)
    assert_recovers(root, awards=2, revoked=0)
    assert not left.exists()


_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir"}


def changes_of(root: Path, act: Callable[[int], None]) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook that counts what is about to change files below root, and calls act with the number."""
    count = 0

    def hook(event: str, details: tuple[Any, ...]) -> None:
        nonlocal count
        writes = event == "open" and isinstance(details[2], int) and details[2] & (os.O_WRONLY | os.O_RDWR)
        if (event in _CHANGES or writes) and str(details[0]).startswith(str(root)):
            count += 1
            act(count)

    return hook


def test_kill_before_any_single_change_of_a_file_is_recovered_from(tmp_path: Path) -> None:
    kills = 0
    while True:
        root = write_drawn_repository(
            tmp_path / str(kills), files={f"{RECORDS}/2026-05.yml": COHORT.split("  - {name: Grace")[0]}
        )
        first = issue_all(root, seed="before").awards[0]
        (root / f"{RECORDS}/more.yml").write_text("badge: knots\nawarded: 2026-05-30\nname: Mary Anning\n", "utf-8")
        (root / f"{RECORDS}/revoked.yml").write_text(f"revoke: {first.id}\ndate: 2026-06-01\nreason: other\n", "utf-8")

        def work(root: Path = root, at: int = kills + 1) -> None:
            sys.addaudithook(changes_of(root, lambda count: die() if count == at else None))
            run(root, seed="killed")

        status = in_child(work)
        if status == 0:
            break
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, (kills, status)
        kills += 1
        assert_recovers(root, awards=2, revoked=1)
    # The lock; a folder, two files and a rename; the changed award.json and the list, each a file and a rename.
    assert kills >= 9


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_kill_while_a_drawing_is_stored_is_recovered_from(tmp_path: Path, suffix: str) -> None:
    root = write_repository(tmp_path, files={"issuers/school/logo.svg": LOGO})

    def work() -> None:
        def hook(event: str, details: tuple[Any, ...]) -> None:
            if event == "os.rename" and str(details[1]).endswith(suffix):
                die()

        sys.addaudithook(hook)
        run(root, seed="killed")

    assert os.WTERMSIG(in_child(work)) == signal.SIGKILL
    assert list(root.glob("badges/knots/rendered/.*.tmp")) != []
    assert_recovers(root, awards=2, revoked=0)
    names = sorted(path.suffix for path in (root / "badges/knots/rendered").iterdir())
    assert names == [".png", ".source", ".svg"]


def test_left_over_file_of_a_change_is_swept_though_its_folder_is_another_issuers(tmp_path: Path) -> None:
    root = write_busy_repository(tmp_path)
    left = root / "issuers/club/status/.1.json.tmp"
    left.parent.mkdir()
    left.write_bytes(b"half")
    issue(root, now=NOW, random_bytes=repeatable_random("x"), signing_keys=KEYS, issuer="school")
    assert not left.exists()


# --- a disk that refuses ----------------------------------------------------------------------------------------------


def says_in_child(work: Callable[[], None]) -> str:
    """The message of the Error that work ends with in a process of its own."""
    reader, writer = os.pipe()

    def told() -> None:
        try:
            work()
        except Error as error:
            os.write(writer, str(error).encode())

    status = in_child(told)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        message = stream.read().decode()
    assert status == 0, status
    return message


def refused_at(count: int, number: int) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook by which the count-th new file of an award that is on its way is refused with an error of that number."""
    opened = 0

    def hook(event: str, details: tuple[Any, ...]) -> None:
        nonlocal opened
        if event == "open" and "/.tmp-" in str(details[0]) and details[2] & os.O_CREAT:
            opened += 1
            if opened == count:
                raise OSError(number, os.strerror(number), str(details[0]))

    return hook


@pytest.mark.parametrize("count", [1, 2, 4, 5, 8])
def test_disk_that_gets_full_in_the_middle_of_a_batch_leaves_whole_awards_alone(
    tmp_path: Path, waits: str, count: int
) -> None:
    root = write_busy_repository(tmp_path)

    def work() -> None:
        sys.addaudithook(refused_at(count, errno.ENOSPC))
        run(root, seed="full")

    assert says_in_child(work).startswith(
        f"a file could not be written ({os.strerror(errno.ENOSPC)}: {root}/content/signed/"
    )
    # Two were issued before. Of the four new ones, two are a batch, and each has two files.
    assert len(check_repository(root).ledger.awards) == 2 + (count - 1) // 4 * 2
    assert_recovers(root, awards=6, revoked=1)


def test_what_the_disk_could_not_take_is_no_award(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "FEWEST_FOR_ONE_WAIT", 1)
    root = write_drawn_repository(tmp_path)
    with monkeypatch.context() as broken, pytest.raises(Error, match=re.escape(os.strerror(errno.EIO))):
        broken.setattr(syncing, "_syncfs", lambda descriptor: errno.EIO)
        run(root)
    assert check_repository(root).ledger.awards == {}
    assert_recovers(root, awards=2, revoked=0)


@pytest.mark.parametrize("limit_bytes", [100, 1_000, 2_000, 3_300])
def test_full_disk_is_said_in_a_sentence_and_recovered_from(tmp_path: Path, waits: str, limit_bytes: int) -> None:
    root = write_drawn_repository(tmp_path)

    def work() -> None:
        # Python ignores SIGXFSZ, so a write beyond the limit fails as one on a full disk does.
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
        run(root, seed="full")

    message = says_in_child(work)
    if message:
        assert message.startswith(f"a file could not be written ({os.strerror(errno.EFBIG)}")
        assert "run 'laurels issue' again" in message and "\n" not in message
    else:
        assert limit_bytes > 3_000
    assert_recovers(root, awards=2, revoked=0)


def test_read_only_folder_is_said_in_a_sentence_and_recovered_from(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path / "repository")
    issue_all(root, seed="before")
    (root / f"{RECORDS}/more.yml").write_text("badge: knots\nawarded: 2026-05-30\nname: Mary Anning\n", "utf-8")
    (root / "content/signed/.lock").chmod(0o666)
    (root / "content/signed/school").chmod(0o555)

    def work() -> None:
        os.chdir(root)
        # Whatever is read from the package itself is read before: where it lies, another user may not look.
        check_repository(Path())
        if os.geteuid() == 0:
            os.setuid(65_534)
        run(Path(), seed="read-only")

    message = says_in_child(work)
    assert message.startswith(f"a file could not be written ({os.strerror(errno.EACCES)}: content/signed/school/.tmp-")
    (root / "content/signed/school").chmod(0o755)
    assert_recovers(root, awards=3, revoked=0)


def test_full_disk_while_a_revocation_is_applied_leaves_the_award_as_it_was(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    first = issue_all(root).awards[0]
    (root / f"{RECORDS}/revoked.yml").write_text(f"revoke: {first.id}\ndate: 2026-06-01\nreason: other\n", "utf-8")
    before = (root / first.folder / "award.json").read_bytes()

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        run(root, seed="full")

    assert says_in_child(work).startswith("a file could not be written")
    assert (root / first.folder / "award.json").read_bytes() == before
    assert parse_json(before)["versions"][0]["state"] == "active"
    assert_recovers(root, awards=2, revoked=1)
