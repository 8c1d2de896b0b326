"""How much of a long search a run goes through: a sample in `make test`, all of it in `make fuzz`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["IS_LONG", "examples", "sampled"]

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
_Case = TypeVar("_Case")


def examples(short: int) -> int:
    """How many examples a property is tried on; a number written at a property would keep it short in every run."""
    return 20_000 if IS_LONG else short


def sampled(cases: Sequence[_Case], *, every: int) -> Sequence[_Case]:
    """All cases in a long run, else one of so many, the same ones each time."""
    return cases if IS_LONG else cases[::every]
