"""Documents secured by Data Integrity: the proofs that they claim, and whether each holds. Source: VC Data Integrity 1.0, 2.1, 4.4, 4.5."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from site_builder.credentials.securing.data_integrity import (
    DATA_INTEGRITY,
    CanonicalForms,
    ProofError,
    has_its_previous,
    is_chained,
    method_of,
    proofs_of,
    verify_proof,
    without_proof,
    wrong_time_of,
)
from site_builder.verification.evidence.source import Fetch
from site_builder.verification.finding import Finding
from site_builder.verification.proofs.claimed import ClaimedProof

__all__ = ["forms_of", "holds", "read_proofs"]

_MAX_PROOFS = 8


def read_proofs(document: dict[str, Any], _fetch: Fetch) -> tuple[ClaimedProof, ...] | Finding:
    """The proofs that a document claims, at least one; or the finding that refuses them, all together. Nothing is fetched for it."""
    proofs = proofs_of(document)
    if not proofs:
        return Finding("failed", "no_proof")
    if len(proofs) > _MAX_PROOFS or not all(isinstance(_suite_of(proof), str) for proof in proofs):
        return Finding("failed", "bad_proof")
    if not all(has_its_previous(document, proof) for proof in proofs):
        return Finding("failed", "bad_previous")
    return tuple(map(_claimed, proofs))


def _suite_of(proof: dict[str, Any]) -> Any:
    """What tells one kind of proof from another. Source: VC Data Integrity 1.0, 2.1 (type, cryptosuite)."""
    kind = proof.get("type")
    return proof.get("cryptosuite") if kind == DATA_INTEGRITY else kind


def _claimed(proof: dict[str, Any]) -> ClaimedProof:
    complaint = _complaint(proof)
    return ClaimedProof(
        suite=_suite_of(proof),
        method=method_of(proof),
        proof=proof,
        created="" if complaint else proof.get("created", ""),
        expires="" if complaint else proof.get("expires", ""),
        is_chained=is_chained(proof),
        complaint=complaint,
    )


def _complaint(proof: dict[str, Any]) -> str:
    has_words = all(isinstance(proof.get(name), str) for name in ("verificationMethod", "proofValue"))
    # Another type may call itself as a suite is called.
    is_ours = proof.get("type") == DATA_INTEGRITY and proof.get("proofPurpose") == "assertionMethod"
    if not has_words or not is_ours:
        return "bad_proof"
    return "bad_time" if wrong_time_of(proof) else ""


def forms_of(document: dict[str, Any]) -> CanonicalForms:
    """The canonical forms of what the proofs of a document sign."""
    return CanonicalForms(without_proof(document))


def holds(document: dict[str, Any], claimed: ClaimedProof, public_key: Ed25519PublicKey, forms: CanonicalForms) -> bool:
    """Whether a proof holds for the document that carries it. forms: of that document."""
    try:
        verify_proof(document, claimed.proof, public_key=public_key, forms=forms)
    except ProofError:
        return False
    return True
