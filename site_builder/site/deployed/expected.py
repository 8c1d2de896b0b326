"""What a deployed site must hold, file by file, and what it must not: as `publish` would write it from the repository."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from site_builder.credentials.carriers.table import CARRIERS
from site_builder.credentials.urls import signed_path
from site_builder.errors import Progress, no_progress
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.ledger import Ledger
from site_builder.site.context import Site
from site_builder.site.pages.drafts import DRAFTS
from site_builder.site.publish import page_inputs
from site_builder.site.theme import theme_assets

__all__ = ["Draw", "Expected", "choose_awards", "expected_files"]

# Draws so many of some ids.
Draw = Callable[[Sequence[str], int], Sequence[str]]

# What lies beside a credential's page at most, besides its signed files. Some of it goes when the award is withdrawn or erased.
_BESIDE = (*(f"badge.{carrier.suffix}" for carrier in CARRIERS), "qr.svg", "rosette.svg")
_AWARDS = signed_path("page", id="").removesuffix("/")


@dataclass(frozen=True)
class Expected:
    """A file of the site. path: below its root. raw: its bytes, None when nothing may be there."""

    path: str
    raw: bytes | None


def expected_files(
    checked: CheckedRepository, *, awards: Collection[str] | None = None, progress: Progress = no_progress
) -> Iterator[Expected]:
    """Every file that does not depend on MkDocs or on the host, and every place that must be empty.

    awards: the ids of those whose folders are wanted; None for all. Issuers, achievements and scripts are always among them."""
    for path, raw in theme_assets():
        yield Expected(path, raw)
    everybody = len(checked.ledger.awards) + len(checked.ledger.erased)
    done, total = 0, everybody if awards is None else len(awards)
    for kind, page in page_inputs(Site(checked)):
        is_award = page.path.startswith(_AWARDS)
        if is_award and awards is not None and page.path.removeprefix(_AWARDS).rstrip("/") not in awards:
            continue
        files = dict(kind.files(page))
        yield from (Expected(path, raw) for path, raw in files.items())
        if is_award:
            beside = (page.path + name for name in _BESIDE)
            yield from (Expected(path, None) for path in beside if path not in files)
            done += 1
            progress(done, total)
    yield Expected(f"{DRAFTS}index.html", None)
    progress(total, total)


def choose_awards(ledger: Ledger, size: int, *, draw: Draw) -> set[str]:
    """The ids of so many awards, and of all that are withdrawn or erased: what a rollback would bring back.

    Half of them are those that were signed last, which half a deploy would lack; the others are drawn."""
    active = [award for award in ledger.awards.values() if award.current.state == "active"]
    latest = [award.id for award in sorted(active, key=lambda award: (award.current.signed, award.id), reverse=True)]
    newest, others = latest[: (size + 1) // 2], sorted(latest[(size + 1) // 2 :])
    drawn = draw(others, min(size - len(newest), len(others)))
    return {*newest, *drawn, *ledger.erased, *(ledger.awards.keys() - set(latest))}
