"""Checking the status, the fourth step. A new kind of credentialStatus is a module beside this and a row here.

Source: VCDM 2.0, 4.10 (Status)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from site_builder.credentials.openbadges3.read import issuer_id_of
from site_builder.credentials.status.bitstring import is_revocation_entry
from site_builder.verification.evidence.memory import Memory
from site_builder.verification.evidence.source import Fetch
from site_builder.verification.finding import Finding
from site_builder.verification.status.bitstring import check_bitstring

__all__ = ["STATUS_KINDS", "StatusKind", "check_status"]

_MAX_ENTRIES = 8
_OTHER_KIND = Finding("not_supported", "other_status", form="status-kind")


class _Check(Protocol):
    """What is found of one credentialStatus. issuer: of the credential. suites: that this verifier has loaded. now: aware.

    memory: what the run knows of the same evidence already."""

    def __call__(
        self,
        entry: Any,
        *,
        issuer: str,
        fetch: Fetch,
        suites: tuple[str, ...],
        now: datetime,
        memory: Memory | None = None,
    ) -> Finding: ...


@dataclass(frozen=True)
class StatusKind:
    """A kind of credentialStatus: whether an entry is one, and how it is checked."""

    recognises: Callable[[Any], bool]
    check: _Check


STATUS_KINDS = (StatusKind(is_revocation_entry, check_bitstring),)


def check_status(
    document: dict[str, Any],
    *,
    fetch: Fetch,
    suites: tuple[str, ...],
    now: datetime,
    memory: Memory | None = None,
) -> Finding:
    """What the credential's status says, as its issuer publishes it. memory: what the run knows of the same evidence already.

    Of several entries each is a word of the issuer's: one that revokes is enough, and "not revoked" needs all of them."""
    if "credentialStatus" not in document:
        return Finding("not_checked", "none")
    status = document["credentialStatus"]
    entries = status if isinstance(status, list) else [status]
    if not 1 <= len(entries) <= _MAX_ENTRIES:
        return _OTHER_KIND
    check = partial(_check_entry, issuer=issuer_id_of(document), fetch=fetch, suites=suites, now=now, memory=memory)
    return min(map(check, entries), key=_rank)


def _check_entry(entry: Any, **evidence: Any) -> Finding:
    kind = next((kind for kind in STATUS_KINDS if kind.recognises(entry)), None)
    return kind.check(entry, **evidence) if kind else _OTHER_KIND


def _rank(finding: Finding) -> tuple[bool, int, str]:
    """Which of several findings is told: the worst, and of good ones the one of the oldest list, without a day first."""
    order = ("failed", "could_not_check", "not_supported", "passed")
    return finding.reason != "revoked", order.index(finding.result), finding.values.get("signed", "")
