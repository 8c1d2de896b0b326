"""Checking proofs, the third step: who signed a document, and whether it is unchanged.

Sources: VC Data Integrity 1.0, 4.2 and 4.4; Controlled Identifiers 1.0, 3.3.
browser/src/verification/proofs/signed.js is the same program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from site_builder.credentials.openbadges3.read import issuer_id_of
from site_builder.credentials.timestamps import parse_timestamp
from site_builder.verification.evidence.source import Fetch
from site_builder.verification.finding import Finding, Outcome
from site_builder.verification.proofs.claimed import ClaimedProof
from site_builder.verification.proofs.table import MECHANISMS, Mechanism
from site_builder.verification.resolve.key import ResolvedKey
from site_builder.verification.resolve.table import resolve
from site_builder.wording import format_date

__all__ = ["ProofsFound", "check_signed"]

_Proofs = tuple[ClaimedProof, ...]
_NO_KEY = Finding("not_checked", "none")
_NO_OWNER = Finding("not_checked", "not_checked")


@dataclass(frozen=True)
class ProofsFound:
    """What the proofs of a document say. proofs: suite and outcome of each. multibase: the key that was used, or "".

    created: when the first proof that holds says that it was made, a dateTimeStamp, "" where it does not say so."""

    signature: Finding
    key: Finding = _NO_KEY
    controller: Finding = _NO_OWNER
    proofs: tuple[tuple[str, Finding], ...] = ()
    multibase: str = ""
    created: str = ""


def check_signed(
    document: dict[str, Any], *, securing: str, fetch: Fetch, suites: tuple[str, ...], now: datetime
) -> ProofsFound:
    """Whether the document is as its issuer signed it.

    securing: a name in MECHANISMS. suites: the cryptosuites that this verifier has loaded. now: aware."""
    mechanism = MECHANISMS[securing]
    proofs = mechanism.read(document, fetch)
    if isinstance(proofs, Finding):
        return ProofsFound(proofs)
    checkable = [proof for proof in proofs if _without_check(proof, suites) is None]
    methods = {proof.method for proof in checkable}
    # Those who sign one after the other have a key each.
    is_chain = len(methods) > 1 and any(proof.is_chained for proof in proofs)
    if not methods or is_chain:
        return ProofsFound(Finding("not_supported", "no_suite", form="proof-type"), proofs=_unchecked(proofs, suites))
    if len(methods) > 1:
        # An issuer signs with one key at a time; two keys in one set would need two verdicts.
        return ProofsFound(Finding("failed", "bad_proof"))
    key = resolve(methods.pop(), fetch=fetch, now=now)
    if isinstance(key, Finding):
        return ProofsFound(Finding("could_not_check", "no_key"), key, proofs=_unchecked(proofs, suites))
    outcomes = tuple((p.suite, _check_proof(document, p, mechanism, key, suites=suites, now=now)) for p in proofs)
    created = next((proof.created for proof in checkable if proof.created), "")
    controller = _check_controller(document, key)
    return ProofsFound(_signature_of(outcomes), key.passed, controller, outcomes, key.multibase, created)


def _unchecked(proofs: _Proofs, suites: tuple[str, ...]) -> tuple[tuple[str, Finding], ...]:
    return tuple(
        (proof.suite, _without_check(proof, suites) or _proof_finding(proof, "not_checked", "no_key"))
        for proof in proofs
    )


def _without_check(proof: ClaimedProof, suites: tuple[str, ...]) -> Finding | None:
    """What is said of a proof that is not checked here; None of one that is."""
    if proof.suite not in suites:
        return _proof_finding(proof, "not_checked", "not_checked")
    return _proof_finding(proof, "could_not_check", "chained") if proof.is_chained else None


def _proof_finding(proof: ClaimedProof, result: Outcome, reason: str, **values: str) -> Finding:
    return Finding(result, reason, {"suite": proof.suite[:40], **values})


def _check_proof(
    document: dict[str, Any],
    proof: ClaimedProof,
    mechanism: Mechanism,
    key: ResolvedKey,
    *,
    suites: tuple[str, ...],
    now: datetime,
) -> Finding:
    unchecked = _without_check(proof, suites)
    if unchecked is not None:
        return unchecked
    if not mechanism.holds(document, proof, key.public_key):
        return _proof_finding(proof, "failed", "failed")
    end = parse_timestamp(proof.expires)
    if end is not None and now > end:
        return _proof_finding(proof, "failed", "ended", date=format_date(proof.expires))
    return _proof_finding(proof, "passed", "passed")


def _signature_of(outcomes: tuple[tuple[str, Finding], ...]) -> Finding:
    """At least one proof must be checked, and every proof of a suite that this verifier has loaded must hold."""
    failed = [finding for _, finding in outcomes if finding.result == "failed"]
    if failed:
        # Of a proof that does not hold, the end means nothing either.
        return next((finding for finding in failed if finding.reason == "failed"), failed[0])
    passed = ", ".join(suite for suite, finding in outcomes if finding.result == "passed")
    return Finding("passed", "passed", {"suites": passed})


def _check_controller(document: dict[str, Any], key: ResolvedKey) -> Finding:
    """Whether the key belongs to the issuer that the document names."""
    word: Outcome = "passed" if key.controller == key.did == issuer_id_of(document) else "failed"
    return Finding(word, word, {"did": key.controller[:120]}, key.passed.source)
