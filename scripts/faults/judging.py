"""What must be true after a fault, and after the same command was run once more. Each rule is a sentence that says what is wrong."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.faults.scene import Scene
from scripts.faults.tracing import Ended
from site_builder.credentials.identifiers.multikey import parse_public_key
from site_builder.credentials.securing.data_integrity import ProofError, proofs_of, verify_proof, without_proof
from site_builder.credentials.securing.rdfc import CanonicalizationError
from site_builder.encoding import EncodingError, format_json, parse_json
from site_builder.errors import Error
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.checks.status_lists import wanted_bits
from site_builder.ledger.store.award_json import SIGNED, ErasedAward, StoredAward, Version, read_award
from site_builder.ledger.store.checked_repository import CheckedRepository
from tests.trees import tree_of

__all__ = ["BuildJudge", "IssueJudge", "Judge", "attempt", "records_of"]

# What a run of `issue` that was killed may leave: check names it, and says that the next run completes it.
_INTERRUPTED = "LED012"


class Judge:
    """What is wrong in a copy of a scene."""

    def after_fault(self, root: Path, ended: Ended) -> Iterator[str]:
        """What must not be so when the fault has struck."""
        raise NotImplementedError

    def after_rerun(self, root: Path) -> Iterator[str]:
        """What must not be so when the same command was run again."""
        raise NotImplementedError


def _said(ended: Ended) -> Iterator[str]:
    """A run that was not killed ends well, or by one sentence."""
    if not ended.signal and ended.code not in (0, 1):
        yield f"the run ended in no sentence: {ended.said}"
    if ended.code == 1 and not ended.said.strip():
        yield "the run failed and did not say why"
    if "None" in ended.said:
        yield f"the sentence has a hole: {ended.said}"


# --- issue ------------------------------------------------------------------------------------------------------------


@dataclass
class IssueJudge(Judge):
    """Held against a run of the same command that nothing disturbed."""

    scene: Scene
    undisturbed: Path
    seen: dict[tuple[str, int], tuple[Version, bytes | None]] = field(default_factory=dict)

    def after_fault(self, root: Path, ended: Ended) -> Iterator[str]:
        yield from _said(ended)
        problems = check_repository(root).problems
        if {problem.code for problem in problems} - {_INTERRUPTED}:
            yield f"check is not sound after the fault: {'; '.join(map(str, problems))}"
        if ended.code == 0 and [*problems, *_what_is_left(check_repository(root))]:
            yield "the run said that all was well, and left work"
        self.seen = _versions(self.scene.folder) | _versions(root)

    def after_rerun(self, root: Path) -> Iterator[str]:
        checked = check_repository(root)
        yield from map(str, checked.problems)
        yield from _what_is_left(checked)
        if _outcome(checked) != _outcome(check_repository(self.undisturbed)):
            yield "other awards, rows or states than those of an undisturbed run"
        yield from _doubles(checked)
        yield from _not_verified(checked)
        yield from self._lost(root)
        yield from _leftovers(root)
        done = tree_of(root)
        yield from attempt(self.scene, root, "third")
        if tree_of(root) != done:
            yield "a third run changed what the second had completed"

    def _lost(self, root: Path) -> Iterator[str]:
        """What was committed before the fault, or when it struck, and is not what it was."""
        now, erased = _versions(root), check_repository(root).ledger.erased
        for (award_id, number), (version, raw) in self.seen.items():
            if award_id in erased:
                continue
            if (award_id, number) not in now:
                yield f"version {number} of {award_id} was lost"
                continue
            other, bytes_now = now[award_id, number]
            if _frozen(other) != _frozen(version):
                yield f"version {number} of {award_id} has another place, row or time than before"
            if raw is not None and bytes_now is not None and not _is_same(version, raw, other, bytes_now):
                yield f"version {number} of {award_id} has other bytes than before"


def _what_is_left(checked: CheckedRepository) -> Iterator[str]:
    if checked.pending_rows or checked.pending_changes or checked.stale:
        yield f"not done: {len(checked.pending_rows)} rows, {len(checked.pending_changes)} changes, {len(checked.stale)} lists"


def _outcome(checked: CheckedRepository) -> list[tuple[Any, ...]]:
    """What was issued, without the ids and places that are drawn."""
    stored = [
        (award.identity, award.renews or "", award.awarded, tuple(_fate(version) for version in award.versions))
        for award in checked.ledger.awards.values()
    ]
    erased = [(award.id, "erased", award.awarded, len(award.versions)) for award in checked.ledger.erased.values()]
    return sorted([*stored, *erased], key=repr)


def _fate(version: Version) -> tuple[Any, ...]:
    names = ("file", "row", "state", "change", "key", "issued", "resigned", "withheld")
    return tuple(getattr(version, name) for name in names)


def _doubles(checked: CheckedRepository) -> Iterator[str]:
    """A place that two versions have, erased ones included."""
    awards: list[StoredAward | ErasedAward] = [*checked.ledger.awards.values(), *checked.ledger.erased.values()]
    places = Counter((award.issuer, place.list, place.index) for award in awards for place in award.versions)
    yield from (f"two versions have the place {place}" for place, count in places.items() if count > 1)


def _not_verified(checked: CheckedRepository) -> Iterator[str]:
    """Credentials of which a proof fails, or was made by a key in wrong hands. Status lists are checked as `stale` ones."""
    for award in checked.ledger.awards.values():
        keys = {key.id: key for key in checked.repository.issuers[award.issuer].keys}
        for version in award.kept:
            document = checked.document(award, version)
            key = keys[version.key]
            if key.state == "compromised":
                yield f"{version.file} of {award.id} is signed by a key in wrong hands"
            try:
                for proof in proofs_of(document):
                    verify_proof(document, proof, public_key=parse_public_key(key.publicKeyMultibase))
            except (ProofError, CanonicalizationError) as error:
                yield f"{version.file} of {award.id} does not verify: {error}"
            if len(proofs_of(document)) != 2:
                yield f"{version.file} of {award.id} has not two proofs"
    for issuer in checked.repository.issuers:
        for number in wanted_bits(checked.ledger, issuer):
            if (issuer, number) not in checked.ledger.lists:
                yield f"list {number} of {issuer} is missing"


def _versions(root: Path) -> dict[tuple[str, int], tuple[Version, bytes | None]]:
    """Each version that is committed, with the bytes of its file if they are here; by id and number."""
    found: dict[tuple[str, int], tuple[Version, bytes | None]] = {}
    for file in sorted((root / SIGNED).glob("*/[!.]*/award.json")):
        try:
            award = read_award(file.read_bytes(), issuer=file.parts[-3], name=file.parts[-2])
        except ValueError:  # check says so
            continue
        for number, version in enumerate(award.versions if isinstance(award, StoredAward) else (), 1):
            signed = file.with_name(version.file)
            found[award.id, number] = version, signed.read_bytes() if signed.is_file() else None
    return found


def _frozen(version: Version) -> tuple[Any, ...]:
    return tuple(getattr(version, name) for name in ("file", "row", "list", "index", "salt", "issued"))


def _is_same(before: Version, raw: bytes, after: Version, raw_after: bytes) -> bool:
    """Whether a file kept its bytes; where proofs were replaced, what it says."""
    if before.resigned == after.resigned and hashlib.sha256(raw).hexdigest() == before.sha256:
        return raw == raw_after
    try:
        return format_json(without_proof(parse_json(raw))) == format_json(without_proof(parse_json(raw_after)))
    except EncodingError:
        return False


def _leftovers(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob(".*")):
        if path.name != ".lock":
            yield f"left over: {path.relative_to(root)}"


# --- build ------------------------------------------------------------------------------------------------------------


@dataclass
class BuildJudge(Judge):
    """old, new: every file of the site before, and of one that was built with no other before it. records: all other files."""

    scene: Scene
    old: dict[str, bytes]
    new: dict[str, bytes]
    records: dict[str, bytes]

    def after_fault(self, root: Path, ended: Ended) -> Iterator[str]:
        yield from _said(ended)
        site = _site(root)
        if site not in (self.old, self.new):
            yield "the site is neither the old one nor the new one"
        if ended.code == 0 and site != self.new:
            yield "the run said that all was well, and the site is not the new one"
        if records_of(root) != self.records:
            yield "something else than the site was changed"

    def after_rerun(self, root: Path) -> Iterator[str]:
        if tree_of(root / "site") != self.new:
            yield "the site is not what a build with no fault gives"
        yield from (f"left over: {path.name}" for path in root.glob("site*") if path.name != "site")
        shared = [path for path in (root / "site").rglob("*") if path.is_file() and path.stat().st_nlink != 1]
        yield from (f"still shared with another site: {path.name}" for path in shared)
        if records_of(root) != self.records:
            yield "something else than the site was changed"


def _site(root: Path) -> dict[str, bytes]:
    """The site; where two renames do the work, the old one that lies aside for a moment."""
    aside = list(root.glob("site.old-*"))
    if not (root / "site").exists() and len(aside) == 1:
        return tree_of(aside[0])
    return tree_of(root / "site")


def records_of(root: Path) -> dict[str, bytes]:
    """Every file of a repository but its site, and what lies beside that."""
    found: dict[str, bytes] = {}
    for path in sorted(root.iterdir()):
        if not path.name.startswith("site"):
            found |= (
                {f"{path.name}/{name}": raw for name, raw in tree_of(path).items()}
                if path.is_dir()
                else {path.name: path.read_bytes()}
            )
    return found


def attempt(scene: Scene, root: Path, seed: str) -> Iterator[str]:
    """Runs the command again; what it refuses."""
    try:
        scene.act(root, seed)
    except Error as error:
        yield f"the same command once more refused: {error}"
