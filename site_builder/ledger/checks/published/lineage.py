"""Which commits came before which: what was signed side by side is told from what was put in the place of something."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from site_builder.ledger.history.git_tree import run_git

__all__ = ["Lineage"]

Commits = Collection[str]
# Of how many questions the answer is kept.
_KNOWN = 64


@dataclass(frozen=True)
class Lineage:
    """The commits below tips. Each question is about the first commits of some: those that come after none of the others.

    Whoever writes commits can put what there is into a further one, of any descent; but can neither come before a commit that is there
    already, nor take one away."""

    root: Path
    tips: Sequence[str]
    _known: dict[frozenset[str], set[str]] = field(default_factory=dict)

    def is_none_after(self, now: Commits, then: Commits) -> bool:
        """Whether what now names was there first in commits that come after none in which then was there first."""
        return bool(now) and not self.first(now) & (set(then) | self._after(then))

    def is_beside(self, now: Commits, then: Commits) -> bool:
        """Whether both were there first in commits of which none comes after another: side by side."""
        return self.is_none_after(now, then) and self.is_none_after(then, now)

    def is_before(self, now: Commits, then: Commits) -> bool:
        """Whether now was there first, and then came after it."""
        wanted = self.first(then)
        return bool(now) and all(wanted <= self._after([first]) for first in self.first(now))

    def first(self, commits: Commits) -> set[str]:
        """Those of the commits that come after none of the others."""
        return set(commits) - self._after(commits)

    def parent(self, revision: str) -> str:
        """The commit that ``<commit>^<number>`` names."""
        commit, _, number = revision.partition("^")
        return self._parents[commit][int(number) - 1]

    def _after(self, commits: Commits) -> set[str]:
        """All commits that come after one of these: one pass, however many they are, so that no history makes this long."""
        begin = frozenset(commits)
        if begin not in self._known:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            after = set[str]()
            for commit, parents in self._parents.items():
                if any(parent in begin or parent in after for parent in parents):
                    after.add(commit)
            self._known[begin] = after
        return self._known[begin]

    @cached_property
    def _parents(self) -> dict[str, list[str]]:
        """The parents of each commit, which come before it here."""
        command = ("rev-list", "--topo-order", "--reverse", "--parents")
        lines = run_git(self.root, *command, *self.tips).decode("ascii").splitlines()
        return {line.split(" ")[0]: line.split(" ")[1:] for line in lines}
