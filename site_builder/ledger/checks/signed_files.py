"""What was signed, held against everything else in the repository: folders, award.json, keys, pictures."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from site_builder.credentials.identifiers.multikey import KeyTextError, parse_public_key
from site_builder.credentials.openbadges3.build import hash_email
from site_builder.credentials.openbadges3.read import (
    CredentialFormError,
    achievement_json_of,
    credential_id_of,
    image_urls_of,
    read_credential,
)
from site_builder.credentials.securing.data_integrity import JCS, ProofError, proofs_of, verify_proof
from site_builder.credentials.urls import signed_path, signed_url
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Problem, Progress, no_progress
from site_builder.ledger.store.award_json import ErasedAward, StoredAward, Version
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.definitions import issuer_did
from site_builder.ledger.store.identity import row_digest
from site_builder.ledger.store.ledger import RESTORE

__all__ = ["check_signed_files", "is_signed_by"]


def check_signed_files(state: CheckedRepository, *, progress: Progress = no_progress) -> Iterator[Problem]:
    """Each signed file against its folder, its award.json, the issuer's keys, and the pictures that it names."""
    strangers = 0
    for done, award in enumerate(state.ledger.awards.values(), 1):
        progress(done, len(state.ledger.awards))
        for version in award.kept:
            file = f"{award.folder}/{version.file}"
            try:
                raw = state.ledger.read_credential(award, version)
            except OSError:
                continue  # said already: the file is missing
            if hashlib.sha256(raw).hexdigest() != version.sha256:
                continue  # said already: the file was changed
            try:
                document = parse_json(raw)
            except EncodingError:
                document = None
            path = signed_path("credential", id=award.id, file=version.file)
            address = credential_id_of(document)
            if address == state.repository.config.base + path:
                yield from _check_document(state, award, version, document, file)
                state.pictures |= _pictures_of(document, state.repository.config.base)
                if achievement := achievement_json_of(document):
                    state.editions.add(award.badge, achievement, awarded=award.awarded)
            elif address.startswith("https://") and address.endswith("/" + path):
                strangers += 1
            else:
                yield Problem(file, 0, "LED001", "this file is not the credential of this folder", RESTORE)
    yield from _check_pictures(state.repository.root, state.pictures)
    for erased in state.ledger.erased.values():
        yield from _check_folders(state, erased)
    if strangers:
        what = f"site_url does not begin the addresses of {strangers} signed credentials"
        fix = (
            "put it back as it was: a signed address never changes. 'laurels move --to' and the other address says how a site "
            "moves all the same (to begin your own site, delete the demo's content first)"
        )
        yield Problem("mkdocs.yml", state.repository.config.base_line, "CFG002", what, fix)


def _check_document(
    state: CheckedRepository, award: StoredAward, version: Version, document: dict[str, Any], file: str
) -> Iterator[Problem]:
    issuer = state.repository.issuers.get(award.issuer)
    if issuer is None or award.badge not in state.repository.badges:
        yield from _check_folders(state, award)
        return
    key = next((key for key in issuer.keys if key.id == version.key), None)
    if key is None:
        what = f"{version.key} is gone from the list of keys, and signed credentials name it"
        yield Problem(f"issuers/{issuer.slug}/keys.yml", 1, "LED008", what, "put the key back; set its state instead")
        return
    method = f"{issuer_did(issuer, state.repository.config.base)}#{version.key}"
    if not is_signed_by(document, method, key.publicKeyMultibase):
        what = f"this file is not what {method} signed"
        yield Problem(file, 0, "LED001", what, "restore it, issuer.yml and keys.yml from git")
    elif not _agrees(state, award, version, document):
        what = "award.json does not say what the signed credential beside it says"
        yield Problem(f"{award.folder}/award.json", 0, "LED001", what, RESTORE)


def _check_folders(state: CheckedRepository, award: StoredAward | ErasedAward) -> Iterator[Problem]:
    """What every award names stays. A folder that is there and cannot be read has problems of its own."""
    for missing in (f"issuers/{award.issuer}", f"badges/{award.badge}"):
        if not (state.repository.root / missing).is_dir():
            what = f"the folder {missing} is gone, and signed credentials name it"
            yield Problem(missing, 0, "LED008", what, "restore the folder from git")


def _agrees(state: CheckedRepository, award: StoredAward, version: Version, document: dict[str, Any]) -> bool:
    """Whether award.json, which nobody signs, repeats its credential: a wrong index would revoke somebody else."""
    base = state.repository.config.base
    try:
        credential = read_credential(document)
    except CredentialFormError:
        return False
    subject = credential.subject
    is_current = version is award.current
    row = state.rows.get(award.id) if is_current else None
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


def is_signed_by(document: dict[str, Any], method: str, multibase: str) -> bool:
    """Whether the jcs proof holds: a quick look at every file; `laurels verify` checks everything."""
    proofs = proofs_of(document, suite=JCS)
    try:
        if len(proofs) != 1 or proofs[0].get("verificationMethod") != method:
            return False
        verify_proof(document, proofs[0], public_key=parse_public_key(multibase))
    except (ProofError, KeyTextError):
        return False
    return True


_PICTURE = re.compile(r"(?:badges|issuers)/[a-z0-9-]+/(?:image|logo)-[0-9a-f]{8}\.png")


def _pictures_of(document: dict[str, Any], base: str) -> set[str]:
    """The paths below the base of the pictures that a credential names, whatever else it says."""
    paths = {url.removeprefix(base) for url in image_urls_of(document)}
    return {path for path in paths if _PICTURE.fullmatch(path)}


def _check_pictures(root: Path, paths: set[str]) -> Iterator[Problem]:
    """What signatures name must be there; whether it is what it says is looked at where it lies (rendered_files)."""
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        if not (root / folder).is_dir():
            continue  # said already: the folder is gone
        stem = f"{folder}/rendered/{name.removesuffix('.png')}"
        what = "this picture is gone, and signed credentials name it"
        if not os.path.lexists(root / f"{stem}.png"):
            yield Problem(f"{stem}.png", 0, "LED008", what, "restore it from git")
        # What it was made from: a drawing, which is published too, or the digest of a PNG picture.
        if not any(os.path.lexists(root / f"{stem}.{kind}") for kind in ("svg", "source")):
            fix = "restore it from git; if the artwork was a PNG picture, restore the file .source beside it"
            yield Problem(f"{stem}.svg", 0, "LED008", what, fix)
