"""Checking proofs, the third step: who signed a document, and whether it is unchanged.

Sources: VC Data Integrity 1.0, 4.2 and 4.4; Controlled Identifiers 1.0, 3.3.
browser/src/verification/proofs/signed.js is the same program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from site_builder.credentials.openbadges3.read import issuer_id_of
from site_builder.credentials.timestamps import parse_timestamp
from site_builder.verification.evidence.memory import Memory, remembered
from site_builder.verification.evidence.source import Fetch
from site_builder.verification.finding import Finding, Outcome
from site_builder.verification.proofs.claimed import ClaimedProof
from site_builder.verification.proofs.table import MECHANISMS, Mechanism
from site_builder.verification.resolve.key import ResolvedKey
from site_builder.verification.resolve.table import resolve
from site_builder.wording import format_date

__all__ = ["ProofsFound", "check_signed"]

_Proofs = tuple[ClaimedProof, ...]
_Keys = Mapping[str, ResolvedKey]
_NO_KEY = Finding("not_checked", "none")
_NO_OWNER = Finding("not_checked", "not_checked")


@dataclass(frozen=True)
class ProofsFound:
    """What the proofs of a document say. proofs: suite and outcome of each. multibases: the keys that were used.

    created: when the first proof that was checked says that it was made, a dateTimeStamp, "" where none says so.
    office: the mailto address of the office of the issuer whose keys were used, "" for none."""

    signature: Finding
    key: Finding = _NO_KEY
    controller: Finding = _NO_OWNER
    proofs: tuple[tuple[str, Finding], ...] = ()
    multibases: tuple[str, ...] = ()
    created: str = ""
    office: str = ""


def check_signed(
    document: dict[str, Any],
    *,
    securing: str,
    fetch: Fetch,
    suites: tuple[str, ...],
    now: datetime,
    memory: Memory | None = None,
) -> ProofsFound:
    """Whether the document is as its issuer signed it.

    Of a proof set, every proof by a key of the issuer counts, each checked with its own key. What others have added is no word of
    the issuer's: it is listed as not checked, and nobody else's domain is asked for it.
    securing: a name in MECHANISMS. suites: the cryptosuites that this verifier has loaded. now: aware.
    memory: what the run knows of the same evidence already."""
    mechanism = MECHANISMS[securing]
    proofs = mechanism.read(document, fetch)
    if isinstance(proofs, Finding):
        return ProofsFound(proofs)
    complaint = next((proof.complaint for proof in proofs if proof.complaint and proof.suite in suites), "")
    if complaint:
        return ProofsFound(Finding("failed", complaint))
    signer = _signer_of(document, proofs, suites)
    checked = [proof for proof in proofs if _without_check(proof, suites, signer) is None]
    if not checked:
        return ProofsFound(
            Finding("not_supported", "no_suite", form="proof-type"), proofs=_unchecked(proofs, suites, signer)
        )
    keys: dict[str, ResolvedKey] = {}
    for proof in checked:
        # All lie in one document, so that the first that cannot be had says enough.
        key = keys.get(proof.method) or remembered(
            memory, ("key", proof.method, now), partial(resolve, proof.method, fetch=fetch, now=now)
        )
        if isinstance(key, Finding):
            no_key = Finding("could_not_check", "no_key")
            return ProofsFound(no_key, key, proofs=_unchecked(proofs, suites, signer))
        keys[proof.method] = key
    forms = mechanism.prepare(document)
    outcomes = tuple(
        (
            p.suite,
            _without_check(p, suites, signer) or _check_proof(document, p, mechanism, keys[p.method], forms, now=now),
        )
        for p in proofs
    )
    controller = _check_controller(document, keys)
    return ProofsFound(
        _signature_of(outcomes),
        _key_finding(keys),
        controller,
        outcomes,
        tuple(key.multibase for key in keys.values()),
        created=next((proof.created for proof in checked if proof.created), ""),
        # Whoever is not the issuer has no say in where its mail goes. All keys lie in one document.
        office=next(iter(keys.values())).office if controller.result == "passed" else "",
    )


def _signer_of(document: dict[str, Any], proofs: _Proofs, suites: tuple[str, ...]) -> str:
    """The DID whose keys are asked for: the issuer's if a proof names it, else that of the first proof, which then is refused by name.

    The issuer's proof may be of a suite that is yet to be loaded: a stranger's beside it is no reason to refuse anything."""
    issuer = issuer_id_of(document)
    if issuer in map(_did_of, proofs):
        return issuer
    return next((_did_of(proof) for proof in proofs if _without_check(proof, suites) is None), "")


def _did_of(proof: ClaimedProof) -> str:
    return proof.method.partition("#")[0]


def _unchecked(proofs: _Proofs, suites: tuple[str, ...], signer: str) -> tuple[tuple[str, Finding], ...]:
    return tuple(
        (proof.suite, _without_check(proof, suites, signer) or _proof_finding(proof, "not_checked", "no_key"))
        for proof in proofs
    )


def _without_check(proof: ClaimedProof, suites: tuple[str, ...], signer: str | None = None) -> Finding | None:
    """What is said of a proof that is not checked here; None of one that is. signer: the only one whose proofs are, None for anybody."""
    if proof.suite not in suites:
        return _proof_finding(proof, "not_checked", "not_checked")
    if proof.is_chained:
        return _proof_finding(proof, "could_not_check", "chained")
    return None if signer in (None, _did_of(proof)) else _proof_finding(proof, "not_checked", "another")


def _proof_finding(proof: ClaimedProof, result: Outcome, reason: str, **values: str) -> Finding:
    return Finding(result, reason, {"suite": proof.suite[:40], **values})


def _check_proof(
    document: dict[str, Any], proof: ClaimedProof, mechanism: Mechanism, key: ResolvedKey, forms: Any, *, now: datetime
) -> Finding:
    if not mechanism.holds(document, proof, key.public_key, forms):
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
    passed = dict.fromkeys(suite for suite, finding in outcomes if finding.result == "passed")
    return Finding("passed", "passed", {"suites": ", ".join(passed)})


def _key_finding(keys: _Keys) -> Finding:
    """What is said of the keys together: each of them is listed."""
    first, *others = (key.passed for key in keys.values())
    if not others:
        return first
    names = ", ".join(f"#{found.values['key']}" for found in (first, *others))
    return Finding("passed", "passed_all", {"keys": names, "domain": first.values["domain"]}, first.source)


def _check_controller(document: dict[str, Any], keys: _Keys) -> Finding:
    """Whether the keys belong to the issuer that the document names: one that does not is told of."""
    issuer = issuer_id_of(document)
    others = [key for key in keys.values() if not key.controller == key.did == issuer]
    word: Outcome = "failed" if others else "passed"
    key = next(iter(others or keys.values()))
    return Finding(word, word, {"did": key.controller[:120]}, key.passed.source)
