"""Ways in which documents are secured. A new one is a module beside this and a row here; a new cryptosuite of Data Integrity is a
row of credentials/securing/data_integrity.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from site_builder.credentials.securing.data_integrity import DATA_INTEGRITY
from site_builder.verification.evidence.source import Fetch
from site_builder.verification.finding import Finding
from site_builder.verification.proofs import data_integrity
from site_builder.verification.proofs.claimed import ClaimedProof

__all__ = ["MECHANISMS", "Mechanism"]


@dataclass(frozen=True)
class Mechanism:
    """A securing mechanism (VCDM 2.0, 4.12).

    read: the proofs that a document claims, at least one, or what is found without any: why they are refused, or what its
    own address says of it. holds: whether one of them holds. Neither raises FetchError.
    prepare: what all proofs of a document are checked with, which holds is given."""

    read: Callable[[dict[str, Any], Fetch], tuple[ClaimedProof, ...] | Finding]
    holds: Callable[[dict[str, Any], ClaimedProof, Ed25519PublicKey, Any], bool]
    prepare: Callable[[dict[str, Any]], Any] = lambda document: None


MECHANISMS = {DATA_INTEGRITY: Mechanism(data_integrity.read_proofs, data_integrity.holds, data_integrity.forms_of)}
