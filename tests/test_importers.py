"""Lists of people as learning platforms export them: columns found, ambiguity refused, nobody named in what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.authoring.importers import table
from site_builder.authoring.importers.columns import read_columns
from site_builder.authoring.importers.imported import ImportedList, ImportedRow, ImportOptions, NotThisSource
from site_builder.authoring.importers.table import IMPORTERS, Importer, import_list
from site_builder.authoring.importers.typed_lines import read_lines
from site_builder.authoring.new_records import new_awards
from site_builder.errors import Error
from tests.support import write_repository

ADA = [("Ada Lovelace", "ada@example.org")]


def pair(row: ImportedRow) -> tuple[str, str]:
    """The name and the address of a row, "" for none."""
    return row.fields["name"], row.fields.get("email", "")


EXPORTS = {
    "our own": "name,email\nAda Lovelace,ada@example.org\n",
    "Moodle, participants": "First name,Last name,Email address\nAda,Lovelace,ada@example.org\n",
    "Moodle, completion": (
        "ID,Name,Email address,Quiz,Quiz - Completion date,Course complete\n7,Ada Lovelace,ada@example.org,Passed,x,y\n"
    ),
    "Google Forms": '"Timestamp","Email Address","Full name"\n"2026/05/14 9:00:00 AM GMT+1","ada@example.org","Ada Lovelace"\n',
    "LearnDash": "user_id,name,email,course_id,course_completed\n7,Ada Lovelace,ada@example.org,3,YES\n",
    "Teachable": "userid,fullname,email,percent_complete\n7,Ada Lovelace,ada@example.org,100\n",
    "Credly": (
        "Badge Template ID,Recipient Email,Issued To First Name,Issued To Middle Name,Issued To Last Name,Issued At\n"
        "x,ada@example.org,Ada,,Lovelace,2026-05-14\n"
    ),
    "Accredible": "Recipient Name,Recipient Email,Issued on,Grade\nAda Lovelace,ada@example.org,5/31/17,A\n",
    "Canvas Credentials": "Badge Class ID,Identifier,First Name,Last Name,Email\nx,y,Ada,Lovelace,ada@example.org\n",
    "Zoom": "Name (Original Name),User Email,Total Duration (Minutes),Guest\nAda Lovelace,ada@example.org,62,No\n",
    "Zoom with a preamble": (
        "Meeting ID,Topic,User Email,Participants\n123,Knots,host@example.org,2\n\n"
        "Name (Original Name),User Email,Join Time\nAda Lovelace,ada@example.org,x\n"
    ),
    "German, semicolons": "Vorname;Nachname;E-Mail-Adresse\nAda;Lovelace;ada@example.org\n",
    "French": "Prénom,Nom,Adresse de courriel\nAda,Lovelace,ada@example.org\n",
    "Spanish": "Nombre,Apellidos,Correo electrónico\nAda,Lovelace,ada@example.org\n",
    "tabs": "Full Name\tE-mail\nAda Lovelace\tada@example.org\n",
    "cells with spaces": " Name , Email\n Ada  Lovelace , ada@example.org \n",
}


@pytest.mark.parametrize("name", EXPORTS)
def test_the_columns_are_found_of(name: str) -> None:
    for raw in (EXPORTS[name].encode("utf-8"), EXPORTS[name].encode("utf-8-sig"), EXPORTS[name].encode("utf-16")):
        roster = read_columns(raw)
        assert [pair(person) for person in roster.rows] == ADA
        assert roster.notes[0].endswith(": 1 person")


def test_it_is_said_which_columns_were_taken_and_nobody_is_named() -> None:
    roster = read_columns(b"First name,Surname,Email address,Email OK\nAda,Lovelace,ada@example.org,yes\n")
    assert roster.notes == ("names from 'First name' + 'Surname', addresses from 'Email address': 1 person",)


def test_canvas_lines_that_are_no_people_are_left_out_and_counted() -> None:
    text = (
        'Student,ID,SIS Login ID,Section,Final Score\n"    Points Possible",,,,(read only)\n'
        '"Lovelace, Ada",7,ada,A,98\n"Student, Test",8,x,A,\n,,,,\n'
    )
    roster = read_columns(text.encode())
    assert [(*pair(person), person.line) for person in roster.rows] == [("Lovelace, Ada", "", 3)]
    assert roster.notes == (
        "names from 'Student', addresses from no column: 1 person",
        "2 lines without a person left out",
    )


def test_a_person_who_joined_twice_stands_in_the_cohort_once() -> None:
    roster = read_columns(b"name,email\nAda,ada@example.org\nAda,ADA@example.org\nAda,\nAda,a@example.org\n")
    assert [person.line for person in roster.rows] == [2, 4, 5]
    assert "1 line left out, repeating a person" in roster.notes


def test_a_list_that_tells_who_completed_is_pointed_out() -> None:
    roster = read_columns(b"Name,Email,Course complete\nAda,ada@example.org,\n")
    assert "look out: the list has a column 'Course complete'; all were taken, whatever it says" in roster.notes


AMBIGUOUS = {
    "Email Address,Email,Name\n": "two columns could hold the address, 'Email Address' and 'Email': say which one with --email-column",
    "Name,Full name,Email\n": "two columns could hold the name, 'Name' and 'Full name': say which one with --name-column",
    "Name,First name,Last name\n": "two columns could hold the name, 'Name' and 'First name'",
    "First name,Given name,Last name\n": "two columns could hold the first name",
}


@pytest.mark.parametrize("header", AMBIGUOUS)
def test_what_two_columns_could_hold_is_refused(header: str) -> None:
    with pytest.raises(Error) as refused:
        read_columns(f"{header}a,b,c\n".encode())
    assert AMBIGUOUS[header] in str(refused.value)


def test_a_named_column_decides() -> None:
    raw = b"Email Address,Email,Nimi\nx@example.org,ada@example.org,Ada Lovelace\n"
    roster = read_columns(raw, ImportOptions("nimi", "email"))
    assert [pair(person) for person in roster.rows] == ADA
    with pytest.raises(NotThisSource):
        read_columns(raw, ImportOptions("Nom", "Email"))
    with pytest.raises(Error, match="--email-column"):
        read_columns(raw, ImportOptions("Nimi", "Post"))


REFUSED = {
    "no header": (b"Ada Lovelace,ada@example.org\n", "no column of names"),
    "half a name": (b"First name,Email\nAda,ada@example.org\n", "no column of names"),
    "nothing": (b"", "no column of names"),
    "another encoding": ("name\nÉmilie\n".encode("latin-1"), "not UTF-8"),
    "a spreadsheet": (b"PK\x03\x04\xff\xfe\x00", "not UTF-8"),
    "a cell without end": (b'name,email\n"' + b"a" * 200_000, "line 2 of the list cannot be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_list_is_refused_that_is(name: str) -> None:
    raw, words = REFUSED[name]
    with pytest.raises(Error, match=words) as refused:
        read_columns(raw)
    assert "Lovelace" not in str(refused.value)


def test_typed_lines_are_a_name_and_perhaps_an_address() -> None:
    text = "Ada Lovelace, ada@example.org\n\nGrace Hopper <grace@example.org>\nMary Anning\nJane;jane@example.org\n"
    assert [(*pair(person), person.line) for person in read_lines(text.encode()).rows] == [
        ("Ada Lovelace", "ada@example.org", 1),
        ("Grace Hopper", "grace@example.org", 3),
        ("Mary Anning", "", 4),
        ("Jane", "jane@example.org", 5),
    ]
    with pytest.raises(Error, match="line 2 of the list has an address and no name"):
        read_lines(b"Ada\nada@example.org\n")
    with pytest.raises(Error, match="line 2 of the list is too long"):
        read_lines(b"Ada\n" + b"a" * 2_000_000)


# --- the table of sources ---------------------------------------------------------------------------------------------


def test_a_list_is_read_by_the_first_source_that_knows_its_form() -> None:
    typed = b"Ada Lovelace, ada@example.org\n"
    assert [pair(row) for row in import_list(typed, ImportOptions(), is_file=False).rows] == ADA
    # A file without a header may be anything: nobody guesses.
    with pytest.raises(NotThisSource, match="no column of names"):
        import_list(typed, ImportOptions(), is_file=True)


def test_a_new_source_is_one_row_and_its_fields_reach_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not names and addresses alone: whatever field of a record a list gives."""

    def read_marks(raw: bytes, options: ImportOptions) -> ImportedList:
        head, _, rest = raw.decode().partition("\n")
        if head != "# marks":
            raise NotThisSource("no list of marks")
        cells = [line.split("/") for line in rest.splitlines()]
        return ImportedList(
            tuple(ImportedRow({"name": a, "license_number": b}, line) for line, (a, b) in enumerate(cells, 2))
        )

    monkeypatch.setattr(table, "IMPORTERS", (Importer("marks", read_marks), *IMPORTERS))
    rows = import_list(b"# marks\nAda Lovelace/A-1\nGrace Hopper/A-2\n", ImportOptions(), is_file=True).rows
    new = new_awards(write_repository(tmp_path), {"badge": "knots", "awarded": "2026-06-01"}, rows, source="list")
    (text,) = new.files.values()
    assert text.decode().splitlines()[-2:] == [
        "  - {name: Ada Lovelace, license_number: A-1}",
        "  - {name: Grace Hopper, license_number: A-2}",
    ]
