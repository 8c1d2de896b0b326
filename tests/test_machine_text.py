"""What programs leave where a name or a text belongs is not signed; what could be somebody's name never is a problem."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.errors import Problem
from site_builder.ledger.checks.repository import check_repository
from site_builder.records.fields.machine_text import not_a_name, unfilled_piece
from site_builder.records.load.name_hints import name_hint
from tests.drawn import write_drawn_repository
from tests.support import BADGE, COHORT, as_release_0_1_signed, issue_all

RECORDS = "content/records/school"

NOBODY = {
    "a spreadsheet's error": [
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#NAME?",
        "#DIV/0!",
        "#BEZUG!",
        "#ИМЯ?",
        "＃Ｎ／Ａ",
        "Ada #N/A",
        "#####",
    ],
    "a word for nothing": [
        "None",
        "N/A",
        "n/a",
        "null",
        "NULL",
        "nan",
        "NaN",
        "undefined",
        "Undefined",
        "unknown",
        "FALSE",
        "N／A",
    ],
    "that word twice, or as a part": [
        "null null",
        "None None",
        "undefined undefined",
        "Ada undefined",
        "N/A N/A",
        "NaN Hopper",
    ],
    "a name to come": [
        "TBC",
        "TBA",
        "TBD",
        "tbc",
        "TBC.",
        "to be confirmed",
        "To be announced",
        "(unknown)",
        "(no name)",
        "no name",
    ],
    "no letter": ["-", "—", "~", "?", "...", "0", "46156", "_", "🙂", "--"],
    "a field of a template": [
        *(
            "<<Name>>",
            "<< Name >>",
            "{{name}}",
            "{{ recipient.name }}",
            "${name}",
            "%NAME%",
            "*|FNAME|*",
            "{first_name}",
            "{Name}",
            "[Name]",
            "«Name»",
        ),
        *(
            "<%= name %>",
            "{% name %}",
            "%(name)s",
            "$name",
            "__NAME__",
            "[[name]]",
            "{mlang en}Zoe{mlang}",
            "[object Object]",
            "@@name@@",
        ),
    ],
    "the words of a header": [
        "First Name",
        "Firstname Lastname",
        "FIRST_NAME",
        "Full name",
        "Vorname Nachname",
        "Recipient Name",
    ],
    "codes for letters": [
        "<b>Zoe</b>",
        "Zoe<br>",
        "Zo%C3%AB",
        "Zo&euml;",
        "Zo&#235;",
        "Zo&#xEB;",
        "Zo\\u00eb",
        "\\N",
        "Zo=C3=AB",
        "=?UTF-8?Q?Zo?=",
    ],
    "a formula": ['=A2&" "&B2', "=CONCAT(A2)"],
    "letters in the wrong encoding": ["ZoÃ«", "JosÃ©", "Ã‰milie", "MÃ¼ller", "SÃ¸ren", "Ð˜Ð²Ð°Ð½", "Ã“ Briain"],
}


@pytest.mark.parametrize("name", [name for names in NOBODY.values() for name in names])
def test_nobody_is_called(name: str) -> None:
    assert not_a_name(name) != ""


SOMEBODY = """Jennifer Null|Null|Mr. True|True|N. A.|Na|Li Na|Nan|Nan Goldin|Nil|Nil Solà|Test|Jo Test|Tbc|Tba Nguyen|Å|Ö|O|U|E|ဦ|Ng|X Æ A-12
Madonna|Pelé|O'Brien|Ó’Brien|Ó´Briain|D'Angelo Nguyễn|Nguyễn Văn A|Hồ Xuân Hương|R&D Ltd|Smith & Sons|Ke$ha|A$AP Rocky|P!nk|will.i.am
Muthu a/l Rama|Siti s/o Ahmad|William (Bill) Smith|(Zoe) Smith (Jones)|Zoe (née Smith)|"Bill" Smith|Ann Smith, PhD|Mary Unknown|Jean NULL
5th Element|Louis XIV|John Smith #2|Zoe <3|ada_l|ada lovelace|GRACE HOPPER|Åžahin|JOÃO CONCEIÇÃO|São|Ñandú|Þór|Óðinn|Øystein Ærlig|ß
Hawaiʻi Kalani|Abu-l-ʿAlāʾ|О'Генрі|Софья Ковалевская|Υπατία η Αλεξανδρινή|დავით|Մխիթար Հերացի|張仲景|李娜|山田 太郎|김나|ابن سينا|محمد
สุนทรภู่|ወለተ ጴጥሮስ|ᏎᏉᏯ|ᠴᠢᠩᠭᠢᠰ|Nolan None-Such|Mark Blank|Guy Missing|Paul Void|Christopher Guest|Anonymous|Nobody|𠮷田|Mx Undefinedson
Empty Smith|Student|Jo Admin|To Anh|Follow Me Ncube""".replace("\n", "|").split("|")


@pytest.mark.parametrize("name", SOMEBODY)
def test_somebody_may_be_called(name: str) -> None:
    assert not_a_name(name) == ""


@pytest.mark.parametrize(
    "name", ["Null", "Test", "Test User", "Student 12", "True", "Anonymous", "Guest", "NA", "Ada null", "test", "Tbc"]
)
def test_what_may_be_no_name_is_pointed_out(name: str) -> None:
    assert "if somebody is called so, all is well" in name_hint(name)


@pytest.mark.parametrize(
    "name", ["Jennifer Null", "Mr. True", "N. A.", "Na", "Nan", "Å", "X Æ A-12", "Mary Unknown", "Li Na"]
)
def test_nothing_is_said_of(name: str) -> None:
    assert name_hint(name) == ""


@pytest.mark.parametrize(
    ("text", "is_markdown", "found"),
    [
        ("Passed with #REF! points", True, "a spreadsheet's error"),
        ("Hello {{ name }}", True, "template"),
        ("Hello <<Name>>", False, "template"),
        ("[object Object]", False, "template"),
        ("{role}", False, "template"),
        ("Writes `{{ name }}` and\n```\n${x} {% y %}\n```\n", True, ""),
        ("Knows {sets} and [[lists]], 50% of A and 100%", True, ""),
        ("Mends `#REF!` and “{{ name }}”", False, ""),
        ("Says “hello” to {{ name }}, “well”", False, "template"),
        ("Ranked #1! And #NoFilter, #NBA, #FIELDTRIP, #ERROR, issue #12", True, ""),
        ("a << b >> c, if (a) { b }", True, ""),
    ],
)
def test_what_nobody_filled_in_is_found_in_any_text(text: str, is_markdown: bool, found: str) -> None:
    piece = unfilled_piece(text, is_markdown=is_markdown)
    assert found in piece and bool(piece) == bool(found)


# --- in the records ---------------------------------------------------------------------------------------------------


def problems_of(root: Path, **files: str) -> list[str]:
    found = check_repository(write_drawn_repository(root, files={f"{RECORDS}/2026-05.yml": COHORT, **files})).problems
    return [str(problem).partition("\n")[0] for problem in found]


HEAD = "badge: knots\nawarded: 2026-06-01\n"


def test_every_field_that_is_signed_is_looked_at_at_its_line(tmp_path: Path) -> None:
    row = HEAD + (
        "name: '#N/A'\nemail: m@example.org\nref: '{{id}}'\nnarrative: Well done, {{name}}.\nrole: undefined\n"
        "license_number: <<No>>\nevidence:\n  - {url: https://example.org/x, name: '#REF!'}\n"
    )
    assert problems_of(tmp_path, **{f"{RECORDS}/x.yml": row}) == [
        f"{RECORDS}/x.yml:3: REC021 this is nobody's name: it is a spreadsheet's error",
        f"{RECORDS}/x.yml:6: REC021 narrative: a field of a template that was not filled in stands here",
        f"{RECORDS}/x.yml:7: REC021 role: a word of a program for no value stands here",
        f"{RECORDS}/x.yml:8: REC021 license_number: a field of a template that was not filled in stands here",
        f"{RECORDS}/x.yml:9: REC021 evidence, number 1, name: a spreadsheet's error stands here",
    ]


def test_achievement_and_issuer_are_looked_at_when_they_are_to_be_signed(tmp_path: Path) -> None:
    badge = BADGE.replace("Ties the six knots that matter.", "Ties {{count}} knots.")
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    (root / "badges/knots/badge.yml").write_text(badge, "utf-8")
    assert check_repository(root).problems == []
    (root / f"{RECORDS}/x.yml").write_text(HEAD + "name: Mary Shelley\n", "utf-8")
    assert [(p.file, p.line, p.code) for p in check_repository(root).problems] == [
        ("badges/knots/badge.yml", 3, "REC021")
    ]


@pytest.mark.parametrize("word", ["~", "null", "Null", "NULL"])
def test_a_word_without_quotes_that_yaml_reads_as_nothing_is_no_name_and_no_text(word: str, tmp_path: Path) -> None:
    row = HEAD + f"recipients:\n  - {{name: Mary Shelley, role: {word}}}\n  - {{name: {word}}}\n"
    what = "readers of YAML take this word for no value"
    assert problems_of(tmp_path, **{f"{RECORDS}/x.yml": row}) == [
        f"{RECORDS}/x.yml:4: REC021 role: {what}",
        f"{RECORDS}/x.yml:5: REC021 name: {what}",
    ]


def test_the_signs_of_an_address_are_no_template(tmp_path: Path) -> None:
    row = HEAD + "name: Mary Shelley\nevidence: https://example.org/M%C3%BCNCHEN%20KURS https://example.org/?x=[[1]]\n"
    assert problems_of(tmp_path, **{f"{RECORDS}/x.yml": row}) == []


def test_such_a_word_is_found_in_a_list_and_in_the_note_of_a_change(tmp_path: Path) -> None:
    row = HEAD + "name: Mary Shelley\nevidence:\n  - {url: https://example.org/x, name: Null}\n"
    [award] = issue_all(write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": HEAD + "name: Ada\n"})).awards
    change = f"correct: {award.id}\ndate: 2026-06-03\nrole: Bosun\nnote: Null\n"
    assert problems_of(
        tmp_path,
        **{f"{RECORDS}/2026-05.yml": HEAD + "name: Ada\n", f"{RECORDS}/x.yml": row, f"{RECORDS}/y.yml": change},
    ) == [
        f"{RECORDS}/x.yml:4: REC021 evidence: readers of YAML take this word for no value",
        f"{RECORDS}/y.yml:4: REC021 note: readers of YAML take this word for no value",
    ]


def test_between_quotes_and_in_csv_null_may_be_a_name(tmp_path: Path) -> None:
    table = "badge,awarded,name\nknots,2026-06-02,Null\n"
    files = {f"{RECORDS}/x.yml": HEAD + "name: 'Null'\n", f"{RECORDS}/x.csv": table}
    assert problems_of(tmp_path, **files) == []


def test_what_was_signed_makes_no_problem_and_its_renewal_keeps_the_name(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": HEAD + "name: TBC\nrole: ~\n"})
    with as_release_0_1_signed():
        [award] = issue_all(root).awards
    assert check_repository(root).problems == []
    (root / f"{RECORDS}/renew.yml").write_text(f"renew: {award.id}\ndate: 2028-05-10\n", "utf-8")
    assert check_repository(root).problems == []
    (root / f"{RECORDS}/renew.yml").write_text(f"renew: {award.id}\ndate: 2028-05-10\nrole: '{{{{role}}}}'\n", "utf-8")
    assert [(p.line, p.code) for p in check_repository(root).problems] == [(3, "REC021")]


def test_a_correction_is_looked_at_for_what_it_gives_alone(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": HEAD + "name: TBC\n"})
    with as_release_0_1_signed():
        [award] = issue_all(root).awards
    correction = f"correct: {award.id}\ndate: 2026-06-03\n"
    found: list[list[tuple[int, str]]] = []
    for more in ("role: Bosun\n", "name: Mary Shelley\n", "name: N/A\n", "role: Bosun\nnote: Sorry, <<Name>>\n"):
        (root / f"{RECORDS}/correct.yml").write_text(correction + more, "utf-8")
        found.append([(problem.line, problem.code) for problem in check_repository(root).problems])
    assert found == [[], [], [(3, "REC021")], [(4, "REC021")]]


def test_check_says_what_looks_odd_and_ends_well(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/x.yml": HEAD + "name: Test User\n"})
    done = CliRunner().invoke(main, ["-C", str(root), "check"])
    assert done.exit_code == 0 and f"{RECORDS}/x.yml:3: look at this name: it may stand for a name" in done.stderr
    told = json.loads(CliRunner().invoke(main, ["-C", str(root), "check", "--json"]).stdout)
    assert len(told["hints"]) == 1 and told["problems"] == [] and "Test User" not in str(told)


def test_a_new_cohort_with_a_machines_word_is_refused_at_its_line_of_the_list(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    arguments = ["-C", str(root), "new", "cohort", "--badge", "knots", "--awarded", "2026-06-01"]
    done = CliRunner().invoke(main, arguments, input="name,email\nMary,m@example.org\n#N/A,x@example.org\n")
    assert done.exit_code == 1 and "standard input:3: REC021 this is nobody's name" in done.stderr


def test_a_new_award_for_nobody_is_wrong_usage(tmp_path: Path) -> None:
    arguments = [
        "-C",
        str(write_drawn_repository(tmp_path)),
        "new",
        "award",
        "--badge",
        "knots",
        "--awarded",
        "2026-06-01",
    ]
    done = CliRunner().invoke(main, [*arguments, "--name", "<<Name>>"])
    assert done.exit_code == 2 and "--name: this is nobody's name" in done.stderr


def test_no_message_repeats_the_name() -> None:
    for name in ("ZoÃ«", "Ada #N/A", "<b>Zoe</b>", "“{{Ada}}”"):
        assert not_a_name(name)
        assert not any(word in not_a_name(name) for word in ("Zo", "Ada"))
    assert Problem("f", 1, "REC021", "x").code == "REC021"
