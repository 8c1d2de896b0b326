"""Verifying one credential in five steps: decode, resolve, proofs, status, content. Each step is a table of the forms that it knows.

A report is a list of named checks, from evidence that is fetched there and then. Sources: Open Badges 3.0, Verification
(OpenBadgeCredential); VCDM 2.0, 7.1. browser/src/verification/verify.js is the same program, step by step, with the same sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.openbadges3.read import credential_id_of, issuer_id_of
from site_builder.credentials.securing.data_integrity import SUITES
from site_builder.encoding import parse_json
from site_builder.verification.content.dates import date_of
from site_builder.verification.content.statement import Statement
from site_builder.verification.content.table import check_content
from site_builder.verification.decode.table import decode
from site_builder.verification.domain import domain_of
from site_builder.verification.evidence.memory import Memory
from site_builder.verification.evidence.source import Fetch, cached
from site_builder.verification.finding import Finding, Outcome
from site_builder.verification.headline import headline_of
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.proofs.signed import ProofsFound, check_signed
from site_builder.verification.report import MAX_QUOTED, Check, Report, legible, sentence, verdict_of
from site_builder.verification.status.table import check_status

__all__ = ["verify_credential"]

_Findings = list[tuple[str, Finding]]


def verify_credential(
    raw: bytes,
    *,
    fetch: Fetch,
    now: datetime,
    page: StatementPage | None = None,
    suites: tuple[str, ...] = SUITES,
    where: str = "on this computer",
    shown_as: Callable[[str], str] = lambda address: address,
    read: Callable[[bytes], Any] = parse_json,
    read_at: datetime | None = None,
    memory: Memory | None = None,
) -> Report:
    """The report on the credential in raw (JSON). fetch: bytes at an https address, or FetchError. now: aware.

    where and shown_as: how a report speaks of the place and of each address, when the evidence is not from the web.
    page: what the credential's page states, when there is one to compare. read: parse_json, or one like it that remembers.
    read_at: when the status list was read, if now is an earlier moment that is asked about: it need not have been there then.
    memory: of the run that fetch belongs to; None for one that asks for a single credential.
    Never raises for what the document says."""
    context = _VerificationContext(_written(now), where, shown_as)
    presented = decode(raw, read=read)
    document = presented.document
    if presented.refusal is not None:
        return _report(document, [("signature", presented.refusal)], context)
    fetch = fetch if memory else cached(fetch)
    signed = check_signed(document, securing=presented.securing, fetch=fetch, suites=suites, now=now, memory=memory)
    status = check_status(document, fetch=fetch, suites=suites, now=max(now, read_at or now), memory=memory)
    # A key that anybody can use proves nothing, whichever others have signed, too. A page names the first of them.
    is_demo = any(map(is_demo_key, signed.multibases))
    multibase = next(iter(signed.multibases), "")
    content = check_content(Statement(document, page, now, status, multibase, signed.office))
    return _report(document, [*_findings_of(signed), *content], context, is_demo=is_demo)


# A run has one moment.
@lru_cache(maxsize=8)
def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _findings_of(signed: ProofsFound) -> _Findings:
    """What the proofs say, in the order in which a report has it."""
    proofs = [(f"proof {suite[:40]}", finding) for suite, finding in signed.proofs]
    return [("signature", signed.signature), *proofs, ("key", signed.key), ("controller", signed.controller)]


# A check that does not apply is shown and does not count.
_DO_NOT_COUNT = {("status", "none"), ("page", "not_checked"), ("page", "unknown_release")}


@dataclass(frozen=True)
class _VerificationContext:
    """When (as reports print it) and where a verification takes place, and how its sources are called."""

    at: str
    where: str
    shown_as: Callable[[str], str]


def _report(
    document: dict[str, Any], findings: _Findings, context: _VerificationContext, *, is_demo: bool = False
) -> Report:
    checks = tuple(_check(name, finding, context) for name, finding in findings)
    verdict, decided_by = verdict_of(checks, is_demo=is_demo, is_copy=False)
    issuer = issuer_id_of(document)
    headline = headline_of(
        verdict,
        decided_by,
        checks,
        is_demo=is_demo,
        where=context.where,
        domain=domain_of(issuer),
        date=date_of(document, verdict),
    )
    form = decided_by.form if verdict == "not_supported" and decided_by else ""
    return Report(verdict, headline, checks, credential_id_of(document), issuer, form=form)


def _check(name: str, finding: Finding, context: _VerificationContext) -> Check:
    """A finding in the words of a report."""
    source = legible(context.shown_as(finding.source)) if finding.source else ""
    values = tuple((key, value[:MAX_QUOTED]) for key, value in finding.values.items())
    return _worded(name, finding.result, finding.reason, finding.form, values, source, context.at)


# Of most credentials of a site the same is found.
@lru_cache(maxsize=512)
def _worded(
    name: str, result: Outcome, reason: str, form: str, values: tuple[tuple[str, str], ...], source: str, at: str
) -> Check:
    group = name.split(" ")[0]
    counts = group != "proof" and (name, reason) not in _DO_NOT_COUNT
    text = sentence("form" if form else group, reason, **dict(values))
    return Check(legible(name), result, reason, text, source, at, counts, form)
