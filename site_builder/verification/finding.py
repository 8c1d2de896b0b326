"""What one step of a verification found: the outcome of a check, with the sentence that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Finding", "Outcome"]

Outcome = Literal["passed", "failed", "not_checked", "could_not_check", "not_supported"]


@dataclass(frozen=True)
class Finding:
    """The outcome of one check: reason and values name a sentence of wording/en.json. source: where the evidence came from.

    form: of what is not supported, its name; the reason is then one of the group "form"."""

    result: Outcome
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    form: str = ""
