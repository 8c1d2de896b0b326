"""The JSON-LD contexts that Laurels knows: one row each, with its document, its hash and its place in a credential.

A context says what the names in a document mean, and this program reads documents by their names. So a row may only be one after which
every name still means the same: tests/test_contexts.py computes that for all rows together. Documents and hashes: contexts/SOURCE.md;
verification/browser/src/credentials/securing/contexts.js has the same rows, and entry/rdfc.js their documents. Sources: VC Data
Integrity 1.0, 2.4 (contexts known by hash); Open Badges 3.0, AchievementCredential (VC 2.0 first, then Open Badges)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from site_builder.errors import Error

__all__ = [
    "CONTEXTS",
    "CREDENTIALS_V2",
    "DID_V1",
    "MULTIKEY_V1",
    "OPEN_BADGES_3",
    "ROWS",
    "Context",
    "ContextError",
    "are_open_badges_contexts",
]

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
# The version that Laurels signs with.
OPEN_BADGES_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DID_V1 = "https://www.w3.org/ns/did/v1"
MULTIKEY_V1 = "https://w3id.org/security/multikey/v1"


class ContextError(Error):
    """A bundled context whose document is not the one that is known."""


@dataclass(frozen=True)
class Context:
    """A JSON-LD context whose document is bundled.

    place: in a credential's @context the first, the second, one of the further ones after those, or none at all."""

    url: str
    file: str
    sha256: str
    place: Literal["first", "second", "further", "none"]


ROWS = (
    # The hash is fixed by VCDM 2.0, B.1.
    Context(
        CREDENTIALS_V2,
        "credentials-v2.jsonld",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        "first",
    ),
    # 3.0.1 and the address without a version redefine `name`, which VC 2.0 protects: no JSON-LD processor takes them after it.
    Context(
        OPEN_BADGES_3,
        "ob-v3p0-context-3.0.3.json",
        "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
        "second",
    ),
    Context(
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        "ob-v3p0-context-3.0.2.json",
        "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
        "second",
    ),
    Context(
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        "ob-v3p0-extensions.json",
        "146f85aa16effd7ca1da8056eb443f53ce1eca8a34186cb062832c0a97d889c3",
        "further",
    ),
    Context(
        "https://w3id.org/security/suites/ed25519-2020/v1",
        "ed25519-2020-v1.jsonld",
        "67646fbc0d6582ad7fbf08ccf0d3a4bedbb4177fd2d63385de52dc1b092ed6c5",
        "further",
    ),
    # The hashes of these two are fixed by VC Data Integrity 1.0, 2.4. Version 1 of the first cannot follow VC 2.0.
    Context(
        "https://w3id.org/security/data-integrity/v2",
        "data-integrity-v2.jsonld",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
        "further",
    ),
    Context(
        MULTIKEY_V1,
        "multikey-v1.jsonld",
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
        "further",
    ),
    # Of key documents.
    Context(
        DID_V1,
        "did-v1.jsonld",
        "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f",
        "none",
    ),
)
_BY_URL = {row.url: row for row in ROWS}


def are_open_badges_contexts(value: Any) -> bool:
    """Whether @context is VC 2.0, then Open Badges 3.0 in a version that is known, then any of the further ones, each once."""
    if not isinstance(value, list) or not all(isinstance(url, str) and url in _BY_URL for url in value):
        return False
    places = [_BY_URL[url].place for url in value]
    return places[:2] == ["first", "second"] and set(places[2:]) <= {"further"} and len(set(value)) == len(value)


class _Contexts(Mapping[str, Any]):
    """The documents of the contexts, by URL, each checked against its known hash when first read."""

    def __getitem__(self, url: str) -> Any:
        return _document_of(_BY_URL[url])

    def __iter__(self) -> Iterator[str]:
        return iter(_BY_URL)

    def __len__(self) -> int:
        return len(_BY_URL)


@cache
def _document_of(row: Context) -> Any:
    raw = resources.files("site_builder.credentials").joinpath("contexts", row.file).read_bytes()
    if hashlib.sha256(raw).hexdigest() != row.sha256:
        raise ContextError(f"the bundled JSON-LD context {row.file} was changed; install Laurels again")
    return json.loads(raw)


CONTEXTS: Mapping[str, Any] = _Contexts()
