"""Listing and searching: who was awarded what, how it stands, and under which spellings a person is found."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from site_builder.cli.reading.listed_awards import STATES as CHOICES
from site_builder.errors import UsageError
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.queries.listing import (
    STATES,
    ListedAward,
    expiring_within,
    folded,
    list_awards,
    listed_as_csv,
    matches,
    narrowed,
)
from tests.drawn import write_drawn_repository
from tests.support import BASE, COHORT, NOW, issue_all

RECORDS = "content/records/school"
PEOPLE = """\
badge: knots
awarded: 2026-05-14
recipients:
  - {name: Émilie du Châtelet, email: emilie@example.org, license_number: NL-0042}
  - {name: Søren Kierkegaard, email: soren@example.org, expires: 2026-05-31}
  - {name: Ἑλένη Παπαδάκη, expires: never}
  - {name: "Grace O’Malley", email: grace.o@example.org, awarded: 2099-01-01}
"""


def listed(root: Path, *, now: datetime = NOW) -> list[ListedAward]:
    return list_awards(check_repository(root), now=now)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> list[ListedAward]:
    root = write_drawn_repository(tmp_path_factory.mktemp("people"), files={f"{RECORDS}/2026-05.yml": PEOPLE})
    issue_all(root)
    return listed(root)


def test_an_award_is_listed_with_what_was_signed_and_where_it_is_written(people: list[ListedAward]) -> None:
    first = people[0]
    assert (first.name, first.email, first.badge, first.achievement, first.issuer) == (
        "Émilie du Châtelet",
        "emilie@example.org",
        "knots",
        "Knots",
        "school",
    )
    assert (first.awarded, first.expires, first.license_number) == (date(2026, 5, 14), date(2028, 5, 14), "NL-0042")
    assert first.record == f"{RECORDS}/2026-05.yml:4" and first.url == f"{BASE}c/{first.id}/"


def test_each_award_has_one_of_six_states(tmp_path: Path, people: list[ListedAward]) -> None:
    assert [award.state for award in people] == ["active", "expired", "active", "not-yet-valid"]
    root = write_drawn_repository(tmp_path)
    assert [award.state for award in listed(root)] == ["pending", "pending"]
    award = issue_all(root).awards[0]
    (root / RECORDS / "r.yml").write_text(f"revoke: {award.id}\ndate: 2026-06-01\nreason: other\n", "utf-8")
    issue_all(root, seed="revoke")
    assert sorted(award.state for award in listed(root)) == ["active", "revoked"]
    (root / RECORDS / "2026-05.yml").unlink()
    (root / RECORDS / "r.yml").unlink()
    for number, award_id in enumerate(check_repository(root).ledger.awards):
        (root / RECORDS / f"e{number}.yml").write_text(f"erase: {award_id}\ndate: 2026-06-02\n", "utf-8")
    issue_all(root, seed="erase")
    assert {(award.state, award.name, award.email, award.achievement) for award in listed(root)} == {
        ("erased", "", "", "Knots")
    }
    assert set(STATES) == set(CHOICES)


def test_the_last_day_counts_whole_in_the_issuer_s_own_time(people: list[ListedAward], tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": PEOPLE})
    issue_all(root)
    name = "Søren Kierkegaard"

    def standing(moment: str) -> str:
        now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        return next(award.state for award in listed(root, now=now) if award.name == name)

    # Amsterdam in summer is two hours ahead: its 31 May ends at 22:00 UTC.
    assert standing("2026-05-13T21:59:59") == "not-yet-valid"
    assert standing("2026-05-13T22:00:00") == "active"
    assert standing("2026-05-31T21:59:59") == "active"
    assert standing("2026-05-31T22:00:00") == "expired"


def test_a_pending_award_has_no_page_and_the_end_that_it_would_have(tmp_path: Path) -> None:
    award = listed(write_drawn_repository(tmp_path))[0]
    assert (award.id, award.url, award.days_left, award.expires) == ("", "", None, date(2028, 5, 14))


def test_an_award_whose_row_is_gone_is_still_listed(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    text = COHORT.replace("  - {name: Grace Hopper, email: grace@example.org}\n", "")
    (root / RECORDS / "2026-05.yml").write_text(text, "utf-8")
    assert [(award.name, award.email, award.record) for award in listed(root)] == [
        ("Ada Lovelace", "ada@example.org", f"{RECORDS}/2026-05.yml:5"),
        ("Grace Hopper", "", ""),
    ]


SPELLINGS = {
    "émilie": "Émilie du Châtelet",
    "EMILIE": "Émilie du Châtelet",
    "e\u0301milie": "Émilie du Châtelet",
    "chatelet emilie": "Émilie du Châtelet",
    "ｅｍｉｌｉｅ": "Émilie du Châtelet",
    "nl-0042": "Émilie du Châtelet",
    "soren": "Søren Kierkegaard",
    "SØREN@EXAMPLE.ORG": "Søren Kierkegaard",
    "ελενη": "Ἑλένη Παπαδάκη",
    "παπαδακη": "Ἑλένη Παπαδάκη",
    "o'malley": "Grace O’Malley",
    "O’Malley": "Grace O’Malley",
}


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_person_is_found_under(text: str, people: list[ListedAward]) -> None:
    assert [award.name for award in people if matches(award, text)] == [SPELLINGS[text]]


def test_every_word_must_occur(people: list[ListedAward]) -> None:
    assert not any(matches(award, "emilie kierkegaard") for award in people)
    assert all(matches(award, "") and matches(award, "KNOTS") for award in people)


def test_a_page_s_address_is_found_whole(people: list[ListedAward]) -> None:
    award = people[1]
    for rest in ("", "#m=abc", "credential.json", "badge.png?x"):
        assert [found for found in people if matches(found, award.url + rest)] == [award]
    assert not any(matches(found, f"{BASE}c/{'a' * 26}/") for found in people)
    assert all(matches(found, f"{BASE}badges/knots/") and matches(found, f"{BASE}issuers/school/") for found in people)
    assert [found for found in people if matches(found, award.id)] == [award]


def test_marks_that_spell_a_word_in_other_scripts_do_not_hide_it() -> None:
    assert folded("สุนทรภู่") in folded("สุนทรภู่ ณ")
    assert folded("STRASSE") == folded("Straße") and folded("İstanbul") == folded("istanbul")


def test_narrowing_goes_by_person_badge_file_issuer_and_state(people: list[ListedAward]) -> None:
    assert [award.name for award in narrowed(people, person="grace")] == ["Grace O’Malley"]
    assert narrowed(people, person="knots") == []
    assert narrowed(people, badge="knots", issuer="school", file=f"{RECORDS}/2026-05.yml") == people
    assert narrowed(people, badge="other") == narrowed(people, issuer="other") == narrowed(people, file="other") == []
    assert len(narrowed(people, states=["expired", "not-yet-valid"])) == 2


@pytest.mark.parametrize(
    ("period", "found"),
    [("712d", 0), ("713d", 1), ("2Y", 1), ("P23M", 0), ("p24m", 1), ("102w", 1)],
)
def test_expiring_within_a_period_are_the_active_that_end_in_it(
    period: str, found: int, people: list[ListedAward]
) -> None:
    result = expiring_within(people, period)
    assert [award.name for award in result] == ["Émilie du Châtelet"][:found]


@pytest.mark.parametrize("period", ["", "90", "d", "0d", "-1d", "90 days", "P", "1.5y", "99999999d", "90d\n", "٩d"])
def test_a_length_of_time_is_refused_that_is(period: str, people: list[ListedAward]) -> None:
    with pytest.raises(UsageError, match="write 90d, 12w, 3m, 1y, or P3M"):
        expiring_within(people, period)


def test_csv_runs_no_formula_and_has_a_column_for_each_field(tmp_path: Path) -> None:
    record = COHORT.replace("Ada Lovelace", json.dumps("=1+1"))
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": record})
    header, first, _second = csv.reader(io.StringIO(listed_as_csv(listed(root))))
    assert header == list(listed(root)[0].as_json()) and first[0] == "'=1+1"
    assert first[header.index("days_left")] == "" and first[header.index("awarded")] == "2026-05-14"
