"""What was signed, held against everything else in the repository: folders, award.json, keys, pictures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from site_builder.credentials.identifiers.multikey import KeyTextError, parse_public_key
from site_builder.credentials.openbadges3.build import hash_email
from site_builder.credentials.openbadges3.read import (
    CredentialFormError,
    achievement_json_of,
    credential_id_of,
    image_urls_of,
    issuer_json_of,
)
from site_builder.credentials.securing.data_integrity import (
    JCS,
    ProofError,
    is_own_proof_set,
    proofs_of,
    verify_proof,
)
from site_builder.credentials.urls import signed_path, signed_url
from site_builder.encoding import EncodingError
from site_builder.errors import Problem, Progress, no_progress
from site_builder.ledger.checks.matching import Matched
from site_builder.ledger.checks.rendered_files import check_named
from site_builder.ledger.store.award_json import ErasedAward, StoredAward, Version
from site_builder.ledger.store.definitions import issuer_did
from site_builder.ledger.store.editions import Editions, find_editions
from site_builder.ledger.store.ledger import RESTORE, Ledger
from site_builder.ledger.store.renderings import STEM
from site_builder.ledger.verified.cache import Stated, VerifiedCache
from site_builder.records.load.award_files import Row
from site_builder.records.load.repository import Repository

__all__ = ["SignedFacts", "check_signed_files", "is_signed_by"]

Json = dict[str, Any]


@dataclass(frozen=True)
class SignedFacts:
    """What signed files say. pictures: paths of those that they name, below the site's root. editions: of the achievements they state.

    proven: (SHA-256 of a file, verification method) of each proof that holds."""

    pictures: frozenset[str]
    editions: Editions
    proven: frozenset[tuple[str, str]]
    problems: Sequence[Problem]


@dataclass(frozen=True)
class _Known:
    """What signed files are held against. proven: proofs that were found to hold before, by the keys of this repository.

    cache: files that were found to be right before. methods: verification methods by issuer and key. stated: what credentials state."""

    repository: Repository
    ledger: Ledger
    matched: Matched
    proven: AbstractSet[tuple[str, str]]
    cache: VerifiedCache | None = None
    methods: dict[tuple[str, str], _Method | None] = field(default_factory=dict)
    stated: dict[bytes, Stated] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return self.repository.config.base

    def method(self, issuer: str, key_id: str) -> _Method | None:
        """The verification method of an issuer's key; None where there is no such issuer or key."""
        named = (issuer, key_id)
        if named not in self.methods:
            self.methods[named] = self._method(issuer, key_id)
        return self.methods[named]

    def _method(self, issuer: str, key_id: str) -> _Method | None:
        found = self.repository.issuers.get(issuer)
        key = next((key for key in found.keys if key.id == key_id), None) if found else None
        if found is None or key is None:
            return None
        name = f"{issuer_did(found, self.base)}#{key_id}"
        about = (self.base, issuer, name, key.publicKeyMultibase, key.state)
        return _Method(name, key.publicKeyMultibase, hashlib.sha256("\n".join(about).encode("utf-8")).digest())

    def stated_in(self, document: Json) -> Stated:
        """What a document states: the same value for all that state the same."""
        about = (issuer_json_of(document), achievement_json_of(document))
        form = orjson.dumps(about)
        if form not in self.stated:
            self.stated[form] = Stated(about[1], tuple(sorted(_pictures_of(document, self.base))))
        return self.stated[form]


@dataclass(frozen=True)
class _Method:
    """A verification method. digest: of its name, its key, the state of that and the site's address."""

    name: str
    multibase: str
    digest: bytes


@dataclass(frozen=True)
class _FileFacts:
    """What one file says. stated: None unless it is the credential of its folder. is_strange: it is that of another site.

    proven: the proof of it that holds, if one does."""

    award: StoredAward
    stated: Stated | None = None
    is_strange: bool = False
    proven: frozenset[tuple[str, str]] = frozenset()
    problems: tuple[Problem, ...] = ()


def check_signed_files(
    repository: Repository,
    ledger: Ledger,
    matched: Matched,
    *,
    proven: AbstractSet[tuple[str, str]] = frozenset(),
    cache: VerifiedCache | None = None,
    progress: Progress = no_progress,
) -> SignedFacts:
    """Each signed file against its folder, its award.json, the issuer's keys, and the pictures that it names.

    matched: the rows of awards. proven: proofs that need not be verified again, since the keys are the same as then.
    cache: files that need not be looked into again, since they and all that they were held against are the same as then."""
    known = _Known(repository, ledger, matched, proven, cache)
    files: list[_FileFacts] = []
    for done, award in enumerate(ledger.awards.values(), 1):
        progress(done, len(ledger.awards))
        files += [_check_file(known, award, version) for version in award.kept]
    stated = [(file.award, file.stated) for file in files if file.stated is not None]
    pictures = frozenset(path for one in {id(one): one for _, one in stated}.values() for path in one.pictures)
    problems = [
        *(problem for file in files for problem in file.problems),
        *check_named(repository.root, pictures),
        *(problem for erased in ledger.erased.values() for problem in _check_folders(repository.root, erased)),
        *_check_address(repository, strangers=sum(file.is_strange for file in files)),
    ]
    return SignedFacts(
        pictures,
        find_editions((award.badge, one.achievement, award.awarded) for award, one in stated if one.achievement),
        frozenset(proof for file in files for proof in file.proven),
        problems,
    )


def _check_address(repository: Repository, *, strangers: int) -> Iterator[Problem]:
    """strangers: how many files are sound but for the site's address in them."""
    if strangers:
        what = f"site_url does not begin the addresses of {strangers} signed credentials"
        fix = (
            "put it back as it was: a signed address never changes. 'laurels move --to' and the other address says how a site "
            "moves all the same (to begin your own site, delete the demo's content first)"
        )
        yield Problem("mkdocs.yml", repository.config.base_line, "CFG002", what, fix)


def _check_file(known: _Known, award: StoredAward, version: Version) -> _FileFacts:
    path = f"{award.folder}/{version.file}"
    file = known.ledger.files.get(path)
    if file is None or file.sha256 != version.sha256:
        return _FileFacts(award)  # reported already: the file is missing, or was changed
    key, method = _cache_key(known, award, version), known.method(award.issuer, version.key)
    stated = known.cache.find(key) if known.cache and key else None
    if stated is not None and method is not None:
        return _FileFacts(award, stated, proven=frozenset([(version.sha256, method.name)]))
    try:
        document = file.document
    except EncodingError:
        document = None
    page = signed_path("credential", id=award.id, file=version.file)
    address = credential_id_of(document)
    if address == known.base + page:
        found = _check_document(known, award, version, document)
        if known.cache and key and found.stated and not found.problems:
            known.cache.note(key, found.stated)
        return found
    if address.startswith("https://") and address.endswith("/" + page):
        return _FileFacts(award, is_strange=True)
    what = "this file is not the credential of this folder"
    return _FileFacts(award, problems=(Problem(path, 0, "LED001", what, RESTORE),))


def _cache_key(known: _Known, award: StoredAward, version: Version) -> bytes | None:
    """A digest of all that decides whether a file is right; None for one that is looked at every time.

    That is the file, award.json beside it, the key and its state, the site's address, and of the row what is compared with the file."""
    read, method = known.ledger.award_files.get(award.folder), known.method(award.issuer, version.key)
    if read is None or method is None or award.badge not in known.repository.badges:
        return None
    row = _row_stated(known, award, version)
    about = b"\n" if row is None else (row.award.email or "").encode("utf-8")
    parts = (method.digest, read[1], bytes.fromhex(version.sha256), version.file.encode("ascii"), b"\0", about)
    return hashlib.sha256(b"".join(parts)).digest()


def _row_stated(known: _Known, award: StoredAward, version: Version) -> Row | None:
    """The row that a version with a salt was signed for, if it is there: then its address can be held against it."""
    is_stated = version is award.current and version.salt is not None and award.id in known.matched.stating
    return known.matched.rows.get(award.id) if is_stated else None


def _check_document(known: _Known, award: StoredAward, version: Version, document: Json) -> _FileFacts:
    stated = known.stated_in(document)
    issuer = known.repository.issuers.get(award.issuer)
    if issuer is None or award.badge not in known.repository.badges:
        return _FileFacts(award, stated, problems=tuple(_check_folders(known.repository.root, award)))
    method = known.method(award.issuer, version.key)
    if method is None:
        what = f"{version.key} is gone from the list of keys, and signed credentials name it"
        fix = "put the key back; set its state instead"
        return _FileFacts(award, stated, problems=(Problem(f"issuers/{issuer.slug}/keys.yml", 1, "LED008", what, fix),))
    proof = (version.sha256, method.name)
    if proof not in known.proven and not is_signed_by(document, method.name, method.multibase):
        what, fix = f"this file is not what {method.name} signed", "restore it, issuer.yml and keys.yml from git"
        problem = Problem(f"{award.folder}/{version.file}", 0, "LED001", what, fix)
        return _FileFacts(award, stated, problems=(problem,))
    if not _agrees(known, award, version):
        what = "award.json does not say what the signed credential beside it says"
        problem = Problem(f"{award.folder}/award.json", 0, "LED001", what, RESTORE)
        return _FileFacts(award, stated, proven=frozenset([proof]), problems=(problem,))
    return _FileFacts(award, stated, proven=frozenset([proof]))


def _check_folders(root: Path, award: StoredAward | ErasedAward) -> Iterator[Problem]:
    """What every award names stays. A folder that is there and cannot be read has problems of its own."""
    for missing in (f"issuers/{award.issuer}", f"badges/{award.badge}"):
        if not (root / missing).is_dir():
            what = f"the folder {missing} is gone, and signed credentials name it"
            yield Problem(missing, 0, "LED008", what, "restore the folder from git")


def _agrees(known: _Known, award: StoredAward, version: Version) -> bool:
    """Whether award.json, which nobody signs, repeats its credential: a wrong index would revoke somebody else."""
    try:
        credential = known.ledger.credential(award, version)
    except CredentialFormError:
        return False
    base, subject = known.base, credential.subject
    is_current = version is award.current
    row = _row_stated(known, award, version)
    if row is not None and version.salt is not None:
        matches = subject.email_hash == hash_email(row.award.email or "", version.salt)
    else:
        matches = bool(subject.email_hash) == (version.salt is not None)
    return (
        matches
        and credential.status.list_url == signed_url(base, "status list", issuer=award.issuer, number=str(version.list))
        and credential.status.index == version.index
        and subject.achievement.id == signed_url(base, "achievement", badge=award.badge)
        and (credential.awarded.date().isoformat() == award.awarded or not is_current)
        and all(proof.created == version.signed for proof in credential.proofs)
    )


def is_signed_by(document: Any, method: str, multibase: str) -> bool:
    """Whether a JSON value is a document that has the proofs that `issue` writes and the jcs proof holds: a quick look at every file.

    `laurels verify` checks all proofs, and takes those of other issuers in every form that the standard allows."""
    if not isinstance(document, dict) or not is_own_proof_set(document, verification_method=method):
        return False
    [proof] = proofs_of(document, suite=JCS)
    try:
        verify_proof(document, proof, public_key=parse_public_key(multibase))
    except (ProofError, KeyTextError):
        return False
    return True


_PICTURE = re.compile(rf"(?:badges|issuers)/[a-z0-9-]+/{STEM}\.png")


def _pictures_of(document: dict[str, Any], base: str) -> set[str]:
    """The paths below the base of the pictures that a credential names, whatever else it says."""
    paths = {url.removeprefix(base) for url in image_urls_of(document)}
    return {path for path in paths if _PICTURE.fullmatch(path)}
