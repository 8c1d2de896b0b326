"""Verifying a whole site: every version of each credential, the current one with its page and its images, from a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.carriers.table import CARRIERS, unbake
from site_builder.credentials.rosette.drawing import rosette_digest, rosette_svg
from site_builder.credentials.urls import credential_file
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Progress, no_progress
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import Fetch
from site_builder.verification.file import verify_from
from site_builder.verification.page.reader import StatementPage, read_page
from site_builder.verification.report import Check, Report, sentence
from site_builder.verification.versions import Versions, VersionsError, parse_versions
from site_builder.wording import plural

__all__ = ["SiteSummary", "summarize_site", "verify_site"]

_MISSING = "There is a page here, but not the signed file that it speaks of."
_MISSING_OLDER = "This file is missing; versions.json names it, and somebody may know its address."
# The path of a file below the site's root, and the report on it.
_PathReport = tuple[str, Report]


def verify_site(
    folder: Path, *, now: datetime, progress: Progress = no_progress, others: Fetch | None = None
) -> Iterator[_PathReport]:
    """(path, report) of every signed credential in a site's folder, and of what should lie there and does not.

    others: answers addresses that are not the site's, such as that of an issuer's key on another host; None: nobody does."""
    site = SiteFolder(folder, others=others)
    credential_folders = sorted(found for found in folder.glob("c/*") if found.is_dir())
    for done, credential_folder in enumerate(credential_folders, 1):
        progress(done, len(credential_folders))
        yield from _verify_folder(site, credential_folder, now=now)


def _verify_folder(site: SiteFolder, folder: Path, *, now: datetime) -> Iterator[_PathReport]:
    """One folder below c/: every version that its list names, and every other file that could be taken for one."""
    versions, complaint = _versions_of(folder)
    if complaint:
        yield _failing(site, folder / "versions.json", complaint)
    for number in range(1, versions.count + 1):
        if not (file := folder / credential_file(number)).is_file():
            yield _failing(site, file, _MISSING if number == versions.current else _MISSING_OLDER)
    gone = {credential_file(number) for number in versions.withheld}
    current = credential_file(versions.current) if versions.current else ""
    for file in sorted(folder.glob("credential*.json")):
        if file.name not in gone:
            yield _verify_version(site, file, is_current=file.name == current, now=now)
        elif not _is_stub(file):
            yield _failing(site, file, "This version was withdrawn, and still its file is here.")
    if not versions.current:
        yield from (
            _failing(site, folder / name, "This credential was erased, and still its image is here.")
            for name in (*_badge_images(), "rosette.svg")
            if (folder / name).exists()
        )


def _badge_images() -> list[str]:
    """The images beside a credential that carry it, one of each kind."""
    return [f"badge.{carrier.suffix}" for carrier in CARRIERS]


def _versions_of(folder: Path) -> tuple[Versions, str]:
    """What versions.json says, and what is wrong with it; without one, a single version is looked for."""
    alone = Versions(1, 1, frozenset())
    try:
        return parse_versions((folder / "versions.json").read_bytes()), ""
    except OSError:
        return alone, "This file is missing; by it every holder finds the current version."
    except (EncodingError, VersionsError) as error:
        return alone, f"By this file every holder finds the current version, but {error}."


def _failing(site: SiteFolder, file: Path, text: str) -> _PathReport:
    return file.relative_to(site.folder).as_posix(), Report("fails", text, ())


def _verify_version(site: SiteFolder, file: Path, *, is_current: bool, now: datetime) -> _PathReport:
    path, raw = file.relative_to(site.folder).as_posix(), file.read_bytes()
    if not is_current:
        return path, verify_from(site, raw, now=now)
    page = _page_of(file.parent, path)
    report = verify_from(site, raw, now=now, page=page)
    return path, _with_images(report, file.parent, raw, page=page, rosette=_rosette_of(site, raw))


def _is_stub(file: Path) -> bool:
    """Whether a file says that it was withdrawn, and nothing of what was signed."""
    try:
        document = parse_json(file.read_bytes())
    except EncodingError:
        return False
    return isinstance(document, dict) and document.get("withheld") is True and set(document) <= _STUB


# The members of what lies in the place of a withheld file (site/parts/version_files.py).
_STUB = {"withheld", "page", "note"}


def _page_of(folder: Path, address: str) -> StatementPage:
    """What the page says; a page that is missing says nothing, which differs from what was signed."""
    try:
        return read_page((folder / "index.html").read_text("utf-8"), address=address)
    except (OSError, UnicodeDecodeError):
        return StatementPage(address=address)


def _with_images(report: Report, folder: Path, raw: bytes, *, page: StatementPage, rosette: bytes) -> Report:
    """The report with one more check: the images beside a credential carry this very credential, and its rosette is its own.

    rosette: the drawing that belongs to it."""
    at = report.checks[0].at
    reason, file = _wrong_image(folder, raw, page=page, drawing=rosette)
    if reason:
        check = Check("images", "failed", reason, sentence("images", reason), file, at)
        headline = sentence("headline", "fails", check=sentence("check", "images"))
        return replace(report, verdict="fails", headline=headline, checks=(*report.checks, check))
    return replace(
        report, checks=(*report.checks, Check("images", "passed", "passed", sentence("images", "passed"), "", at))
    )


def _wrong_image(folder: Path, raw: bytes, *, page: StatementPage, drawing: bytes) -> tuple[str, str]:
    """Why an image is another than belongs here, and its file; two empty texts when all are right."""
    for file in (folder / name for name in _badge_images()):
        try:
            same = not file.exists() or unbake(file.read_bytes()) == raw
        except BakeError:
            same = False
        if not same:
            return "failed", file.name
    rosette = folder / "rosette.svg"
    # A page that says "withdrawn" shows none.
    is_right = rosette.read_bytes() == drawing if rosette.is_file() else page.is_tombstone
    return ("", "") if is_right else ("rosette", rosette.name)


def _rosette_of(site: SiteFolder, raw: bytes) -> bytes:
    """The drawing that belongs to a credential; nothing when it is none."""
    try:
        document = site.read(raw)
        return rosette_svg(rosette_digest(document)) if isinstance(document, dict) else b""
    except EncodingError:
        return b""


@dataclass(frozen=True)
class SiteSummary:
    """A site in numbers, as of a moment."""

    issuers: int
    achievements: int
    verdicts: Counter[str]
    files: int
    size_bytes: int
    as_of: datetime

    def as_json(self) -> dict[str, Any]:
        """Plain data for --json."""
        return asdict(self) | {
            "verdicts": dict(sorted(self.verdicts.items())),
            "as_of": f"{self.as_of:%Y-%m-%dT%H:%M:%SZ}",
        }

    def line(self, *, seconds: float) -> str:
        """One line for people."""
        counts = [f"{self.verdicts['holds']} hold"] if self.verdicts["holds"] or not self.verdicts["demo"] else []
        counts += [f"{self.verdicts['demo']} hold (demo key)"] if self.verdicts["demo"] else []
        counts += [f"{self.verdicts['revoked']} revoked", f"{self.verdicts['expired']} expired"]
        counts += [f"{self.verdicts['not_yet_valid']} not yet valid"]
        counts += [f"{self.verdicts['superseded']} superseded"] if self.verdicts["superseded"] else []
        counts += [f"{self.verdicts['unknown']} could not be checked"] if self.verdicts["unknown"] else []
        counts += [f"{self.verdicts['fails']} FAIL"] if self.verdicts["fails"] else []
        total = sum(self.verdicts.values())
        return (
            f"{plural(self.issuers, 'issuer')}, {plural(self.achievements, 'achievement')}, {plural(total, 'credential')}: "
            f"{', '.join(counts)} as of {self.as_of:%Y-%m-%d %H:%M} UTC; "
            f"{self.files:,} files, {self.size_bytes:,} bytes, {seconds:.1f} seconds"
        )


def summarize_site(folder: Path, reports: list[Report], *, now: datetime) -> SiteSummary:
    """The numbers of a site and of the reports on its credentials."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return SiteSummary(
        issuers=len(list(folder.glob("issuers/*/index.html"))),
        achievements=len(list(folder.glob("badges/*/achievement.json"))),
        verdicts=Counter(report.verdict for report in reports),
        files=len(files),
        size_bytes=sum(file.stat().st_size for file in files),
        as_of=now,
    )
