"""What is published of an achievement: its page, its definition, its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from site_builder.credentials.openbadges3.build import build_achievement
from site_builder.credentials.urls import signed_path, signed_url
from site_builder.encoding import format_json
from site_builder.ledger.store.definitions import achievement_of
from site_builder.ledger.store.editions import edition_anchor
from site_builder.records.artwork.png import artwork_file
from site_builder.records.load.repository import Badge, Issuer
from site_builder.site.context import Site
from site_builder.site.parts.cards import achievement_facts
from site_builder.site.parts.editions import shown_edition
from site_builder.site.parts.facts import safe_markdown
from site_builder.site.parts.listed_recipients import choose_example, holders_in_words, standing
from site_builder.site.parts.results import shown_results, shown_skills

__all__ = ["achievement_files"]


def achievement_files(site: Site, badge: Badge) -> Iterator[tuple[str, bytes]]:
    """An achievement's page and definition, and every picture of it that was ever signed."""
    folder = signed_path("criteria", badge=badge.slug)
    rendering = site.rendering(f"badges/{badge.slug}", "image", badge.artwork)
    yield from site.pictures(folder, rendering, kind="image")
    if rendering is None:
        yield folder + artwork_file("image", badge.artwork), badge.artwork
    issuer = site.state.repository.issuers[badge.record.issuer]
    definition = achievement_of(badge, issuer, image_digest=rendering.digest if rendering else "")
    document = build_achievement(definition, base=site.base)
    yield folder + "achievement.json", format_json(document)
    frame = site.frame(
        folder,
        title=f"{badge.record.name} · {issuer.record.name}",
        description=badge.record.description,
        accent=signed_path("issuer", issuer=issuer.slug) + "accent.css",
        image=signed_url(site.base, "achievement image", badge=badge.slug, digest=rendering.digest)
        if rendering
        else "",
        image_alt=badge.record.image_alt,
    )
    page = _achievement(site, badge, issuer) | {
        "criteria": safe_markdown(definition.narrative),
        "skills": shown_skills(document),
        "results": shown_results(document),
        "anchor": edition_anchor(document),
        "editions": [
            shown_edition(one, document, base=site.base) for one in site.state.editions.earlier(badge.slug, document)
        ],
    }
    yield folder + "index.html", site.render("achievement.html", frame, page)


def _achievement(site: Site, badge: Badge, issuer: Issuer) -> dict[str, Any]:
    """What an achievement's page shows but the criteria."""
    record = badge.record
    listed = [entry for award, entry in site.listed if award.badge == badge.slug]
    return {
        "name": record.name,
        "description": record.description,
        "language": record.language or issuer.record.language,
        "image": site.image_path(badge),
        "image_alt": record.image_alt,
        "issuer": next(group for group in site.groups if group.slug == issuer.slug),
        "facts": achievement_facts(record),
        "subjects": [(tag, urlencode({"subject": tag})) for tag in record.tags],
        "holders": holders_in_words(standing(site.state.ledger.awards.values(), badge.slug)),
        "example": choose_example(listed),
        "listed": listed,
    }
