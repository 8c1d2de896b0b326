"""Pages of what is written and not signed yet, for a look before signing: only in a site that is built with drafts.

Each is made by the functions that make a credential's page, from the document that would be signed. That document is not published,
nothing links to these pages, and no picture carries one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from site_builder.credentials.openbadges3 import build_credential
from site_builder.credentials.urls import signed_path
from site_builder.encoding import parse_json
from site_builder.errors import plural
from site_builder.ledger.definitions import achievement_of, award_of, profile_of
from site_builder.ledger.identity import draft_digest
from site_builder.records.award_files import Change, Row
from site_builder.records.changes import RevokeRecord
from site_builder.records.time_zones import time_zone
from site_builder.site.credential_files import withdrawal
from site_builder.site.model import Site
from site_builder.site.pages import statement
from site_builder.verification.page import format_date

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


def draft_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """A page for each row that is pending, and a page that lists them and the pending changes."""
    drafts = [(path, row, _document(site, row)) for path, row in _paths(site.state.pending_rows)]
    for path, row, document in drafts:
        yield path + "index.html", _draft_page(site, path, row, document)
    yield DRAFTS + "index.html", _index_page(site, drafts)


def draft_path(row: Row, occurrence: int = 1) -> str:
    """The address of a draft below the site's root. occurrence: 2 and on for rows that differ in what a page does not show."""
    suffix = f"-{occurrence}" if occurrence > 1 else ""
    return f"{DRAFTS}{draft_digest(row.award)[:_DIGITS]}{suffix}/"


def _paths(rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    seen = Counter[str]()
    for row in sorted(rows, key=lambda row: (row.file, row.line)):
        first = draft_path(row)
        seen[first] += 1
        yield draft_path(row, seen[first]), row


def _document(site: Site, row: Row) -> dict[str, Any]:
    """The credential that a row would become, without the hash of an address: its salt is drawn when it is signed."""
    badge, issuer = site.state.repository.badges[row.award.badge], site.state.repository.issuers[row.issuer]
    rendering = site.rendering(f"badges/{badge.slug}", "image", badge.artwork)
    return build_credential(
        award_of(row, badge, issuer, award_id=_NO_ID, salt=None, place=_NO_PLACE),
        achievement=achievement_of(badge, issuer, image_digest=rendering.digest if rendering else ""),
        profile=profile_of(issuer, base=site.base, logo_digest=""),
        zone=time_zone(issuer.record.time_zone),
        base=site.base,
    )


def _draft_page(site: Site, path: str, row: Row, document: dict[str, Any]) -> bytes:
    badge = site.state.repository.badges[row.award.badge]
    frame = site.frame(
        path,
        title=f"Draft: {row.award.name} · {badge.record.name}",
        description="A draft that nobody has signed.",
        indexed=False,
        accent=signed_path("issuer", issuer=row.issuer) + "accent.css",
    )
    shown = {
        # The artwork itself, while no picture of it was made.
        "image": site.image_path(badge),
        "image_alt": badge.record.image_alt,
        "record": f"{row.file}:{row.line}",
        "drafts": DRAFTS,
    }
    content = statement(document, base=site.base, linkedin_organization=None)
    return site.render("draft.html", frame, content | shown)


def _index_page(site: Site, drafts: list[tuple[str, Row, dict[str, Any]]]) -> bytes:
    files: dict[str, list[dict[str, str]]] = {}
    for path, row, document in drafts:
        entry = {"line": str(row.line), "path": path, "name": row.award.name, "achievement": document["name"]}
        files.setdefault(row.file, []).append(entry | {"awarded": format_date(document["awardedDate"])})
    changes = [_change(site, change) for change in site.state.pending_changes if change.record.kind == "revoke"]
    page = {
        "files": files,
        "changes": changes,
        "count": f"{plural(len(drafts), 'award')} and {plural(len(changes), 'change')}",
    }
    title = f"Drafts · {site.state.repository.config.name}"
    frame = site.frame(DRAFTS, title=title, description="Drafts that nobody has signed.", indexed=False)
    return site.render("drafts.html", frame, page)


def _change(site: Site, change: Change) -> dict[str, str]:
    """What a revocation will do. It has no id: outside of its own folder, nothing on a site leads to an unlisted credential."""
    assert isinstance(change.record, RevokeRecord)
    award = site.state.ledger.awards[change.record.target]
    document = parse_json(site.state.ledger.read_credential(award, award.current))
    place = {"record": f"{change.file}:{change.line}"}
    return (
        withdrawal(change.record)
        | place
        | {"achievement": document["name"], "awarded": format_date(document["awardedDate"])}
    )
