"""The page on which a reader checks any credential: its script does the work, so it states nothing of its own."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.site.context import Site

__all__ = ["verifier_files"]


def verifier_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The page verify/. Its script may ask any https address: those that a credential names."""
    frame = site.frame(
        "verify/",
        title=f"Check a credential · {site.state.repository.config.name}",
        description="Check an Open Badges 3.0 credential of any issuer in your own browser. Nothing is uploaded.",
        connect=["https:"],
    )
    yield "verify/index.html", site.render("verify.html", frame, {})
