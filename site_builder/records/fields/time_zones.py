"""Time zones from the `tzdata` package alone: the machine's own data may be older, and offsets are signed.

Source: IANA Time Zone Database, in the version that the lock file names."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

__all__ = ["is_time_zone", "time_zone"]


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("ascii").split())


def is_time_zone(name: str) -> bool:
    """Whether a name such as ``Europe/Amsterdam`` is one of the database's."""
    return name in _names()


@lru_cache(maxsize=64)
def time_zone(name: str) -> ZoneInfo:
    """The zone of a name that is_time_zone knows."""
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)
