"""Records that correct and renew: only what changes is written, and shown beside what it replaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from site_builder.authoring.change_records import (
    Difference,
    Proposal,
    new_record_file,
    next_steps,
    read_change,
    refuse_if_revoked,
    validate_proposal,
)
from site_builder.authoring.targets import Target
from site_builder.errors import UsageError
from site_builder.ledger.checks.changes import ChangeFacts
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.records.formats.yaml_writer import Value, compose_record
from site_builder.records.load.award_files import Row
from site_builder.records.models.award import AwardRow
from site_builder.records.models.changes import CORRECTABLE, CorrectRecord, RenewRecord
from site_builder.records.models.periods import last_valid_day

__all__ = ["propose_correction", "propose_renewal", "proposed_last_day"]

_RESULTS = "results."
_HEAD = ("date", "note", "withhold_previous")


def propose_correction(
    checked: CheckedRepository,
    target: Target,
    fields: Mapping[str, Value],
    *,
    remove: Sequence[str] = (),
) -> Proposal:
    """A record that corrects. fields: date, perhaps note and withhold_previous, and fields of the award as they should be, as text.

    Of `results` and `evidence` see _resolved. remove: names of fields, or results.<key>. Raises UsageError, or Error with the problems."""
    row = _row_of(checked, target, "corrected")
    old = row.award.as_digested()
    given, removed = _resolved(old, {name: v for name, v in fields.items() if name in CORRECTABLE}, remove)
    file = new_record_file(checked, target, "correct", str(fields["date"]))
    first = {"correct": target.id} | {name: fields[name] for name in _HEAD if name in fields}
    changed = _changed(old, _read_given(given, first, file))
    if not changed and not removed:
        raise UsageError("nothing would change: the credential says so already")
    kept: dict[str, Value] = {name: value for name, value in given.items() if name in changed}
    text = compose_record(first | ({"remove": removed} if removed else {}) | kept)
    record = read_change(text, file=file)
    assert isinstance(record, CorrectRecord)
    after = validate_proposal(checked, {file: text.encode("utf-8")})
    new = record.apply(row.award)
    _must_come_last(after, target, new)
    differences = tuple(_differences(target, row.award, new, [*changed, *removed]))
    notes = tuple(_notes_on(record, row, new))
    return Proposal(target, "correct", file, text, differences, notes=notes, next_steps=next_steps("Correct an award"))


def _must_come_last(after: ChangeFacts, target: Target, new: AwardRow) -> None:
    """Corrections are applied by their date: one that is written down already may come after this one, and undo it."""
    last = [change for change in after.pending if change.record.target == target.id][-1]
    if after.corrected[last.file].award.as_digested() != new.as_digested():
        raise UsageError(f"{last.file} is applied after this one, and would undo some of it: give a later --date")


def _row_of(checked: CheckedRepository, target: Target, done: str) -> Row:
    refuse_if_revoked(checked, target, done)
    if target.row is None:
        raise UsageError(f"the row of {target.id} is not found: run 'laurels check', which says where it was")
    return target.row


def _resolved(
    old: Mapping[str, Any], fields: Mapping[str, Value], remove: Sequence[str]
) -> tuple[dict[str, Value], list[str]]:
    """The fields whole, as a record gives them, and the names of those that go: results that are not named stay as they are."""
    given = dict(fields)
    results = dict(old.get("results", {}))
    keys = [name.removeprefix(_RESULTS) for name in remove if name.startswith(_RESULTS)]
    removed = [name for name in dict.fromkeys(remove) if not name.startswith(_RESULTS)]
    for name in [*removed, *(f"{_RESULTS}{key}" for key in keys)]:
        if name.removeprefix(_RESULTS) not in (results if name.startswith(_RESULTS) else old):
            raise UsageError(f"--remove: the award has no {name[:40]!r}")
    for name in set(removed) & set(given):
        raise UsageError(f"{name} is both given and to be removed")
    if "results" in given or keys:
        changed = given.get("results", {})
        assert isinstance(changed, Mapping)
        kept = {key: value for key, value in (results | dict(changed)).items() if key not in keys}
        given = given | {"results": kept} if kept else {n: v for n, v in given.items() if n != "results"}
        removed += [] if kept else ["results"]
    if "evidence" in given:
        # Words that stand with an address stay with it.
        words = {item["url"]: item for item in old.get("evidence", [])}
        given["evidence"] = [_with_words(words.get(str(url), {}), str(url)) for url in given["evidence"]]
    return given, removed


def _with_words(item: Mapping[str, str], url: str) -> str | Mapping[str, str]:
    return dict(item) if len(item) > 1 else url


def _read_given(given: Mapping[str, Value], head: Mapping[str, Value], file: str) -> dict[str, Any]:
    """The fields as digests are taken of them. Raises Error with the problems of a value that cannot be."""
    record = read_change(compose_record(dict(head) | dict(given)), file=file)
    assert isinstance(record, CorrectRecord)
    return record.given


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [name for name in CORRECTABLE if name in new and old.get(name) != new[name]]


def _differences(target: Target, old: AwardRow, new: AwardRow, names: Sequence[str]) -> Iterator[Difference]:
    before, after = old.as_digested(), new.as_digested()
    for name in names:
        yield Difference(name, _shown(before.get(name)), _shown(after.get(name)))
    if target.badge and {"awarded", "expires"} & set(names) and "expires" not in after:
        # A correction of either day takes the last one from the achievement as it is today.
        ends = [target.listed.expires, last_valid_day(new, target.badge.record)]
        if ends[0] != ends[1]:
            yield Difference("last valid day", *(end.isoformat() if end else "no end" for end in ends))


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={inner}" for key, inner in value.items())
    if isinstance(value, list):
        return " ".join(item["url"] if isinstance(item, Mapping) else str(item) for item in value)
    return str(value or "")


def _notes_on(record: CorrectRecord, row: Row, new: AwardRow) -> Iterator[str]:
    yield "Once applied, the page says this, at the same address, with a line on what was corrected when."
    is_name = record.name is not None and record.name != row.award.name
    if record.withhold_previous:
        yield "What was signed before is published no more; whoever kept a copy is told that there is a newer one."
        yield f"{row.file}:{row.line} stays as it is; once 'laurels issue' has run, you may bring that row up to date, word for word."
    else:
        yield "The file signed before stays at its own address; whoever checks it is told that there is a newer one."
        if is_name:
            yield "It still carries the former name; if nobody may see that any more, add --withhold-previous."
    if new.email != row.award.email:
        yield "The recipient's own link becomes another: send the new one, which 'laurels links' prints."


# --- renewals ---------------------------------------------------------------------------------------------------------


def proposed_last_day(target: Target, day: date) -> date | None:
    """The last day of a renewal from `day` that holds as long as the old award did; None where the achievement says how long."""
    if target.row is None or target.badge is None or target.badge.record.validity:
        return None
    end = last_valid_day(target.row.award, target.badge.record)
    return day + (end - target.row.award.awarded) if end else None


def propose_renewal(checked: CheckedRepository, target: Target, fields: Mapping[str, Value]) -> Proposal:
    """A record that renews. fields: date and what else the new award states, as text. Raises UsageError, or Error with the problems."""
    row = _row_of(checked, target, "renewed: a new award is a row of its own")
    _refuse_renewed(checked, target)
    if target.badge is None:
        raise UsageError(f"the achievement {target.award.badge!r} cannot be read: run 'laurels check'")
    file = new_record_file(checked, target, "renew", str(fields["date"]))
    text = compose_record({"renew": target.id} | dict(fields))
    record = read_change(text, file=file)
    assert isinstance(record, RenewRecord)
    proposed = proposed_last_day(target, record.date)
    if proposed and record.expires is None:
        raise UsageError(
            f"missing: --expires, such as {proposed}, which is as long as the old award; or --expires never"
        )
    validate_proposal(checked, {file: text.encode("utf-8")})
    differences = tuple(_renewed(target, row.award, record.apply(row.award)))
    notes = tuple(_notes_on_renewal(row.award, record))
    return Proposal(target, "renew", file, text, differences, notes=notes, next_steps=next_steps("Renew an award"))


def _refuse_renewed(checked: CheckedRepository, target: Target) -> None:
    if target.id in checked.renewed_by:
        raise UsageError(f"{target.id} was renewed already, by {checked.renewed_by[target.id].id}: renew that one")
    pending = next((row for row in checked.pending_rows if row.renews == target.id), None)
    if pending:
        raise UsageError(f"{target.id} is to be renewed already, by {pending.file}: edit that record")


def _renewed(target: Target, old: AwardRow, new: AwardRow) -> Iterator[Difference]:
    same = {"badge", "name", "email", "id", "ref", "listed", "expires"}
    before, after = old.as_digested(), new.as_digested()
    for name in [name for name in AwardRow.model_fields if name not in same]:
        if before.get(name) != after.get(name):
            yield Difference(name, _shown(before.get(name)), _shown(after.get(name)))
    assert target.badge is not None
    ends = [target.listed.expires, last_valid_day(new, target.badge.record)]
    yield Difference("last valid day", *(end.isoformat() if end else "no end" for end in ends))


def _notes_on_renewal(old: AwardRow, record: RenewRecord) -> Iterator[str]:
    yield "Once applied, there is a new credential with a page of its own; the old page stays and links it."
    known = {"badge", "awarded", "name", "email", "id", "ref", "expires", *record.as_digested()}
    left_out = [name for name in AwardRow.model_fields if name in old.model_fields_set - known]
    if left_out:
        yield f"Not taken over from the old award, give it if it still holds: {', '.join(left_out)}."
