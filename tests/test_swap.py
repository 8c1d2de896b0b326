"""A new site takes the old one's place whole, and shares with it the files that are the same."""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from site_builder.errors import Error
from site_builder.site.output import staged_site as swap
from site_builder.site.output.atomic_exchange import _exchange_call, exchange
from site_builder.site.output.hardlinks import Unchanged
from site_builder.site.output.staged_site import StagedSite
from tests.drawn import write_drawn_repository
from tests.support import issue_all
from tests.trees import tree_of, write_tree

LAURELS = str(Path(sys.executable).with_name("laurels"))
MARK = {"assets/laurels.css": b"look"}
OLD = MARK | {"index.html": b"old", "c/one/credential.json": b"signed"}
NEW = MARK | {"index.html": b"new", "c/one/credential.json": b"signed", "c/two/credential.json": b"too"}


def build(site: Path, files: dict[str, bytes]) -> StagedSite:
    """A generation with these files, not swapped in."""
    generation = StagedSite(site, root=site.parent / "repository")
    generation.write([*files.items()])
    return generation


def write_old(site: Path) -> Path:
    site.mkdir()
    write_tree(site, OLD)
    return site


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- in one step ------------------------------------------------------------------------------------------------------


def test_a_swap_replaces_the_site_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    site = write_old(tmp_path / "site")
    (tmp_path / "site.new-killed00.laurels").mkdir()
    build(site, NEW).swap_in()
    assert tree_of(site) == NEW
    assert names(tmp_path) == ["site"]


def test_first_site_needs_no_old_one(tmp_path: Path) -> None:
    build(tmp_path / "public/site", NEW).swap_in()
    assert tree_of(tmp_path / "public/site") == NEW
    assert names(tmp_path / "public") == ["site"]


def test_folders_change_places_in_one_step_where_the_system_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(tmp_path, {"one/file": b"1", "two/file": b"2"})
    if not exchange(tmp_path / "one", tmp_path / "two"):
        pytest.skip("this file system has no exchange of two folders")
    assert tree_of(tmp_path) == {"one/file": b"2", "two/file": b"1"}
    site = write_old(tmp_path / "site")
    generation = build(site, NEW)

    def never(path: Path, target: Path) -> Path:
        raise AssertionError(f"{path} was moved away")

    monkeypatch.setattr(Path, "rename", never)
    generation.swap_in()
    assert tree_of(site) == NEW


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP])
def test_system_without_an_exchange_says_so_and_two_renames_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr("site_builder.site.output.atomic_exchange._exchange_call", lambda: refuses(number))
    site = write_old(tmp_path / "site")
    assert not exchange(site, tmp_path)
    build(site, NEW).swap_in()
    assert tree_of(site) == NEW
    assert names(tmp_path) == ["site"]


def refuses(number: int) -> Callable[[bytes, bytes], int]:
    """A system call that fails."""

    def call(one: bytes, other: bytes) -> int:
        ctypes.set_errno(number)
        return -1

    return call


def test_library_without_an_exchange_is_one_that_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("site_builder.site.output.atomic_exchange._exchange_call", lambda: None)
    assert not exchange(tmp_path / "one", tmp_path / "two")


def test_mac_is_asked_by_its_own_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[bytes, bytes, int]] = []

    class Library:
        """As much of the Mac's C library as is called: renamex_np(2), whose RENAME_SWAP is 2."""

        @staticmethod
        def renamex_np(one: bytes, other: bytes, flags: ctypes.c_uint) -> int:
            asked.append((one, other, flags.value))
            return 0

    _exchange_call.cache_clear()
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("site_builder.site.output.atomic_exchange._library", Library)
    assert exchange(tmp_path / "one", tmp_path / "two")
    assert asked == [(os.fsencode(tmp_path / "one"), os.fsencode(tmp_path / "two"), 2)]
    monkeypatch.undo()
    _exchange_call.cache_clear()


def test_disk_that_fails_in_an_exchange_leaves_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("site_builder.site.output.atomic_exchange._exchange_call", lambda: refuses(errno.EIO))
    site = write_old(tmp_path / "site")
    generation = build(site, NEW)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        generation.swap_in()
    generation.discard()
    assert tree_of(site) == OLD
    assert names(tmp_path) == ["site"]


def test_disk_that_fails_between_two_renames_gives_the_old_site_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "exchange", lambda one, other: False)
    site = write_old(tmp_path / "site")
    generation = build(site, NEW)
    rename = Path.rename

    def fails_for_the_new(path: Path, target: Path) -> Path:
        if path == generation.folder:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails_for_the_new)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        generation.swap_in()
    generation.discard()
    assert tree_of(site) == OLD
    assert names(tmp_path) == ["site"]


def test_an_old_site_that_a_killed_build_had_moved_away_comes_back(tmp_path: Path) -> None:
    write_tree(tmp_path, {f"site.old-killed00.laurels/{path}": raw for path, raw in OLD.items()})
    build(tmp_path / "site", NEW).discard()
    assert tree_of(tmp_path / "site") == OLD
    assert names(tmp_path) == ["site"]


# --- two builds at once -----------------------------------------------------------------------------------------------

_HOLDS = """
import sys
from pathlib import Path
from site_builder.site.output.staged_site import StagedSite
generation = StagedSite(Path("site"), root=Path().resolve() / "repository")
print("begun", flush=True)
sys.stdin.readline()
generation.write([("assets/laurels.css", b""), ("first.html", b"first")])
generation.swap_in()
"""


def test_second_build_says_that_it_waits_and_builds_after_the_first(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    first = subprocess.Popen(
        [sys.executable, "-c", _HOLDS], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdin and first.stdout and first.stdout.readline() == "begun\n"
    with subprocess.Popen([LAURELS, "build"], cwd=root, stderr=subprocess.PIPE, text=True) as second:
        assert second.stderr
        said = second.stderr.readline()
        assert said == "Another build of this site is at work; this one begins when it has ended\n"
        assert not (root / "site").exists()
        # Read only now: the second one builds from what the records say when its turn has come.
        (root / "content/pages/more.md").write_text("# More\n")
        first.communicate("go on\n")
        assert second.stderr.read() == ""
    assert (first.returncode, second.returncode) == (0, 0)
    assert (root / "site/more/index.html").is_file()
    assert not (root / "site/first.html").exists()
    assert [name for name in names(root) if name.startswith("site")] == ["site"]


def test_build_that_was_killed_keeps_nobody_waiting(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout and first.stdout.readline() == b"begun\n"
        first.kill()
    waited: list[str] = []
    generation = StagedSite(tmp_path / "site", root=tmp_path / "repository", waiting=lambda: waited.append("waited"))
    assert (waited, names(tmp_path)) == ([], [generation.folder.parent.name])
    generation.discard()


# --- files that are the same ------------------------------------------------------------------------------------------


def inodes(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def test_file_that_is_the_same_in_the_old_site_is_linked_and_keeps_its_time(tmp_path: Path) -> None:
    site = write_old(tmp_path / "site")
    os.utime(site / "c/one/credential.json", (1_000_000_000, 1_000_000_000))
    before = inodes(site)
    build(site, NEW).swap_in()
    after = inodes(site)
    assert {path for path in after if after[path] == before.get(path)} == {
        "assets/laurels.css",
        "c/one/credential.json",
    }
    assert (site / "c/one/credential.json").stat().st_mtime == 1_000_000_000
    assert {path.stat().st_nlink for path in site.rglob("*") if path.is_file()} == {1}


def test_page_that_another_program_wrote_into_the_generation_is_linked_as_well(tmp_path: Path) -> None:
    site = write_old(tmp_path / "site")
    before = inodes(site)
    generation = StagedSite(site, root=tmp_path / "repository")
    write_tree(generation.folder, {"index.html": b"old", "c/one/credential.json": b"other"})
    generation.write(MARK.items())
    assert tree_of(generation.folder) == {"c/one/credential.json": b"other"}
    generation.swap_in()
    after = inodes(site)
    assert after["index.html"] == before["index.html"]
    assert after["c/one/credential.json"] != before["c/one/credential.json"]
    assert tree_of(site) == MARK | {"index.html": b"old", "c/one/credential.json": b"other"}


@pytest.mark.parametrize(
    "error",
    [OSError(errno.EXDEV, ""), OSError(errno.EPERM, ""), OSError(errno.EMLINK, ""), NotImplementedError()],
    ids=repr,
)
def test_file_is_written_where_links_are_not_possible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    site = write_old(tmp_path / "site")

    def refuse(*arguments: object, **more: object) -> None:
        raise error

    monkeypatch.setattr(os, "link", refuse)
    before = inodes(site)
    build(site, NEW).swap_in()
    assert tree_of(site) == NEW
    assert not set(before.values()) & set(inodes(site).values())


@pytest.fixture
def _private_machine() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def rights(folder: Path) -> set[str]:
    return {oct(path.lstat().st_mode)[-6:] for path in (folder, *folder.rglob("*")) if not path.is_symlink()}


@pytest.mark.usefixtures("_private_machine")
def test_a_web_server_can_read_the_site_whatever_rights_new_files_get_here(tmp_path: Path) -> None:
    site = tmp_path / "site"
    first = StagedSite(site, root=tmp_path / "repository")
    (first.folder / "manual").mkdir()
    (first.folder / "manual/index.html").write_bytes(b"by another program")
    first.write([(path, raw) for path, raw in NEW.items()])
    (tmp_path / "private").mkdir()
    (first.folder / "link").symlink_to(tmp_path / "private")
    first.swap_in()
    assert rights(tmp_path / "private") == {"o40700"}
    assert rights(site) == {"100644", "o40755"}
    second = build(site, NEW)
    second.swap_in()
    assert rights(site) == {"100644", "o40755"}


def spoil_rights(site: Path) -> None:
    (site / "index.html").chmod(0o600)


def give_another_name(site: Path) -> None:
    (site.parent / "elsewhere").hardlink_to(site / "index.html")


def lead_elsewhere(site: Path) -> None:
    (site / "index.html").rename(site.parent / "elsewhere")
    (site / "index.html").symlink_to(site.parent / "elsewhere")


def change_a_letter(site: Path) -> None:
    (site / "index.html").write_bytes(b"odd")


@pytest.mark.parametrize("spoil", [spoil_rights, give_another_name, lead_elsewhere, change_a_letter])
def test_file_is_linked_only_when_it_is_as_a_build_would_write_it(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    site = write_old(tmp_path / "site")
    spoil(site)
    unchanged = Unchanged(site)
    assert not unchanged.holds("index.html", b"old")
    assert unchanged.holds("assets/laurels.css", b"look")
    assert unchanged.link("assets/laurels.css", str(tmp_path / "linked"))
    assert spoil is change_a_letter or not unchanged.link("index.html", str(tmp_path / "other"))
    assert not (tmp_path / "other").exists() or spoil is change_a_letter
    unchanged.close()


def test_folder_that_leads_elsewhere_holds_no_file_of_the_site(tmp_path: Path) -> None:
    site = write_old(tmp_path / "site")
    (site / "c").rename(tmp_path / "elsewhere")
    (site / "c").symlink_to(tmp_path / "elsewhere")
    unchanged = Unchanged(site)
    for path in ("c/one/credential.json", "d/none.json"):
        assert not unchanged.holds(path, b"signed")
        assert not unchanged.link(path, str(tmp_path / "linked"))
    unchanged.close()


# --- nothing is written into a file that both sites have -------------------------------------------------------------

_WATCHED_BUILD = """
import os, sys
from pathlib import Path
from site_builder.cli import main
root = Path.cwd()
def hook(event, details):
    if event == "open" and isinstance(details[2], int) and details[2] & (os.O_WRONLY | os.O_RDWR):
        path = Path(os.fsdecode(details[0])) if not isinstance(details[0], int) else None
        if path and path.is_file() and path.stat().st_nlink > 1:
            print(f"written in place: {path}")
    if event == "os.link":
        print("linked")
sys.addaudithook(hook)
main(["-q", "build"])
"""


def opened(folder: Path) -> Iterable[tuple[str, int]]:
    """Every file below folder, held open: its bytes can be looked at when its name is gone."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), os.open(path, os.O_RDONLY)


@pytest.mark.parametrize("road", ["whole", "in place"])
def test_no_file_of_the_old_site_is_written_into(tmp_path: Path, road: str) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    subprocess.run([LAURELS, "-q", "build"], cwd=root, check=True)
    site = root / "site"
    before, kept = tree_of(site), dict(opened(site))
    whole = inodes(site)
    # Another home page and another look of every other one: files of MkDocs and of publish that both differ.
    (root / "content/pages/index.md").write_text("---\ntemplate: home.html\n---\n# Other Badges\n")
    (root / "issuers/school/issuer.yml").write_text(
        (root / "issuers/school/issuer.yml").read_text().replace("office@", "desk@")
    )
    if road == "whole":
        # The name is on every page but those of credentials.
        (root / "mkdocs.yml").write_text((root / "mkdocs.yml").read_text().replace("Test Badges", "Best Badges"))
    ended = subprocess.run([sys.executable, "-c", _WATCHED_BUILD], cwd=root, capture_output=True, text=True, check=True)
    assert set(ended.stdout.split("\n")) == ({"linked", ""} if road == "whole" else {""}), ended.stdout
    after = tree_of(site)
    assert {path: os.pread(descriptor, 10_000_000, 0) for path, descriptor in kept.items()} == before
    for descriptor in kept.values():
        os.close(descriptor)
    changed = {path for path in after if after[path] != before.get(path)}
    assert {"index.html", "issuers/school/index.html"} <= changed
    assert {path for path, inode in inodes(site).items() if inode != whole.get(path)} == changed


def test_site_that_is_a_link_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "www")
    with pytest.raises(Error, match=r"site is a link, .* have the web server's folder be a link to this one"):
        StagedSite(tmp_path / "site", root=tmp_path)
