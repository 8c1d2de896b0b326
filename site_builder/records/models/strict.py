"""The base of all that people write: no field that is not known, and nothing that changes after it was read."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Record"]


class Record(BaseModel):
    """A mapping in a file, with known fields only."""

    model_config = ConfigDict(extra="forbid", frozen=True)
