"""The site as its pages need it: addresses, templates, pictures, lists. What is made of it is in the modules beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jinja2 import Environment

from site_builder.credentials.urls import signed_path
from site_builder.encoding import parse_json
from site_builder.ledger.renderings import Rendering, find_rendering
from site_builder.ledger.state import State
from site_builder.ledger.store import StoredAward
from site_builder.records.load import Badge
from site_builder.site.pages import Card, Frame, Group, Listed, content_security_policy
from site_builder.site.theme import make_environment
from site_builder.verification.page import format_date

__all__ = ["Site"]

_RECENT = 12


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

    def render(self, template: str, frame: Frame, page: dict[str, Any]) -> bytes:
        """A page, as the bytes that are published."""
        return self.environment.get_template(template).render(frame=frame, page=page).encode("utf-8")

    def rendering(self, folder: str, kind: str, svg: bytes) -> Rendering | None:
        """The stored rendering of a drawing. folder: of its badge or issuer."""
        return find_rendering(self.state.repository.root / folder / "rendered", kind, svg)

    def pictures(self, folder: str, current: Rendering | None, *, kind: str) -> Iterator[tuple[str, bytes]]:
        """The pictures of a badge or an issuer that a signature names, and the current one; nothing else that lies there."""
        rendered = self.state.repository.root / folder / "rendered"
        named = {path.removeprefix(folder) for path in self.state.pictures if path.startswith(folder)}
        if current:
            named.add(f"{kind}-{current.digest}.png")
        for name in sorted(named):
            yield folder + name, (rendered / name).read_bytes()

    def image_path(self, badge: Badge) -> str:
        """The picture of an achievement: its rendering, or its re-serialised drawing while none was signed."""
        found = self.rendering(f"badges/{badge.slug}", "image", badge.artwork)
        if found:
            return signed_path("achievement image", badge=badge.slug, digest=found.digest)
        return signed_path("criteria", badge=badge.slug) + "image.svg"

    def _card(self, badge: Badge) -> Card:
        path = signed_path("criteria", badge=badge.slug)
        return Card(path, self.image_path(badge), badge.record.name, badge.record.description)

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

    def is_listed(self, award: StoredAward) -> bool:
        """Whether the recipient agreed to be listed, and the award is in force."""
        row = self.state.rows.get(award.id)
        return row is not None and row.award.listed is not None and award.current.state == "active"

    @cached_property
    def listed(self) -> list[tuple[StoredAward, Listed]]:
        """Those who agreed to be listed, latest first."""
        awards = [award for award in self.state.ledger.awards.values() if self.is_listed(award)]
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
