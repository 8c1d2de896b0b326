"""The list of all achievements."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.site.context import Site
from site_builder.site.parts.cards import facets, word_index
from site_builder.wording import plural

__all__ = ["catalogue_files"]


def catalogue_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The list of all achievements."""
    name = site.state.repository.config.name
    frame = site.frame("badges/", title=f"Achievements · {name}", description=f"What can be earned: {name}")
    total = sum(len(group.achievements) for group in site.groups)
    page = {
        "groups": site.groups,
        "count": plural(total, "achievement"),
        "issuers": plural(len(site.groups), "issuer"),
        "facets": facets(site.groups),
        "index": word_index(site.groups),
    }
    yield "badges/index.html", site.render("achievements.html", frame, page)
