"""The small files beside a credential's page: which versions there are, and what is said in the place of one that was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from site_builder.credentials.urls import credential_file
from site_builder.encoding import format_json

__all__ = ["note_of_withdrawal", "versions_json"]


def versions_json(withheld: Sequence[bool], *, current: int | None) -> bytes:
    """Which versions there are, by which every holder finds the current one. withheld: whether each file was taken back."""
    return _versions_json(tuple(withheld), current)


# Nearly all awards have one version.
@lru_cache(maxsize=64)
def _versions_json(withheld: tuple[bool, ...], current: int | None) -> bytes:
    versions = [
        {"version": number, "file": credential_file(number)} | ({"withheld": True} if is_withheld else {})
        for number, is_withheld in enumerate(withheld, 1)
    ]
    return format_json({"current": current, "versions": versions})


def note_of_withdrawal(page_url: str) -> bytes:
    """What is found at the address of a file that was taken back: no address that was ever published leads nowhere."""
    return format_json({"withheld": True, "page": page_url, "note": "The issuer has withdrawn this file."})
