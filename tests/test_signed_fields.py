"""An optional field of an award is one row: JSON, page, correction, options and schema follow, and what pages are compared by is generated."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from scripts.generate_claims import CLAIMS, LABELS, generated, labelled
from site_builder.ledger.store.definitions import award_of
from site_builder.records.load.repository import load_repository
from site_builder.records.models.award import SIGNED_FIELDS, AwardDetails
from site_builder.records.models.changes import CorrectRecord, RenewRecord
from site_builder.records.models.signed_fields import Signed, signed_fields
from tests.support import BADGE, write_repository

ROOT = Path(__file__).parents[1]
VERIFICATION = ROOT / "site_builder/verification"
# As it would be written into AwardDetails; the standard has the member already.
ROW = """\
    term: Annotated[Line | None, Signed("term", "text", "facts", label="Term", option="Such as Autumn.")] = Field(
        None, description="The term in which it was earned.", examples=["Autumn"]
    )
"""


@pytest.fixture(scope="module")
def stations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the stations of a record say in a copy of the package with that row, and without another edit by hand."""
    copy = tmp_path_factory.mktemp("package")
    shutil.copytree(ROOT / "site_builder", copy / "site_builder", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "themes").symlink_to(ROOT / "themes")
    models = copy / "site_builder/records/models/award.py"
    text = models.read_text("utf-8")
    models.write_text(text.replace("    role: Annotated[", ROW + "    role: Annotated[", 1), "utf-8")
    command = [sys.executable, "-m", "tests.added_field", str(copy / "repository"), "term"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(copy), str(ROOT)])}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["package"] == (copy / "site_builder").as_posix()
    return found


def test_an_added_field_is_read_from_yaml_and_csv_and_signed(stations: dict[str, Any]) -> None:
    assert stations["problems"] == []
    assert stations["signed"] == ["Autumn", "Autumn", "Spring"]


def test_an_added_field_is_a_fact_of_the_page(stations: dict[str, Any]) -> None:
    """Once what follows from the row is generated: the page states what its release states, and before, that is not in it."""
    assert stations["page before"] == []
    (line,) = stations["page"]
    assert "<dt>Term</dt>" in line and 'data-as="text">Autumn</dd>' in line


def test_an_added_field_is_corrected_in_credential_and_page(stations: dict[str, Any]) -> None:
    assert stations["differences"] == {"field": "term", "old": "Autumn", "new": "Winter"}
    assert stations["corrected"] == ["Autumn", "Spring", "Winter"]
    assert ">Winter</dd>" in stations["page after"][0]


def test_an_added_field_is_expected_by_the_verifier_and_holds(stations: dict[str, Any]) -> None:
    assert set(stations["verdicts"]) == {"holds"}


def test_an_added_field_may_hold_no_address(stations: dict[str, Any]) -> None:
    assert "REC018" in stations["refused"]


def test_an_added_field_is_an_option_of_the_commands_and_part_of_the_schema(stations: dict[str, Any]) -> None:
    assert all(stations["help"].values()) and len(stations["help"]) == 4
    assert stations["schema"]["description"] == "The term in which it was earned."


# --- the rows ---------------------------------------------------------------------------------------------------------

TYPES = {"text": str, "markdown": str, "number": Decimal, "first second": date, "last second": date}
PRINTED = {"first second": "date", "last second": "date"}


def test_rows_are_the_same_for_awards_and_for_their_changes() -> None:
    assert SIGNED_FIELDS == signed_fields(AwardDetails) == signed_fields(CorrectRecord) == signed_fields(RenewRecord)


@pytest.mark.parametrize(("name", "row"), SIGNED_FIELDS.items())
def test_a_row_says_the_form_of_its_field(name: str, row: Signed) -> None:
    annotation = AwardDetails.model_fields[name].annotation
    kinds = [getattr(kind, "__origin__", kind) for kind in get_args(annotation)]
    assert kinds == [TYPES[row.form], type(None)]
    assert bool(row.label) == (row.group != "prose")


def test_both_verifiers_expect_the_facts_on_the_page() -> None:
    text = CLAIMS.read_text("utf-8")
    sentences = LABELS.read_text("utf-8")
    assert generated(text) == text and labelled(sentences) == sentences, "run make release-files"
    pointers = {row["pointer"]: row["as"] for row in json.loads(text)}
    facts = [row for row in SIGNED_FIELDS.values() if row.group != "prose"]
    expected = {f"/credentialSubject/{row.member}": PRINTED.get(row.form, "text") for row in facts}
    assert expected.items() <= pointers.items()


@pytest.mark.parametrize("row", [row for row in SIGNED_FIELDS.values() if row.group != "prose"], ids=lambda r: r.member)
def test_the_page_of_the_verifier_says_the_fact(row: Signed) -> None:
    (script,) = VERIFICATION.glob("browser/src/**/signed-words.js")
    assert f'at: ["credentialSubject", "{row.member}"]' in script.read_text("utf-8"), f"add {row.member} to its FACTS"


# --- what is signed of them -------------------------------------------------------------------------------------------

AWARD = """\
badge: knots
awarded: 2026-05-14
name: Ada Lovelace
credits_earned: 7.50
license_number: K-17
role: Bosun
activity_start: 2026-03-28
activity_end: 2026-05-14
narrative: Tied *all six*.
"""


def test_given_fields_are_signed_as_json_in_the_order_of_the_first_release(tmp_path: Path) -> None:
    badge = BADGE + "credits: {available: 10, unit: knots}\n"
    files = {"content/records/school/2026-05.yml": AWARD, "badges/knots/badge.yml": badge}
    repository, problems = load_repository(write_repository(tmp_path, files=files))
    (row,) = repository.rows
    award = award_of(
        row, repository.badges["knots"], repository.issuers["school"], award_id="a" * 26, salt=None, status_entry=(1, 7)
    )
    assert problems == []
    assert list(award.stated.items()) == [
        ("narrative", "Tied *all six*."),
        ("role", "Bosun"),
        ("activityStartDate", "2026-03-28T00:00:00+01:00"),
        ("activityEndDate", "2026-05-14T23:59:59+02:00"),
        ("licenseNumber", "K-17"),
        ("creditsEarned", 7.5),
    ]


def test_a_field_that_is_not_given_is_not_signed(tmp_path: Path) -> None:
    repository, _ = load_repository(write_repository(tmp_path))
    for row in repository.rows:
        award = award_of(
            row,
            repository.badges["knots"],
            repository.issuers["school"],
            award_id="a" * 26,
            salt=None,
            status_entry=(1, 7),
        )
        assert award.stated == {}
