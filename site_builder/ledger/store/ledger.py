"""What was ever signed: content/signed/<issuer>/<id>/ with award.json and the credentials, and the status lists beside the issuers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from site_builder.credentials.openbadges3.read import read_credential
from site_builder.credentials.openbadges3.values import Credential
from site_builder.credentials.urls import credential_file
from site_builder.encoding import parse_json
from site_builder.errors import Problem
from site_builder.ledger.store.award_json import SIGNED, ErasedAward, StoredAward, Version, read_award
from site_builder.records.fields.kinds import is_slug
from site_builder.records.formats.regular_files import list_folder, read_regular_file

__all__ = ["COMPLETE", "INTERRUPTED", "MERGED", "RECONCILE", "RESTORE", "Ledger", "load_ledger", "status_file"]

MAX_DOCUMENT_BYTES = 1_048_576
RECONCILE = (
    "run 'laurels issue --reconcile --base REF', with the name of the branch as it was published for REF, such as origin/main: it "
    "keeps what stands there, and moves what is not published yet"
)
MERGED = f"after a merge of two branches that both issued, {RECONCILE}"
RESTORE = f"restore the folder from git: what was signed is never edited; {MERGED}"
_MARKS = re.compile(rb"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
INTERRUPTED = "a run of 'laurels issue' was interrupted here"
COMPLETE = "run 'laurels issue' again, which completes it; if this came with a pull request, it does not belong there"


def status_file(issuer: str, number: int) -> str:
    """Path of a status list below the repository's root."""
    return f"issuers/{issuer}/status/{number}.json"


@dataclass
class Ledger:
    """All stored awards by id, those that were erased, and the status lists by (issuer, number)."""

    root: Path
    awards: dict[str, StoredAward] = field(default_factory=dict)
    erased: dict[str, ErasedAward] = field(default_factory=dict)
    lists: dict[tuple[str, int], bytes] = field(default_factory=dict)

    def read_credential(self, award: StoredAward, version: Version) -> bytes:
        """The signed bytes of a version; load_ledger has seen that they are there. Raises FileNotFoundError when they are not."""
        file = f"{award.folder}/{version.file}"
        raw = read_regular_file(self.root, file, [], max_bytes=MAX_DOCUMENT_BYTES)
        if raw is None:
            raise FileNotFoundError(file)
        return raw

    def credential(self, award: StoredAward, version: Version) -> Credential:
        """What a version states. Raises as read_credential, EncodingError, or CredentialFormError where `check` finds a problem."""
        return read_credential(parse_json(self.read_credential(award, version)))

    def taken(self, issuer: str) -> set[tuple[int, int]]:
        """Every (list, index) that an award of the issuer ever had."""
        awards: list[StoredAward | ErasedAward] = [*self.awards.values(), *self.erased.values()]
        return {(v.list, v.index) for award in awards if award.issuer == issuer for v in award.versions}


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
            if award:
                _keep(ledger, award, problems)
    for issuer, is_folder in list_folder(root, "issuers", []):
        if is_folder:
            _load_lists(ledger, issuer, problems)
    return ledger, problems


def _keep(ledger: Ledger, award: StoredAward | ErasedAward, problems: list[Problem]) -> None:
    same = ledger.awards.get(award.id) or ledger.erased.get(award.id)
    if same:
        what = f"the award {award.id} exists twice, here and in {same.folder}"
        problems.append(Problem(award.folder, 0, "LED001", what, RESTORE))
    elif isinstance(award, StoredAward):
        ledger.awards[award.id] = award
    else:
        ledger.erased[award.id] = award


def _load_award(root: Path, issuer: str, name: str, problems: list[Problem]) -> StoredAward | ErasedAward | None:
    folder = f"{SIGNED}/{issuer}/{name}"
    file = f"{folder}/award.json"
    known = len(problems)
    raw = read_regular_file(root, file, problems, max_bytes=MAX_DOCUMENT_BYTES)
    if raw is None:
        if len(problems) == known:
            problems.append(Problem(file, 0, "LED004", "award.json is missing", RESTORE))
        return None
    try:
        award = read_award(raw, issuer=issuer, name=name)
    except ValueError as error:
        problems.append(_changed(file, raw, str(error)))
        return None
    found = list(_check_files(root, award))
    if found and _is_interrupted(root, award):
        found = [Problem(folder, 0, "LED012", INTERRUPTED, COMPLETE)]
    problems += found
    return award


def _is_interrupted(root: Path, award: StoredAward | ErasedAward) -> bool:
    """Whether a change was on its way: its award.json lies ready, or it is here and files that it takes back are here still."""
    folder = root / award.folder
    gone = [credential_file(number) for number in range(1, len(award.versions) + 1)]
    if isinstance(award, StoredAward):
        gone = [version.file for version in award.versions if version.withheld]
    return (folder / ".award.json.tmp").is_file() or any((folder / name).is_file() for name in gone)


def _check_files(root: Path, award: StoredAward | ErasedAward) -> Iterator[Problem]:
    problems: list[Problem] = []
    expected = {version.file: version for version in award.kept} if isinstance(award, StoredAward) else {}
    for name, _ in list_folder(root, award.folder, problems):
        if name != "award.json" and name not in expected:
            fix = f"delete it; {MERGED}" if name.startswith("credential") else "delete it"
            yield Problem(f"{award.folder}/{name}", 0, "FIL001", "this does not belong here", fix)
    for name, version in expected.items():
        file = f"{award.folder}/{name}"
        known = len(problems)
        raw = read_regular_file(root, file, problems, max_bytes=MAX_DOCUMENT_BYTES)
        if raw is None:
            if len(problems) == known:
                yield Problem(file, 0, "LED004", "this signed file is missing", RESTORE)
        elif hashlib.sha256(raw).hexdigest() != version.sha256:
            yield _changed(file, raw, "this signed file was changed")
    yield from problems


def _changed(file: str, raw: bytes, what: str) -> Problem:
    if _MARKS.search(raw):
        return Problem(file, 0, "LED001", "two branches changed this file, and git left its marks in it", RECONCILE)
    return Problem(file, 0, "LED001", what, RESTORE)


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
