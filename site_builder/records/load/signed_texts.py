"""What is about to be signed, text by text: no machine's word for nothing, no template's field, no address that may be misread.

Only what is pending is looked at. What is signed stays as it is, and a rule that comes later makes no problem of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from site_builder.errors import Problem
from site_builder.records.fields.addresses import address_question
from site_builder.records.fields.machine_text import not_a_name, says_nothing, unfilled_piece
from site_builder.records.formats.explain import place_in_words
from site_builder.records.formats.yaml_events import Path
from site_builder.records.load.award_files import Change, Row
from site_builder.records.load.repository import Repository
from site_builder.records.models.strict import Record

__all__ = ["check_definitions", "check_note", "check_texts"]

_AS_READ = "write the name as it is to be read on the page; the list that it came from may have it"
_FILL_IN = (
    "write the text that belongs here, or leave the field out; what is meant word for word stands between `backticks`"
)
_ADDRESSES = {"url", "id"}
# Nobody sees them: they tell awards apart, or only a digest of them is signed.
_NOT_PUBLISHED = {"badge", "ref", "email", "listed", "awarded", "expires"}


def check_texts(row: Row, fields: Collection[str] | None = None) -> Iterator[Problem]:
    """The problems of what a row gives. fields: those alone that are new, by name; None: all."""
    given = {name for name, _ in row.award if fields is None or name in fields} - _NOT_PUBLISHED
    if "name" in given and "name" not in row.unsaid and (reason := not_a_name(row.award.name)):
        yield Problem(row.file, row.line_of("name"), "REC021", f"this is nobody's name: {reason}", _AS_READ)
    for path, text in _texts(row.award):
        name = ".".join(map(str, path[:2])) if path[0] == "results" else str(path[0])
        if path[0] not in given:
            continue
        if name in row.unsaid:
            yield _unsaid_problem(name, row.file, row.line_of(name))
        elif path != ("name",):
            yield from _check_text(path, text, row.file, row.line_of(name))


def _unsaid_problem(name: str, file: str, line: int) -> Problem:
    what = f"{name}: readers of YAML take this word for no value"
    fix = "write the value, or leave the field out; where the word itself is meant, put it between 'single quotes'"
    return Problem(file, line, "REC021", what, fix)


def check_note(change: Change) -> Iterator[Problem]:
    """The problems of the note of a record of change."""
    note = getattr(change.record, "note", None)
    if "note" in change.unsaid:
        yield _unsaid_problem("note", change.file, change.line_of(("note",)))
    elif note:
        yield from _check_text(("note",), note, change.file, change.line_of(("note",)))


def check_definitions(rows: Iterable[Row], repository: Repository) -> Iterator[Problem]:
    """The problems of the achievements and issuers that rows name, as they are to be signed with them."""
    pairs = {(row.award.badge, row.issuer) for row in rows}
    badges = {slug: repository.badges[slug] for slug, _ in sorted(pairs) if slug in repository.badges}
    issuers = {slug: repository.issuers[slug] for _, slug in sorted(pairs) if slug in repository.issuers}
    for slug, badge in badges.items():
        for path, text in _texts(badge.record):
            yield from _check_text(path, text, f"badges/{slug}/badge.yml", badge.lines.find(path))
    for slug, issuer in issuers.items():
        for path, text in _texts(issuer.record):
            yield from _check_text(path, text, f"issuers/{slug}/issuer.yml", issuer.lines.find(path))


def _check_text(path: Path, text: str, file: str, line: int) -> Iterator[Problem]:
    place = place_in_words(path)
    # Addresses have signs of their own, as in M%C3%BCNCHEN%20 and [[1]].
    found = unfilled_piece(text, is_markdown=path[-1] == "narrative" or path[-1] in _ADDRESSES)
    if found or says_nothing(text):
        what = f"{place}: {found or 'a word of a program for no value'} stands here"
        yield Problem(file, line, "REC021", what, _FILL_IN)
    question = address_question(text) if path[-1] in _ADDRESSES and text.startswith("https://") else None
    if question:
        yield Problem(file, line, "REC006", f"{place}: {question.what}", question.fix)


def _texts(value: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """(path, text) of every text in a record, whatever holds it."""
    inner: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Record):
        inner = [(name, getattr(value, name)) for name in value.model_fields_set]
    elif isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, tuple | list):
        inner = enumerate(value)
    for step, item in inner:
        yield from _texts(item, (*path, step))
