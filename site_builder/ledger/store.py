"""What was ever signed: content/signed/<issuer>/<id>/ with award.json and the credentials, and the status lists beside the issuers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from site_builder.encoding import EncodingError, format_json, is_base32_id, parse_json
from site_builder.errors import Problem
from site_builder.records.fields import is_slug
from site_builder.records.files import list_folder, read_regular_file

__all__ = [
    "RESTORE",
    "SIGNED",
    "Ledger",
    "StoredAward",
    "Version",
    "award_bytes",
    "credential_file",
    "load_ledger",
    "status_file",
]

SIGNED = "content/signed"
MAX_DOCUMENT_BYTES = 1_048_576
RESTORE = "restore the folder from git: what was signed is never edited"

_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Version(_Stored):
    """One signed credential of an award. row: digest of the row it was made from. issued: UTC.

    salt: of the e-mail hash, when there is one. change: digest of the record that brought it into its state."""

    file: Annotated[str, Field(pattern=r"^credential(-([2-9]|[1-9][0-9]{1,3}))?\.json$")]
    sha256: _Digest
    row: _Digest
    list: Annotated[int, Field(ge=1, le=9999)]
    index: Annotated[int, Field(ge=0, lt=131_072)]
    key: Annotated[str, Field(pattern=r"^key-[1-9][0-9]{0,3}$")]
    issued: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    state: Literal["active", "superseded", "revoked"]
    salt: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")] | None = None
    change: _Digest | None = None


class StoredAward(_Stored):
    """award.json: what is known of an issued award without a key, and never published. The last version is the current one."""

    format: Literal["laurels-award-1"]
    id: str
    issuer: str
    badge: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,63}$")]
    awarded: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    identity: _Digest
    versions: Annotated[tuple[Version, ...], Field(min_length=1, strict=False)]

    @property
    def folder(self) -> str:
        """Path of the award's folder below the repository's root."""
        return f"{SIGNED}/{self.issuer}/{self.id}"

    @property
    def current(self) -> Version:
        """The version that the page shows."""
        return self.versions[-1]


def credential_file(number: int) -> str:
    """File name of a version: ``credential.json``, ``credential-2.json`` …"""
    return "credential.json" if number == 1 else f"credential-{number}.json"


def status_file(issuer: str, number: int) -> str:
    """Path of a status list below the repository's root."""
    return f"issuers/{issuer}/status/{number}.json"


def award_bytes(award: StoredAward) -> bytes:
    """award.json as it is written."""
    return format_json(award.model_dump(exclude_none=True))


@dataclass
class Ledger:
    """All stored awards by id, and the status lists by (issuer, number)."""

    root: Path
    awards: dict[str, StoredAward] = field(default_factory=dict)
    lists: dict[tuple[str, int], bytes] = field(default_factory=dict)

    def read_credential(self, award: StoredAward, version: Version) -> bytes:
        """The signed bytes of a version; load_ledger has seen that they are there. Raises FileNotFoundError when they are not."""
        file = f"{award.folder}/{version.file}"
        raw = read_regular_file(self.root, file, [], max_bytes=MAX_DOCUMENT_BYTES)
        if raw is None:
            raise FileNotFoundError(file)
        return raw

    def taken(self, issuer: str) -> set[tuple[int, int]]:
        """Every (list, index) that an award of the issuer ever had."""
        return {(v.list, v.index) for award in self.awards.values() if award.issuer == issuer for v in award.versions}


def load_ledger(root: Path) -> tuple[Ledger, list[Problem]]:
    """What was signed, and the problems of its files: changed, missing, added, misplaced."""
    ledger, problems = Ledger(root), list[Problem]()
    for issuer, is_folder in list_folder(root, SIGNED, problems):
        if not is_folder or not is_slug(issuer):
            problems.append(
                Problem(f"{SIGNED}/{issuer}", 0, "FIL001", "this does not belong here", "move it elsewhere")
            )
            continue
        for name, is_award in list_folder(root, f"{SIGNED}/{issuer}", problems):
            if not is_award:
                problems.append(
                    Problem(f"{SIGNED}/{issuer}/{name}", 0, "FIL001", "this does not belong here", "delete it")
                )
                continue
            award = _load_award(root, issuer, name, problems)
            if award and award.id in ledger.awards:
                what = f"the award {award.id} exists twice, here and in {ledger.awards[award.id].folder}"
                problems.append(Problem(award.folder, 0, "LED001", what, RESTORE))
            elif award:
                ledger.awards[award.id] = award
    for issuer, is_folder in list_folder(root, "issuers", []):
        if is_folder:
            _load_lists(ledger, issuer, problems)
    return ledger, problems


def _load_award(root: Path, issuer: str, name: str, problems: list[Problem]) -> StoredAward | None:
    folder = f"{SIGNED}/{issuer}/{name}"
    file = f"{folder}/award.json"
    known = len(problems)
    raw = read_regular_file(root, file, problems, max_bytes=MAX_DOCUMENT_BYTES)
    if raw is None:
        if len(problems) == known:
            problems.append(Problem(file, 0, "LED004", "award.json is missing", RESTORE))
        return None
    try:
        award = StoredAward(**_mapping(parse_json(raw)))
    except (EncodingError, ValidationError, TypeError):
        problems.append(Problem(file, 0, "LED001", "award.json was changed and cannot be read", RESTORE))
        return None
    fits = award.id == name and is_base32_id(name) and award.issuer == issuer and is_slug(award.badge)
    if not fits or not _is_day(award.awarded) or award_bytes(award) != raw:
        problems.append(Problem(file, 0, "LED001", "award.json does not fit its folder, or was edited", RESTORE))
        return None
    _check_files(root, award, problems)
    return award


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _check_files(root: Path, award: StoredAward, problems: list[Problem]) -> None:
    expected = {credential_file(number): version for number, version in enumerate(award.versions, 1)}
    if [version.file for version in award.versions] != list(expected):
        problems.append(Problem(f"{award.folder}/award.json", 0, "LED001", "the versions are not in order", RESTORE))
        return
    for name, _ in list_folder(root, award.folder, problems):
        if name != "award.json" and name not in expected:
            problems.append(Problem(f"{award.folder}/{name}", 0, "FIL001", "this does not belong here", "delete it"))
    for name, version in expected.items():
        file = f"{award.folder}/{name}"
        known = len(problems)
        raw = read_regular_file(root, file, problems, max_bytes=MAX_DOCUMENT_BYTES)
        if raw is None:
            if len(problems) == known:
                problems.append(Problem(file, 0, "LED004", "this signed file is missing", RESTORE))
        elif hashlib.sha256(raw).hexdigest() != version.sha256:
            problems.append(Problem(file, 0, "LED001", "this signed file was changed", RESTORE))


def _load_lists(ledger: Ledger, issuer: str, problems: list[Problem]) -> None:
    folder = f"issuers/{issuer}/status"
    for name, _ in list_folder(ledger.root, folder, problems):
        number = name.removesuffix(".json")
        if not name.endswith(".json") or not number.isascii() or not number.isdigit() or number.startswith("0"):
            problems.append(Problem(f"{folder}/{name}", 0, "FIL001", "this does not belong here", "delete it"))
            continue
        raw = read_regular_file(ledger.root, f"{folder}/{name}", problems, max_bytes=MAX_DOCUMENT_BYTES)
        if raw is not None:
            ledger.lists[issuer, int(number)] = raw
