"""All that the history below HEAD published, held against what lies here: what is lost, or taken back, though all that is left agrees."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from site_builder.errors import Error, Problem
from site_builder.ledger.checks.published.award_states import AwardStates
from site_builder.ledger.checks.published.differences import NEVER_DELETED, Award
from site_builder.ledger.checks.published.evidence import Evidence, State, rank
from site_builder.ledger.checks.published.issuer_states import IssuerStates
from site_builder.ledger.checks.published.one_commit import unsaid
from site_builder.ledger.history.git_tree import LACKING, GitRefused, blob_id
from site_builder.ledger.history.objects import Objects
from site_builder.ledger.history.past import Past
from site_builder.ledger.store.award_json import (
    SIGNED,
    ErasedAward,
    StatusEntry,
    StoredAward,
    Version,
    read_award,
)
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.since import SINCE

__all__ = ["check_memory"]

_CODE = "LED015"


def check_memory(checked: CheckedRepository, past: Past) -> tuple[list[Problem], str]:
    """A problem for each thing that the history published and that is lost here, unless another rule said it already.

    checked: with the problems of all other rules. Also why something could not be read, as a sentence; "" when all was."""
    if not past.held:
        return [], ""
    with Objects(past.root) as objects:
        memory = _Memory(checked, Evidence(past, objects))
        try:
            return unsaid([*memory.since(), *memory.awards(), *memory.others()], checked), ""
        except GitRefused:
            return [], LACKING
        except Error as error:
            return [], str(error)


@dataclass
class _Memory:
    checked: CheckedRepository
    evidence: Evidence

    @property
    def past(self) -> Past:
        return self.evidence.past

    def problem(self, file: str, what: str, commit: str, *, path: str = "", line: int = 0, fix: str) -> Problem:
        """A problem whose remedy begins with bringing back path, else the file, from a commit."""
        restore = f"git checkout {commit[:12]} -- {shlex.quote(path or file)}"
        return Problem(
            file, line, _CODE, f"{what} (published in commit {self.evidence.described(commit)})", f"{restore}; {fix}"
        )

    def since(self) -> Iterator[Problem]:
        """The file that says since when all this counts: it stays, and there is one beginning."""
        past = self.past
        if past.since and not os.path.lexists(past.root / SINCE):
            commit = self.evidence.described(past.since)
            what = f"this file is gone, which says since when this repository remembers (it came with commit {commit})"
            yield Problem(SINCE, 0, "LED016", what, f"git checkout {past.since[:12]} -- {SINCE}; it stays for ever")
        if past.again:
            commits = " and ".join(self.evidence.described(commit) for commit in past.again)
            what = f"two branches brought this file, neither after the other: commits {commits}"
            fix = "undo the merge of the two, and take one of them out of its branch: a repository begins once"
            yield Problem(SINCE, 0, "LED016", what, fix)

    # --- awards -------------------------------------------------------------------------------------------------------

    def awards(self) -> Iterator[Problem]:
        for path, held in self.past.held.items():
            if not path.startswith(f"{SIGNED}/") or not path.endswith("/award.json"):
                continue
            _, _, issuer, name, _ = path.split("/")
            here = self._here(name)
            if here is not None and here.issuer == issuer:
                raw = self.checked.ledger.award_raw(here)
                if held.keys() - {blob_id(raw, self.past.head)}:
                    yield from self._losses(path, here)
            elif not os.path.lexists(self.past.root / path):
                yield from self._lost(path)

    def _here(self, award_id: str) -> Award | None:
        return self.checked.ledger.awards.get(award_id) or self.checked.ledger.erased.get(award_id)

    def _states(self, path: str) -> list[State]:
        """What the history held of an award, the furthest first."""
        _, _, issuer, name, _ = path.split("/")
        found = []
        for digest, commits in self.past.held[path].items():
            try:
                found.append(State(read_award(self.evidence.blob(digest), issuer=issuer, name=name), commits))
            except ValueError:
                continue  # nothing that was ever published
        return sorted(found, key=rank, reverse=True)

    def _losses(self, path: str, here: Award) -> Iterator[Problem]:
        states = AwardStates(
            self.evidence, self.checked, self._states(path), here, self._pending(here.id), self._at_place
        )
        said = set[tuple[str, int]]()
        for found, state in states.losses():
            if (found.kind, found.number) not in said:
                said.add((found.kind, found.number))
                commit = self.evidence.whole_commit(state)
                yield self.problem(path, found.what, commit, path=here.folder, fix=f"{found.fix}. {_THEN}")

    def _pending(self, award_id: str) -> frozenset[str]:
        return frozenset(
            change.record.kind for change in self.checked.pending_changes if change.record.target == award_id
        )

    def _at_place(self, issuer: str, entry: StatusEntry | Version) -> list[str]:
        return self._by_place.get((issuer, entry.list, entry.index), [])

    @cached_property
    def _by_place(self) -> dict[tuple[str, int, int], list[str]]:
        found: dict[tuple[str, int, int], list[str]] = {}
        every: list[Award] = [*self.checked.ledger.awards.values(), *self.checked.ledger.erased.values()]
        for award in every:
            for version in award.versions:
                found.setdefault((award.issuer, version.list, version.index), []).append(f"{award.folder}/award.json")
        return found

    # --- awards of which nothing lies here ----------------------------------------------------------------------------

    def _lost(self, path: str) -> Iterator[Problem]:
        states = self._published_states(path)
        if not states:
            return
        instead = self._instead(states)
        folder, state = path.removesuffix("/award.json"), states[0]
        if instead is None:
            fix = f"{NEVER_DELETED}. {_THEN}, such as its row"
            yield self.problem(path, "this award is gone", self.evidence.whole_commit(state), path=folder, fix=fix)
        elif self._was_revoked(states) and not self._is_withdrawn(instead):
            what = f"this award was revoked and gave way to {instead.id}, which is not"
            fix = f"or revoke {instead.id}: what was withdrawn stays so"
            yield self.problem(path, what, self.evidence.whole_commit(state), path=folder, fix=fix)

    def _is_of_site(self, path: str) -> bool:
        """Whether an award is here, or was signed for this site once."""
        here = self._here(path.split("/")[-2])
        return here is not None or (path in self.past.held and bool(self._published_states(path)))

    def _published_states(self, path: str) -> list[State]:
        return [state for state in self._states(path) if self._was_published(state)]

    def _was_published(self, state: State) -> bool:
        """Whether the issuer signed anything of it: a credential, or a list that says that it was erased."""
        award = state.award
        if isinstance(award, ErasedAward):
            return any(any(self.evidence.lists_with(award.issuer, entry)) for entry in award.versions)
        return any(self.evidence.is_signed(award, version) for version in award.kept)

    def _was_revoked(self, states: Sequence[State]) -> bool:
        return any(
            isinstance(state.award, StoredAward)
            and state.award.current.state == "revoked"
            and any(self.evidence.lists_with(state.award.issuer, state.award.current))
            for state in states
        )

    def _is_withdrawn(self, award: StoredAward) -> bool:
        return award.current.state == "revoked" or bool(self._pending(award.id) & {"revoke", "erase"})

    def _instead(self, states: Sequence[State]) -> StoredAward | None:
        """The award here of the same row that was there first in commits that do not come after: two sides had issued the row.

        What renews an award that gave way goes along with it. states: those of an award that is lost, as it was published."""
        awards = [state.award for state in states if isinstance(state.award, StoredAward)]
        # Nobody signs these two: where states do not agree, somebody wrote one of them.
        if len(awards) < len(states) or len({(award.identity, award.renews) for award in awards}) != 1:
            return None
        award, then = awards[0], [commit for state in states for commit in state.commits]
        same = self._by_row.get((award.issuer, award.identity))
        if same and self.evidence.lineage.is_none_after(self._commits_of(same), then):
            return same
        renewed = f"{SIGNED}/{award.issuer}/{award.renews}/award.json"
        if not award.renews or renewed not in self.past.held or self._here(award.renews) is not None:
            return None
        older = self._published_states(renewed)
        # A renewal has a later day than what it renews, so this comes to an end.
        is_older = bool(older) and all(state.award.awarded < award.awarded for state in older)
        return self._instead(older) if is_older else None

    def _commits_of(self, award: StoredAward) -> list[str]:
        held: Mapping[str, Sequence[str]] = self.past.held.get(f"{award.folder}/award.json", {})
        return [commit for commits in held.values() for commit in commits]

    @cached_property
    def _by_row(self) -> dict[tuple[str, str], StoredAward]:
        return {(award.issuer, award.identity): award for award in self.checked.ledger.awards.values()}

    # --- keys, identifiers, pictures ----------------------------------------------------------------------------------

    def others(self) -> Iterator[Problem]:
        for found in IssuerStates(self.evidence, self.checked, self._is_of_site).losses():
            yield self.problem(found.file, found.what, found.commit, line=found.line, fix=found.fix)


_THEN = "Then run 'laurels check' again: it names what else belongs to it"
