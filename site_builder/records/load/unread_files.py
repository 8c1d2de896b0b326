"""Lists that nobody reads: hidden ones, and those in the wrong folder. Else whoever stands in them would get nothing, without a word."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from site_builder.errors import Problem
from site_builder.records.formats.regular_files import read_regular_file
from site_builder.records.load.award_files import MAX_CSV_BYTES, is_csv, read_records

__all__ = ["check_unread", "is_litter", "unread_reason"]

_RECORDS = "content/records"
# Of these others say what may lie there, hidden files included.
_NOT_OURS = ("content/pages/", "content/signed/")
_LOOKS_LIKE_RECORDS = re.compile(r"\.(?:ya?ml|csv)(?:[.~]|$)", re.IGNORECASE)
_WITH_MORE = re.compile(r"(.+\.(?:ya?ml|csv))([.~].*)", re.IGNORECASE | re.DOTALL)
_SHEETS = (".xls", ".xlsx", ".xlsm", ".ods", ".numbers")
# What Windows puts into folders. Names that begin with a dot are passed over anyway.
_LITTER = {"thumbs.db", "desktop.ini"}
# What macOS and Office put beside a file, under its name with this before it.
_BESIDE = ("._", "~$")


def is_litter(root: Path, file: str) -> bool:
    """Whether a file was left by an operating system or an office program. By its name alone only where no list is so called."""
    name = file.rpartition("/")[2]
    # The last is what a command of ours was writing when it was killed.
    if name.lower() in _LITTER or (name.startswith(".") and name.endswith(".tmp")):
        return True
    if name.startswith(".#"):
        # Emacs marks a file that is open with a link that leads nowhere.
        return (root / file).is_symlink()
    if not name.startswith(_BESIDE):
        return False
    # AppleDouble and Office's owner files are binary; a list is not.
    return b"\0" in (read_regular_file(root, file, [], max_bytes=MAX_CSV_BYTES) or b"\0")


def unread_reason(name: str, *, is_folder: bool, folder: str) -> tuple[str, str]:
    """Why what lies among the records of an issuer is not read, and what to do."""
    more = _WITH_MORE.fullmatch(name)
    if is_folder:
        return "a folder in here is not read", f"move its files up, into {folder}/"
    if name.lower().endswith(_SHEETS):
        return "a spreadsheet is not read", "save it as 'CSV UTF-8 (Comma delimited)', and delete this file"
    if more:
        what = "this is not read: its name does not end in .yml or .csv"
        return what, "delete it if it is a copy; if it is the list, take what stands behind .yml or .csv from its name"
    return "this does not belong here", "records are files named *.yml or *.csv"


def check_unread(root: Path, files: Iterable[str], *, issuers: Iterable[str]) -> Iterator[Problem]:
    """A problem for each list that is hidden, or lies in the root or in content/ itself. files: that git keeps or would keep."""
    known = list(issuers)
    place = f"{_RECORDS}/{known[0] if len(known) == 1 else '<issuer>'}/"
    for file in files:
        if not _LOOKS_LIKE_RECORDS.search(file) or file.startswith(_NOT_OURS) or not os.path.lexists(root / file):
            continue
        if file.startswith(("content/", "badges/", "issuers/")) and "/." in file:
            if not is_litter(root, file):
                fix = "take the dot from the beginning of its name, or delete it"
                yield Problem(file, 0, "FIL001", "this is not read, since it is hidden", fix)
        elif _is_elsewhere(file) and _holds_rows(root, file):
            what = "this list is not read here: nobody in it gets anything"
            yield Problem(file, 0, "FIL001", what, f"move it to {place}")


def _is_elsewhere(file: str) -> bool:
    is_content = file.startswith("content/") and not file.startswith(f"{_RECORDS}/")
    return is_content or "/" not in file or file.startswith("records/")


def _holds_rows(root: Path, file: str) -> bool:
    """Whether there are awards or changes in a file, as they would be read in the right place; in content/ CSV is nothing else."""
    if is_csv(file) and file.startswith("content/"):
        return True
    raw = read_regular_file(root, file, [], max_bytes=MAX_CSV_BYTES)
    found = read_records(raw, file=file, issuer="") if raw is not None else None
    return found is not None and bool(found.rows or found.changes)
