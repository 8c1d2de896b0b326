"""Which commits came before which: what was signed side by side is told from what was put in the place of something."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from site_builder.ledger.history.git_tree import run_git

__all__ = ["Lineage"]

Commits = Collection[str]


@dataclass(frozen=True)
class Lineage:
    """The commits below tips. Each question is about the first commits of some: those that come after none of the others.

    Whoever writes commits can put what there is into a further one, of any descent; but can neither come before a commit that is there
    already, nor take one away."""

    root: Path
    tips: Sequence[str]
    _above: dict[str, set[str]] = field(default_factory=dict)

    def is_none_after(self, now: Commits, then: Commits) -> bool:
        """Whether what now names was there first in commits that come after none in which then was there first."""
        return bool(now) and not any(self._is_after(b, a) for b in self.first(now) for a in self.first(then))

    def is_beside(self, now: Commits, then: Commits) -> bool:
        """Whether both were there first in commits of which none comes after another: side by side."""
        return self.is_none_after(now, then) and self.is_none_after(then, now)

    def is_before(self, now: Commits, then: Commits) -> bool:
        """Whether now was there first, and then came after it."""
        return bool(now) and all(self._is_after(a, b) and a != b for b in self.first(now) for a in self.first(then))

    def first(self, commits: Iterable[str]) -> list[str]:
        """Those of the commits that come after none of the others."""
        every = set(commits)
        return [one for one in every if not any(one != other and self._is_after(one, other) for other in every)]

    def parent(self, revision: str) -> str:
        """The commit that ``<commit>^<number>`` names."""
        commit, _, number = revision.partition("^")
        return self._parents[commit][int(number) - 1]

    def _is_after(self, new: str, old: str) -> bool:
        """Whether a commit is another, or comes after it."""
        if new not in self._above:
            found, waiting = {new}, [new]
            while waiting:
                added = set(self._parents.get(waiting.pop(), ())) - found
                found |= added
                waiting += added
            self._above[new] = found
        return old in self._above[new]

    @cached_property
    def _parents(self) -> dict[str, list[str]]:
        lines = run_git(self.root, "rev-list", "--parents", *self.tips).decode("ascii").splitlines()
        return {line.split(" ")[0]: line.split(" ")[1:] for line in lines}
