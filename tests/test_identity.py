"""Digests that tie rows to awards: fixed for ever, whatever form the row was written in."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from site_builder.ledger.store.identity import change_digest, identity_digest, row_digest
from site_builder.records.load.award_files import read_csv, read_record
from site_builder.records.models.award import AwardRow
from site_builder.records.models.changes import RevokeRecord

VECTORS = json.loads((Path(__file__).parent / "vectors/ledger/digests.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["what"])
def test_digests_of_a_row_never_change(vector: dict[str, Any]) -> None:
    award = AwardRow(**vector["row"])
    assert (identity_digest(award), row_digest(award)) == (vector["identity"], vector["row_digest"])


@pytest.mark.parametrize("vector", VECTORS["changes"], ids=lambda vector: vector["what"])
def test_digests_of_a_change_never_change(vector: dict[str, Any]) -> None:
    assert change_digest(RevokeRecord(**vector["change"])) == vector["change_digest"]


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["what"])
def test_yaml_csv_and_cohorts_give_the_same_digests(vector: dict[str, Any]) -> None:
    row = vector["row"]
    cells = row | ({"evidence": " ".join(row["evidence"])} if "evidence" in row else {})
    table = io.StringIO()
    csv.writer(table).writerows([cells.keys(), cells.values()])
    shared = {name: value for name, value in row.items() if name not in ("name", "email")}
    cohort = shared | {"recipients": [{name: row[name] for name in ("name", "email") if name in row}]}
    files = [
        read_record(yaml.safe_dump(row).encode(), file="one.yml", issuer="school"),
        read_record(yaml.safe_dump(cohort, allow_unicode=True).encode(), file="cohort.yml", issuer="school"),
        read_csv(table.getvalue().encode(), file="rows.csv", issuer="school"),
    ]
    for found in files:
        assert not found.problems
        assert [row_digest(row.award) for row in found.rows] == [vector["row_digest"]]
        assert [identity_digest(row.award) for row in found.rows] == [vector["identity"]]


ROW = {"badge": "knots", "awarded": "2026-05-14", "name": "Ada Lovelace", "email": "ada@example.org"}


@pytest.mark.parametrize(
    ("change", "same_identity", "same_row"),
    [
        ({"listed": "2026-05-20"}, True, True),
        ({"ref": "second"}, False, True),
        ({"email": "ADA@example.org"}, True, False),
        ({"name": "Ada King"}, True, False),
        ({"narrative": "Well done."}, True, False),
        ({"expires": "never"}, True, False),
        ({"email": "ada@school.example"}, False, False),
        ({"badge": "hitches"}, False, False),
        ({"awarded": "2026-05-15"}, False, False),
        ({"id": "did:web:ada.example"}, False, False),
    ],
)
def test_what_a_change_to_a_row_changes(change: dict[str, str], same_identity: bool, same_row: bool) -> None:
    before, after = AwardRow.model_validate(ROW), AwardRow.model_validate(ROW | change)
    assert (identity_digest(before) == identity_digest(after)) is same_identity
    assert (row_digest(before) == row_digest(after)) is same_row
