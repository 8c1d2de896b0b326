"""Checking proofs, the third step: who signed a document, and whether it is unchanged.

Sources: VC Data Integrity 1.0, 4.2 and 4.4; Controlled Identifiers 1.0, 3.3.
browser/src/verification/proofs/signed.js is the same program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from site_builder.credentials.openbadges3.read import issuer_id_of
from site_builder.verification.evidence.source import Fetch
from site_builder.verification.finding import Finding, Outcome
from site_builder.verification.proofs.claimed import ClaimedProof
from site_builder.verification.proofs.table import MECHANISMS, Mechanism
from site_builder.verification.resolve.key import ResolvedKey
from site_builder.verification.resolve.table import resolve

__all__ = ["ProofsFound", "check_signed"]

_Proofs = tuple[ClaimedProof, ...]
_NO_KEY = Finding("not_checked", "none")
_NO_OWNER = Finding("not_checked", "not_checked")


@dataclass(frozen=True)
class ProofsFound:
    """What the proofs of a document say. proofs: suite and outcome of each. multibase: the key that was used, or ""."""

    signature: Finding
    key: Finding = _NO_KEY
    controller: Finding = _NO_OWNER
    proofs: tuple[tuple[str, Finding], ...] = ()
    multibase: str = ""


def check_signed(document: dict[str, Any], *, securing: str, fetch: Fetch, suites: tuple[str, ...]) -> ProofsFound:
    """Whether the document is as its issuer signed it.

    securing: a name in MECHANISMS. suites: the cryptosuites that this verifier has loaded."""
    mechanism = MECHANISMS[securing]
    proofs = mechanism.read(document, fetch)
    if isinstance(proofs, Finding):
        return ProofsFound(proofs)
    methods = {proof.method for proof in proofs if proof.suite in suites}
    if not methods:
        return ProofsFound(Finding("could_not_check", "no_suite"), proofs=_unchecked(proofs, suites))
    if len(methods) > 1:
        # An issuer signs with one key at a time; two keys in one set would need two verdicts.
        return ProofsFound(Finding("failed", "bad_proof"))
    key = resolve(methods.pop(), fetch=fetch)
    if isinstance(key, Finding):
        return ProofsFound(Finding("could_not_check", "no_key"), key, proofs=_unchecked(proofs, suites))
    outcomes = tuple((proof.suite, _check_proof(document, proof, mechanism, key, suites=suites)) for proof in proofs)
    return ProofsFound(_signature_of(outcomes), key.passed, _check_controller(document, key), outcomes, key.multibase)


def _unchecked(proofs: _Proofs, suites: tuple[str, ...]) -> tuple[tuple[str, Finding], ...]:
    def reason(suite: str) -> str:
        return "no_key" if suite in suites else "not_checked"

    return tuple((proof.suite, _proof_finding(proof, "not_checked", reason(proof.suite))) for proof in proofs)


def _proof_finding(proof: ClaimedProof, result: Outcome, reason: str) -> Finding:
    return Finding(result, reason, {"suite": proof.suite[:40]})


def _check_proof(
    document: dict[str, Any], proof: ClaimedProof, mechanism: Mechanism, key: ResolvedKey, *, suites: tuple[str, ...]
) -> Finding:
    if proof.suite not in suites:
        return _proof_finding(proof, "not_checked", "not_checked")
    word: Outcome = "passed" if mechanism.holds(document, proof, key.public_key) else "failed"
    return _proof_finding(proof, word, word)


def _signature_of(outcomes: tuple[tuple[str, Finding], ...]) -> Finding:
    """At least one proof must be checked, and every proof of a suite that this verifier has loaded must hold."""
    if any(finding.result == "failed" for _, finding in outcomes):
        return Finding("failed", "failed")
    passed = ", ".join(suite for suite, finding in outcomes if finding.result == "passed")
    return Finding("passed", "passed", {"suites": passed})


def _check_controller(document: dict[str, Any], key: ResolvedKey) -> Finding:
    """Whether the key belongs to the issuer that the document names."""
    word: Outcome = "passed" if key.controller == key.did == issuer_id_of(document) else "failed"
    return Finding(word, word, {"did": key.controller[:120]}, key.passed.source)
