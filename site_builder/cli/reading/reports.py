"""Reports of verification as a terminal shows them, and whether a verdict counts as success."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.shell import print_drawn, say
from site_builder.wording import in_one_line

if TYPE_CHECKING:
    from rich.text import Text

    from site_builder.verification.evidence.source import Fetch
    from site_builder.verification.plain_folder import FolderFile
    from site_builder.verification.report import Report, Verdict

__all__ = ["Entry", "is_fine", "online_option", "other_hosts", "print_folder", "print_reports"]

# (what was verified, its report, the site's folder when it is part of one)
Entry = tuple[str, "Report", Path | None]


online_option = click.option(
    "--online", is_flag=True, help="Fetch what a site's folder does not hold, such as a key that lies on another host."
)


def other_hosts(*, online: bool) -> Fetch | None:
    """What answers the addresses that are not those of a site's folder: the web, or nobody."""
    if not online:
        return None
    from site_builder.verification.evidence.fetch import fetch_https

    return fetch_https


def is_fine(verdict: Verdict, *, in_folder: bool) -> bool:
    """Whether a verdict counts as success: what was revoked or has expired is in order in a site, and nowhere else."""
    return verdict not in ("fails", "unknown", "not_supported") if in_folder else verdict == "holds"


# Of each result the sign and its colour.
_MARKS = {
    "passed": ("✓", "green"),
    "failed": ("✕", "bold red"),
    "not_checked": ("–", "dim"),
    "could_not_check": ("?", "yellow"),
    "not_supported": ("○", "dim"),
}


def print_reports(reports: list[Entry]) -> None:
    """Each report with its checks; of a whole site only what is wrong, since the summary counts the rest."""
    for name, report, folder in reports:
        if folder is None or not is_fine(report.verdict, in_folder=True):
            print_drawn(*_lines(name, report))
    _say_where_keys_are(report for _, report, _ in reports)


def print_folder(files: list[FolderFile]) -> None:
    """Each file of a folder: its report, or what it is."""
    for file in files:
        print_drawn(*(_lines(file.file, file.report) if file.report else _note_lines(file)))
    _say_where_keys_are(file.report for file in files if file.report)


def _say_where_keys_are(reports: Iterable[Report]) -> None:
    if any(check.reason == "not_in_folder" for report in reports for check in report.checks):
        say(
            "Where an issuer's keys lie on another host, 'laurels check' says so. To have them fetched from there: --online"
        )


def _note_lines(file: FolderFile) -> Iterator[Text]:
    from rich.text import Text

    yield Text(in_one_line(file.file))
    yield Text(in_one_line(file.note), "dim")


def _lines(name: str, report: Report) -> Iterator[Text]:
    from rich.text import Text

    from site_builder.verification.report import check_name, result_word, sentence

    def line(*parts: tuple[str, str]) -> Text:
        # Each part is a stranger's: a file's name, or what a credential says.
        return Text.assemble(*((in_one_line(words), style) for words, style in parts))

    yield line((name, ""))
    if report.statement:
        yield line((report.statement, ""))
    yield line((report.headline, "bold"))
    if report.successor:
        yield line((f"{sentence('current', 'link')} {report.successor}", ""))
    # Of what is no credential at all, the headline says it all.
    for check in (check for check in report.checks if check.sentence != report.headline):
        origin = f"{check.source}, {check.at}" if check.source else check.at
        what = f"{check_name(check.name)}, {result_word(check.result)}: {check.sentence}"
        yield line(("  ", ""), _MARKS[check.result], (f" {what} ", ""), (origin, "dim"))
