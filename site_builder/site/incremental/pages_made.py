"""Pages that the last build made of the same input: their files stay, and are not drawn again."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from site_builder.site.incremental.build_state import MadePage
from site_builder.site.page_input import Files, PageInput, fingerprint_of

__all__ = ["PagesMade"]


class PagesMade:
    """What each page was made of, in the last build and in this one.

    before: the pages of a build by this very program. as_noted: the folders whose files are as that build left them.
    keep: told the files of each page that is not drawn again, by their folders."""

    def __init__(
        self,
        before: Mapping[str, MadePage] | None = None,
        as_noted: Container[str] = frozenset(),
        keep: Callable[[str, Iterable[str]], None] = lambda folder, names: None,
    ) -> None:
        self._before, self._as_noted, self._keep = before or {}, as_noted, keep
        self.pages: dict[str, MadePage] = {}

    def files(self, kind: str, page: PageInput, make: Callable[[Any], Files]) -> Files:
        """The files of a page; none where those of the last build stay."""
        name, fingerprint = f"{kind} {page.path}", fingerprint_of(page).hex()
        made = self._before.get(name)
        if made is not None and made[0] == fingerprint and all(folder in self._as_noted for folder in made[1]):
            for folder, names in made[1].items():
                self._keep(folder, names)
            self.pages[name] = made
            return
        folders: dict[str, list[str]] = {}
        for path, raw in make(page):
            folder, _, file = path.rpartition("/")
            folders.setdefault(folder, []).append(file)
            yield path, raw
        self.pages[name] = [fingerprint, folders]
