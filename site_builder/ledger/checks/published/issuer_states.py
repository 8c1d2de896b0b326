"""What the history held of issuers and achievements, held against what lies here: keys, identifiers, pictures.

No signature says who wrote these, so they count from the commits in which the issuer had signed something for this site."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from site_builder.ledger.checks.published.differences import KEY_FIX, STAYS, key_differences, keys_in
from site_builder.ledger.checks.published.evidence import Evidence
from site_builder.ledger.history.git_tree import blob_id
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.renderings import MAX_PICTURE_BYTES
from site_builder.records.formats.regular_files import read_regular_file
from site_builder.records.formats.yaml_events import MAX_YAML_BYTES, YamlRefused, parse_yaml
from site_builder.records.models.keys import KeyRecord

__all__ = ["IssuerStates", "Lost"]


@dataclass(frozen=True)
class Lost:
    """What is lost: its file and line here, and a commit that has it."""

    file: str
    line: int
    what: str
    commit: str
    fix: str


@dataclass
class IssuerStates:
    """The states of keys, identifiers and pictures in the history of a site.

    is_of_site: whether the award at a path was signed for this site, and not for another of which it was made."""

    evidence: Evidence
    checked: CheckedRepository
    is_of_site: Callable[[str], bool]

    def losses(self) -> Iterator[Lost]:
        """Each thing that is lost or another."""
        for path in self.evidence.past.held:
            _, slug, *rest = path.split("/")
            if rest == ["keys.yml"]:
                yield from self._keys(path, slug)
            elif rest == ["issuer.yml"]:
                yield from self._identifier(path, slug)
            elif rest[0] == "rendered":
                yield from self._picture(path)

    def _differs(self, path: str, *, max_bytes: int) -> bool:
        """Whether the history held other bytes of a file than lie here."""
        raw = read_regular_file(self.evidence.past.root, path, [], max_bytes=max_bytes)
        here = set[str]() if raw is None else {blob_id(raw, self.evidence.past.head)}
        return bool(self.evidence.past.held[path].keys() - here)

    # --- keys ---------------------------------------------------------------------------------------------------------

    def _keys(self, path: str, slug: str) -> Iterator[Lost]:
        listed = next((one for one in self.checked.repository.key_files if one.file == path), None)
        here = {key.id: (index, key) for index, key in enumerate(listed.keys)} if listed else {}
        if not self._differs(path, max_bytes=MAX_YAML_BYTES) or (listed is None and self._is_there(path)):
            return
        named = {
            (problem.file, problem.what.split(" ")[0]) for problem in self.checked.problems if problem.code == "LED008"
        }
        said = set[str]()
        for digest in self.evidence.past.held[path]:
            for old in keys_in(self.evidence.blob(digest), path):
                index, new = here.get(old.id, (0, None))
                if (new is None and (path, old.id) in named) or (new is not None and self._gave_way(path, old, new)):
                    continue
                for what in key_differences(old, new):
                    commit = "" if what in said else self._counting(path, digest, slug)
                    if commit:
                        said.add(what)
                        line = listed.lines.find(("keys", index)) if listed and new else 0
                        yield Lost(path, line, what, commit, f"add to it what is new. {KEY_FIX}")

    def _gave_way(self, path: str, old: KeyRecord, new: KeyRecord) -> bool:
        """Whether another key has the name, which had it first in commits that do not come after: two sides had made one."""

        def commits_of(key: KeyRecord) -> list[str]:
            return self._commits(path, lambda raw: (key.id, key.publicKeyMultibase) in _names_in(raw, path))

        is_another = old.publicKeyMultibase != new.publicKeyMultibase
        return is_another and self.evidence.lineage.is_none_after(commits_of(new), commits_of(old))

    # --- identifiers --------------------------------------------------------------------------------------------------

    def _identifier(self, path: str, slug: str) -> Iterator[Lost]:
        issuer = self.checked.repository.issuers.get(slug)
        if not self._differs(path, max_bytes=MAX_YAML_BYTES) or (issuer is None and self._is_there(path)):
            return
        for digest in self.evidence.past.held[path]:
            old = _did_in(self.evidence.blob(digest), path)
            if issuer is not None and (
                old == (issuer.record.did or "") or self._was_settled(path, old, issuer.record.did or "")
            ):
                continue
            commit = self._counting(path, digest, slug)
            if not commit:
                continue
            if issuer is None:
                yield Lost(path, 0, "the issuer's own file is gone", commit, "an issuer that has signed stays")
            else:
                line = issuer.lines.find(("did",)) if issuer.record.did else 1
                fix = f"or write {f'did: {old}' if old else 'no did: at all'}, as before: signatures name it for ever"
                yield Lost(path, line, "the issuer's identifier (did:) is another one than it was", commit, fix)
            return

    def _was_settled(self, path: str, old: str, new: str) -> bool:
        now = self._commits(path, lambda raw: _did_in(raw, path) == new)
        then = self._commits(path, lambda raw: _did_in(raw, path) == old)
        return self.evidence.lineage.is_none_after(now, then)

    # --- pictures -----------------------------------------------------------------------------------------------------

    def _picture(self, path: str) -> Iterator[Lost]:
        """Pictures that were whole once: a name of the wrong bytes was never published."""
        if not self._differs(path, max_bytes=MAX_PICTURE_BYTES) or not self._was_whole(path):
            return
        raw = read_regular_file(self.evidence.past.root, path, [], max_bytes=MAX_PICTURE_BYTES)
        held = self.evidence.past.held[path]
        here = "" if raw is None else blob_id(raw, self.evidence.past.head)
        for digest, commits in held.items():
            if digest == here or self.evidence.lineage.is_before(held.get(here, ()), commits):
                continue
            commit = next((commit for commit in commits if self.evidence.is_own(commit)), "")
            if commit:
                what = "this picture is gone" if raw is None else "this picture is another one"
                yield Lost(path, 0, what, commit, STAYS)
                return

    def _was_whole(self, path: str) -> bool:
        stem, _, _ = path.rpartition(".")
        held = self.evidence.past.held.get(f"{stem}.png", {})
        return any(
            hashlib.sha256(self.evidence.blob(digest, max_bytes=MAX_PICTURE_BYTES))
            .hexdigest()
            .startswith(stem.rpartition("-")[2])
            for digest in held
        )

    # --- the history --------------------------------------------------------------------------------------------------

    def _is_there(self, path: str) -> bool:
        return os.path.lexists(self.evidence.past.root / path)

    def _commits(self, path: str, fits: Callable[[bytes], bool]) -> list[str]:
        """The commits that brought a file whose bytes fit."""
        held = self.evidence.past.held[path]
        return [commit for digest, commits in held.items() if fits(self.evidence.blob(digest)) for commit in commits]

    def _counting(self, path: str, digest: str, slug: str) -> str:
        """A commit that had these bytes, at today's address and when the issuer had signed something; "" when there is none."""
        past = self.evidence.past
        left = (self.evidence.lineage.parent(revision) for revision in past.left.get(path, {}).get(digest, ()))
        for commit in (*past.held[path][digest], *left):
            if self.evidence.is_own(commit) and any(map(self.is_of_site, self.evidence.awards_in(commit, slug))):
                return commit
        return ""


def _names_in(raw: bytes, path: str) -> set[tuple[str, str]]:
    return {(key.id, key.publicKeyMultibase) for key in keys_in(raw, path)}


def _did_in(raw: bytes, path: str) -> str:
    """The identifier in an issuer.yml; "" for none."""
    try:
        values = parse_yaml(raw, file=path).value
    except YamlRefused:
        return ""
    return str(values.get("did") or "") if isinstance(values, dict) else ""
