"""The page on which a reader checks any credential: its script does the work, so it states nothing of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.credentials.carriers.table import accepted_files
from site_builder.site.context import Site
from site_builder.site.page_input import Files, PageInput
from site_builder.site.parts.frame import SiteFacts
from site_builder.site.theme import render

__all__ = ["VerifierInput", "verifier_files", "verifier_inputs"]


@dataclass(frozen=True)
class VerifierInput(PageInput):
    """All that the verifier's page is made of. accepted: the kinds of files that its field offers, as HTML lists them."""

    site: SiteFacts
    accepted: str


def verifier_inputs(site: Site) -> Iterator[VerifierInput]:
    """The input of the one page verify/."""
    yield VerifierInput("verify/", site.facts, accepted_files())


def verifier_files(page: VerifierInput) -> Files:
    """The page verify/. Its script may ask any https address: those that a credential names."""
    frame = page.site.frame(
        page.path,
        title=f"Check a credential · {page.site.name}",
        description="Check an Open Badges 3.0 credential of any issuer in your own browser. Nothing is uploaded.",
        connect=["https:"],
    )
    yield page.path + "index.html", render("verify.html", frame=frame, page={"accepted": page.accepted})
