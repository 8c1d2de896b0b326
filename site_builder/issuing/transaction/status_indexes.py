"""Places in status lists: drawn at random among the free ones, so that order says nothing, and never used twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from site_builder.credentials.status.bitstring import LIST_LENGTH
from site_builder.errors import Error

__all__ = ["StatusIndexAllocator"]

_LIST_IS_FULL = LIST_LENGTH // 2
# At least half of a list is free, so that a sound random source fails this often once in 2^1000.
_DRAWS = 1_000


class StatusIndexAllocator:
    """The status entries of one issuer. taken: every (list, index) that an award of it ever had."""

    def __init__(self, taken: Iterable[tuple[int, int]], random_bytes: Callable[[int], bytes]) -> None:
        self._taken, self._random_bytes = set(taken), random_bytes
        self._number = max((number for number, _ in self._taken), default=1)
        self._count = sum(number == self._number for number, _ in self._taken)

    def draw(self) -> tuple[int, int]:
        """A list and an index that no award ever had; the next list begins when half of one is taken."""
        if self._count >= _LIST_IS_FULL:
            self._number, self._count = self._number + 1, 0
        for _ in range(_DRAWS):
            # 24 random bits, the lowest 17 of which are uniform over the 131,072 places; taken ones are drawn again.
            status_entry = (self._number, int.from_bytes(self._random_bytes(3), "big") % LIST_LENGTH)
            if status_entry not in self._taken:
                self._taken.add(status_entry)
                self._count += 1
                return status_entry
        raise Error("the random source of this machine repeats itself: credentials cannot be issued here")
