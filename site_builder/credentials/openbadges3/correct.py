"""A corrected credential: some members are replaced, all others stay as they were signed, whatever they are."""

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
    """The next version of a credential, without proof: the previous one with some members taken from the rebuilt one.

    document, subject: names of the members to take from the credential and from its subject; a member that the rebuilt one lacks is
    removed. Address, status and name are always taken, the digest of the e-mail address only if is_other_email."""
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
