"""Writing a site: into a new folder beside the old one, and swapped in whole when it is complete, or moved file by file if few differ."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from site_builder.disk import naming, refused
from site_builder.errors import Error
from site_builder.site.output.atomic_exchange import exchange
from site_builder.site.output.hardlinks import Unchanged
from site_builder.site.output.journal import Change, apply_change, folders_above, in_order, write_journal
from site_builder.site.output.noted_files import Listing, Noted, list_site
from site_builder.site.output.turns import STAGED, locked, sibling, take_turn
from site_builder.site.output.written_files import make_folder, make_readable, write_files, write_one
from site_builder.syncing import sync_all

__all__ = ["LastGood", "StagedSite", "make_readable", "not_built", "write_files"]

# What every site of ours has: a folder without it is somebody else's.
_MARK = "assets/laurels.css"
_OURS = ("content", "issuers", "badges", "themes", ".git")
# Of so many files one may differ for the site to be changed in place.
_FEW = 10


def not_built(error: OSError) -> str:
    """What the disk refused (full, read-only) while a site was built, in a sentence."""
    return (
        f"the site could not be built ({refused(error)}); what stands in its place is whole. Mend that and build again"
    )


class StagedSite:
    """A site that is being built: in a folder of its own, which holds what differs from the site that stands.

    It takes the old site's place in one step, or its files do one by one, or it goes away. The folder is locked while its builder lives:
    a second build waits for the first, so that the site never goes back to what an older state of the records gave, and what a killed
    build left can be told and removed. Raises Error for a place that holds anything but a site of ours. waiting: called once, when
    another build is at work."""

    def __init__(self, site: Path, *, root: Path, waiting: Callable[[], None] = lambda: None) -> None:
        _refuse_place(site, root)
        self.site = site
        site.parent.mkdir(parents=True, exist_ok=True)
        self._own, self._lock = take_turn(site, waiting)
        self.folder = self._own / STAGED
        self._unchanged = Unchanged(site)
        # The names of the files that stay, by their folder's path.
        self._kept: dict[str, set[str]] = {}
        # What is in the old site; None where there is none.
        self._listing: Listing | None = None
        self._is_begun = False
        # The folders of the site in which something was moved or removed; None when all of it is new.
        self.touched: set[str] | None = None

    def look(self, noted: Mapping[str, Noted]) -> Listing:
        """What is in the site that stands, held against what was noted of it."""
        self._listing = list_site(str(self.site), noted) if self._unchanged.folder is not None else Listing()
        return self._listing

    def keep(self, folder: str, names: Iterable[str]) -> None:
        """Has files of the site that stands stay there: they are known to be what this build would write."""
        self._kept.setdefault(folder, set()).update(names)

    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Adds files. What lies here already, and what is the same in the site that stands, stays there and is not written."""
        make_readable(self.folder)
        # What other programs have written here. It is compared last: whoever hands files on may look at it before the first one.
        others = set(_files_below(self.folder))
        root, made = os.path.realpath(self.folder), set[str]()
        for path, raw in files:
            if not self._stays(path, raw):
                write_one(root, path, raw, made)
            elif path in others:
                (self.folder / path).unlink()
        for path in sorted(others):
            file = self.folder / path
            if file.is_file() and not file.is_symlink() and self._stays(path, file.read_bytes()):
                file.unlink()

    def _stays(self, path: str, raw: bytes) -> bool:
        if not self._unchanged.holds(path, raw):
            return False
        folder, _, name = path.rpartition("/")
        self.keep(folder, (name,))
        return True

    def finish(self) -> None:
        """Makes the site that stands what this build has made: file by file where few differ, and else whole."""
        change = self._small_change()
        if change is None:
            self.swap_in()
        elif change.moves or change.removals:
            self._change_in_place(change)
        else:
            self.touched = set()
            self.discard()

    def swap_in(self) -> None:
        """Puts this complete generation in the place of the site; the old one is gone after."""
        self._bring_what_is_kept()
        # The disk has the new files before they are the site's: else, after a power cut, it might have none of both.
        sync_all(self.folder)
        with locked(self.site.parent) as parent:
            old = _put_in_place(self.folder, self.site, sibling(self._own, self.site, "old"))
            with naming(self.site.parent):
                os.fsync(parent)
        shutil.rmtree(old, ignore_errors=True)
        shutil.rmtree(self._own, ignore_errors=True)
        self._let_go()

    def discard(self) -> None:
        """Removes this generation; the old site stays. A change that was begun is left for the next build to finish."""
        if not self._is_begun:
            shutil.rmtree(self._own, ignore_errors=True)
        self._let_go()

    def _small_change(self) -> Change | None:
        """What differs from the site that stands; None where there is none, where that is much, or where it can't be moved there."""
        if self._unchanged.folder is None or not self._kept:
            return None
        listing = self._listing or self.look({})
        staged = _files_below(self.folder)
        removals = [
            f"{folder}/{name}" if folder else name
            for folder, names in listing.files.items()
            for name in set(names).difference(self._kept.get(folder, ()))
        ]
        gone = set(removals).difference(staged)
        all_files = sum(map(len, self._kept.values())) + len(staged)
        if (len(staged) + len(gone)) * _FEW > all_files or not self._fits(listing, staged):
            return None
        return Change(self.folder, in_order(staged), sorted(gone))

    def _fits(self, listing: Listing, staged: list[str]) -> bool:
        """Whether the new files can be moved into what is there: no file lies where a folder must be, and no folder where a file must."""
        if listing.is_odd or any((self.folder / path).is_symlink() for path in staged):
            return False
        above = (path.rpartition("/") for path in folders_above(staged))
        in_the_way = any(name in listing.files.get(folder, ()) for folder, _, name in above)
        return not in_the_way and listing.files.keys().isdisjoint(staged)

    def _change_in_place(self, change: Change) -> None:
        write_journal(self._own, change, self.site)
        # The disk has the new files and the journal before the name says that they count.
        sync_all(self._own)
        begun = sibling(self._own, self.site, "edit")
        with locked(self.site.parent) as parent:
            os.rename(self._own, begun)
            self._own, self._is_begun = begun, True
            with naming(self.site.parent):
                os.fsync(parent)
        try:
            apply_change(Change(begun / STAGED, change.moves, change.removals), self.site)
        except OSError as error:
            raise Error(_half_changed(error)) from error
        self.touched = {path.rpartition("/")[0] for path in (*change.moves, *change.removals)}
        shutil.rmtree(begun, ignore_errors=True)
        self._let_go()

    def _bring_what_is_kept(self) -> None:
        """Links the files that stay into this generation, or copies them where the system links none."""
        root, made = os.path.realpath(self.folder), set[str]()
        for folder, names in self._kept.items():
            place = f"{root}/{folder}" if folder else root
            make_folder(place, made)
            for name in sorted(names):
                path = f"{folder}/{name}" if folder else name
                if not self._unchanged.link(path, f"{place}/{name}"):
                    write_one(root, path, self._unchanged.read(path), made)
        self._kept.clear()

    def _let_go(self) -> None:
        self._unchanged.close()
        os.close(self._lock)


def _half_changed(error: OSError) -> str:
    return (
        f"the site is changed in part ({refused(error)}): some of its files are the old ones and some the new ones. Mend that and build "
        "again: the next build does the rest"
    )


def _files_below(folder: Path) -> list[str]:
    """The paths of all files and links below a folder, in order."""
    found = []
    for place, folders, names in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        found += [os.path.relpath(os.path.join(place, name), folder) for name in (*names, *links)]
    return sorted(found)


class LastGood:
    """The last good state of a folder that is built in place: set aside for a build, and put back when that one fails."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._aside: Path | None = None

    def set_aside(self, folder: Path) -> None:
        """Moves the folder's content out of the way of a build. The first time there is none."""
        if folder.is_dir() and any(folder.iterdir()):
            self.forget()
            self._folder = folder
            self._aside = folder.with_name(f"{folder.name}.good")
            folder.rename(self._aside)

    def put_back(self) -> None:
        """Puts it back, in the place of what a failed build left."""
        if self._folder and self._aside:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._aside.rename(self._folder)
            self._aside = None

    def forget(self) -> None:
        """Removes it, since a better one is there."""
        if self._aside:
            shutil.rmtree(self._aside, ignore_errors=True)
            self._aside = None


def _refuse_place(site: Path, root: Path) -> None:
    inside = [root / name for name in _OURS]
    if site.is_symlink():
        raise Error(
            f"{site} is a link, and every build puts a new folder in its place: delete the link, and have the web server's folder be a "
            "link to this one, or copy the site there after each build"
        )
    if root.is_relative_to(site) or any(site.is_relative_to(folder) for folder in inside):
        raise Error(f"site_dir may not be {site}: the site is replaced whole at every build; leave the setting out")
    if site.exists() and (not site.is_dir() or (any(site.iterdir()) and not (site / _MARK).is_file())):
        raise Error(f"{site} holds other files, which a build would delete: empty it, or choose another site_dir")


def _put_in_place(new: Path, site: Path, aside: Path) -> Path:
    """Makes new the site; where the old one, if any, lies after.

    In one step where the system has it, else in two, the old one lying aside: a build that is killed between them is mended by the next."""
    if not site.exists():
        new.rename(site)
        return new
    if exchange(new, site):
        return new
    site.rename(aside)
    try:
        new.rename(site)
    except OSError:
        aside.rename(site)
        raise
    return aside
