"""The command verify: credentials in files and at addresses, and whole sites."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from site_builder.cli.reading.reports import Entry, is_fine, print_reports
from site_builder.cli.shell import as_json_option, print_json, progress, say
from site_builder.errors import UsageError

__all__ = ["verify"]


class _PathOrAddress(click.Path):
    """A file or a folder that exists, or an https address, which stays text."""

    name = "path or address"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        if isinstance(value, str) and value.startswith("https://"):
            return value
        if isinstance(value, str) and value.startswith("http://"):
            self.fail("what is fetched without https could be anybody's: give the https address", parameter, context)
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
@as_json_option("Reports")
def verify(what: tuple[Path | str, ...], site: Path | None, at: datetime | None, as_json: bool) -> None:
    """Verify credentials: laurels verify badge.png

    Reads JSON, baked PNG and SVG files, whole sites (a folder), and the https addresses of a credential's page, JSON file or image.
    The issuer's key and revocation list are fetched from their addresses, or taken from the folder given with --site. Exit code 0:
    each credential holds; of a folder: nothing in it fails."""
    clock = datetime.now(UTC)
    now = at.replace(tzinfo=UTC) if at else clock
    started = time.monotonic()
    reports = [entry for given in what for entry in _reports(given, site, now, read_at=clock)]
    if as_json:
        print_json([{"file": name} | report.as_json() for name, report, _ in reports])
    else:
        print_reports(reports)
    for folder in dict.fromkeys(folder for given in what if (folder := _site_in(given))):
        _say_summary(folder, reports, now=now, started=started)
    sys.exit(0 if all(is_fine(report.verdict, in_folder=folder is not None) for _, report, folder in reports) else 1)


def _site_in(given: Path | str) -> Path | None:
    from site_builder.verification.evidence.site_folder import is_site

    return given if isinstance(given, Path) and given.is_dir() and is_site(given) else None


def _say_summary(folder: Path, reports: list[Entry], *, now: datetime, started: float) -> None:
    from site_builder.verification.whole_site import summarize_site

    summary = summarize_site(folder, [report for _, report, inside in reports if inside == folder], now=now)
    say(summary.line(seconds=time.monotonic() - started))


def _reports(given: Path | str, site: Path | None, now: datetime, *, read_at: datetime) -> list[Entry]:
    from site_builder.verification.address import verify_address
    from site_builder.verification.evidence.fetch import fetch_https
    from site_builder.verification.evidence.site_folder import SiteFolder
    from site_builder.verification.file import SUFFIXES, files_to_verify, verify_file
    from site_builder.verification.whole_site import verify_site

    shown = progress("verify")
    evidence = SiteFolder(site) if site else fetch_https
    if isinstance(given, str):
        report = verify_address(given, evidence=evidence, now=now, read_at=read_at)
        # The part behind # is the learner's key: not even repeated.
        return [(given.partition("#")[0], report, None)]
    if _site_in(given):
        found = verify_site(given, now=now, read_at=read_at, progress=shown)
        return [(f"{given}/{name}", report, given) for name, report in found]
    files = files_to_verify(given)
    if not files:
        raise UsageError(f"{given} holds no site and no {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]} file")
    entries: list[Entry] = []
    for file in files:
        entries.append((str(file), verify_file(file, evidence=evidence, now=now, read_at=read_at), None))
        shown(len(entries), len(files))
    return entries
