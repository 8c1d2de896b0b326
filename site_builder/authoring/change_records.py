"""New records of change: composed as a person would write them, and held against everything else before they are written."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from site_builder.authoring.targets import Target
from site_builder.disk import naming, write_all_new
from site_builder.errors import Error, UsageError, nothing_written
from site_builder.ledger.checks.changes import ChangeFacts
from site_builder.ledger.checks.record_rules import check_rows_and_changes
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.records.fields.time_zones import time_zone
from site_builder.records.formats.yaml_writer import Value, compose_record
from site_builder.records.load.award_files import RecordFile, read_records
from site_builder.records.load.repository import Repository
from site_builder.records.models.changes import ChangeRecord

__all__ = [
    "Difference",
    "Proposal",
    "day_of_issuer",
    "new_record_file",
    "next_steps",
    "propose_revocation",
    "read_change",
    "refuse_if_revoked",
    "validate_proposal",
    "write_proposal",
]


@dataclass(frozen=True)
class Difference:
    """A field of the credential before and after; "" for one that is not there."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Proposal:
    """What is to be written. file and text: of the new record. edits: what other files will hold, None for one that goes.

    notes: what happens when it is applied. next_steps: commands. afterwards: headed lists of lines, for an erasure."""

    target: Target
    kind: str
    file: str
    text: str
    differences: tuple[Difference, ...] = ()
    edits: Mapping[str, bytes | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    afterwards: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain data for --json."""
        return {
            "kind": self.kind,
            "id": self.target.id,
            "url": self.target.listed.url,
            "file": self.file,
            "text": self.text,
            "changes": [difference.__dict__ for difference in self.differences],
            "edited": [path for path, content in self.edits.items() if content is not None],
            "deleted": [path for path, content in self.edits.items() if content is None],
            "notes": list(self.notes),
            "next_steps": list(self.next_steps),
        } | {name: list(lines) for name, lines in self.afterwards.items()}


def day_of_issuer(checked: CheckedRepository, target: Target, now: datetime) -> date:
    """Today in the issuer's calendar. now: aware."""
    issuer = checked.repository.issuers.get(target.issuer)
    return (now.astimezone(time_zone(issuer.record.time_zone)) if issuer else now).date()


def propose_revocation(checked: CheckedRepository, target: Target, fields: Mapping[str, Value]) -> Proposal:
    """A record that revokes. fields: date, reason, note, as text. Raises UsageError, or Error with the problems."""
    refuse_if_revoked(checked, target, "revoked again")
    file = new_record_file(checked, target, "revoke", str(fields["date"]))
    text = compose_record({"revoke": target.id} | dict(fields))
    validate_proposal(checked, {file: text.encode("utf-8")})
    notes = (
        "Once applied, this is final: the page says that the award was withdrawn, when and why, and names nobody any more.",
        "The signed file stays where it is, with the name in it, because it is what the list revokes; 'laurels erase' removes that too.",
    )
    return Proposal(target, "revoke", file, text, notes=notes, next_steps=next_steps("Withdraw an award"))


def next_steps(message: str) -> tuple[str, ...]:
    """The commands that follow a new record. message: of the commit."""
    return ("laurels check", "laurels issue", f'git add -A && git commit -m "{message}"', "laurels build")


def refuse_if_revoked(checked: CheckedRepository, target: Target, done: str) -> None:
    """Raises UsageError for a credential that is revoked, or whose revocation is written down."""
    if target.award.current.state == "revoked":
        raise UsageError(f"{target.id} was revoked, which is final: it cannot be {done}")
    for change in checked.repository.changes:
        if change.record.kind == "revoke" and change.record.target == target.id:
            raise UsageError(
                f"{target.id} is to be revoked, by {change.file}: delete that record first, if it is wrong"
            )


def new_record_file(checked: CheckedRepository, target: Target, kind: str, day: str) -> str:
    """A path that is free: ``content/records/harbour/2026-06-03-correct-k7pqhm65.yml``, with _2, _3 … when that is taken.

    Not -2: corrections of one day are applied in the order of their files' names, and a hyphen comes before a point."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        raise UsageError("--date: write the day as YYYY-MM-DD, such as 2026-06-03")
    stem = f"content/records/{target.issuer}/{day}-{kind}-{target.id[:8]}"
    number = 1
    while True:
        name = stem if number == 1 else f"{stem}_{number}"
        if not any((checked.repository.root / f"{name}.{ending}").exists() for ending in ("yml", "yaml", "csv")):
            return f"{name}.yml"
        number += 1


# --- holding a proposal against everything else -----------------------------------------------------------------------


def validate_proposal(checked: CheckedRepository, files: Mapping[str, bytes | None]) -> ChangeFacts:
    """What is left to do once files of records are there. files: by path; None for one that goes.

    Raises Error with the problems that they would bring."""
    read = [
        read_records(content, file=file, issuer=_issuer_of(file))
        for file, content in files.items()
        if content is not None
    ]
    unread = [problem for found in read for problem in found.problems]
    if unread:
        raise nothing_written(unread)
    known = {(problem.file, problem.code, problem.what) for problem in checked.problems}
    incomplete = any(problem.file.startswith("content/records/") for problem in checked.problems)
    after = check_rows_and_changes(_with_files(checked.repository, files, read), checked.ledger, incomplete=incomplete)
    problems = [found for found in after.problems if (found.file, found.code, found.what) not in known]
    if problems:
        raise nothing_written(problems)
    return after.changes


def _with_files(old: Repository, files: Mapping[str, bytes | None], read: Sequence[RecordFile]) -> Repository:
    rows = [row for row in old.rows if row.file not in files] + [row for found in read for row in found.rows]
    changes = [change for change in old.changes if change.file not in files]
    changes += [change for found in read for change in found.changes]
    return replace(
        old, rows=sorted(rows, key=lambda row: row.file), changes=sorted(changes, key=lambda change: change.file)
    )


def _issuer_of(file: str) -> str:
    return file.split("/")[2]


def read_change(text: str, *, file: str) -> ChangeRecord:
    """The record of change that a text gives. Raises Error with its problems."""
    found = read_records(text.encode("utf-8"), file=file, issuer=_issuer_of(file))
    if found.problems:
        raise nothing_written(found.problems)
    return found.changes[0].record


# --- writing ----------------------------------------------------------------------------------------------------------


def write_proposal(root: Path, proposal: Proposal) -> None:
    """Writes what changes in other files, and the new record last: interrupted before that, the command can be run again.

    Raises Error, before anything is written, when the record's name is taken by now."""
    path = root / proposal.file
    if path.exists():
        raise Error(f"{proposal.file} is there already; nothing was written")
    for name, content in proposal.edits.items():
        if content is None:
            (root / name).unlink(missing_ok=True)
        else:
            _replace_file(root / name, content)
    write_all_new({path: proposal.text.encode("utf-8")})


def _replace_file(path: Path, content: bytes) -> None:
    """Puts new content in a file's place, whole or not at all."""
    beside = path.with_name(f".{path.name}.tmp")
    try:
        with naming(path):
            beside.write_bytes(content)
        shutil.copymode(path, beside)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
