"""What was presented: a document of a known form, and how it claims to be secured. Nothing of it is believed yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from site_builder.verification.finding import Finding

__all__ = ["Presented"]


@dataclass(frozen=True)
class Presented:
    """A document as it was decoded. form: its standard, as people call it, "" for none that is known.

    securing: the mechanism that it claims to be secured by, a name in proofs/table.py.
    refusal: why it cannot be verified any further, None when it can. What was no JSON object has the document {}."""

    document: dict[str, Any] = field(default_factory=dict)
    form: str = ""
    securing: str = ""
    refusal: Finding | None = None
