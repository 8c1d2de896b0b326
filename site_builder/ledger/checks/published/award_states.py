"""What the history held of one award, held against what lies here: what was published is there, and nothing is taken back.

A difference is no loss where the two sides of a merge had signed side by side and one gave way, and where what lies here was there before,
so that a mistake was put right. Where neither signature nor order can tell, it is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from site_builder.ledger.checks.published.differences import Award, Difference, differences
from site_builder.ledger.checks.published.evidence import Evidence, State
from site_builder.ledger.store.award_json import ErasedAward, StatusEntry, StoredAward, Version
from site_builder.ledger.store.checked_repository import CheckedRepository

__all__ = ["AwardStates"]


@dataclass
class AwardStates:
    """The states of one award, the furthest first. here: what lies here of it. pending: kinds of the changes to it that `issue` will apply.

    at_place: the paths of the awards that have a place in the issuer's status lists here."""

    evidence: Evidence
    checked: CheckedRepository
    states: Sequence[State]
    here: Award
    pending: frozenset[str]
    at_place: Callable[[str, StatusEntry | Version], list[str]]

    def losses(self) -> Iterator[tuple[Difference, State]]:
        """Each thing that is lost, and the state that has it."""
        for state in self.states:
            if state.award == self.here:
                continue
            for found in differences(state.award, self.here, is_same_statement=self._says_the_same(state)):
                if not self._is_excused(found, state):
                    yield found, state

    def _says_the_same(self, state: State) -> Callable[[str], bool]:
        def says_the_same(path: str) -> bool:
            award, file = state.award, self.checked.ledger.files.get(path)
            return isinstance(award, StoredAward) and any(
                self.evidence.says_the_same(award, version, file.raw if file else None)
                for version in award.versions
                if path == f"{award.folder}/{version.file}"
            )

        return says_the_same

    # --- what excuses -------------------------------------------------------------------------------------------------

    def _is_excused(self, found: Difference, state: State) -> bool:
        old, new, number = state.award, self.here, found.number
        if isinstance(old, ErasedAward) or isinstance(new, ErasedAward):
            return self._is_erasure_excused(found, state)
        if found.kind == "origin":
            return self._was_before(state, _origin)
        if found.kind == "day":
            return self._gave_way(state, len(new.versions)) or self._was_before(state, lambda award: award.awarded)
        if found.kind in ("place", "source", "file"):
            return self._is_version_excused(state, number)
        if found.kind == "change":
            return self._gave_way_after(state, number) or self._was_before(state, _end_of(number))
        if found.kind == "state" and old.versions[number - 1].state == "revoked":
            return self._is_revocation_kept(state, number)
        # What a correction did: a version is gone, or one counts again, or its file is back.
        last = len(new.versions) if found.kind == "count" else number
        return self._gave_way_after(state, last) or not self._is_signed(state, last + 1)

    def _is_version_excused(self, state: State, number: int) -> bool:
        if self._gave_way(state, number):
            return True
        old, new = state.award.versions[number - 1], self.here.versions[number - 1]
        assert isinstance(old, Version) and isinstance(new, Version)
        if old.sha256 == new.sha256:
            return self._was_before(state, _but_for_its_end(number))
        now, then = (self._commits(_has_file(number, version)) for version in (new, old))
        # The same credential with other proofs: the later ones stay, unless neither side knew of the other's.
        is_other_proof = _is_same_credential(old, new) and self.evidence.lineage.is_beside(now, then)
        return is_other_proof or self._is_place_taken(old, then) or not self._is_signed(state, number)

    def _gave_way(self, state: State, number: int) -> bool:
        """Whether a version, or one that it follows, gave way in a merge to another credential, which was there first on the other side."""
        for each in range(1, min(number, len(self.here.versions), len(state.award.versions)) + 1):
            old, new = state.award.versions[each - 1], self.here.versions[each - 1]
            if not isinstance(old, Version) or not isinstance(new, Version):
                return False
            if old.sha256 == new.sha256 or _is_same_credential(old, new):
                continue
            now, then = (self._commits(_has_file(each, version)) for version in (new, old))
            if self.evidence.lineage.is_none_after(now, then):
                return True
        return False

    def _is_place_taken(self, entry: StatusEntry | Version, then: Sequence[str]) -> bool:
        """Whether another award has the place here, and had it first in commits that do not come after."""
        held = self.evidence.past.held
        own = f"{self.here.folder}/award.json"
        for path in (path for path in self.at_place(self.here.issuer, entry) if path != own):
            now = [commit for commits in held.get(path, {}).values() for commit in commits]
            if self.evidence.lineage.is_none_after(now, then):
                return True
        return False

    def _gave_way_after(self, state: State, number: int) -> bool:
        """Whether what came after a version gave way, in a merge, to another version, a revocation or an erasure of the other side."""
        return self._gave_way(state, number + 1) or self._was_withdrawn_beside(state, self.here.versions[number - 1])

    def _was_withdrawn_beside(self, state: State, entry: StatusEntry | Version) -> bool:
        """Whether the issuer signed a list that withdraws an entry, side by side with a state: nobody else can make one."""
        lists = self.evidence.lists_with(self.here.issuer, entry)
        return any(self.evidence.lineage.is_beside(commits, state.commits) for commits in lists)

    def _is_revocation_kept(self, state: State, number: int) -> bool:
        """Whether the award is withdrawn now, or was never, or will be by a record that the other side of a merge had to make way for."""
        assert isinstance(self.here, StoredAward)
        if self.here.current.state == "revoked":
            return True
        if not any(self.evidence.lists_with(self.here.issuer, state.award.versions[number - 1])):
            return True
        return bool(self.pending & {"revoke", "erase"}) and self._stood_beside(state)

    def _is_erasure_excused(self, found: Difference, state: State) -> bool:
        old, new = state.award, self.here
        if found.kind == "erasure":
            if not any(any(self.evidence.lists_with(old.issuer, entry)) for entry in old.versions):
                return True
            return "erase" in self.pending and self._stood_beside(state)
        if found.kind != "place":
            return self._was_before(state, lambda award: (award.badge, award.awarded))
        entries: Sequence[StatusEntry | Version] = old.versions
        for number, entry in enumerate(entries, 1):
            has_same = number <= len(new.versions) and _place(entry) == _place(new.versions[number - 1])
            if has_same or not self._is_signed(state, number) or self._is_place_taken(entry, state.commits):
                continue
            if not any(self._was_withdrawn_beside(state, known) for known in new.versions):
                return False
        return True

    def _stood_beside(self, state: State) -> bool:
        """Whether the history held just what lies here, side by side with a state."""
        return self.evidence.lineage.is_beside(self._commits(lambda award: award == self.here), state.commits)

    # --- questions to the history -------------------------------------------------------------------------------------

    def _was_before(self, state: State, value: Callable[[Award], object]) -> bool:
        """Whether what lies here was there before a state that says otherwise, so that the state was the mistake."""
        now = self._commits(lambda award: value(award) == value(self.here))
        then = self._commits(lambda award: value(award) == value(state.award))
        return self.evidence.lineage.is_before(now, then)

    def _commits(self, fits: Callable[[Award], bool]) -> list[str]:
        """The commits that brought the states that fit."""
        return [commit for state in self.states if fits(state.award) for commit in state.commits]

    def _is_signed(self, state: State, number: int) -> bool:
        """Whether a version of a state was signed. Of what was withheld or erased no file is left to be looked at."""
        award = state.award
        version = award.versions[number - 1] if number <= len(award.versions) else None
        if not isinstance(award, StoredAward) or not isinstance(version, Version) or version.withheld:
            return True
        return self.evidence.is_signed(award, version)


def _place(entry: StatusEntry | Version) -> tuple[int, int]:
    return entry.list, entry.index


def _is_same_credential(old: Version, new: Version) -> bool:
    """Whether two versions are one credential, whatever its proofs."""
    return (*_place(old), old.row, old.issued) == (*_place(new), new.row, new.issued)


def _has_file(number: int, version: Version) -> Callable[[Award], bool]:
    """Whether an award has just this signed file as a version."""

    def has_file(award: Award) -> bool:
        versions = award.versions[number - 1 : number]
        return any(isinstance(other, Version) and other.sha256 == version.sha256 for other in versions)

    return has_file


def _origin(award: Award) -> object:
    """Whose it is, as far as is kept."""
    return award.badge, getattr(award, "identity", ""), getattr(award, "renews", "")


def _end_of(number: int) -> Callable[[Award], object]:
    """By which record a version ended, as a value of an award."""

    def end_of(award: Award) -> object:
        return [
            (getattr(version, "state", ""), getattr(version, "change", ""))
            for version in award.versions[number - 1 : number]
        ]

    return end_of


def _but_for_its_end(number: int) -> Callable[[Award], object]:
    """What a version is made from and where, as a value of an award."""

    def but_for_its_end(award: Award) -> object:
        versions = award.versions[number - 1 : number]
        return [version.model_dump(exclude={"state", "change", "withheld"}) for version in versions]

    return but_for_its_end
