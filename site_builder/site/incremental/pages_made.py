"""Pages that the last build made of the same input: their files stay, and are not drawn again."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, Protocol

from site_builder.site.incremental.build_state import MadePage
from site_builder.site.page_input import Files, PageInput, fingerprint_of

__all__ = ["PageSource", "PagesMade"]


class PageSource(Protocol):
    """From what a page's input is made. path: of the page. key: of all of it, the same key, the same input; "" for one that has none."""

    @property
    def path(self) -> str: ...

    @property
    def key(self) -> str: ...

    def read(self) -> tuple[PageInput, str]:
        """The input, and the key by which it may be known."""
        ...


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

    def files(self, kind: str, page: PageInput, make: Callable[[Any], Files], *, key: str = "") -> Files:
        """The files of a page; none where those of the last build stay. key: of what its input was made; it is noted."""
        name, fingerprint = f"{kind} {page.path}", fingerprint_of(page).hex()
        made = self._standing(name)
        if made is not None and made[0] == fingerprint:
            self._take(name, [fingerprint, made[1], key])
            return
        folders: dict[str, list[str]] = {}
        for path, raw in make(page):
            folder, _, file = path.rpartition("/")
            folders.setdefault(folder, []).append(file)
            yield path, raw
        self.pages[name] = [fingerprint, folders, key]

    def files_of(self, kind: str, source: PageSource, make: Callable[[Any], Files]) -> Files:
        """As files, of a page whose input is not even made where it is known by its key."""
        name = f"{kind} {source.path}"
        made = self._standing(name)
        if made is not None and source.key and made[2] == source.key:
            self._take(name, made)
            return
        page, key = source.read()
        yield from self.files(kind, page, make, key=key)

    def _standing(self, name: str) -> MadePage | None:
        """What the last build made of a page, if its files are still as it left them."""
        made = self._before.get(name)
        return made if made is not None and all(folder in self._as_noted for folder in made[1]) else None

    def _take(self, name: str, made: MadePage) -> None:
        for folder, names in made[1].items():
            self._keep(folder, names)
        self.pages[name] = made
