"""The settings as MkDocs will read them, before it does: mkdocs.yml and each file that it inherits, with tags and lines.

MkDocs gives values to tags while it reads, so whatever may not happen then must be found in the text. Source of the chain: MkDocs 1.6,
mkdocs.utils.yaml.yaml_load: INHERIT names a file relative to the one that names it, whose values lie below."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from site_builder.errors import Problem
from site_builder.records.formats.regular_files import read_regular_file
from site_builder.records.formats.yaml_events import MAX_YAML_BYTES, YamlRefused
from site_builder.records.formats.yaml_nodes import Setting, TaggedYaml, read_tagged_yaml

__all__ = ["SETTINGS", "Setting", "SettingsFile", "read_settings", "settings_below"]

SETTINGS = "mkdocs.yml"
_INHERIT = "INHERIT"
_MOST_FILES = 10


@dataclass(frozen=True)
class SettingsFile:
    """One file of the chain. file: its path below the root. content: its plain value, and each setting with path, tags and line."""

    file: str
    content: TaggedYaml


def settings_below(root: Path, problems: list[Problem]) -> list[SettingsFile]:
    """The chain of a repository: mkdocs.yml, then what it inherits, and so on; the first that names a value wins.

    What cannot be read becomes a problem and ends the chain: a missing file, a link, a file outside of the repository, a circle, YAML
    that is too large or too deep. A missing mkdocs.yml is an empty chain and no problem."""
    return read_settings(lambda file: read_regular_file(root, file, problems, max_bytes=MAX_YAML_BYTES), problems)


def read_settings(read: Callable[[str], bytes | None], problems: list[Problem]) -> list[SettingsFile]:
    """The chain, wherever its files come from (the disk, a commit). read: a path below the root to bytes, None for what is not there.

    A problem that read has added itself is not told twice."""
    chain = list[SettingsFile]()
    file, named_by = SETTINGS, ("", 0)
    while file:
        known = len(problems)
        raw = read(file)
        if raw is None:
            if chain and len(problems) == known:
                problems.append(_problem(named_by, f"{_INHERIT} names a file that is not there", "correct its path"))
            break
        try:
            content = _parsed(raw, file)
        except YamlRefused as refused:
            problems.append(refused.problem)
            break
        chain.append(SettingsFile(file, content))
        file, named_by = _inherited(chain, problems)
    return chain


@lru_cache(maxsize=8)
def _parsed(raw: bytes, file: str) -> TaggedYaml:
    """The content of a file. A command asks several times, and the parser in Python is slow."""
    return read_tagged_yaml(raw, file=file)


def _inherited(chain: list[SettingsFile], problems: list[Problem]) -> tuple[str, tuple[str, int]]:
    """The next file of the chain, and (file, line) of what names it; "" at its end."""
    last = chain[-1]
    named = [setting for setting in last.content.settings if setting.path == (_INHERIT,) and setting.kind != "key"]
    named_by = (last.file, named[-1].line if named else 0)
    if not named:
        return "", named_by
    value = named[-1]
    path = posixpath.normpath(posixpath.join(posixpath.dirname(last.file), value.text))
    if value.kind != "text" or value.tags or not value.text:
        problems.append(_problem(named_by, f"{_INHERIT} is not the plain name of a file", "write the path out"))
    elif path.startswith(("/", "../")) or path == ".." or "\0" in path:
        fix = "move that file here: a reviewer sees this repository alone"
        problems.append(_problem(named_by, f"{_INHERIT} names a file outside of the repository", fix))
    elif path in {known.file for known in chain}:
        problems.append(
            _problem(named_by, f"{_INHERIT} leads back to a file that inherits this one", "delete the line")
        )
    elif len(chain) >= _MOST_FILES:
        problems.append(_problem(named_by, f"more than {_MOST_FILES} files inherit each other", "join them"))
    else:
        return path, named_by
    return "", named_by


def _problem(place: tuple[str, int], what: str, fix: str) -> Problem:
    return Problem(*place, "CFG004", what, fix)
