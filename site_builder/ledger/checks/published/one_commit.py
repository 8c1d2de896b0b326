"""What a commit that was published holds, held against what lies here: none of it may be lost or changed.

Only what the rules without git cannot see is said here: they know what lies here, and not what is gone."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from site_builder.credentials.securing.data_integrity import without_proof
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Problem
from site_builder.ledger.checks.published.differences import (
    KEY_FIX,
    NEVER_DELETED,
    STAYS,
    differences,
    key_differences,
    keys_in,
)
from site_builder.ledger.history.git_tree import GitTree, is_merged
from site_builder.ledger.store.award_json import SIGNED, StoredAward, read_award
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.since import SINCE
from site_builder.records.formats.regular_files import read_regular_file
from site_builder.records.formats.yaml_events import YamlRefused, parse_yaml
from site_builder.records.load.award_files import read_record

__all__ = ["WorkTree", "check_published", "unsaid"]

_CODE = "LED011"
_MAX_BYTES = 16 * 1_048_576


def check_published(checked: CheckedRepository, published: GitTree) -> list[Problem]:
    """A problem for each thing that the commit holds and that is gone or another here, unless another rule said it already.

    checked: with the problems of all other rules."""
    here = WorkTree(checked.repository.root, published)
    found = [
        *_check_awards(here),
        *_check_signers(here, checked),
        *_check_erasures(here, checked),
        *_check_keys(here, checked),
        *_check_identifiers(here, checked),
        *_check_files(here),
        *_check_since(here),
    ]
    return unsaid(found, checked)


# Codes of problems that speak for the whole file or folder that they name, and for all below it.
_SAYS_ALL = {"FIL002", "FIL003", "LED001", "LED004", "LED008", "LED012"}


def unsaid(found: Iterable[Problem], checked: CheckedRepository) -> list[Problem]:
    """Those of the problems that no other rule has said already."""
    said = {problem.file for problem in checked.problems if problem.code in _SAYS_ALL}
    # What is said of a list of keys is said of one key.
    said -= {listed.file for listed in checked.repository.key_files}
    return [problem for problem in found if not _is_said(problem, said)]


def _is_said(problem: Problem, said: set[str]) -> bool:
    return bool(said & {problem.file, *(parent.as_posix() for parent in Path(problem.file).parents)})


@dataclass(frozen=True)
class WorkTree:
    """The files below the site's root, beside those of a commit that was published."""

    root: Path
    published: GitTree

    def raw(self, path: str) -> bytes | None:
        """The bytes of a file here; None when it is not there, or when it is no regular file of a sensible size."""
        return read_regular_file(self.root, path, [], max_bytes=_MAX_BYTES)

    def differing(self, paths: list[str]) -> Iterator[tuple[str, bytes, bytes | None]]:
        """(path, published bytes, bytes here) of those files that are not the same here."""
        here = {path: raw for path in paths if not self.published.holds(path, raw := self.raw(path))}
        there = self.published.read(here)
        for path, raw in here.items():
            yield path, there[path], raw

    def is_same_statement(self, path: str) -> bool:
        """Whether two signed documents, here and there, are equal but for their proofs."""
        raw, there = self.raw(path), self.published.read([path]).get(path)
        if raw is None or there is None:
            return False
        try:
            documents = [without_proof(parse_json(found)) for found in (raw, there)]
        except (EncodingError, AttributeError):
            return False  # not JSON, or no document
        return bool(documents[0] == documents[1])

    @cached_property
    def is_behind(self) -> bool:
        """Whether the commit is not part of this branch yet; then what is missing here came later, and a merge brings it."""
        return not is_merged(self.published)

    def restore(self, path: str) -> str:
        """The command that brings back what the commit has."""
        if self.is_behind:
            return f"git merge {shlex.quote(self.published.ref)}, which this branch is behind"
        return f"git checkout {shlex.quote(self.published.ref)} -- {shlex.quote(path)}"

    def problem(self, file: str, what: str, fix: str, *, path: str = "") -> Problem:
        """A problem whose remedy begins with bringing back path, else the file."""
        return Problem(
            file, 0, _CODE, f"{what} (published in {self.published.ref})", f"{self.restore(path or file)}; {fix}"
        )


# --- awards -----------------------------------------------------------------------------------------------------------


def _check_awards(here: WorkTree) -> Iterator[Problem]:
    paths = [path for path in here.published.blobs if path.startswith(f"{SIGNED}/") and path.endswith("/award.json")]
    for path, there, raw in here.differing(paths):
        folder = path.removesuffix("/award.json")
        if raw is None:
            yield here.problem(path, "this award is gone", NEVER_DELETED, path=folder)
            continue
        _, issuer, name = folder.rsplit("/", 2)
        try:
            old = read_award(there, issuer=issuer, name=name)
        except ValueError:
            what = f"what {here.published.ref} holds here is not an award.json"
            yield Problem(path, 0, _CODE, what, "compare with a commit that was sound, such as the one before it")
            continue
        try:
            new = read_award(raw, issuer=issuer, name=name)
        except ValueError:
            continue  # reported already: it cannot be read
        for found in differences(old, new, is_same_statement=here.is_same_statement):
            yield here.problem(path, found.what, found.fix, path=folder)


def _check_erasures(here: WorkTree, checked: CheckedRepository) -> Iterator[Problem]:
    """The days of erasures, which pages state: alone of all changes, an erasure leaves no digest of its record behind."""
    paths = [path for path in here.published.blobs if path.startswith("content/records/") and path.endswith(".yml")]
    for path, there, _ in here.differing(paths):
        for old in read_record(there, file=path, issuer=path.split("/")[2]).changes:
            award, new = checked.ledger.erased.get(old.record.target), checked.erasures.get(old.record.target)
            if old.record.kind != "erase" or award is None or new is None or old.record.date == new.record.date:
                continue
            if here.published.holds(file := f"{award.folder}/award.json", here.raw(file)):
                what = f"the day on which {award.id} was erased is another one (published in {here.published.ref})"
                fix = f"write {old.record.date} again: an erasure is final"
                yield Problem(new.file, new.line_of(("date",)), _CODE, what, fix)


def _check_signers(here: WorkTree, checked: CheckedRepository) -> Iterator[Problem]:
    """What is new here, and signed with a key that was published as compromised: anybody may have made it."""
    paths = {f"issuers/{slug}/keys.yml": slug for slug in checked.repository.issuers}
    lost = {
        (paths[path], key.id)
        for path, raw in here.published.read(paths).items()
        for key in keys_in(raw, path)
        if key.state == "compromised"
    }
    for award in checked.ledger.awards.values() if lost else ():
        if not any((award.issuer, version.key) in lost for version in award.kept):
            continue
        there = here.published.read([path := f"{award.folder}/award.json"]).get(path)
        for version in award.versions[_count_versions(there, award) :]:
            if (award.issuer, version.key) in lost:
                what = (
                    f"{version.file} is new, and {version.key} signed it, which is compromised in {here.published.ref}"
                )
                fix = "delete the folder: its row is issued anew, with the key of today"
                if there is not None:
                    fix = f"{here.restore(award.folder)}, and delete {version.file}: its record is applied anew"
                yield Problem(f"{award.folder}/{version.file}", 0, _CODE, what, fix)


def _count_versions(raw: bytes | None, award: StoredAward) -> int:
    """How many versions of an award were published."""
    try:
        return len(read_award(raw, issuer=award.issuer, name=award.id).versions) if raw is not None else 0
    except ValueError:
        return 0


# --- keys -------------------------------------------------------------------------------------------------------------


def _signing_issuers(published: GitTree) -> set[str]:
    return {path.split("/")[2] for path in published.blobs if path.startswith(f"{SIGNED}/") and path.count("/") == 4}


def _check_keys(here: WorkTree, checked: CheckedRepository) -> Iterator[Problem]:
    paths = [path for path in here.published.blobs if path.startswith("issuers/") and path.endswith("/keys.yml")]
    said = {(problem.file, problem.what.split(" ")[0]) for problem in checked.problems if problem.code == "LED008"}
    lists = {listed.file: listed for listed in checked.repository.key_files}
    for path, there, raw in here.differing(paths):
        if raw is None:
            yield here.problem(path, "the list of public keys is gone", "no key that was published is ever taken away")
            continue
        if path not in lists:
            continue  # reported already: it cannot be read
        keys = {key.id: (index, key) for index, key in enumerate(lists[path].keys)}
        for old in keys_in(there, path):
            index, new = keys.get(old.id, (0, None))
            if new is None and (path, old.id) in said:
                continue
            line = lists[path].lines.find(("keys", index)) if new else 1
            for what in key_differences(old, new):
                fix = f"{here.restore(path)}, and add to it what is new. {KEY_FIX}"
                yield Problem(path, line, _CODE, f"{what} (published in {here.published.ref})", fix)


def _check_identifiers(here: WorkTree, checked: CheckedRepository) -> Iterator[Problem]:
    paths = [f"issuers/{issuer}/issuer.yml" for issuer in sorted(_signing_issuers(here.published))]
    for path, there, raw in here.differing([path for path in paths if path in here.published.blobs]):
        issuer = checked.repository.issuers.get(path.split("/")[1])
        if raw is None:
            yield here.problem(path, "the issuer's own file is gone", "an issuer that has signed stays")
        if issuer is None:
            continue  # reported already: it cannot be read
        try:
            old = parse_yaml(there, file=path).value.get("did")
        except YamlRefused:
            continue
        if (old or None) != issuer.record.did:
            what = f"the issuer's identifier (did:) is another one than it was in {here.published.ref}"
            fix = f"write {f'did: {old}' if old else 'no did: at all'}, as before: signatures name it for ever"
            yield Problem(path, issuer.lines.find(("did",)) if issuer.record.did else 1, _CODE, what, fix)


# --- other files ------------------------------------------------------------------------------------------------------


def _check_since(here: WorkTree) -> Iterator[Problem]:
    """The file that says since when a repository remembers: with the first signature it is too late for it."""
    is_there, is_here = SINCE in here.published.blobs, here.raw(SINCE) is not None
    has_signed = any(path.startswith(f"{SIGNED}/") and path.endswith("/award.json") for path in here.published.blobs)
    if is_here and has_signed and not is_there:
        what = f"this file makes the repository forget what {here.published.ref} published and what came before"
        yield Problem(SINCE, 0, "LED016", what, "delete it: it belongs in the first commit of a repository")
    if is_there and not is_here:
        yield Problem(SINCE, 0, "LED016", f"this file is gone (it is in {here.published.ref})", here.restore(SINCE))


def _check_files(here: WorkTree) -> Iterator[Problem]:
    """Status lists, which are written anew when somebody is revoked, and pictures, which never change: a signature names them."""
    for path in here.published.blobs:
        parts = path.split("/")
        if len(parts) != 4 or (kept := _KEPT.get((parts[0], parts[2]))) is None:
            continue
        raw = here.raw(path)
        if raw is None:
            yield here.problem(path, f"this {kept} is gone", STAYS)
        elif kept == "picture" and not here.published.holds(path, raw):
            yield here.problem(path, "this picture is another one", STAYS)


_KEPT = {
    ("issuers", "status"): "status list",
    ("issuers", "rendered"): "picture",
    ("badges", "rendered"): "picture",
}
