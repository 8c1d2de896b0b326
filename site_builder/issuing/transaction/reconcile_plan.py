"""Two branches that both issued, merged: what must move so that everything that was published stays as it is.

Published is what one commit holds. The rest of the work tree is the other side: nobody has seen it yet, so it may get another
status entry, or go where the published side issued the same row."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from site_builder.errors import Error
from site_builder.ledger.checks.published.differences import differences
from site_builder.ledger.checks.published.one_commit import WorkTree
from site_builder.ledger.checks.status_lists import signed_list, wanted_bits
from site_builder.ledger.history.git_tree import GitTree, other_trees
from site_builder.ledger.store.award_json import SIGNED, ErasedAward, StoredAward, read_award
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.ledger import Ledger, status_file

__all__ = ["Award", "ReconcilePlan", "Reindex", "Restore", "plan_reconcile"]

Award = StoredAward | ErasedAward
StatusIndex = tuple[str, int, int]

# Codes of problems that make what lies in an award's folder nobody's sound work.
_DAMAGE = {"FIL001", "FIL002", "FIL003", "LED001", "LED004", "LED012"}


@dataclass(frozen=True)
class Restore:
    """An award that the merge left damaged, or a published one that it left as the other side has it. files: its signed files by name.

    gone: names of files here that the award does not have. ref: the commit that has it."""

    award: Award
    files: dict[str, bytes]
    gone: tuple[str, ...]
    ref: str


@dataclass(frozen=True)
class Reindex:
    """An award with versions that need another status entry. numbers: of those versions, from 1."""

    award: Award
    numbers: tuple[int, ...]


@dataclass
class ReconcilePlan:
    """What is to be done, in this order. drop: awards that go, with the reason in words. named: what people have to mend
    themselves: records that name an award that goes, folders of which no commit has a sound one.

    files: whole files by path: status lists and pictures as they were published; None: the file goes.
    taken: every status entry that a published award or one that stays has, by issuer."""

    restore: list[Restore] = field(default_factory=list)
    drop: list[tuple[StoredAward, str]] = field(default_factory=list)
    move: list[Reindex] = field(default_factory=list)
    files: dict[str, bytes | None] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)
    taken: set[StatusIndex] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be done."""
        return not (self.restore or self.drop or self.move or self.files)

    @property
    def issuers(self) -> list[str]:
        """The issuers whose keys are needed: those with a credential to sign anew."""
        return sorted({move.award.issuer for move in self.move if isinstance(move.award, StoredAward)})

    def describe(self, ref: str) -> list[str]:
        """The plan in lines for people, without names."""
        lines = [f"keep   {restore.award.folder} as {restore.ref} has it" for restore in self.restore]
        lines += [f"remove {award.folder}: {reason}" for award, reason in self.drop]
        for move in self.move:
            numbers = ", ".join(map(str, move.numbers))
            lines.append(f"move   {move.award.folder}, version {numbers}: its place in the status list is taken")
        for path, raw in sorted(self.files.items()):
            lines.append(f"remove {path}" if raw is None else f"keep   {path} as {ref} has it")
        return lines + [f"edit   {line}" for line in self.named]


def plan_reconcile(checked: CheckedRepository, published: GitTree) -> ReconcilePlan:
    """What must be done to the work tree so that it holds all that was published, and the rest agrees with that.

    Raises Error when the commit itself is damaged, and where a link here would lead what is written out of the site."""
    for problem in checked.problems:
        if problem.code == "FIL002" and problem.file.startswith((f"{SIGNED}/", "issuers", "badges", "content")):
            raise Error(f"{problem.file}: {problem.what}. Delete it first, then run this again; nothing was reconciled")
    planning = _Planning(checked, published, WorkTree(checked.repository.root, published))
    planning.keep_published()
    planning.mend_others()
    planning.drop_doubles()
    planning.move_collisions()
    planning.keep_files()
    return planning.plan


@dataclass
class _Planning:
    checked: CheckedRepository
    published: GitTree
    here: WorkTree
    plan: ReconcilePlan = field(default_factory=ReconcilePlan)
    # What the work tree will hold: published awards first.
    awards: dict[str, Award] = field(default_factory=dict)
    # Those of the other side that the merge tore and a commit has whole.
    mended: dict[str, Award] = field(default_factory=dict)
    # How many versions of an award were published.
    counts: dict[str, int] = field(default_factory=dict)

    def keep_published(self) -> None:
        for old in _awards_in(self.published):
            self.counts[old.id] = len(old.versions)
            new = None if old.folder in self._damaged else self._continuation(old)
            self.awards[old.id] = new or old
            if new is None:
                self._restore(old, _sound_files(self.published, old), self.published)
            self.plan.taken |= {(old.issuer, status_entry.list, status_entry.index) for status_entry in old.versions}

    @cached_property
    def _damaged(self) -> set[str]:
        folders = {"/".join(p.file.split("/")[:4]) for p in self.checked.problems if p.code in _DAMAGE}
        return {folder for folder in folders if folder.startswith(f"{SIGNED}/") and folder.count("/") == 3}

    def mend_others(self) -> None:
        """Git takes a new credential for an old one that was renamed, so a merge may tear what one side alone has."""
        torn = {folder for folder in self._damaged if folder.rpartition("/")[2] not in self.counts}
        for tree in other_trees(self.published) if torn else ():
            for award in _awards_in(tree, sorted(torn), strict=False):
                try:
                    files = _sound_files(tree, award)
                except Error:
                    continue
                self._restore(award, files, tree)
                self.mended[award.id] = award
                torn.remove(award.folder)
            if not torn:
                break
        for folder in sorted(torn):
            self.plan.named.append(
                f"{folder}, of which no commit has a sound one: delete it, and its row is issued anew"
            )

    def _continuation(self, old: Award) -> Award | None:
        """What lies here of a published award, when it is that or something that may come after it."""
        new = self.checked.ledger.awards.get(old.id) or self.checked.ledger.erased.get(old.id)
        if (
            new is None
            or new.folder != old.folder
            or any(differences(old, new, is_same_statement=self.here.is_same_statement))
        ):
            return None
        return new

    def _restore(self, award: Award, files: dict[str, bytes], tree: GitTree) -> None:
        """Plans to put an award back as a commit has it, unless it lies here just so."""
        folder = self.here.root / award.folder
        here = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        gone = tuple(sorted(name for name in here if name != "award.json" and name not in files))
        paths = [f"{award.folder}/{name}" for name in (*files, "award.json")]
        if gone or not all(tree.holds(path, self.here.raw(path)) for path in paths):
            self.plan.restore.append(Restore(award, files, gone, tree.ref))

    def drop_doubles(self) -> None:
        """Of two awards of one row the published one stays, of two unpublished ones the older; with it goes what renews it."""
        kept = {(a.issuer, a.identity): a.id for a in self.awards.values() if isinstance(a, StoredAward)}
        instead: dict[str, str] = {}
        for award in self._others():
            if not isinstance(award, StoredAward):
                self.awards[award.id] = award
                continue
            same = kept.setdefault((award.issuer, award.identity), award.id)
            if same != award.id:
                instead[award.id] = same
                self.plan.drop.append((award, f"its row is issued as {same}"))
            elif award.renews in instead:
                del kept[award.issuer, award.identity]
                self.plan.drop.append((award, f"it renews {award.renews}, which goes"))
            else:
                self.awards[award.id] = award
        for change in self.checked.repository.changes:
            if change.record.target in instead:
                new = instead[change.record.target]
                self.plan.named.append(f"{change.file}:{change.line} names {change.record.target}: write {new}")

    def _others(self) -> list[Award]:
        found: dict[str, Award] = {**self.checked.ledger.awards, **self.checked.ledger.erased, **self.mended}
        others = [award for award in found.values() if award.id not in self.counts]
        return sorted(others, key=lambda award: (getattr(award.versions[0], "issued", ""), award.id))

    def move_collisions(self) -> None:
        """Each status entry belongs to one version: what is published keeps it, then what comes first."""
        for award in self.awards.values():
            first = self.counts.get(award.id, 0)
            status_entries = [(award.issuer, status_entry.list, status_entry.index) for status_entry in award.versions]
            numbers = [number for number, _ in _taken_again(status_entries, first, self.plan.taken)]
            if numbers:
                self.plan.move.append(Reindex(award, tuple(numbers)))

    def keep_files(self) -> None:
        """Status lists that cannot be what `issue` goes on from are as published or gone; it writes them anew. Pictures stay."""
        paths = {status_file(issuer, number) for issuer, number in self.checked.ledger.lists}
        paths |= {path for path in self.published.blobs if path.startswith("issuers/") and "/status/" in path}
        pictures = {path for path in self.published.blobs if path.count("/") == 3 and path.split("/")[2] == "rendered"}
        lost = {path for path in paths if not self._is_sound_list(path)}
        lost |= {path for path in pictures if self.here.raw(path) is None}
        there = self.published.read(lost)
        for path in sorted(lost):
            if not self.published.holds(path, self.here.raw(path)):
                self.plan.files[path] = there.get(path)

    def _is_sound_list(self, path: str) -> bool:
        """Whether a list is signed, and withdraws nothing but what will be withdrawn."""
        slug, number = path.split("/")[1], path.rpartition("/")[2].removesuffix(".json")
        issuer, raw = self.checked.repository.issuers.get(slug), self.here.raw(path)
        if issuer is None or not number.isdigit():
            return True  # not ours to judge
        if raw is None:
            return False
        found = signed_list(raw, issuer, int(number), self.checked.repository.config.base)
        wanted = self._wanted.get(slug, {}).get(int(number))
        return found is not None and wanted is not None and found.bits <= wanted

    @cached_property
    def _wanted(self) -> dict[str, dict[int, set[int]]]:
        """The bits that stay set: of the awards as planned, but for the status entries that are given up."""
        moved = {move.award.id: move.numbers for move in self.plan.move}
        kept = {award.id: _without(award, moved.get(award.id, ())) for award in self.awards.values()}
        ledger = Ledger(
            self.here.root,
            {award_id: award for award_id, award in kept.items() if isinstance(award, StoredAward)},
            {award_id: award for award_id, award in kept.items() if isinstance(award, ErasedAward)},
        )
        return {slug: wanted_bits(ledger, slug) for slug in self.checked.repository.issuers}


def _without(award: Award, numbers: Collection[int]) -> Award:
    """An award but for some of its versions. numbers: of those, from 1."""
    left = tuple(version for number, version in enumerate(award.versions, 1) if number not in numbers)
    return award.model_copy(update={"versions": left})


def _taken_again(
    status_entries: list[StatusIndex], first: int, taken: set[StatusIndex]
) -> Iterator[tuple[int, StatusIndex]]:
    """(number, status entry) of those from first on that are taken; the others are taken from now on."""
    for number, status_entry in enumerate(status_entries, 1):
        if number > first and status_entry in taken:
            yield number, status_entry
        taken.add(status_entry)


def _awards_in(tree: GitTree, folders: list[str] | None = None, *, strict: bool = True) -> Iterator[Award]:
    """The awards of a commit, all or those in some folders. strict: raise Error for one that is damaged, else pass it over."""
    paths = [path for path in tree.blobs if path.startswith(f"{SIGNED}/") and path.endswith("/award.json")]
    paths = sorted(paths) if folders is None else [f"{folder}/award.json" for folder in folders]
    for path, raw in tree.read(paths).items():
        _, _, issuer, name, _ = path.split("/")
        try:
            yield read_award(raw, issuer=issuer, name=name)
        except ValueError:
            if strict:
                raise _unsound(tree, path) from None


def _sound_files(tree: GitTree, award: Award) -> dict[str, bytes]:
    """The signed files of an award in a commit, by name. Raises Error when one is damaged or missing."""
    kept = {version.file: version for version in award.kept} if isinstance(award, StoredAward) else {}
    found = {path.rpartition("/")[2]: raw for path, raw in tree.read(f"{award.folder}/{name}" for name in kept).items()}
    for name, version in kept.items():
        if hashlib.sha256(found.get(name, b"")).hexdigest() != version.sha256:
            raise _unsound(tree, f"{award.folder}/{name}")
    return found


def _unsound(published: GitTree, path: str) -> Error:
    return Error(f"{published.ref} itself is damaged at {path}: name a commit that is sound, such as the one before it")
