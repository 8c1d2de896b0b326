"""The list of all achievements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.site.context import Site
from site_builder.site.page_input import Files, PageInput
from site_builder.site.parts.cards import Group, facets, word_index
from site_builder.site.parts.frame import SiteFacts
from site_builder.site.theme import render
from site_builder.wording import plural

__all__ = ["CatalogueInput", "catalogue_files", "catalogue_inputs"]


@dataclass(frozen=True)
class CatalogueInput(PageInput):
    """All that the catalogue is made of: the issuers that have achievements, with these."""

    site: SiteFacts
    groups: tuple[Group, ...]


def catalogue_inputs(site: Site) -> Iterator[CatalogueInput]:
    """The input of the one catalogue."""
    yield CatalogueInput("badges/", site.facts, tuple(site.groups))


def catalogue_files(page: CatalogueInput) -> Files:
    """The catalogue's page."""
    name = page.site.name
    frame = page.site.frame(page.path, title=f"Achievements · {name}", description=f"What can be earned: {name}")
    total = sum(len(group.achievements) for group in page.groups)
    shown = {
        "groups": page.groups,
        "count": plural(total, "achievement"),
        "issuers": plural(len(page.groups), "issuer"),
        "facets": facets(page.groups),
        "index": word_index(page.groups),
    }
    yield page.path + "index.html", render("achievements.html", frame=frame, page=shown)
