"""Verifying a whole site: every version of each credential, the current one with its page and its images, from a folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from site_builder.credentials.urls import credential_file
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Progress, no_progress
from site_builder.verification.decode.table import is_recognised
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import Fetch, FetchError
from site_builder.verification.file import verify_file, verify_from
from site_builder.verification.inventory.beside import QR_CODE, ROSETTE, badge_images, wrong_files
from site_builder.verification.inventory.claims import file_claims_credential
from site_builder.verification.inventory.images import with_wrong_images
from site_builder.verification.inventory.one_release import hidden_page, with_hidden_page
from site_builder.verification.inventory.published import is_judged, missing_files, named_addresses, wrong_published
from site_builder.verification.inventory.walk import Found, walk
from site_builder.verification.page.compare import compare_erased_page
from site_builder.verification.page.learned import LearnedPages
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.report import Check, Report, sentence
from site_builder.verification.versions import Versions, VersionsError, parse_versions, version_number

__all__ = ["verify_site"]

_MISSING = "There is a page here, but not the signed file that it speaks of."
_MISSING_OLDER = "This file is missing; versions.json names it, and somebody may know its address."
_NO_FILE = "This is not a file of the site: it is a folder, a device, too long, or a link that leads out of the site."
_NO_CREDENTIAL = "This is not an Open Badges 3.0 credential, and versions.json names it as one."
_UNEXPECTED = "No build writes a file of this name here."
_LINK = "This is a link, which no build writes, and which is not followed."
# The path of a file below the site's root, and the report on it.
_PathReport = tuple[str, Report]


@dataclass(frozen=True)
class _Run:
    """The verification of one site. verify: gives the report on a credential in it. named: the addresses that signed credentials name."""

    site: SiteFolder
    verify: Callable[..., Report]
    learned: LearnedPages
    named: set[str] = field(default_factory=set)


def verify_site(
    folder: Path,
    *,
    now: datetime,
    read_at: datetime | None = None,
    progress: Progress = no_progress,
    others: Fetch | None = None,
    found: list[Found] | None = None,
    learned: LearnedPages | None = None,
) -> Iterator[_PathReport]:
    """(path, report) of every signed credential in a site's folder, and of what should lie there and does not.

    others: answers addresses that are not the site's, such as that of an issuer's key on another host; None: nobody does.
    read_at: as verify_credential has it. found: what walk finds in the folder, if somebody has looked already.
    learned: new, to be asked afterwards which releases the pages are of."""
    site = SiteFolder(folder, others=others)
    run = _Run(site, partial(verify_from, site, now=now, read_at=read_at), learned or LearnedPages())
    credential_folders = _credential_folders(folder)
    for done, name in enumerate(credential_folders, 1):
        progress(done, len(credential_folders))
        yield from _verify_folder(run, f"c/{name}/")
    yield from (_failing(path, text) for path, text in missing_files(site, run.named))
    yield from _verify_rest(
        site, walk(folder) if found is None else found, partial(verify_file, evidence=site, now=now, read_at=read_at)
    )


def _credential_folders(folder: Path) -> list[str]:
    try:
        with os.scandir(folder / "c") as entries:
            return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _verify_rest(site: SiteFolder, everything: list[Found], verify: Callable[[Path], Report]) -> Iterator[_PathReport]:
    """What is wrong with all that lies beside the folders of credentials, and the reports on credentials among it."""
    for found in everything:
        path = found.path
        is_below_c, is_beside_credential = path.startswith("c/"), path.startswith("c/") and path.count("/") > 1
        if is_beside_credential or (found.is_link and not is_below_c):
            continue
        if found.flaw:
            yield _failing(path, _LINK if found.is_link else f"This is {found.flaw}.")
        elif is_below_c:
            yield _failing(path, _UNEXPECTED)
        elif is_judged(path):
            text = wrong_published(site, path)
            yield from [_failing(path, text)] if text else []
        elif file_claims_credential(site.folder / path):
            yield path, verify(site.folder / path)


def _verify_folder(run: _Run, path: str) -> Iterator[_PathReport]:
    """One folder below c/: every version that its list names, and every other file that could be taken for one."""
    site = run.site
    there = site.look_into(path)
    versions, complaint = _versions_of(site, path)
    if complaint:
        yield _failing(path + "versions.json", complaint)
    listed = {credential_file(number) for number in range(1, versions.count + 1)}
    missing = {name for name in listed if not there.get(name)}
    gone = {credential_file(number) for number in versions.withheld}
    current = credential_file(versions.current) if versions.current else ""
    for name in sorted(missing, key=version_number):
        yield _failing(path + name, _MISSING if name == current else _MISSING_OLDER)
    for name in sorted(name for name in there if _is_json_of_credential(name) and name not in missing):
        if name in listed or (complaint and version_number(name)):
            yield from _verify_listed(run, path + name, there, is_gone=name in gone, is_current=name == current)
        else:
            yield _failing(path + name, _UNEXPECTED)
    if not versions.current:
        yield from _left_of_erased(site, path)
    # The names that no build ever gives to a file here; versions are another matter.
    unexpected = there.keys() - {"index.html", "versions.json", QR_CODE, ROSETTE, *badge_images()}
    yield from (_failing(path + name, _UNEXPECTED) for name in sorted(unexpected) if not _is_json_of_credential(name))


def _is_json_of_credential(name: str) -> bool:
    return name.startswith("credential") and name.endswith(".json")


def _verify_listed(
    run: _Run, path: str, there: Collection[str], *, is_gone: bool, is_current: bool
) -> Iterator[_PathReport]:
    """A version's file: the credential, or the note in the place of one that was withdrawn. there: the names beside it."""
    if not is_gone:
        yield _verify_version(run, path, there, is_current=is_current)
    elif not _is_stub(run.site, path):
        yield _failing(path, "This version was withdrawn, and still its file is here.")


def _left_of_erased(site: SiteFolder, path: str) -> Iterator[_PathReport]:
    """What an erasure should have taken away."""
    complaint = hidden_page(site, compare_erased_page(_page_of(site, path, ""), base=site.base, path=path))
    if complaint:
        yield _failing(
            f"{path}index.html", f"This credential was erased, and its page is not what is left of one: {complaint}."
        )
    for name in (*badge_images(), ROSETTE, QR_CODE):
        if os.path.lexists(site.folder / path / name):
            yield _failing(path + name, "This credential was erased, and still its image is here.")


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


def _verify_version(run: _Run, path: str, there: Collection[str], *, is_current: bool) -> _PathReport:
    site, folder = run.site, path.rpartition("/")[0] + "/"
    try:
        raw = site.ask(path)
    except FetchError:
        return _failing(path, _NO_FILE)
    page = _page_of(site, folder, path, run.learned) if is_current else None
    report = run.verify(raw, page=page)
    if report.verdict == "not_supported" and not is_recognised(raw):
        return _failing(path, _NO_CREDENTIAL)
    if any(check.name == "signature" and check.result == "passed" for check in report.checks):
        run.named.update(named_addresses(site.read(raw)))
    if page is None:
        return path, report
    return path, _with_images(with_hidden_page(report, site), site, folder, raw, page=page, there=there)


def _is_stub(site: SiteFolder, path: str) -> bool:
    """Whether a file says that it was withdrawn, and nothing of what was signed."""
    try:
        document = parse_json(site.ask(path))
    except (EncodingError, FetchError):
        return False
    return isinstance(document, dict) and document.get("withheld") is True and set(document) <= _STUB


# The members of what lies in the place of a withheld file (site/parts/version_files.py).
_STUB = {"withheld", "page", "note"}


def _page_of(site: SiteFolder, folder: str, address: str, learned: LearnedPages | None = None) -> StatementPage:
    """What the page says; a page that is missing says nothing, which differs from what was signed."""
    try:
        html = site.ask(f"{folder}index.html").decode("utf-8")
        return StatementPage(html, address, site.ask, learned, site.digest_of)
    except (FetchError, UnicodeDecodeError):
        return StatementPage("", address)


def _with_images(
    report: Report, site: SiteFolder, folder: str, raw: bytes, *, page: StatementPage, there: Collection[str]
) -> Report:
    """The report with a check more of the images beside a credential: one for each that is not what belongs there, or one for all."""
    wrong = list(wrong_files(site, folder, raw, page=page, there=there))
    if wrong:
        return with_wrong_images(report, wrong)
    at = report.checks[0].at
    passed = Check("images", "passed", "passed", sentence("images", "passed"), "", at)
    return replace(report, checks=(*report.checks, passed))
