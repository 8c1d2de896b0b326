"""A folder that is no site: what became of every file in it. A file's content says what it is, never its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.urls import credential_file
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Error, Progress, no_progress
from site_builder.verification.decode.table import decode
from site_builder.verification.file import read_credential
from site_builder.verification.finding import Outcome
from site_builder.verification.inventory.beside import QR_CODE, ROSETTE
from site_builder.verification.inventory.claims import file_claims_credential
from site_builder.verification.inventory.walk import Found, walk
from site_builder.verification.report import Report, sentence

__all__ = ["FolderFile", "verify_folder"]

_PART = "This file belongs to the credential next to it and proves nothing by itself. It is compared when a whole site is verified."
# What a build writes beside credential.json, without a credential in it.
_PARTS = ("index.html", "versions.json", QR_CODE, ROSETTE)


@dataclass(frozen=True)
class FolderFile:
    """A file of a folder. kind: credential, part, other, link, unreadable. report: of what claims to be a credential, else None.

    note: what the others are, in a sentence."""

    file: str
    kind: str
    report: Report | None = None
    note: str = ""

    @property
    def result(self) -> Outcome:
        """What is said of it by its report; not_checked without one."""
        return _RESULTS.get(self.report.verdict, "failed") if self.report else "not_checked"

    def as_json(self) -> dict[str, Any]:
        """Plain data for --json: the report, if there is one."""
        said = self.report.as_json() if self.report else {"note": self.note}
        return {"file": self.file} | said | {"kind": self.kind, "result": self.result}


_RESULTS: dict[str, Outcome] = {
    "holds": "passed",
    "unknown": "could_not_check",
    "not_supported": "not_supported",
}


def verify_folder(
    folder: Path, verify: Callable[[Path], Report], *, progress: Progress = no_progress
) -> Iterator[FolderFile]:
    """Every file below a folder, by path: the report on what claims to be a credential, and what each other one is.

    verify: gives the report on a file."""
    found = walk(folder)
    for done, item in enumerate(found, 1):
        yield _look_at(folder, item, verify)
        progress(done, len(found))


def _look_at(folder: Path, found: Found, verify: Callable[[Path], Report]) -> FolderFile:
    file = folder / found.path
    if found.flaw:
        return FolderFile(str(file), "link" if found.is_link else "unreadable", note=f"This is {found.flaw}.")
    try:
        if file_claims_credential(file):
            return FolderFile(str(file), "credential", verify(file))
        if file.name in _PARTS and (file.parent / credential_file(1)).is_file():
            return FolderFile(str(file), "part", note=_PART)
        return FolderFile(str(file), "other", note=_what_it_is(file))
    except OSError:
        return FolderFile(str(file), "unreadable", note="This is a file that cannot be read.")


def _what_it_is(file: Path) -> str:
    """What a file is that does not claim to be a credential: the sentence with which it is refused alone, if that says more."""
    try:
        raw = read_credential(file)
    except BakeError as error:
        return f"Not a credential: {error}."
    except Error as error:
        return str(error)
    told = decode(raw).refusal
    if told is not None and told.form and told.form not in ("json", "text", "unknown"):
        return sentence("form", told.reason, **told.values)
    return next(words for words, is_this in _OTHERS.items() if is_this(raw))


def _is_json(raw: bytes) -> bool:
    try:
        parse_json(raw)
    except EncodingError:
        return False
    return True


def _is_text(raw: bytes) -> bool:
    try:
        return _CONTROL.search(raw.decode("utf-8")) is None
    except UnicodeDecodeError:
        return False


# What no text holds: C0 but white space. Source: ECMA-48.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_OTHERS: dict[str, Callable[[bytes], bool]] = {
    "Not a credential: this is JSON without a proof.": _is_json,
    "Not a credential: this is a text.": _is_text,
    "Not a credential: this is a file of another kind.": lambda raw: True,
}
