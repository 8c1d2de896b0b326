"""Every today is the issuer's: in an American evening UTC has tomorrow, in a morning of New Zealand yesterday."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from site_builder.cli.writing.new import asking
from site_builder.credentials.identifiers.multikey import format_private_key
from site_builder.issuing.command import IssueOptions, issue_command
from site_builder.issuing.keys.command import KeySource, end_key_command, keys_new_command
from site_builder.issuing.surroundings import Machine, Output
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.queries.listing import list_awards
from site_builder.records.load.calendar import day_of_badge, day_of_issuer
from site_builder.records.load.repository import load_repository
from tests.drawn import write_drawn_repository
from tests.support import COHORT, ISSUER, fake_key, issue_all, repeatable_random, write_repository

PACKAGE = Path(__file__).parents[1] / "site_builder"
RECORD = "content/records/school/2026-05.yml"
QUIET = Output(lambda line: None, lambda problems: None)
# An issuer's zone, a moment in UTC, and the day that its calendar has then.
WALLS = [
    ("America/Los_Angeles", datetime(2026, 11, 28, 3, 30, tzinfo=UTC), "2026-11-27"),
    ("Pacific/Auckland", datetime(2026, 11, 27, 20, 30, tzinfo=UTC), "2026-11-28"),
    ("Europe/Amsterdam", datetime(2026, 5, 31, 22, 30, tzinfo=UTC), "2026-06-01"),
    ("Pacific/Kiritimati", datetime(2026, 12, 31, 10, 0, tzinfo=UTC), "2027-01-01"),
]


def school_in(root: Path, zone: str, *, record: str = COHORT) -> Path:
    issuer = ISSUER.replace("Europe/Amsterdam", zone)
    return write_drawn_repository(root, files={"issuers/school/issuer.yml": issuer, RECORD: record})


@pytest.mark.parametrize(("zone", "now", "day"), WALLS)
def test_today_is_what_the_wall_says_where_the_issuer_is(zone: str, now: datetime, day: str, tmp_path: Path) -> None:
    repository, _ = load_repository(school_in(tmp_path, zone))
    assert day_of_issuer(repository, "school", now) == day_of_badge(repository, "knots", now) == date.fromisoformat(day)


def test_of_an_issuer_that_cannot_be_read_it_is_the_day_of_utc(tmp_path: Path) -> None:
    repository, _ = load_repository(write_repository(tmp_path))
    late = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
    assert day_of_issuer(repository, "gone", late) == day_of_badge(repository, "gone", late) == date(2026, 5, 31)


@pytest.mark.parametrize(("zone", "now", "day"), WALLS)
def test_new_award_offers_the_issuers_day(
    zone: str, now: datetime, day: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return now

    monkeypatch.setattr(asking, "datetime", Clock)
    assert asking._default(school_in(tmp_path, zone), "awarded", {"badge": "knots"}, None) == day


@pytest.mark.parametrize(("zone", "now", "day"), WALLS)
def test_only_what_is_later_than_the_issuers_day_is_called_to_come(
    zone: str, now: datetime, day: str, tmp_path: Path
) -> None:
    today = date.fromisoformat(day)
    tomorrow = today.replace(day=today.day % 30 + 1, month=today.month + (today.day == 30))
    rows = f"badge: knots\nawarded: {today}\nrecipients:\n  - {{name: Ada}}\n  - {{name: Grace, awarded: {tomorrow}}}\n"
    root, lines = school_in(tmp_path, zone, record=rows), list[str]()
    output = Output(lines.append, lambda problems: None)
    done = issue_command(root, IssueOptions(dry_run=True), machine=Machine({}, now, bytes), output=output)
    assert [line.split()[1] for line in lines if "(a day to come)" in line] == ["Grace:"]
    told = (
        f"{RECORD}: 1 award of a day to come ({tomorrow}; it is {today} for the issuer): signed now, and not valid yet to "
        "verifiers until the day begins"
    )
    assert told in lines and told in done["notices"]


def test_a_cohort_that_is_prepared_before_its_day_is_signed_and_said(tmp_path: Path) -> None:
    root, lines = school_in(tmp_path, "Europe/Amsterdam"), list[str]()
    output, early = Output(lines.append, lambda problems: None), datetime(2026, 5, 13, 21, 59, tzinfo=UTC)
    machine = Machine({"LAURELS_KEY_SCHOOL": format_private_key(fake_key())}, early, repeatable_random())
    issue_command(root, IssueOptions(), machine=machine, output=output)
    assert sum("2 awards of a day to come (2026-05-14; it is 2026-05-13 for the issuer)" in line for line in lines) == 1
    assert lines[-3].startswith("2 awards signed")


@pytest.mark.parametrize(("zone", "now", "day"), WALLS[:2])
def test_a_key_is_dated_by_the_issuers_day(zone: str, now: datetime, day: str, tmp_path: Path) -> None:
    root = school_in(tmp_path / "repository", zone)
    machine = Machine({}, now, lambda count: bytes(range(count)))
    place = KeySource(tmp_path / "key", is_open=True)
    keys_new_command(root, "school", destination=place, machine=machine, output=QUIET, rotate=True)
    end_key_command(root, "school", "key-2", state="retired", now=now, dry_run=False, output=QUIET)
    first, second = load_repository(root)[0].issuers["school"].keys
    assert {first.until, second.created, second.until} == {date.fromisoformat(day)}


def test_the_days_that_are_left_are_counted_from_the_issuers_day(tmp_path: Path) -> None:
    record = COHORT.replace("awarded: 2026-05-14", "awarded: 2026-05-14\nexpires: 2026-11-30")
    root = school_in(tmp_path, "America/Los_Angeles", record=record)
    issue_all(root)
    awards = list_awards(check_repository(root), now=datetime(2026, 11, 28, 3, 30, tzinfo=UTC))
    assert {award.days_left for award in awards} == {3}


# What a day is made of besides: moments that were signed, and what was written at an option.
SIGNED = {"end", "valid_until", "awarded", "since"}


def test_no_other_module_makes_a_day_of_a_clock() -> None:
    for file in sorted(PACKAGE.rglob("*.py")):
        calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
        for made in [node.func for node in calls if isinstance(node.func, ast.Attribute)]:
            of = made.value.attr if isinstance(made.value, ast.Attribute) else getattr(made.value, "id", "")
            assert made.attr not in ("today", "utcnow", "localtime", "fromtimestamp"), (file, ast.unparse(made))
            if made.attr == "date" and file.name != "calendar.py":
                assert of in SIGNED, (file, ast.unparse(made))
