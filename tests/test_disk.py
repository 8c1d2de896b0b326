"""A disk that refuses: what is said names the file or folder and the disk, and nothing half written is left in the way."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.credentials.identifiers.multikey import format_private_key
from site_builder.disk import naming, refused, write_all_new, write_new
from tests.drawn import write_drawn_repository
from tests.support import fake_key, issue_all
from tests.trees import tree_of

FULL = os.strerror(errno.ENOSPC)
FULL_DISK = Path("/dev/full")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, FULL, "{}/a/b.json"), FULL + ": {}/a/b.json, on the disk mounted at {disk}"),
        (OSError(errno.EDQUOT, "Quota", "{}/a"), "Quota: {}/a, on the disk mounted at {disk}"),
        (OSError(errno.EROFS, "Read-only", "{}/a"), "Read-only: {}/a, on the disk mounted at {disk}"),
        # One file or folder that is closed, or a size that one file may not have, says nothing of a disk.
        (OSError(errno.EACCES, "Denied", "{}/a"), "Denied: {}/a"),
        (OSError(errno.EFBIG, "Too large", "{}/a"), "Too large: {}/a"),
        # What is copied or renamed names where it comes from first.
        (OSError(errno.ENOSPC, FULL, "/elsewhere/x.png", None, "{}/x.png"), FULL + ": {}/x.png, on the disk mounted at {disk}"),
        (OSError(errno.ENOSPC, FULL, b"{}/a"), FULL + ": {}/a, on the disk mounted at {disk}"),
        (OSError(errno.ENOSPC, FULL), FULL),
        (OSError("odd"), "odd"),
    ],
)  # fmt: skip
def test_what_is_refused_names_the_place_and_its_disk(error: OSError, said: str, tmp_path: Path) -> None:
    for name in ("filename", "filename2"):
        value = getattr(error, name)
        if isinstance(value, str):
            setattr(error, name, value.replace("{}", str(tmp_path)))
        elif value is not None:
            setattr(error, name, value.replace(b"{}", os.fsencode(tmp_path)))
    disk = next(folder for folder in tmp_path.parents if folder.is_mount())
    assert refused(error) == said.replace("{}", str(tmp_path)).replace("{disk}", str(disk))


def test_disk_of_another_mount_is_named() -> None:
    if not Path("/dev/shm").is_mount():
        pytest.skip("this system has no second disk that is always there")
    assert refused(OSError(errno.ENOSPC, FULL, "/dev/shm/none/file")).endswith("on the disk mounted at /dev/shm")


def test_a_real_full_disk_names_the_file_that_was_open() -> None:
    if not FULL_DISK.exists():
        pytest.skip("this system has no device that is always full")
    with pytest.raises(OSError, match=FULL) as caught, naming(FULL_DISK), FULL_DISK.open("wb") as stream:
        stream.write(b"x")
    assert refused(caught.value).startswith(f"{FULL}: /dev/full, on the disk mounted at /")


def test_a_new_file_is_whole_or_not_there(tmp_path: Path) -> None:
    write_new(tmp_path / "a", b"x")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a", b"y")
    assert (tmp_path / "a").read_bytes() == b"x"
    assert in_child(lambda: write_new(tmp_path / "b", b"y" * 200), largest_file_bytes=100).startswith("OSError")
    assert tree_of(tmp_path) == {"a": b"x"}


# --- each command that writes -----------------------------------------------------------------------------------------


def in_child(work: Callable[[], object], *, largest_file_bytes: int) -> str:
    """What work says in a process that may write no larger file: as on a full disk, a write fails while the file is open."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        # Python ignores SIGXFSZ.
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file_bytes, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        try:
            said = str(work())
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        said = stream.read().decode()
    os.waitpid(child, 0)
    return said


NEW_BADGE = ("new", "badge", "splices", "--issuer", "school", "--name", "Splices", "--description", "x" * 200, "--criteria", "Splices.",
             "--image-alt", "A rope")  # fmt: skip
# (what is run, the largest file, what is named, whether anything may be left)
CASES = {
    "issue": (("issue", "--here"), 1_000, "content/signed/school/.tmp-"),
    "new award": (("new", "award", "--badge", "knots", "--awarded", "2026-05-20", "--name", "Mary Anning"), 10,
                  "content/records/school/2026-05-20-knots.yml"),
    "new badge": (NEW_BADGE, 100, "badges/splices/"),
    "revoke": (("revoke", "ID", "--reason", "other", "--yes"), 10, "content/records/school/"),
    "keys": (("keys", "rotate", "school", "--file", "KEY", "--no-passphrase"), 10, "/new.key ("),
    "keys.yml": (("keys", "rotate", "school", "--print"), 70, "issuers/school/keys.yml"),
    "build": (("build",), 5_000, "site.new-"),
    "sheet": (("sheet", "--badge", "knots", "-o", "SLIPS"), 1_000, "/slips.html"),
    "move": (("move", "--to", "https://badges.school.example/", "--out", "MOVED"), 5_000, "/moved/old-address/"),
    "archive": (("archive", "ZIP"), 300_000, "/site.zip"),
}  # fmt: skip


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_drawn_repository(tmp_path_factory.mktemp("disk") / "repository")
    issue_all(root)
    return root


@pytest.mark.parametrize("name", CASES)
def test_each_command_names_what_could_not_be_written_and_leaves_nothing_in_the_way(
    name: str, issued: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, largest, place = CASES[name]
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LAURELS_KEY_SCHOOL", format_private_key(fake_key()))
    award = min((issued / "content/signed/school").glob("*/award.json")).parent.name
    places = {"ID": award, "KEY": tmp_path / "new.key", "SLIPS": tmp_path / "slips.html", "ZIP": tmp_path / "site.zip",
              "MOVED": tmp_path / "moved"}  # fmt: skip
    words = [str(places.get(word, word)) for word in arguments]
    more = issued / "content/records/school/more.yml"
    if name == "issue":
        more.write_text("badge: knots\nawarded: 2026-05-15\nname: Mary Anning\n", "utf-8")
    before = tree_of(issued) | tree_of(tmp_path)

    def work() -> str:
        result = CliRunner().invoke(main, ["-C", str(issued), *words])
        return f"{result.exit_code} {result.output}"

    said = in_child(work, largest_file_bytes=largest)
    more.unlink(missing_ok=True)
    assert said.startswith("1 "), said
    assert os.strerror(errno.EFBIG) in said and place in said, said
    if name != "issue":
        # `issue` sweeps up when it is run again; an archive is made of a site that was built before.
        after = tree_of(issued) | tree_of(tmp_path)
        assert {path for path in after if not path.startswith("site/")} == set(before)
    assert "Traceback" not in said


def test_nothing_new_is_left_when_the_last_of_several_files_fails(tmp_path: Path) -> None:
    def work() -> None:
        write_all_new({tmp_path / "a/b/c": b"x", tmp_path / "a/d": b"y" * 200})

    assert in_child(work, largest_file_bytes=100).startswith("OSError")
    assert list(tmp_path.iterdir()) == []
    write_all_new({tmp_path / "a/b/c": b"x", tmp_path / "a/d": b"y" * 200})
    assert tree_of(tmp_path) == {"a/b/c": b"x", "a/d": b"y" * 200}


def test_mkdocs_by_itself_says_the_same_sentence(issued: Path) -> None:
    from mkdocs.__main__ import cli as mkdocs_cli

    def work() -> str:
        result = CliRunner().invoke(mkdocs_cli, ["build", "-q", "-f", str(issued / "mkdocs.yml")])
        return f"{result.exit_code} {result.output} {result.exception!r}"

    said = in_child(work, largest_file_bytes=1_000)
    assert said.startswith("1 ") and "the site could not be built (" in said and "site.new-" in said, said
