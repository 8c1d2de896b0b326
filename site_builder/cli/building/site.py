"""The command site: check, sign, build and verify in one."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from site_builder.cli.building.build import build_site
from site_builder.cli.options import history_option
from site_builder.cli.reading.reports import is_fine, online_option, other_hosts, print_reports
from site_builder.cli.shell import as_json_option, print_json, progress, show
from site_builder.cli.writing.issue import issue_pending

__all__ = ["site"]


@click.command()
@history_option
@online_option
@as_json_option("What the site holds")
@click.pass_obj
def site(root: Path, history: str | None, online: bool, as_json: bool) -> None:
    """Do it all: check, sign what is pending, build, verify: laurels site

    Ends with one line on what the site holds. Exit code 1 when anything failed."""
    from site_builder.verification.whole_site import summarize_site, verify_site

    started, required = time.monotonic(), history is not None
    outcome = issue_pending(root, lines_to_stderr=as_json, history_required=required)
    folder = build_site(root, known=outcome.checked_after(), history_required=required).folder
    # Not earlier: a list says nothing about the time before it was signed.
    now = datetime.now(UTC)
    entries = list(verify_site(folder, now=now, progress=progress("verify"), others=other_hosts(online=online)))
    summary = summarize_site(folder, [report for _, report in entries], now=now)
    if as_json:
        print_json({"site": str(folder)} | summary.as_json())
    else:
        print_reports([(path, report, folder) for path, report in entries])
        show(summary.line(seconds=time.monotonic() - started))
    sys.exit(0 if all(is_fine(report.verdict, in_folder=True) for _, report in entries) else 1)
