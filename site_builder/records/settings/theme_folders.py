"""Folders of templates and assets: a build publishes what lies in them, so they hold regular files, and are none of the site's own."""

from __future__ import annotations

import posixpath
from pathlib import Path

from site_builder.errors import Problem
from site_builder.records.formats.regular_files import files_below
from site_builder.records.settings.files import settings_below

__all__ = ["check_custom_theme", "check_theme_folders"]

_OUR_LOOK = "themes"
# What lies in these is published by rules of its own, or never: records, addresses, keys.
_OWN = ("content", "issuers", "badges", "site", "site_builder", "tests")


def check_theme_folders(root: Path) -> list[Problem]:
    """A problem for each link in themes/ and in the folder that mkdocs.yml names as theme.custom_dir, and for one that may not be named."""
    problems: list[Problem] = []
    for _ in files_below(root, _OUR_LOOK, problems):
        pass
    for settings in settings_below(root, []):
        for setting in settings.content.settings:
            if setting.path == ("theme", "custom_dir") and setting.kind == "text" and not setting.tags:
                problems += check_custom_theme(root, setting.text, file=settings.file, line=setting.line)
    return problems


def check_custom_theme(root: Path, folder: str, *, file: str = "mkdocs.yml", line: int = 0) -> list[Problem]:
    """The problems of a folder whose files MkDocs publishes and whose templates it runs.

    folder: as the settings name it, below root. file, line: where they do."""
    path = posixpath.normpath(folder)
    first = path.split("/")[0]
    if posixpath.isabs(path) or first == ".." or first.startswith(".") or first in _OWN:
        what = "theme.custom_dir would publish a folder that may not be published"
        fix = "put templates and assets into a folder of their own in this repository, such as look/, and name that"
        return [Problem(file, line, "CFG005", what, fix)]
    problems: list[Problem] = []
    for _ in files_below(root, path, problems):
        pass
    return problems
