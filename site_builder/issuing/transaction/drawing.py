"""The pictures that new awards need: drawn once for each artwork, and kept beside it."""

from __future__ import annotations

from pathlib import Path

from site_builder.errors import Error, Problem
from site_builder.issuing.durable.files import write_file
from site_builder.issuing.transaction.images import RenderError, render_png
from site_builder.issuing.transaction.plan import IssuePlan
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.renderings import Rendering, render, stored_files
from site_builder.records.artwork.png import artwork_file

__all__ = ["draw_pictures"]


def draw_pictures(checked: CheckedRepository, plan: IssuePlan) -> dict[tuple[str, str], Rendering]:
    """The pictures of the achievements and logos that the plan's rows name, by folder and kind.

    Raises Error for artwork that cannot be drawn."""
    repository = checked.repository
    artworks = {
        (f"badges/{slug}", "image"): repository.badges[slug].artwork
        for slug in sorted({row.award.badge for row in plan.rows})
    }
    for slug in sorted({row.issuer for row in plan.rows}):
        logo = repository.issuers[slug].logo
        artworks |= {(f"issuers/{slug}", "logo"): logo} if logo else {}
    return {
        (folder, kind): checked.renderings.get(folder) or _draw(repository.root, folder, kind, artwork)
        for (folder, kind), artwork in artworks.items()
    }


def _draw(root: Path, folder: str, kind: str, artwork: bytes) -> Rendering:
    rendered = root / folder / "rendered"
    try:
        drawn = render(artwork, render_png(artwork))
    except RenderError as error:
        raise Error(str(Problem(f"{folder}/{artwork_file(kind, artwork)}", 0, "ART002", str(error)))) from None
    rendered.mkdir(exist_ok=True)
    for name, raw in stored_files(drawn, kind):
        write_file(rendered / name, raw)
    return drawn
