"""The folder content/pages: MkDocs publishes every file in it, so nothing but pages and their pictures may lie there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from site_builder.errors import Problem
from site_builder.records.artwork.drawings import what_a_drawing_may_not
from site_builder.records.fields.file_names import odd_name
from site_builder.records.formats.regular_files import files_below, read_regular_file
from site_builder.records.load.page_templates import PAGE_TEMPLATES, template_line, wrong_template
from site_builder.records.settings.files import settings_below

__all__ = ["PAGES_FOLDER", "check_pages", "is_taken", "may_be_published"]

PAGES_FOLDER = "content/pages"
_ALLOWED = (".md", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf")
# What the site writes itself: a page of this name would be lost behind it.
_TAKEN = {"c", "badges", "issuers", "assets", "drafts", "verify"}
_MAX_READ_BYTES = 8 * 1_048_576


def may_be_published(file: str) -> bool:
    """Whether a file of this name may lie among the pages."""
    return file.lower().endswith(_ALLOWED)


def is_taken(name: str) -> bool:
    """Whether the site writes a file or a folder of this name itself.

    In whatever letters: some disks and some hosts take Verify/ for verify/, and would show the one in place of the other."""
    return name.casefold().removesuffix(".md") in _TAKEN


def check_pages(root: Path) -> list[Problem]:
    """A problem for each link, for each file that is neither a page nor a picture of one, and for what cannot be shown as it is."""
    problems: list[Problem] = []
    templates = _templates(root)
    # MkDocs follows links, and what is hidden is published where exclude_docs says so.
    for file in files_below(root, PAGES_FOLDER, problems):
        if any(step.startswith(".") for step in file.split("/")):
            continue
        if not may_be_published(file):
            what = "this would be published: everything in content/pages is"
            fix = f"move it elsewhere (records belong into content/records); what may lie here ends in {', '.join(_ALLOWED)}"
            problems.append(Problem(file, 0, "FIL001", what, fix))
        elif odd := odd_name(file.rpartition("/")[2]):
            problems.append(Problem(file, 0, "FIL007", *odd))
        elif is_taken(file.removeprefix(f"{PAGES_FOLDER}/").split("/")[0]):
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
