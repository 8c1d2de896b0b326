"""What is said of rows and awards that do not fit each other, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from site_builder.credentials.openbadges3.read import recipient_name_of
from site_builder.encoding import EncodingError
from site_builder.errors import Problem
from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.ledger import RECONCILE, Ledger
from site_builder.records.load.award_files import Row

__all__ = [
    "duplicate_row",
    "have_two_names",
    "row_already_corrected",
    "row_changed_after_issue",
    "row_issued_twice",
    "row_missing",
]


def row_issued_twice(first: StoredAward, award: StoredAward) -> Problem:
    """Two awards of one row. award: the later one."""
    what = f"one row was issued twice, as {first.id} and as {award.id}: two machines issued at once"
    return Problem(f"{award.folder}/award.json", 0, "LED010", what, RECONCILE)


def duplicate_row(row: Row, first: Row) -> Problem:
    """Two rows of one award. row: the later one."""
    where = f"{first.file}:{first.line}"
    if have_two_names(row, first):
        what = f"this award stands already at {where}: the same badge, date and {_whose(row)}, under another name"
        fix = (
            f"two people with one {_whose(row)}: give the row that is not signed yet a 'ref:' of its own, such as 'ref: 2'; "
            "one person: delete one of the rows"
        )
        return Problem(row.file, row.line, "REC015", what, fix)
    what = f"this award stands already at {where}: the same badge, date and recipient"
    fix = "delete one; if both are meant, give them a 'ref:' that differs"
    return Problem(row.file, row.line, "REC015", what, fix)


def have_two_names(row: Row, other: Row) -> bool:
    """Whether two rows that count as one award name two people, such as a family that shares an address.

    M. Shelley may be Mary Shelley."""
    parts, others = (found.award.name.casefold().replace(".", " ").split() for found in (row, other))
    return len(parts) != len(others) or not all(map(_may_be_one, parts, others))


def _may_be_one(part: str, other: str) -> bool:
    """Whether two parts of names are equal, or one is the other's first letter."""
    return part == other or (1 in (len(part), len(other)) and part[0] == other[0])


def _whose(row: Row) -> str:
    return "id" if row.award.id is not None else "e-mail address"


def row_already_corrected(row: Row, award: StoredAward) -> Problem:
    """A row that says whose award another one has become by its corrections."""
    what = f"this award stands already, as {award.id} since it was corrected: the same badge, date and recipient"
    fix = "delete this row; if both are meant, give the one that is new a 'ref:'"
    return Problem(row.file, row.line, "REC015", what, fix)


def row_changed_after_issue(award: StoredAward, row: Row) -> Problem:
    """A row that says none of what was signed of its award."""
    what = f"this row was changed after it was issued as {award.id}"
    fix = (
        f"put it back as it was. To correct the award, add a file with the lines 'correct: {award.id}', 'date:' and each field "
        "as it should be; or run 'laurels correct'"
    )
    return Problem(row.file, row.line, "LED003", what, fix)


def row_missing(award: StoredAward, pending_rows: Sequence[Row], ledger: Ledger) -> Problem:
    """An award that no row is of, and the pending row that most looks like it."""
    what = f"the award {award.id} ({award.badge}, {award.awarded}) has no row any more"
    row = _nearest_row(award, pending_rows, ledger)
    fix = (
        "put the row back as it was. What was issued is withdrawn by a record 'revoke: …' with its date and reason, and removed "
        "from all that is kept by a record 'erase: …' with its date"
    )
    if row:
        fix = (
            f"{row.file}:{row.line} looks like it and was edited: put its badge, date, name and address back. To correct them, "
            f"add a file with the lines 'correct: {award.id}', 'date:' and each field as it should be"
        )
    if award.renews:
        fix = (
            f"put its record 'renew: {award.renews}' back as it was, or the row of that award, from which it takes the recipient; "
            "or write the renewal out as a row of its own: badge, awarded, name, email and what else was signed"
        )
    return Problem(f"{award.folder}/award.json", 0, "LED002", what, fix)


_MAX_COMPARED = 200


def _nearest_row(award: StoredAward, pending_rows: Sequence[Row], ledger: Ledger) -> Row | None:
    """The pending row that is most like an award whose own row is gone, by what its credential says."""
    try:
        name = recipient_name_of(ledger.document(award, award.current))
    except (OSError, EncodingError):
        name = ""
    if not name:
        return None

    def likeness(row: Row) -> float:
        same = (row.award.badge == award.badge) + (row.award.awarded.isoformat() == award.awarded)
        return same + SequenceMatcher(None, row.award.name, name).ratio()

    rows = [row for row in pending_rows if row.issuer == award.issuer]
    same = [row for row in rows if row.award.name == name]
    # Comparing each lost award with each new row would take minutes for a few thousand; an equal name is enough then.
    rows = same or rows[:_MAX_COMPARED]
    best = max(rows, key=likeness, default=None)
    return best if best and likeness(best) > 1.6 else None
