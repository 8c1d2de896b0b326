"""The status of a credential by its place in its issuer's signed list. Source: Bitstring Status List 1.0, 3.2."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from site_builder.credentials.openbadges3.read import issuer_id_of
from site_builder.credentials.securing.contexts import CREDENTIALS_V2
from site_builder.credentials.securing.data_integrity import DATA_INTEGRITY
from site_builder.credentials.status.bitstring import StatusError, is_set, read_entry, read_list
from site_builder.credentials.timestamps import parse_timestamp
from site_builder.encoding import EncodingError, parse_json
from site_builder.verification.domain import domain_of
from site_builder.verification.evidence.memory import Memory, remembered
from site_builder.verification.evidence.source import Fetch, FetchError
from site_builder.verification.finding import Finding
from site_builder.verification.proofs.signed import ProofsFound, check_signed
from site_builder.wording import format_date

__all__ = ["check_bitstring"]

_LIST_CONTEXTS = [CREDENTIALS_V2]


class _ReadList(NamedTuple):
    """A list that was read. said: of a bit that is not set; of every bit, if the list is not proven."""

    bits: bytes
    said: Finding
    is_proven: bool


def check_bitstring(
    entry: Any,
    *,
    issuer: str,
    fetch: Fetch,
    suites: tuple[str, ...],
    now: datetime,
    memory: Memory | None = None,
) -> Finding:
    """Whether the list that an entry of credentialStatus names, signed by the same issuer, has the credential's bit set.

    The values of a passed finding have the day as `date`, and as `signed` the dateTimeStamp that it comes from, if the list has one."""
    try:
        url, index = read_entry(entry)
        if not url.startswith("https://"):
            raise StatusError("its list does not lie at an https address")
    except StatusError as error:
        return _unread(str(error))
    found = remembered(
        memory,
        ("status list", url, issuer, suites, now),
        lambda: _read_list(url, issuer=issuer, fetch=fetch, suites=suites, now=now, memory=memory),
    )
    if isinstance(found, Finding):
        return found
    try:
        is_revoked = is_set(found.bits, index)
    except StatusError as error:
        return Finding("failed", "failed", {"reason": str(error)}, url)
    return Finding("failed", "revoked", {}, url) if is_revoked and found.is_proven else found.said


def _read_list(
    url: str, *, issuer: str, fetch: Fetch, suites: tuple[str, ...], now: datetime, memory: Memory | None
) -> _ReadList | Finding:
    """The list at an address, or what is found instead."""
    try:
        status_list = parse_json(fetch(url))
        bits = read_list(status_list, url=url)
        if status_list.get("@context") != _LIST_CONTEXTS:
            return Finding("not_supported", "other_status", {}, url, "status-kind")
        if issuer_id_of(status_list) != issuer:
            raise StatusError("it is not by the issuer of the credential")
        signed = check_signed(status_list, securing=DATA_INTEGRITY, fetch=fetch, suites=suites, now=now, memory=memory)
    except FetchError:
        return Finding("could_not_check", "unreachable", {"domain": domain_of(url)}, url)
    except (StatusError, EncodingError) as error:
        return Finding("failed", "failed", {"reason": str(error)}, url)
    refusal = _list_refusal(signed) or _date_refusal(status_list, now)
    said = _not_revoked(signed, status_list, url) if refusal is None else replace(refusal, source=url)
    return _ReadList(bits, said, is_proven=refusal is None)


def _list_refusal(signed: ProofsFound) -> Finding | None:
    """Why a status list proves nothing: it needs a proof of its own, by a key of the same issuer."""
    findings = (signed.signature, signed.key, signed.controller)
    if any(finding.result == "failed" and finding.reason != "ended" for finding in findings):
        return Finding("failed", "failed", {"reason": "its own signature does not hold"})
    if signed.signature.reason == "ended":
        return _unread(f"it was valid until {signed.signature.values['date']} only")
    if any(finding.result != "passed" for finding in findings):
        return Finding("could_not_check", "unproven", {"reason": "its own signature could not be checked"})
    return None


def _date_refusal(status_list: dict[str, Any], now: datetime) -> Finding | None:
    """Why a status list says nothing about today: it is a credential, with a beginning and an end if it likes.

    Source: VCDM 2.0, 4.9 (Validity Period)."""
    start, end = (
        parse_timestamp(status_list[name]) if name in status_list else now for name in ("validFrom", "validUntil")
    )
    if start is None or end is None:
        return _unread("its dates cannot be read")
    if now < start:
        return _unread(f"it begins on {format_date(status_list['validFrom'])}, which is still to come")
    return _unread(f"it was valid until {format_date(status_list['validUntil'])} only") if now > end else None


def _unread(reason: str) -> Finding:
    return Finding("could_not_check", "unread", {"reason": reason})


def _not_revoked(signed: ProofsFound, status_list: dict[str, Any], url: str) -> Finding:
    """With the day on which the list was signed: a list from yesterday cannot know of today."""
    stamp = signed.created or status_list.get("validFrom", "")
    if not stamp:
        return Finding("passed", "undated", {}, url)
    return Finding("passed", "passed", {"date": format_date(stamp), "signed": stamp}, url)
