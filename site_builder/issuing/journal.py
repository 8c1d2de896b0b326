"""A change of an award, whole or not at all, though it takes several files in one folder.

All new files are written beside the old ones under hidden names, award.json last; then they take their places, award.json last; then
what it takes back is deleted. A run that was killed left either no whole hidden award.json, and then nothing was changed, or one that
says all that is left to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from site_builder.issuing.disk import sync_folder, temporary_of, write_synced
from site_builder.ledger.award_json import (
    ErasedAward,
    StoredAward,
    award_bytes,
    credential_file,
    read_award,
)

__all__ = ["commit_change", "recover"]


def commit_change(root: Path, award: StoredAward | ErasedAward, files: Mapping[str, bytes]) -> None:
    """Puts a changed award in the place of what is stored of it. files: its new or newly signed credentials by name."""
    folder = root / award.folder
    for leftover in folder.glob(".*.tmp"):
        leftover.unlink()
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


def recover(root: Path, folders: Iterable[str]) -> None:
    """Completes the changes that a killed run had begun in these folders of awards, and removes what is not enough to complete one."""
    for folder in (root / name for name in folders):
        hidden = folder / ".award.json.tmp"
        award = _read(hidden) if hidden.is_file() else None
        if award and _is_ready(folder, award):
            _complete(folder, award)
        for leftover in folder.glob(".*.tmp"):
            leftover.unlink()
        award = _read(folder / "award.json")
        if award:
            _delete_taken_back(folder, award)


def _read(file: Path) -> StoredAward | ErasedAward | None:
    folder = file.parent
    try:
        return read_award(file.read_bytes(), issuer=folder.parent.name, name=folder.name)
    except ValueError:
        return None


def _is_ready(folder: Path, award: StoredAward | ErasedAward) -> bool:
    if isinstance(award, ErasedAward):
        return True
    wanted = {version.file: version.sha256 for version in award.kept}
    return all(
        digest in (_digest(folder / name), _digest(temporary_of(folder / name))) for name, digest in wanted.items()
    )


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
