"""Who takes signed JSON apart by the standard's names: the formats, and the verifier, which reads strangers' documents."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "site_builder"
# Members of a credential, a proof or a key document that no record and no other document of ours has.
MEMBERS = set(
    "credentialSubject achievement identifier identityHash identityType hashed salt validFrom validUntil awardedDate credentialStatus "
    "statusListIndex statusListCredential statusPurpose encodedList inLanguage achievementType creditsAvailable creditsEarned "
    "licenseNumber activityStartDate activityEndDate alignment targetName targetUrl targetFramework targetCode targetDescription "
    "targetType resultDescription resultType valueMin valueMax allowedValue requiredValue proof proofValue cryptosuite "
    "verificationMethod assertionMethod publicKeyMultibase controller @context".split()
)
# What records and other documents have too: a member of signed JSON where it is asked of what bears one of these names.
COMMON = set(
    "id type name description url issuer image evidence criteria narrative result role status tag version".split()
)
VARIABLES = set("document credential subject achievement definition".split())
# Whatever is asked of the value of one of these is asked of signed JSON.
PARENTS = set("issuer achievement image criteria credentialSubject".split())
# Folders and files that may, each with the reason.
HOMES = {
    "credentials/openbadges3/": "reads and writes the format",
    "credentials/identifiers/": "reads and writes key documents",
    "credentials/status/": "reads and writes status lists, which are credentials themselves",
    "credentials/securing/": "reads and writes proofs",
    "verification/decode/": "asks of a stranger's document, which may be anything, what it must have",
    "verification/proofs/": "takes the proofs of a stranger's document",
    "verification/status/": "takes the status entry of a stranger's document",
    "verification/content/": "takes the dates of a stranger's document",
    "verification/page/own.py": "tells in a stranger's document what is one credential's own",
    "scripts/bench/": "hands documents to other programs",
}


def asked(node: ast.AST) -> tuple[str, ast.expr] | None:
    """(name, of what) of a subscript, a `.get`, a `.pop` or an `in` with the name of a member."""
    key: ast.expr | None = None
    parent: ast.expr | None = None
    if isinstance(node, ast.Subscript):
        key, parent = node.slice, node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "pop"):
        key, parent = node.args[0] if node.args else None, node.func.value
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        key, parent = node.left, node.comparators[0]
    if isinstance(key, ast.Constant) and isinstance(key.value, str) and parent is not None:
        return key.value, parent
    return None


def is_of_signed_json(name: str, parent: ast.expr) -> bool:
    """Whether this member of that parent can only be one of signed JSON."""
    if isinstance(parent, ast.BoolOp):
        return any(is_of_signed_json(name, value) for value in parent.values)
    above = asked(parent)
    return (
        name in MEMBERS
        or (isinstance(parent, ast.Name) and parent.id in VARIABLES and name in COMMON)
        or (above is not None and above[0] in PARENTS)
    )


def taken_apart(source: str) -> Iterator[tuple[int, str]]:
    """(line, member) of each place that takes signed JSON apart."""
    for node in ast.walk(ast.parse(source)):
        found = asked(node)
        if found is not None and is_of_signed_json(*found):
            yield node.lineno, found[0]  # type: ignore[attr-defined]


SCRIPTS = {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in sorted(ROOT.glob("scripts/**/*.py"))}
FILES = {file.relative_to(PACKAGE).as_posix(): file.read_text("utf-8") for file in sorted(PACKAGE.rglob("*.py"))}


@pytest.mark.parametrize("name", [*FILES, *SCRIPTS])
def test_signed_json_is_read_as_values(name: str) -> None:
    found = [] if name.startswith(tuple(HOMES)) else list(taken_apart((FILES | SCRIPTS)[name]))
    assert not found, f"{name} takes signed JSON apart at {found}: use credentials.openbadges3.read"


@pytest.mark.parametrize("home", HOMES)
def test_an_exception_that_nobody_needs_is_taken_back(home: str) -> None:
    assert any(list(taken_apart(text)) for name, text in (FILES | SCRIPTS).items() if name.startswith(home))


@pytest.mark.parametrize(
    "source",
    [
        'name = document["credentialSubject"]["identifier"][0]',
        'end = document.get("validUntil")',
        'document.pop("proof", None)',
        'if "validUntil" in document: pass',
        'issuer = document["issuer"]',
        'if "evidence" in credential: pass',
        'name = signed["issuer"]["name"]',
        'logo = signed["issuer"]["image"]["id"]',
        'address = signed.get("image", {}).get("id")',
        'name = (signed.get("issuer") or {}).get("name")',
        'method = proof.get("verificationMethod")',
    ],
)
def test_each_way_of_taking_it_apart_is_found(source: str) -> None:
    assert list(taken_apart(source))


@pytest.mark.parametrize(
    "source", ['fields["evidence"]', 'issuers["school"]', 'record.get("issuer")', 'document["withheld"]']
)
def test_records_and_other_documents_may_be_taken_apart(source: str) -> None:
    assert not list(taken_apart(source))
