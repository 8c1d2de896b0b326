"""The facts of a page that follow from the table of an award's optional fields: python -m scripts.generate_claims (make manual).

Writes their rows of verification/page/claims.json and their labels in verification/wording/en.json; what else is in these files stays
as it is. A test generates them again and compares."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from site_builder.records.models.award import SIGNED_FIELDS
from site_builder.records.models.signed_fields import Form

__all__ = ["CLAIMS", "LABELS", "generated", "labelled"]

_VERIFICATION = Path(str(resources.files("site_builder.verification")))
CLAIMS = _VERIFICATION / "page/claims.json"
LABELS = _VERIFICATION / "wording/en.json"
_SUBJECT = "/credentialSubject/"
# The credits of an award come before those of its achievement.
_CREDITS_BEFORE = f"{_SUBJECT}achievement/creditsAvailable"
_WRITTEN_AS: dict[Form, str] = {"text": "text", "number": "text", "first second": "date", "last second": "date"}


def main() -> None:
    """Writes both files again, and says so if that changes one."""
    for file, made in ((CLAIMS, generated), (LABELS, labelled)):
        text = file.read_text("utf-8")
        if made(text) != text:
            file.write_text(made(text), "utf-8")
            print(f"{file.name} was written again: run make release-files")


def generated(text: str) -> str:
    """claims.json with the rows of the fields as the table has them now, a line each."""
    fixed = [row for row in json.loads(text) if not _is_of_a_field(row["pointer"])]
    at = next(index for index, row in enumerate(fixed) if row["pointer"] == _CREDITS_BEFORE)
    rows = [*fixed[:at], *_rows("credits"), *fixed[at:]]
    end = 1 + max(index for index, row in enumerate(rows) if row["group"] == "facts")
    rows = [*rows[:end], *_rows("facts"), *_rows("activity"), *rows[end:]]
    return "[\n" + ",\n".join(f"  {json.dumps(row)}" for row in rows) + "\n]\n"


def labelled(text: str) -> str:
    """The catalogue of sentences with the labels of the fields as the table has them now."""
    sentences = json.loads(text)
    fixed = {pointer: label for pointer, label in sentences["label"].items() if not _is_of_a_field(pointer)}
    fields = {_SUBJECT + row.member: row.label for row in SIGNED_FIELDS.values() if row.label}
    sentences["label"] = fixed | fields
    return json.dumps(sentences, indent=2, ensure_ascii=False) + "\n"


def _rows(group: str) -> list[dict[str, Any]]:
    """The rows of the fields of a group; both kinds of credits are facts."""
    shown = "activity" if group == "activity" else "facts"
    fields = [row for row in SIGNED_FIELDS.values() if row.group == group]
    return [{"group": shown, "pointer": _SUBJECT + row.member, "as": _WRITTEN_AS[row.form]} for row in fields]


def _is_of_a_field(pointer: str) -> bool:
    """Whether a row states a plain member of the subject that is none of its own: `id` is the recipient's."""
    member = pointer.removeprefix(_SUBJECT)
    return pointer.startswith(_SUBJECT) and "/" not in member and member != "id"


if __name__ == "__main__":
    main()
