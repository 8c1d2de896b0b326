"""What is published of achievements and issuers: pages, definitions, key documents, status lists, pictures, colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.didweb import build_did_document
from site_builder.credentials.multikey import fingerprint
from site_builder.credentials.openbadges3 import build_achievement
from site_builder.credentials.urls import signed_path, signed_url
from site_builder.encoding import format_json
from site_builder.ledger.definitions import achievement_of, issuer_did
from site_builder.ledger.editions import edition_anchor
from site_builder.ledger.key_use import public_keys
from site_builder.records.load import Badge, Issuer
from site_builder.records.model import KeyRecord
from site_builder.records.png_artwork import artwork_file
from site_builder.site.accent import accent_css
from site_builder.site.cards import achievement_facts, counted, facets, word_index
from site_builder.site.editions import shown_edition
from site_builder.site.holders import choose_example, holders_in_words, standing
from site_builder.site.model import Site
from site_builder.site.pages import safe_markdown
from site_builder.site.results import shown_results, shown_skills
from site_builder.verification.page import format_date

__all__ = ["achievement_files", "catalogue_files", "issuer_files"]


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


def catalogue_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The list of all achievements."""
    name = site.state.repository.config.name
    frame = site.frame("badges/", title=f"Achievements · {name}", description=f"What can be earned: {name}")
    total = sum(len(group.achievements) for group in site.groups)
    page = {
        "groups": site.groups,
        "count": counted(total, "achievement", "achievements"),
        "issuers": counted(len(site.groups), "issuer", "issuers"),
        "facets": facets(site.groups),
        "index": word_index(site.groups),
    }
    yield "badges/index.html", site.render("achievements.html", frame, page)


def issuer_files(site: Site, issuer: Issuer) -> Iterator[tuple[str, bytes]]:
    """An issuer's page, key document, status lists, logos and colours."""
    folder = signed_path("issuer", issuer=issuer.slug)
    did = issuer_did(issuer, site.base)
    yield folder + "did.json", format_json(build_did_document(did, public_keys(issuer)))
    for (slug, number), raw in sorted(site.state.ledger.lists.items()):
        if slug == issuer.slug:
            yield signed_path("status list", issuer=slug, number=str(number)), raw
    logo = site.rendering(f"issuers/{issuer.slug}", "logo", issuer.logo) if issuer.logo else None
    yield from site.pictures(folder, logo, kind="logo")
    yield folder + "accent.css", accent_css(issuer.record.accent)
    frame = site.frame(
        folder,
        title=issuer.record.name,
        description=issuer.record.description or f"{issuer.record.name}: achievements and keys",
        accent=folder + "accent.css",
    )
    achievements = next((group.achievements for group in site.groups if group.slug == issuer.slug), [])
    page = {
        "name": issuer.record.name,
        "description": issuer.record.description or "",
        "url": issuer.record.url,
        "email": issuer.record.email,
        "did": did,
        "logo": site.logo_path(issuer),
        "achievements": achievements,
        "count": counted(len(achievements), "achievement", "achievements"),
        "key_rows": [_key_row(key) for key in reversed(issuer.keys)],
        "is_demo": any(key.state == "active" and is_demo_key(key.publicKeyMultibase) for key in issuer.keys),
        "listed": [entry for award, entry in site.listed if award.issuer == issuer.slug],
    }
    yield folder + "index.html", site.render("issuer.html", frame, page)


# What a key's state means for what it signed.
_KEY_STATES = {
    "active": ("Signs.", ""),
    "retired": ("No longer signs.", "What it signed stays good."),
    "compromised": ("In wrong hands.", "Nothing that it signed is accepted, whatever its date."),
}


def _key_row(key: KeyRecord) -> dict[str, str]:
    state, meaning = _KEY_STATES[key.state]
    return {
        "id": key.id,
        "created": format_date(key.created.isoformat()),
        "until": format_date(key.until.isoformat()) if key.until else "",
        "state": state,
        "meaning": meaning,
        "kind": key.state,
        "fingerprint": fingerprint(key.publicKeyMultibase),
    }
