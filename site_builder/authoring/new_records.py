"""New issuers, achievements and records: files as a person would have written them, checked before they are written."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ValidationError

from site_builder.authoring.importers.imported import ImportedRow
from site_builder.disk import write_all_new
from site_builder.errors import Error, Problem, UsageError, nothing_written
from site_builder.ledger.checks.row_problems import have_two_names
from site_builder.ledger.store.award_json import SIGNED
from site_builder.ledger.store.identity import identity_digest
from site_builder.ledger.store.since import SINCE, SINCE_BYTES
from site_builder.records.artwork.placeholder import placeholder_svg, placeholder_words
from site_builder.records.fields.kinds import is_slug, slug_refusal
from site_builder.records.fields.machine_text import not_a_name
from site_builder.records.formats.explain import explain, nearest
from site_builder.records.formats.yaml_events import MAX_YAML_BYTES, YamlRefused, parse_yaml
from site_builder.records.formats.yaml_writer import Value, compose_record
from site_builder.records.load.award_files import RecordFile, read_records
from site_builder.records.load.name_hints import name_hints
from site_builder.records.load.repository import Repository, load_repository
from site_builder.records.load.rules import check_pending, check_records
from site_builder.records.load.signed_texts import check_texts
from site_builder.records.models.achievement import AchievementRecord
from site_builder.records.models.award import AwardRow
from site_builder.records.models.issuer import IssuerRecord

__all__ = ["NewFiles", "new_awards", "new_badge", "new_issuer", "refusal_of", "slug_from", "write_new_files"]

_MAX_YAML_PEOPLE = 500


@dataclass(frozen=True)
class NewFiles:
    """New files by their path below the root, what is to be looked at, and what comes next."""

    files: Mapping[str, bytes]
    notes: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()


def write_new_files(root: Path, new: NewFiles) -> None:
    """Writes the files, all or none. Raises Error, before anything is written, when one is there already."""
    for path in new.files:
        if (root / path).exists():
            raise Error(f"{path} is there already; nothing was written")
    write_all_new({root / path: content for path, content in new.files.items()})


def slug_from(name: str) -> str:
    """A folder's name made from a name: ``day-skipper`` for Day Skipper; "" when no letter of it can stand in an address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:63].strip("-")
    return slug if is_slug(slug) else ""


def refusal_of(root: Path, model: str, field: str, value: Value) -> str:
    """Why a value cannot stand in a field of an issuer, an achievement or an award, with the remedy; "" when it can."""
    kind = _MODELS[model]
    folder = _NAMES_FOLDER.get((model, field))
    if folder and not (is_slug(str(value)) and (root / folder / str(value)).is_dir()):
        return _unknown(folder.removesuffix("s"), str(value), [found.name for found in (root / folder).glob("*")])
    try:
        kind(**{field: value})
    except ValidationError as error:
        for problem, found in zip(_explained(error, kind), error.errors(), strict=True):
            if found["loc"][:1] == (field,) and found["type"] != "missing":
                return f"{problem.what.removeprefix(f'{field}: ')}; {problem.fix}".rstrip("; ")
    reason = not_a_name(str(value)) if (model, field) == ("award", "name") else ""
    return f"this is nobody's name: {reason}" if reason else ""


_NAMES_FOLDER = {("award", "badge"): "badges", ("badge", "issuer"): "issuers"}
_MODELS: dict[str, type[BaseModel]] = {"issuer": IssuerRecord, "badge": AchievementRecord, "award": AwardRow}


def _explained(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    return explain(error, model, file="", line_of=lambda _path: 0)


# --- issuers and achievements -----------------------------------------------------------------------------------------


def new_issuer(root: Path, slug: str, fields: Mapping[str, Value]) -> NewFiles:
    """A new issuer's folder. fields: of issuer.yml, as text. Raises UsageError, or Error with the problems."""
    _must_be_new(root, "issuers", slug)
    comments = {"email": "the office, for questions about a credential; it is published"}
    head = (
        "Who issues. Name and address are signed into every credential, so look twice before the first 'laurels issue'."
    )
    text = compose_record(fields, head=head, comments=comments)
    file = f"issuers/{slug}/issuer.yml"
    _must_read(text, IssuerRecord, file)
    steps = (f"laurels keys new {slug}", f"laurels new badge --issuer {slug}")
    return NewFiles({file: text.encode("utf-8"), **_beginning(root)}, (), steps)


def _beginning(root: Path) -> dict[str, bytes]:
    """Where nothing was signed yet: the file from whose first commit on a repository remembers."""
    signed = root / SIGNED
    is_new = not signed.is_dir() or all(place.name == ".lock" for place in signed.iterdir())
    return {SINCE: SINCE_BYTES} if is_new else {}


def new_badge(root: Path, slug: str, fields: Mapping[str, Value]) -> NewFiles:
    """A new achievement's folder, with a drawing to begin with. fields: of badge.yml, as text; image_alt may be missing.

    Raises UsageError, or Error with the problems."""
    repository, _ = load_repository(root)
    _must_be_new(root, "badges", slug)
    _must_exist("issuer", str(fields.get("issuer", "")), repository.issuers)
    own_words = "image_alt" in fields
    filled: dict[str, Value] = {}
    for name, value in fields.items():
        filled[name] = value
        if name == "criteria" and not own_words:
            filled["image_alt"] = placeholder_words(slug)
    comments = {} if own_words else {"image_alt": "say what your own drawing shows, once it is there"}
    text = compose_record(filled, comments=comments)
    file = f"badges/{slug}/badge.yml"
    record = _must_read(text, AchievementRecord, file)
    assert isinstance(record, AchievementRecord)
    note = f"badges/{slug}/image.svg is a placeholder; put your own drawing there before you sign: signatures name the drawing"
    files = {file: text.encode("utf-8"), f"badges/{slug}/image.svg": placeholder_svg(slug)}
    return NewFiles(files, (note,), ("laurels check", f"laurels new cohort --badge {slug}"))


def _must_be_new(root: Path, folder: str, slug: str) -> None:
    if not is_slug(slug):
        raise UsageError("{!r} {}: {}".format(slug[:40], *slug_refusal(slug)))
    if (root / folder / slug).exists():
        raise UsageError(f"{folder}/{slug} is there already: edit it, or choose another name")


def _must_exist(kind: str, slug: str, known: Mapping[str, object]) -> None:
    if slug not in known:
        raise UsageError(_unknown(kind, slug, known))


def _unknown(kind: str, slug: str, known: Iterable[str]) -> str:
    similar = nearest(slug, known)
    return f"there is no {kind} {slug[:40]!r}" + (f"; did you mean {similar!r}?" if similar else "")


def _must_read(text: str, model: type[BaseModel], file: str) -> BaseModel:
    """The model that a text gives. Raises Error with its problems."""
    try:
        parsed = parse_yaml(text.encode("utf-8"), file=file)
        return model(**parsed.value)
    except YamlRefused as refused:
        raise nothing_written([refused.problem]) from None
    except ValidationError as error:
        raise nothing_written(explain(error, model, file=file, line_of=parsed.lines.find)) from None


# --- awards -----------------------------------------------------------------------------------------------------------


def new_awards(
    root: Path, fields: Mapping[str, Value], people: Sequence[ImportedRow] = (), *, source: str = ""
) -> NewFiles:
    """A new file of records: a cohort of people, or without them the one award that the fields name.

    fields: as text, badge and awarded among them. source: how the list of people is called in problems.
    Raises UsageError, or Error with the problems."""
    repository, _ = load_repository(root)
    badge = str(fields.get("badge", ""))
    _must_exist("badge", badge, repository.badges)
    issuer = repository.badges[badge].record.issuer
    stem = f"content/records/{issuer}/{fields.get('awarded')}-{badge}"
    text = compose_record(fields, people=[person.fields for person in people])
    ending = "yml"
    if len(people) > _MAX_YAML_PEOPLE or len(text.encode("utf-8")) > MAX_YAML_BYTES:
        text, ending = _as_csv(fields, people), "csv"
    file = _free_name(root, stem, ending)
    found = read_records(text.encode("utf-8"), file=file, issuer=issuer)
    problems = [*found.problems, *_against_the_others(repository, found, file)]
    if problems:
        raise nothing_written(_at_their_source(problems, text, people, source))
    return NewFiles(
        {file: text.encode("utf-8")}, tuple(name_hints(found.rows)), ("laurels check", "laurels issue --dry-run")
    )


def _free_name(root: Path, stem: str, ending: str) -> str:
    """The path with this stem, or with -2, -3 … when that is taken, whatever its ending."""
    number = 1
    while True:
        name = stem if number == 1 else f"{stem}-{number}"
        if not any((root / f"{name}.{kind}").exists() for kind in ("yml", "yaml", "csv")):
            return f"{name}.{ending}"
        number += 1


def _as_csv(fields: Mapping[str, Value], people: Sequence[ImportedRow]) -> str:
    """The cohort as CSV, for more people than YAML may list."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    own = list(dict.fromkeys(["name", "email", *(name for person in people for name in person.fields)]))
    writer.writerow([*fields, *own])
    shared = [value if isinstance(value, str) else " ".join(map(str, value)) for value in fields.values()]
    writer.writerows([*shared, *(person.fields.get(name, "") for name in own)] for person in people)
    return stream.getvalue()


def _against_the_others(repository: Repository, found: RecordFile, file: str) -> Iterator[Problem]:
    """What the new rows contradict: the achievement, or an award that stands somewhere already."""
    yield from (problem for problem in check_records(replace(repository, rows=found.rows)) if problem.file == file)
    yield from check_pending(found.rows, repository)
    for row in found.rows:
        yield from check_texts(row)
    seen = {(row.issuer, identity_digest(row.award)): row for row in repository.rows}
    for row in found.rows:
        first = seen.setdefault((row.issuer, identity_digest(row.award)), row)
        if first is not row:
            where = f"{first.file}:{first.line}" if first.file != file else "this list"
            what = f"this award stands already in {where}: the same badge, date and recipient"
            fix = "leave it out, or give another day"
            if have_two_names(row, first):
                what = f"this award stands already in {where}: the same badge, date and address, under another name"
                fix = "two people with one address: write the second award with 'laurels new award' and --ref 2"
            yield Problem(file, row.line, "REC015", what, fix)


def _at_their_source(
    problems: Sequence[Problem], text: str, people: Sequence[ImportedRow], source: str
) -> list[Problem]:
    """The problems at the lines of the list from which the people were taken: the new file is not there to be looked at."""
    first = len(text.splitlines()) - len(people) + 1
    moved = []
    for problem in problems:
        index = problem.line - first
        if people and index >= 0:
            problem = replace(problem, file=source, line=people[index].line)
        moved.append(problem)
    return moved
