"""Data Integrity proofs: every intermediate value of the published vectors, and each refusal."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from site_builder.credentials.identifiers.multikey import parse_private_key, parse_public_key
from site_builder.credentials.securing.contexts import CREDENTIALS_V2, DID_V1
from site_builder.credentials.securing.data_integrity import (
    JCS,
    RDFC,
    ProofError,
    add_proof_set,
    create_proof,
    hash_data,
    proofs_of,
    verify_proof,
    without_proof,
)
from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.credentials.securing.rdfc import CanonicalizationError, canonicalize_rdf
from site_builder.encoding import format_base58btc, parse_base58btc
from tests.support import fake_key
from tests.vector_files import VECTOR_CONTEXTS, read_json_vector, read_vector

Json = dict[str, Any]

EDDSA = "vc-di-eddsa"
W3C_PAIR = read_json_vector(f"{EDDSA}/keyPair.json")
CREATED = datetime(2026, 5, 14, 8, 0, 0, tzinfo=UTC)


# -- the W3C's worked examples ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Worked:
    """A worked example: where its files lie, how their names end, and what it signs."""

    folder: str
    ending: str
    unsigned: str

    def text(self, name: str) -> str:
        return read_vector(f"{EDDSA}/{self.folder}/{name}{self.ending}.txt")

    def json(self, name: str) -> Json:
        found: Json = read_json_vector(f"{EDDSA}/{self.folder}/{name}{self.ending}.json")
        return found


WORKED = [
    Worked("eddsa-rdfc-2022", "DataInt", "unsigned.json"),
    Worked("eddsa-rdfc-2022/employ", "DataInt", "employmentAuth.json"),
    Worked("eddsa-jcs-2022", "JCS", "unsigned.json"),
]


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked.folder)
def test_each_step_of_the_w3c_s_worked_example_is_met(worked: Worked) -> None:
    document = read_json_vector(f"{EDDSA}/{worked.unsigned}")
    config, signed = worked.json("proofConfig"), worked.json("signed")
    if config["cryptosuite"] == RDFC:
        canonical = canonicalize_rdf(document, contexts=VECTOR_CONTEXTS)
        canonical_config = canonicalize_rdf(config, contexts=VECTOR_CONTEXTS)
    else:
        canonical, canonical_config = canonicalize_jcs(document), canonicalize_jcs(config)
    assert canonical.decode() == worked.text("canonDoc")
    assert canonical_config.decode() == worked.text("proofCanon")
    assert hashlib.sha256(canonical).hexdigest() == worked.text("docHash")
    assert hashlib.sha256(canonical_config).hexdigest() == worked.text("proofHash")
    data = hash_data(document, config, contexts=VECTOR_CONTEXTS)
    assert data.hex() == worked.text("combinedHash")
    signature = parse_private_key(W3C_PAIR["privateKeyMultibase"]).sign(data)
    assert signature.hex() == worked.text("sigHex")
    assert "z" + format_base58btc(signature) == worked.text("sigBTC58") == signed["proof"]["proofValue"]


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked.folder)
def test_proof_of_the_w3c_s_worked_example_holds_and_is_created_alike(worked: Worked) -> None:
    signed = worked.json("signed")
    proof = signed["proof"]
    verify_proof(signed, proof, public_key=parse_public_key(W3C_PAIR["publicKeyMultibase"]), contexts=VECTOR_CONTEXTS)
    made = create_proof(
        without_proof(signed),
        suite=proof["cryptosuite"],
        signing_key=parse_private_key(W3C_PAIR["privateKeyMultibase"]),
        verification_method=proof["verificationMethod"],
        created=datetime.strptime(proof["created"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
        contexts=VECTOR_CONTEXTS,
    )
    assert made == proof


def test_both_members_of_the_w3c_s_proof_set_hold_by_their_own_key_only() -> None:
    signed = read_json_vector(f"{EDDSA}/proof-set-chain/signedProofSet2.json")
    pairs = read_json_vector(f"{EDDSA}/proof-set-chain/multiKeyPairs.json")
    keys = [parse_public_key(pairs[name]["publicKeyMultibase"]) for name in ("keyPair1", "keyPair2")]
    for proof, key, other in zip(proofs_of(signed), keys, reversed(keys), strict=True):
        verify_proof(signed, proof, public_key=key, contexts=VECTOR_CONTEXTS)
        with pytest.raises(ProofError, match="does not fit"):
            verify_proof(signed, proof, public_key=other, contexts=VECTOR_CONTEXTS)


def test_member_of_a_proof_chain_does_not_hold_alone() -> None:
    # previousProof makes a proof sign the proofs before it too (VC Data Integrity 1.0, 4.3): a chain is not checked here.
    signed = read_json_vector(f"{EDDSA}/proof-set-chain/signedProofChain1.json")
    pairs = read_json_vector(f"{EDDSA}/proof-set-chain/multiKeyPairs.json")
    chained = [proof for proof in proofs_of(signed) if "previousProof" in proof]
    assert chained
    for proof in chained:
        for pair in pairs.values():
            with pytest.raises(ProofError):
                verify_proof(
                    signed, proof, public_key=parse_public_key(pair["publicKeyMultibase"]), contexts=VECTOR_CONTEXTS
                )


# -- the 1EdTech implementation guides -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["obv3p0", "clrv2p0"])
def test_each_step_of_the_implementation_guide_s_example_is_met(name: str) -> None:
    folder = f"ob3-impl-guide/{name}"
    values, signed = read_json_vector(f"{folder}/values.json"), read_json_vector(f"{folder}/signed.json")
    assert without_proof(signed) == read_json_vector(f"{folder}/unsigned.json")
    [proof] = proofs_of(signed)
    config = {key: value for key, value in proof.items() if key != "proofValue"}
    canonical = canonicalize_rdf(without_proof(signed), contexts=VECTOR_CONTEXTS)
    canonical_config = canonicalize_rdf(config | {"@context": signed["@context"]}, contexts=VECTOR_CONTEXTS)
    # The guide's text files end without the last line's end.
    assert canonical.decode().rstrip("\n") == read_vector(f"{folder}/document-canon.txt").rstrip("\n")
    assert canonical_config.decode().rstrip("\n") == read_vector(f"{folder}/proof-canon.txt").rstrip("\n")
    assert hashlib.sha256(canonical).hexdigest() == values["documentHash"]
    assert hashlib.sha256(canonical_config).hexdigest() == values["proofHash"]
    data = hash_data(without_proof(signed), config, contexts=VECTOR_CONTEXTS)
    assert data.hex() == values["data"]
    signing_key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(values["secretKeyHex"])[:32])
    assert signing_key.sign(data).hex() == values["signature"] == parse_base58btc(proof["proofValue"][1:]).hex()
    verify_proof(signed, proof, public_key=parse_public_key(values["publicKeyMultibase"]), contexts=VECTOR_CONTEXTS)


# -- a proof set of our own ------------------------------------------------------------------------------------------

METHOD = "did:web:badges.laurels.example:issuers:school#key-1"
UNSIGNED: Json = {
    "@context": [CREDENTIALS_V2],
    "id": "https://badges.laurels.example/c/1.json",
    "type": ["VerifiableCredential"],
    "name": "Knots",
    "issuer": "did:web:badges.laurels.example:issuers:school",
    "validFrom": "2026-05-14T00:00:00Z",
    "credentialSubject": {"id": "did:example:ada"},
}
SIGNED = add_proof_set(UNSIGNED, signing_key=fake_key(), verification_method=METHOD, created=CREATED)
PUBLIC_KEY = fake_key().public_key()


def check(document: Json, suite: str, *, public_key: Ed25519PublicKey = PUBLIC_KEY) -> None:
    [proof] = [proof for proof in proofs_of(document) if proof.get("cryptosuite") == suite]
    verify_proof(document, proof, public_key=public_key)


def test_proof_set_has_the_rdfc_proof_first_and_both_hold() -> None:
    assert [proof["cryptosuite"] for proof in SIGNED["proof"]] == [RDFC, JCS]
    assert without_proof(SIGNED) == UNSIGNED
    for suite in (RDFC, JCS):
        check(SIGNED, suite)
        check({**SIGNED, "proof": SIGNED["proof"][::-1]}, suite)


def test_proof_has_exactly_the_parts_of_its_suite() -> None:
    rdfc, jcs = SIGNED["proof"]
    parts = ["type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"]
    assert list(rdfc) == parts
    assert list(jcs) == ["@context", *parts]
    assert jcs["@context"] == UNSIGNED["@context"]
    assert rdfc["created"] == "2026-05-14T08:00:00Z"


def test_each_proof_signs_the_document_without_any_proof() -> None:
    alone = {**UNSIGNED, "proof": SIGNED["proof"][0]}
    check(alone, RDFC)


def test_order_of_keys_and_white_space_are_not_signed() -> None:
    turned = dict(reversed(list(SIGNED.items())))
    for suite in (RDFC, JCS):
        check(turned, suite)


@pytest.mark.parametrize(
    ("document", "count"),
    [
        ({}, 0),
        ({"proof": {}}, 1),
        ({"proof": [{}, {}]}, 2),
        ({"proof": "x"}, 0),
        ({"proof": ["x", {}, None]}, 1),
        ({"proof": None}, 0),
    ],
)
def test_proofs_of_a_document_are_a_list_in_whatever_form(document: Json, count: int) -> None:
    assert len(proofs_of(document)) == count


def proof_part(name: str, value: Any) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        for proof in document["proof"]:
            if value is None:
                proof.pop(name, None)
            else:
                proof[name] = value

    return change


def document_part(name: str, value: Any) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        document[name] = value

    return change


def flip_signature(document: Json) -> None:
    for proof in document["proof"]:
        raw = bytearray(parse_base58btc(proof["proofValue"][1:]))
        raw[10] ^= 1
        proof["proofValue"] = "z" + format_base58btc(bytes(raw))


def swap_signatures(document: Json) -> None:
    first, second = document["proof"]
    first["proofValue"], second["proofValue"] = second["proofValue"], first["proofValue"]


def swap_suites(document: Json) -> None:
    first, second = document["proof"]
    first["cryptosuite"], second["cryptosuite"] = second["cryptosuite"], first["cryptosuite"]


REFUSED: dict[str, Callable[[Json], None]] = {
    "another name": document_part("name", "Splices"),
    "a further claim": document_part("description", "With honours"),
    "another context": document_part("@context", [CREDENTIALS_V2, DID_V1, "https://example.org/x"]),
    "no context": lambda document: document.pop("@context"),
    "another type of proof": proof_part("type", "Ed25519Signature2020"),
    "no type of proof": proof_part("type", None),
    "another date of signing": proof_part("created", "2020-01-01T00:00:00Z"),
    "no date of signing": proof_part("created", None),
    "another purpose": proof_part("proofPurpose", "authentication"),
    "no purpose": proof_part("proofPurpose", None),
    "another key": proof_part("verificationMethod", METHOD + "2"),
    "a challenge added": proof_part("challenge", "x"),
    "an undefined part added": proof_part("note", "x"),
    "an earlier proof added": proof_part("previousProof", "urn:uuid:1"),
    "an end added": proof_part("expires", "2040-01-01T00:00:00Z"),
    "no proofValue": proof_part("proofValue", None),
    "an empty proofValue": proof_part("proofValue", ""),
    "the prefix as proofValue": proof_part("proofValue", "z"),
    "base64url as proofValue": proof_part("proofValue", "uAAAA"),
    "a number as proofValue": proof_part("proofValue", 5),
    "a very long proofValue": proof_part("proofValue", "z" + "2" * 10_000),
    "not base58 as proofValue": proof_part("proofValue", "z0OIl"),
    "an old signature's bytes": proof_part("proofValue", "z" + format_base58btc(b"\0" * 64)),
    "one bit of the signatures": flip_signature,
    "signatures exchanged": swap_signatures,
    "suites exchanged": swap_suites,
}


@pytest.mark.parametrize("suite", [RDFC, JCS])
@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED.keys())
def test_proof_does_not_hold_after_a_change(change: Callable[[Json], None], suite: str) -> None:
    document = copy.deepcopy(SIGNED)
    change(document)
    [proof] = [proof for proof in document["proof"] if proof["cryptosuite"] == suite]
    with pytest.raises(ProofError):
        verify_proof(document, proof, public_key=PUBLIC_KEY)


@pytest.mark.parametrize("suite", ["eddsa-2022", "ecdsa-rdfc-2019", "EDDSA-RDFC-2022", "", 5, None], ids=repr)
def test_proof_of_another_suite_is_not_checked_here(suite: Any) -> None:
    proof = SIGNED["proof"][0] | {"cryptosuite": suite}
    with pytest.raises(ProofError, match="of a kind that is not checked here"):
        verify_proof(SIGNED, proof, public_key=PUBLIC_KEY)


@pytest.mark.parametrize("suite", [RDFC, JCS])
def test_proof_does_not_hold_by_another_key(suite: str) -> None:
    with pytest.raises(ProofError, match="does not fit"):
        check(SIGNED, suite, public_key=fake_key("another").public_key())


def test_jcs_proof_whose_contexts_are_only_the_beginning_is_refused() -> None:
    # The suite would allow it (3.3.2, step 4); a later context can rename what the proof covers.
    longer = {**SIGNED, "@context": [CREDENTIALS_V2, DID_V1]}
    with pytest.raises(ProofError, match="other JSON-LD contexts"):
        check(longer, JCS)


def proof_with(suite: str, **options: Any) -> Json:
    """A proof that the key has made with these options; None leaves one out."""
    made = next(proof for proof in SIGNED["proof"] if proof["cryptosuite"] == suite)
    config = {name: value for name, value in (made | options).items() if name != "proofValue" and value is not None}
    return config | {"proofValue": "z" + format_base58btc(fake_key().sign(hash_data(UNSIGNED, config)))}


# created and expires are optional (VC Data Integrity 1.0, 2.1); where they are, they are times.
TIMES = [None, "2026-05-14T08:00:00Z", "2026-05-14T10:00:00+02:00", "2026-05-14T08:00:00.123456789Z"]
NO_TIMES = ["invalidDate", "", "2026-13-45T99:99:99Z", "2026-02-30T00:00:00Z", "2026-05-14T08:00:00", "2026-05-14"]


@pytest.mark.parametrize("suite", [RDFC, JCS])
@pytest.mark.parametrize("name", ["created", "expires"])
@pytest.mark.parametrize("text", TIMES)
def test_proof_may_say_when_it_was_made_and_when_it_ends(name: str, text: str | None, suite: str) -> None:
    verify_proof(UNSIGNED, proof_with(suite, **{name: text}), public_key=PUBLIC_KEY)


@pytest.mark.parametrize("suite", [RDFC, JCS])
@pytest.mark.parametrize("name", ["created", "expires"])
@pytest.mark.parametrize("text", NO_TIMES)
def test_time_of_a_proof_that_is_none_is_an_error_though_the_key_signed_it(name: str, text: str, suite: str) -> None:
    with pytest.raises(ProofError, match=f"{name} is not a date and time"):
        verify_proof(UNSIGNED, proof_with(suite, **{name: text}), public_key=PUBLIC_KEY)


@pytest.mark.parametrize("value", [5, ["2026-05-14T08:00:00Z"], {}], ids=str)
def test_time_of_a_proof_that_is_no_text_is_an_error_though_the_key_signed_it(value: Any) -> None:
    with pytest.raises(ProofError, match="created is not a date and time"):
        verify_proof(UNSIGNED, proof_with(JCS, created=value), public_key=PUBLIC_KEY)


@pytest.mark.parametrize("previous", ["urn:uuid:9", ["urn:uuid:1", "urn:uuid:9"], [], 1], ids=str)
def test_proof_that_follows_one_that_is_not_there_is_an_error_though_the_key_signed_it(previous: Any) -> None:
    document = UNSIGNED | {"proof": [SIGNED["proof"][0] | {"id": "urn:uuid:1"}]}
    with pytest.raises(ProofError, match="follows another one, which the document does not have"):
        verify_proof(document, proof_with(JCS, previousProof=previous), public_key=PUBLIC_KEY)


def test_proof_that_follows_another_is_of_a_kind_that_is_not_checked_here() -> None:
    document = UNSIGNED | {"proof": [SIGNED["proof"][0] | {"id": "urn:uuid:1"}]}
    with pytest.raises(ProofError, match="of a kind that is not checked here"):
        verify_proof(document, proof_with(JCS, previousProof="urn:uuid:1"), public_key=PUBLIC_KEY)


def test_no_proof_is_made_with_a_suite_that_is_not_known() -> None:
    with pytest.raises(ProofError, match="'x' is not a cryptosuite that is known here; known are eddsa-rdfc-2022 and"):
        create_proof(UNSIGNED, suite="x", signing_key=fake_key(), verification_method=METHOD, created=CREATED)


@pytest.mark.parametrize("suite", [RDFC, JCS])
def test_document_without_contexts_gets_no_proof(suite: str) -> None:
    document = {name: value for name, value in UNSIGNED.items() if name != "@context"}
    with pytest.raises(ProofError, match="without @context"):
        create_proof(document, suite=suite, signing_key=fake_key(), verification_method=METHOD, created=CREATED)


def test_jcs_proof_made_without_contexts_holds_as_the_suite_says() -> None:
    config = {key: value for key, value in SIGNED["proof"][1].items() if key not in ("@context", "proofValue")}
    signature = fake_key().sign(hash_data(UNSIGNED, config))
    verify_proof(
        UNSIGNED, config | {"proofValue": "z" + format_base58btc(signature)}, public_key=fake_key().public_key()
    )


@pytest.mark.parametrize("claim", [{"nickname": "Ada"}, {"name": None}, {"@graph": [{"name": "x"}]}], ids=str)
def test_document_with_a_claim_that_nothing_would_sign_gets_no_proof(claim: Json) -> None:
    with pytest.raises(CanonicalizationError):
        create_proof(UNSIGNED | claim, suite=RDFC, signing_key=fake_key(), verification_method=METHOD, created=CREATED)
