"""What is published of an issuer: page, key document, status lists, logos, colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.identifiers.did_web import build_did_document
from site_builder.credentials.identifiers.multikey import fingerprint
from site_builder.credentials.urls import signed_path
from site_builder.encoding import format_json
from site_builder.ledger.queries.key_use import public_keys
from site_builder.ledger.store.key_documents import key_document
from site_builder.records.load.repository import Issuer
from site_builder.records.models.keys import KeyRecord
from site_builder.site.context import Site
from site_builder.site.page_input import Blob, Files, PageInput
from site_builder.site.parts.accent import accent_css
from site_builder.site.parts.cards import Card
from site_builder.site.parts.frame import SiteFacts
from site_builder.site.parts.listed_recipients import Listed
from site_builder.site.theme import render
from site_builder.wording import format_date, plural

__all__ = ["IssuerInput", "KeyRow", "issuer_files", "issuer_inputs"]


@dataclass(frozen=True)
class KeyRow:
    """A key for people. created, until: as printed. state, meaning: what has become of it, in words. kind: the state as recorded."""

    id: str
    created: str
    until: str
    state: str
    meaning: str
    kind: str
    fingerprint: str


@dataclass(frozen=True)
class IssuerInput(PageInput):
    """All that an issuer's page is made of.

    did_document: did.json as it is published; places: paths below the site's root at which it lies. lists: path below that root and
    signed bytes of each status list. logos: every one that a signature names and the present one, by file name; logo: path of the one
    that is shown, "" for none."""

    site: SiteFacts
    name: str
    description: str
    url: str
    email: str
    did: str
    did_document: bytes
    places: tuple[str, ...]
    lists: tuple[tuple[str, bytes], ...]
    logos: tuple[tuple[str, Blob], ...]
    logo: str
    accent: str | None
    key_rows: tuple[KeyRow, ...]
    is_demo: bool
    achievements: tuple[Card, ...]
    listed: tuple[Listed, ...]


def issuer_inputs(site: Site) -> Iterator[IssuerInput]:
    """The inputs of all issuers' pages."""
    for issuer in site.checked.repository.issuers.values():
        yield _input(site, issuer)


def _input(site: Site, issuer: Issuer) -> IssuerInput:
    record, folder, keys = issuer.record, signed_path("issuer", issuer=issuer.slug), key_document(issuer, site.base)
    logo = site.rendering(f"issuers/{issuer.slug}") if issuer.logo else None
    return IssuerInput(
        path=folder,
        site=site.facts,
        name=record.name,
        description=record.description or "",
        url=record.url,
        email=record.email,
        did=keys.did,
        did_document=format_json(build_did_document(keys.did, public_keys(issuer), office=record.email)),
        places=tuple(dict.fromkeys(place for place in (keys.copy, keys.place) if place)),
        lists=tuple(
            (signed_path("status list", issuer=slug, number=str(number)), raw)
            for (slug, number), raw in sorted(site.checked.ledger.lists.items())
            if slug == issuer.slug
        ),
        logos=tuple(site.pictures(folder, logo, kind="logo")),
        logo=site.logo_path(issuer),
        accent=record.accent,
        key_rows=tuple(_key_row(key) for key in reversed(issuer.keys)),
        is_demo=any(key.state == "active" and is_demo_key(key.publicKeyMultibase) for key in issuer.keys),
        achievements=next((group.achievements for group in site.groups if group.slug == issuer.slug), ()),
        listed=tuple(entry for award, entry in site.listed if award.issuer == issuer.slug),
    )


# What a key's state means for what it signed.
_KEY_STATES = {
    "active": ("Signs.", ""),
    "retired": ("No longer signs.", "What it signed stays good."),
    "compromised": ("In wrong hands.", "Nothing that it signed is accepted, whatever its date."),
}


def _key_row(key: KeyRecord) -> KeyRow:
    state, meaning = _KEY_STATES[key.state]
    return KeyRow(
        id=key.id,
        created=format_date(key.created.isoformat()),
        until=format_date(key.until.isoformat()) if key.until else "",
        state=state,
        meaning=meaning,
        kind=key.state,
        fingerprint=fingerprint(key.publicKeyMultibase),
    )


def issuer_files(page: IssuerInput) -> Files:
    """An issuer's key document, status lists, logos, colours and page."""
    for place in page.places:
        yield place, page.did_document
    yield from page.lists
    for name, logo in page.logos:
        yield page.path + name, logo.raw
    yield page.path + "accent.css", accent_css(page.accent)
    frame = page.site.frame(
        page.path,
        title=page.name,
        description=page.description or f"{page.name}: achievements and keys",
        accent=page.path + "accent.css",
    )
    yield page.path + "index.html", render("issuer.html", frame=frame, page=_shown(page))


_SHOWN = "name description url email did logo achievements key_rows is_demo listed".split()


def _shown(page: IssuerInput) -> dict[str, object]:
    return {name: getattr(page, name) for name in _SHOWN} | {"count": plural(len(page.achievements), "achievement")}
