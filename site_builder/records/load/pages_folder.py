"""The folder content/pages: MkDocs publishes every file in it, so nothing but pages and their pictures may lie there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from site_builder.errors import Problem
from site_builder.records.fields.file_names import odd_name
from site_builder.records.formats.regular_files import list_folder

__all__ = ["PAGES_FOLDER", "TAKEN_NAMES", "check_pages"]

PAGES_FOLDER = "content/pages"
_ALLOWED = (".md", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf")
# What the site writes itself: a page of this name would be lost behind it.
TAKEN_NAMES = {"c", "badges", "issuers", "assets", "drafts", "verify"}


def check_pages(root: Path) -> list[Problem]:
    """A problem for each link, and for each file that is neither a page nor a picture of one."""
    problems: list[Problem] = []
    for file in _files(root, PAGES_FOLDER, problems):
        if not file.lower().endswith(_ALLOWED):
            what = "this would be published: everything in content/pages is"
            fix = f"move it elsewhere (records belong into content/records); what may lie here ends in {', '.join(_ALLOWED)}"
            problems.append(Problem(file, 0, "FIL001", what, fix))
        elif odd := odd_name(file.rpartition("/")[2]):
            problems.append(Problem(file, 0, "FIL007", *odd))
        elif file.removeprefix(f"{PAGES_FOLDER}/").split("/")[0].removesuffix(".md") in TAKEN_NAMES:
            what = "the site writes something else at this address"
            problems.append(Problem(file, 0, "FIL001", what, "give the page or its folder another name"))
    return problems


def _files(root: Path, folder: str, problems: list[Problem]) -> Iterator[str]:
    for name, is_folder in list_folder(root, folder, problems):
        path = f"{folder}/{name}"
        if is_folder:
            yield from _files(root, path, problems)
        else:
            yield path
