"""The frame of every page: head, header, and the policy under which a browser shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from site_builder.verification.page.policy import content_security_policy

__all__ = ["Frame", "HeaderLink", "SiteFacts"]


@dataclass(frozen=True)
class HeaderLink:
    """A link of the header. current: ``page`` on that very page, ``true`` on one below it, else ""."""

    title: str
    path: str
    current: str


@dataclass(frozen=True)
class Frame:
    """What every page's head and header need.

    root: relative path to the site's root. accent: path of a style sheet, or "". release: see page_release.py, or ""."""

    root: str
    links: Sequence[HeaderLink]
    site_name: str
    title: str
    description: str
    canonical: str
    csp: str
    indexed: bool = True
    accent: str = ""
    image: str = ""
    image_alt: str = ""
    release: str = ""


@dataclass(frozen=True)
class SiteFacts:
    """What every page knows of its site. base: the site's address, with a trailing slash. sections: title and path of each link of
    the header."""

    base: str
    name: str
    sections: tuple[tuple[str, str], ...]

    @cached_property
    def as_address(self) -> SiteFacts:
        """The facts for pages that verifiers compare: there the site's address speaks, not a name that it gives itself."""
        return replace(self, name=self.base.removeprefix("https://").rstrip("/"))

    def links(self, path: str) -> Sequence[HeaderLink]:
        """The header's links on the page at a path below the root."""
        if not any(path.startswith(section) for _, section in self.sections):
            return self._links_elsewhere
        return [
            HeaderLink(title, section, "page" if path == section else "true" if path.startswith(section) else "")
            for title, section in self.sections
        ]

    @cached_property
    def _links_elsewhere(self) -> Sequence[HeaderLink]:
        """Those on the pages that none leads to, as all credentials' are."""
        return [HeaderLink(title, section, "") for title, section in self.sections]

    def frame(self, path: str, *, title: str, description: str, connect: Sequence[str] = (), **more: Any) -> Frame:
        """The frame of the page at a path below the root. more: fields of Frame."""
        return Frame(
            root="../" * path.count("/") or "./",
            links=self.links(path),
            site_name=self.name,
            title=title,
            description=description,
            canonical=self.base + path,
            csp=content_security_policy(connect=connect),
            **more,
        )
