"""Waiting for the disk: once for many new files where that is certain, else for each of them."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from site_builder import syncing
from site_builder.syncing import FEWEST_FOR_ONE_WAIT, NewFiles, sync_all

MANY = FEWEST_FOR_ONE_WAIT


def place_of(descriptor: int) -> Path:
    """Where the file of an open descriptor lies."""
    return Path(f"/proc/self/fd/{descriptor}").readlink()


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Each file and folder that is waited for by itself."""
    found: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: found.append(place_of(descriptor)))
    return found


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[Path]]:
    """Makes syncfs answer with a number; the folders that it is asked for."""

    def answer(number: int) -> list[Path]:
        asked: list[Path] = []

        def syncfs(descriptor: int) -> int:
            asked.append(place_of(descriptor))
            return number

        monkeypatch.setattr(syncing, "_is_certain", lambda descriptor: True)
        monkeypatch.setattr(syncing, "_syncfs", syncfs)
        return asked

    return answer


def write_two(folder: Path, *, count: int) -> list[Path]:
    """Writes two files in a new folder each, and waits for them."""
    written = [folder / "one/a", folder / "two/b"]
    with NewFiles(str(folder), count=count) as files:
        for path in written:
            path.parent.mkdir()
            files.write(str(path), path.name.encode())
        files.wait(str(path.parent) for path in written)
    assert [path.read_bytes() for path in written] == [b"a", b"b"]
    return written


def test_many_files_are_waited_for_once(
    tmp_path: Path, synced: list[Path], answers: Callable[[int], list[Path]]
) -> None:
    asked = answers(0)
    write_two(tmp_path, count=MANY)
    assert (asked, synced) == ([tmp_path], [])


def test_few_files_are_waited_for_each_with_its_folder(
    tmp_path: Path, synced: list[Path], answers: Callable[[int], list[Path]]
) -> None:
    asked = answers(0)
    one, two = write_two(tmp_path, count=MANY - 1)
    assert (asked, synced) == ([], [one, two, one.parent, two.parent])


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EPERM, errno.EOPNOTSUPP])
def test_where_the_system_has_no_such_call_each_is_waited_for(
    tmp_path: Path, synced: list[Path], answers: Callable[[int], list[Path]], number: int
) -> None:
    answers(number)
    one, two = write_two(tmp_path, count=MANY)
    assert synced == [one, two, one.parent, two.parent]


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_what_could_not_be_written_is_an_error_that_names_the_folder(
    tmp_path: Path, answers: Callable[[int], list[Path]], number: int
) -> None:
    answers(number)
    with pytest.raises(OSError) as caught:
        write_two(tmp_path, count=MANY)
    assert (caught.value.errno, caught.value.filename) == (number, str(tmp_path))


@pytest.mark.parametrize(
    ("platform", "version", "kind", "expected"),
    [
        ("linux", (5, 8), 0xEF53, True),
        ("linux", (6, 1), 0x01021994, True),
        # Before, syncfs did not say what failed.
        ("linux", (5, 7), 0xEF53, False),
        ("linux", (4, 19), 0xEF53, False),
        ("linux", (0, 0), 0xEF53, False),
        # overlayfs, FUSE, NFS, one that cannot be told
        ("linux", (6, 1), 0x794C7630, False),
        ("linux", (6, 1), 0x65735546, False),
        ("linux", (6, 1), 0x6969, False),
        ("linux", (6, 1), 0, False),
        ("darwin", (23, 0), 0xEF53, False),
    ],
)
def test_one_wait_is_believed_only_where_it_reports_what_failed(
    monkeypatch: pytest.MonkeyPatch, platform: str, version: tuple[int, int], kind: int, expected: bool
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(syncing, "_version", lambda: version)
    monkeypatch.setattr(syncing, "_kind", lambda descriptor: kind)
    assert syncing._is_certain(0) is expected


def test_kind_of_a_file_system_is_what_the_kernel_says() -> None:
    descriptor = os.open("/proc", os.O_RDONLY)
    try:
        assert syncing._kind(descriptor) == 0x9FA0  # statfs(2): PROC_SUPER_MAGIC
    finally:
        os.close(descriptor)


def test_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"before")
    with NewFiles(str(tmp_path), count=1) as files, pytest.raises(FileExistsError):
        files.write(str(tmp_path / "a"), b"after")
    assert (tmp_path / "a").read_bytes() == b"before"


def test_write_that_is_cut_short_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, raw: write(descriptor, raw[:3]))
    with NewFiles(str(tmp_path), count=1) as files:
        files.write(str(tmp_path / "a"), b"0123456789")
    assert (tmp_path / "a").read_bytes() == b"0123456789"


def test_whole_file_system_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    sync_all(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync_all(tmp_path / "nowhere")
