"""The cases of tests/records/ laid out in a folder: a small repository, the files of a case over it, and what happens next."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.support import NOW, issue_all, write_repository

__all__ = ["CASES", "arrange_case", "read_case", "with_ids"]

CASES = sorted((Path(__file__).parent / "records").glob("*.yml"))


def read_case(case_file: Path) -> dict[str, Any]:
    """What a case says, as its file has it."""
    case: dict[str, Any] = yaml.safe_load(case_file.read_text("utf-8"))
    return case


def arrange_case(root: Path, case: dict[str, Any], *, seed: str) -> None:
    """The repository of a case in a folder that does not exist yet. seed: of the ids that are drawn."""
    write_repository(root)
    _lay_over(root, case.get("files", {}))
    for number, step in enumerate(case.get("then", [])):
        if step == "issue":
            issued = issue_all(root, now=NOW, seed=f"{seed}{number}")
            _award_ids.setdefault(str(root), []).extend(award.id for award in issued.awards)
        else:
            _lay_over(root, step)


def _lay_over(root: Path, files: dict[str, Any]) -> None:
    for path, value in files.items():
        file = root / with_ids(path, root)
        file.parent.mkdir(parents=True, exist_ok=True)
        content = _content(root, file, value)
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file)
        else:
            file.unlink(missing_ok=True)
        match value:
            case {"link_to": target}:
                file.symlink_to(target)
            case {"pipe": True}:
                os.mkfifo(file)
            case {"folder": True}:
                file.mkdir(exist_ok=True)
            case {"remove": True}:
                pass
            case _:
                file.write_bytes(content)


def _content(root: Path, file: Path, value: Any) -> bytes:
    match value:
        case str():
            return with_ids(value, root).encode()
        case {"bytes_hex": digits}:
            return bytes.fromhex(digits)
        case {"repeat": text, "times": times}:
            return f"{value.get('before', '')}{text * times}{value.get('after', '')}".encode()
        case {"replace": pairs}:
            found = file.read_text("utf-8")
            for old, new in pairs.items():
                assert old in found, (file, old)
                found = found.replace(old, with_ids(str(new), root))
            return found.encode()
        case {"copy_of": other}:
            return (root / with_ids(other, root)).read_bytes()
    return b""


def with_ids(text: str, root: Path) -> str:
    """A text of a case with the ids of the awards that were signed, in that order."""
    for place, award_id in enumerate(_award_ids.get(str(root), [])):
        text = text.replace("{id}" if place == 0 else f"{{id{place + 1}}}", award_id)
    return text


# By the root of a repository, in the order in which they were signed.
_award_ids: dict[str, list[str]] = {}
