"""Every address that a signature contains: what is written here was signed, and stays where it is for ever."""

from __future__ import annotations

import pytest

from site_builder.credentials.urls import PATHS, signed_path, signed_url

SIGNED = [
    ("credential", {"id": "aaaa", "file": "credential.json"}, "c/aaaa/credential.json"),
    ("credential", {"id": "aaaa", "file": "credential-2.json"}, "c/aaaa/credential-2.json"),
    ("page", {"id": "aaaa"}, "c/aaaa/"),
    ("achievement", {"badge": "first-aid"}, "badges/first-aid/achievement.json"),
    ("criteria", {"badge": "first-aid"}, "badges/first-aid/"),
    ("achievement image", {"badge": "first-aid", "digest": "0a1b2c3d"}, "badges/first-aid/image-0a1b2c3d.png"),
    (
        "result description",
        {"badge": "first-aid", "key": "written"},
        "badges/first-aid/achievement.json#result-written",
    ),
    ("issuer", {"issuer": "harbour"}, "issuers/harbour/"),
    ("issuer image", {"issuer": "harbour", "digest": "0a1b2c3d"}, "issuers/harbour/logo-0a1b2c3d.png"),
    ("status list", {"issuer": "harbour", "number": "1"}, "issuers/harbour/status/1.json"),
]


@pytest.mark.parametrize(("kind", "parts", "path"), SIGNED, ids=[path for _, _, path in SIGNED])
def test_signed_address_never_changes(kind: str, parts: dict[str, str], path: str) -> None:
    assert signed_path(kind, **parts) == path
    for base in ("https://badges.example.org/", "https://example.github.io/badges/"):
        assert signed_url(base, kind, **parts) == base + path


def test_every_kind_of_address_is_in_the_table() -> None:
    assert {kind for kind, _, _ in SIGNED} == PATHS.keys()
