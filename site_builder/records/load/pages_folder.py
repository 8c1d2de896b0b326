"""The folder content/pages: MkDocs publishes every file in it, so nothing but pages and their pictures may lie there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from site_builder.errors import Problem
from site_builder.records.artwork.drawings import what_a_drawing_may_not
from site_builder.records.fields.file_names import odd_name
from site_builder.records.formats.regular_files import list_folder, read_regular_file
from site_builder.records.load.page_templates import PAGE_TEMPLATES, template_line, wrong_template
from site_builder.records.load.settings_files import settings_below

__all__ = ["PAGES_FOLDER", "TAKEN_NAMES", "check_pages", "may_be_published"]

PAGES_FOLDER = "content/pages"
_ALLOWED = (".md", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf")
# What the site writes itself: a page of this name would be lost behind it.
TAKEN_NAMES = {"c", "badges", "issuers", "assets", "drafts", "verify"}
_MAX_READ_BYTES = 8 * 1_048_576


def may_be_published(file: str) -> bool:
    """Whether a file of this name may lie among the pages."""
    return file.lower().endswith(_ALLOWED)


def check_pages(root: Path) -> list[Problem]:
    """A problem for each link, for each file that is neither a page nor a picture of one, and for what cannot be shown as it is."""
    problems: list[Problem] = []
    templates = _templates(root)
    for file in _files(root, PAGES_FOLDER, problems):
        if not may_be_published(file):
            what = "this would be published: everything in content/pages is"
            fix = f"move it elsewhere (records belong into content/records); what may lie here ends in {', '.join(_ALLOWED)}"
            problems.append(Problem(file, 0, "FIL001", what, fix))
        elif odd := odd_name(file.rpartition("/")[2]):
            problems.append(Problem(file, 0, "FIL007", *odd))
        elif file.removeprefix(f"{PAGES_FOLDER}/").split("/")[0].removesuffix(".md") in TAKEN_NAMES:
            what = "the site writes something else at this address"
            problems.append(Problem(file, 0, "FIL001", what, "give the page or its folder another name"))
        elif file.lower().endswith((".svg", ".md")):
            raw = read_regular_file(root, file, problems, max_bytes=_MAX_READ_BYTES)
            if raw is not None:
                problems += _problems_within(file, raw, templates)
    return problems


def _problems_within(file: str, raw: bytes, templates: set[str]) -> Iterator[Problem]:
    if file.lower().endswith(".svg"):
        reason = what_a_drawing_may_not(raw)
        if reason:
            fix = "take that out, or export it again as 'plain SVG': opened by itself, a drawing is a page of the site that can run"
            yield Problem(file, 0, "ART004", f"this drawing {reason}", fix)
        return
    named = template_line(raw)
    if named and named[0] not in templates:
        yield wrong_template(file, named[1], named[0])


def _templates(root: Path) -> set[str]:
    """The templates that a page may ask for: ours, and those that lie in the folder that mkdocs.yml names."""
    chain = settings_below(root, [])
    theme = chain[0].content.value.get("theme") if chain else None
    own = theme.get("custom_dir") if isinstance(theme, dict) else None
    folder = root / own if isinstance(own, str) and own and "\0" not in own else None
    found = (
        folder.rglob("*.html") if folder and folder.is_dir() and folder.resolve().is_relative_to(root.resolve()) else ()
    )
    return {*PAGE_TEMPLATES, *(path.relative_to(folder).as_posix() for path in found if folder)}


def _files(root: Path, folder: str, problems: list[Problem]) -> Iterator[str]:
    for name, is_folder in list_folder(root, folder, problems):
        path = f"{folder}/{name}"
        if is_folder:
            yield from _files(root, path, problems)
        else:
            yield path
