"""A verification method, looked up: the public key, who controls it, and what is said of that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from site_builder.verification.finding import Finding

__all__ = ["KeyText", "ResolvedKey"]


class KeyText(NamedTuple):
    """What the evidence says of a verification method: its publicKeyMultibase and its controller.

    expires: the dateTimeStamp from which on it is not accepted, "" for none. office: the mailto address of the controller's office
    in the same evidence, "" for none."""

    multibase: str
    controller: str
    expires: str = ""
    office: str = ""


@dataclass(frozen=True)
class ResolvedKey:
    """A public key that its controller lists. did: the DID that the method's address begins with. passed: the finding, with its source.

    office: the mailto address of the office of that DID, "" for none."""

    public_key: Ed25519PublicKey
    multibase: str
    controller: str
    did: str
    passed: Finding
    office: str = ""
