"""What the front page shows besides its own words: issuers, achievements, and those who agreed to be listed."""

from __future__ import annotations

from dataclasses import dataclass

from site_builder.credentials.demo import is_demo_key
from site_builder.site.context import Site
from site_builder.site.page_input import PageInput
from site_builder.site.parts.cards import Group
from site_builder.site.parts.listed_recipients import Listed
from site_builder.wording import plural

__all__ = ["HomeInput", "home_input"]


@dataclass(frozen=True)
class HomeInput(PageInput):
    """What Laurels adds to the front page, which MkDocs renders.

    count: of achievements, in words. recent: those who were listed last. example: a credential to show to somebody who has never seen
    one. manual: path of the manual, "" where the site keeps none. is_demo: whether anything is signed with a demo key."""

    groups: tuple[Group, ...]
    count: str
    recent: tuple[Listed, ...]
    example: Listed | None
    manual: str
    is_demo: bool


def home_input(site: Site) -> HomeInput:
    """The front page's lists."""
    keys = [issuer.active_key for issuer in site.checked.repository.issuers.values()]
    return HomeInput(
        path="",
        groups=tuple(site.groups),
        count=plural(sum(len(group.achievements) for group in site.groups), "achievement"),
        recent=tuple(site.recent),
        example=site.example,
        manual=dict(site.facts.sections).get("Manual", ""),
        is_demo=any(key is not None and is_demo_key(key.publicKeyMultibase) for key in keys),
    )
