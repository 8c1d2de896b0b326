"""The base of all that people write: no field that is not known, and nothing that changes after it was read."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Record"]


class Record(BaseModel):
    """A mapping in a file, with known fields only."""

    # defer_build: of the 20 models a command uses a few, and to prepare them all took half as long as the rest of its start.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
