"""Everything that the demo signed: the strict schema, the stored form, both proofs, and nothing that wallets trip over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from site_builder.credentials.carriers.svg import bake_svg
from site_builder.credentials.carriers.table import unbake
from site_builder.credentials.identifiers.multikey import parse_public_key
from site_builder.credentials.securing.data_integrity import JCS, RDFC, proofs_of, verify_proof
from site_builder.encoding import format_json, parse_json
from site_builder.records.load.repository import load_repository
from tests.strict_schema import schema_errors
from tests.support import DRAWING
from tests.vector_files import DEMO_CREDENTIALS, ROOT

LISTS = sorted(ROOT.glob("issuers/*/status/*.json"))
FILES = pytest.mark.parametrize("file", DEMO_CREDENTIALS, ids=lambda file: file.parent.name[:6])


def keys() -> dict[str, str]:
    """publicKeyMultibase of the demo's keys, by the end of their ids."""
    repository, _ = load_repository(ROOT)
    return {
        f":issuers:{slug}#{key.id}": key.publicKeyMultibase
        for slug, issuer in repository.issuers.items()
        for key in issuer.keys
    }


KEYS = keys()


def check_proofs(document: dict[str, Any]) -> None:
    assert [proof["cryptosuite"] for proof in proofs_of(document)] == [RDFC, JCS]
    for proof in proofs_of(document):
        [key] = [key for name, key in KEYS.items() if proof["verificationMethod"].endswith(name)]
        verify_proof(document, proof, public_key=parse_public_key(key))


def test_demo_has_credentials_and_a_status_list_of_each_issuer() -> None:
    assert len(DEMO_CREDENTIALS) > 95 and len(LISTS) == 3


@FILES
def test_demo_credential_satisfies_the_strict_schema(file: Path) -> None:
    assert schema_errors(parse_json(file.read_bytes())) == []


@FILES
def test_demo_credential_is_in_its_stored_form_and_its_braces_balance(file: Path) -> None:
    raw = file.read_bytes()
    assert format_json(parse_json(raw)) == raw
    assert raw.isascii() and b"&" not in raw
    assert raw.count(b"{") == raw.count(b"}")


@FILES
def test_both_proofs_of_a_demo_credential_hold(file: Path) -> None:
    check_proofs(parse_json(file.read_bytes()))


@FILES
def test_demo_credential_survives_baking(file: Path) -> None:
    assert unbake(bake_svg(DRAWING.encode(), file.read_bytes())) == file.read_bytes()


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.parts[-3])
def test_both_proofs_of_a_status_list_hold_and_it_is_in_its_stored_form(file: Path) -> None:
    check_proofs(parse_json(file.read_bytes()))
    assert format_json(parse_json(file.read_bytes())) == file.read_bytes()
