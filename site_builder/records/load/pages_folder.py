"""The folder content/pages: MkDocs publishes every file in it, so nothing but pages and their pictures may lie there."""

from __future__ import annotations

from pathlib import Path

from site_builder.errors import Problem
from site_builder.records.formats.regular_files import files_below

__all__ = ["check_pages"]

_FOLDER = "content/pages"
_ALLOWED = (".md", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf")
# What the site writes itself: a page of this name would be lost behind it.
_TAKEN = {"c", "badges", "issuers", "assets", "drafts", "verify"}


def check_pages(root: Path) -> list[Problem]:
    """A problem for each link, and for each file that is neither a page nor a picture of one."""
    problems: list[Problem] = []
    # MkDocs follows links, and what is hidden is published where exclude_docs says so.
    for file in files_below(root, _FOLDER, problems):
        if any(step.startswith(".") for step in file.split("/")):
            continue
        if not file.lower().endswith(_ALLOWED):
            what = "this would be published: everything in content/pages is"
            fix = f"move it elsewhere (records belong into content/records); what may lie here ends in {', '.join(_ALLOWED)}"
            problems.append(Problem(file, 0, "FIL001", what, fix))
        elif file.removeprefix(f"{_FOLDER}/").split("/")[0].removesuffix(".md") in _TAKEN:
            what = "the site writes something else at this address"
            problems.append(Problem(file, 0, "FIL001", what, "give the page or its folder another name"))
    return problems
