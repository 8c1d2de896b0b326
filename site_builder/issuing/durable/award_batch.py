"""New awards, put into their places many at a time, so that they are waited for once.

The folders of a batch are written under hidden names; when the disk has all of them, each takes its name, which is what commits an
award; then the disk is waited for once more. A power cut at any point leaves hidden folders, which are nobody's and are swept by the
next run, and awards with all their bytes: no folder takes its name before the disk has what is in it. The next batch begins after that."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from site_builder.errors import Error
from site_builder.ledger.store.award_json import SIGNED, StoredAward, award_bytes
from site_builder.syncing import NewFiles, sync_folder

__all__ = ["MOST_IN_A_BATCH", "AwardBatch"]

# Bounds what is lost by a kill, and signed again; with 1,000, waiting costs about 30 µs an award.
MOST_IN_A_BATCH = 1_000


@dataclass(frozen=True)
class _Parent:
    """The folder of an issuer's awards, and the new files in it."""

    path: str
    files: NewFiles


@dataclass(frozen=True)
class _Prepared:
    """An award whose folder has a hidden name."""

    award: StoredAward
    hidden: str
    final: str


@dataclass
class AwardBatch:
    """Commits awards in the order in which they are added, when there are many, and at its end.

    count: how many will come at most. on_step: told the name of each point that is come to. on_commit: told each award that has its name.
    As a context: what was added is committed also when an Error ends it, which another award is the reason for."""

    root: Path
    count: int
    on_step: Callable[[str], None]
    on_commit: Callable[[StoredAward], None]
    _prepared: list[_Prepared] = field(default_factory=list)
    _parents: dict[str, _Parent] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> AwardBatch:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._open:
            if kind is None or issubclass(kind, Error):
                self.commit()

    def add(self, award: StoredAward, credential: bytes) -> None:
        """Writes the folder of an award with its signed credential."""
        parent = self._parents.get(award.issuer) or self._begin(award.issuer)
        hidden = f"{parent.path}/.tmp-{award.id}"
        os.mkdir(hidden)  # noqa: PTH102 - a Path would cost more than the rest of this function
        parent.files.write(f"{hidden}/credential.json", credential)
        self.on_step("half-written")
        parent.files.write(f"{hidden}/award.json", award_bytes(award))
        self._prepared.append(_Prepared(award, hidden, f"{parent.path}/{award.id}"))
        if len(self._prepared) >= MOST_IN_A_BATCH:
            self.commit()

    def _begin(self, issuer: str) -> _Parent:
        """An issuer's folder, which is made if it is not there."""
        folder = self.root / SIGNED / issuer
        folder.mkdir(parents=True, exist_ok=True)
        files = self._open.enter_context(NewFiles(str(folder), count=self.count))
        parent = self._parents[issuer] = _Parent(str(folder), files)
        return parent

    def commit(self) -> None:
        """Gives the awards that were added their names."""
        if not self._prepared:
            return
        self.on_step("before-sync")
        for issuer, parent in self._parents.items():
            parent.files.wait(each.hidden for each in self._prepared if each.award.issuer == issuer)
        for each in self._prepared:
            self.on_step("before-rename")
            os.rename(each.hidden, each.final)  # noqa: PTH104
            self.on_step("renamed")
            self.on_commit(each.award)
        self.on_step("before-names")
        for parent in self._parents.values():
            sync_folder(parent.path)
        self._prepared.clear()
