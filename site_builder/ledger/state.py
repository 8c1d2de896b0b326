"""What a check finds, handed from one rule to the next and to issuing and publishing."""

from __future__ import annotations

from dataclasses import dataclass, field

from site_builder.errors import Problem
from site_builder.ledger.editions import Editions
from site_builder.ledger.store import Ledger
from site_builder.records.award_files import Change, Row
from site_builder.records.load import Repository

__all__ = ["State"]


@dataclass
class State:
    """The repository as it stands: what was written, what was signed, what is still to be done, and what is wrong.

    rows: the row of each stored award, by its id. pending: rows and changes that are not signed yet.
    pictures: paths of the pictures that signatures name, below the site's root: published for ever.
    editions: what they state of achievements.
    stale: status lists (issuer, number) that do not say what the awards say; only an interrupted `issue` leaves any."""

    repository: Repository
    ledger: Ledger
    rows: dict[str, Row] = field(default_factory=dict)
    pending_rows: list[Row] = field(default_factory=list)
    pending_changes: list[Change] = field(default_factory=list)
    stale: list[tuple[str, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    editions: Editions = field(default_factory=Editions)
