"""Issuance records: one award, a cohort or a change in YAML, and cohorts in CSV, resolved to rows with their lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from site_builder.errors import Problem
from site_builder.records.fields.addresses import split_addresses, split_at_spaces
from site_builder.records.fields.text import quote_word
from site_builder.records.formats.explain import explain, nearest
from site_builder.records.formats.left_by_git import left_by_git
from site_builder.records.formats.yaml_events import Parsed, Path, YamlRefused, parse_yaml, unsaid_fields
from site_builder.records.models.award import AwardRow, evidence_items
from site_builder.records.models.changes import CHANGE_MODELS, ChangeRecord
from site_builder.records.models.results import is_result_key

__all__ = [
    "MAX_CSV_BYTES",
    "Change",
    "RecordFile",
    "Row",
    "delimiter_of",
    "is_csv",
    "read_csv",
    "read_record",
    "read_records",
]

MAX_CSV_BYTES = 2 * 1_048_576
_MAX_COLUMNS = 100
_RESULT = "results."
_Read = TypeVar("_Read", bound=BaseModel)
_COLUMNS = tuple(name for name in AwardRow.model_fields if name != "results")


@dataclass(frozen=True)
class Row:
    """One award that a provider wrote down, and where. lines: the line of each of its fields, `results.<key>` among them.

    renews: the id of the award that it renews, or "". former: the award as release 0.1 read it, when that is another.
    unsaid: names of the fields that hold YAML's own word for nothing."""

    award: AwardRow
    issuer: str
    file: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    renews: str = ""
    former: AwardRow | None = field(default=None, compare=False)
    unsaid: frozenset[str] = field(default=frozenset(), compare=False)

    def line_of(self, name: str) -> int:
        """The line on which a field stands."""
        return self.lines.get(name, self.line)

    def line_of_result_key(self, key: str) -> int:
        """The line on which a result is named: in CSV the first, which names the columns."""
        return 1 if is_csv(self.file) else self.line_of(_RESULT + key)


@dataclass(frozen=True)
class Change:
    """One change to a credential, and where it is written down. lines: the line of each of its fields. former, unsaid: as of Row."""

    record: ChangeRecord
    issuer: str
    file: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    former: ChangeRecord | None = field(default=None, compare=False)
    unsaid: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def order(self) -> tuple[date, str]:
        """Of several corrections of one award, which comes first: the one of the earlier day, then by the names of files."""
        return self.record.date, self.file

    def line_of(self, path: Path) -> int:
        """The line on which a field stands; that of the change for what it does not give."""
        return self.lines.get(str(path[0]), self.line) if path else self.line


@dataclass
class RecordFile:
    """What one file of records holds."""

    rows: list[Row] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_records(raw: bytes, *, file: str, issuer: str) -> RecordFile:
    """What a file of records holds, by the ending of its name: CSV, or else YAML."""
    return (read_csv if is_csv(file) else read_record)(raw, file=file, issuer=issuer)


def is_csv(file: str) -> bool:
    """Whether a file of records is CSV, by its name."""
    return file.lower().endswith(".csv")


def read_record(raw: bytes, *, file: str, issuer: str) -> RecordFile:
    """The awards or the change in a YAML file."""
    found = RecordFile()
    try:
        parsed = parse_yaml(raw, file=file)
    except YamlRefused as refused:
        found.problems.append(refused.problem)
        return found
    kind = next((name for name in CHANGE_MODELS if name in parsed.value), None)
    if kind:
        _read_change(kind, parsed, found, file=file, issuer=issuer)
    elif "recipients" in parsed.value:
        _read_cohort(parsed, found, file=file, issuer=issuer)
    else:
        _read_row(parsed.value, found, file=file, issuer=issuer, at=(), parsed=parsed, own=set(parsed.value))
    return found


def _read_change(kind: str, parsed: Parsed, found: RecordFile, *, file: str, issuer: str) -> None:
    model = CHANGE_MODELS[kind]
    try:
        record = model(**parsed.value)
    except ValidationError as error:
        found.problems += explain(error, model, file=file, line_of=parsed.lines.find)
        return
    lines = {name: parsed.lines.find((name,)) for name in parsed.value}
    former, unsaid = _former_reading(model, parsed.value), unsaid_fields(parsed.value)
    found.changes.append(Change(record, issuer, file, lines[kind], lines, former=former, unsaid=unsaid))


def _former_reading(model: type[_Read], fields: dict[str, Any]) -> _Read | None:
    """What fields give as release 0.1 read them, when that is something else: it took a comma between addresses for part of one."""
    written = fields.get("evidence")
    before = evidence_items(written, split_at_spaces)
    if not written or before == evidence_items(written, split_addresses):
        return None
    try:
        return model(**fields | {"evidence": before})
    except ValidationError:
        return None


def _read_cohort(parsed: Parsed, found: RecordFile, *, file: str, issuer: str) -> None:
    recipients = parsed.value["recipients"]
    if not isinstance(recipients, list) or not all(isinstance(item, dict) for item in recipients):
        items = recipients if isinstance(recipients, list) else []
        odd = [index for index, item in enumerate(items) if not isinstance(item, dict)][:1]
        line = parsed.lines.find(("recipients", *odd))
        fix = "write each recipient on a line of its own, with a space behind each colon: - {name: Ada Lovelace, email: ada@example.org}"
        found.problems.append(Problem(file, line, "REC003", "recipients is not a list of names with values", fix))
        return
    shared = {name: value for name, value in parsed.value.items() if name != "recipients"}
    if not recipients:
        fix = "add a recipient, or delete the file"
        found.problems.append(
            Problem(file, parsed.lines.find(("recipients",)), "REC002", "this cohort has no recipients", fix)
        )
    own = {"name"}.union(*recipients)
    for index, item in enumerate(recipients):
        # A recipient's own value replaces the cohort's whole; lists never merge.
        fields, at = {**shared, **item}, ("recipients", index)
        _read_row(fields, found, file=file, issuer=issuer, at=at, parsed=parsed, own=own)


def _read_row(
    fields: dict[str, Any], found: RecordFile, *, file: str, issuer: str, at: Path, parsed: Parsed, own: set[str]
) -> None:
    """own: names of the fields that recipients have themselves; what all of them lack is missing once, at the top."""
    if at:
        own = own - set(fields) | set(parsed.value["recipients"][at[1]])
    lines = {name: parsed.lines.find((*at, name) if name in own else (name,)) for name in fields}
    if isinstance(fields.get("results"), dict):
        above = (*at, "results") if "results" in own else ("results",)
        lines |= {f"{_RESULT}{key}": parsed.lines.find((*above, key)) for key in fields["results"]}
    first = parsed.lines.find(at) if at else 1

    def line_of(path: Path) -> int:
        if not path:
            return first
        if path[0] not in fields:
            return first if path[0] in own else 1
        return parsed.lines.find((*at, *path) if path[0] in own else path)

    try:
        former, unsaid = _former_reading(AwardRow, fields), unsaid_fields(fields)
        found.rows.append(Row(AwardRow(**fields), issuer, file, first, lines, former=former, unsaid=unsaid))
    except ValidationError as error:
        found.problems += explain(error, AwardRow, file=file, line_of=line_of)


def read_csv(raw: bytes, *, file: str, issuer: str) -> RecordFile:
    """The awards in a CSV file: columns named as the fields, one row an award, an empty cell is an absent field.

    Commas or semicolons separate (spreadsheets in much of Europe write semicolons); a byte order mark is passed over."""
    found = RecordFile()
    left = left_by_git(raw)
    if left:
        found.problems.append(Problem(file, left[0], "CSV004", *left[1:]))
        return found
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        fix = "in Excel choose File, Save As, 'CSV UTF-8 (Comma delimited)'"
        found.problems.append(Problem(file, line, "CSV001", "this file is not UTF-8 text", fix))
        return found
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter_of(text), strict=True)
    before, follows = 0, set[bool]()
    try:
        header = [name.strip() for name in next(reader, [])]
        found.problems += _header_problems(header, file)
        if found.problems:
            return found
        before, is_unseen = reader.line_num, lines.last.endswith("\r")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                follows.add(is_unseen)
                if len(follows) > 1:
                    found.problems.append(Problem(file, before + 1, "CSV004", *_MIXED_ENDS))
                    return found
                _read_cells(header, cells, found, file=file, issuer=issuer, line=before + 1)
            before, is_unseen = reader.line_num, lines.last.endswith("\r")
    except csv.Error as error:
        fix = "put a cell with a comma or a line break between double quotes, and write a quotation mark in it twice"
        what = f"this row cannot be read ({error})"
        if "end of data" in str(error):
            what, fix = "a quotation mark that opens in this row is not closed", "close it, or delete it"
        found.problems.append(Problem(file, before + 1, "CSV004", what, fix))
    return found


# For most editors, diffs and web pages a row that follows a carriage return alone goes on in the line of the row before it.
_MIXED_ENDS = (
    "some rows of this file end in a carriage return (U+000D) alone, which most programs do not show, and others do not",
    "save it again with one kind of line ends, and look at every row",
)


class _Lines:
    """The lines of a text for the csv module, and the one that it took last."""

    def __init__(self, text: str) -> None:
        self._lines, self.last = io.StringIO(text, newline=""), ""

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.last = line
            yield line


def delimiter_of(text: str) -> str:
    """What separates the cells of a CSV file, by its first line."""
    head = next(iter(text.splitlines()), "")
    return ";" if ";" in head and "," not in head else ","


def _header_problems(header: list[str], file: str) -> list[Problem]:
    problems = []
    known = ", ".join((*_COLUMNS, f"{_RESULT}<name of a result>"))
    if len(header) > _MAX_COLUMNS:
        fix = f"the first line names the columns; they are {known}"
        return [Problem(file, 1, "CSV002", f"this file has more than {_MAX_COLUMNS} columns", fix)]
    if not set(header) & set(_COLUMNS):
        fix = "begin the file with the line badge,awarded,name,email, and with further columns as you need them"
        return [Problem(file, 1, "CSV002", "the first line does not name the columns", fix)]
    for column, name in enumerate(header, 1):
        if name.startswith(_RESULT) and not is_result_key(name.removeprefix(_RESULT)):
            fix = "write results.written, with the name that badge.yml gives the result: a-z, 0-9 and single hyphens"
            problems.append(Problem(file, 1, "CSV002", f"the name of column {column} cannot be that of a result", fix))
        elif name not in _COLUMNS and not name.startswith(_RESULT):
            similar = nearest(name.lower().replace(" ", "_"), _COLUMNS)
            similar = "results.written" if name.lower() in ("result", "results") else similar
            fix = f"did you mean '{similar}'?" if similar else f"the first line names the columns; they are {known}"
            # Without a first line of names, a recipient's name would stand here.
            word = quote_word(name, "")
            what = f"there is no column {word}" if word else f"the name of column {column} is not known"
            if not name:
                what, fix = f"column {column} has no name", "name it in the first line, or delete the column"
            problems.append(Problem(file, 1, "CSV002", what, fix))
        elif header.count(name) > 1:
            problems.append(Problem(file, 1, "CSV002", f"the column {name!r} stands here twice", "delete one of them"))
    for name in ("badge", "awarded", "name"):
        if name not in header and not problems:
            problems.append(Problem(file, 1, "CSV002", f"the column {name!r} is missing", "add it to the first line"))
    return problems


def _read_cells(header: list[str], cells: list[str], found: RecordFile, *, file: str, issuer: str, line: int) -> None:
    if len(cells) != len(header):
        what = f"this row has {len(cells)} columns, the header has {len(header)}"
        fix = "look for a missing or an extra comma; put text with commas between double quotes"
        found.problems.append(Problem(file, line, "CSV003", what, fix))
        return
    fields: dict[str, Any] = {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()}
    results = {
        name.removeprefix(_RESULT): fields.pop(name) for name in header if name.startswith(_RESULT) and name in fields
    }
    if results:
        fields["results"] = results
    try:
        found.rows.append(Row(AwardRow(**fields), issuer, file, line, former=_former_reading(AwardRow, fields)))
    except ValidationError as error:
        found.problems += explain(
            error, AwardRow, file=file, line_of=lambda _path: line, missing="fill in the cell in the column '{}'"
        )
