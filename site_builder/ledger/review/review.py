"""What in the repository runs code or hides a part of a change, and which of it a change brings: for a reviewer, and no problem."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from site_builder.ledger.history.git import tracked_files
from site_builder.ledger.history.git_tree import GitTree, read_tree, with_all_files
from site_builder.ledger.history.inputs import Inputs
from site_builder.ledger.review.found import FILE, LINK, SUBMODULE, Finding, State
from site_builder.ledger.review.kinds import KINDS, Kind
from site_builder.wording import in_one_line

__all__ = ["Notice", "notices_in"]

_OF_MODE = {"120": LINK, "160": SUBMODULE}


@dataclass(frozen=True)
class Notice:
    """A finding with its kind."""

    kind: Kind
    finding: Finding

    def __str__(self) -> str:
        finding = self.finding
        place = f"{in_one_line(finding.file)}:{finding.line}" if finding.line else in_one_line(finding.file)
        return f"{place}: {finding.what}" if finding.what else place

    def as_json(self) -> dict[str, str | int]:
        """For programs."""
        finding = self.finding
        return {
            "kind": self.kind.name,
            "file": finding.file,
            "line": finding.line,
            "what": finding.what,
            "why": self.kind.why,
        }


def notices_in(root: Path, *, base: str | None = None, inputs: Inputs | None = None) -> list[Notice]:
    """All that the work tree has, by kind, file and line. root: of the site, which may be a folder within the git repository.

    base: a commit; only what it has not, or has otherwise, is told, and what guards and is gone. inputs: of the root, if they are read.
    Raises UsageError when git knows no such commit."""
    here = _work_state(root, inputs)
    if base is None:
        return _notices(here)
    tree, modes = with_all_files(read_tree(root, base))
    there = State({path: _OF_MODE.get(mode[:3], FILE) for path, mode in modes.items()}, tree.read)
    now, before = _notices(here), _notices(there)
    left, known = set(map(_identity, now)), set(map(_identity, before))
    brought = [
        notice
        for notice in now
        if _identity(notice) not in known
        or (notice.finding.value is None and not _is_same(notice.finding.file, here, there, tree))
    ]
    gone = [_as_gone(notice) for notice in before if notice.kind.guards and _identity(notice) not in left]
    return sorted([*brought, *gone], key=_order)


def _identity(notice: Notice) -> tuple[str, str, str | None]:
    return notice.kind.name, notice.finding.file, notice.finding.value


def _as_gone(notice: Notice) -> Notice:
    what = f"{notice.finding.what} is taken away".lstrip()
    return replace(notice, finding=replace(notice.finding, line=0, what=what))


def _is_same(path: str, here: State, there: State, tree: GitTree) -> bool:
    """Whether a file or a link is as it is in the commit. Of a submodule nobody knows."""
    return here.kinds[path] == there.kinds[path] and tree.holds(path, here.read([path]).get(path, b""))


def _notices(state: State) -> list[Notice]:
    found = [(kind, finding) for kind in KINDS for finding in dict.fromkeys(kind.find(state))]
    return sorted((Notice(kind, finding) for kind, finding in found), key=_order)


def _order(notice: Notice) -> tuple[int, str, int, str]:
    finding = notice.finding
    return KINDS.index(notice.kind), finding.file, finding.line, finding.what


def _work_state(root: Path, inputs: Inputs | None) -> State:
    """The files that git keeps or would keep."""

    def read(paths: Iterable[str]) -> dict[str, bytes]:
        return dict(_read(root, paths))

    tracked = tracked_files(root, above=True) if inputs is None else inputs.tracked
    known = {} if inputs is None else inputs.kinds
    kinds = {path: kind for path in tracked if (kind := _KINDS.get(known.get(path, "")[:1]) or _kind_of(root / path))}
    return State(kinds, read)


# By what Inputs say; what they do not know is looked at.
_KINDS = {"f": FILE, "l": LINK}


def _kind_of(path: Path) -> str:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return ""  # git knows of it, and it is gone
    if stat.S_ISDIR(mode):
        return SUBMODULE
    return LINK if stat.S_ISLNK(mode) else FILE if stat.S_ISREG(mode) else ""


def _read(root: Path, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        kind = _kind_of(root / path)
        if kind == LINK:
            yield path, os.fsencode((root / path).readlink())
        elif kind == FILE:
            yield path, (root / path).read_bytes()
