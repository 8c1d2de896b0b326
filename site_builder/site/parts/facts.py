"""Facts, tags and narratives, prepared for templates, which hold no logic."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from site_builder.records.fields.markdown import render_markdown

__all__ = ["Fact", "safe_markdown"]


@dataclass(frozen=True)
class Fact:
    """A labelled value. pointer: the place in the credential that it states, "" outside of credential pages."""

    label: str
    text: str
    pointer: str = ""
    written_as: str = "text"


def safe_markdown(text: str) -> Markup:
    """A narrative as HTML that a template may print as it is."""
    # The one place where HTML enters a page: render_markdown has cleaned it.
    return Markup(render_markdown(text))  # noqa: S704
