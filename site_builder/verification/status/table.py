"""Checking the status, the fourth step. A new kind of credentialStatus is a module beside this and a row here.

Source: VCDM 2.0, 4.10 (Status)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from site_builder.credentials.openbadges3.read import issuer_id_of
from site_builder.credentials.status.bitstring import is_revocation_entry
from site_builder.verification.evidence.source import Fetch
from site_builder.verification.finding import Finding
from site_builder.verification.status.bitstring import check_bitstring

__all__ = ["STATUS_KINDS", "StatusKind", "check_status"]


class _Check(Protocol):
    """What is found of one credentialStatus. issuer: of the credential. suites: that this verifier has loaded."""

    def __call__(self, entry: Any, *, issuer: str, fetch: Fetch, suites: tuple[str, ...]) -> Finding: ...


@dataclass(frozen=True)
class StatusKind:
    """A kind of credentialStatus: whether an entry is one, and how it is checked."""

    recognises: Callable[[Any], bool]
    check: _Check


STATUS_KINDS = (StatusKind(is_revocation_entry, check_bitstring),)


def check_status(document: dict[str, Any], *, fetch: Fetch, suites: tuple[str, ...]) -> Finding:
    """What the credential's status says, as its issuer publishes it. What no kind recognises, the first refuses."""
    if "credentialStatus" not in document:
        return Finding("not_checked", "none")
    entry = document["credentialStatus"]
    kind = next((kind for kind in STATUS_KINDS if kind.recognises(entry)), STATUS_KINDS[0])
    return kind.check(entry, issuer=issuer_id_of(document), fetch=fetch, suites=suites)
