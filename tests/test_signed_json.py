"""Who takes signed JSON apart by the standard's names: the formats, and the verifier, which reads strangers' documents."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "site_builder"
# Members of a credential that no record and no other document of ours has.
MEMBERS = set(
    "credentialSubject achievement identifier identityHash identityType hashed salt validFrom validUntil awardedDate credentialStatus "
    "statusListIndex statusListCredential statusPurpose inLanguage achievementType creditsAvailable creditsEarned licenseNumber "
    "activityStartDate activityEndDate alignment targetName targetUrl targetFramework targetCode targetDescription targetType "
    "resultDescription resultType valueMin valueMax allowedValue requiredValue proof proofValue cryptosuite".split()
)
# Folders and files that may, each with the reason.
HOMES = {
    "credentials/openbadges3/": "reads and writes the format",
    "credentials/status/": "reads and writes status lists, which are credentials themselves",
    "credentials/securing/": "reads and writes proofs",
    "verification/decode/": "asks of a stranger's document, which may be anything, what it must have",
    "verification/proofs/": "takes the proofs of a stranger's document",
    "verification/status/": "takes the status entry of a stranger's document",
    "verification/content/": "takes the dates of a stranger's document",
    "verification/page/compare.py": "walks a stranger's document by pointers",
    "verification/file.py": "prints what a stranger's document says",
}


def taken_apart(source: str) -> Iterator[tuple[int, str]]:
    """(line, member) of each subscript, `.get`, `.pop` or `in` with the name of a member."""
    for node in ast.walk(ast.parse(source)):
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript):
            key = node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "pop"):
            key = node.args[0] if node.args else None
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            key = node.left
        if isinstance(key, ast.Constant) and key.value in MEMBERS:
            yield key.lineno, str(key.value)


FILES = {file.relative_to(PACKAGE).as_posix(): file.read_text("utf-8") for file in sorted(PACKAGE.rglob("*.py"))}


@pytest.mark.parametrize("name", FILES)
def test_signed_json_is_read_as_values(name: str) -> None:
    found = [] if name.startswith(tuple(HOMES)) else list(taken_apart(FILES[name]))
    assert not found, f"{name} takes signed JSON apart at {found}: use credentials.openbadges3.read"


@pytest.mark.parametrize("home", HOMES)
def test_an_exception_that_nobody_needs_is_taken_back(home: str) -> None:
    assert any(list(taken_apart(text)) for name, text in FILES.items() if name.startswith(home))


@pytest.mark.parametrize(
    "source",
    [
        'name = document["credentialSubject"]["identifier"][0]',
        'end = document.get("validUntil")',
        'document.pop("proof", None)',
        'if "validUntil" in document: pass',
    ],
)
def test_each_way_of_taking_it_apart_is_found(source: str) -> None:
    assert list(taken_apart(source))
