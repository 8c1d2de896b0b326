"""Publishing: the repository in, a stream of (path, bytes) out. No key, no network, no clock, no MkDocs.

What is published of credentials comes from signed files alone; pages are made from them, and bytes are copied. Drafts are another matter,
for previews, in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from site_builder.errors import Progress, no_progress
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.context import Site
from site_builder.site.hosting import host_files
from site_builder.site.pages.achievement import achievement_files
from site_builder.site.pages.catalogue import catalogue_files
from site_builder.site.pages.credential import credential_files, erased_files
from site_builder.site.pages.drafts import draft_files
from site_builder.site.pages.issuer import issuer_files
from site_builder.site.theme import theme_assets
from site_builder.site.verifier_files import verifier_files

__all__ = ["publish"]


def publish(
    state: CheckedRepository,
    *,
    extra_pages: Sequence[str] = (),
    with_drafts: bool = False,
    progress: Progress = no_progress,
) -> Iterator[tuple[str, bytes]]:
    """Every file of the site but MkDocs' own pages: path below the root, and bytes.

    extra_pages: paths of pages that others render, for the sitemap. with_drafts: also pages of what is not signed yet."""
    site = Site(state)
    yield from theme_assets()
    for done, award in enumerate(sorted(state.ledger.awards.values(), key=lambda award: award.id), 1):
        yield from credential_files(site, award)
        progress(done, len(state.ledger.awards))
    for erased in sorted(state.ledger.erased.values(), key=lambda award: award.id):
        yield from erased_files(site, erased)
    for badge in state.repository.badges.values():
        yield from achievement_files(site, badge)
    yield from catalogue_files(site)
    yield from verifier_files(site)
    for issuer in state.repository.issuers.values():
        yield from issuer_files(site, issuer)
    yield from _host_files(site, extra_pages)
    if with_drafts:
        yield from draft_files(site)


def _host_files(site: Site, extra_pages: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Headers, sitemap and robots of this site."""
    pages = [*extra_pages, "badges/", "verify/", *(group.path for group in site.groups)]
    pages += [card.path for group in site.groups for card in group.achievements]
    pages += [entry.path for _, entry in site.listed]
    images = [site.image_path(badge) for badge in site.state.repository.badges.values()]
    yield from host_files(site.base, pages=pages, immutable=[path for path in images if path.endswith(".png")])
