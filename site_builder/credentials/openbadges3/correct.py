"""A credential of which some members are stated anew, and all others as they were signed, whatever they are."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from site_builder.credentials.securing.data_integrity import without_proof

__all__ = ["restate"]

Json = dict[str, Any]


def restate(
    previous: Json, rebuilt: Json, *, document: Iterable[str], subject: Iterable[str], is_other_email: bool
) -> Json:
    """The previous credential as a version of its own, without proof, with what it is to state taken from the rebuilt one.

    document, subject: members of the credential and of its subject that are taken, or go where the rebuilt one has none. The name is
    taken always, and the digest of the e-mail address where that is another."""
    restated = deepcopy(without_proof(previous))
    for member in ("id", "credentialStatus", *document):
        _take(restated, rebuilt, member)
    recipient, other = restated["credentialSubject"], rebuilt["credentialSubject"]
    for member in subject:
        _take(recipient, other, member)
    hashes = (other if is_other_email else recipient)["identifier"][1:]
    recipient["identifier"] = [other["identifier"][0], *hashes]
    return restated


def _take(target: Json, source: Json, member: str) -> None:
    if member in source:
        target[member] = source[member]
    else:
        target.pop(member, None)
