"""What was ever signed: content/signed/<issuer>/<id>/ with award.json and the credentials, and the status lists beside the issuers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from site_builder.credentials.openbadges3.read import read_credential
from site_builder.credentials.openbadges3.values import Credential
from site_builder.credentials.urls import credential_file
from site_builder.encoding import EncodingError, format_json, parse_json
from site_builder.errors import Problem
from site_builder.ledger.store.award_json import (
    SIGNED,
    ErasedAward,
    StoredAward,
    Version,
    award_bytes,
    read_award,
)
from site_builder.ledger.store.since import SINCE, SINCE_BYTES, SINCE_NAME
from site_builder.records.fields.kinds import is_slug
from site_builder.records.formats.left_by_git import (
    CONFLICT_MARKS,
    OTHER_LINE_ENDINGS,
    left_by_git,
    with_line_feeds,
)
from site_builder.records.formats.regular_files import list_folder, read_regular_file

__all__ = [
    "COMPLETE",
    "INTERRUPTED",
    "MAX_DOCUMENT_BYTES",
    "MERGED",
    "RECONCILE",
    "RESTORE",
    "Ledger",
    "SignedFile",
    "load_ledger",
    "status_file",
]

MAX_DOCUMENT_BYTES = 1_048_576
RECONCILE = (
    "run 'laurels issue --reconcile --base REF', with the name of the branch as it was published for REF, such as origin/main: it "
    "keeps what stands there, and moves what is not published yet"
)
MERGED = f"after a merge of two branches that both issued, {RECONCILE}"
RESTORE = f"restore the folder from git: what was signed is never edited; {MERGED}"
INTERRUPTED = "a run of 'laurels issue' was interrupted here"
COMPLETE = "run 'laurels issue' again, which completes it; if this came with a pull request, it does not belong there"


def status_file(issuer: str, number: int) -> str:
    """Path of a status list below the repository's root."""
    return f"issuers/{issuer}/status/{number}.json"


@dataclass(frozen=True)
class SignedFile:
    """A signed credential as it lies on the disk: read once, and its JSON parsed at most once."""

    raw: bytes

    @classmethod
    def hashed(cls, raw: bytes, digest: bytes) -> SignedFile:
        """A file whose SHA-256 is known. digest: 32 bytes."""
        file = cls(raw)
        vars(file)["sha256"] = digest.hex()
        return file

    @cached_property
    def sha256(self) -> str:
        """64 hex digits."""
        return hashlib.sha256(self.raw).hexdigest()

    @cached_property
    def document(self) -> Any:
        """The JSON in it, which is not to be changed. Raises EncodingError when it is none."""
        return parse_json(self.raw)

    @cached_property
    def credential(self) -> Credential:
        """What it states. Raises EncodingError, or CredentialFormError."""
        return read_credential(self.document)


@dataclass(frozen=True)
class Ledger:
    """All stored awards by id, those that were erased, the status lists by (issuer, number), and the signed files that are there by path.

    Not all of these files need be what was signed: that is a matter of problems. award_files: of awards whose folder was read whole,
    the bytes of award.json and their SHA-256, by folder."""

    root: Path
    awards: Mapping[str, StoredAward] = field(default_factory=dict)
    erased: Mapping[str, ErasedAward] = field(default_factory=dict)
    lists: Mapping[tuple[str, int], bytes] = field(default_factory=dict)
    files: Mapping[str, SignedFile] = field(default_factory=dict)
    award_files: Mapping[str, tuple[bytes, bytes]] = field(default_factory=dict, compare=False)

    def award_raw(self, award: StoredAward | ErasedAward) -> bytes:
        """The award.json of an award, as it is written."""
        known = self.award_files.get(award.folder)
        return award_bytes(award) if known is None else known[0]

    def file(self, award: StoredAward, version: Version) -> SignedFile:
        """The signed file of a version. Raises FileNotFoundError when it was not there."""
        path = f"{award.folder}/{version.file}"
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def raw(self, award: StoredAward, version: Version) -> bytes:
        """The signed bytes of a version. Raises FileNotFoundError when they were not there."""
        return self.file(award, version).raw

    def document(self, award: StoredAward, version: Version) -> Any:
        """The signed JSON of a version, which is not to be changed. Raises FileNotFoundError, EncodingError."""
        return self.file(award, version).document

    def credential(self, award: StoredAward, version: Version) -> Credential:
        """What a version states. Raises as document, or CredentialFormError where `check` finds a problem."""
        return self.file(award, version).credential

    def taken(self, issuer: str) -> set[tuple[int, int]]:
        """Every (list, index) that an award of the issuer ever had."""
        awards: list[StoredAward | ErasedAward] = [*self.awards.values(), *self.erased.values()]
        return {(v.list, v.index) for award in awards if award.issuer == issuer for v in award.versions}


# What lies in a folder, by name, with its SHA-256; None for what is no file, or a very large one.
FolderContent = Mapping[str, tuple[bytes, bytes] | None]


def load_ledger(
    root: Path,
    *,
    known: Mapping[str, SignedFile] | None = None,
    content: Mapping[str, FolderContent] | None = None,
) -> tuple[Ledger, list[Problem]]:
    """What was signed, and the problems of its files: changed, missing, added, misplaced.

    known: signed files by path that were read before; one with the same bytes is not parsed again.
    content: of folders, by their path, what was read just now."""
    problems, content = list[Problem](), content or {}
    found = list[_Loaded]()
    award_files: dict[str, tuple[bytes, bytes]] = {}
    for issuer, name in _award_folders(root, problems):
        read = content.get(f"{SIGNED}/{issuer}/{name}", {})
        sound = _load_sound(issuer, name, read)
        found.append(sound or _load_award(root, issuer, name, problems))
        if sound and (raw := read["award.json"]):
            award_files[f"{SIGNED}/{issuer}/{name}"] = raw
    awards = list(_each_once([award for award, _ in found if award], problems))
    files = {path: file for _, of_award in found for path, file in of_award.items()}
    ledger = Ledger(
        root,
        {award.id: award for award in awards if isinstance(award, StoredAward)},
        {award.id: award for award in awards if isinstance(award, ErasedAward)},
        {
            (slug, number): raw
            for issuer, is_folder in list_folder(root, "issuers", [])
            if is_folder
            for (slug, number), raw in _read_lists(root, issuer, problems)
        },
        {path: _known(file, known.get(path)) for path, file in files.items()} if known else files,
        award_files,
    )
    return ledger, problems


# An award and its signed files by path.
_Loaded = tuple[StoredAward | ErasedAward | None, dict[str, SignedFile]]


def _known(file: SignedFile, before: SignedFile | None) -> SignedFile:
    return before if before and before.sha256 == file.sha256 else file


def _award_folders(root: Path, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """(issuer, name) of each folder that should hold an award."""
    for issuer, is_folder in list_folder(root, SIGNED, problems):
        if issuer == SINCE_NAME:
            _check_since(root, problems)
            continue
        if not is_folder or not is_slug(issuer):
            problems.append(
                Problem(f"{SIGNED}/{issuer}", 0, "FIL001", "this does not belong here", "move it elsewhere")
            )
            continue
        for name, is_award in list_folder(root, f"{SIGNED}/{issuer}", problems):
            if is_award:
                yield issuer, name
            else:
                problems.append(
                    Problem(f"{SIGNED}/{issuer}/{name}", 0, "FIL001", "this does not belong here", "delete it")
                )


def _check_since(root: Path, problems: list[Problem]) -> None:
    """The file that says since when the repository remembers, if it is there: just these bytes."""
    known = len(problems)
    raw = read_regular_file(root, SINCE, problems, max_bytes=MAX_DOCUMENT_BYTES)
    if raw != SINCE_BYTES and len(problems) == known:
        write = "printf '" + SINCE_BYTES.decode("ascii").replace("\n", "\\n") + f"' > {SINCE}"
        problems.append(Problem(SINCE, 0, "LED016", "this file is not what it is in every repository", write))


def _each_once(awards: list[StoredAward | ErasedAward], problems: list[Problem]) -> Iterator[StoredAward | ErasedAward]:
    """The awards, of those with one id the first."""
    seen: dict[str, StoredAward | ErasedAward] = {}
    for award in awards:
        same = seen.setdefault(award.id, award)
        if same is award:
            yield award
        else:
            what = f"the award {award.id} exists twice, here and in {same.folder}"
            problems.append(Problem(award.folder, 0, "LED001", what, RESTORE))


def _load_sound(issuer: str, name: str, content: FolderContent) -> _Loaded | None:
    """The award in a folder with its signed files, if the folder holds just what it should; else None: _load_award says what is wrong."""
    read = content.get("award.json")
    if read is None:
        return None
    try:
        award = read_award(read[0], issuer=issuer, name=name)
    except ValueError:
        return None
    kept = award.kept if isinstance(award, StoredAward) else []
    files: dict[str, SignedFile] = {}
    for version in kept:
        found = content.get(version.file)
        if found is None or found[1].hex() != version.sha256:
            return None
        files[f"{award.folder}/{version.file}"] = SignedFile.hashed(*found)
    return (award, files) if len(content) == len(kept) + 1 else None


def _load_award(root: Path, issuer: str, name: str, problems: list[Problem]) -> _Loaded:
    """The award in a folder, None when there is none to be read, and its signed files by path."""
    folder = f"{SIGNED}/{issuer}/{name}"
    file = f"{folder}/award.json"
    known = len(problems)
    raw = read_regular_file(root, file, problems, max_bytes=MAX_DOCUMENT_BYTES)
    if raw is None:
        if len(problems) == known:
            problems.append(Problem(file, 0, "LED004", "award.json is missing", RESTORE))
        return None, {}
    read = partial(read_award, issuer=issuer, name=name)
    try:
        award = read(raw)
    except ValueError as error:
        problems.append(_changed(file, raw, str(error), is_original=partial(_is_readable, read)))
        if not _is_readable(read, with_line_feeds(raw)):
            return None, {}
        # Said already; what it says is what was written, so that nothing else is wrong for this reason.
        award = read(with_line_feeds(raw))
    files, found = _read_files(root, award)
    if found and _is_interrupted(root, award):
        found = [Problem(folder, 0, "LED012", INTERRUPTED, COMPLETE)]
    problems += found
    return award, files


def _is_interrupted(root: Path, award: StoredAward | ErasedAward) -> bool:
    """Whether a change was on its way: its award.json lies ready, or it is here and files that it takes back are here still."""
    folder = root / award.folder
    gone = [credential_file(number) for number in range(1, len(award.versions) + 1)]
    if isinstance(award, StoredAward):
        gone = [version.file for version in award.versions if version.withheld]
    return (folder / ".award.json.tmp").is_file() or any((folder / name).is_file() for name in gone)


def _read_files(root: Path, award: StoredAward | ErasedAward) -> tuple[dict[str, SignedFile], list[Problem]]:
    """The signed files of an award by path, also those that were changed, and the problems of its folder."""
    problems: list[Problem] = []
    expected = {version.file: version for version in award.kept} if isinstance(award, StoredAward) else {}
    for name, _ in list_folder(root, award.folder, problems):
        if name != "award.json" and name not in expected:
            fix = f"delete it; {MERGED}" if name.startswith("credential") else "delete it"
            problems.append(Problem(f"{award.folder}/{name}", 0, "FIL001", "this does not belong here", fix))
    files: dict[str, SignedFile] = {}
    for name, version in expected.items():
        path = f"{award.folder}/{name}"
        known = len(problems)
        raw = read_regular_file(root, path, problems, max_bytes=MAX_DOCUMENT_BYTES)
        if raw is not None:
            files[path] = SignedFile(raw)
            if files[path].sha256 != version.sha256:
                problems.append(_changed(path, raw, _OTHER_BYTES, is_original=partial(_has_digest, version.sha256)))
        elif len(problems) == known:
            problems.append(Problem(path, 0, "LED004", "this signed file is missing", RESTORE))
    return files, problems


_OTHER_BYTES = "this signed file was changed"


_FORMATTED = (
    "a program wrote this signed file in another form: it says the same, in other bytes",
    "restore it from git, and keep content/signed out of the formatter, such as by a line content/signed/ in .prettierignore",
)


def _changed(file: str, raw: bytes, what: str, *, is_original: Callable[[bytes], bool]) -> Problem:
    """The problem of a file that is not as it was written, by its cause. is_original: whether bytes are what was written."""
    left = left_by_git(raw)
    if CONFLICT_MARKS.search(raw):
        return Problem(file, 0, "LED001", "two branches changed this file, and git left its marks in it", RECONCILE)
    if left:
        return Problem(file, left[0], "LED001", *left[1:])
    if is_original(with_line_feeds(raw)):
        return Problem(file, 0, "LED001", *OTHER_LINE_ENDINGS)
    try:
        is_formatted = is_original(format_json(parse_json(raw)))
    except EncodingError:
        is_formatted = False
    return Problem(file, 0, "LED001", *(_FORMATTED if is_formatted else (what, RESTORE)))


def _has_digest(digest: str, raw: bytes) -> bool:
    return hashlib.sha256(raw).hexdigest() == digest


def _is_readable(read: Callable[[bytes], object], raw: bytes) -> bool:
    try:
        read(raw)
    except ValueError:
        return False
    return True


def _read_lists(root: Path, issuer: str, problems: list[Problem]) -> Iterator[tuple[tuple[str, int], bytes]]:
    """The status lists of an issuer: (issuer, number) and bytes of each."""
    folder = f"issuers/{issuer}/status"
    for name, _ in list_folder(root, folder, problems):
        number = name.removesuffix(".json")
        if not name.endswith(".json") or not number.isascii() or not number.isdigit() or number.startswith("0"):
            problems.append(Problem(f"{folder}/{name}", 0, "FIL001", "this does not belong here", "delete it"))
            continue
        raw = read_regular_file(root, f"{folder}/{name}", problems, max_bytes=MAX_DOCUMENT_BYTES)
        if raw is not None:
            yield (issuer, int(number)), raw
