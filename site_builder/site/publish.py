"""Publishing: the repository in, a stream of (path, bytes) out. No key, no network, no clock, no MkDocs.

What is published of credentials comes from signed files alone; pages are made from them, and bytes are copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jinja2 import Environment

from site_builder.credentials.bake import bake_png, bake_svg
from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.didweb import PublicKeyEntry, build_did_document
from site_builder.credentials.multikey import fingerprint
from site_builder.credentials.openbadges3 import build_achievement
from site_builder.credentials.urls import signed_path, signed_url
from site_builder.encoding import format_json, parse_json
from site_builder.ledger.definitions import achievement_of, issuer_did
from site_builder.ledger.renderings import Rendering, find_rendering
from site_builder.ledger.state import State
from site_builder.ledger.store import StoredAward
from site_builder.records.load import Badge, Issuer
from site_builder.records.model import KeyRecord
from site_builder.site.accent import accent_css
from site_builder.site.hosting import host_files
from site_builder.site.pages import (
    Card,
    Frame,
    Group,
    Listed,
    achievement_facts,
    content_security_policy,
    did_origin,
    safe_markdown,
    statement,
    tombstone,
)
from site_builder.site.qr import qr_svg
from site_builder.site.theme import make_environment, theme_assets
from site_builder.verification.page import format_date

__all__ = ["Site", "publish"]

_RECENT = 12
_REASONS = {
    "issued-in-error": "issued in error",
    "requirements-not-met": "the requirements were not met",
    "misconduct": "misconduct",
    "withdrawn-by-recipient": "withdrawn at the recipient's wish",
    "other": "another reason",
}


def publish(state: State, *, extra_pages: Sequence[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Every file of the site but MkDocs' own pages: path below the root, and bytes.

    extra_pages: paths of pages that others render, for the sitemap."""
    site = Site(state)
    yield from theme_assets()
    for award in sorted(state.ledger.awards.values(), key=lambda award: award.id):
        yield from site.credential(award)
    for badge in state.repository.badges.values():
        yield from site.achievement(badge)
    yield from site.catalogue()
    for issuer in state.repository.issuers.values():
        yield from site.issuer(issuer)
    yield from site.host_files(extra_pages)


@dataclass
class Site:
    """The published site of a checked repository."""

    state: State

    @cached_property
    def environment(self) -> Environment:
        """The templates."""
        return make_environment()

    @property
    def base(self) -> str:
        """The site's address, with a trailing slash."""
        return self.state.repository.config.base

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """The header's links: to what every site has, and to the pages of the manual that this one keeps."""
        pages = self.state.repository.root / "content" / "pages"
        wanted = [("Verify", "manual/verify"), ("Manual", "manual/index")]
        kept = [
            (title, f"{path.removesuffix('index').rstrip('/')}/")
            for title, path in wanted
            if (pages / f"{path}.md").is_file()
        ]
        return [("Achievements", "badges/"), *kept]

    def frame(self, path: str, *, title: str, description: str, connect: Sequence[str] = (), **more: Any) -> Frame:
        """The frame of the page at a path below the root."""
        name = self.state.repository.config.name
        return Frame(
            root="../" * path.count("/") or "./",
            links=self.links,
            site_name=name,
            title=title,
            description=description,
            canonical=self.base + path,
            csp=content_security_policy(connect=connect),
            **more,
        )

    def _render(self, template: str, frame: Frame, page: dict[str, Any]) -> bytes:
        return self.environment.get_template(template).render(frame=frame, page=page).encode("utf-8")

    # --- credentials --------------------------------------------------------------------------------------------------

    def credential(self, award: StoredAward) -> Iterator[tuple[str, bytes]]:
        """A credential's page, its signed files as they were signed, its baked images and QR code."""
        folder = signed_path("page", id=award.id)
        for version in award.versions:
            yield folder + version.file, self.state.ledger.read_credential(award, version)
        versions = [{"version": number, "file": version.file} for number, version in enumerate(award.versions, 1)]
        yield folder + "versions.json", format_json({"current": len(versions), "versions": versions})
        raw = self.state.ledger.read_credential(award, award.current)
        document = parse_json(raw)
        yield from self._baked(folder, document, raw)
        yield folder + "qr.svg", qr_svg(self.base + folder)
        yield folder + "index.html", self._credential_page(award, folder, document)

    def _baked(self, folder: str, document: dict[str, Any], raw: bytes) -> Iterator[tuple[str, bytes]]:
        image = document["credentialSubject"]["achievement"].get("image", {}).get("id", "")
        if image:
            badge, _, name = image.removeprefix(self.base + "badges/").partition("/")
            stored = self.state.repository.root / "badges" / badge / "rendered" / name
            yield folder + "badge.png", bake_png(stored.read_bytes(), raw)
            yield folder + "badge.svg", bake_svg(stored.with_suffix(".svg").read_bytes(), raw)

    def _credential_page(self, award: StoredAward, folder: str, document: dict[str, Any]) -> bytes:
        issuer = self.state.repository.issuers[award.issuer]
        key = next(key for key in issuer.keys if key.id == award.current.key)
        shared = {
            "did_path": signed_path("issuer", issuer=award.issuer) + "did.json",
            "issuer_path": signed_path("issuer", issuer=award.issuer),
            "achievement_path": signed_path("criteria", badge=award.badge),
            "fingerprint": fingerprint(key.publicKeyMultibase),
            "is_demo": is_demo_key(key.publicKeyMultibase),
        }
        connect = did_origin(document["issuer"]["id"], self.base)
        accent = signed_path("issuer", issuer=award.issuer) + "accent.css"
        name, issuer_name = document["name"], document["issuer"]["name"]
        if award.current.state != "active":
            frame = self.frame(
                folder,
                title=f"Withdrawn: {name}",
                description=f"{issuer_name} has withdrawn this credential.",
                connect=connect,
                indexed=False,
                accent=accent,
            )
            return self._render("tombstone.html", frame, tombstone(document) | shared | self._withdrawal(award))
        recipient = document["credentialSubject"]["identifier"][0]["identityHash"]
        frame = self.frame(
            folder,
            title=f"{recipient} · {name}",
            description=f"{issuer_name} certifies that {recipient} earned {name}. Anybody can check it on this page.",
            connect=connect,
            indexed=self._is_listed(award),
            accent=accent,
            image=f"{self.base}{folder}badge.png",
            image_alt=document["credentialSubject"]["achievement"].get("image", {}).get("caption", ""),
        )
        content = statement(document, base=self.base, linkedin_organization=issuer.record.linkedin_organization)
        return self._render("statement.html", frame, content | shared)

    def _withdrawal(self, award: StoredAward) -> dict[str, str]:
        change = next(c.record for c in self.state.repository.changes if c.record.revoke == award.id)
        day = format_date(change.date.isoformat())
        return {"date": day, "reason": _REASONS[change.reason], "note": change.note or ""}

    # --- achievements and issuers -------------------------------------------------------------------------------------

    def _rendering(self, folder: str, kind: str, svg: bytes) -> Rendering | None:
        return find_rendering(self.state.repository.root / folder / "rendered", kind, svg)

    def _image_path(self, badge: Badge) -> str:
        """The picture of an achievement: its rendering, or its re-serialised drawing while none was signed."""
        found = self._rendering(f"badges/{badge.slug}", "image", badge.artwork)
        if found:
            return signed_path("achievement image", badge=badge.slug, digest=found.digest)
        return signed_path("criteria", badge=badge.slug) + "image.svg"

    def _card(self, badge: Badge) -> Card:
        path = signed_path("criteria", badge=badge.slug)
        return Card(path, self._image_path(badge), badge.record.name, badge.record.description)

    @cached_property
    def groups(self) -> list[Group]:
        """The issuers that have achievements, with these."""
        groups = []
        for issuer in self.state.repository.issuers.values():
            badges = [badge for badge in self.state.repository.badges.values() if badge.record.issuer == issuer.slug]
            if badges:
                path = signed_path("issuer", issuer=issuer.slug)
                groups.append(Group(path, issuer.record.name, [self._card(badge) for badge in badges]))
        return groups

    def _is_listed(self, award: StoredAward) -> bool:
        row = self.state.rows.get(award.id)
        return row is not None and row.award.listed is not None and award.current.state == "active"

    @cached_property
    def listed(self) -> list[tuple[StoredAward, Listed]]:
        """Those who agreed to be listed, latest first."""
        awards = [award for award in self.state.ledger.awards.values() if self._is_listed(award)]
        found = []
        for award in sorted(awards, key=lambda award: (award.awarded, award.id), reverse=True):
            document = parse_json(self.state.ledger.read_credential(award, award.current))
            name = document["credentialSubject"]["identifier"][0]["identityHash"]
            entry = Listed(
                signed_path("page", id=award.id), name, document["name"], format_date(document["awardedDate"])
            )
            found.append((award, entry))
        return found

    @property
    def recent(self) -> list[Listed]:
        """The latest of those who agreed to be listed."""
        return [entry for _, entry in self.listed][:_RECENT]

    def achievement(self, badge: Badge) -> Iterator[tuple[str, bytes]]:
        """An achievement's page and definition, and every picture of it that was ever signed."""
        folder = signed_path("criteria", badge=badge.slug)
        stored = self.state.repository.root / "badges" / badge.slug / "rendered"
        for picture in sorted(stored.glob("image-????????.png")):
            yield folder + picture.name, picture.read_bytes()
        rendering = self._rendering(f"badges/{badge.slug}", "image", badge.artwork)
        if rendering is None:
            yield folder + "image.svg", badge.artwork
        issuer = self.state.repository.issuers[badge.record.issuer]
        definition = achievement_of(badge, issuer, image_digest=rendering.digest if rendering else "")
        yield folder + "achievement.json", format_json(build_achievement(definition, base=self.base))
        frame = self.frame(
            folder,
            title=f"{badge.record.name} · {issuer.record.name}",
            description=badge.record.description,
            accent=signed_path("issuer", issuer=issuer.slug) + "accent.css",
            image=signed_url(self.base, "achievement image", badge=badge.slug, digest=rendering.digest)
            if rendering
            else "",
            image_alt=badge.record.image_alt,
        )
        page = {
            "name": badge.record.name,
            "description": badge.record.description,
            "criteria": safe_markdown(definition.narrative),
            "language": definition.language,
            "image": self._image_path(badge),
            "image_alt": badge.record.image_alt,
            "issuer_name": issuer.record.name,
            "issuer_path": signed_path("issuer", issuer=issuer.slug),
            "facts": achievement_facts(badge.record),
            "tags": badge.record.tags,
            "listed": [entry for award, entry in self.listed if award.badge == badge.slug],
        }
        yield folder + "index.html", self._render("achievement.html", frame, page)

    def catalogue(self) -> Iterator[tuple[str, bytes]]:
        """The list of all achievements."""
        name = self.state.repository.config.name
        frame = self.frame("badges/", title=f"Achievements · {name}", description=f"What can be earned: {name}")
        yield "badges/index.html", self._render("achievements.html", frame, {"groups": self.groups})

    def issuer(self, issuer: Issuer) -> Iterator[tuple[str, bytes]]:
        """An issuer's page, key document, status lists, logos and colours."""
        folder = signed_path("issuer", issuer=issuer.slug)
        did = issuer_did(issuer, self.base)
        keys = [PublicKeyEntry(key.id, key.publicKeyMultibase, key.state != "compromised") for key in issuer.keys]
        yield folder + "did.json", format_json(build_did_document(did, keys))
        for (slug, number), raw in sorted(self.state.ledger.lists.items()):
            if slug == issuer.slug:
                yield signed_path("status list", issuer=slug, number=str(number)), raw
        stored = self.state.repository.root / "issuers" / issuer.slug / "rendered"
        for picture in sorted(stored.glob("logo-????????.png")):
            yield folder + picture.name, picture.read_bytes()
        logo = self._rendering(f"issuers/{issuer.slug}", "logo", issuer.logo) if issuer.logo else None
        yield folder + "accent.css", accent_css(issuer.record.accent)
        logo_path = signed_path("issuer image", issuer=issuer.slug, digest=logo.digest) if logo else ""
        frame = self.frame(
            folder,
            title=issuer.record.name,
            description=issuer.record.description or f"{issuer.record.name}: achievements and keys",
            accent=folder + "accent.css",
        )
        page = {
            "name": issuer.record.name,
            "description": issuer.record.description or "",
            "url": issuer.record.url,
            "email": issuer.record.email,
            "did": did,
            "logo": logo_path,
            "achievements": next((group.achievements for group in self.groups if group.path == folder), []),
            "key_rows": [_key_row(key) for key in issuer.keys],
            "is_demo": any(key.state == "active" and is_demo_key(key.publicKeyMultibase) for key in issuer.keys),
            "listed": [entry for award, entry in self.listed if award.issuer == issuer.slug],
        }
        yield folder + "index.html", self._render("issuer.html", frame, page)

    def host_files(self, extra_pages: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Headers, sitemap and robots of this site."""
        pages = [*extra_pages, "badges/", *(group.path for group in self.groups)]
        pages += [card.path for group in self.groups for card in group.achievements]
        pages += [entry.path for _, entry in self.listed]
        images = [self._image_path(badge) for badge in self.state.repository.badges.values()]
        yield from host_files(self.base, pages=pages, immutable=[path for path in images if path.endswith(".png")])


def _key_row(key: KeyRecord) -> dict[str, str]:
    return {
        "id": key.id,
        "created": format_date(key.created.isoformat()),
        "state": key.state,
        "fingerprint": fingerprint(key.publicKeyMultibase),
    }
