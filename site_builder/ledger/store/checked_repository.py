"""What a check found in a repository, for all that work on it. It is put together once, and never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from site_builder.errors import Problem
from site_builder.ledger.store.award_json import StoredAward, Version
from site_builder.ledger.store.editions import Editions
from site_builder.ledger.store.ledger import Ledger
from site_builder.ledger.store.renderings import Rendering
from site_builder.records.load.award_files import Change, Row
from site_builder.records.load.repository import Repository
from site_builder.records.models.changes import CorrectRecord, RevokeRecord

__all__ = ["CheckedRepository", "Remembered", "SignedList", "correction_of"]


@dataclass(frozen=True)
class SignedList:
    """A status list that a key of its issuer signed. bits: those that are set.

    is_accepted: whether verifiers still accept that key."""

    raw: bytes
    bits: frozenset[int]
    is_accepted: bool


@dataclass(frozen=True)
class Remembered:
    """What was seen of git's history. head: the commit that was HEAD; "" where there is none. is_kept: whether git keeps the folder.

    unseen: why what was published could not all be compared, as a sentence; "" when it was."""

    head: str = ""
    is_kept: bool = False
    unseen: str = ""

    @property
    def lacking(self) -> str:
        """Why it is not certain that all that was published is here, as a sentence; "" when it is."""
        return self.unseen or ("" if self.is_kept else _NOTHING_KEPT)


_NOTHING_KEPT = "git keeps no history of this folder, so what was published cannot be compared: run this in a clone"


@dataclass(frozen=True)
class CheckedRepository:
    """The repository as it stands: what was written, what was signed, what is still to be done, and what is wrong.

    rows: the row of each stored award as corrected so far, by the award's id. pending_rows: rows that are not signed yet, renewals among
    them. pending_changes: what is not applied yet, in the order in which it will be; corrected: the row that each pending correction
    makes, by its file. changes: every record of change by its digest. erasures: the records of erasures by the id.
    renewed_by: the renewals in force, by the id of the award that each renews; the latest where there are several.
    pictures: paths of the pictures that signatures name, below the site's root: published for ever.
    editions: what they state of achievements. renderings: of the present artwork, by the folder of its achievement or issuer.
    lists: the status lists that their issuers signed, by (issuer, number). stale: those that are missing or do not say what the awards
    say; only an interrupted `issue` leaves any. proven: (SHA-256 of a signed file, verification method) of each proof that holds.
    snapshot: how the files were just before they were read. remembered: what was seen of git's history."""

    repository: Repository
    ledger: Ledger
    rows: Mapping[str, Row] = field(default_factory=dict)
    pending_rows: Sequence[Row] = field(default_factory=list)
    pending_changes: Sequence[Change] = field(default_factory=list)
    corrected: Mapping[str, Row] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    erasures: Mapping[str, Change] = field(default_factory=dict)
    renewed_by: Mapping[str, StoredAward] = field(default_factory=dict)
    pictures: AbstractSet[str] = frozenset()
    editions: Editions = field(default_factory=Editions)
    renderings: Mapping[str, Rendering] = field(default_factory=dict)
    lists: Mapping[tuple[str, int], SignedList] = field(default_factory=dict)
    stale: Sequence[tuple[str, int]] = field(default_factory=list)
    proven: AbstractSet[tuple[str, str]] = frozenset()
    problems: Sequence[Problem] = field(default_factory=list)
    snapshot: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False)
    remembered: Remembered = Remembered()

    def raw(self, award: StoredAward, version: Version) -> bytes:
        """The signed bytes of a version. Raises FileNotFoundError when the check did not find them."""
        return self.ledger.raw(award, version)

    def document(self, award: StoredAward, version: Version) -> Any:
        """The signed document of a version, which is not to be changed. Raises FileNotFoundError, or EncodingError when it is no JSON."""
        return self.ledger.document(award, version)

    def revocation_of(self, award: StoredAward) -> RevokeRecord:
        """The record that revoked an award. Raises KeyError when none did."""
        record = self.changes[award.current.change or ""].record
        if not isinstance(record, RevokeRecord):
            raise KeyError(award.id)
        return record


def correction_of(changes: Mapping[str, Change], version: Version) -> CorrectRecord | None:
    """The record that corrected a version, so that the next one took its place. changes: by their digests."""
    change = changes.get(version.change or "")
    return change.record if change and isinstance(change.record, CorrectRecord) else None
