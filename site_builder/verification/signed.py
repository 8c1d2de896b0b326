"""Who signed a document, and whether it is unchanged: proofs, key and controller.

Sources: VC Data Integrity 1.0, 4.2 and 4.4; Controlled Identifiers 1.0, 3.3. browser/src/signed.js is the same program."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from site_builder.credentials.identifiers.did_web import DidError, did_document_url, find_key, is_did_web
from site_builder.credentials.identifiers.multikey import KeyTextError, parse_public_key
from site_builder.credentials.securing.data_integrity import ProofError, proofs_of, verify_proof
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Error
from site_builder.verification.report import Outcome

__all__ = ["Fetch", "FetchError", "Finding", "Signed", "check_signed", "domain_of", "issuer_of"]

_MAX_PROOFS = 8
# No user name before the host: a sentence about harbour.example.org@elsewhere.example would mislead.
_HTTPS_HOST = re.compile(r"https://([A-Za-z0-9.-]+(?::[0-9]{1,5})?)(?=[/?#]|\Z)")


class FetchError(Error):
    """Something could not be fetched. It says nothing about the credential."""


Fetch = Callable[[str], bytes]


@dataclass(frozen=True)
class Finding:
    """The outcome of one check: reason and values name a sentence of words.json. source: where the evidence came from."""

    result: Outcome
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True)
class Signed:
    """What the proofs of a document say. proofs: suite and outcome of each. multibase: the key that was used, or ""."""

    signature: Finding
    key: Finding = Finding("not_checked", "none")
    controller: Finding = Finding("not_checked", "not_checked")
    proofs: tuple[tuple[str, Finding], ...] = ()
    multibase: str = ""


def issuer_of(document: dict[str, Any]) -> str:
    """The issuer's id, whether the issuer is an object or just an address; "" when there is none."""
    issuer = document.get("issuer")
    identifier = issuer.get("id") if isinstance(issuer, dict) else issuer
    return identifier if isinstance(identifier, str) else ""


def domain_of(address: str) -> str:
    """The host that an https address or a did:web belongs to; "" for anything else."""
    if is_did_web(address):
        address = did_document_url(address)
    found = _HTTPS_HOST.match(address)
    return found[1] if found else ""


def check_signed(document: dict[str, Any], *, fetch: Fetch, suites: tuple[str, ...]) -> Signed:
    """Whether the document is as its issuer signed it. suites: the cryptosuites that this verifier has loaded."""
    proofs = proofs_of(document)
    if not proofs:
        return Signed(Finding("failed", "no_proof"))
    if len(proofs) > _MAX_PROOFS or not all(map(_is_complete, proofs)):
        return Signed(Finding("failed", "bad_proof"))
    methods = {proof["verificationMethod"] for proof in proofs if proof["cryptosuite"] in suites}
    if not methods:
        return Signed(Finding("could_not_check", "no_suite"), proofs=_unchecked(proofs, suites))
    if len(methods) > 1:
        # An issuer signs with one key at a time; two keys in one set would need two verdicts.
        return Signed(Finding("failed", "bad_proof"))
    return _check_with_key(document, proofs, methods.pop(), fetch=fetch, suites=suites)


def _is_complete(proof: dict[str, Any]) -> bool:
    words = [proof.get(name) for name in ("type", "cryptosuite", "verificationMethod", "proofValue", "created")]
    # Laurels sets no end to a proof; one that another issuer set is not passed over.
    is_endless = "expires" not in proof
    return (
        all(isinstance(word, str) for word in words) and proof.get("proofPurpose") == "assertionMethod" and is_endless
    )


def _unchecked(proofs: list[dict[str, Any]], suites: tuple[str, ...]) -> tuple[tuple[str, Finding], ...]:
    def reason(suite: str) -> str:
        return "no_key" if suite in suites else "not_checked"

    return tuple((proof["cryptosuite"], _said(proof, "not_checked", reason(proof["cryptosuite"]))) for proof in proofs)


def _said(proof: dict[str, Any], result: Outcome, reason: str) -> Finding:
    return Finding(result, reason, {"suite": proof["cryptosuite"][:40]})


def _check_with_key(
    document: dict[str, Any], proofs: list[dict[str, Any]], method: str, *, fetch: Fetch, suites: tuple[str, ...]
) -> Signed:
    did, _, fragment = method.partition("#")
    source = did_document_url(did) if is_did_web(did) else ""
    try:
        if not source:
            key = Finding("could_not_check", "not_did", {"did": did[:120]})
        else:
            multibase, controller = find_key(parse_json(fetch(source)), method)
            public_key = parse_public_key(multibase)
            key = Finding("passed", "passed", {"key": fragment, "domain": domain_of(did)}, source)
    except FetchError:
        key = Finding("could_not_check", "unreachable", {"domain": domain_of(did)}, source)
    except (DidError, KeyTextError, EncodingError) as error:
        key = Finding("failed", "failed", {"reason": str(error)}, source)
    if key.result != "passed":
        return Signed(Finding("could_not_check", "no_key"), key, proofs=_unchecked(proofs, suites))
    signature, found = _check_proofs(document, proofs, public_key, suites=suites)
    is_issuer = controller == did == issuer_of(document)
    owner = Finding(
        "passed" if is_issuer else "failed", "passed" if is_issuer else "failed", {"did": controller[:120]}, source
    )
    return Signed(signature, key, owner, found, multibase)


def _check_proofs(
    document: dict[str, Any], proofs: list[dict[str, Any]], public_key: Ed25519PublicKey, *, suites: tuple[str, ...]
) -> tuple[Finding, tuple[tuple[str, Finding], ...]]:
    """At least one proof must be checked, and every proof of a suite that this verifier has loaded must hold."""
    found = [(proof["cryptosuite"], _check_proof(document, proof, public_key, suites=suites)) for proof in proofs]
    if any(finding.result == "failed" for _, finding in found):
        return Finding("failed", "failed"), tuple(found)
    passed = ", ".join(suite for suite, finding in found if finding.result == "passed")
    return Finding("passed", "passed", {"suites": passed}), tuple(found)


def _check_proof(
    document: dict[str, Any], proof: dict[str, Any], public_key: Ed25519PublicKey, *, suites: tuple[str, ...]
) -> Finding:
    if proof["cryptosuite"] not in suites:
        return _said(proof, "not_checked", "not_checked")
    try:
        verify_proof(document, proof, public_key=public_key)
    except ProofError:
        return _said(proof, "failed", "failed")
    return _said(proof, "passed", "passed")
