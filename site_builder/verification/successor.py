"""What took a credential's place: the newer version of a revoked one, or the same one, signed anew with another key.

A holder keeps files that their issuer has replaced since. versions.json, unsigned, says where to look; what is said then rests on the
signed document found there. Nothing of it turns a bad word into a good one. browser/src/verification/successor.js is the same program."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from site_builder.credentials.securing.data_integrity import SUITES
from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.credentials.urls import credential_file
from site_builder.encoding import EncodingError, parse_json
from site_builder.verification.content.dates import date_of
from site_builder.verification.domain import domain_of
from site_builder.verification.evidence.memory import Memory
from site_builder.verification.evidence.source import Fetch, FetchError, cached
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.report import STATUS_VERDICTS, Check, Report, sentence
from site_builder.verification.verify import verify_credential
from site_builder.verification.versions import VersionsError, parse_versions, version_number

__all__ = ["verify_and_follow"]

_MAX_ADDRESS = 500
# Host, folder and file of a credential's id, in letters that every program reads alike: what lies beside it is on the same host.
_ADDRESS = re.compile(r"(https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/(?:[A-Za-z0-9_~%-][A-Za-z0-9._~%-]*/)*)([a-z0-9.-]+)")
# What a document may be found to be that takes the place of another.
_STANDING = ("holds", "demo", "expired", "not_yet_valid")


def verify_and_follow(
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
    """The report of verify_credential, which has the same arguments; of a replaced credential with its successor.

    One step, no further: the successor's own report follows nothing."""
    fetch_once = fetch if memory else cached(fetch)
    verify = partial(
        verify_credential,
        fetch=fetch_once,
        now=now,
        suites=suites,
        where=where,
        shown_as=shown_as,
        read=read,
        read_at=read_at,
        memory=memory,
    )
    report = verify(raw, page=page)
    try:
        return _followed(report, raw, fetch=fetch_once, verify=verify, read=read)
    except (FetchError, EncodingError, VersionsError):
        return report


def _followed(
    report: Report, raw: bytes, *, fetch: Fetch, verify: Callable[[bytes], Report], read: Callable[[bytes], Any]
) -> Report:
    """The report with what took the credential's place, when its address leads there.

    Raises FetchError, EncodingError or VersionsError."""
    found = _ADDRESS.fullmatch(report.credential)
    number = version_number(found[2]) if found else 0
    if not found or not number or len(found[0]) > _MAX_ADDRESS:
        return report
    if report.verdict == "revoked":
        return _superseded(report, found[1], number, fetch=fetch, verify=verify, read=read)
    if _wants_key(report):
        return _signed_anew(report, found[1], raw, fetch=fetch, verify=verify, read=read)
    return report


def _superseded(
    report: Report,
    folder: str,
    number: int,
    *,
    fetch: Fetch,
    verify: Callable[[bytes], Report],
    read: Callable[[bytes], Any],
) -> Report:
    """The report on a revoked version, which says so when the issuer has published a newer one that stands."""
    current = parse_versions(fetch(f"{folder}versions.json")).current
    if current <= number:
        return report
    address = folder + credential_file(current)
    raw = fetch(address)
    newer = verify(raw)
    if newer.verdict not in _STANDING or (newer.credential, newer.issuer) != (address, report.issuer):
        return report
    words = {"domain": domain_of(report.issuer), "date": date_of(read(raw), newer.verdict)}
    headline = f"{sentence('headline', 'superseded', **words)} {sentence('current', newer.verdict, **words)}"
    text = sentence("status", "superseded", version=str(current))
    checks = _with_check(report, "status", reason="superseded", sentence=text)
    return replace(report, verdict="superseded", headline=headline, checks=checks, successor=folder)


def _wants_key(report: Report) -> bool:
    """Whether the refused key is all that speaks against a credential, but for what can befall any."""
    failed = [check for check in report.checks if check.counts and check.result == "failed"]
    return [check.name for check in failed if check.reason not in STATUS_VERDICTS] == ["key"]


def _signed_anew(
    report: Report,
    folder: str,
    raw: bytes,
    *,
    fetch: Fetch,
    verify: Callable[[bytes], Report],
    read: Callable[[bytes], Any],
) -> Report:
    """The report on a file whose key is no longer accepted, which says so when its address has the same with a new proof.

    The verdict stays: whether this very file was ever signed, nobody can tell any more."""
    there = fetch(report.credential)
    if _unsigned(read(there)) != _unsigned(read(raw)) or verify(there).verdict not in _STANDING:
        return report
    words = {"domain": domain_of(report.issuer)}
    text = f"{report.check('key').sentence} {sentence('key', 'signed_anew', **words)}"
    checks = _with_check(report, "key", sentence=text)
    return replace(report, headline=sentence("headline", "signed_anew", **words), checks=checks, successor=folder)


def _unsigned(document: Any) -> bytes:
    """The canonical form of a document without its proofs. Raises EncodingError."""
    if not isinstance(document, dict):
        raise EncodingError("this is not a JSON object")
    return canonicalize_jcs({name: value for name, value in document.items() if name != "proof"})


def _with_check(report: Report, name: str, **changes: Any) -> tuple[Check, ...]:
    return tuple(replace(check, **changes) if check.name == name else check for check in report.checks)
