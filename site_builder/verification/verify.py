"""Verifying one Open Badges 3.0 credential: named checks, from evidence that is fetched there and then.

Sources: Open Badges 3.0, Verification (OpenBadgeCredential); Bitstring Status List 1.0, 3.2; VCDM 2.0, 4.9.
browser/src/verify.js is the same program, step by step, with the same sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.securing.data_integrity import SUITES
from site_builder.credentials.securing.rdfc import CREDENTIALS_V2, OPEN_BADGES_3
from site_builder.credentials.status.bitstring import StatusError, is_set, read_entry, read_list
from site_builder.encoding import EncodingError, parse_json
from site_builder.verification.page.compare import compare_page
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.report import Check, Report, check_name, legible, sentence, verdict_of
from site_builder.verification.signed import Fetch, FetchError, Finding, Signed, check_signed, domain_of, issuer_of
from site_builder.wording import format_date

__all__ = ["cached", "date_of", "verify_credential"]

_CONTEXTS = [CREDENTIALS_V2, OPEN_BADGES_3]
_LIST_CONTEXTS = [CREDENTIALS_V2]


def verify_credential(
    raw: bytes,
    *,
    fetch: Fetch,
    now: datetime,
    page: StatementPage | None = None,
    suites: tuple[str, ...] = SUITES,
    where: str = "on this computer",
    source_of: Callable[[str], str] = lambda address: address,
    read: Callable[[bytes], Any] = parse_json,
) -> Report:
    """The report on the credential in raw (JSON). fetch: bytes at an https address, or FetchError. now: aware.

    where and source_of: how a report speaks of the place and of each address, when the evidence is not from the web.
    page: what the credential's page states, when there is one to compare. read: parse_json, or one like it that remembers.
    Never raises for what the document says."""
    told = _VerificationContext(now, where, source_of)
    try:
        document = read(raw)
    except EncodingError as error:
        return _report({}, [("signature", Finding("failed", "not_json", {"reason": str(error)}))], told)
    refusal = _shape_refusal(document)
    if refusal is not None:
        return _report(document if isinstance(document, dict) else {}, [("signature", refusal)], told)
    fetch_once = cached(fetch)
    signed = check_signed(document, fetch=fetch_once, suites=suites)
    status = _check_status(document, fetch=fetch_once, suites=suites)
    findings = [
        ("signature", signed.signature),
        *((f"proof {suite[:40]}", finding) for suite, finding in signed.proofs),
        ("key", signed.key),
        ("controller", signed.controller),
        ("dates", _check_dates(document, now=now)),
        ("status", status),
        ("page", _check_page(document, page, status=status)),
    ]
    return _report(document, findings, told, is_demo=is_demo_key(signed.multibase))


def cached(fetch: Fetch) -> Fetch:
    """The same fetch, asking once for each address: a credential and its list name one key document."""
    known: dict[str, bytes] = {}

    def fetch_once(url: str) -> bytes:
        if url not in known:
            known[url] = fetch(url)
        return known[url]

    return fetch_once


def _shape_refusal(document: Any) -> Finding | None:
    """Why a document is not a credential that this program knows. Source: Open Badges 3.0, AchievementCredential."""
    strange = Finding("failed", "not_open_badges")
    if not isinstance(document, dict):
        return strange
    types, subject = document.get("type"), document.get("credentialSubject")
    if not isinstance(types, list) or "VerifiableCredential" not in types or not isinstance(subject, dict):
        return strange
    if "OpenBadgeCredential" not in types and "AchievementCredential" not in types:
        return strange
    if (
        not issuer_of(document)
        or not isinstance(document.get("id"), str)
        or not isinstance(subject.get("achievement"), dict)
    ):
        return strange
    return None if document.get("@context") == _CONTEXTS else Finding("could_not_check", "contexts")


# Hours to 23 and minutes to 59, also in the offset: what Python reads beyond that differs by version.
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_STAMP = re.compile(rf"\d{{4}}-\d\d-\d\dT{_TIME}:[0-5]\d(?:\.\d{{1,9}})?(?:Z|[+-]{_TIME})", re.ASCII)


def _parse_stamp(text: Any) -> datetime:
    """An xsd:dateTimeStamp, to the second. Raises ValueError."""
    if not isinstance(text, str) or not _STAMP.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(re.sub(r"\.\d+", "", text))


def _check_dates(document: dict[str, Any], *, now: datetime) -> Finding:
    try:
        start = _parse_stamp(document.get("validFrom"))
        end = _parse_stamp(document["validUntil"]) if "validUntil" in document else None
        awarded = _parse_stamp(document["awardedDate"]) if "awardedDate" in document else None
    except ValueError:
        return Finding("failed", "failed")
    if (end is not None and end < start) or (awarded is not None and awarded > start):
        return Finding("failed", "failed")
    words = {"from": format_date(document["validFrom"])} | (
        {"until": format_date(document["validUntil"])} if end else {}
    )
    if now < start:
        return Finding("failed", "not_yet_valid", words)
    if end is None:
        return Finding("passed", "passed", words)
    return Finding("failed", "expired", words) if now > end else Finding("passed", "passed_until", words)


def _check_status(document: dict[str, Any], *, fetch: Fetch, suites: tuple[str, ...]) -> Finding:
    if "credentialStatus" not in document:
        return Finding("not_checked", "none")
    url = ""
    try:
        url, index = read_entry(document["credentialStatus"])
        if not url.startswith("https://"):
            raise StatusError("it does not lie at an https address")
        status_list = parse_json(fetch(url))
        bits = read_list(status_list, url=url)
        if status_list.get("@context") != _LIST_CONTEXTS or issuer_of(status_list) != issuer_of(document):
            raise StatusError("it is not by the issuer of the credential")
        refusal = _list_refusal(check_signed(status_list, fetch=fetch, suites=suites))
        revoked = is_set(bits, index)
    except FetchError:
        return Finding("could_not_check", "unreachable", {"domain": domain_of(url)}, url)
    except (StatusError, EncodingError) as error:
        return Finding("failed", "failed", {"reason": str(error)}, url)
    if refusal is not None:
        return Finding(refusal.result, refusal.reason, refusal.values, url)
    return Finding("failed", "revoked", {}, url) if revoked else Finding("passed", "passed", {}, url)


def _list_refusal(signed: Signed) -> Finding | None:
    """Why a status list proves nothing: it needs a proof of its own, by a key of the same issuer."""
    findings = (signed.signature, signed.key, signed.controller)
    if any(finding.result == "failed" for finding in findings):
        return Finding("failed", "failed", {"reason": "its own signature does not hold"})
    if any(finding.result != "passed" for finding in findings):
        return Finding("could_not_check", "unproven", {"reason": "its own signature could not be checked"})
    return None


def _check_page(document: dict[str, Any], page: StatementPage | None, *, status: Finding) -> Finding:
    if page is None:
        return Finding("not_checked", "not_checked")
    difference = compare_page(page, document)
    if page.is_tombstone and status.result in ("passed", "not_checked"):
        difference = "it says that the credential was withdrawn, and the revocation list does not"
    if difference:
        return Finding("failed", "failed", {"reason": difference})
    return Finding("passed", "tombstone" if page.is_tombstone else "passed")


# A check that does not apply is shown and does not count.
_DO_NOT_COUNT = {("status", "none"), ("page", "not_checked")}


@dataclass(frozen=True)
class _VerificationContext:
    """When and where a verification took place, and how its sources are called."""

    now: datetime
    where: str
    source_of: Callable[[str], str]


def _report(
    document: dict[str, Any], findings: list[tuple[str, Finding]], told: _VerificationContext, *, is_demo: bool = False
) -> Report:
    at = told.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    checks = []
    for name, finding in findings:
        group = name.split(" ")[0]
        counts = group != "proof" and (name, finding.reason) not in _DO_NOT_COUNT
        text = sentence(group, finding.reason, **finding.values)
        source = legible(told.source_of(finding.source)) if finding.source else ""
        checks.append(Check(legible(name), finding.result, finding.reason, text, source, at, counts))
    verdict, decided_by = verdict_of(tuple(checks), is_demo=is_demo, is_copy=False)
    headline = sentence(
        "headline",
        verdict,
        where=told.where,
        domain=domain_of(issuer_of(document)),
        date=date_of(document, verdict),
        check=check_name(decided_by) if decided_by else "",
    )
    identifier = document.get("id")
    return Report(
        verdict, headline, tuple(checks), identifier if isinstance(identifier, str) else "", issuer_of(document)
    )


def date_of(document: dict[str, Any], verdict: str) -> str:
    """The date that a verdict speaks of, as pages print it; "" when it speaks of none."""
    stamp = {"expired": "validUntil", "not_yet_valid": "validFrom"}.get(verdict)
    return format_date(document[stamp]) if stamp else ""
