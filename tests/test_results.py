"""Results, skills, role and activity: from the record through the signature to the page, each as it was written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.identity import row_digest
from site_builder.records.load.award_files import read_csv, read_record
from site_builder.records.models.award import AwardRow
from site_builder.records.models.results import RESULT_STATUSES, RESULT_TYPES, ResultRecord, problem_of_value
from site_builder.records.models.skills import SKILL_TYPES
from site_builder.site.publish import publish
from site_builder.verification.page.compare import compare_page
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.whole_site import verify_site
from tests.drawn import write_drawn_repository
from tests.strict_schema import schema_errors
from tests.support import BADGE, issue_all, publish_to
from tests.vector_files import read_json_vector

DESCRIBED = (
    BADGE
    + """\
skills:
  - {name: Heart & <lung>, url: "https://skills.example/s?a=1&b=2", framework: Open Skills, code: S1, description: Both., type: CFItem}
  - {name: Calm, url: "https://skills.example/calm"}
results:
  vessel: {name: Training vessel, type: ext:Vessel}
  written: {name: Written test, type: RawScore, minimum: 0, maximum: 30, required: 24}
  grade: {name: Grade, type: LetterGrade, allowed: [C, B, A], required: B}
  state: {name: State, type: Status}
  speed: {name: Speed, type: Result, maximum: 9}
"""
)
STATED = """\
badge: knots
awarded: 2026-05-14
role: Bosun & mate
activity_start: 2026-05-01
activity_end: 2026-05-14
recipients:
  - {name: Mary Shelley, email: mary@example.org, results: {state: Completed, written: "27.0", vessel: Grietje <2>}}
  - {name: Emmy Noether, email: noether@example.org}
"""
CSV = """\
badge,awarded,name,email,role,activity_start,activity_end,results.written,results.vessel,results.state
knots,2026-05-14,Mary Shelley,mary@example.org,Bosun & mate,2026-05-01,2026-05-14,27.0,Grietje <2>,Completed
"""


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("results") / "repository"
    write_drawn_repository(
        root, files={"badges/knots/badge.yml": DESCRIBED, "content/records/school/2026-05.yml": STATED}
    )
    issue_all(root)
    return root


def credential_of(root: Path, name: str) -> dict[str, Any]:
    for file in root.glob("content/signed/school/*/credential.json"):
        document: dict[str, Any] = json.loads(file.read_bytes())
        if document["credentialSubject"]["identifier"][0]["identityHash"] == name:
            return document
    raise AssertionError(name)


def test_what_was_written_is_what_is_signed(issued: Path) -> None:
    document = credential_of(issued, "Mary Shelley")
    subject = document["credentialSubject"]
    assert (subject["role"], subject["activityStartDate"], subject["activityEndDate"]) == (
        "Bosun & mate",
        "2026-05-01T00:00:00+02:00",
        "2026-05-14T23:59:59+02:00",
    )
    # In the order of the achievement, whatever the order of the row.
    stated = [
        (item["resultDescription"].rpartition("#")[2], item.get("value", item.get("status")))
        for item in subject["result"]
    ]
    assert stated == [("result-vessel", "Grietje <2>"), ("result-written", "27.0"), ("result-state", "Completed")]
    assert [item["targetName"] for item in subject["achievement"]["alignment"]] == ["Heart & <lung>", "Calm"]
    assert [item["name"] for item in subject["achievement"]["resultDescription"]] == [
        "Training vessel",
        "Written test",
        "Grade",
        "State",
        "Speed",
    ]
    assert schema_errors(document) == []


def test_result_names_a_description_that_its_own_achievement_has(issued: Path) -> None:
    subject = credential_of(issued, "Mary Shelley")["credentialSubject"]
    described = {item["id"] for item in subject["achievement"]["resultDescription"]}
    assert {item["resultDescription"] for item in subject["result"]} <= described


def test_award_without_results_signs_none_but_what_was_possible(issued: Path) -> None:
    subject = credential_of(issued, "Emmy Noether")["credentialSubject"]
    assert "result" not in subject and len(subject["achievement"]["resultDescription"]) == 5


def test_page_states_just_what_was_signed_and_every_credential_holds(issued: Path, tmp_path: Path) -> None:
    site = publish_to(issued, tmp_path / "site")
    reports = dict(verify_site(site, now=datetime(2026, 6, 2, tzinfo=UTC)))
    assert len(reports) == 2
    for report in reports.values():
        assert {check.name: str(check.result) for check in report.checks}["page"] == "passed"
        assert report.verdict in ("holds", "copy"), report.headline


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (">27.0<", ">30.0<"),
        (">Completed<", ">Provisional<"),
        (">Training vessel<", ">Flagship<"),
        ("https://skills.example/calm", "https://skills.example/other"),
        (">Calm<", ">Calmness<"),
        (">14 May 2026</dd>", ">13 May 2026</dd>"),
        ('<ul class="skills">', '<ul class="skills"><li>And more</li>'),
    ],
)
def test_page_that_states_another_result_or_skill_fails(issued: Path, before: str, after: str) -> None:
    document = credential_of(issued, "Mary Shelley")
    path = document["id"].removeprefix(check_repository(issued).repository.config.base)
    pages = dict(publish(check_repository(issued)))
    html = pages[path.replace("credential.json", "index.html")].decode()
    assert compare_page(StatementPage(html, path), document) == ""
    assert before in html
    assert compare_page(StatementPage(html.replace(before, after), path), document)


def test_achievement_page_and_definition_say_what_can_be_reached(issued: Path) -> None:
    pages = dict(publish(check_repository(issued)))
    definition = json.loads(pages["badges/knots/achievement.json"])
    assert definition == credential_of(issued, "Mary Shelley")["credentialSubject"]["achievement"]
    html = pages["badges/knots/index.html"].decode()
    for text in (
        "Written test",
        "Training vessel",
        "Heart &amp; &lt;lung&gt;",
        "Open Skills",
        'href="https://skills.example/calm"',
    ):
        assert text in html, text


def rows_of(text: str, *, kind: str) -> list[AwardRow]:
    read = read_csv if kind == "csv" else read_record
    found = read(text.encode(), file=f"content/records/school/x.{kind}", issuer="school")
    assert found.problems == []
    return [row.award for row in found.rows]


def test_csv_and_yaml_give_one_row_with_one_digest() -> None:
    [from_csv] = rows_of(CSV, kind="csv")
    from_yaml = rows_of(STATED, kind="yml")[0]
    assert from_csv == from_yaml and row_digest(from_csv) == row_digest(from_yaml)
    assert from_csv.as_digested()["results"] == {"written": "27.0", "vessel": "Grietje <2>", "state": "Completed"}


def test_digest_of_a_row_knows_each_result_and_no_order() -> None:
    text = "badge: knots\nawarded: 2026-05-14\nname: Mary\nresults: {a: '1', b: '2'}\n"
    [row] = rows_of(text, kind="yml")
    [turned] = rows_of(text.replace("a: '1', b: '2'", "b: '2', a: '1'"), kind="yml")
    assert row_digest(row) == row_digest(turned)
    for other in ("a: '1', b: '3'", "a: '1.0', b: '2'", "a: '1'", "a: '1', c: '2'", "b: '1', a: '2'"):
        [changed] = rows_of(text.replace("a: '1', b: '2'", other), kind="yml")
        assert row_digest(changed) != row_digest(row), other


def test_digest_of_a_row_that_has_no_results_is_what_it_was_before_there_were_any() -> None:
    [row] = rows_of("badge: knots\nawarded: 2026-05-14\nname: Mary\n", kind="yml")
    assert row.as_digested() == {"badge": "knots", "awarded": "2026-05-14", "name": "Mary"}


def test_words_are_those_of_the_standard_without_rubrics() -> None:
    schema = read_json_vector("schemas/ob3-strict/ob_v3p0_achievementcredential_schema.json")["$defs"]
    types = schema["ResultDescription"]["properties"]["resultType"]["oneOf"][0]["enum"]
    assert set(types) - set(RESULT_TYPES) == {"RubricCriterion", "RubricCriterionLevel", "RubricScore"}
    assert set(RESULT_TYPES) < set(types)
    assert list(RESULT_STATUSES) == schema["Result"]["properties"]["status"]["enum"]
    assert list(SKILL_TYPES) == schema["Alignment"]["properties"]["targetType"]["oneOf"][0]["enum"]


@pytest.mark.parametrize(
    ("fields", "accepted", "refused"),
    [
        (
            {"type": "RawScore"},
            ["0", "-5", "7.25", "999999999"],
            ["", "7,5", "1e3", "+7", "07:30", "٧", "7.", "1234567890"],
        ),
        ({"type": "Percent", "maximum": "100"}, ["100", "-1"], ["100.01", "92 %"]),
        (
            {"type": "GradePointAverage", "minimum": "0", "maximum": "4.0", "required": "2"},
            ["4", "2.0"],
            ["1.99", "4.1"],
        ),
        ({"type": "GradePointAverage", "allowed": ("C", "A")}, ["C"], ["4.0"]),
        ({"type": "PredictedScore"}, ["anything at all"], []),
        ({"type": "PredictedScore", "maximum": "7"}, ["7"], ["seven", "8"]),
        ({"type": "PerformanceLevel", "allowed": ("1", "2", "10"), "required": "2"}, ["2", "10"], ["1", "3", "2.0"]),
        ({"type": "Status"}, ["Failed"], ["failed", "Passed"]),
        ({"type": "ext:Vessel"}, ["Grietje", "27,5"], []),
        ({"type": "ext:Vessel", "minimum": "1"}, ["27.5"], ["Grietje", "0"]),
    ],
)
def test_values_of_a_result(fields: dict[str, Any], accepted: list[str], refused: list[str]) -> None:
    result = ResultRecord.model_validate({"name": "x"} | fields)
    assert [value for value in accepted if problem_of_value(result, value)] == []
    assert [value for value in refused if not problem_of_value(result, value)] == []
