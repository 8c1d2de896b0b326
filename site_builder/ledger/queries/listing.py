"""Who was awarded what, and how it stands: all awards as plain data, to be listed and searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

from pydantic import TypeAdapter, ValidationError

from site_builder.credentials.urls import signed_url
from site_builder.errors import UsageError
from site_builder.ledger.queries.spreadsheet import format_csv
from site_builder.ledger.store.award_json import ErasedAward, StoredAward
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.records.fields.kinds import Validity
from site_builder.records.load.award_files import Row
from site_builder.records.load.calendar import day_of_issuer
from site_builder.records.models.periods import add_period, last_valid_day

__all__ = [
    "STATES",
    "AwardState",
    "ListedAward",
    "expiring_within",
    "folded",
    "list_awards",
    "listed_as_csv",
    "matches",
    "narrowed",
]

AwardState = Literal["active", "pending", "revoked", "expired", "not-yet-valid", "erased"]
STATES: tuple[AwardState, ...] = get_args(AwardState)


@dataclass(frozen=True)
class ListedAward:
    """One award. expires: its last valid day, None for no end. days_left: from the issuer's today to that day, when it is active and ends.

    record: file and line of its row, "" when that is gone. id and url: "" while it is pending. name and email: "" once it is erased."""

    name: str
    email: str
    badge: str
    achievement: str
    issuer: str
    awarded: date
    expires: date | None
    days_left: int | None
    state: AwardState
    license_number: str
    record: str
    id: str
    url: str

    def as_json(self) -> dict[str, Any]:
        """Plain data for --json."""
        return asdict(self) | {
            "awarded": self.awarded.isoformat(),
            "expires": self.expires.isoformat() if self.expires else None,
        }

    @property
    def file(self) -> str:
        """The file of the row."""
        return self.record.rpartition(":")[0]


def list_awards(checked: CheckedRepository, *, now: datetime) -> list[ListedAward]:
    """Every award that stands in a record or was ever signed, by file and line; those without a row last. now: aware.

    Of an award that was corrected, what its current version says."""
    issued = [_issued(checked, award, now) for award in checked.ledger.awards.values()]
    issued += [_erased(checked, award) for award in checked.ledger.erased.values()]
    pending = [_pending(checked, row) for row in checked.pending_rows]
    return sorted([*issued, *pending], key=_place)


def _place(award: ListedAward) -> tuple[bool, list[str], int, str]:
    line = award.record.rpartition(":")[2]
    return not award.record, award.file.split("/"), int(line or 0), award.id


def _issued(checked: CheckedRepository, award: StoredAward, now: datetime) -> ListedAward:
    """What was signed counts; the row adds the address, which is not in it."""
    credential, row = checked.ledger.credential(award, award.current), checked.rows.get(award.id)
    end = credential.valid_until
    today = day_of_issuer(checked.repository, award.issuer, now)
    standing = _standing(award, credential.valid_from, end, now)
    counts = end is not None and standing == "active"
    return ListedAward(
        name=credential.subject.name,
        email=(row.award.email if row else None) or "",
        badge=award.badge,
        achievement=credential.subject.achievement.name,
        issuer=award.issuer,
        awarded=date.fromisoformat(award.awarded),
        expires=end.date() if end else None,
        days_left=(end.date() - today).days if end and counts else None,
        state=standing,
        license_number=credential.subject.license_number,
        record=f"{row.file}:{row.line}" if row else "",
        id=award.id,
        url=signed_url(checked.repository.config.base, "page", id=award.id),
    )


def _erased(checked: CheckedRepository, award: ErasedAward) -> ListedAward:
    """What is still known of an award that was erased."""
    badge = checked.repository.badges.get(award.badge)
    return ListedAward(
        name="",
        email="",
        badge=award.badge,
        achievement=badge.record.name if badge else "",
        issuer=award.issuer,
        awarded=date.fromisoformat(award.awarded),
        expires=None,
        days_left=None,
        state="erased",
        license_number="",
        record="",
        id=award.id,
        url=signed_url(checked.repository.config.base, "page", id=award.id),
    )


def _standing(award: StoredAward, start: datetime, end: datetime | None, now: datetime) -> AwardState:
    if award.current.state != "active":
        return "revoked"
    if now < start:
        return "not-yet-valid"
    return "expired" if end is not None and now > end else "active"


def _pending(checked: CheckedRepository, row: Row) -> ListedAward:
    badge = checked.repository.badges.get(row.award.badge)
    return ListedAward(
        name=row.award.name,
        email=row.award.email or "",
        badge=row.award.badge,
        achievement=badge.record.name if badge else "",
        issuer=row.issuer,
        awarded=row.award.awarded,
        expires=last_valid_day(row.award, badge.record) if badge else None,
        days_left=None,
        state="pending",
        license_number=row.award.license_number or "",
        record=f"{row.file}:{row.line}",
        id="",
        url="",
    )


def listed_as_csv(awards: Sequence[ListedAward]) -> str:
    """The awards as CSV, a column for each field."""
    names = [field.name for field in fields(ListedAward)]
    cells = ([_cell(value) for value in award.as_json().values()] for award in awards)
    return format_csv(names, cells)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


# --- searching --------------------------------------------------------------------------------------------------------

# Letters that people type without their stroke or as two; Unicode gives them no decomposition.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "’": "'", "ʼ": "'"}
)


def folded(text: str) -> str:
    """The text for comparing: without case, accents and the difference between forms of one letter."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).translate(_PLAIN)


def narrowed(
    awards: Sequence[ListedAward],
    *,
    text: str = "",
    person: str = "",
    badge: str | None = None,
    file: str | None = None,
    issuer: str | None = None,
    states: Sequence[str] = (),
) -> list[ListedAward]:
    """Those that fit everything which is asked for. text: see `matches`. person: words of a name or an address."""
    return [
        award
        for award in awards
        if badge in (None, award.badge)
        and file in (None, award.file)
        and issuer in (None, award.issuer)
        and (not states or award.state in states)
        and all(folded(word) in folded(f"{award.name}\n{award.email}") for word in person.split())
        and matches(award, text)
    ]


def matches(award: ListedAward, text: str) -> bool:
    """Whether each word of a text occurs in the award's name, addresses, ids or numbers. A page's address is found whole."""
    words = (award.name, award.email, award.badge, award.achievement, award.license_number, award.id, award.record)
    searched = "\n".join(map(folded, words))
    return all(_occurs(word, award, searched) for word in text.split())


_PAGE = re.compile(r"https?://[^?#]*?/(c|badges|issuers)/([a-z0-9-]+)(?:[/?#]|\Z)")


def _occurs(word: str, award: ListedAward, searched: str) -> bool:
    page = _PAGE.match(word)
    if page is None:
        return folded(word) in searched
    return {"c": award.id, "badges": award.badge, "issuers": award.issuer}[page[1]] == page[2]


_PERIOD = re.compile(r"([1-9]\d{0,4})([dwmy])", re.IGNORECASE | re.ASCII)


def expiring_within(awards: Sequence[ListedAward], period: str) -> list[ListedAward]:
    """Those that are active and end within a period, such as ``90d``, ``12w`` or ISO 8601's ``P3M``. Raises UsageError."""
    found = _PERIOD.fullmatch(period)
    try:
        iso = TypeAdapter(Validity).validate_python(f"P{found[1]}{found[2].upper()}" if found else period.upper())
    except ValidationError:
        raise UsageError(f"{period!r} is not a length of time: write 90d, 12w, 3m, 1y, or P3M") from None
    return [award for award in awards if _ends_within(award, iso)]


def _ends_within(award: ListedAward, period: str) -> bool:
    """Whether an award ends within a period from today, which is what its days are counted from."""
    if award.expires is None or award.days_left is None:
        return False
    return award.expires <= add_period(award.expires - timedelta(days=award.days_left), period)
