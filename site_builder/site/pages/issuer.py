"""What is published of an issuer: page, key document, status lists, logos, colours."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.identifiers.did_web import build_did_document
from site_builder.credentials.identifiers.multikey import fingerprint
from site_builder.credentials.urls import signed_path
from site_builder.encoding import format_json
from site_builder.ledger.queries.key_use import public_keys
from site_builder.ledger.store.definitions import issuer_did
from site_builder.records.load.repository import Issuer
from site_builder.records.models.keys import KeyRecord
from site_builder.site.context import Site
from site_builder.site.parts.accent import accent_css
from site_builder.wording import format_date, plural

__all__ = ["issuer_files"]


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
        "count": plural(len(achievements), "achievement"),
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
