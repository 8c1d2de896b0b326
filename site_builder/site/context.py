"""The site as its pages need it: addresses, templates, pictures, lists. What is made of it is in the modules beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jinja2 import Environment

from site_builder.credentials.urls import signed_path
from site_builder.encoding import parse_json
from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.renderings import Rendering, find_rendering
from site_builder.records.artwork.png import artwork_file
from site_builder.records.load.repository import Badge, Issuer
from site_builder.site.parts.cards import Card, Group, subjects_of, summary
from site_builder.site.parts.frame import Frame, HeaderLink, content_security_policy
from site_builder.site.parts.listed_recipients import Listed, choose_example
from site_builder.site.theme import make_environment
from site_builder.wording import format_date

__all__ = ["Site"]

_RECENT = 12


@dataclass
class Site:
    """The published site of a checked repository."""

    state: CheckedRepository
    _renderings: dict[str, Rendering | None] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def environment(self) -> Environment:
        """The templates."""
        return make_environment()

    @property
    def base(self) -> str:
        """The site's address, with a trailing slash."""
        return self.state.repository.config.base

    @cached_property
    def _places(self) -> list[tuple[str, str]]:
        """Title and path of what the header leads to: the manual where a site keeps one."""
        has_manual = (self.state.repository.root / "content/pages/manual/index.md").is_file()
        manual = [("Manual", "manual/")] if has_manual else []
        return [("Achievements", "badges/"), ("Verify", "verify/"), *manual]

    def links(self, path: str) -> list[HeaderLink]:
        """The header's links on the page at a path below the root."""
        return [
            HeaderLink(title, place, "page" if path == place else "true" if path.startswith(place) else "")
            for title, place in self._places
        ]

    def frame(self, path: str, *, title: str, description: str, connect: Sequence[str] = (), **more: Any) -> Frame:
        """The frame of the page at a path below the root."""
        name = self.state.repository.config.name
        return Frame(
            root="../" * path.count("/") or "./",
            links=self.links(path),
            site_name=name,
            title=title,
            description=description,
            canonical=self.base + path,
            csp=content_security_policy(connect=connect),
            **more,
        )

    def render(self, template: str, frame: Frame, page: dict[str, Any]) -> bytes:
        """A page, as the bytes that are published."""
        return self.environment.get_template(template).render(frame=frame, page=page).encode("utf-8")

    def rendering(self, folder: str, kind: str, artwork: bytes) -> Rendering | None:
        """The stored rendering of artwork. folder: of its badge or issuer, which has one artwork: it is looked for once."""
        if folder not in self._renderings:
            rendered = self.state.repository.root / folder / "rendered"
            self._renderings[folder] = find_rendering(rendered, kind, artwork)
        return self._renderings[folder]

    def pictures(self, folder: str, current: Rendering | None, *, kind: str) -> Iterator[tuple[str, bytes]]:
        """The pictures of a badge or an issuer that a signature names, and the current one; nothing else that lies there."""
        rendered = self.state.repository.root / folder / "rendered"
        named = {path.removeprefix(folder) for path in self.state.pictures if path.startswith(folder)}
        if current:
            named.add(f"{kind}-{current.digest}.png")
        for name in sorted(named):
            yield folder + name, (rendered / name).read_bytes()

    def image_path(self, badge: Badge) -> str:
        """The picture of an achievement: its rendering, or the re-serialised artwork while none was signed."""
        found = self.rendering(f"badges/{badge.slug}", "image", badge.artwork)
        if found:
            return signed_path("achievement image", badge=badge.slug, digest=found.digest)
        return signed_path("criteria", badge=badge.slug) + artwork_file("image", badge.artwork)

    def logo_path(self, issuer: Issuer) -> str:
        """The picture of an issuer, "" when it has none that was rendered."""
        logo = self.rendering(f"issuers/{issuer.slug}", "logo", issuer.logo) if issuer.logo else None
        return signed_path("issuer image", issuer=issuer.slug, digest=logo.digest) if logo else ""

    def _card(self, badge: Badge, issuer: Issuer) -> Card:
        record = badge.record
        return Card(
            path=signed_path("criteria", badge=badge.slug),
            image=self.image_path(badge),
            name=record.name,
            description=record.description,
            issuer=record.issuer,
            category=record.category or "",
            level=record.level or "",
            subjects=subjects_of(record),
            summary=summary(record),
            language=record.language or issuer.record.language,
        )

    def _group(self, issuer: Issuer) -> Group:
        badges = [badge for badge in self.state.repository.badges.values() if badge.record.issuer == issuer.slug]
        return Group(
            slug=issuer.slug,
            path=signed_path("issuer", issuer=issuer.slug),
            name=issuer.record.name,
            description=issuer.record.description or "",
            logo=self.logo_path(issuer),
            achievements=[self._card(badge, issuer) for badge in badges],
            language=issuer.record.language,
        )

    @cached_property
    def groups(self) -> list[Group]:
        """The issuers that have achievements, with these."""
        groups = [self._group(issuer) for issuer in self.state.repository.issuers.values()]
        return [group for group in groups if group.achievements]

    def is_listed(self, award: StoredAward) -> bool:
        """Whether the recipient agreed to be listed, and the award is in force."""
        row = self.state.rows.get(award.id)
        return row is not None and row.award.listed is not None and award.current.state == "active"

    @cached_property
    def listed(self) -> list[tuple[StoredAward, Listed]]:
        """Those who agreed to be listed, latest first."""
        awards = [award for award in self.state.ledger.awards.values() if self.is_listed(award)]
        awards.sort(key=lambda award: (award.awarded, award.id), reverse=True)
        return [(award, self._entry(award)) for award in awards]

    def _entry(self, award: StoredAward) -> Listed:
        document = parse_json(self.state.ledger.read_credential(award, award.current))
        return Listed(
            path=signed_path("page", id=award.id),
            name=document["credentialSubject"]["identifier"][0]["identityHash"],
            achievement=document["name"],
            awarded=format_date(document["awardedDate"]),
            day=award.awarded,
            last_day=document.get("validUntil", "")[:10],
            has_begun=award.awarded <= award.current.issued[:10],
        )

    @property
    def recent(self) -> list[Listed]:
        """The latest of those who agreed to be listed."""
        return [entry for _, entry in self.listed if entry.has_begun][:_RECENT]

    @property
    def example(self) -> Listed | None:
        """A credential to show to somebody who has never seen one."""
        return choose_example([entry for _, entry in self.listed])
