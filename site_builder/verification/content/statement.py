"""What the last step looks at: the statement itself, when it is read, and where else it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from site_builder.verification.finding import Finding
from site_builder.verification.page.reader import StatementPage

__all__ = ["Statement"]


@dataclass(frozen=True)
class Statement:
    """A credential's document, with the page that states the same, None for no page. now: aware. status: what the step before found.

    multibase: the key that signed it, "" when none was found. office: the mailto address that the issuer's DID document names, or ""."""

    document: dict[str, Any]
    page: StatementPage | None
    now: datetime
    status: Finding
    multibase: str = ""
    office: str = ""
