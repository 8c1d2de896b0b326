"""Documents secured by Data Integrity: the proofs that they claim, and whether each holds. Source: VC Data Integrity 1.0, 2.1, 4.4, 4.5."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from site_builder.credentials.securing.data_integrity import (
    ProofError,
    is_chained,
    proofs_of,
    verify_proof,
    wrong_option,
)
from site_builder.verification.evidence.source import Fetch
from site_builder.verification.finding import Finding
from site_builder.verification.proofs.claimed import ClaimedProof

__all__ = ["holds", "read_proofs"]

_MAX_PROOFS = 8


def read_proofs(document: dict[str, Any], _fetch: Fetch) -> tuple[ClaimedProof, ...] | Finding:
    """The proofs that a document claims, at least one; or the finding that refuses them, all together. Nothing is fetched for it."""
    proofs = proofs_of(document)
    if not proofs:
        return Finding("failed", "no_proof")
    if len(proofs) > _MAX_PROOFS or not all(_is_complete(document, proof) for proof in proofs):
        return Finding("failed", "bad_proof")
    return tuple(map(_claimed, proofs))


def _is_complete(document: dict[str, Any], proof: dict[str, Any]) -> bool:
    words = [proof.get(name) for name in ("type", "cryptosuite", "verificationMethod", "proofValue")]
    has_words = all(isinstance(word, str) for word in words) and proof.get("proofPurpose") == "assertionMethod"
    return has_words and not wrong_option(document, proof)


def _claimed(proof: dict[str, Any]) -> ClaimedProof:
    return ClaimedProof(
        suite=proof["cryptosuite"],
        method=proof["verificationMethod"],
        proof=proof,
        created=proof.get("created", ""),
        expires=proof.get("expires", ""),
        is_chained=is_chained(proof),
    )


def holds(document: dict[str, Any], claimed: ClaimedProof, public_key: Ed25519PublicKey) -> bool:
    """Whether a proof holds for the document that carries it."""
    try:
        verify_proof(document, claimed.proof, public_key=public_key)
    except ProofError:
        return False
    return True
