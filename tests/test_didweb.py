"""did:web: which identifiers lead where, and which key of a document may sign."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from site_builder.credentials.identifiers.did_web import (
    DidError,
    PublicKeyEntry,
    build_did_document,
    did_document_url,
    did_for,
    find_key,
    is_did_web,
    method_ids_of,
)
from site_builder.credentials.identifiers.multikey import format_public_key, parse_public_key, public_bytes
from site_builder.credentials.securing.rdfc import CanonicalizationError, canonicalize_rdf
from site_builder.encoding import format_base64url
from tests.support import fake_key

# An address means that the DID is good; an empty one that it is refused.
DIDS = {
    "did:web:example.org": "https://example.org/.well-known/did.json",
    "did:web:badges.example.org": "https://badges.example.org/.well-known/did.json",
    "did:web:a-b.example.org": "https://a-b.example.org/.well-known/did.json",
    "did:web:xn--bcher-kva.example": "https://xn--bcher-kva.example/.well-known/did.json",
    "did:web:example.org:issuers:harbour": "https://example.org/issuers/harbour/did.json",
    "did:web:example.github.io:badges": "https://example.github.io/badges/did.json",
    "did:web:example.org:Issuers:Harbour_1": "https://example.org/Issuers/Harbour_1/did.json",
    "did:web:example.org:a.b:c-d": "https://example.org/a.b/c-d/did.json",
    "did:web:example.org%3A8443": "https://example.org:8443/.well-known/did.json",
    "did:web:example.org%3a8443:a": "https://example.org:8443/a/did.json",
    "did:web:1.example": "https://1.example/.well-known/did.json",
    "": "",
    "did:web:": "",
    "did:web": "",
    "did:key:z6MkfRvWiQBr66LjT9Z5xdcc61n4yPJiH64QyjuL9LCMegt2": "",
    "DID:WEB:example.org": "",
    "did:WEB:example.org": "",
    "did:web:Example.org": "",
    "did:web:localhost": "",
    "did:web:localhost%3A8000": "",
    "did:web:127.0.0.1": "",
    "did:web:10.0.0.1:a": "",
    "did:web:0x7f.1": "",
    "did:web:2130706433": "",
    "did:web:[::1]": "",
    "did:web:%5B%3A%3A1%5D": "",
    "did:web:example.org.": "",
    "did:web:.example.org": "",
    "did:web:example..org": "",
    "did:web:-a.example": "",
    "did:web:a-.example": "",
    f"did:web:{'a' * 64}.example": "",
    "did:web:bücher.example": "",
    "did:web:exаmple.org": "",  # a Cyrillic а
    "did:web:example.org:ä": "",
    "did:web:example.org:": "",
    "did:web:example.org::a": "",
    "did:web:example.org:a:": "",
    "did:web:example.org:.": "",
    "did:web:example.org:..": "",
    "did:web:example.org:..:..:other": "",
    "did:web:example.org:.well-known": "",
    "did:web:example.org:%2e%2e": "",
    "did:web:example.org:a%2Fb": "",
    "did:web:example.org%2Fa": "",
    "did:web:example.org:a%5Cb": "",
    "did:web:example.org/a": "",
    "did:web:example.org?a": "",
    "did:web:example.org#key-1": "",
    "did:web:example.org:a#key-1": "",
    "did:web:user@example.org": "",
    "did:web:user%40example.org": "",
    "did:web:user%3Apw%40example.org": "",
    "did:web:example.org@elsewhere.example": "",
    "did:web:example.org%3A": "",
    "did:web:example.org%3Aabc": "",
    "did:web:example.org%3A123456": "",
    "did:web:example.org%3A80%3A81": "",
    "did:web:example.org ": "",
    "did:web:example.org\n": "",
    "did:web:example.org:a b": "",
    f"did:web:example.org:{'a' * 500}": "",
}


@pytest.mark.parametrize(("did", "address"), DIDS.items(), ids=map(repr, DIDS))
def test_did_leads_to_its_document_or_nowhere(did: str, address: str) -> None:
    assert is_did_web(did) is bool(address)
    if address:
        assert did_document_url(did) == address
    else:
        with pytest.raises(DidError, match="not a did:web address"):
            did_document_url(did)


@pytest.mark.parametrize(
    ("base", "path", "did"),
    [
        ("https://badges.example.org/", "issuers/harbour/", "did:web:badges.example.org:issuers:harbour"),
        ("https://example.github.io/badges/", "issuers/harbour/", "did:web:example.github.io:badges:issuers:harbour"),
        ("https://example.org:8443/", "issuers/harbour/", "did:web:example.org%3A8443:issuers:harbour"),
    ],
)
def test_did_of_an_issuer_leads_back_to_its_folder(base: str, path: str, did: str) -> None:
    assert did_for(base, path) == did
    assert did_document_url(did) == f"{base}{path}did.json"


# -- documents -------------------------------------------------------------------------------------------------------

DID = "did:web:badges.example.org:issuers:harbour"
KEY = format_public_key(fake_key().public_key())
OTHER = format_public_key(fake_key("another").public_key())


def document() -> dict[str, Any]:
    return build_did_document(DID, [PublicKeyEntry("key-1", KEY, True), PublicKeyEntry("key-2", OTHER, False)])


def test_did_document_has_absolute_ids_and_lists_only_keys_that_may_sign() -> None:
    assert document() == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": DID,
        "verificationMethod": [
            {"id": f"{DID}#key-1", "type": "Multikey", "controller": DID, "publicKeyMultibase": KEY},
            {"id": f"{DID}#key-2", "type": "Multikey", "controller": DID, "publicKeyMultibase": OTHER},
        ],
        "assertionMethod": [f"{DID}#key-1"],
    }


def test_did_document_is_json_ld_of_which_nothing_is_dropped() -> None:
    quads = canonicalize_rdf(document()).decode()
    assert quads.count("publicKeyMultibase") == 2 and quads.count("assertionMethod") == 1
    with pytest.raises(CanonicalizationError):
        canonicalize_rdf(document() | {"@context": ["https://www.w3.org/ns/did/v1"]})


def test_key_and_its_controller_are_found() -> None:
    assert find_key(document(), f"{DID}#key-1") == (KEY, DID, "")
    named = document() | {"assertionMethod": [{"id": f"{DID}#key-1"}]}
    assert find_key(named, f"{DID}#key-1") == (KEY, DID, "")


def test_key_that_is_embedded_is_found_as_one_that_is_listed() -> None:
    listed = document()["verificationMethod"]
    embedded = {"id": DID, "assertionMethod": [f"{DID}#key-9", listed[0]]}
    assert find_key(embedded, f"{DID}#key-1") == (KEY, DID, "")
    assert method_ids_of(embedded) == [f"{DID}#key-1"]
    # What is embedded as it is listed is one key; otherwise it would be two of one name.
    assert find_key(document() | {"assertionMethod": [listed[0]]}, f"{DID}#key-1") == (KEY, DID, "")
    with pytest.raises(DidError, match="twice"):
        find_key(document() | {"assertionMethod": [listed[0] | {"publicKeyMultibase": OTHER}]}, f"{DID}#key-1")


def test_key_is_the_same_in_each_form() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": format_base64url(public_bytes(KEY))}
    for values in (
        {"type": "Ed25519VerificationKey2020"},
        {"type": "JsonWebKey", "publicKeyJwk": jwk},
        {"type": "JsonWebKey2020", "publicKeyJwk": jwk},
    ):
        found = method(**values)
        if "publicKeyJwk" in values:
            del found["verificationMethod"][0]["publicKeyMultibase"]
        assert find_key(found, f"{DID}#key-1") == (KEY, DID, "")


@pytest.mark.parametrize(
    "secret",
    [{"secretKeyMultibase": "z3u2"}, {"privateKeyJwk": {}}, {"type": "JsonWebKey", "publicKeyJwk": {"d": ""}}],
    ids=str,
)
def test_key_whose_secret_half_is_published_is_refused(secret: dict[str, Any]) -> None:
    with pytest.raises(DidError, match="has published the secret half of its key #key-1, so anyone can sign with it"):
        find_key(method(**secret), f"{DID}#key-1")


def test_key_that_another_did_controls_comes_with_that_did() -> None:
    theirs = document()
    theirs["verificationMethod"][0]["controller"] = "did:web:elsewhere.example"
    assert find_key(theirs, f"{DID}#key-1") == (KEY, "did:web:elsewhere.example", "")


def method(**values: Any) -> dict[str, Any]:
    changed = document()
    changed["verificationMethod"][0] |= values
    return {**changed}


REFUSED: dict[str, tuple[Any, str, str]] = {
    "no document": (None, f"{DID}#key-1", "not that of"),
    "a list": ([document()], f"{DID}#key-1", "not that of"),
    "another's document": (document() | {"id": DID + "2"}, f"{DID}#key-1", "not that of"),
    "no id": ({}, f"{DID}#key-1", "not that of"),
    "no fragment": (document(), DID, "not that of"),
    "an empty fragment": (document(), f"{DID}#", "not that of"),
    "a key that is not listed": (document(), f"{DID}#key-3", "lists no key"),
    "a key written into the fragment": (document(), f"{DID}#{OTHER}", "lists no key"),
    "a relative id": (method(id="#key-1"), f"{DID}#key-1", "lists no key"),
    "the same key twice": (
        document() | {"verificationMethod": document()["verificationMethod"][:1] * 2},
        f"{DID}#key-1",
        "twice",
    ),
    "methods that are no list": (
        document() | {"verificationMethod": {"id": f"{DID}#key-1"}},
        f"{DID}#key-1",
        "lists no",
    ),
    "methods that are text": (document() | {"verificationMethod": [f"{DID}#key-1"]}, f"{DID}#key-1", "lists no"),
    "a key that may not sign": (document(), f"{DID}#key-2", "does not let"),
    "nobody may sign": (document() | {"assertionMethod": []}, f"{DID}#key-1", "does not let"),
    "signing as text": (document() | {"assertionMethod": f"{DID}#key-1"}, f"{DID}#key-1", "does not let"),
    "a relative right to sign": (document() | {"assertionMethod": ["#key-1"]}, f"{DID}#key-1", "does not let"),
    "a right to authenticate only": (
        document() | {"assertionMethod": [], "authentication": [f"{DID}#key-1"]},
        f"{DID}#key-1",
        "does not let",
    ),
    "another type": (method(type="JsonWebKey"), f"{DID}#key-1", "not in a form of Ed25519 key"),
    "types in a list": (method(type=["Multikey"]), f"{DID}#key-1", "not in a form of Ed25519 key"),
    "no key text": (method(publicKeyMultibase=None), f"{DID}#key-1", "not in a form of Ed25519 key"),
    "no controller": (method(controller=None), f"{DID}#key-1", "not in a form of Ed25519 key"),
    "two controllers": (method(controller=[DID, DID + "2"]), f"{DID}#key-1", "not in a form of Ed25519 key"),
    "a revoked key": (method(revoked="2026-01-01T00:00:00Z"), f"{DID}#key-1", "has revoked"),
    "a key that will be revoked": (method(revoked="2999-01-01T00:00:00Z"), f"{DID}#key-1", "has revoked"),
}


@pytest.mark.parametrize(("found", "key", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_key_that_may_not_sign_is_refused(found: Any, key: str, sentence: str) -> None:
    with pytest.raises(DidError, match=sentence):
        find_key(found, key)


def test_key_in_the_fragment_proves_nothing_even_if_a_listed_key_has_it_as_its_name() -> None:
    # The name says one key and the entry holds another: only the entry counts.
    named = document()
    named["verificationMethod"][0]["id"] = named["assertionMethod"][0] = f"{DID}#{OTHER}"
    found, *_ = find_key(named, f"{DID}#{OTHER}")
    assert found == KEY
    assert isinstance(parse_public_key(found), Ed25519PublicKey)
