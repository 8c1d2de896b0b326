"""A record that erases, together with what must go at the same time: the row, and every other record that names the credential."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from site_builder.authoring.change_records import Proposal, new_record_file, next_steps, validate_proposal
from site_builder.authoring.history_rewrite import UNREACHABLE, is_distinct, rewrite_commands
from site_builder.authoring.row_removal import NotRemovable, Removal, remove_row
from site_builder.authoring.targets import Target
from site_builder.errors import Error, UsageError
from site_builder.ledger.history.git import tracked_files
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.identity import identity_digest, row_digest
from site_builder.records.formats.regular_files import read_regular_file
from site_builder.records.formats.yaml_writer import compose_record
from site_builder.records.load.award_files import MAX_CSV_BYTES, Row

__all__ = ["propose_erasure"]

_MAX_SEARCHED_BYTES = 20 * 1_048_576


def propose_erasure(checked: CheckedRepository, target: Target, day: str) -> Proposal:
    """A record that erases, and the files without the row. Raises UsageError, or Error with the problems."""
    _refuse_renewals(checked, target)
    file = new_record_file(checked, target, "erase", day)
    text = compose_record({"erase": target.id, "date": day})
    edits, notes = _without_row(checked, target)
    deleted = [c.file for c in checked.repository.changes if c.record.target == target.id and c.file not in edits]
    edits |= dict.fromkeys(deleted)
    notes += [f"{name} goes: it is a change of this credential" for name in deleted]
    validate_proposal(checked, edits | {file: text.encode("utf-8")})
    words = _words_of(checked, target)
    mentions = list(_mentions(checked, target, edits, words))
    paths = [f"{target.award.folder}/", *edits]
    commands = rewrite_commands(paths, words, in_files=not mentions)
    return Proposal(
        target,
        "erase",
        file,
        text,
        edits=edits,
        notes=(*notes, *_NOTES),
        next_steps=next_steps("Erase an award"),
        afterwards={"still_named_in": mentions, "out_of_reach": UNREACHABLE, "history": commands},
    )


_NOTES = (
    "'laurels issue' then removes the signed files and all that ties them to a person, and revokes what they were.",
    "The page stays, and says that the credential was withdrawn: achievement, issuer and date, nobody's name. This cannot be undone.",
)


def _refuse_renewals(checked: CheckedRepository, target: Target) -> None:
    """A renewal takes its recipient from the award that it renews, which is about to forget them."""
    issued = {row.file: award_id for award_id, row in checked.rows.items() if row.renews == target.id}
    pending = [row.file for row in checked.pending_rows if row.renews == target.id]
    for file in pending:
        raise UsageError(f"{file} renews this credential, and takes the recipient from it: delete that record first")
    for file, renewal in issued.items():
        raise UsageError(
            f"{renewal} renews this credential, and takes the recipient from it. Erase it first (laurels erase {renewal}); or, if it is "
            f"to stay, write it out: in {file}, put the lines badge:, awarded: (the date that stands there), name: and, as in "
            "the old row, email: and id: in place of 'renew:', 'date:' and 'note:'"
        )


# --- the row ----------------------------------------------------------------------------------------------------------


def _without_row(checked: CheckedRepository, target: Target) -> tuple[dict[str, bytes | None], list[str]]:
    """The files that change for the row to be gone, and what to say of it."""
    row = target.row
    if row is None:
        if any(problem.file.startswith("content/records/") for problem in checked.problems):
            raise Error(
                "the row is not found, and some records cannot be read: run 'laurels check' and mend them first"
            )
        return {}, ["Its row is gone already."]
    if row.renews:
        return {row.file: None}, [f"{row.file} goes: it made this award, as a renewal"]
    removal = _removal(checked, target, row)
    if removal.left is None:
        return {row.file: None}, [f"{row.file} goes: it holds nothing but this award"]
    lines = f"line {removal.first_line}"
    if removal.last_line > removal.first_line:
        lines = f"lines {removal.first_line} to {removal.last_line}"
    return {row.file: removal.left}, [f"{row.file}: the row goes ({lines}); every other row stays as it is"]


def _removal(checked: CheckedRepository, target: Target, row: Row) -> Removal:
    raw = read_regular_file(checked.repository.root, row.file, [], max_bytes=MAX_CSV_BYTES)
    try:
        if raw is None:
            raise NotRemovable
        return remove_row(raw, _place_of(checked, target, row), file=row.file, issuer=row.issuer)
    except NotRemovable:
        raise Error(
            f"{row.file}:{row.line} cannot be taken out by itself: delete this row by hand, and run the command again; nothing was written"
        ) from None


def _place_of(checked: CheckedRepository, target: Target, row: Row) -> int:
    """Which row of its file is the award's: by identity, or word for word where it was brought up to date once."""
    rows = [other for other in checked.repository.rows if other.file == row.file]
    for index, other in enumerate(rows):
        if identity_digest(other.award) == target.award.identity:
            return index
    for index, other in enumerate(rows):
        if row_digest(other.award) in {version.row for version in target.award.versions}:
            return index
    raise NotRemovable


# --- where else the person is named -----------------------------------------------------------------------------------


def _words_of(checked: CheckedRepository, target: Target) -> list[str]:
    """Every name and address by which the award ever called its recipient."""
    found: list[str | None] = [target.listed.name, target.listed.email]
    for row in checked.repository.rows:
        if identity_digest(row.award) == target.award.identity:
            found += [row.award.name, row.award.email]
    for change in checked.repository.changes:
        if change.record.target == target.id and change.record.kind == "correct":
            found += [getattr(change.record, "name", None), getattr(change.record, "email", None)]
    for version in target.award.kept:
        found.append(checked.ledger.credential(target.award, version).subject.name)
    return [word for word in dict.fromkeys(found) if word]


def _mentions(
    checked: CheckedRepository, target: Target, edits: dict[str, bytes | None], words: list[str]
) -> Iterator[str]:
    """Files and lines of today that name the person: other awards of theirs, others of the same name, comments, pages."""
    root = checked.repository.root
    forms = {form.encode("utf-8") for word in words if is_distinct(word) for form in _forms(word)}
    for file in tracked_files(root):
        if file.startswith(f"{target.award.folder}/"):
            continue
        raw = edits[file] if file in edits else _bytes_of(root / file)
        for number, line in enumerate((raw or b"").split(b"\n"), 1):
            if any(form in line for form in forms):
                yield f"{file}:{number}"


def _forms(word: str) -> set[str]:
    """A word as files may hold it: composed and decomposed letters."""
    return {unicodedata.normalize(form, word) for form in ("NFC", "NFD")}


def _bytes_of(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MAX_SEARCHED_BYTES:
        return b""
    return path.read_bytes()
