"""Small pieces that tests put together: a repository of one issuer, fixed keys, a clock and a random source that repeat."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import Issued, issue
from site_builder.ledger.checks.repository import check_repository
from site_builder.site.output.staged_site import write_files
from site_builder.site.publish import publish

BASE = "https://badges.laurels.example/"
NOW = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><circle cx="50" cy="50" r="45" fill="#0b5563"/></svg>'


def fake_key(name: str = "test issuer") -> Ed25519PrivateKey:
    """A signing key that everybody can work out: for tests, and never a demo key."""
    return Ed25519PrivateKey.from_private_bytes(
        hashlib.sha256(f"laurels test key, obviously fake: {name}".encode()).digest()
    )


def repeatable_random(seed: str = "") -> Callable[[int], bytes]:
    """A source of bytes that gives the same ones in the same order every time."""

    def blocks() -> Iterator[bytes]:
        number = 0
        while True:
            yield hashlib.sha256(f"{seed}{number}".encode()).digest()
            number += 1

    source = blocks()
    return lambda count: next(source)[:count]


ISSUER = """\
name: Test School
url: https://school.example/
email: office@school.example
time_zone: Europe/Amsterdam
language: en
"""
BADGE = """\
issuer: school
name: Knots
description: Ties the six knots that matter.
criteria: {narrative: "Tied *six knots* in ten minutes, see [the list](https://school.example/knots)."}
image_alt: A knot
validity: P2Y
"""
COHORT = """\
badge: knots
awarded: 2026-05-14
evidence: https://school.example/cohort
recipients:
  - {name: Ada Lovelace, email: ada@example.org, listed: 2026-05-14}
  - {name: Grace Hopper, email: grace@example.org}
"""


def write_repository(root: Path, *, files: Mapping[str, str] | None = None, base: str = BASE) -> Path:
    """A repository below root: one issuer `school`, one achievement `knots`, one cohort of two.

    files: further or other files by their path; empty text leaves a file out."""
    key = format_public_key(fake_key().public_key())
    content = {
        "mkdocs.yml": f"site_name: Test Badges\nsite_url: {base}\ndocs_dir: content/pages\nplugins: [search, laurels]\n",
        "content/pages/index.md": "---\ntemplate: home.html\n---\n# Test Badges\n",
        "issuers/school/issuer.yml": ISSUER,
        "issuers/school/keys.yml": f"keys:\n  - {{id: key-1, publicKeyMultibase: {key}, created: 2026-05-01, state: active}}\n",
        "badges/knots/badge.yml": BADGE,
        "badges/knots/image.svg": DRAWING,
        "content/records/school/2026-05.yml": COHORT,
    } | dict(files or {})
    for path, text in content.items():
        if text:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
    return root


@contextmanager
def as_release_0_1_signed() -> Iterator[None]:
    """Within it any text is signed. Rules over texts came later, and what was signed before them may hold anything."""
    with patch("site_builder.ledger.checks.record_rules._check_new_texts", lambda *known: iter(())):
        yield


def issue_all(root: Path, *, now: datetime = NOW, seed: str = "") -> Issued:
    """Issues all that is pending with the fixed key."""
    return issue(
        root, now=now, random_bytes=repeatable_random(seed), signing_keys={"school": SigningKey("key-1", fake_key())}
    )


def publish_to(root: Path, folder: Path) -> Path:
    """Writes the site of a repository, without MkDocs' pages, into a folder."""
    checked = check_repository(root)
    assert checked.problems == []
    write_files(folder, publish(checked))
    return folder
