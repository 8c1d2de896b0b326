"""The one credential that somebody means: by the address of its page, its id, or words that fit no other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from site_builder.encoding import is_base32_id
from site_builder.errors import UsageError
from site_builder.ledger.queries.listing import ListedAward, list_awards, narrowed
from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.records.load.award_files import Row
from site_builder.records.load.repository import Badge

__all__ = ["SeveralFound", "Target", "find_target"]


class SeveralFound(UsageError):
    """The words fit several awards; it carries them."""

    def __init__(self, awards: Sequence[ListedAward]) -> None:
        super().__init__(f"{len(awards)} awards fit: name one of them by its id, or give more words")
        self.awards = awards


@dataclass(frozen=True)
class Target:
    """A credential that was issued. row: as it will stand once all corrections that are written down are applied; None when it is gone."""

    award: StoredAward
    listed: ListedAward
    row: Row | None
    badge: Badge | None

    @property
    def id(self) -> str:
        """The id of the credential."""
        return self.award.id

    @property
    def issuer(self) -> str:
        """The folder of its issuer."""
        return self.award.issuer


def find_target(checked: CheckedRepository, which: str, *, now: datetime) -> Target:
    """The credential that is meant. which: the address of its page or of a file beside it, its id, or words. now: aware.

    Raises UsageError with what is wrong, SeveralFound when words fit several."""
    wanted = which.strip()
    if re.match(r"https?://", wanted, re.IGNORECASE):
        return _by_id(checked, _id_in(wanted, checked.repository.config.base), now)
    if is_base32_id(wanted):
        return _by_id(checked, wanted, now)
    found = [award for award in narrowed(list_awards(checked, now=now), text=wanted) if award.state != "erased"]
    if not found:
        raise UsageError("no award fits these words: 'laurels search' and a part of the name or address finds more")
    if len(found) > 1:
        raise SeveralFound(found)
    if not found[0].id:
        raise UsageError(
            f"this award is not issued yet: edit its row at {found[0].record}, or delete it, and nobody will see"
        )
    return _target(checked, found[0])


def _id_in(address: str, base: str) -> str:
    """The id in the address of a page of this site. The address itself is not repeated: it may hold the recipient's key."""
    parts, own = urlsplit(address), urlsplit(base)
    if parts.netloc.lower() != own.netloc or not parts.path.startswith(own.path):
        host = (parts.hostname or "no host")[:80]
        raise UsageError(f"this address is of {host}, and the credentials of this repository are at {base}")
    page = re.match(r"c/([^/]+)(?:/|\Z)", parts.path.removeprefix(own.path))
    if page is None or not is_base32_id(page[1]):
        raise UsageError(f"this address is not that of a credential's page: these begin with {base}c/")
    return page[1]


def _by_id(checked: CheckedRepository, award_id: str, now: datetime) -> Target:
    if award_id in checked.ledger.erased:
        raise UsageError(f"{award_id} was erased: nothing of it can be changed any more")
    if award_id in checked.erasures:
        raise UsageError(f"{award_id} is to be erased, by {checked.erasures[award_id].file}: 'laurels issue' does so")
    if award_id not in checked.ledger.awards:
        raise UsageError(f"there is no credential {award_id} in this repository")
    found = next(award for award in list_awards(checked, now=now) if award.id == award_id)
    return _target(checked, found)


def _target(checked: CheckedRepository, listed: ListedAward) -> Target:
    row = checked.rows.get(listed.id)
    for change in checked.pending_changes:
        if change.record.kind == "correct" and change.record.target == listed.id and row:
            row = replace(row, award=checked.corrected[change.file].award)
    return Target(checked.ledger.awards[listed.id], listed, row, checked.repository.badges.get(listed.badge))
