"""Credentials that other programs have issued, from tests/vectors/issued-elsewhere, and what is right to say of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.test_verifiers_agree import Case
from tests.vector_files import VECTORS, read_json_vector

FOLDER = VECTORS / "issued-elsewhere"
DID_URL = "https://issuer.example.edu/.well-known/did.json"
NOW = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)


def begin() -> Case:
    """Nothing yet."""
    return Case({}, now=NOW)


def given(name: str, *, key_document: str = "plain") -> Callable[[Case], Any]:
    """The file as it is, and the key document of that name at its issuer's domain."""

    def apply(case: Case) -> None:
        case.raw = (FOLDER / f"{name}.json").read_bytes()
        case.document = json.loads(case.raw)
        case.responses[DID_URL] = read_json_vector("issued-elsewhere/minted-dids.json")[key_document]

    return apply


# The case; the verdict with both suites; a check that says why, with its sentence. A page has nothing but a proof of
# eddsa-rdfc-2022 here, so it says no more than "unknown" until that is loaded.
ELSEWHERE: dict[str, tuple[Callable[[Case], Any], str, str, str]] = {
    "the example of the specification": (
        given("01-spec-example"),
        "holds",
        "status",
        "The issuer offers no way to revoke it.",
    ),
    "no created": (given("06-no-created"), "holds", "proof eddsa-rdfc-2022", "The proof eddsa-rdfc-2022 fits."),
    "a proof that expires in 2040": (
        given("07-proof-expires-2040"),
        "holds",
        "proof eddsa-rdfc-2022",
        "The proof eddsa-rdfc-2022 fits.",
    ),
    "two keys of the issuer": (
        given("08-two-keys"),
        "holds",
        "key",
        "issuer.example.edu lists the signing keys #key-1, #key-2 for signing credentials.",
    ),
    "a proof of an unsupported type": (
        given("09-plus-unsupported-proof-type"),
        "holds",
        "proof Ed25519Signature2020",
        "The proof Ed25519Signature2020 is not checked here.",
    ),
    "no id": (given("12-no-id"), "fails", "signature", "It has no id, which Open Badges 3.0 requires."),
    "no validFrom": (
        given("14-no-validFrom"),
        "fails",
        "dates",
        "It has no validFrom, which Open Badges 3.0 requires.",
    ),
    "two status entries": (
        given("17-two-status-entries"),
        "unknown",
        "status",
        "Could not reach issuer.example.edu to read the revocation list, so whether it was revoked is not known.",
    ),
    "two proofs, and an issuer at an https address": (
        given("1ed-ob30-simple-multiple-proofs"),
        "not_supported",
        "key",
        "Its issuer’s key has an address of a kind that is not looked up here (https://example.com/issuers/876543). "
        "1EdTech’s public validator at https://vc.1ed.tech may know it. Or ask the issuer whether it signed this.",
    ),
    "a status index as a number": (
        given("1ed-ob30-credential-status-revoked-blank-nodes"),
        "not_supported",
        "status",
        "The revocation list could not be checked: this credential's place in its status list is not a number.",
    ),
    **{
        f"the keys as {name}": (
            given("01-spec-example", key_document=name),
            "holds",
            "key",
            "issuer.example.edu lists the signing key #key-1 for signing credentials.",
        )
        for name in ("embedded", "ed2020", "jwk")
    },
    "the keys with relative ids": (
        given("01-spec-example", key_document="relative"),
        "fails",
        "key",
        "The signing key is not accepted: did:web:issuer.example.edu lists no key #key-1.",
    ),
}
