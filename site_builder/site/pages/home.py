"""What the front page shows besides its own words: issuers, achievements, and those who agreed to be listed."""

from __future__ import annotations

from typing import Any

from site_builder.credentials.demo import is_demo_key
from site_builder.site.context import Site
from site_builder.wording import plural

__all__ = ["home_page"]


def home_page(site: Site) -> dict[str, Any]:
    """The front page's lists, which doors this site has (an example, a manual), and whether it is a demonstration."""
    doors = {link.title: link.path for link in site.links("")}
    total = sum(len(group.achievements) for group in site.groups)
    return {
        "groups": site.groups,
        "count": plural(total, "achievement"),
        "recent": site.recent,
        "example": site.example,
        "manual": doors.get("Manual", ""),
        "is_demo": any(
            issuer.active_key and is_demo_key(issuer.active_key.publicKeyMultibase)
            for issuer in site.state.repository.issuers.values()
        ),
    }
