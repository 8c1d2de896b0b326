"""The status of a credential by its place in its issuer's signed list. Source: Bitstring Status List 1.0, 3.2."""

from __future__ import annotations

from typing import Any

from site_builder.credentials.openbadges3.read import issuer_id_of
from site_builder.credentials.securing.data_integrity import DATA_INTEGRITY
from site_builder.credentials.securing.rdfc import CREDENTIALS_V2
from site_builder.credentials.status.bitstring import StatusError, is_set, read_entry, read_list
from site_builder.encoding import EncodingError, parse_json
from site_builder.verification.domain import domain_of
from site_builder.verification.evidence.source import Fetch, FetchError
from site_builder.verification.finding import Finding
from site_builder.verification.proofs.signed import ProofsFound, check_signed

__all__ = ["check_bitstring"]

_LIST_CONTEXTS = [CREDENTIALS_V2]


def check_bitstring(entry: Any, *, issuer: str, fetch: Fetch, suites: tuple[str, ...]) -> Finding:
    """Whether the list that a credentialStatus names, signed by the same issuer, has the credential's bit set."""
    url = ""
    try:
        url, index = read_entry(entry)
        if not url.startswith("https://"):
            raise StatusError("it does not lie at an https address")
        status_list = parse_json(fetch(url))
        bits = read_list(status_list, url=url)
        if status_list.get("@context") != _LIST_CONTEXTS or issuer_id_of(status_list) != issuer:
            raise StatusError("it is not by the issuer of the credential")
        refusal = _list_refusal(check_signed(status_list, securing=DATA_INTEGRITY, fetch=fetch, suites=suites))
        is_revoked = is_set(bits, index)
    except FetchError:
        return Finding("could_not_check", "unreachable", {"domain": domain_of(url)}, url)
    except (StatusError, EncodingError) as error:
        return Finding("failed", "failed", {"reason": str(error)}, url)
    if refusal is not None:
        return Finding(refusal.result, refusal.reason, refusal.values, url)
    return Finding("failed", "revoked", {}, url) if is_revoked else Finding("passed", "passed", {}, url)


def _list_refusal(signed: ProofsFound) -> Finding | None:
    """Why a status list proves nothing: it needs a proof of its own, by a key of the same issuer."""
    findings = (signed.signature, signed.key, signed.controller)
    if any(finding.result == "failed" for finding in findings):
        return Finding("failed", "failed", {"reason": "its own signature does not hold"})
    if any(finding.result != "passed" for finding in findings):
        return Finding("could_not_check", "unproven", {"reason": "its own signature could not be checked"})
    return None
