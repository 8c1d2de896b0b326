"""What in the history was published: what a key of the issuer signed. Anybody can write commits, and only `issue` can sign."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from site_builder.credentials.openbadges3.read import credential_id_of
from site_builder.credentials.securing.data_integrity import JCS, method_of, proofs_of, without_proof
from site_builder.credentials.status.bitstring import StatusError, own_bits
from site_builder.credentials.urls import signed_url
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Error
from site_builder.ledger.checks.published.differences import Award, keys_in
from site_builder.ledger.checks.published.lineage import Lineage
from site_builder.ledger.checks.signed_files import is_signed_by
from site_builder.ledger.history.git_tree import LACKING, run_git
from site_builder.ledger.history.objects import Objects
from site_builder.ledger.history.past import Past, read_address
from site_builder.ledger.store.award_json import SIGNED, ErasedAward, StatusEntry, StoredAward, Version, award_bytes
from site_builder.ledger.store.ledger import MAX_DOCUMENT_BYTES, status_file

__all__ = ["Evidence", "State", "rank"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATES = ("active", "superseded", "revoked")
# Of how many commits it is looked up whether they have all files of an award.
_TRIED = 100


@dataclass(frozen=True)
class State:
    """An award.json that the history held, and the commits that brought it, the newest first."""

    award: Award
    commits: Sequence[str]


def rank(state: State) -> tuple[bool, int, int]:
    """How far an award had come: what is to be brought back is the state that came last."""
    award = state.award
    if isinstance(award, ErasedAward):
        return True, len(award.versions), 0
    return False, len(award.versions), _STATES.index(award.current.state)


@dataclass
class Evidence:
    """The history of a site, and what git says of it when it is asked. Raises Error where git lacks what it is asked for."""

    past: Past
    objects: Objects
    _lists: dict[str, frozenset[int]] = field(default_factory=dict)
    _addresses: dict[str, str] = field(default_factory=dict)
    _signers: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    @cached_property
    def lineage(self) -> Lineage:
        """The order of the commits."""
        return Lineage(self.past.root, self.past.tips)

    def blob(self, digest: str, *, max_bytes: int = MAX_DOCUMENT_BYTES) -> bytes:
        """The bytes of a file that the history held; none of one that is too large to be what was published."""
        raw = self.objects.read(digest, max_bytes=max_bytes)
        if raw is None:
            raise Error(LACKING)
        return raw

    def file(self, commit: str, path: str) -> bytes | None:
        """The bytes of a file below the site's root in a commit; None when it was not there."""
        place = f"{self.past.prefix}{path}"
        raw = self.objects.read(f"{commit}:{place}")
        # What a partial clone lacks is called missing, too; and so is a submodule, which is no file.
        if raw is None and run_git(self.past.root, "ls-tree", "--full-tree", commit, "--", place).startswith(
            (b"100", b"120")
        ):
            raise Error(LACKING)
        return raw

    def described(self, commit: str) -> str:
        """A commit for people: the beginning of its digest, and the day of its committer's clock in UTC."""
        raw = self.objects.read(commit) or b""
        line = next((line for line in raw.split(b"\n") if line.startswith(b"committer ")), b"")
        try:
            day = f"{_EPOCH + timedelta(seconds=int(line.split(b' ')[-2])):%Y-%m-%d}"
        except (IndexError, ValueError, OSError, OverflowError):
            return commit[:12]
        return f"{commit[:12]} of {day}"

    def is_signed(self, award: StoredAward, version: Version) -> bool:
        """Whether the file of a version, as the history held it, is what a key of the issuer signed for this site."""
        document = self._signed_file(award, version)
        if document is None:
            return False
        address = signed_url(self.past.base, "credential", id=award.id, file=version.file)
        return credential_id_of(document) == address and self._is_by(award.issuer, document, version.key)

    def says_the_same(self, award: StoredAward, version: Version, here: bytes | None) -> bool:
        """Whether the file of a version, as the history held it, and bytes that lie here, are equal but for their proofs."""
        documents = [self._signed_file(award, version), self._document(here)]
        before, now = (without_proof(one) if isinstance(one, dict) else None for one in documents)
        return before is not None and before == now

    def _signed_file(self, award: StoredAward, version: Version) -> Any:
        """The JSON of a version's file; None where no commit had it. It need not have come with its award.json: people commit in parts."""
        held = self.past.held.get(f"{award.folder}/{version.file}", {})
        documents = (self._document(self.blob(digest), version.sha256) for digest in held)
        return next((document for document in documents if document is not None), None)

    def whole_commit(self, state: State) -> str:
        """A commit that has a state of an award with all its signed files, from which it can be brought back; else one that brought it."""
        award, held = state.award, self.past.held
        kept = award.kept if isinstance(award, StoredAward) else []
        later = [held.get(f"{award.folder}/{version.file}", {}) for version in kept]
        commits = [*state.commits, *(commit for blobs in later for found in blobs.values() for commit in found)]
        wanted = {version.file: version.sha256 for version in kept}
        wanted["award.json"] = hashlib.sha256(award_bytes(award)).hexdigest()
        for commit in commits[:_TRIED]:
            files = {name: self.file(commit, f"{award.folder}/{name}") or b"" for name in wanted}
            if {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()} == wanted:
                return commit
        return state.commits[0]

    def lists_with(self, issuer: str, entry: StatusEntry | Version) -> Iterator[list[str]]:
        """The commits that brought each signed status list in which an entry is withdrawn, list by list."""
        file = status_file(issuer, entry.list)
        url = signed_url(self.past.base, "status list", issuer=issuer, number=str(entry.list))
        for digest, commits in self.past.held.get(file, {}).items():
            if digest not in self._lists:
                self._lists[digest] = self._bits(issuer, self.blob(digest), url)
            if entry.index in self._lists[digest]:
                yield list(commits)

    def is_own(self, revision: str) -> bool:
        """Whether the site had today's address in a commit."""
        if revision not in self._addresses:
            raw = self.file(revision, "mkdocs.yml")
            self._addresses[revision] = read_address(raw) if raw is not None else ""
        return self._addresses[revision] == self.past.base

    def awards_in(self, revision: str, issuer: str) -> list[str]:
        """The paths of an issuer's awards in a commit, below the site's root."""
        folder = f"{self.past.prefix}{SIGNED}/{issuer}/"
        listed = run_git(self.past.root, "ls-tree", "-z", "--name-only", "--full-tree", revision, folder)
        names = listed.decode("utf-8", "surrogateescape").split("\0")
        return [f"{name.removeprefix(self.past.prefix)}/award.json" for name in names if name]

    def _bits(self, issuer: str, raw: bytes, url: str) -> frozenset[int]:
        document = self._document(raw)
        try:
            return own_bits(document, url=url) if self._is_by(issuer, document) else frozenset()
        except StatusError:
            return frozenset()

    def _is_by(self, issuer: str, document: Any, key: str = "") -> bool:
        methods = [method_of(proof) for proof in proofs_of(document, suite=JCS)] if isinstance(document, dict) else []
        name = methods[0].rpartition("#")[2] if len(methods) == 1 else ""
        if not name or key not in ("", name):
            return False
        return any(is_signed_by(document, methods[0], multibase) for multibase in self._keys(issuer).get(name, ()))

    def _keys(self, issuer: str) -> dict[str, set[str]]:
        """Every public key that an issuer ever listed, by its name."""
        if issuer not in self._signers:
            found: dict[str, set[str]] = {}
            path = f"issuers/{issuer}/keys.yml"
            for digest in self.past.held.get(path, {}):
                for key in keys_in(self.blob(digest), path):
                    found.setdefault(key.id, set()).add(key.publicKeyMultibase)
            self._signers[issuer] = found
        return self._signers[issuer]

    @staticmethod
    def _document(raw: bytes | None, sha256: str = "") -> Any:
        if raw is None or sha256 not in ("", hashlib.sha256(raw).hexdigest()):
            return None
        try:
            return parse_json(raw)
        except EncodingError:
            return None
