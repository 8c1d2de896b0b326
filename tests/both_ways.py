"""Whatever is checked, checked on the slow road and on the fast ones, which must find the same.

The fast ones: files that were read before, award.json by pydantic's parser, and what was verified before. Everything that was ever
verified in this run is known to them, so that a file which was changed since is held against its former self."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from site_builder.encoding import only_slow_roads
from site_builder.ledger.checks import repository
from site_builder.ledger.checks.signed_files import SignedFacts, check_signed_files
from site_builder.ledger.store.ledger import Ledger, load_ledger
from site_builder.ledger.verified.cache import Stated, VerifiedCache

__all__ = ["checked_both_ways"]

_EVERYTHING: dict[bytes, Stated] = {}


class Everything(VerifiedCache):
    """What was verified in this whole run, whatever the repository."""

    def __init__(self) -> None:
        super().__init__(Path("nowhere"), b"", _entries=_EVERYTHING, _used=_EVERYTHING)
        self.hits = 0

    def find(self, key: bytes) -> Stated | None:
        found = super().find(key)
        self.hits += found is not None
        return found


@contextmanager
def checked_both_ways() -> Iterator[list[int]]:
    """Within it every check fails the test where a fast road finds something else. Gives how many files each check had known."""
    hits: list[int] = []

    def check(*given: Any, **options: Any) -> SignedFacts:
        slow = check_signed_files(*given, **{**options, "cache": None, "proven": frozenset()})
        for _ in range(2):
            cache = Everything()
            fast = check_signed_files(*given, **{**options, "cache": cache})
            assert fast == slow
        hits.append(cache.hits)
        return slow

    def load(root: Path, **options: Any) -> tuple[Ledger, Any]:
        with only_slow_roads():
            slow = load_ledger(root, **{**options, "content": None})
        fast = load_ledger(root, **options)
        assert fast == slow
        return fast

    with patch.object(repository, "check_signed_files", check), patch.object(repository, "load_ledger", load):
        yield hits
