"""A proof as a document claims it, before anything of it was checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["ClaimedProof"]


@dataclass(frozen=True)
class ClaimedProof:
    """One proof. suite: the cryptosuite that it names, or its type where that is of another kind. method: the DID URL of its
    key, "" where it names none. proof: the whole of it, as it is written.

    complaint: why it is no proof of this suite at all, by its sentence's name; only who has loaded the suite can tell.
    created, expires: dateTimeStamps, "" where it states none. is_chained: it follows other proofs of the document, and signs those too."""

    suite: str
    method: str
    proof: dict[str, Any]
    created: str = ""
    expires: str = ""
    is_chained: bool = False
    complaint: str = ""
