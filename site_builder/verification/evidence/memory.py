"""What one run has worked out of one source of evidence, such as an issuer's revocation list: once, however many credentials name it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

__all__ = ["Memory", "remembered"]

_Found = TypeVar("_Found")


class Memory:
    """Lives as long as a run, and belongs to a source that answers each address always alike (SiteFolder.fetch).

    Never shared by two sources: at one address, another site has another key."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}

    def once(self, what: Hashable, work: Callable[[], _Found]) -> _Found:
        """What work gives, or gave before. what: all that this depends on besides the evidence."""
        if what not in self._known:
            self._known[what] = work()
        found: _Found = self._known[what]
        return found


def remembered(memory: Memory | None, what: Hashable, work: Callable[[], _Found]) -> _Found:
    """As Memory.once; without a memory it is worked out."""
    return work() if memory is None else memory.once(what, work)
