"""The claims of a page that follow from the table of an award's optional fields: python -m scripts.generate_claims (make manual).

Writes their rows of verification/page/claims.json, by which both verifiers compare a page; the other rows stay as they are.
A test generates them again and compares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from site_builder.ledger.store.definitions import ordered_fields
from site_builder.records.models.signed_fields import Form

__all__ = ["CLAIMS", "generated"]

CLAIMS = Path(str(resources.files("site_builder.verification.page"))) / "claims.json"
_SUBJECT = "/credentialSubject/"
# The rows of the fields follow the recipient's name.
_BEFORE = f"{_SUBJECT}identifier/0/identityHash"
_WRITTEN_AS: dict[Form, str] = {
    "text": "text",
    "number": "text",
    "markdown": "markdown",
    "first second": "date",
    "last second": "date",
}


def main() -> None:
    """Writes claims.json again, and says so if that changes it."""
    text = generated(CLAIMS.read_text("utf-8"))
    if text != CLAIMS.read_text("utf-8"):
        CLAIMS.write_text(text, "utf-8")
        print("claims.json was written again: run node scripts/build-browser.mjs")


def generated(text: str) -> str:
    """claims.json with the rows of the fields as the table has them now, a line each."""
    fixed = [row for row in json.loads(text) if not _is_of_a_field(row)]
    start = 1 + next(index for index, row in enumerate(fixed) if row["pointer"] == _BEFORE)
    rows = [*fixed[:start], *_rows(), *fixed[start:]]
    return "[\n" + ",\n".join(f"  {json.dumps(row)}" for row in rows) + "\n]\n"


def _rows() -> Iterator[dict[str, Any]]:
    for row in ordered_fields().values():
        called = f"the entry '{row.label}'" if row.label else "the text about the award"
        yield {"pointer": _SUBJECT + row.member, "as": _WRITTEN_AS[row.form], "called": called}


def _is_of_a_field(row: dict[str, Any]) -> bool:
    """Whether a row states a plain member of the subject that is none of its own: `id` is the recipient's."""
    member = row["pointer"].removeprefix(_SUBJECT)
    return row["pointer"].startswith(_SUBJECT) and "/" not in member and member != "id"


if __name__ == "__main__":
    main()
