"""What one argument of the command verify came to: a file, an address, a folder of files, or a whole site."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from site_builder.cli.reading.reports import is_fine, other_hosts, print_folder, print_reports
from site_builder.cli.shell import progress
from site_builder.errors import UsageError

if TYPE_CHECKING:
    from site_builder.verification.evidence.site_folder import SiteFolder
    from site_builder.verification.evidence.source import Fetch
    from site_builder.verification.inventory.outcomes import FileOutcome
    from site_builder.verification.inventory.summary import SiteSummary
    from site_builder.verification.inventory.walk import Found
    from site_builder.verification.plain_folder import FolderFile
    from site_builder.verification.report import Report

__all__ = ["Verified", "VerifiedSite", "verify_given", "verify_whole"]


class Verified(Protocol):
    """What was verified, and how a command says it."""

    def as_json(self) -> list[dict[str, Any]]:
        """Every file with what became of it, as plain data."""

    def print(self) -> None:
        """Says it to people, as the result."""

    def summary(self, *, started: float) -> Iterator[str]:
        """Lines that sum it up, for standard error. started: by the clock of time.monotonic."""

    def is_fine(self) -> bool:
        """Whether it counts as success."""


def verify_given(given: Path | str, site: Path | None, *, now: datetime, online: bool) -> Verified:
    """Verifies a file, a folder or an address. site: a folder that answers its own addresses in the place of the web."""
    from site_builder.verification.evidence.site_folder import SiteFolder, is_site

    if isinstance(given, Path) and given.is_dir() and is_site(given):
        return verify_whole(given, now=now, online=online)
    from site_builder.verification.evidence.fetch import fetch_https

    read_at = datetime.now(UTC)
    evidence = SiteFolder(site, others=other_hosts(online=online)) if site else fetch_https
    if isinstance(given, Path):
        return _verify_path(given, evidence, now=now, read_at=read_at)
    from site_builder.verification.address import verify_address

    # The part behind # is the learner's key: not even repeated.
    return _One(given.partition("#")[0], verify_address(given, evidence=evidence, now=now, read_at=read_at))


def _verify_path(given: Path, evidence: SiteFolder | Fetch, *, now: datetime, read_at: datetime) -> Verified:
    from site_builder.verification.file import verify_file
    from site_builder.verification.plain_folder import verify_folder

    verify = partial(verify_file, evidence=evidence, now=now, read_at=read_at)
    if not given.is_dir():
        return _One(str(given), verify(given))
    files = list(verify_folder(given, verify, progress=progress("verify")))
    if not files:
        raise UsageError(f"{given} holds no file")
    return _Folder(files)


def verify_whole(folder: Path, *, now: datetime, online: bool) -> VerifiedSite:
    """Verifies a site's folder, and looks at every file of it."""
    from site_builder.verification.inventory.outcomes import outcomes_in_site
    from site_builder.verification.inventory.walk import walk
    from site_builder.verification.page.learned import LearnedPages
    from site_builder.verification.whole_site import verify_site

    others, read_at = other_hosts(online=online), datetime.now(UTC)
    found, learned = walk(folder), LearnedPages()
    reports = list(
        verify_site(
            folder,
            now=now,
            read_at=read_at,
            progress=progress("verify"),
            others=others,
            found=found,
            learned=learned,
        )
    )
    outcomes = outcomes_in_site(folder, reports, everything=found, releases=learned.releases)
    return VerifiedSite(folder, reports, outcomes, now, found)


@dataclass(frozen=True)
class _One:
    """A file, or an address."""

    name: str
    report: Report

    def as_json(self) -> list[dict[str, Any]]:
        return [{"file": self.name} | self.report.as_json()]

    def print(self) -> None:
        print_reports([(self.name, self.report, None)])

    def summary(self, *, started: float) -> Iterator[str]:
        yield from ()

    def is_fine(self) -> bool:
        return is_fine(self.report.verdict, in_folder=False)


@dataclass(frozen=True)
class _Folder:
    """A folder of files, of which at least one must be a credential, and hold."""

    files: list[FolderFile]

    def as_json(self) -> list[dict[str, Any]]:
        return [file.as_json() for file in self.files]

    def print(self) -> None:
        print_folder(self.files)

    def summary(self, *, started: float) -> Iterator[str]:
        yield from ()

    def is_fine(self) -> bool:
        reports = [file.report for file in self.files if file.report]
        are_read = all(file.kind != "unreadable" for file in self.files)
        return are_read and bool(reports) and all(is_fine(report.verdict, in_folder=False) for report in reports)


@dataclass(frozen=True)
class VerifiedSite:
    """A site, as of a moment. reports, outcomes: by paths below it. found: all that lies there."""

    folder: Path
    reports: list[tuple[str, Report]]
    outcomes: list[FileOutcome]
    now: datetime
    found: list[Found]

    def as_json(self) -> list[dict[str, Any]]:
        """The reports first, as they were found; then every other file."""
        outcomes = {outcome.file: outcome.as_json() for outcome in self.outcomes}
        reports = [outcomes.pop(path, {}) | report.as_json() | self._file(path) for path, report in self.reports]
        return [*reports, *(outcome | self._file(path) for path, outcome in outcomes.items())]

    def _file(self, path: str) -> dict[str, Any]:
        return {"file": f"{self.folder}/{path}"}

    def print(self) -> None:
        print_reports([(f"{self.folder}/{path}", report, self.folder) for path, report in self.reports])

    def summary(self, *, started: float) -> Iterator[str]:
        from site_builder.verification.inventory.outcomes import files_line

        yield files_line(self.outcomes)
        yield self.numbers().line(seconds=time.monotonic() - started)

    def numbers(self) -> SiteSummary:
        """The site in numbers."""
        from site_builder.verification.inventory.summary import summarize_site

        return summarize_site(self.folder, [report for _, report in self.reports], now=self.now, found=self.found)

    def is_fine(self) -> bool:
        return all(is_fine(report.verdict, in_folder=True) for _, report in self.reports)
