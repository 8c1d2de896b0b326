"""The command verify: credentials in files and at addresses, and whole sites."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import Any

import click

from site_builder.cli.reading.reports import online_option
from site_builder.cli.reading.verified import verify_given
from site_builder.cli.repository import require_no_problems
from site_builder.cli.shell import as_json_option, print_json, progress, say, show
from site_builder.encoding import format_base32_id
from site_builder.errors import Error, UsageError
from site_builder.records.load.root import find_root
from site_builder.wording import in_one_line

__all__ = ["verify"]


_NO_HTTPS = "what is fetched without https could be anybody's: give the https address"
_LOOPBACK = ("http://127.0.0.1", "http://localhost")


class _PathOrAddress(click.Path):
    """A file or a folder that exists, or an address, which stays text: https, or this machine's own."""

    name = "path or address"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        if isinstance(value, str) and value.startswith(("https://", *_LOOPBACK)):
            return value
        if isinstance(value, str) and value.startswith("http://"):
            self.fail(_NO_HTTPS, parameter, context)
        if isinstance(value, str) and not Path(value.partition("/")[0]).exists():
            from site_builder.verification.evidence.platforms import with_scheme

            address = with_scheme(value)
            if address != value:
                return address
        return super().convert(value, parameter, context)


@click.command()
@click.argument("what", nargs=-1, required=True, type=_PathOrAddress(exists=True, path_type=Path))
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Answer the site's addresses from this folder.",
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    help="Verify as of this moment (UTC) instead of now.",
)
@online_option
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Compare a whole site, at its address or in a folder, with what the repository in this folder would publish.",
)
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    help="With --against: of the awards look only at so many, and at all that are withdrawn.",
)
@as_json_option("Reports")
def verify(
    what: tuple[Path | str, ...],
    site: Path | None,
    at: datetime | None,
    online: bool,
    against: Path | None,
    sample: int | None,
    as_json: bool,
) -> None:
    """Verify credentials: laurels verify badge.png

    Reads JSON, baked PNG and SVG files, whole sites (a folder), and the https addresses of a credential's page, JSON file or image.
    The issuer's key and revocation list are fetched from their addresses. A site's folder, also one given with --site, answers for
    its own addresses alone. Every file of a folder is named, or counted. Exit code 0: each credential holds, and
    of a folder at least one; of a site: nothing in it fails or could not be checked. With
    --against: every file is as the repository has it, so that neither an older deploy nor a half of one goes unseen."""
    _refuse_mixture(what, against, sample, others=bool(site or at or online))
    if against:
        sys.exit(0 if _compare(what[0], against, sample=sample, as_json=as_json) else 1)
    now = at.replace(tzinfo=UTC) if at else datetime.now(UTC)
    started = time.monotonic()
    found = [verify_given(given, site, now=now, online=online) for given in what]
    if as_json:
        print_json([entry for one in found for entry in one.as_json()])
    for one in found if not as_json else ():
        one.print()
    for line in dict.fromkeys(line for one in found for line in one.summary(started=started)):
        say(line)
    sys.exit(0 if all(one.is_fine() for one in found) else 1)


def _refuse_mixture(what: tuple[Path | str, ...], against: Path | None, sample: int | None, *, others: bool) -> None:
    """Raises UsageError for options that mean nothing together."""
    if against and (len(what) > 1 or others):
        raise UsageError(
            "--against compares one site: give one address or one folder, and neither --site nor --at nor --online"
        )
    if sample and not against:
        raise UsageError("--sample says how many awards are compared: it needs --against")
    if not against and any(isinstance(given, str) and given.startswith("http://") for given in what):
        raise UsageError(_NO_HTTPS)


def _compare(given: Path | str, against: Path, *, sample: int | None, as_json: bool) -> bool:
    """Compares a site with what a repository would publish, and says what differs; whether nothing does."""
    from site_builder.ledger.history.git_tree import uncommitted_files
    from site_builder.site.deployed import report
    from site_builder.site.deployed.comparison import compare_site
    from site_builder.site.deployed.expected import choose_awards

    started = time.monotonic()
    checked = require_no_problems(find_root(against), "nothing is compared while there are problems")
    if checked.stale:
        raise Error("nothing is compared before the revocation lists are up to date: run 'laurels issue'")
    address, ask, close = _opened(given)
    awards = choose_awards(checked.ledger, sample, draw=SystemRandom().sample) if sample else None
    for note in report.notes(checked, address, uncommitted=uncommitted_files(checked.repository.root)):
        say(note)
    nobody = format_base32_id(SystemRandom().randbytes(16))
    comparison = compare_site(checked, ask, awards=awards, nobody=nobody, progress=progress("compare"))
    close()
    if as_json:
        print_json({"site": address, **report.as_json(comparison)})
    else:
        for line in report.report_lines(comparison):
            show(in_one_line(line))
    say(report.summary(comparison, checked, awards, seconds=time.monotonic() - started))
    return comparison.is_same


def _opened(given: Path | str) -> tuple[str, Callable[[str], bytes], Callable[[], None]]:
    """What a site is called, how its files are asked for, and what to do when that is over."""
    from site_builder.verification.evidence.live_site import LiveSite
    from site_builder.verification.evidence.site_folder import SiteFolder
    from site_builder.verification.evidence.source import FetchError

    if isinstance(given, Path):
        return str(given), SiteFolder(given).ask, lambda: None
    try:
        live = LiveSite(given.partition("#")[0])
    except FetchError as error:
        raise UsageError(str(error)) from None
    return live.address, live.ask, live.close
