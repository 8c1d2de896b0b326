"""Signs credentials in a loop: python -m scripts.bench.signing DOCUMENTS. Prints the seconds of the loop.

DOCUMENTS: a credential without proofs a line. All are read before; each gets both proofs and becomes the bytes of its file."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from site_builder.credentials.securing.data_integrity import add_proof_set
from site_builder.encoding import format_json, parse_json
from tests.support import fake_key


def main() -> None:
    documents = [parse_json(line) for line in Path(sys.argv[1]).read_bytes().splitlines()]
    method, created, key = f"{documents[0]['issuer']['id']}#key-1", datetime(2026, 5, 15, tzinfo=UTC), fake_key()
    began = time.perf_counter()
    for document in documents:
        format_json(add_proof_set(document, signing_key=key, verification_method=method, created=created))
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
