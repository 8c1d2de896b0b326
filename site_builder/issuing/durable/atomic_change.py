"""A change of an award, whole or not at all, though it takes several files in one folder.

All new files are written beside the old ones under hidden names, award.json last; then they take their places, award.json last; then
what it takes back is deleted. A run that was killed left either no whole hidden award.json, and then nothing was changed, or one that
says all that is left to do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from site_builder.credentials.urls import credential_file
from site_builder.issuing.durable.files import award_folders, remove, temporary_of
from site_builder.ledger.store.award_json import (
    ErasedAward,
    StoredAward,
    award_bytes,
    read_award,
)
from site_builder.ledger.store.ledger import MAX_DOCUMENT_BYTES
from site_builder.records.formats.regular_files import read_regular_file
from site_builder.syncing import sync_folder, write_synced

__all__ = ["commit_change", "recover"]


def commit_change(root: Path, award: StoredAward | ErasedAward, files: Mapping[str, bytes]) -> None:
    """Puts a changed award in the place of what is stored of it. files: its new or newly signed credentials by name."""
    folder = root / award.folder
    remove(folder.glob(".*.tmp"))
    for name, raw in files.items():
        write_synced(temporary_of(folder / name), raw)
    write_synced(temporary_of(folder / "award.json"), award_bytes(award))
    sync_folder(folder)
    _complete(folder, award)


def _complete(folder: Path, award: StoredAward | ErasedAward) -> None:
    kept = [version.file for version in award.kept] if isinstance(award, StoredAward) else []
    for name in (*kept, "award.json"):
        if temporary_of(folder / name).exists():
            temporary_of(folder / name).rename(folder / name)
    sync_folder(folder)
    _delete_taken_back(folder, award)


def _delete_taken_back(folder: Path, award: StoredAward | ErasedAward) -> None:
    gone = list(_taken_back(folder, award))
    for file in gone:
        file.unlink()
    if gone:
        sync_folder(folder)


def _taken_back(folder: Path, award: StoredAward | ErasedAward) -> Iterator[Path]:
    kept = {version.file for version in award.kept} if isinstance(award, StoredAward) else set()
    names = [credential_file(number) for number in range(1, len(award.versions) + 1)]
    return (folder / name for name in names if name not in kept and (folder / name).is_file())


def recover(root: Path, *, is_recorded: Callable[[StoredAward | ErasedAward], bool]) -> None:
    """Completes the changes that a killed run had begun, and removes what is not enough to complete one.

    is_recorded: whether records say that the files which an award takes back are to go. award.json alone is no reason to delete what
    was signed: a pull request may bring one."""
    for folder in award_folders(root):
        award = _read(folder, temporary_of(folder / "award.json").name)
        if award and is_recorded(award) and _is_ready(folder, award):
            _complete(folder, award)
        remove(folder.glob(".*.tmp"))
        award = _read(folder, "award.json")
        if award and is_recorded(award):
            _delete_taken_back(folder, award)


def _read(folder: Path, name: str) -> StoredAward | ErasedAward | None:
    raw = read_regular_file(folder, name, [], max_bytes=MAX_DOCUMENT_BYTES)
    try:
        return read_award(raw, issuer=folder.parent.name, name=folder.name) if raw is not None else None
    except ValueError:
        return None


def _is_ready(folder: Path, award: StoredAward | ErasedAward) -> bool:
    if isinstance(award, ErasedAward):
        return True
    wanted = {version.file: version.sha256 for version in award.kept}
    return all(
        digest in (_digest(folder, name), _digest(folder, temporary_of(folder / name).name))
        for name, digest in wanted.items()
    )


def _digest(folder: Path, name: str) -> str:
    raw = read_regular_file(folder, name, [], max_bytes=MAX_DOCUMENT_BYTES)
    return hashlib.sha256(raw).hexdigest() if raw is not None else ""
