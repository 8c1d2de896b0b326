"""Pages of what is written and not signed yet, for a look before signing: only in a site that is built with drafts.

Each is made by the functions that make a credential's page, from the document that would be signed. That document is not published,
nothing links to these pages, and no picture carries one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from site_builder.credentials.urls import signed_path
from site_builder.ledger.store.documents import document_of
from site_builder.ledger.store.identity import draft_digest
from site_builder.records.load.award_files import Row
from site_builder.site.context import Site
from site_builder.site.pages.draft_changes import corrected_drafts, shown_changes
from site_builder.site.pages.statement import statement
from site_builder.wording import format_date, plural

__all__ = ["DRAFTS", "draft_files", "draft_path", "wants_drafts"]

DRAFTS = "drafts/"
# Of a digest of 64 hex digits: 128 bits, as an id has.
_DIGITS = 32
# What `issue` has yet to draw. Neither is shown.
_NO_ID, _NO_PLACE = "draft", (1, 0)


def wants_drafts(environment: Mapping[str, str], *, is_serving: bool) -> bool:
    """Whether a site is built with drafts when no option says so: while serving, and in the previews of pull requests.

    LAURELS_DRAFTS decides where it is set: 1 for drafts, 0 or nothing for none. Else the hosts' own words do. Sources: Netlify,
    Build environment variables, CONTEXT; Vercel, System environment variables, VERCEL_ENV."""
    if "LAURELS_DRAFTS" in environment:
        return environment["LAURELS_DRAFTS"] not in ("", "0")
    return is_serving or environment.get("CONTEXT") == "deploy-preview" or environment.get("VERCEL_ENV") == "preview"


@dataclass(frozen=True)
class _Draft:
    """A row, the credential that it would become, and the path of its page."""

    path: str
    row: Row
    document: dict[str, Any]


def draft_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """A page for each row and each correction that is pending, and a page that lists them and the other pending changes."""
    written = [(row, _document(site, row)) for row in site.state.pending_rows]
    corrected = list(corrected_drafts(site))
    drafts = list(_placed([*written, *corrected]))
    for draft in drafts:
        yield draft.path + "index.html", _draft_page(site, draft)
    changed = {row.file for row, _ in corrected}
    rows = [draft for draft in drafts if draft.row.file not in changed]
    pages = {draft.row.file: draft.path for draft in drafts if draft.row.file in changed}
    yield DRAFTS + "index.html", _index_page(site, rows, shown_changes(site, pages))


def draft_path(row: Row, occurrence: int = 1) -> str:
    """The address of a draft below the site's root. occurrence: 2 and on for rows that differ in what a page does not show."""
    suffix = f"-{occurrence}" if occurrence > 1 else ""
    return f"{DRAFTS}{draft_digest(row.award)[:_DIGITS]}{suffix}/"


def _placed(documents: Iterable[tuple[Row, dict[str, Any]]]) -> Iterator[_Draft]:
    seen = Counter[str]()
    for row, document in sorted(documents, key=lambda pair: (pair[0].file, pair[0].line)):
        first = draft_path(row)
        seen[first] += 1
        yield _Draft(draft_path(row, seen[first]), row, document)


def _document(site: Site, row: Row) -> dict[str, Any]:
    """The credential that a row would become, without the hash of an address: its salt is drawn when it is signed."""
    badge, issuer = site.state.repository.badges[row.award.badge], site.state.repository.issuers[row.issuer]
    rendering = site.rendering(f"badges/{badge.slug}", "image", badge.artwork)
    digest = rendering.digest if rendering else ""
    return document_of(
        row, badge, issuer, base=site.base, award_id=_NO_ID, salt=None, place=_NO_PLACE, image_digest=digest
    )


def _draft_page(site: Site, draft: _Draft) -> bytes:
    row, badge = draft.row, site.state.repository.badges[draft.row.award.badge]
    frame = site.frame(
        draft.path,
        title=f"Draft: {row.award.name} · {draft.document['name']}",
        description="A draft that nobody has signed.",
        indexed=False,
        accent=signed_path("issuer", issuer=row.issuer) + "accent.css",
    )
    content = statement(draft.document, base=site.base, linkedin_organization=None)
    if not content["image"]:
        # The artwork itself, while no picture of it was made.
        content |= {"image": site.image_path(badge), "image_alt": badge.record.image_alt}
    shown = {"record": f"{row.file}:{row.line}", "drafts": DRAFTS}
    return site.render("draft.html", frame, content | shown)


def _index_page(site: Site, drafts: Iterable[_Draft], changes: Sequence[dict[str, Any]]) -> bytes:
    files: dict[str, list[dict[str, str]]] = {}
    for draft in drafts:
        files.setdefault(draft.row.file, []).append(_entry(site, draft))
    count = sum(map(len, files.values()))
    page = {
        "files": files,
        "changes": changes,
        "count": f"{plural(count, 'award')} and {plural(len(changes), 'change')}",
    }
    title = f"Drafts · {site.state.repository.config.name}"
    frame = site.frame(DRAFTS, title=title, description="Drafts that nobody has signed.", indexed=False)
    return site.render("drafts.html", frame, page)


def _entry(site: Site, draft: _Draft) -> dict[str, str]:
    """A row of the list. renews: the day of the award that it renews, or ""."""
    renewed = site.state.ledger.awards.get(draft.row.renews)
    return {
        "line": str(draft.row.line),
        "path": draft.path,
        "name": draft.row.award.name,
        "achievement": draft.document["name"],
        "awarded": format_date(draft.document["awardedDate"]),
        "renews": format_date(renewed.awarded) if renewed else "",
    }
