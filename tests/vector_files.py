"""The specifications' vectors in tests/vectors, and the JSON-LD contexts that only they need."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from site_builder.credentials.securing.contexts import CONTEXTS

VECTORS = Path(__file__).parent / "vectors"
ROOT = Path(__file__).parents[1]
DEMO_CREDENTIALS = sorted(ROOT.glob("content/signed/*/*/credential.json"))

_FURTHER = {
    "https://www.w3.org/ns/credentials/examples/v2": "credentials-examples-v2.jsonld",
    "https://w3id.org/citizenship/v4rc1": "citizenship-v4rc1.jsonld",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": "clr-v2p0-context-2.0.1.json",
}


def read_vector(path: str) -> str:
    return (VECTORS / path).read_text("utf-8")


def read_json_vector(path: str) -> Any:
    return json.loads(read_vector(path))


VECTOR_CONTEXTS: Mapping[str, Any] = {
    **CONTEXTS,
    **{url: read_json_vector(f"contexts/{name}") for url, name in _FURTHER.items()},
}
