"""Verifying a whole site: every version of each credential, the current one with its page and its images, from a folder."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.carriers.table import CARRIERS, unbake
from site_builder.credentials.rosette.drawing import rosette_digest, rosette_svg
from site_builder.credentials.urls import credential_file
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Progress, no_progress
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import Fetch, FetchError
from site_builder.verification.file import verify_from
from site_builder.verification.one_release import hidden_page, with_hidden_page
from site_builder.verification.page.compare import compare_erased_page
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.report import Check, Report, sentence
from site_builder.verification.versions import Versions, VersionsError, parse_versions
from site_builder.wording import plural

__all__ = ["SiteSummary", "summarize_site", "verify_site"]

_MISSING = "There is a page here, but not the signed file that it speaks of."
_MISSING_OLDER = "This file is missing; versions.json names it, and somebody may know its address."
_NO_FILE = "This is not a file of the site: it is a folder, a device, too long, or a link that leads out of the site."
# The path of a file below the site's root, and the report on it.
_PathReport = tuple[str, Report]


def verify_site(
    folder: Path,
    *,
    now: datetime,
    read_at: datetime | None = None,
    progress: Progress = no_progress,
    others: Fetch | None = None,
) -> Iterator[_PathReport]:
    """(path, report) of every signed credential in a site's folder, and of what should lie there and does not.

    others: answers addresses that are not the site's, such as that of an issuer's key on another host; None: nobody does.
    read_at: as verify_credential has it."""
    site = SiteFolder(folder, others=others)
    verify = partial(verify_from, site, now=now, read_at=read_at)
    credential_folders = sorted(found for found in folder.glob("c/*") if found.is_dir())
    for done, credential_folder in enumerate(credential_folders, 1):
        progress(done, len(credential_folders))
        yield from _verify_folder(site, credential_folder, verify)


def _verify_folder(site: SiteFolder, folder: Path, verify: Callable[..., Report]) -> Iterator[_PathReport]:
    """One folder below c/: every version that its list names, and every other file that could be taken for one."""
    path = f"{folder.relative_to(site.folder).as_posix()}/"
    versions, complaint = _versions_of(site, path)
    if complaint:
        yield _failing(path + "versions.json", complaint)
    missing = {}
    for number in range(1, versions.count + 1):
        if not (folder / credential_file(number)).is_file():
            missing[credential_file(number)] = _MISSING if number == versions.current else _MISSING_OLDER
    yield from (_failing(path + name, text) for name, text in missing.items())
    gone = {credential_file(number) for number in versions.withheld}
    current = credential_file(versions.current) if versions.current else ""
    for name in sorted({file.name for file in folder.glob("credential*.json")} - missing.keys()):
        if name not in gone:
            yield _verify_version(site, path, name, verify, is_current=name == current)
        elif not _is_stub(site, path + name):
            yield _failing(path + name, "This version was withdrawn, and still its file is here.")
    if not versions.current:
        yield from _left_of_erased(site, path)


def _left_of_erased(site: SiteFolder, path: str) -> Iterator[_PathReport]:
    """What an erasure should have taken away."""
    complaint = hidden_page(site, compare_erased_page(_page_of(site, path, ""), base=site.base, path=path))
    if complaint:
        yield _failing(
            f"{path}index.html", f"This credential was erased, and its page is not what is left of one: {complaint}."
        )
    for name in (*_badge_images(), "rosette.svg"):
        if os.path.lexists(site.folder / path / name):
            yield _failing(path + name, "This credential was erased, and still its image is here.")


def _badge_images() -> list[str]:
    """The images beside a credential that carry it, one of each kind."""
    return [f"badge.{carrier.suffix}" for carrier in CARRIERS]


def _versions_of(site: SiteFolder, path: str) -> tuple[Versions, str]:
    """What versions.json says, and what is wrong with it; without one, a single version is looked for."""
    alone = Versions(1, 1, frozenset())
    try:
        return parse_versions(site.ask(f"{path}versions.json")), ""
    except FetchError as error:
        why = "is missing" if error.status == 404 else "cannot be read"
        return alone, f"This file {why}; by it every holder finds the current version."
    except (EncodingError, VersionsError) as error:
        return alone, f"By this file every holder finds the current version, but {error}."


def _failing(path: str, text: str) -> _PathReport:
    return path, Report("fails", text, ())


def _verify_version(
    site: SiteFolder, folder: str, name: str, verify: Callable[..., Report], *, is_current: bool
) -> _PathReport:
    path = folder + name
    try:
        raw = site.ask(path)
    except FetchError:
        return _failing(path, _NO_FILE)
    if not is_current:
        return path, verify(raw)
    page = _page_of(site, folder, path)
    report = with_hidden_page(verify(raw, page=page), site)
    return path, _with_images(report, site, folder, raw, page=page)


def _is_stub(site: SiteFolder, path: str) -> bool:
    """Whether a file says that it was withdrawn, and nothing of what was signed."""
    try:
        document = parse_json(site.ask(path))
    except (EncodingError, FetchError):
        return False
    return isinstance(document, dict) and document.get("withheld") is True and set(document) <= _STUB


# The members of what lies in the place of a withheld file (site/parts/version_files.py).
_STUB = {"withheld", "page", "note"}


def _page_of(site: SiteFolder, folder: str, address: str) -> StatementPage:
    """What the page says; a page that is missing says nothing, which differs from what was signed."""
    try:
        return StatementPage(site.ask(f"{folder}index.html").decode("utf-8"), address, site.ask)
    except (FetchError, UnicodeDecodeError):
        return StatementPage("", address)


def _with_images(report: Report, site: SiteFolder, folder: str, raw: bytes, *, page: StatementPage) -> Report:
    """The report with one more check: the images beside a credential carry this very credential, and its rosette is its own."""
    at = report.checks[0].at
    reason, file = _wrong_image(site, folder, raw, page=page)
    if reason:
        check = Check("images", "failed", reason, sentence("images", reason), file, at)
        headline = sentence("headline", "fails", check=sentence("check", "images"))
        return replace(report, verdict="fails", headline=headline, checks=(*report.checks, check))
    return replace(
        report, checks=(*report.checks, Check("images", "passed", "passed", sentence("images", "passed"), "", at))
    )


def _wrong_image(site: SiteFolder, folder: str, raw: bytes, *, page: StatementPage) -> tuple[str, str]:
    """Why an image is another than belongs here, and its file; two empty texts when all are right."""
    for name in _badge_images():
        try:
            same = unbake(site.ask(folder + name)) == raw
        except FetchError:
            # No image is fine, and a link that leads nowhere is something else.
            same = not os.path.lexists(site.folder / folder / name)
        except BakeError:
            same = False
        if not same:
            return "failed", name
    try:
        is_right = site.ask(f"{folder}rosette.svg") == _rosette_of(site, raw)
    except FetchError:
        # A page that says "withdrawn" shows none.
        is_right = page.is_tombstone
    return ("", "") if is_right else ("rosette", "rosette.svg")


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
