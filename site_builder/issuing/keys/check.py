"""Whether an issuer's signing key is at hand and fits, and whether the key document says what keys.yml and issuer.yml say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from site_builder.credentials.identifiers.did_web import (
    DidError,
    PublicKeyEntry,
    did_of,
    find_key,
    method_ids_of,
    office_of,
)
from site_builder.credentials.identifiers.multikey import parse_public_key
from site_builder.credentials.securing.contexts import DID_V1
from site_builder.credentials.securing.data_integrity import JCS, ProofError, create_proof, verify_proof
from site_builder.credentials.urls import signed_path
from site_builder.encoding import EncodingError, format_mailto, parse_json
from site_builder.errors import Error
from site_builder.issuing.keys.signing_keys import SigningKey, find_signing_key
from site_builder.issuing.surroundings import Machine
from site_builder.ledger.queries.key_use import public_keys
from site_builder.ledger.store.definitions import issuer_did
from site_builder.ledger.store.key_documents import KeyDocument, key_document
from site_builder.records.load.repository import Issuer
from site_builder.verification.evidence.source import FetchError

__all__ = ["KeyCheck", "check_keys", "compare_key_document"]


@dataclass(frozen=True)
class KeyCheck:
    """One thing that was looked at. result: passed, failed, not_checked or could_not_check, as verifiers say."""

    name: str
    result: str
    sentence: str


def check_keys(
    issuer: Issuer,
    *,
    base: str,
    site: Path,
    key_file: Path | None,
    fetch: Callable[[str], bytes] | None,
    machine: Machine,
) -> Iterator[KeyCheck]:
    """The private key, a signature with it, and the key document in the site's folder and (with fetch) at its address."""
    try:
        key = find_signing_key(issuer, base=base, environment=machine.environment, key_file=key_file, ask=machine.ask)
    except Error as error:
        yield KeyCheck("private key", "failed", str(error))
        yield KeyCheck("probe", "not_checked", "there is no key to sign with")
    else:
        yield KeyCheck("private key", "passed", f"it lies in {key.source} and is {key.key_id}, the active one")
        yield _probe(issuer, key, machine.now)
    did = issuer_did(issuer, base)
    yield _built(issuer, did, site)
    if fetch is None:
        yield KeyCheck("published did.json", "not_checked", "add --online to fetch it")
    else:
        yield _published(issuer, key_document(issuer, base), fetch)


def _probe(issuer: Issuer, key: SigningKey, now: datetime) -> KeyCheck:
    """Signs something that is of no use to anybody, in the way in which credentials are signed, and verifies it."""
    active = issuer.active_key
    assert active is not None
    # A document without a type or a subject: no verifier takes it for a credential.
    document: dict[str, Any] = {"@context": [DID_V1], "id": "urn:laurels:probe"}
    proof = create_proof(
        document, suite=JCS, signing_key=key.private, verification_method=f"#{key.key_id}", created=now
    )
    try:
        verify_proof(document, proof, public_key=parse_public_key(active.publicKeyMultibase))
    except ProofError as error:
        return KeyCheck("probe", "failed", f"what it signs does not verify: {error}")
    return KeyCheck("probe", "passed", "what it signs verifies with the public key in keys.yml")


def _built(issuer: Issuer, did: str, site: Path) -> KeyCheck:
    file = site / signed_path("issuer", issuer=issuer.slug) / "did.json"
    try:
        raw = file.read_bytes()
    except OSError:
        return KeyCheck("built did.json", "not_checked", f"there is none in {site}: run 'laurels build'")
    return _compared("built did.json", raw, did, issuer, fix="run 'laurels build'")


def _published(issuer: Issuer, document: KeyDocument, fetch: Callable[[str], bytes]) -> KeyCheck:
    fix = document.advice() or "publish the site"
    try:
        raw = fetch(document.url)
    except FetchError as error:
        return KeyCheck("published did.json", "could_not_check", f"{document.url}: {error}. Fix: {fix}")
    return _compared("published did.json", raw, document.did, issuer, fix=fix)


def _compared(name: str, raw: bytes, did: str, issuer: Issuer, *, fix: str) -> KeyCheck:
    try:
        found = compare_key_document(parse_json(raw), did, public_keys(issuer), office=issuer.record.email)
    except EncodingError:
        found = ["it is not a key document"]
    if found:
        return KeyCheck(name, "failed", f"{'; '.join(found)}. Fix: {fix}")
    return KeyCheck(name, "passed", "it lists the keys of keys.yml and no others, and the office of issuer.yml")


def compare_key_document(document: Any, did: str, keys: list[PublicKeyEntry], *, office: str) -> list[str]:
    """What a key document says otherwise than keys.yml and issuer.yml, by the rules by which verifiers read it. office: its e-mail."""
    if did_of(document) != did:
        return [f"it is not the document of {did}"]
    listed = method_ids_of(document)
    known = {f"{did}#{key.key_id}" for key in keys}
    found = [f"it lists {_name(method, did)}, which keys.yml does not" for method in listed if method not in known]
    for key in keys:
        found += _difference(document, did, key, is_listed=f"{did}#{key.key_id}" in listed)
    if office_of(document) != format_mailto(office):
        found.append("it does not name the office's e-mail as issuer.yml does")
    return found


def _name(method: str, did: str) -> str:
    """A key's name; other text is a stranger's, and is not repeated."""
    name = method.removeprefix(f"{did}#")
    return name if re.fullmatch(r"key-[0-9]{1,4}", name) else "a key of another name"


def _difference(document: dict[str, Any], did: str, key: PublicKeyEntry, *, is_listed: bool) -> Iterator[str]:
    if not is_listed:
        yield f"{key.key_id} is missing"
        return
    try:
        multibase, controller, expires = find_key(document, f"{did}#{key.key_id}")
    except DidError as error:
        if key.may_assert:
            yield str(error)
        return
    if not key.may_assert:
        yield f"it still lets {key.key_id} sign, which keys.yml calls compromised"
    elif multibase != key.multibase or controller != did:
        yield f"its {key.key_id} is another key than that of keys.yml"
    elif expires:
        yield f"it lets {key.key_id} sign until a day only, which keys.yml does not know"
