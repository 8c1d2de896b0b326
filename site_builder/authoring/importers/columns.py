"""Lists with a header, as other systems export them: which column holds the names, which the addresses, and who is in it.

Columns: Moodle (course completion, participants), Canvas (gradebook), LearnDash, Google Forms, Zoom (participants), Credly, Accredible,
Badgr and Canvas Credentials name them in these ways. What two columns could hold is refused, never guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from site_builder.authoring.importers.imported import (
    NO_OPTIONS,
    ImportedList,
    ImportedRow,
    ImportOptions,
    NotThisSource,
    decoded,
    person_row,
)
from site_builder.errors import Error
from site_builder.wording import plural

__all__ = ["read_columns"]


# Column names without case, spaces and signs. A name in one piece, or in parts.
_FULL = (
    "name fullname studentname student recipientname recipient learnername learner participantname participant earnername "
    "displayname yourname nameoriginalname userfullname nom nombre nome naam nombrecompleto nomcomplet vollständigername"
).split()
_FIRST = (
    "firstname givenname givennames forename issuedtofirstname recipientfirstname userfirstname "
    "vorname prénom prenom voornaam nombres primernombre"
).split()
_MIDDLE = ["middlename", "issuedtomiddlename"]
_LAST = (
    "lastname surname familyname issuedtolastname recipientlastname userlastname "
    "nachname familienname nomdefamille achternaam apellido apellidos cognome sobrenome apelido"
).split()
_EMAIL = (
    "email emailaddress mail mailaddress useremail recipientemail studentemail learneremail participantemail loginemail "
    "emailadresse emailadres adresseemail adressedecourriel courriel adressemail correo correoelectrónico direccióndecorreo "
    "indirizzoemail endereçodeemail"
).split()
# Columns by which a list tells those who completed from those who did not.
_COMPLETION = (
    "coursecomplete coursecompleted completed completionstatus status completedon progress percentcomplete".split()
)
# In these languages the word for a name is that for a part of it, when the other part has a column too.
_PART = {"nom": "last", "nombre": "first", "nome": "first"}
_NO_PEOPLE = {"points possible", "student, test", "test student"}
_MAX_PREAMBLE = 10


def read_columns(raw: bytes, options: ImportOptions = NO_OPTIONS) -> ImportedList:
    """The people of a CSV file whose first lines name the columns.

    Raises NotThisSource when none does, Error when it is not clear which column is which."""
    name_column, email_column = options.name_column, options.email_column
    lines = list(_rows(decoded(raw)))
    for index, (_, cells) in enumerate(lines[:_MAX_PREAMBLE]):
        columns = _Columns(cells, name_column, email_column)
        if columns.has_names:
            return _people(columns, lines[index + 1 :])
    if name_column is not None:
        raise NotThisSource("no line at the top of the list has a column of that name (--name-column)")
    raise NotThisSource(
        "no column of names was found in the list: it may be called 'name', 'full name', or 'first name' and 'last name'; "
        "name another one with --name-column"
    )


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row that holds something. The sign that is most frequent in the first lines separates."""
    head = "\n".join(text.splitlines()[:_MAX_PREAMBLE])
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, [" ".join(cell.split()) for cell in cells]
            before = reader.line_num
    except csv.Error as error:
        raise Error(f"line {before + 1} of the list cannot be read: {error}") from None


def _plain(header: str) -> str:
    return re.sub(r"[\W_]", "", header.casefold())


class _Columns:
    """Which columns of a header hold names and addresses. Raises Error when two could."""

    def __init__(self, header: list[str], name_column: str | None, email_column: str | None) -> None:
        self.header, self._plain = header, [_plain(cell) for cell in header]
        self.first, self.last = self._one(_FIRST, "first name"), self._one(_LAST, "last name")
        self.middle = self._one(_MIDDLE, "middle name")
        self.full = self._named(name_column) if name_column else self._one_full()
        self.email = self._named(email_column) if email_column else self._one(_EMAIL, "address", "--email-column")
        if name_column:
            self.first = self.middle = self.last = None
        elif self.full is not None and self.first is not None and self.last is not None:
            self._refuse("name", [self.full, self.first], "--name-column")
        self.missing = email_column if email_column and self.email is None else None

    def _one_full(self) -> int | None:
        found = self._one([name for name in _FULL if name not in _PART], "name")
        for index, name in enumerate(self._plain):
            part = _PART.get(name)
            if part == "last" and self.first is not None and self.last is None:
                self.last = index
            elif part == "first" and self.last is not None and self.first is None:
                self.first = index
            elif part and found is None:
                found = index
        return found

    def _named(self, column: str) -> int | None:
        return next((index for index, cell in enumerate(self.header) if _plain(cell) == _plain(column)), None)

    def _one(self, names: list[str], what: str, option: str = "--name-column") -> int | None:
        found = [index for index, name in enumerate(self._plain) if name in names]
        if len(found) > 1:
            self._refuse(what, found, option)
        return found[0] if found else None

    def _refuse(self, what: str, indexes: list[int], option: str) -> None:
        named = " and ".join(repr(self.header[index]) for index in indexes)
        raise Error(f"two columns could hold the {what}, {named}: say which one with {option}")

    @property
    def has_names(self) -> bool:
        return self.full is not None or (self.first is not None and self.last is not None)

    @property
    def taken(self) -> str:
        """The columns that are taken, in words."""
        indexes = [self.full] if self.full is not None else [self.first, self.middle, self.last]
        names = " + ".join(repr(self.header[index]) for index in indexes if index is not None)
        email = repr(self.header[self.email]) if self.email is not None else "no column"
        return f"names from {names}, addresses from {email}"

    def read(self, cells: list[str]) -> tuple[str, str]:
        def cell(index: int | None) -> str:
            return cells[index] if index is not None and index < len(cells) else ""

        name = cell(self.full) if self.full is not None else " ".join(map(cell, (self.first, self.middle, self.last)))
        return " ".join(name.split()), cell(self.email)

    def completion(self) -> str:
        return next((cell for cell, name in zip(self.header, self._plain, strict=True) if name in _COMPLETION), "")


def _people(columns: _Columns, lines: list[tuple[int, list[str]]]) -> ImportedList:
    if columns.missing:
        raise Error("the list has no column of that name (--email-column)")
    found: dict[tuple[str, str], ImportedRow] = {}
    empty = 0
    for line, cells in lines:
        name, email = columns.read(cells)
        if not name or name.casefold() in _NO_PEOPLE:
            empty += 1
            continue
        found.setdefault((email.lower() or name, name), person_row(name, email, line))
    notes = [f"{columns.taken}: {plural(len(found), 'person').replace('persons', 'people')}"]
    if empty:
        notes.append(f"{plural(empty, 'line')} without a person left out")
    if len(found) + empty < len(lines):
        notes.append(f"{plural(len(lines) - len(found) - empty, 'line')} left out, repeating a person")
    if columns.completion():
        notes.append(f"look out: the list has a column {columns.completion()!r}; all were taken, whatever it says")
    return ImportedList(tuple(found.values()), tuple(notes))
