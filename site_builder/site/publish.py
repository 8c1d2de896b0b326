"""Publishing: the repository in, a stream of (path, bytes) out. No key, no network, no clock, no MkDocs.

What is published of credentials comes from signed files alone; pages are made from them, and bytes are copied. Drafts are another matter,
for previews, in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from site_builder.errors import Progress, no_progress
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.context import Site
from site_builder.site.hosting import host_files, host_input
from site_builder.site.incremental.pages_made import PagesMade, PageSource
from site_builder.site.page_input import Files, PageInput
from site_builder.site.pages.achievement import achievement_files, achievement_inputs
from site_builder.site.pages.catalogue import catalogue_files, catalogue_inputs
from site_builder.site.pages.credential import credential_files, credential_inputs
from site_builder.site.pages.credential_source import credential_sources
from site_builder.site.pages.drafts import draft_files, draft_inputs, draft_list_files, draft_list_inputs
from site_builder.site.pages.erased import erased_files, erased_inputs
from site_builder.site.pages.issuer import issuer_files, issuer_inputs
from site_builder.site.pages.verifier import verifier_files, verifier_inputs
from site_builder.site.theme import theme_assets

__all__ = ["DRAFT_KINDS", "PAGE_KINDS", "PageKind", "page_inputs", "publish"]

Input = TypeVar("Input", bound=PageInput)


@dataclass(frozen=True)
class PageKind(Generic[Input]):
    """One kind of page: how the inputs of all its pages are found, and how the files of one are made.

    inputs: reads the checked repository. files: a pure function. sources: from what each input is made, where that is known sooner."""

    name: str
    inputs: Callable[[Site], Iterable[Input]]
    files: Callable[[Input], Files]
    sources: Callable[[Site], Iterable[PageSource]] | None = None


# Every page that is published, in the order in which it is written. A new kind of page is a module in pages/ and a row here.
PAGE_KINDS: tuple[PageKind[Any], ...] = (
    PageKind("credential", credential_inputs, credential_files, credential_sources),
    PageKind("erased credential", erased_inputs, erased_files),
    PageKind("achievement", achievement_inputs, achievement_files),
    PageKind("catalogue", catalogue_inputs, catalogue_files),
    PageKind("verifier", verifier_inputs, verifier_files),
    PageKind("issuer", issuer_inputs, issuer_files),
)
DRAFT_KINDS: tuple[PageKind[Any], ...] = (
    PageKind("draft", draft_inputs, draft_files),
    PageKind("list of drafts", draft_list_inputs, draft_list_files),
)


def page_inputs(site: Site, kinds: Iterable[PageKind[Any]] = PAGE_KINDS) -> Iterator[tuple[PageKind[Any], PageInput]]:
    """What each page of a site is made of, one after the other."""
    for kind in kinds:
        for page in kind.inputs(site):
            yield kind, page


def publish(
    checked: CheckedRepository,
    *,
    extra_pages: Sequence[str] = (),
    with_drafts: bool = False,
    progress: Progress = no_progress,
    made: PagesMade | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Every file of the site but MkDocs' own pages: path below the root, and bytes.

    extra_pages: paths of pages that others render, for the sitemap. with_drafts: also pages of what is not signed yet.
    made: knows of pages whose files need not be drawn again, and these are left out."""
    site, made = Site(checked), made or PagesMade()
    yield from theme_assets()
    total = len(checked.ledger.awards)
    for kind in PAGE_KINDS:
        if kind.sources is None:
            for page in kind.inputs(site):
                yield from made.files(kind.name, page, kind.files)
        for done, source in enumerate(kind.sources(site) if kind.sources else (), 1):
            yield from made.files_of(kind.name, source, kind.files)
            progress(done, total)
    yield from host_files(host_input(site, extra_pages))
    if with_drafts:
        for kind, page in page_inputs(site, DRAFT_KINDS):
            yield from kind.files(page)
