"""The parts of the manual that code knows best: python -m scripts.generate_manual (make manual).

Writes tables of fields from the models, problems by their codes from errors.CODES and the cases of tests/records, and the figures of
limits from the constants that hold them, each between two marks of a page. A test generates them again and compares."""

from __future__ import annotations

import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin
from unittest.mock import patch

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from site_builder.credentials.status.bitstring import LIST_LENGTH
from site_builder.errors import CODES, Problem
from site_builder.ledger.checks.repository import check_repository
from site_builder.records.artwork import svg as artwork
from site_builder.records.formats import yaml_events
from site_builder.records.load import award_files
from site_builder.records.models.achievement import ACHIEVEMENT_TYPES, AchievementRecord, Credits, Criteria
from site_builder.records.models.award import AwardRow, Evidence
from site_builder.records.models.changes import CorrectRecord, EraseRecord, RenewRecord, RevokeRecord
from site_builder.records.models.issuer import IssuerRecord
from site_builder.records.models.keys import KeyRecord
from site_builder.records.models.results import RESULT_STATUSES, RESULT_TYPES, ResultRecord
from site_builder.records.models.skills import SkillRecord
from site_builder.wording import in_one_line
from tests.record_cases import CASES, arrange_case, read_case

__all__ = ["PAGES", "generated"]

MANUAL = Path(__file__).parents[1] / "content" / "pages" / "manual"
_MARK = re.compile(r"(<!-- generated: ([a-z -]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def main() -> None:
    """Writes the generated parts anew and names the pages that changed."""
    for page in PAGES:
        file = MANUAL / page
        text = generated(file.read_text("utf-8"))
        if text != file.read_text("utf-8"):
            file.write_text(text, "utf-8")
            print(f"{page} was written anew")


def generated(text: str) -> str:
    """A page with each of its generated parts as the code has it now. Raises KeyError for a part that is not known."""
    return _MARK.sub(lambda found: f"{found[1]}\n{PARTS[found[2]]()}\n{found[4]}", text)


# --- fields -----------------------------------------------------------------------------------------------------------


def _fields_of(model: type[BaseModel], *, in_csv: Mapping[str, str] = MappingProxyType({})) -> str:
    """A table of the fields of a model, each with what it is, whether it is needed, and an example.

    in_csv: how a field is written in CSV that is not a column of its own name."""
    rows = [_row(name, field, in_csv.get(name, "")) for name, field in model.model_fields.items()]
    return _table(["field", "what", "needed", "example"], rows)


def _row(name: str, field: FieldInfo, in_csv: str) -> list[str]:
    assert field.description, f"{name} says nothing of itself"
    words = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    one_of = f"One of {', '.join(f'`{word}`' for word in words)}." if words else ""
    what = " ".join(part for part in (_plain(field.description), one_of, in_csv) if part)
    return [f"`{name}`", what, "yes" if field.is_required() else "", _example(field)]


# What is no single text has another form in CSV.
_CSV = {"evidence": "In CSV: addresses alone, with spaces between them."}


def _words(words: Iterable[str]) -> str:
    """The standard's words for something, in one line."""
    return ", ".join(f"`{word}`" for word in words) + ".\n"


def _example(field: FieldInfo) -> str:
    return f"`{_flow(field.examples[0])}`" if field.examples else ""


def _flow(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    text = str(value)
    return f"'{text}'" if text.startswith("#") else text


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _plain(text: str) -> str:
    """Words of the code as Markdown that shows just them."""
    return re.sub(r"([\\`*\[\]<>#]|\b_|_\b)", r"\\\1", " ".join(text.split()))


# --- problems ---------------------------------------------------------------------------------------------------------

_AREAS = {
    "FIL": "Files and folders",
    "YML": "YAML",
    "CSV": "CSV",
    "REC": "What records say",
    "ISS": "Issuers",
    "BAD": "Achievements",
    "ART": "Artwork",
    "KEY": "Keys",
    "CFG": "mkdocs.yml",
    "LED": "What was issued",
}


def _problems() -> str:
    """Every code below the area that its letters stand for, with a message and its fix where a case has one."""
    examples = _examples()
    areas = []
    for letters, codes in groupby(sorted(CODES), key=lambda code: code[:3]):
        entries = [_entry(code, examples.get(code)) for code in codes]
        name = _AREAS[letters]
        title = name if name == letters else f"{name} ({letters})"
        areas.append((list(_AREAS).index(letters), f"## {title}\n\n" + "\n".join(entries)))
    return "\n".join(text for _, text in sorted(areas))


def _entry(code: str, example: Problem | None) -> str:
    meaning = CODES[code]
    # The name of a file or of a setting keeps its letters.
    begin = meaning[0] if re.match(r"\w+[._]", meaning) else meaning[0].upper()
    text = f"### {code}\n\n{_plain(begin + meaning[1:])}.\n"
    if example is None:
        return text
    file = in_one_line(example.file)
    place = f"`{file}:{example.line}`" if example.line else f"`{file}`"
    text += f"\n> {place}: {_plain(example.what)}\n"
    return text + (f">\n> *fix:* {_plain(example.fix)}\n" if example.fix else "")


def _examples() -> dict[str, Problem]:
    """For each code the problem of the case that shows it most plainly: it alone, in a record, in few words."""
    offered: dict[str, list[tuple[int, bool, int, str]]] = defaultdict(list)
    for file in CASES:
        expected = read_case(file)["problems"]
        for line in expected:
            offered[_code_in(line)].append(
                (len(expected), not line.startswith("content/records/"), len(line), file.stem)
            )
    return {code: _problem_of(min(cases)[3], code) for code, cases in offered.items()}


def _code_in(line: str) -> str:
    return next(code for code in CODES if f": {code} " in line)


def _problem_of(stem: str, code: str) -> Problem:
    """The first problem with a code that a case leads to, whole."""
    case = read_case(next(file for file in CASES if file.stem == stem))
    with (
        tempfile.TemporaryDirectory() as scratch,
        patch("site_builder.issuing.transaction.drawing.render_png", _no_picture),
    ):
        root = Path(scratch) / "repository"
        (root.parent / "elsewhere").mkdir()  # where some cases have links lead
        arrange_case(root, case, seed=stem)
        found = check_repository(root).problems
    return next(problem for problem in found if problem.code == code)


def _no_picture(svg: bytes) -> bytes:
    return b"a picture of " + svg


# --- limits -----------------------------------------------------------------------------------------------------------


def _limits() -> str:
    """What a file, a text and a list may hold at most, from the constants of the code."""
    return _table(["what", "at most"], [[what, _figure(value)] for what, value in _figures()])


def _figures() -> Iterator[tuple[str, int | str]]:
    yield "a YAML file", f"{yaml_events.MAX_YAML_BYTES // 1024} KiB, which is about 800 recipients"
    yield "levels of nesting in YAML", yaml_events.MAX_DEPTH
    yield "a CSV file", f"{award_files.MAX_CSV_BYTES // 1_048_576} MiB"
    yield "a drawing (SVG)", f"{artwork.MAX_SVG_BYTES // 1024} KiB"
    yield "a name, a title or another line of text", f"{_schema_of(AwardRow, 'name')['maxLength']:,} characters"
    yield "a narrative", f"{_schema_of(Criteria, 'narrative')['maxLength']:,} characters"
    yield "awards in one revocation list, before the next begins by itself", LIST_LENGTH // 2


def _schema_of(model: type[BaseModel], field: str) -> dict[str, Any]:
    """The JSON Schema of a field, without the null that stands for its absence."""
    schema: dict[str, Any] = model.model_json_schema()["properties"][field]
    return next((part for part in schema.get("anyOf", []) if part.get("type") != "null"), schema)


def _figure(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else value


PARTS: dict[str, Callable[[], str]] = {
    "award": lambda: _fields_of(AwardRow, in_csv=_CSV),
    "evidence": lambda: _fields_of(Evidence),
    "revocation": lambda: _fields_of(RevokeRecord),
    "correction": lambda: _fields_of(CorrectRecord),
    "renewal": lambda: _fields_of(RenewRecord),
    "erasure": lambda: _fields_of(EraseRecord),
    "achievement": lambda: _fields_of(AchievementRecord),
    "criteria": lambda: _fields_of(Criteria),
    "credits": lambda: _fields_of(Credits),
    "skill": lambda: _fields_of(SkillRecord),
    "result": lambda: _fields_of(ResultRecord),
    "issuer": lambda: _fields_of(IssuerRecord),
    "key": lambda: _fields_of(KeyRecord),
    "types of achievement": lambda: _words(ACHIEVEMENT_TYPES),
    "types of result": lambda: _words(RESULT_TYPES),
    "words for a status": lambda: _words(RESULT_STATUSES),
    "problems": _problems,
    "limits": _limits,
}
PAGES = ("records.md", "problems.md", "limits.md")

if __name__ == "__main__":
    main()
