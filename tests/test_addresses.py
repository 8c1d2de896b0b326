"""Addresses as people paste them: several in one text, with what a sentence puts behind them, or run together."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from site_builder.authoring.erasing import propose_erasure
from site_builder.authoring.targets import find_target
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.identity import row_digest
from site_builder.records.fields.addresses import address_question, bare_address, split_addresses, split_at_spaces
from site_builder.records.fields.web_address import address_refusal
from site_builder.records.load.award_files import read_records
from site_builder.records.models.award import AwardRow
from tests.drawn import write_drawn_repository
from tests.support import BADGE, as_release_0_1_signed, issue_all

RECORDS = "content/records/school"
X, Y = "https://example.org/x", "https://example.org/y"

SPLIT = {
    f"{X}, {Y}": [X, Y],
    f"{X},{Y}": [X, Y],
    f"{X};{Y}": [X, Y],
    f"{X} ; {Y}": [X, Y],
    f"{X} {Y}": [X, Y],
    f"{X}\n{Y}\n": [X, Y],
    f"{X},\r\n\t{Y}": [X, Y],
    f" {X},, {Y}": [X, Y],
    f"{X}\u00a0{Y}": [X, Y],
    f"{X}, http://example.org": [X, "http://example.org"],
    "https://example.org/a,b;c": ["https://example.org/a,b;c"],
    f"https://example.org/a,b, {Y}": ["https://example.org/a,b", Y],
    f"{X}?next={Y}": [f"{X}?next={Y}"],
    f"{X}, {Y},": [X, f"{Y},"],
    f"{X} and {Y}": [X, Y],
    f"{X} | {Y}": [X, Y],
    f"{X}，{Y}": [X, Y],
    f"{X}\u2003{Y}": [X, Y],
    f"- {X}\n- {Y}\n": [X, Y],
    f"see {X}, {Y}": ["see", X, Y],
    f"1. {X}\n2. {Y}": [X, Y],
    f"(1) {X} (2) {Y}": [X, Y],
    f"{X} e, {Y}": [f"{X} e", Y],
    "https://example.org/my file.pdf": ["https://example.org/my file.pdf"],
    "": [""],
}


@pytest.mark.parametrize("text", SPLIT)
def test_addresses_are_told_apart_by_commas_semicolons_and_spaces(text: str) -> None:
    assert split_addresses(text) == SPLIT[text]


def test_many_signs_cost_no_more_than_their_number() -> None:
    assert split_addresses(f"{X}{', ' * 500_000}{Y}") == [X, Y]


QUESTIONS = {
    f"{X},": f"write {X}; where the sign belongs to the address, write {X}%2C",
    f"{X};": f"write {X};",
    f"{X}.": f"write {X};",
    f"{X})": f"write {X};",
    f"{X}).": f"write {X}; where the sign belongs to the address, write {X}%29%2E",
    f"{X}'": f"write {X};",
    f"{X}]": f"write {X};",
    f"{X}{Y}": f"for two addresses write {X} {Y}; for one write {X}https%3A//example.org/y",
    f"{X},{Y}": f"for two addresses write {X} {Y};",
    f"{X}|{Y}": f"for two addresses write {X} {Y};",
    f"{X}%20{Y}": f"for two addresses write {X} {Y};",
    f"{X}%0D%0A{Y}": f"for two addresses write {X} {Y};",
    f"{X}/{Y}": f"for two addresses write {X}/ {Y};",
    f"{X}HTTP://example.org": "for two addresses",
}
FINE = [
    X,
    "https://example.org/",
    "https://example.org/a,b;c",
    "https://en.wikipedia.org/wiki/Knot_(unit)",
    "https://example.org/list[1]",
    "https://example.org/x?a=1&b=(2)",
    "https://example.org/x%2C",
    "https://web.archive.org/web/20200102030405/https://example.org/",
    "https://web.archive.org/web/20200102030405if_/https://example.org/",
    "https://web.archive.org/web/2020*/https://example.org/",
    f"{X}?next={Y}",
    f"{X}?next=https%3A%2F%2Fexample.org",
    f"{X}?{Y}",
    f"{X}#{Y}",
    "https://web.archive.org/web/2/https://example.org/",
    "https://archive.ph/2024.01.01-000000/https://example.org/",
    "https://example.org/a;jsessionid=1F?q=a,b;c=d",
]


@pytest.mark.parametrize("url", QUESTIONS)
def test_an_address_that_may_be_misread_is_a_question_with_an_answer(url: str) -> None:
    question = address_question(url)
    assert question is not None and question.fix.startswith(QUESTIONS[url])


@pytest.mark.parametrize("url", FINE)
def test_an_ordinary_address_is_none(url: str) -> None:
    assert address_question(url) is None


@pytest.mark.parametrize("text", [f"<{X}>", f'"{X}",', f"({X}).", f"“{X}”", f" {X}; ", f"'{X}'"])
def test_what_stands_around_an_address_is_taken_away_in_the_proposal(text: str) -> None:
    assert bare_address(text) == X


REFUSED = {
    "HTTPS://example.org/x": f"write {X}",
    "http://example.org/x": f"write {X}",
    "//example.org/x": f"write {X}",
    "www.example.org": "write https://www.example.org",
    "https://example.org./x": f"write {X}",
    "https://bücher.example/x": "write https://xn--bcher-kva.example/x",
    "https://example.org/100%": "write https://example.org/100%25",
    f"{X} (film)": f"write {X}; where the words behind it belong to the address, write %20 for each space",
    f"see {X}": f"write {X}",
    f"{X} {Y}": f"write one of them, {X} or {Y}; evidence may have several, each in an entry of its own",
}
WHOLE = "write the whole address, such as https://example.org/course"


@pytest.mark.parametrize("text", REFUSED)
def test_the_remedy_of_a_refused_address_is_the_address_that_was_meant(text: str) -> None:
    refusal = address_refusal(text)
    assert refusal is not None and refusal[1] == REFUSED[text]


@pytest.mark.parametrize("url", FINE)
def test_an_ordinary_address_is_published_as_it_is(url: str) -> None:
    assert address_refusal(url) is None


@pytest.mark.parametrize(
    "text", ["Ada Lovelace", "Ada.Lovelace", "Ada: Lovelace", f"Ada, {X}, {Y}", f"Ada {X}", f"{X} Ada"]
)
def test_what_is_no_address_may_be_a_name_and_is_not_repeated(text: str) -> None:
    refusal = address_refusal(text)
    assert refusal is not None and "Ada" not in str(refusal)
    assert X in text or refusal[1] == WHOLE


# --- in the records ---------------------------------------------------------------------------------------------------

HEAD = "badge: knots\nawarded: 2026-06-01\nname: Mary Shelley\n"
TABLE = 'badge,awarded,name,evidence\nknots,2026-06-01,Mary Shelley,"{}"\n'


@pytest.mark.parametrize("between", [", ", ",", "; ", " ", "\n"])
def test_several_in_a_cell_in_a_text_and_in_an_item_are_signed_as_several(between: str, tmp_path: Path) -> None:
    both = f"{X}{between}{Y}"
    quoted = json.dumps(both)
    rows = [
        read_records(TABLE.format(both).encode(), file="a.csv", issuer="school"),
        read_records(f"{HEAD}evidence: {quoted}\n".encode(), file="a.yml", issuer="school"),
        read_records(f"{HEAD}evidence: [{quoted}]\n".encode(), file="a.yml", issuer="school"),
        read_records(f"{HEAD}evidence: [{X}, {Y}]\n".encode(), file="a.yml", issuer="school"),
    ]
    assert [found.problems for found in rows] == [[]] * 4
    assert {tuple(item.url for item in found.rows[0].award.evidence) for found in rows} == {(X, Y)}
    assert len({row_digest(found.rows[0].award) for found in rows}) == 1


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (f"{HEAD}evidence: '{X}, {Y}.'\n", "4: REC006 evidence, number 2, url: this address ends in '.'"),
        (f"{HEAD}evidence: [{{url: {X}{Y}}}]\n", "4: REC006 evidence, number 1, url: a second address begins inside"),
        (
            f"{HEAD}evidence: [{{url: '{X}, {Y}'}}]\n",
            "4: REC006 evidence, number 1, url: this is more than one address",
        ),
        (f"{HEAD}evidence: <{X}>\n", "4: REC006 evidence, number 1, url: this address has signs around it"),
        (f"{HEAD}id: '{X},'\n", "4: REC006 id: this address ends in ','"),
    ],
)
def test_an_odd_address_is_a_problem_of_a_pending_row(row: str, line: str, tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/x.yml": row})
    [problem] = check_repository(root).problems
    assert str(problem).startswith(f"{RECORDS}/x.yml:{line}")


def test_addresses_of_achievement_and_issuer_are_looked_at_as_well(tmp_path: Path) -> None:
    badge = BADGE + f"skills:\n  - {{name: Knots, url: '{X}.'}}\n"
    root = write_drawn_repository(tmp_path, files={"badges/knots/badge.yml": badge})
    assert [(p.file, p.line) for p in check_repository(root).problems] == [("badges/knots/badge.yml", 8)]


# --- what was signed before -------------------------------------------------------------------------------------------


def as_read_by_release_0_1() -> AbstractContextManager[object]:
    return patch.multiple("site_builder.records.models.award", split_addresses=split_at_spaces)


BEFORE = [
    ("x.csv", TABLE.format(f"{X}, {Y}"), [f"{X},", Y]),
    ("x.csv", TABLE.format(f"{X};{Y}"), [f"{X};{Y}"]),
    ("x.csv", TABLE.format(f"{X} {Y}"), [X, Y]),
    ("x.yml", f"{HEAD}evidence: {X},{Y}\n", [f"{X},{Y}"]),
    ("x.yml", f"{HEAD}evidence: ['{X},']\n", [f"{X},"]),
]


@pytest.mark.parametrize(("name", "record", "read"), BEFORE, ids=range(len(BEFORE)))
def test_a_signed_row_is_what_it_was_when_it_was_signed(
    name: str, record: str, read: list[str], tmp_path: Path
) -> None:
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": "", f"{RECORDS}/{name}": record})
    (root / f"{RECORDS}/2026-05.yml").unlink(missing_ok=True)
    with as_read_by_release_0_1(), as_release_0_1_signed():
        [award] = issue_all(root).awards
    checked = check_repository(root)
    assert checked.problems == [] and checked.pending_rows == []
    assert [item.url for item in checked.rows[award.id].award.evidence] == read
    assert issue_all(root, seed="again").awards == []


def test_a_file_that_loses_a_row_keeps_what_was_signed_of_the_others(tmp_path: Path) -> None:
    table = TABLE.format(f"{X}, {Y}") + "knots,2026-06-01,Grace Hopper,\n"
    root = write_drawn_repository(
        tmp_path, files={f"{RECORDS}/2026-05.yml": HEAD.replace("Mary", "Ada"), f"{RECORDS}/x.csv": table}
    )
    with as_read_by_release_0_1(), as_release_0_1_signed():
        awards = issue_all(root).awards
    checked, now = check_repository(root), datetime(2026, 6, 2, tzinfo=UTC)
    [grace] = [award.id for award in awards if checked.rows[award.id].award.name == "Grace Hopper"]
    proposal = propose_erasure(checked, find_target(checked, grace, now=now), "2026-06-02")
    assert "Grace" not in str(proposal.edits[f"{RECORDS}/x.csv"])


def test_applied_corrections_and_signed_renewals_are_read_as_they_were(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": HEAD})
    with as_read_by_release_0_1(), as_release_0_1_signed():
        [award] = issue_all(root).awards
        changes = {"correct": f"correct: {award.id}\ndate: 2026-06-02\nevidence: {X},{Y}\n"}
        changes["renew"] = f"renew: {award.id}\ndate: 2028-05-01\nevidence: {Y};{X}\n"
        for kind, text in changes.items():
            (root / f"{RECORDS}/{kind}.yml").write_text(text, "utf-8")
        issue_all(root, seed="changes")
        assert check_repository(root).problems == []
    checked = check_repository(root)
    assert (checked.problems, checked.pending_rows, checked.pending_changes) == ([], [], [])
    evidence = [[item.url for item in row.award.evidence] for row in checked.rows.values()]
    assert sorted(evidence) == [[f"{X},{Y}"], [f"{Y};{X}"]]


def test_a_text_without_addresses_that_are_run_together_has_the_digest_that_it_had() -> None:
    fields = {"badge": "knots", "awarded": "2026-06-01", "name": "Mary Shelley"}
    texts = [X, "https://example.org/a,b;c", [X, Y], [{"url": X, "name": "Log"}], FINE[-1]]
    for text in texts:
        with as_read_by_release_0_1():
            before = row_digest(AwardRow.model_validate(fields | {"evidence": text}))
        assert row_digest(AwardRow.model_validate(fields | {"evidence": text})) == before
