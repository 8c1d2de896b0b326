"""A page to print for the classroom: a slip for each learner, to be cut apart. A local file, never a part of the site."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from site_builder.credentials.qr import qr_svg
from site_builder.ledger.queries.links import LearnerLink
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.theme import render

__all__ = ["PAPERS", "sheet_page"]

# Width and height in millimetres. Sources: ISO 216; ANSI/ASME Y14.1.
PAPERS = {"a4": ("A4", 210.0, 297.0), "letter": ("letter", 215.9, 279.4)}
_COLUMNS = 2
# What most printers leave white. It is inside of the outer slips.
_EDGE_MM = 8


@dataclass(frozen=True)
class _Slip:
    """What stands on one slip. size: how large the name may be. steps: the address in pieces between which a line may end."""

    name: str
    size: str
    achievement: str
    language: str
    issuer: str
    steps: tuple[str, ...]
    qr: Markup
    has_key: bool


def sheet_page(
    checked: CheckedRepository,
    links: Sequence[LearnerLink],
    *,
    paper: str = "a4",
    per_page: int = 8,
    own_links: bool = False,
) -> bytes:
    """The sheet as one HTML file with its own style and without script. per_page: 6 or 8 slips.

    own_links: the learners' own links, with their keys, instead of the pages' addresses."""
    name, width_mm, height_mm = PAPERS[paper]
    slips = [_slip(checked, link, own_links=own_links) for link in links]
    pages = [slips[start : start + per_page] for start in range(0, len(slips), per_page)]
    rows = per_page // _COLUMNS
    sizes = {
        "paper": name,
        "width": f"{width_mm / _COLUMNS:.2f}mm",
        # A hair less than the paper, or rounding adds an empty page.
        "height": f"{(height_mm - 0.5) / rows:.2f}mm",
        "edge": f"{_EDGE_MM}mm",
        "qr": "38mm" if per_page == 6 else "34mm",
    }
    return render("sheet.html", pages=pages, sizes=sizes, own_links=own_links)


def _slip(checked: CheckedRepository, link: LearnerLink, *, own_links: bool) -> _Slip:
    badge, issuer = checked.repository.badges[link.badge], checked.repository.issuers[link.issuer]
    address = link.url if own_links else link.page
    return _Slip(
        name=link.name,
        size=_size(link.name),
        achievement=badge.record.name,
        language=badge.record.language or issuer.record.language,
        issuer=issuer.record.name,
        steps=tuple(re.findall(r"https://[^/]*/|[^/#]*[/#]|[^/#]+", address)),
        # Drawn here, from an address that this site gave.
        qr=Markup(qr_svg(address).decode("ascii")),  # noqa: S704
        has_key="#" in address,
    )


# The longest name and the longest word of a name in each size: letters beside the square, from its narrowest.
_SIZES = {"large": (24, 11), "middle": (40, 14), "small": (64, 18)}


def _size(name: str) -> str:
    """How large a name is set, so that no word of it is broken, and a long one leaves room for the rest."""
    # Marks above and below their letters take no room.
    letters = "".join(letter for letter in name if not unicodedata.category(letter).startswith("M"))
    longest = max(map(len, letters.split()), default=0)
    fitting = (size for size, (whole, word) in _SIZES.items() if len(letters) <= whole and longest <= word)
    return next(fitting, "smallest")
