"""Pages of what is written and not signed yet, for a look before signing: only in a site that is built with drafts.

Each is made by the functions that make a credential's page, from the document that would be signed. That document is not published,
nothing links to these pages, and no picture carries one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from site_builder.credentials.openbadges3.read import read_credential
from site_builder.credentials.openbadges3.values import Credential
from site_builder.credentials.urls import signed_path
from site_builder.encoding import format_json, parse_json
from site_builder.ledger.store.documents import document_of
from site_builder.ledger.store.identity import draft_digest
from site_builder.records.load.award_files import Row
from site_builder.site.context import Site
from site_builder.site.page_input import Files, PageInput
from site_builder.site.pages.credential import shown_prose
from site_builder.site.pages.draft_changes import ShownChange, corrected_drafts, shown_changes
from site_builder.site.parts.frame import SiteFacts
from site_builder.site.parts.name_size import name_size
from site_builder.site.theme import render
from site_builder.verification.page.statement import claim_rows, statement
from site_builder.wording import format_date, plural

__all__ = [
    "DRAFTS",
    "DraftInput",
    "DraftListInput",
    "draft_files",
    "draft_inputs",
    "draft_list_files",
    "draft_list_inputs",
    "draft_path",
]

DRAFTS = "drafts/"
# Of a digest of 64 hex digits: 128 bits, as an id has.
_DIGITS = 32
# What `issue` has yet to draw. Neither is shown.
_NO_ID, _NO_ENTRY = "draft", (1, 0)


@dataclass(frozen=True)
class DraftInput(PageInput):
    """All that a draft's page is made of.

    document: JSON of what the row would become, without the hash of an address. name: as the row gives it.
    record: file and line of the row. artwork: path of the achievement's artwork, shown while no picture of it was made."""

    site: SiteFacts
    issuer: str
    document: bytes
    achievement_name: str
    name: str
    record: str
    artwork: str
    artwork_alt: str


@dataclass(frozen=True)
class DraftEntry:
    """A row of the list of drafts. renews: the day of the award that it renews, or ""."""

    line: str
    path: str
    name: str
    achievement: str
    awarded: str
    renews: str


@dataclass(frozen=True)
class DraftListInput(PageInput):
    """All that the list of drafts is made of. files: the rows by the file in which they are. changes: what else is pending."""

    site: SiteFacts
    files: tuple[tuple[str, tuple[DraftEntry, ...]], ...]
    changes: tuple[ShownChange, ...]


# --- gathering --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Draft:
    """A row, the credential that it would become, and the path of its page."""

    path: str
    row: Row
    document: dict[str, Any]
    credential: Credential


def draft_inputs(site: Site) -> Iterator[DraftInput]:
    """The input of a page for each row and each correction that is pending."""
    for draft in _drafts(site):
        badge = site.checked.repository.badges[draft.row.award.badge]
        yield DraftInput(
            path=draft.path,
            site=site.facts,
            issuer=draft.row.issuer,
            document=format_json(draft.document),
            achievement_name=draft.credential.name,
            name=draft.row.award.name,
            record=f"{draft.row.file}:{draft.row.line}",
            artwork=site.image_path(badge),
            artwork_alt=badge.record.image_alt,
        )


def draft_list_inputs(site: Site) -> Iterator[DraftListInput]:
    """The input of the page that lists the drafts and the other pending changes."""
    drafts = _drafts(site)
    changed = site.checked.corrected.keys()
    files: dict[str, list[DraftEntry]] = {}
    for draft in drafts:
        if draft.row.file not in changed:
            files.setdefault(draft.row.file, []).append(_entry(site, draft))
    pages = {draft.row.file: draft.path for draft in drafts if draft.row.file in changed}
    rows = tuple((file, tuple(entries)) for file, entries in files.items())
    yield DraftListInput(DRAFTS, site.facts, rows, tuple(shown_changes(site, pages)))


def _drafts(site: Site) -> list[_Draft]:
    written = [(row, _document(site, row)) for row in site.checked.pending_rows]
    return list(_placed([*written, *corrected_drafts(site)]))


def draft_path(row: Row, occurrence: int = 1) -> str:
    """The address of a draft below the site's root. occurrence: 2 and on for rows that differ in what a page does not show."""
    suffix = f"-{occurrence}" if occurrence > 1 else ""
    return f"{DRAFTS}{draft_digest(row.award)[:_DIGITS]}{suffix}/"


def _placed(documents: Iterable[tuple[Row, dict[str, Any]]]) -> Iterator[_Draft]:
    seen = Counter[str]()
    for row, document in sorted(documents, key=lambda pair: (pair[0].file, pair[0].line)):
        first = draft_path(row)
        seen[first] += 1
        yield _Draft(draft_path(row, seen[first]), row, document, read_credential(document))


def _document(site: Site, row: Row) -> dict[str, Any]:
    """The credential that a row would become, without the hash of an address: its salt is drawn when it is signed."""
    badge, issuer = site.checked.repository.badges[row.award.badge], site.checked.repository.issuers[row.issuer]
    rendering = site.rendering(f"badges/{badge.slug}")
    digest = rendering.digest if rendering else ""
    return document_of(
        row, badge, issuer, base=site.base, award_id=_NO_ID, salt=None, status_entry=_NO_ENTRY, image_digest=digest
    )


def _entry(site: Site, draft: _Draft) -> DraftEntry:
    renewed = site.checked.ledger.awards.get(draft.row.renews)
    return DraftEntry(
        line=str(draft.row.line),
        path=draft.path,
        name=draft.row.award.name,
        achievement=draft.credential.name,
        awarded=format_date(draft.credential.awarded),
        renews=format_date(renewed.awarded) if renewed else "",
    )


# --- making -----------------------------------------------------------------------------------------------------------


def draft_files(page: DraftInput) -> Files:
    """The page of a draft."""
    frame = page.site.frame(
        page.path,
        title=f"Draft: {page.name} · {page.achievement_name}",
        description="A draft that nobody has signed.",
        indexed=False,
        accent=signed_path("issuer", issuer=page.issuer) + "accent.css",
    )
    said = statement(parse_json(page.document), claims=claim_rows(), base=page.site.base)
    content = said | shown_prose(said) | {"name_size": name_size(page.name)}
    if not content["image"]:
        # The artwork itself, while no picture of it was made.
        content |= {"image": page.artwork, "image_alt": page.artwork_alt}
    shown = content | {"record": page.record, "drafts": DRAFTS}
    yield page.path + "index.html", render("draft.html", frame=frame, page=shown)


def draft_list_files(page: DraftListInput) -> Files:
    """The page that lists the drafts."""
    count = sum(len(entries) for _, entries in page.files)
    shown = {
        "files": dict(page.files),
        "changes": page.changes,
        "count": f"{plural(count, 'award')} and {plural(len(page.changes), 'change')}",
    }
    title = f"Drafts · {page.site.name}"
    frame = page.site.frame(page.path, title=title, description="Drafts that nobody has signed.", indexed=False)
    yield page.path + "index.html", render("drafts.html", frame=frame, page=shown)
