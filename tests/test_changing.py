"""The commands correct, revoke, renew and erase: what they find, what they show, what they write, and what they refuse."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner, Result

from site_builder.authoring.row_removal import NotRemovable
from site_builder.cli import main
from site_builder.cli.writing.revoke import REASONS
from site_builder.ledger.checks.repository import check_repository
from site_builder.records.models.changes import RevokeRecord
from tests.drawn import write_drawn_repository
from tests.support import BADGE, BASE, COHORT, DRAWING, issue_all
from tests.terminal import on_terminal
from tests.trees import tree_of

RECORDS = "content/records/school"
MASTERY = BADGE.replace("in ten minutes", "in ten minutes, worth four hours").replace("validity: P2Y\n", "") + (
    "credits: {available: 4, unit: hours}\n"
    "results:\n  written: {name: Written, type: RawScore, minimum: 0, maximum: 30}\n  vessel: {name: Vessel, type: ext:Vessel}\n"
)
FULL = """\
badge: mastery
awarded: 2026-05-10
name: Mary Shelly
email: mary@example.org
expires: 2028-05-09
evidence:
  - {url: https://school.example/log, name: Logbook}
  - https://school.example/film
credits_earned: 3
results: {written: 26, vessel: Grietje}
"""
TABLE = """\
badge,awarded,name,email
knots,2026-05-20,Mary Anning,anning@example.org
knots,2026-05-20,Emmy Noether,emmy@example.org
"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cohort of two (Ada and Grace), a single award with every kind of field (Mary), and a table of two."""
    root = tmp_path_factory.mktemp("changing") / "repository"
    files = {
        "badges/mastery/badge.yml": MASTERY,
        "badges/mastery/image.svg": DRAWING,
        f"{RECORDS}/2026-05-mastery.yml": FULL,
        f"{RECORDS}/2026-05-table.csv": TABLE,
    }
    write_drawn_repository(root, files=files)
    issue_all(root)
    return root


@pytest.fixture
def root(fresh: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(fresh, tmp_path / "repository"))


def run(root: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, ["-C", str(root), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def done(root: Path, *arguments: str) -> dict[str, Any]:
    """What a command wrote, as it says to programs."""
    result = run(root, *arguments, "--yes", "--json")
    assert result.exit_code == 0, result.output
    written: dict[str, Any] = json.loads(result.stdout)
    assert written["written"] and (root / written["file"]).read_text("utf-8") == written["text"]
    return written


def refused(root: Path, *arguments: str, code: int = 2) -> str:
    """What a command says that writes nothing, without what it found."""
    before = tree_of(root)
    result = run(root, *arguments, "--yes")
    assert result.exit_code == code and tree_of(root) == before, result.output
    return result.stderr


def id_of(root: Path, person: str) -> str:
    """The id of a person's first award."""
    listed = json.loads(run(root, "list", "--json", "--person", person).stdout)
    return str(next(award["id"] for award in listed if award["id"]))


def row_of(root: Path, award_id: str) -> dict[str, Any]:
    return check_repository(root).rows[award_id].award.as_digested()


# --- which credential -------------------------------------------------------------------------------------------------


def test_credential_is_found_by_its_page_its_files_its_id_and_words_that_fit_no_other(root: Path) -> None:
    ada = id_of(root, "Ada Lovelace")
    page = f"{BASE}c/{ada}/"
    ways = [page, page.removesuffix("/"), f"{page}credential.json", f"{page}badge.png?x=1", f"{page}#m=abc", ada]
    for which in [*ways, "lovelace", "LOVELACE knots", f"  {ada} "]:
        result = run(root, "revoke", which, "--reason", "other", "--dry-run", "--json")
        assert result.exit_code == 0 and json.loads(result.stdout)["id"] == ada, which


def test_words_need_no_quotation_marks(root: Path) -> None:
    result = run(root, "revoke", "ada", "lovelace", "--reason", "other", "--dry-run", "--json")
    assert json.loads(result.stdout)["id"] == id_of(root, "Ada Lovelace")


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("https://badges.other.example/c/k7pqhm65jobmlfbs5d37kjaici/#m=secret", "is of badges.other.example"),
        (f"{BASE}badges/knots/", f"not that of a credential's page: these begin with {BASE}c/"),
        (f"{BASE}c/nobody/", "not that of a credential's page"),
        ("k7pqhm65jobmlfbs5d37kjaici", "there is no credential k7pqhm65jobmlfbs5d37kjaici in this repository"),
        (f"{BASE}c/k7pqhm65jobmlfbs5d37kjaici/", "there is no credential k7pqhm65jobmlfbs5d37kjaici"),
        ("ada byron", "no award fits these words"),
    ],
)
def test_what_is_not_found_is_said_and_a_recipient_s_key_is_not_repeated(root: Path, which: str, said: str) -> None:
    words = refused(root, "revoke", which, "--reason", "other")
    assert said in words and "secret" not in words


def test_several_that_fit_are_listed_with_their_ids_and_one_is_to_be_named(root: Path) -> None:
    result = run(root, "revoke", "mary", "--reason", "other", "--yes")
    assert result.exit_code == 2 and "2 awards fit: name one of them by its id, or give more words" in result.stderr
    for name in ("Mary Shelly", "Mary Anning"):
        assert f"{name}: " in result.stdout and f"  {id_of(root, name)}\n" in result.stdout
    result = run(root, "revoke", "mary", "--reason", "other", "--yes", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 2 and not found["written"]
    assert [award["name"] for award in found["found"]] == ["Mary Shelly", "Mary Anning"]


def test_on_a_terminal_one_of_several_is_asked_for(root: Path) -> None:
    anning = id_of(root, "Anning")
    typed = f"the second\n{anning}\ny\n"
    code, said = on_terminal(root, "revoke", "mary", "--reason", "other", "--date", "2026-06-03", typed=typed)
    assert code == 0 and "'the second' is not one of" in said and "Mary Anning: Knots, awarded 2026-05-20" in said
    assert (root / RECORDS / f"2026-06-03-revoke-{anning[:8]}.yml").is_file()


def test_row_that_is_not_issued_yet_needs_no_record(root: Path) -> None:
    (root / RECORDS / "new.yml").write_text("badge: knots\nawarded: 2026-06-01\nname: Hypatia\n")
    for command, *options in (["revoke", "--reason", "other"], ["correct", "--name", "H"], ["renew"], ["erase"]):
        said = refused(root, command, "hypatia", *options)
        assert f"not issued yet: edit its row at {RECORDS}/new.yml:1, or delete it" in said


# --- asking and writing -----------------------------------------------------------------------------------------------


def test_on_a_terminal_it_shows_what_it_found_and_asks(root: Path) -> None:
    command = ["correct", "lovelace", "--name", "Augusta Ada Lovelace", "--date", "2026-06-03"]
    before = tree_of(root)
    code, said = on_terminal(root, *command, typed="n\n")
    assert code == 1 and "Write this? [y/N]" in said and said.endswith("nothing was written\n")
    assert tree_of(root) == before
    ada = id_of(root, "Ada Lovelace")
    code, said = on_terminal(root, *command, typed="y\n")
    assert code == 0
    assert f"Ada Lovelace: Knots, awarded 2026-05-14, active\n  {BASE}c/{ada}/\n  {RECORDS}/2026-05.yml:5\n" in said
    assert "name:\n  old  Ada Lovelace\n  new  Augusta Ada Lovelace\n" in said
    file = f"{RECORDS}/2026-06-03-correct-{ada[:8]}.yml"
    assert f"wrote {file}\n" in said
    assert (root / file).read_text() == f"correct: {ada}\ndate: 2026-06-03\nname: Augusta Ada Lovelace\n"
    assert 'Next: laurels check, then laurels issue, then git add -A && git commit -m "Correct an award"' in said


def test_without_a_terminal_nothing_is_written_unless_yes_is_said(root: Path) -> None:
    before = tree_of(root)
    said = "nothing was written: on a terminal you are asked; in a script, say --yes"
    for more in ([], ["--json"]):
        result = run(root, "revoke", "lovelace", "--reason", "other", *more)
        assert result.exit_code == 2 and said in result.stderr
    assert run(root, "revoke", "lovelace", "--reason", "other", "--dry-run").exit_code == 0
    assert tree_of(root) == before


def test_names_stand_on_standard_output_only(root: Path) -> None:
    result = run(root, "correct", "lovelace", "--name", "Augusta Ada Lovelace", "--yes")
    assert "Lovelace" in result.stdout and "Lovelace" not in result.stderr


def test_record_that_is_there_is_never_overwritten_and_records_of_one_day_are_applied_in_turn(root: Path) -> None:
    ada = id_of(root, "ada@")
    for name, ending in (("Ada King", ""), ("Ada Byron", "_2"), ("Augusta Byron", "_3")):
        written = done(root, "correct", ada, "--name", name, "--date", "2026-06-03")
        assert written["file"] == f"{RECORDS}/2026-06-03-correct-{ada[:8]}{ending}.yml"
    assert check_repository(root).problems == []
    issue_all(root, seed="later")
    assert row_of(root, ada)["name"] == "Augusta Byron"


def test_date_is_today_or_the_day_that_is_given(root: Path) -> None:
    assert done(root, "revoke", "lovelace", "--reason", "other")["text"].split("\n")[1].startswith("date: 20")
    assert "date: 2026-06-09" in done(root, "revoke", "hopper", "--reason", "other", "--date", "2026-06-09")["text"]
    command = ["revoke", "noether", "--reason", "other", "--date"]
    assert "--date: write the day as YYYY-MM-DD" in refused(root, *command, "9 June")
    assert "REC004" in refused(root, *command, "2026-06-31", code=1)


def test_what_other_files_lack_is_said_and_hinders_nobody(root: Path) -> None:
    (root / RECORDS / "odd.txt").write_text("")
    result = run(root, "correct", "lovelace", "--name", "Ada King", "--yes")
    assert result.exit_code == 0 and "1 problem in this repository: 'laurels check' lists them" in result.stderr


@pytest.mark.parametrize("command", [["correct", "x", "--name", "X"], ["erase", "x"]], ids=" ".join)
def test_folder_without_a_site_is_said(tmp_path: Path, command: list[str]) -> None:
    assert "there is nothing to change" in run(tmp_path, *command).stderr


# --- correct ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        (["--name", "Mary Shelley"], "name", "Mary Shelley"),
        (["--email", "shelley@example.org"], "email", "shelley@example.org"),
        (["--id", "did:web:mary.example"], "id", "did:web:mary.example"),
        (["--awarded", "2026-05-11"], "awarded", "2026-05-11"),
        (["--expires", "never"], "expires", "never"),
        (["--narrative", "On the *lake*.\n\nAt night."], "narrative", "On the *lake*.\n\nAt night."),
        (["--credits-earned", "2.50"], "credits_earned", "2.5"),
        (["--license-number", "017"], "license_number", "017"),
        (["--role", "yes"], "role", "yes"),
        (["--activity-start", "2026-05-01"], "activity_start", "2026-05-01"),
        (["--activity-end", "2026-05-09"], "activity_end", "2026-05-09"),
        (["--result", "written=27"], "results", {"written": "27", "vessel": "Grietje"}),
        (["--remove", "results.vessel"], "results", {"written": "26"}),
        (["--evidence", "https://school.example/new"], "evidence", [{"url": "https://school.example/new"}]),
        (
            ["--evidence", "https://school.example/log", "--evidence", "https://school.example/new"],
            "evidence",
            [{"url": "https://school.example/log", "name": "Logbook"}, {"url": "https://school.example/new"}],
        ),
        (["--remove", "expires"], "expires", None),
        (["--remove", "evidence"], "evidence", None),
        (["--remove", "results.written", "--remove", "results.vessel"], "results", None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) and isinstance(value[0], str) else "",
)
def test_each_field_can_be_corrected_and_all_others_stay(
    root: Path, options: list[str], field: str, value: Any
) -> None:
    mary = id_of(root, "Shelly")
    before = row_of(root, mary)
    written = done(root, "correct", mary, *options)
    assert [change["field"] for change in written["changes"] if change["field"] != "last valid day"] == [field]
    checked = check_repository(root)
    after = checked.corrected[written["file"]].award.as_digested()
    assert after.pop(field, None) == value and after == {n: v for n, v in before.items() if n != field}
    assert checked.problems == [] and (root / RECORDS / "2026-05-mastery.yml").read_text() == FULL


def test_correction_is_applied_by_issue_and_lists_show_the_new_name(root: Path) -> None:
    mary = id_of(root, "Shelly")
    done(root, "correct", mary, "--name", "Mary Shelley", "--license-number", "017")
    issue_all(root, seed="later")
    assert check_repository(root).ledger.awards[mary].current.file == "credential-2.json"
    (listed,) = json.loads(run(root, "search", mary, "--json").stdout)
    assert (listed["name"], listed["license_number"], listed["state"]) == ("Mary Shelley", "017", "active")
    assert run(root, "search", "shelly", "--json").stdout == "[]\n"


def test_name_is_corrected_though_the_achievement_has_lost_what_the_award_states(root: Path) -> None:
    mary = id_of(root, "Shelly")
    (root / "badges/mastery/badge.yml").write_text(BADGE, "utf-8")
    written = done(root, "correct", mary, "--name", "Mary Shelley")
    assert [change["field"] for change in written["changes"]] == ["name"]
    issue_all(root, seed="later")
    assert check_repository(root).ledger.awards[mary].current.file == "credential-2.json"


def test_only_what_changes_is_written(root: Path) -> None:
    mary = id_of(root, "Shelly")
    same = ["--email", "mary@example.org", "--credits-earned", "3.0", "--result", "written=26"]
    head = ["--note", "One e too few.", "--date", "2026-06-03"]
    written = done(root, "correct", mary, *same, "--name", "Mary Shelley", *head)
    assert written["text"] == f"correct: {mary}\ndate: 2026-06-03\nnote: One e too few.\nname: Mary Shelley\n"
    assert written["changes"] == [{"field": "name", "old": "Mary Shelly", "new": "Mary Shelley"}]


def test_other_last_day_that_follows_from_another_day_of_award_is_shown(root: Path) -> None:
    changes = done(root, "correct", "lovelace", "--awarded", "2026-05-15")["changes"]
    assert changes[1] == {"field": "last valid day", "old": "2028-05-14", "new": "2028-05-15"}


def test_last_day_is_that_which_was_signed_though_the_achievement_has_changed(root: Path) -> None:
    badge = root / "badges/knots/badge.yml"
    badge.write_text(BADGE.replace("P2Y", "P3Y"))
    assert done(root, "correct", "lovelace", "--name", "Ada King", "--date", "2026-06-03")["changes"] == [
        {"field": "name", "old": "Ada Lovelace", "new": "Ada King"}
    ]
    changes = done(root, "correct", "hopper", "--awarded", "2026-05-15")["changes"]
    assert changes[1] == {"field": "last valid day", "old": "2028-05-14", "new": "2029-05-15"}
    issue_all(root, seed="later")
    listed = {award["name"]: award["expires"] for award in json.loads(run(root, "list", "--json").stdout)}
    assert (listed["Ada King"], listed["Grace Hopper"]) == ("2028-05-14", "2029-05-15")


def test_correction_on_top_of_one_that_is_not_applied_yet_begins_from_it(root: Path) -> None:
    ada = id_of(root, "Ada")
    done(root, "correct", ada, "--name", "Ada King", "--date", "2026-06-03")
    written = done(root, "correct", ada, "--name", "Ada Lovelace", "--date", "2026-06-04")
    assert written["changes"] == [{"field": "name", "old": "Ada King", "new": "Ada Lovelace"}]
    assert check_repository(root).problems == []


def test_correction_that_one_of_a_later_day_would_undo_is_refused(root: Path) -> None:
    ada = id_of(root, "Ada")
    file = done(root, "correct", ada, "--name", "Ada King", "--date", "2026-06-03")["file"]
    said = refused(root, "correct", ada, "--name", "Ada Byron", "--date", "2026-06-02")
    assert f"{file} is applied after this one, and would undo some of it: give a later --date" in said


def test_former_file_can_be_withheld_and_the_row_be_brought_up_to_date(root: Path) -> None:
    ada = id_of(root, "Ada")
    plain = run(root, "correct", ada, "--name", "Ada King", "--dry-run").stderr
    assert "It still carries the former name; if nobody may see that any more, add --withhold-previous." in plain
    written = done(root, "correct", ada, "--name", "Ada King", "--withhold-previous", "--date", "2026-06-03")
    assert written["text"] == f"correct: {ada}\ndate: 2026-06-03\nwithhold_previous: true\nname: Ada King\n"
    assert any(
        f"{RECORDS}/2026-05.yml:5 stays as it is; once 'laurels issue' has run, you may bring" in note
        for note in written["notes"]
    )
    issue_all(root, seed="later")
    assert not (root / "content/signed/school" / ada / "credential.json").exists()
    (root / RECORDS / "2026-05.yml").write_text(COHORT.replace("Ada Lovelace", "Ada King"))
    assert check_repository(root).problems == [] and row_of(root, ada)["name"] == "Ada King"


def test_other_address_makes_another_link_and_is_said_to(root: Path) -> None:
    ada = id_of(root, "Ada")
    old = run(root, "links", "--csv").stdout
    notes = done(root, "correct", ada, "--email", "ada.king@example.org")["notes"]
    assert "The recipient's own link becomes another: send the new one, which 'laurels links' prints." in notes
    issue_all(root, seed="later")
    line = next(line for line in run(root, "links", "--csv").stdout.splitlines() if ada in line)
    assert line.startswith("Ada Lovelace,ada.king@example.org,") and line.split("#m=")[1] not in old


@pytest.mark.parametrize(
    ("options", "said", "code"),
    [
        ([], "nothing would change", 2),
        (["--name", "Mary Shelly", "--result", "written=26"], "nothing would change", 2),
        (["--withhold-previous"], "nothing would change", 2),
        (["--remove", "role"], "--remove: the award has no 'role'", 2),
        (["--remove", "results.grade"], "--remove: the award has no 'results.grade'", 2),
        (["--remove", "name"], "REC010", 1),
        (["--remove", "email", "--email", "m@example.org"], "email is both given and to be removed", 2),
        (["--email", "nobody"], "REC005", 1),
        (["--expires", "2026-01-01"], "REC012", 1),
        (["--result", "written=31"], "REC019", 1),
        (["--result", "grade=A"], "REC020", 1),
        (["--result", "written"], "--result: write KEY=VALUE", 2),
        (["--credits-earned", "five"], "REC008", 1),
        (["--evidence", "http://school.example/"], "REC006", 1),
        (["--name", "mary@example.org"], "REC018", 1),
        (["--name", "Mary Shelley", "--note", "Was mary@example.org"], "REC018", 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_correction_that_cannot_be_is_refused(root: Path, options: list[str], said: str, code: int) -> None:
    words = refused(root, "correct", "shelly", *options, code=code)
    assert said in words and (code == 2 or words.endswith("nothing was written\n"))


def test_what_cannot_be_corrected_any_more_is_refused(root: Path) -> None:
    ada = id_of(root, "Ada")
    file = done(root, "revoke", ada, "--reason", "other")["file"]
    assert f"{ada} is to be revoked, by {file}: delete that record first" in refused(
        root, "correct", ada, "--name", "X"
    )
    issue_all(root, seed="later")
    assert "was revoked, which is final: it cannot be corrected" in refused(root, "correct", ada, "--name", "X")


def test_award_whose_row_is_gone_is_not_corrected(root: Path) -> None:
    (root / RECORDS / "2026-05-mastery.yml").unlink()
    assert "is not found: run 'laurels check'" in refused(root, "correct", "shelly", "--name", "X")


# --- revoke -----------------------------------------------------------------------------------------------------------


def test_revocation_is_written_with_its_reason_and_applied(root: Path) -> None:
    ada = id_of(root, "Ada")
    note = "Taken by somebody else: twice."
    written = done(root, "revoke", ada, "--reason", "misconduct", "--note", note, "--date", "2026-06-03")
    assert written["file"] == f"{RECORDS}/2026-06-03-revoke-{ada[:8]}.yml"
    assert written["text"] == f'revoke: {ada}\ndate: 2026-06-03\nreason: misconduct\nnote: "{note}"\n'
    issue_all(root, seed="later")
    assert json.loads(run(root, "search", "ada@", "--json").stdout)[0]["state"] == "revoked"


def test_reasons_are_those_of_the_record() -> None:
    assert list(get_args(RevokeRecord.model_fields["reason"].annotation)) == REASONS


def test_revocation_needs_one_of_the_reasons_and_no_address_in_its_note(root: Path) -> None:
    assert run(root, "revoke", "lovelace", "--yes").exit_code == 2
    assert run(root, "revoke", "lovelace", "--yes", "--reason", "because").exit_code == 2
    assert "REC018" in refused(root, "revoke", "lovelace", "--reason", "other", "--note", "see ada@example.org", code=1)


def test_what_is_revoked_is_not_revoked_again(root: Path) -> None:
    file = done(root, "revoke", "lovelace", "--reason", "other")["file"]
    assert f"is to be revoked, by {file}" in refused(root, "revoke", "lovelace", "--reason", "other")
    issue_all(root, seed="later")
    assert "it cannot be revoked again" in refused(root, "revoke", "lovelace", "--reason", "other")


# --- renew ------------------------------------------------------------------------------------------------------------


def test_renewal_shows_the_new_last_day_and_becomes_an_award_of_its_own(root: Path) -> None:
    ada = id_of(root, "Ada")
    options = ["--date", "2028-05-10", "--evidence", "https://school.example/2028", "--listed", "2028-05-10"]
    written = done(root, "renew", ada, *options)
    assert written["text"] == (
        f"renew: {ada}\ndate: 2028-05-10\nevidence: [https://school.example/2028]\nlisted: 2028-05-10\n"
    )
    assert {"field": "last valid day", "old": "2028-05-14", "new": "2030-05-10"} in written["changes"]
    assert check_repository(root).problems == []
    issue_all(root, seed="later")
    checked = check_repository(root)
    assert checked.problems == [] and checked.renewed_by[ada].awarded == "2028-05-10"


def test_where_the_achievement_does_not_say_how_long_it_holds_the_day_is_asked_for(root: Path) -> None:
    said = refused(root, "renew", "shelly", "--date", "2028-05-10")
    assert "missing: --expires, such as 2030-05-10, which is as long as the old award; or --expires never" in said
    code, shown = on_terminal(root, "renew", "shelly", "--date", "2028-05-10", typed="\ny\n")
    assert code == 0 and "Last valid day, or never [2030-05-10]" in shown
    assert "expires: 2030-05-10\n" in next((root / RECORDS).glob("2028-05-10-renew-*.yml")).read_text()


def test_what_a_renewal_does_not_take_over_is_said(root: Path) -> None:
    options = ["--date", "2028-05-10", "--expires", "never", "--result", "written=20"]
    notes = done(root, "renew", "shelly", *options)["notes"]
    assert "Not taken over from the old award, give it if it still holds: evidence, credits_earned." in notes


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--date", "2026-05-13"], "LED013"),
        (["--date", "2026-05-14"], "REC015"),
        (["--date", "2028-05-10", "--expires", "2028-05-01"], "REC012"),
        (["--date", "2028-05-10", "--result", "grade=A"], "REC020"),
        (["--date", "2028-05-10", "--role", "ada@example.org"], "REC018"),
        (["--date", "2028-02-30"], "REC004"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_renewal_that_cannot_be_is_refused(root: Path, options: list[str], said: str) -> None:
    assert said in refused(root, "renew", "lovelace", *options, code=1)


def test_what_is_renewed_is_not_renewed_again_but_its_renewal_is(root: Path) -> None:
    ada = id_of(root, "Ada")
    file = done(root, "renew", ada, "--date", "2028-05-10")["file"]
    assert f"is to be renewed already, by {file}: edit that record" in refused(root, "renew", ada)
    issue_all(root, seed="later")
    new = check_repository(root).renewed_by[ada].id
    assert f"{ada} was renewed already, by {new}: renew that one" in refused(root, "renew", ada)
    assert done(root, "renew", new, "--date", "2030-05-10")["id"] == new
    assert check_repository(root).problems == []


def test_what_was_revoked_is_not_renewed(root: Path) -> None:
    done(root, "revoke", "lovelace", "--reason", "other")
    assert "is to be revoked" in refused(root, "renew", "lovelace")
    issue_all(root, seed="later")
    assert "it cannot be renewed: a new award is a row of its own" in refused(root, "renew", "lovelace")


# --- erase ------------------------------------------------------------------------------------------------------------


def test_erasure_takes_the_row_and_nothing_else_and_is_applied(root: Path) -> None:
    ada = id_of(root, "Ada")
    written = done(root, "erase", ada, "--date", "2027-01-02")
    assert written["text"] == f"erase: {ada}\ndate: 2027-01-02\n"
    assert written["edited"] == [f"{RECORDS}/2026-05.yml"] and written["deleted"] == []
    line = "  - {name: Ada Lovelace, email: ada@example.org, listed: 2026-05-14}\n"
    assert (root / RECORDS / "2026-05.yml").read_text() == COHORT.replace(line, "")
    assert f"{RECORDS}/2026-05.yml: the row goes (line 5); every other row stays as it is" in written["notes"]
    issue_all(root, seed="later")
    checked = check_repository(root)
    assert checked.problems == [] and ada in checked.ledger.erased
    (listed,) = json.loads(run(root, "search", ada, "--json").stdout)
    assert (listed["state"], listed["name"], listed["email"], listed["record"]) == ("erased", "", "", "")
    assert ada not in run(root, "links").stdout
    for command in (["erase"], ["revoke", "--reason", "other"], ["correct", "--name", "X"], ["renew"]):
        assert f"{ada} was erased: nothing of it can be changed" in refused(root, command[0], ada, *command[1:])


def test_file_of_one_award_and_every_change_of_it_go_as_well(root: Path) -> None:
    mary = id_of(root, "Shelly")
    done(root, "correct", mary, "--name", "Mary Shelley", "--date", "2026-06-03")
    issue_all(root, seed="second")
    done(root, "revoke", mary, "--reason", "other", "--date", "2026-06-04")
    issue_all(root, seed="third")
    written = done(root, "erase", mary, "--date", "2027-01-02")
    changes = [f"{RECORDS}/2026-06-0{day}-{kind}-{mary[:8]}.yml" for day, kind in ((3, "correct"), (4, "revoke"))]
    assert written["deleted"] == [f"{RECORDS}/2026-05-mastery.yml", *changes]
    assert not any((root / path).exists() for path in written["deleted"])
    issue_all(root, seed="fourth")
    assert check_repository(root).problems == []


def test_row_of_a_table_goes(root: Path) -> None:
    done(root, "erase", "anning")
    assert (root / RECORDS / "2026-05-table.csv").read_text() == "".join(
        line for line in TABLE.splitlines(True) if "Anning" not in line
    )
    assert check_repository(root).problems == []


def test_row_that_was_brought_up_to_date_is_found(root: Path) -> None:
    (root / RECORDS / "nameless.yml").write_text(
        "badge: knots\nawarded: 2026-06-01\nrecipients:\n  - name: Hipatia\n  - name: Agnodice\n"
    )
    issue_all(root, seed="second")
    hypatia = id_of(root, "Hipatia")
    done(root, "correct", hypatia, "--name", "Hypatia", "--date", "2026-06-03")
    issue_all(root, seed="third")
    file = root / RECORDS / "nameless.yml"
    file.write_text(file.read_text().replace("Hipatia", "Hypatia"))
    # Corrected once more, it states neither the first version nor the present one.
    done(root, "correct", hypatia, "--name", "Hypatia of Alexandria", "--date", "2026-06-04")
    issue_all(root, seed="fourth")
    done(root, "erase", hypatia)
    assert file.read_text() == "badge: knots\nawarded: 2026-06-01\nrecipients:\n  - name: Agnodice\n"
    assert check_repository(root).problems == []


def test_what_a_renewal_hangs_on_is_not_erased_before_it(root: Path) -> None:
    ada = id_of(root, "Ada")
    file = done(root, "renew", ada, "--date", "2028-05-10")["file"]
    assert f"{file} renews this credential" in refused(root, "erase", ada)
    issue_all(root, seed="second")
    new = check_repository(root).renewed_by[ada].id
    said = refused(root, "erase", ada)
    assert f"{new} renews this credential" in said and f"Erase it first (laurels erase {new})" in said
    assert f"write it out: in {file}" in said
    both = shutil.copytree(root, root.parent / "both")
    assert done(both, "erase", new)["deleted"] == [file]
    done(both, "erase", ada)
    issue_all(both, seed="third")
    assert check_repository(both).problems == [] and {ada, new} == set(check_repository(both).ledger.erased)
    written_out = "badge: knots\nawarded: 2028-05-10\nname: Ada Lovelace\nemail: ada@example.org\n"
    (root / file).write_text(written_out)
    done(root, "erase", ada)
    issue_all(root, seed="third")
    checked = check_repository(root)
    assert checked.problems == [] and new in checked.ledger.awards and ada in checked.ledger.erased


def test_row_that_cannot_be_taken_out_by_itself_is_named_and_nothing_is_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = root / RECORDS / "2026-05.yml"

    def not_removable(*known: object, **more: object) -> None:
        raise NotRemovable

    with monkeypatch.context() as then:
        then.setattr("site_builder.authoring.erasing.remove_row", not_removable)
        said = refused(root, "erase", "lovelace", code=1)
    assert (
        f"{RECORDS}/2026-05.yml:5 cannot be taken out by itself: delete this row by hand, and run the command again"
        in said
    )
    file.write_text(COHORT.replace("  - {name: Ada Lovelace, email: ada@example.org, listed: 2026-05-14}\n", ""))
    ada = next(
        award_id for award_id in check_repository(root).ledger.awards if award_id not in check_repository(root).rows
    )
    assert "Its row is gone already." in done(root, "erase", ada)["notes"]
    assert check_repository(root).problems == []


def test_erasure_that_was_interrupted_is_completed_by_the_same_command(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mary = id_of(root, "Shelly")
    done(root, "correct", mary, "--name", "Mary Shelley", "--date", "2026-06-03")
    issue_all(root, seed="second")
    whole, deleted = Path.unlink, list[Path]()

    def unlink(path: Path, *, missing_ok: bool = False) -> None:
        if deleted:
            raise OSError(28, "No space left on device")
        deleted.append(path)
        whole(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", unlink)
        assert run(root, "erase", mary, "--yes").exit_code == 1
    assert len(deleted) == 1 and not list((root / RECORDS).glob("*-erase-*"))
    done(root, "erase", mary)
    issue_all(root, seed="third")
    assert check_repository(root).problems == [] and mary in check_repository(root).ledger.erased


def test_row_that_may_stand_in_a_file_that_cannot_be_read_is_not_taken_for_gone(root: Path) -> None:
    mary = id_of(root, "Shelly")
    (root / RECORDS / "2026-05-mastery.yml").write_text(FULL + "rank: 3\n")
    assert "some records cannot be read: run 'laurels check'" in refused(root, "erase", mary, code=1)


def test_erasure_says_what_it_cannot_reach_and_where_the_person_is_still_named(root: Path) -> None:
    (root / RECORDS / "2027.yml").write_text(
        "# As for Ada Lovelace.\nbadge: knots\nawarded: 2027-05-14\nname: Ada Lovelace\n"
    )
    result = run(root, "erase", id_of(root, "ada@"), "--yes")
    assert result.exit_code == 0
    assert "What this cannot reach:\n- the history of this repository" in result.stdout
    for place in (
        "clones and forks",
        "pull requests",
        "CI runs",
        "deployments",
        "backups",
        "downloaded",
        "search engines",
    ):
        assert place in result.stdout
    assert f"- {RECORDS}/2027.yml:1\n- {RECORDS}/2027.yml:4\n" in result.stdout
    assert "--replace-message" in result.stdout and "--replace-text" not in result.stdout
