"""What was signed, held against everything else in the repository: folders, award.json, keys, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from site_builder.credentials.identifiers.multikey import KeyTextError, parse_public_key
from site_builder.credentials.openbadges3.build import hash_email
from site_builder.credentials.openbadges3.read import (
    CredentialFormError,
    achievement_json_of,
    credential_id_of,
    image_urls_of,
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
from site_builder.ledger.checks.rendered_files import check_named
from site_builder.ledger.store.award_json import ErasedAward, StoredAward, Version
from site_builder.ledger.store.definitions import issuer_did
from site_builder.ledger.store.editions import Editions, find_editions
from site_builder.ledger.store.identity import row_digest
from site_builder.ledger.store.ledger import RESTORE, Ledger
from site_builder.ledger.store.renderings import STEM
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
    """What signed files are held against. proven: proofs that were found to hold before, by the keys of this repository."""

    repository: Repository
    ledger: Ledger
    rows: Mapping[str, Row]
    proven: AbstractSet[tuple[str, str]]

    @property
    def base(self) -> str:
        return self.repository.config.base


@dataclass(frozen=True)
class _FileFacts:
    """What one file says. document: None unless it is the credential of its folder. is_strange: it is that of another site.

    proven: the proof of it that holds, if one does."""

    award: StoredAward
    document: Json | None = None
    is_strange: bool = False
    proven: frozenset[tuple[str, str]] = frozenset()
    problems: tuple[Problem, ...] = ()


def check_signed_files(
    repository: Repository,
    ledger: Ledger,
    rows: Mapping[str, Row],
    *,
    proven: AbstractSet[tuple[str, str]] = frozenset(),
    progress: Progress = no_progress,
) -> SignedFacts:
    """Each signed file against its folder, its award.json, the issuer's keys, and the pictures that it names.

    rows: by the award's id. proven: proofs that need not be verified again, since the keys are the same as then."""
    known = _Known(repository, ledger, rows, proven)
    files: list[_FileFacts] = []
    for done, award in enumerate(ledger.awards.values(), 1):
        progress(done, len(ledger.awards))
        files += [_check_file(known, award, version) for version in award.kept]
    documents = [(file.award, file.document) for file in files if file.document is not None]
    pictures = frozenset(path for _, document in documents for path in _pictures_of(document, known.base))
    stated = ((award, achievement_json_of(document)) for award, document in documents)
    problems = [
        *(problem for file in files for problem in file.problems),
        *check_named(repository.root, pictures),
        *(problem for erased in ledger.erased.values() for problem in _check_folders(repository.root, erased)),
        *_check_address(repository, strangers=sum(file.is_strange for file in files)),
    ]
    return SignedFacts(
        pictures,
        find_editions((award.badge, achievement, award.awarded) for award, achievement in stated if achievement),
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
    file = known.ledger.files.get(f"{award.folder}/{version.file}")
    if file is None or file.sha256 != version.sha256:
        return _FileFacts(award)  # reported already: the file is missing, or was changed
    try:
        document = file.document
    except EncodingError:
        document = None
    path = signed_path("credential", id=award.id, file=version.file)
    address = credential_id_of(document)
    if address == known.base + path:
        return _check_document(known, award, version, document)
    if address.startswith("https://") and address.endswith("/" + path):
        return _FileFacts(award, is_strange=True)
    what = "this file is not the credential of this folder"
    return _FileFacts(award, problems=(Problem(f"{award.folder}/{version.file}", 0, "LED001", what, RESTORE),))


def _check_document(known: _Known, award: StoredAward, version: Version, document: Json) -> _FileFacts:
    issuer = known.repository.issuers.get(award.issuer)
    if issuer is None or award.badge not in known.repository.badges:
        return _FileFacts(award, document, problems=tuple(_check_folders(known.repository.root, award)))
    key = next((key for key in issuer.keys if key.id == version.key), None)
    if key is None:
        what = f"{version.key} is gone from the list of keys, and signed credentials name it"
        fix = "put the key back; set its state instead"
        return _FileFacts(
            award, document, problems=(Problem(f"issuers/{issuer.slug}/keys.yml", 1, "LED008", what, fix),)
        )
    method = f"{issuer_did(issuer, known.base)}#{version.key}"
    proof = (version.sha256, method)
    if proof not in known.proven and not is_signed_by(document, method, key.publicKeyMultibase):
        what, fix = f"this file is not what {method} signed", "restore it, issuer.yml and keys.yml from git"
        problem = Problem(f"{award.folder}/{version.file}", 0, "LED001", what, fix)
        return _FileFacts(award, document, problems=(problem,))
    if not _agrees(known, award, version):
        what = "award.json does not say what the signed credential beside it says"
        problem = Problem(f"{award.folder}/award.json", 0, "LED001", what, RESTORE)
        return _FileFacts(award, document, proven=frozenset([proof]), problems=(problem,))
    return _FileFacts(award, document, proven=frozenset([proof]))


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
    row = known.rows.get(award.id) if is_current else None
    if version.salt is not None and row is not None and row_digest(row.award) == version.row:
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
