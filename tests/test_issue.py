"""What `issue` does: pending rows and changes become signed files, each once."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.credentials.openbadges3.build import day_end, day_start
from site_builder.credentials.status.bitstring import LIST_LENGTH, read_list, set_bits
from site_builder.encoding import format_json, is_base32_id
from site_builder.errors import Error, Problem, UsageError
from site_builder.issuing.command import IssueOptions, issue_command
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.surroundings import Machine, Output
from site_builder.issuing.transaction.issue import issue
from site_builder.issuing.transaction.plan import plan_issue
from site_builder.issuing.transaction.status_indexes import StatusIndexAllocator
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.ledger import Ledger
from site_builder.records.models.achievement import AchievementRecord
from site_builder.records.models.award import AwardRow
from site_builder.records.models.periods import last_valid_day
from tests.drawn import write_drawn_repository
from tests.support import (
    BADGE,
    BASE,
    COHORT,
    DRAWING,
    ISSUER,
    NOW,
    fake_key,
    issue_all,
    repeatable_random,
    write_repository,
)
from tests.trees import tree_of

KEYS = {"school": SigningKey("key-1", fake_key())}
PULL_REQUEST = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request"}
RECORDS = "content/records/school"


def run_command(root: Path, **options: Any) -> tuple[dict[str, Any], list[str]]:
    """What issue_command gives back, and the lines that it said; without a key unless the environment has one."""
    lines: list[str] = []

    def note_problems(problems: Iterable[Problem]) -> None:
        lines.extend(map(str, problems))

    machine: dict[str, Any] = {
        "environment": {"HOME": str(root.parent / "nobody")},
        "now": NOW,
        "random_bytes": repeatable_random(),
    }
    machine |= {name: options.pop(name) for name in [*machine, "ask"] if name in options}
    output = Output(lines.append, note_problems)
    return issue_command(root, IssueOptions(**options), machine=Machine(**machine), output=output), lines


def document_of(root: Path, award: StoredAward) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((root / award.folder / "credential.json").read_text("ascii"))
    return document


def bits_of(root: Path, *, number: int = 1, issuer: str = "school") -> set[int]:
    path = f"issuers/{issuer}/status/{number}.json"
    return set_bits(read_list(json.loads((root / path).read_text("ascii")), url=BASE + path))


def email_identity(document: dict[str, Any]) -> dict[str, Any] | None:
    identities = document["credentialSubject"]["identifier"]
    return next((item for item in identities if item["identityType"] == "emailAddress"), None)


def revoke(root: Path, award_id: str, *, name: str = "revoked.yml", day: str = "2026-06-01") -> None:
    (root / RECORDS / name).write_text(f"revoke: {award_id}\ndate: {day}\nreason: issued-in-error\n", "utf-8")


def second_issuer() -> dict[str, str]:
    """A second issuer `club` with an achievement of its own and one pending row."""
    key = format_public_key(fake_key("club").public_key())
    return {
        "issuers/club/issuer.yml": ISSUER.replace("Test School", "Test Club"),
        "issuers/club/keys.yml": f"keys:\n  - {{id: key-1, publicKeyMultibase: {key}, created: 2026-05-01, state: active}}\n",
        "badges/rowing/badge.yml": BADGE.replace("issuer: school", "issuer: club"),
        "badges/rowing/image.svg": write_drawing(),
        "content/records/club/2026.yml": "badge: rowing\nawarded: 2026-05-20\nname: Mary Anning\n",
    }


def write_drawing() -> str:
    return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="80" height="80"/></svg>'


# --- a cohort becomes award folders -----------------------------------------------------------------------------------


def test_cohort_becomes_complete_award_folders(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    done = issue_all(root)
    assert len(done.awards) == 2
    assert done.lists == ["issuers/school/status/1.json"]
    for award in done.awards:
        assert sorted(path.name for path in (root / award.folder).iterdir()) == ["award.json", "credential.json"]
        raw = (root / award.folder / "credential.json").read_bytes()
        assert award.current.sha256 == hashlib.sha256(raw).hexdigest()
        assert json.loads(raw)["id"] == f"{BASE}c/{award.id}/credential.json"
    checked = check_repository(root)
    assert (checked.problems, checked.pending_rows, checked.stale) == ([], [], [])
    assert {row.award.name for row in checked.rows.values()} == {"Ada Lovelace", "Grace Hopper"}


def test_files_are_written_as_format_json_writes_them(tmp_path: Path) -> None:
    strange = COHORT + "  - {name: 'R&D {x} <b> É', email: e@example.org}\n"
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": strange})
    issue_all(root)
    written = [*root.glob("content/signed/*/*/*.json"), *root.glob("issuers/*/status/*.json")]
    assert len(written) == 7
    for path in written:
        raw = path.read_bytes()
        assert raw.isascii() and raw == format_json(json.loads(raw)), path
    (award,) = [award for award in issue_awards(root) if "R&D" in str(document_of(root, award))]
    raw = (root / award.folder / "credential.json").read_bytes()
    assert rb'"R\u0026D \u007bx\u007d \u003cb\u003e \u00c9"' in raw


def issue_awards(root: Path) -> list[StoredAward]:
    return list(check_repository(root).ledger.awards.values())


def test_public_bytes_say_nothing_of_the_address(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    for path, raw in tree_of(root).items():
        if path.startswith(("content/signed/", "issuers/")):
            assert b"ada@example.org" not in raw, path


def test_ids_and_indexes_come_from_the_given_random_source(tmp_path: Path) -> None:
    first = issue_all(write_drawn_repository(tmp_path / "a"), seed="x").awards
    again = issue_all(write_drawn_repository(tmp_path / "b"), seed="x").awards
    other = issue_all(write_drawn_repository(tmp_path / "c"), seed="y").awards
    assert first == again
    assert {award.id for award in first}.isdisjoint(award.id for award in other)
    assert all(len(award.id) == 26 and is_base32_id(award.id) for award in (*first, *other))
    places = [(award.current.list, award.current.index) for award in first]
    assert places != [(award.current.list, award.current.index) for award in other]


def test_clock_is_read_once_and_stands_in_every_proof(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    done = issue_all(root)
    documents = [document_of(root, award) for award in done.awards]
    documents.append(json.loads((root / "issuers/school/status/1.json").read_text("ascii")))
    stamps = {proof["created"] for document in documents for proof in document["proof"]}
    assert stamps == {"2026-06-01T12:00:00Z"} == {award.current.issued for award in done.awards}
    assert documents[-1]["validFrom"] == "2026-06-01T12:00:00Z"


# --- nothing pending --------------------------------------------------------------------------------------------------


def test_issuing_twice_changes_nothing(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    before = tree_of(root)
    done = issue_all(root, now=NOW.replace(year=2030), seed="other")
    assert (done.awards, done.changes, done.lists) == ([], 0, [])
    assert tree_of(root) == before


def test_nothing_to_issue_needs_neither_key_nor_branch(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    before = tree_of(root)
    done, lines = run_command(root, environment=PULL_REQUEST, random_bytes=lambda count: pytest.fail("was drawn"))
    assert lines == ["Nothing to issue."]
    assert done == {
        **{name: [] for name in ("plan", "hints", "notices", "renderings", "issued", "lists")},
        **dict.fromkeys(("changes", "resigned"), 0),
    }
    assert tree_of(root) == before


def test_dry_run_writes_nothing_and_needs_no_key(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    before = sorted(root.rglob("*"))
    done, lines = run_command(root, dry_run=True, environment=PULL_REQUEST)
    assert lines == [
        "draw   badges/knots/rendered",
        "sign   content/records/school/2026-05.yml: 2 × knots, awarded 2026-05-14",
        "Nothing was signed (--dry-run).",
    ]
    assert done["plan"] == lines[:2] and done["issued"] == []
    assert sorted(root.rglob("*")) == before  # not even the lock


def test_dry_run_on_a_persons_machine_shows_every_name_before_it_cannot_be_changed(tmp_path: Path) -> None:
    later = COHORT.replace("awarded: 2026-05-14", "awarded: 2027-05-14")
    root = write_repository(tmp_path, files={f"{RECORDS}/2027.yml": later})
    _, lines = run_command(root, dry_run=True, environment={})
    shown = [line.strip() for line in lines if "valid until" in line]
    assert len(shown) == 4
    assert f"{RECORDS}/2026-05.yml:5 Ada Lovelace: knots, awarded 2026-05-14, valid until 2028-05-14" in shown
    assert (
        f"{RECORDS}/2027.yml:6 Grace Hopper: knots, awarded 2027-05-14 (a day to come), valid until 2029-05-14" in shown
    )


def test_plan_names_no_recipient(tmp_path: Path) -> None:
    plan = plan_issue(check_repository(write_drawn_repository(tmp_path)))
    assert not any(word in " ".join(plan.describe()) for word in ("Ada", "Grace", "example.org"))


def test_pending_rows_in_a_pull_request_run_are_refused_before_a_key_is_looked_for(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    before = tree_of(root)
    with pytest.raises(Error, match="pull request"):
        run_command(root, environment=PULL_REQUEST)
    assert tree_of(root) == before


# --- one issuer -------------------------------------------------------------------------------------------------------


def test_issuer_option_leaves_the_others_pending(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path, files=second_issuer())
    done = issue(root, now=NOW, random_bytes=repeatable_random(), signing_keys=KEYS, issuer="school")
    assert {award.issuer for award in done.awards} == {"school"}
    checked = check_repository(root)
    assert [row.issuer for row in checked.pending_rows] == ["club"]
    assert not (root / "content/signed/club").exists() and not (root / "issuers/club/status").exists()


def test_two_issuers_have_lists_and_keys_of_their_own(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path, files=second_issuer())
    keys = KEYS | {"club": SigningKey("key-1", fake_key("club"))}
    done = issue(root, now=NOW, random_bytes=repeatable_random(), signing_keys=keys)
    assert done.lists == ["issuers/club/status/1.json", "issuers/school/status/1.json"]
    assert check_repository(root).problems == []


def test_unknown_issuer_and_a_key_file_without_an_issuer_are_wrong_usage(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    with pytest.raises(UsageError, match="did you mean 'school'"):
        run_command(root, issuer="shcool")
    with pytest.raises(UsageError, match="--issuer"):
        run_command(root, key_file=tmp_path / "key")


def test_pending_row_without_the_key_of_its_issuer_is_an_error_before_anything_is_drawn(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path, files=second_issuer())
    before = tree_of(root)
    with pytest.raises(Error, match="run it again"):
        issue(root, now=NOW, random_bytes=repeatable_random(), signing_keys=KEYS)
    assert tree_of(root) == before


# --- problems ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (f"{RECORDS}/broken.yml", "badge: [\n"),
        (f"{RECORDS}/unknown.yml", "badge: kntos\nawarded: 2026-05-14\nname: Mary Anning\n"),
        (f"{RECORDS}/outside.yml", "badge: ..\nawarded: 2026-05-14\nname: Mary Anning\n"),
        (f"{RECORDS}/endless.yml", f"badge: {'x' * 290}\nawarded: 2026-05-14\nname: Mary Anning\n"),
        ("badges/knots/image.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("issuers/school/keys.yml", "keys:\n  - {id: key-1}\n"),
        ("mkdocs.yml", "site_name: x\nsite_url: http://badges.laurels.example/\nplugins: [laurels]\n"),
    ],
)
def test_with_any_problem_nothing_is_written(tmp_path: Path, path: str, text: str) -> None:
    root = write_repository(tmp_path, files={path: text})
    before = sorted(root.rglob("*"))
    with pytest.raises(Error, match="nothing was issued"):
        run_command(root)
    assert sorted(root.rglob("*")) == before
    with pytest.raises(Error, match="nothing was issued"):
        issue_all(root)
    assert not list(root.glob("content/signed/*/*"))


def test_drawing_that_cannot_be_drawn_is_named_and_nothing_is_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    root = write_repository(tmp_path, files={"badges/knots/image.svg": DRAWING.replace("45", "44")})
    with pytest.raises(Error, match=r"^badges/knots/image\.svg: ART002 this drawing cannot be drawn"):
        issue_all(root)
    assert not list(root.glob("content/signed/*/*"))


# --- two runs at once -------------------------------------------------------------------------------------------------


def test_second_run_says_that_another_is_at_work(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    came_there, may_go_on = os.pipe(), os.pipe()
    child = os.fork()
    if not child:

        def wait(point: str) -> None:
            if point == "drawn":
                os.write(came_there[1], b"x")
                os.read(may_go_on[0], 1)

        issue(root, now=NOW, random_bytes=repeatable_random(), signing_keys=KEYS, on_step=wait)
        os._exit(0)
    try:
        os.read(came_there[0], 1)
        with pytest.raises(Error, match="another 'laurels issue' is at work here"):
            issue_all(root, seed="second")
        assert not list(root.glob("content/signed/school/*"))
    finally:
        os.write(may_go_on[1], b"x")
        assert os.waitpid(child, 0)[1] == 0
    assert len(check_repository(root).ledger.awards) == 2


def test_command_in_a_process_of_its_own_meets_the_lock(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    (root / "content/signed").mkdir()
    before = tree_of(root)
    from site_builder.credentials.identifiers.multikey import format_private_key

    with (root / "content/signed/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        environment = {"PATH": os.environ["PATH"], "LAURELS_KEY_SCHOOL": format_private_key(fake_key())}
        command = [str(Path(sys.executable).with_name("laurels")), "-C", str(root), "issue"]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == "another 'laurels issue' is at work here; wait until it has ended\n"
    assert tree_of(root) == before


# --- places in status lists -------------------------------------------------------------------------------------------


def repeating_places(seed: str) -> Callable[[int], bytes]:
    """Ids that differ, but places drawn from a few hundred, again and again."""

    def stream() -> Iterator[int]:
        number = 0
        while True:
            number = (number * 5 + 1) % 512
            yield number
            yield number

    ids, places = repeatable_random(seed), stream()
    return lambda count: next(places).to_bytes(3, "big") if count == 3 else ids(count)


def test_no_index_is_used_twice_over_300_awards_though_the_source_repeats_itself(tmp_path: Path) -> None:
    names = "".join(f"  - {{name: Pupil {number}}}\n" for number in range(150))
    root = write_drawn_repository(
        tmp_path,
        files={
            f"{RECORDS}/2026-05.yml": f"badge: knots\nawarded: 2026-05-14\nrecipients:\n{names}",
            f"{RECORDS}/2026-06.yml": "",
        },
    )
    issue(root, now=NOW, random_bytes=repeating_places("first"), signing_keys=KEYS)
    (root / RECORDS / "2026-06.yml").write_text(f"badge: knots\nawarded: 2026-06-14\nrecipients:\n{names}", "utf-8")
    issue(root, now=NOW, random_bytes=repeating_places("second"), signing_keys=KEYS)
    awards = issue_awards(root)
    assert len(awards) == 300 == len({(award.current.list, award.current.index) for award in awards})
    assert check_repository(root).problems == []


def test_source_that_gives_one_place_only_ends_with_an_error() -> None:
    assert StatusIndexAllocator(set(), lambda count: b"\x00\x00\x07").draw() == (1, 7)
    with pytest.raises(Error, match="repeats itself"):
        StatusIndexAllocator({(1, 7)}, lambda count: b"\x00\x00\x07").draw()


def test_source_that_gives_one_id_twice_ends_with_an_error_and_leaves_the_first_award_whole(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    places = repeatable_random()

    def same_id(count: int) -> bytes:
        return bytes(16) if count == 16 else places(count)

    with pytest.raises(Error, match="same id twice"):
        issue(root, now=NOW, random_bytes=same_id, signing_keys=KEYS)
    assert len(issue_awards(root)) == 1
    issue_all(root)
    assert len(issue_awards(root)) == 2 and check_repository(root).problems == []


def test_every_place_of_a_list_can_be_drawn() -> None:
    assert StatusIndexAllocator(set(), lambda count: (LIST_LENGTH - 1).to_bytes(3, "big")).draw() == (
        1,
        LIST_LENGTH - 1,
    )
    assert StatusIndexAllocator(set(), lambda count: b"\xff\xff\xff").draw() == (1, LIST_LENGTH - 1)
    assert StatusIndexAllocator(set(), lambda count: (LIST_LENGTH).to_bytes(3, "big")).draw() == (1, 0)


@pytest.mark.parametrize(("taken", "expected"), [(0, 1), (65_535, 1), (65_536, 2)])
def test_second_list_begins_when_half_of_the_first_is_taken(taken: int, expected: int) -> None:
    places = {(1, index) for index in range(taken)}
    number, index = StatusIndexAllocator(places, repeatable_random()).draw()
    assert number == expected and (number, index) not in places


def test_list_that_was_left_is_not_gone_back_to() -> None:
    places = {(1, index) for index in range(65_536)} | {(2, 5)}
    assert StatusIndexAllocator(places, repeatable_random()).draw()[0] == 2


def test_awards_of_the_second_list_are_signed_with_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = {(1, index) for index in range(65_536)}
    monkeypatch.setattr(Ledger, "taken", lambda ledger, issuer: set(full))
    root = write_drawn_repository(tmp_path)
    done = issue_all(root)
    assert done.lists == ["issuers/school/status/2.json"]
    status = document_of(root, done.awards[0])["credentialStatus"]
    assert status["statusListCredential"] == f"{BASE}issuers/school/status/2.json"
    assert check_repository(root).problems == []


# --- the address and its salt -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("match", ["private", "public", "off"])
def test_salt_lies_where_email_match_says(tmp_path: Path, match: str) -> None:
    cohort = (
        "badge: knots\nawarded: 2026-05-14\nrecipients:\n  - {name: Ada Lovelace, email: ' Ada@EXAMPLE.org '}\n"
        "  - {name: Mary Anning}\n"
    )
    files = {f"{RECORDS}/2026-05.yml": cohort, "issuers/school/issuer.yml": f"{ISSUER}email_match: {match}\n"}
    root = write_drawn_repository(tmp_path, files=files)
    ada, mary = issue_all(root).awards
    identity = email_identity(document_of(root, ada))
    assert mary.current.salt is None and email_identity(document_of(root, mary)) is None
    if match == "off":
        assert ada.current.salt is None and identity is None
        return
    salt = ada.current.salt
    assert salt is not None and len(salt) == 22 and identity is not None
    assert identity["identityHash"] == "sha256$" + hashlib.sha256(f"ada@example.org{salt}".encode()).hexdigest()
    assert identity["hashed"] is True
    assert identity.get("salt") == (salt if match == "public" else None)
    raw = (root / ada.folder / "credential.json").read_text("ascii")
    assert (salt in raw) == (match == "public")


def test_two_learners_never_share_a_salt(tmp_path: Path) -> None:
    awards = issue_all(write_drawn_repository(tmp_path)).awards
    assert len({award.current.salt for award in awards}) == 2


# --- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("awarded", "validity", "expires", "expected"),
    [
        ("2026-05-14", None, None, None),
        ("2026-05-14", "P2Y", None, "2028-05-14"),
        ("2026-05-14", "P2Y", "never", None),
        ("2026-05-14", "P2Y", "2026-12-31", "2026-12-31"),
        ("2026-05-14", None, "2026-05-14", "2026-05-14"),
        ("2024-02-29", "P1Y", None, "2025-02-28"),
        ("2024-02-29", "P4Y", None, "2028-02-29"),
        ("2026-01-31", "P1M", None, "2026-02-28"),
        ("2024-01-31", "P1M", None, "2024-02-29"),
        ("2026-12-31", "P2M", None, "2027-02-28"),
        ("2026-11-30", "P1M", None, "2026-12-30"),
        ("2026-05-14", "P30D", None, "2026-06-13"),
        ("2026-05-14", "P2W", None, "2026-05-28"),
        ("2026-01-31", "P1M1D", None, "2026-03-01"),
        ("2200-12-31", "P999Y9999M9999W99999D", None, "4498-09-01"),
    ],
)
def test_last_valid_day(awarded: str, validity: str | None, expires: str | None, expected: str | None) -> None:
    written: dict[str, Any] = {"badge": "knots", "awarded": awarded, "name": "Ada"}
    row = AwardRow(**written | ({"expires": expires} if expires else {}))
    fields: dict[str, Any] = {"issuer": "school", "name": "Knots", "description": "Knots", "image_alt": "A knot"}
    fields |= {"criteria": {"narrative": "Tied."}} | ({"validity": validity} if validity else {})
    day = last_valid_day(row, AchievementRecord(**fields))
    assert day == (date.fromisoformat(expected) if expected else None)


@pytest.mark.parametrize(
    ("zone", "day", "start", "end"),
    [
        ("Europe/Amsterdam", "2026-05-14", "+02:00", "+02:00"),
        ("Europe/Amsterdam", "2026-03-29", "+01:00", "+02:00"),
        ("Europe/Amsterdam", "2026-10-25", "+02:00", "+01:00"),
        ("UTC", "2026-05-14", "+00:00", "+00:00"),
        ("Europe/London", "2026-01-14", "+00:00", "+00:00"),
        ("America/Chicago", "2026-03-08", "-06:00", "-05:00"),
        ("Asia/Kathmandu", "2026-05-14", "+05:45", "+05:45"),
        ("Pacific/Kiritimati", "2026-05-14", "+14:00", "+14:00"),
        # The clock went from 23:59:59 to 01:00: that midnight is said with the offset that held until then.
        ("America/Sao_Paulo", "2018-11-04", "-03:00", "-02:00"),
        # At 24:00 it went back to 23:00: 23:59:59 came twice, and the first one is meant.
        ("America/Sao_Paulo", "2018-02-17", "-02:00", "-02:00"),
        # At 01:00 it goes back to 00:00: midnight comes twice.
        ("America/Havana", "2026-11-01", "-04:00", "-05:00"),
        # A day that Samoa left out altogether.
        ("Pacific/Apia", "2011-12-30", "-10:00", "-10:00"),
        ("Europe/Amsterdam", "1930-05-14", "+00:20", "+01:20"),
    ],
)
def test_days_begin_and_end_in_the_zone_of_the_issuer(zone: str, day: str, start: str, end: str) -> None:
    pytest.importorskip("tzdata")
    if zone == "Europe/Amsterdam" and day.startswith("1930"):
        # Offsets with seconds are rounded to minutes; which they were depends on the edition of the time zone data.
        stamp = day_start(date.fromisoformat(day), ZoneInfo(zone))
        assert stamp.startswith("1930-05-14T00:00:00+0") and len(stamp) == 25
        return
    assert day_start(date.fromisoformat(day), ZoneInfo(zone)) == f"{day}T00:00:00{start}"
    assert day_end(date.fromisoformat(day), ZoneInfo(zone)) == f"{day}T23:59:59{end}"


def test_signed_dates_keep_the_offset_of_the_issuer(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    document = document_of(root, issue_all(root).awards[0])
    assert document["validFrom"] == document["awardedDate"] == "2026-05-14T00:00:00+02:00"
    assert document["validUntil"] == "2028-05-14T23:59:59+02:00"


def test_award_that_never_expires_has_no_valid_until(tmp_path: Path) -> None:
    root = write_drawn_repository(
        tmp_path, files={f"{RECORDS}/2026-05.yml": COHORT.replace("evidence:", "expires: never\nevidence:")}
    )
    assert "validUntil" not in document_of(root, issue_all(root).awards[0])


# --- revocation -------------------------------------------------------------------------------------------------------


def test_revocation_sets_state_digest_and_one_bit(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    ada, grace = issue_all(root).awards
    assert bits_of(root) == set()
    signed = (root / ada.folder / "credential.json").read_bytes()
    untouched = (root / grace.folder / "award.json").read_bytes()
    revoke(root, ada.id)
    done = issue_all(root, now=NOW.replace(day=2), seed="revoke")
    assert (done.awards, done.changes, done.lists) == ([], 1, ["issuers/school/status/1.json"])
    checked = check_repository(root)
    changed = checked.ledger.awards[ada.id].current
    assert checked.problems == [] and changed.state == "revoked"
    assert changed.change is not None and len(changed.change) == 64
    assert changed.model_copy(update={"state": "active", "change": None}) == ada.current
    assert bits_of(root) == {ada.current.index}
    assert (root / ada.folder / "credential.json").read_bytes() == signed
    assert (root / grace.folder / "award.json").read_bytes() == untouched


def test_second_revocation_leaves_the_first_bit_set(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    ada, grace = issue_all(root).awards
    for number, award in enumerate((ada, grace)):
        revoke(root, award.id, name=f"revoked-{number}.yml")
        issue_all(root, seed=str(number))
    assert bits_of(root) == {ada.current.index, grace.current.index}


def test_revocation_is_applied_once(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    revoke(root, issue_all(root).awards[0].id)
    issue_all(root, seed="revoke")
    before = tree_of(root)
    assert issue_all(root, now=NOW.replace(year=2027), seed="again").changes == 0
    assert tree_of(root) == before


def test_revocation_dated_in_the_future_is_applied_now(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    ada = issue_all(root).awards[0]
    revoke(root, ada.id, day="2199-01-01")
    assert issue_all(root, seed="revoke").changes == 1
    assert bits_of(root) == {ada.current.index}


def test_pending_row_and_a_revocation_are_done_in_one_run(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    ada = issue_all(root).awards[0]
    revoke(root, ada.id)
    (root / RECORDS / "mary.yml").write_text("badge: knots\nawarded: 2026-05-30\nname: Mary Anning\n", "utf-8")
    done = issue_all(root, seed="both")
    assert (len(done.awards), done.changes, len(done.lists)) == (1, 1, 1)
    assert bits_of(root) == {ada.current.index}
    assert check_repository(root).problems == []


def test_row_that_is_not_issued_yet_cannot_be_revoked_before_it_has_an_id(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    revoke(root, "a" * 26)
    (problem,) = check_repository(root).problems
    assert (problem.file, problem.code) == (f"{RECORDS}/revoked.yml", "LED006")
    assert "a row that is not issued yet is simply deleted" in problem.fix


def test_new_award_rewrites_no_list_whose_bits_stay(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    before = (root / "issuers/school/status/1.json").read_bytes()
    (root / RECORDS / "mary.yml").write_text("badge: knots\nawarded: 2026-05-30\nname: Mary Anning\n", "utf-8")
    assert issue_all(root, seed="more").lists == []
    assert (root / "issuers/school/status/1.json").read_bytes() == before


def test_list_signed_by_a_compromised_key_is_signed_again(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    ada = issue_all(root).awards[0]
    revoke(root, ada.id)
    issue_all(root, seed="revoke")
    keys = root / "issuers/school/keys.yml"
    second = format_public_key(fake_key("second").public_key())
    keys.write_text(
        keys.read_text("utf-8").replace("active", "compromised")
        + f"  - {{id: key-2, publicKeyMultibase: {second}, created: 2026-06-02, state: active}}\n",
        "utf-8",
    )
    signing = {"school": SigningKey("key-2", fake_key("second"))}
    done = issue(root, now=NOW, random_bytes=repeatable_random("k"), signing_keys=signing)
    assert done.lists == ["issuers/school/status/1.json"]
    assert bits_of(root) == {ada.current.index} and check_repository(root).problems == []


def test_award_without_an_agreed_canonical_form_stops_with_its_file_and_line(tmp_path: Path) -> None:
    # Two tags that verifiers would put in different orders (by code point, by UTF-16).
    tags = BADGE + "tags: ['\U0001f9ed', '\uff21']\n"
    root = write_drawn_repository(tmp_path, files={"badges/knots/badge.yml": tags})
    with pytest.raises(Error, match=r"content/records/school/2026-05\.yml:5: this award cannot be signed"):
        issue_all(root)
    assert not [path for path in (root / "content/signed").rglob("*") if path.is_file() and path.name != ".lock"]
