"""A thing of the repository that runs code or hides a part of a change, and the state of the repository in which it was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from site_builder.records.settings.files import SettingsFile, read_settings
from site_builder.wording import in_one_line

__all__ = ["FILE", "LINK", "SUBMODULE", "Finding", "State", "quoted"]

FILE, LINK, SUBMODULE = "file", "link", "submodule"
_SHOWN = 100
_SIGNED = re.compile(r"content/signed/[a-z0-9-]+/[a-z2-7]{26}/(?:award|credential(?:-[1-9][0-9]{0,3})?)\.json")


@dataclass(frozen=True)
class Finding:
    """One place to look at. file: below the site's root; what lies above begins with "../". line: 1-based, 0 for the whole file.

    what: in a few words, with a stranger's text escaped. value: what two states are compared by, None for the bytes of the file."""

    file: str
    line: int
    what: str
    value: str | None = None


@dataclass(frozen=True)
class State:
    """What the work tree or a commit holds. kinds: FILE, LINK or SUBMODULE by path.

    read: of some paths the bytes of each file that is there and not too large; of a link, where it leads."""

    kinds: Mapping[str, str]
    read: Callable[[Iterable[str]], Mapping[str, bytes]]

    @cached_property
    def named(self) -> Mapping[str, str]:
        """kinds, without the signed files of awards: no name of one is that of anything that runs, and there are more of them than of
        all else."""
        return {path: kind for path, kind in self.kinds.items() if kind != FILE or not _SIGNED.fullmatch(path)}

    @cached_property
    def settings(self) -> Sequence[SettingsFile]:
        """mkdocs.yml and what it inherits, as far as it can be read; what cannot is a problem, and no build reads it either."""
        files = {path for path, kind in self.named.items() if kind == FILE}
        return read_settings(lambda path: self.read([path]).get(path) if path in files else None, [])

    def texts(self, paths: Iterable[str]) -> list[tuple[str, str]]:
        """(path, text) of each of the paths that is a file, in their order; stray bytes as marks."""
        wanted = [path for path in paths if self.kinds.get(path) == FILE]
        found = self.read(wanted)
        return [(path, found[path].decode("utf-8", "replace")) for path in wanted if path in found]


def quoted(text: str) -> str:
    """A stranger's text between quotes, as it may be printed, and cut where it is long."""
    shown = in_one_line(text)
    return f"'{shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '…'}'"
