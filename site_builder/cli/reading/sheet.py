"""The command sheet: a page to print, with a slip for each learner."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.repository import EXAMPLE_RECORD, known_record, must_exist, require_no_problems
from site_builder.cli.shell import print_file, say
from site_builder.disk import write_new
from site_builder.errors import Error, UsageError
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.ledger.queries.links import LearnerLink
    from site_builder.ledger.store.checked_repository import CheckedRepository

__all__ = ["sheet"]


@click.command()
@click.option("--record", help=f"For the rows of this file, such as {EXAMPLE_RECORD}.")
@click.option("--badge", help="For this achievement: the name of its folder.")
@click.option("--issuer", help="For this issuer.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True)
@click.option("--per-page", type=click.Choice(["6", "8"]), default="8", show_default=True, help="Slips on a page.")
@click.option("--own-links", is_flag=True, help="Each learner's own link instead of the page's address.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Into this file, which must be a new one.")
@click.pass_obj
def sheet(root: Path, /, output: Path | None, paper: str, per_page: str, own_links: bool, **narrow: str | None) -> None:
    """Make a page to print, with a slip for each learner: laurels sheet --badge first-aid-basic -o slips.html

    Name, achievement, QR code and address, to be cut apart. It holds names: keep it out of the site."""
    from site_builder.site.pages.sheet import sheet_page

    checked = require_no_problems(
        root, "no slips are made while there are problems: what is on paper cannot be called back"
    )
    found = _learners(root, checked, **narrow)
    page = sheet_page(checked, found, paper=paper, per_page=int(per_page), own_links=own_links)
    _put(page, output, root)
    say(f"{plural(len(found), 'slip')}; print at 100 %, without headers and footers")
    if own_links:
        say(
            "Each slip holds its learner's own link, with the key to the hash of their address: hand it to that learner alone."
        )


def _learners(
    root: Path, checked: CheckedRepository, *, record: str | None, badge: str | None, issuer: str | None
) -> list[LearnerLink]:
    """Whom the slips are for. Raises UsageError when that is nobody."""
    from site_builder.ledger.queries.links import learner_links

    if record is None and badge is None and issuer is None:
        raise UsageError("for whom? Name --record, --badge or --issuer")
    must_exist("achievement", badge, checked.repository.badges)
    must_exist("issuer", issuer, checked.repository.issuers)
    file = known_record(root, record, {row.file for row in checked.repository.rows})
    found = learner_links(checked, record=file)
    found = [link for link in found if badge in (None, link.badge) and issuer in (None, link.issuer)]
    if not found:
        raise Error(
            "there is nobody to make a slip for: nothing of this is issued yet ('laurels issue'), or it is revoked"
        )
    return found


def _put(page: bytes, output: Path | None, root: Path) -> None:
    if output is None:
        print_file(page)
        return
    if any(output.resolve().is_relative_to((root / folder).resolve()) for folder in ("content", "site")):
        raise UsageError(f"{output} would be published, and the slips hold names: write it elsewhere")
    try:
        write_new(output, page)
    except FileExistsError:
        raise UsageError(f"{output} is there already: choose another name") from None
