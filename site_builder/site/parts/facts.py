"""Facts, tags and narratives, prepared for templates, which hold no logic."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from site_builder.records.fields.markdown import render_markdown

__all__ = ["Fact", "Tag", "safe_markdown"]


@dataclass(frozen=True)
class Fact:
    """A labelled value. pointer: the place in the credential that it states, "" outside of credential pages."""

    label: str
    text: str
    pointer: str = ""
    written_as: str = "text"


@dataclass(frozen=True)
class Tag:
    """A tag as a credential states it. prefix: `category:` or `level:`, printed as a label but part of the text."""

    pointer: str
    prefix: str
    text: str

    @property
    def label(self) -> str:
        """The prefix without its colon, which pages print and do not show."""
        return self.prefix.removesuffix(":")


def safe_markdown(text: str) -> Markup:
    """A narrative as HTML that a template may print as it is."""
    # The one place where HTML enters a page: render_markdown has cleaned it.
    return Markup(render_markdown(text))  # noqa: S704
