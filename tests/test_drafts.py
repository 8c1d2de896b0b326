"""New files: as a person would have written them, checked first, never over what is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.authoring.new_records import slug_from
from site_builder.cli import main
from site_builder.ledger.checks.repository import check_repository
from site_builder.records.artwork.placeholder import placeholder_svg, placeholder_words
from site_builder.records.artwork.svg import reserialize_svg
from site_builder.records.formats.yaml_events import parse_yaml
from site_builder.records.formats.yaml_writer import compose_record, yaml_scalar
from tests.support import BADGE as BADGE_RECORD
from tests.support import write_repository
from tests.terminal import on_terminal
from tests.trees import tree_of

RECORDS = "content/records/school"
ISSUER = [
    "--name",
    "Quayside Sailing School",
    "--url",
    "https://quayside.example/",
    "--email",
    "office@quayside.example",
]
ISSUER += ["--time-zone", "Europe/Lisbon", "--language", "en"]
BADGE = ["--name", "Day Skipper", "--description", "By day.", "--criteria", "Five days at sea.\n\nTen passages."]


def run(root: Path, *arguments: str, stdin: str | bytes = b"") -> Result:
    result = CliRunner().invoke(main, ["-C", str(root), *arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_repository(tmp_path / "repository")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    left_out = (
        "issuers/school/issuer.yml",
        "issuers/school/keys.yml",
        "badges/knots/badge.yml",
        "badges/knots/image.svg",
    )
    return write_repository(tmp_path / "empty", files=dict.fromkeys([*left_out, f"{RECORDS}/2026-05.yml"], ""))


def test_from_nothing_to_a_cohort_that_checks(empty: Path) -> None:
    assert run(empty, "new", "issuer", "quayside", *ISSUER).exit_code == 0
    assert run(empty, "new", "badge", "day-skipper", *BADGE, "--validity", "P5Y").exit_code == 0
    people = "First name,Last name,E-mail\nAda,Lovelace,ada@example.org\nGrace,Hopper,grace@example.org\n"
    result = run(empty, "new", "cohort", "--badge", "day-skipper", "--awarded", "2026-05-14", stdin=people)
    assert result.stdout == "wrote content/records/quayside/2026-05-14-day-skipper.yml\n"
    assert "names from 'First name' + 'Last name', addresses from 'E-mail': 2 people" in result.stderr
    assert result.stderr.endswith("Next: laurels check, then laurels issue --dry-run\n")
    checked = check_repository(empty)
    assert checked.problems == [] and len(checked.pending_rows) == 2


def test_an_issuer_is_written_as_the_manual_shows_it(empty: Path) -> None:
    result = run(empty, "new", "issuer", "quayside", *ISSUER, "--accent", "#0b5563")
    assert (empty / "issuers/quayside/issuer.yml").read_text("utf-8") == (
        "# Who issues. Name and address are signed into every credential, so look twice before the first 'laurels issue'.\n"
        "name: Quayside Sailing School\nurl: https://quayside.example/\n"
        "email: office@quayside.example  # the office, for questions about a credential; it is published\n"
        'time_zone: Europe/Lisbon\nlanguage: en\naccent: "#0b5563"\n'
    )
    assert "Next: laurels keys new quayside, then laurels new badge --issuer quayside" in result.stderr


def test_a_badge_is_written_in_block_style_with_a_drawing_to_begin_with(root: Path) -> None:
    result = run(root, "new", "badge", "day-skipper", *BADGE, "--tag", "sailing", "--tag", "a: b", "--level", "1")
    assert (root / "badges/day-skipper/badge.yml").read_text("utf-8") == (
        "issuer: school\nname: Day Skipper\ndescription: By day.\ncriteria:\n  narrative: |\n    Five days at sea.\n\n"
        f"    Ten passages.\nimage_alt: {placeholder_words('day-skipper')}  # say what your own drawing shows, once it is there\n"
        'level: "1"\ntags: [sailing, "a: b"]\n'
    )
    assert "image.svg is a placeholder" in result.stderr
    assert check_repository(root).problems == []


def test_an_award_stands_in_a_file_named_by_day_and_badge_never_by_the_person(root: Path) -> None:
    award = ["new", "award", "--badge", "knots", "--awarded", "2026-07-01"]
    for person in ("Mary Anning", "Caroline Herschel", "Hypatia"):
        assert run(root, *award, "--name", person).exit_code == 0
    assert sorted(file.name for file in (root / RECORDS).iterdir()) == [
        "2026-05.yml",
        "2026-07-01-knots-2.yml",
        "2026-07-01-knots-3.yml",
        "2026-07-01-knots.yml",
    ]
    text = (root / RECORDS / "2026-07-01-knots.yml").read_text("utf-8")
    assert text == "badge: knots\nawarded: 2026-07-01\nname: Mary Anning\n"
    assert check_repository(root).problems == []


def test_several_pieces_of_evidence_are_a_list(root: Path) -> None:
    one, two = "https://school.example/1", "https://school.example/a/longer/address/of/evidence"
    arguments = [
        "--badge",
        "knots",
        "--awarded",
        "2026-07-01",
        "--name",
        "Hypatia",
        "--evidence",
        one,
        "--evidence",
        two,
    ]
    run(root, "new", "award", *arguments)
    text = (root / RECORDS / "2026-07-01-knots.yml").read_text("utf-8")
    assert f"evidence:\n  - {one}\n  - {two}\n" in text and check_repository(root).problems == []


RESULTS = """\
results:
  written: {name: Written test, type: RawScore, minimum: 0, maximum: 30}
  vessel: {name: Training vessel, type: ext:Vessel}
"""


def test_an_award_s_results_are_named_as_the_badge_names_them_and_lie_within_its_limits(tmp_path: Path) -> None:
    root = write_repository(tmp_path, files={"badges/knots/badge.yml": BADGE_RECORD + RESULTS})
    award = ["new", "award", "--badge", "knots", "--awarded", "2026-07-01", "--name", "Mary Anning"]
    assert "REC" in run(root, *award, "--result", "written=31").stderr
    assert "did you mean 'vessel'?" in run(root, *award, "--result", "vesel=Grietje").stderr.lower()
    done = run(root, *award, "--result", "vessel=No", "--result", "written=27", "--role", "Skipper")
    assert done.exit_code == 0, done.output
    text = (root / RECORDS / "2026-07-01-knots.yml").read_text("utf-8")
    assert text.endswith('results: {vessel: "No", written: 27}\nrole: Skipper\n')
    assert check_repository(root).problems == []


def test_more_people_than_yaml_may_list_are_written_as_csv(root: Path) -> None:
    people = "name,email\n" + "".join(f'"Person, {number}",p{number}@example.org\n' for number in range(600))
    result = run(root, "new", "cohort", "--badge", "knots", "--awarded", "2026-07-01", "--csv", "-", stdin=people)
    assert result.stdout == f"wrote {RECORDS}/2026-07-01-knots.csv\n"
    checked = check_repository(root)
    assert checked.problems == [] and len(checked.pending_rows) == 602


def test_names_that_look_odd_are_pointed_out_by_file_and_line(root: Path) -> None:
    arguments = ["new", "cohort", "--badge", "knots", "--awarded", "2026-07-01"]
    result = run(root, *arguments, stdin="Mary Anning\nHERSCHEL, CAROLINE <c@example.org>\n")
    assert f"{RECORDS}/2026-07-01-knots.yml:5: look at this name: it seems to begin with the last name" in result.stderr
    assert "HERSCHEL" not in result.output
    plan = run(root, "issue", "--dry-run", "--json")
    assert len(json.loads(plan.stdout)["hints"]) == 1
    assert ":5: look at this name: " in run(root, "issue", "--dry-run").stdout


def test_dry_run_prints_and_writes_nothing(root: Path) -> None:
    before = tree_of(root)
    for arguments in (["badge", "day-skipper", *BADGE], ["issuer", "quayside", *ISSUER]):
        result = run(root, "new", *arguments, "--dry-run")
        assert result.exit_code == 0 and "name: " in result.stdout and result.stdout.startswith("# ")
        found = json.loads(run(root, "new", *arguments, "--dry-run", "--json").stdout)
        assert not found["written"] and all("/" in path for path in found["files"])
    assert tree_of(root) == before


# --- refusals ---------------------------------------------------------------------------------------------------------

COHORT = ["new", "cohort", "--badge", "knots", "--awarded", "2026-07-01"]
WRONG_USAGE: dict[str, tuple[list[str], str]] = {
    "no flags": (["new", "award"], "missing: --badge, --awarded, --name"),
    "no day": (["new", "cohort", "--badge", "knots"], "missing: --awarded"),
    "no people": (COHORT, "missing: --csv, or a list on standard input"),
    "no folder": (["new", "issuer", *ISSUER], "missing: SLUG"),
    "no criteria": (["new", "badge", "x", *BADGE[:4]], "missing: --criteria"),
    "a wrong day": (
        [*COHORT[:-1], "14.05.2026"],
        "--awarded: '14.05.2026' is not a date of the form YYYY-MM-DD; write 2026-05-14",
    ),
    "a wrong address": ([*COHORT, "--evidence", "http://x"], "--evidence"),
    "an unknown badge": (
        ["new", "cohort", "--badge", "kntos"],
        "--badge: there is no badge 'kntos'; did you mean 'knots'?",
    ),
    "an unknown issuer": (["new", "badge", "x", "--issuer", "../x"], "--issuer: there is no issuer '../x'"),
    "a folder that exists": (["new", "badge", "knots", *BADGE], "badges/knots is there already"),
    "a folder that cannot be": (["new", "issuer", "Quay Side", *ISSUER], "cannot be part of an address"),
    "a folder elsewhere": (["new", "issuer", "../quayside", *ISSUER], "cannot be part of an address"),
    "a result without a value": (["new", "award", "--result", "written"], "--result: write KEY=VALUE"),
    "a result twice": (["new", "award", "--result", "a=1", "--result", "a=2"], "--result: one KEY stands here twice"),
    "a result that cannot be": (["new", "award", "--result", "A B=1"], "--result"),
    "a wrong e-mail address": (["new", "award", "--email", "ada"], "--email: this is not an e-mail address"),
}


@pytest.mark.parametrize("name", WRONG_USAGE)
def test_wrong_usage_names_the_option_and_writes_nothing(name: str, root: Path) -> None:
    before = tree_of(root)
    arguments, words = WRONG_USAGE[name]
    result = run(root, *arguments)
    assert (result.exit_code, result.stdout) == (2, "") and words in result.stderr, result.output
    assert tree_of(root) == before


REFUSED: dict[str, tuple[list[str], str, str]] = {
    "an address that is none": (COHORT, "name,email\nMary,mary@@example.org\n", "standard input:2: REC005"),
    "an award that is there": (
        ["new", "cohort", "--badge", "knots", "--awarded", "2026-05-14"],
        "name,email\nMary,mary@example.org\nAda,ADA@example.org\n",
        f"standard input:3: REC015 this award stands already in {RECORDS}/2026-05.yml:5",
    ),
    "two people with one address": (
        COHORT,
        "name,email\nA,x@example.org\nB,x@example.org\n",
        "two people with one address",
    ),
    "an end before the beginning": ([*COHORT, "--expires", "2026-01-01"], "name\nMary\n", "REC012"),
    "credits where there are none": ([*COHORT, "--credits-earned", "3"], "name\nMary\n", "REC016"),
    "two columns": (COHORT, "name,full name\nA,B\n", "--name-column"),
    "a unit that is not said": (
        ["new", "badge", "x", *BADGE, "--achievement-type", "Diplom"],
        "",
        "--achievement-type",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_a_problem_is_refused_before_anything_is_written(name: str, root: Path) -> None:
    before = tree_of(root)
    arguments, stdin, words = REFUSED[name]
    result = run(root, *arguments, stdin=stdin)
    assert result.exit_code in (1, 2) and result.stdout == "" and words in result.stderr, result.output
    assert "Mary" not in result.output and tree_of(root) == before


def test_nothing_is_overwritten_though_it_came_in_between(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = root / "badges/day-skipper/image.svg"
    taken.parent.mkdir()
    taken.write_text("mine", "utf-8")
    monkeypatch.setattr("site_builder.authoring.new_records._must_be_new", lambda *_: None)
    result = run(root, "new", "badge", "day-skipper", *BADGE)
    assert result.exit_code == 1 and "is there already; nothing was written" in result.stderr
    assert taken.read_text("utf-8") == "mine" and not taken.with_name("badge.yml").exists()


# --- a terminal -------------------------------------------------------------------------------------------------------


def test_on_a_terminal_what_is_missing_is_asked_for_again_until_it_is_right(root: Path) -> None:
    answers = ["Day Skipper", "By day.", "Five days at sea.", "five years", "P5Y", ""]
    code, said = on_terminal(root, "new", "badge", typed="\n".join([*answers, ""]))
    assert code == 0, said
    assert "is not a length of time" in said and "Folder, part of addresses [day-skipper]" in said
    text = (root / "badges/day-skipper/badge.yml").read_text("utf-8")
    assert "name: Day Skipper\n" in text and "validity: P5Y\n" in text and check_repository(root).problems == []


def test_on_a_terminal_the_people_are_typed_a_line_each(root: Path) -> None:
    typed = "Mary Anning, mary@example.org\nHypatia\n\n"
    code, said = on_terminal(root, "new", "cohort", "--badge", "knots", "--awarded", "2026-07-01", typed=typed)
    assert code == 0, said
    assert "  - {name: Mary Anning, email: mary@example.org}\n  - {name: Hypatia}\n" in (
        root / RECORDS / "2026-07-01-knots.yml"
    ).read_text("utf-8")


# --- pieces -----------------------------------------------------------------------------------------------------------

SLUGS = {
    "Day Skipper": "day-skipper",
    "Émilie's Ärzte": "emilie-s-arzte",
    "張仲景": "",
    "index": "",
    "--": "",
    "A" * 80: "a" * 63,
}


@pytest.mark.parametrize("name", SLUGS)
def test_a_folder_is_named_after(name: str) -> None:
    assert slug_from(name) == SLUGS[name]


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=20), st.booleans())
@example("Who is it:?", True)
def test_whatever_stands_on_a_line_is_read_back_as_it_was(text: str, in_flow: bool) -> None:
    written = yaml_scalar(text, in_flow=in_flow)
    line = f"a: [{written}]\n" if in_flow else f"a: {written}  # a comment\n"
    read = parse_yaml(line.encode("utf-8"), file="x.yml").value["a"]
    assert (read[0] if in_flow else read) == text


@pytest.mark.parametrize("text", ["no", "Null", "010", "1.5", "12:30", "~", "2026", "y", "0x1F", ".inf"])
def test_what_other_readers_would_not_take_for_text_stands_between_quotes(text: str) -> None:
    assert yaml_scalar(text) == f'"{text}"'


def test_days_and_numbers_and_addresses_stand_without_quotes() -> None:
    text = compose_record({"awarded": "2026-05-14", "url": "https://x.example/a?b=c#d", "credits_earned": "7.5"})
    assert text == "awarded: 2026-05-14\nurl: https://x.example/a?b=c#d\ncredits_earned: 7.5\n"


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=63))
def test_a_placeholder_is_a_drawing_that_can_be_published(slug: str) -> None:
    assert b"<text" not in reserialize_svg(placeholder_svg(slug))
    assert placeholder_svg(slug) == placeholder_svg(slug) and " around a" in placeholder_words(slug)


def test_placeholders_of_a_site_s_achievements_differ() -> None:
    slugs = [f"{level}-{subject}" for level in ("basic", "advanced") for subject in "sail row swim dive knot".split()]
    assert len({placeholder_svg(slug) for slug in slugs}) == len(slugs)
