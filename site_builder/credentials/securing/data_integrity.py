"""Data Integrity proofs with the cryptosuites eddsa-rdfc-2022 and eddsa-jcs-2022.

Source: Data Integrity EdDSA Cryptosuites 1.0, 3.2 (rdfc) and 3.3 (jcs); VC Data Integrity 1.0, 2.1 and 4."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from site_builder.credentials.securing.contexts import CONTEXTS
from site_builder.credentials.securing.ed25519 import sign, verify
from site_builder.credentials.securing.flat_json import FlatJson, flatten
from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.credentials.securing.rdfc import CanonicalizationError, canonicalize_rdf
from site_builder.credentials.securing.second_opinion import Sample, compare_with_second
from site_builder.credentials.securing.shape_store import shape_of
from site_builder.credentials.timestamps import parse_timestamp
from site_builder.encoding import (
    EncodingError,
    are_fast_roads_open,
    format_base58btc,
    format_sorted_json,
    parse_base58btc,
)
from site_builder.errors import Error

__all__ = [
    "DATA_INTEGRITY",
    "JCS",
    "RDFC",
    "SUITES",
    "CanonicalForms",
    "ProofError",
    "add_proof_set",
    "create_proof",
    "has_its_previous",
    "hash_data",
    "is_chained",
    "is_own_proof_set",
    "method_of",
    "proofs_of",
    "verify_proof",
    "without_proof",
    "wrong_time_of",
]

# The type of every proof of this mechanism.
DATA_INTEGRITY = "DataIntegrityProof"
RDFC = "eddsa-rdfc-2022"
JCS = "eddsa-jcs-2022"


class ProofError(Error):
    """A proof that does not hold, with the reason."""


def add_proof_set(
    document: dict[str, Any], *, signing_key: Ed25519PrivateKey, verification_method: str, created: datetime
) -> dict[str, Any]:
    """The document with one proof of each suite, rdfc first: what most verifiers take is the first one.

    Raises what create_proof raises, and DifferentFormError: a sample of documents is shown to a second implementation of RDFC-1.0."""
    forms = CanonicalForms(document)
    proofs = [
        create_proof(
            forms, suite=suite, signing_key=signing_key, verification_method=verification_method, created=created
        )
        for suite in SUITES
    ]
    if forms.flat is None or _SAMPLE.wants(shape_of(forms.flat)):
        compare_with_second(document, forms.rdf)
    return {**document, "proof": proofs}


_SAMPLE = Sample()


def is_own_proof_set(document: dict[str, Any], *, verification_method: str) -> bool:
    """Whether the proofs of a document have the form that add_proof_set gives them; whether they hold is another question."""
    proofs = proofs_of(document)
    suites = [proof.get("cryptosuite") for proof in proofs]
    return (
        document.get("proof") == proofs
        and suites == list(SUITES)
        and all(
            set(proof) - {"@context"} == _MEMBERS
            and ("@context" in proof) == (proof["cryptosuite"] == JCS)
            and proof["verificationMethod"] == verification_method
            for proof in proofs
        )
    )


# What every proof of our own says.
_MEMBERS = {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}


def create_proof(
    document: dict[str, Any] | CanonicalForms,
    *,
    suite: str,
    signing_key: Ed25519PrivateKey,
    verification_method: str,
    created: datetime,
    contexts: Mapping[str, Any] = CONTEXTS,
) -> dict[str, Any]:
    """A proof of the document (given without proof), or of its forms. created: aware, UTC. Source: EdDSA Cryptosuites 3.2.1, 3.3.1.

    Raises ProofError for a suite that is not one of SUITES and for a document without @context, CanonicalizationError or
    EncodingError for one without a canonical form."""
    if suite not in SUITES:
        raise ProofError(f"{suite!r} is not a cryptosuite that is known here; known are {' and '.join(SUITES)}")
    forms = document if isinstance(document, CanonicalForms) else CanonicalForms(document, contexts)
    if "@context" not in forms.document:
        # eddsa-jcs-2022 alone could sign it, and a verifier would have to guess what its members mean.
        raise ProofError("a document without @context gets no proof")
    proof: dict[str, Any] = {
        "type": DATA_INTEGRITY,
        "cryptosuite": suite,
        "created": _format_created(created.replace(tzinfo=None)),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }
    if suite == JCS:
        proof = {"@context": forms.document["@context"], **proof}
    if wrong_time_of(proof):
        raise ProofError("a proof is made at a date and time in the years 1000 to 9999")
    signature = sign(signing_key, _hash_data(forms, proof))
    return {**proof, "proofValue": "z" + format_base58btc(signature)}


@lru_cache(maxsize=16)
def _format_created(created: datetime) -> str:
    """All that is signed in one run has one time. created: naive, as aware times of two zones can be equal."""
    return created.strftime("%Y-%m-%dT%H:%M:%SZ")


def verify_proof(
    document: dict[str, Any],
    proof: dict[str, Any],
    *,
    public_key: Ed25519PublicKey,
    contexts: Mapping[str, Any] = CONTEXTS,
    forms: CanonicalForms | None = None,
) -> None:
    """Returns when the proof holds for the document (with or without its proofs). Raises ProofError.

    forms: those of the document without its proofs, for a caller who verifies several.
    `expires` is not compared with anything: there is no clock here. Source: EdDSA Cryptosuites 3.2.2, 3.3.2."""
    if name := wrong_time_of(proof):
        raise ProofError(f"this proof's {name} is not a date and time with its offset")
    if not has_its_previous(document, proof):
        raise ProofError("this proof follows another one, which the document does not have")
    if proof.get("type") != DATA_INTEGRITY or proof.get("cryptosuite") not in SUITES or is_chained(proof):
        raise ProofError("this proof is of a kind that is not checked here")
    value = proof.get("proofValue")
    if not isinstance(value, str) or not value.startswith("z"):
        raise ProofError("this proof has no proofValue in base58btc")
    config = {key: inner for key, inner in proof.items() if key != "proofValue"}
    try:
        signature = parse_base58btc(value[1:], max_characters=90)
        forms = forms or CanonicalForms(without_proof(document), contexts)
        verify(public_key, signature, _hash_data(forms, config))
    except InvalidSignature as error:
        raise ProofError("the signature does not fit: something was changed after signing") from error
    except (EncodingError, CanonicalizationError) as error:
        raise ProofError(str(error)) from error


def wrong_time_of(proof: dict[str, Any]) -> str:
    """Which of created and expires is there and no time, "" for neither. Both may be left out.

    Source: EdDSA Cryptosuites 3.2.5, 3.3.5 (created); VC Data Integrity 1.0, 2.1 (expires)."""
    times = ("created", "expires")
    return next((name for name in times if name in proof and parse_timestamp(proof[name]) is None), "")


def has_its_previous(document: dict[str, Any], proof: dict[str, Any]) -> bool:
    """Whether the proofs that a proof follows, if any, are proofs of the document. Source: VC Data Integrity 1.0, 4.5 (previousProof)."""
    if not is_chained(proof):
        return True
    previous = proof["previousProof"]
    named = previous if isinstance(previous, list) else [previous]
    known = [other["id"] for other in proofs_of(document) if isinstance(other.get("id"), str)]
    return bool(named) and all(name in known for name in named)


def is_chained(proof: dict[str, Any]) -> bool:
    """Whether a proof follows others of its document, and signs those too. Source: VC Data Integrity 1.0, 2.1.2 (Proof Chains)."""
    return "previousProof" in proof


def without_proof(document: dict[str, Any]) -> dict[str, Any]:
    """The document that its proofs sign: each proof signs everything but the proofs."""
    return {key: value for key, value in document.items() if key != "proof"}


def proofs_of(document: dict[str, Any], *, suite: str = "") -> list[dict[str, Any]]:
    """The proofs of a document, as a list whatever its form; with a suite, those of this suite."""
    proof = document.get("proof", [])
    proofs = proof if isinstance(proof, list) else [proof]
    return [item for item in proofs if isinstance(item, dict) and suite in ("", item.get("cryptosuite"))]


def method_of(proof: dict[str, Any]) -> str:
    """The verification method that a proof names; "" for none."""
    method = proof.get("verificationMethod")
    return method if isinstance(method, str) else ""


class CanonicalForms:
    """The canonical forms of a document (given without its proofs), each computed once, when it is asked for.

    Both raise what canonicalize_rdf and canonicalize_jcs raise. The document may not change in the meantime."""

    def __init__(self, document: dict[str, Any], contexts: Mapping[str, Any] = CONTEXTS) -> None:
        self.document = document
        self.contexts = contexts

    @cached_property
    def flat(self) -> FlatJson | None:
        """The flat form that both come from."""
        return flatten(self.document)

    @cached_property
    def rdf(self) -> bytes:
        """Canonical N-Quads."""
        return canonicalize_rdf(self.document, contexts=self.contexts, flat=self.flat)

    @cached_property
    def jcs(self) -> bytes:
        """Canonical JSON."""
        return canonicalize_jcs(self.document, flat=self.flat)


def hash_data(document: dict[str, Any], config: dict[str, Any], *, contexts: Mapping[str, Any] = CONTEXTS) -> bytes:
    """The 64 bytes that are signed: SHA-256 of the canonical proof configuration, then of the canonical document.

    Source: EdDSA Cryptosuites 3.2.3 to 3.2.5, 3.3.3 to 3.3.5."""
    return _hash_data(CanonicalForms(document, contexts), config)


def _hash_data(forms: CanonicalForms, config: dict[str, Any]) -> bytes:
    config_bytes, document_bytes = _CANONICAL_FORMS[config["cryptosuite"]](forms, config)
    return hashlib.sha256(config_bytes).digest() + hashlib.sha256(document_bytes).digest()


def _canonical_rdf(forms: CanonicalForms, config: dict[str, Any]) -> tuple[bytes, bytes]:
    own = {**config, "@context": forms.document.get("@context")}
    raw = format_sorted_json(own) if forms.contexts is CONTEXTS and are_fast_roads_open() else None
    if raw is None or len(raw) > _MOST_CONFIG_BYTES:
        return canonicalize_rdf(own, contexts=forms.contexts), forms.rdf
    return _canonical_config(raw), forms.rdf


_MOST_CONFIG_BYTES = 2_048


@lru_cache(maxsize=256)
def _canonical_config(raw: bytes) -> bytes:
    """The canonical N-Quads of a proof configuration: all documents that one run signs have the same."""
    return canonicalize_rdf(json.loads(raw))


def _canonical_jcs(forms: CanonicalForms, config: dict[str, Any]) -> tuple[bytes, bytes]:
    """Source: EdDSA Cryptosuites 3.3.2, step 4. We ask for equality where the suite asks for a common beginning: contexts
    that a proof does not cover could rename what it does."""
    if "@context" in config and config["@context"] != forms.document.get("@context"):
        raise ProofError("the proof was made for other JSON-LD contexts than the document has")
    return canonicalize_jcs(config), forms.jcs


# The cryptosuites: how each writes a proof's configuration and the document as bytes. A new one is a function and a row here.
_CANONICAL_FORMS = {RDFC: _canonical_rdf, JCS: _canonical_jcs}
# In the order in which a document is signed.
SUITES = tuple(_CANONICAL_FORMS)
