"""Verifying files and whole sites: each credential with its page and its images, from a folder."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from site_builder.credentials.bake import BakeError, unbake
from site_builder.credentials.rosette import rosette_digest, rosette_svg
from site_builder.encoding import PNG_SIGNATURE, EncodingError, parse_json
from site_builder.errors import Error, Progress, no_progress, plural
from site_builder.verification.page import StatementPage, format_date, read_page
from site_builder.verification.report import Check, Report, legible, sentence
from site_builder.verification.signed import Fetch
from site_builder.verification.site_folder import SiteFolder
from site_builder.verification.verify import verify_credential

__all__ = [
    "SiteSummary",
    "credential_files",
    "is_site",
    "read_credential_file",
    "summarize_site",
    "unbaked",
    "verify_file",
    "verify_from",
    "verify_site",
    "with_statement",
]

_MAX_FILE_BYTES = 12 * 1_048_576
# What is said of files that are no credential; the page of the verifier shares the list.
_REFUSALS: dict[str, str] = json.loads(resources.files(__package__).joinpath("refusals.json").read_text("utf-8"))[
    "file"
]


def is_site(folder: Path) -> bool:
    """Whether a folder holds a published site."""
    return (folder / "c").is_dir() and (folder / "issuers").is_dir()


def credential_files(place: Path) -> list[Path]:
    """The files that may carry a credential: the one that is named, or all below a folder."""
    if not place.is_dir():
        return [place]
    return sorted(file for file in place.rglob("*") if file.suffix in (".json", ".png", ".svg") and file.is_file())


def read_credential_file(file: Path) -> bytes:
    """The credential in a file: JSON as it is, PNG and SVG unbaked. Raises Error with a sentence for people."""
    if file.stat().st_size > _MAX_FILE_BYTES:
        raise Error(_REFUSALS["too_large"])
    return unbaked(file.read_bytes())


def unbaked(raw: bytes) -> bytes:
    """The credential in the bytes of a file: JSON as it is, PNG and SVG unbaked. Raises Error with a sentence for people."""
    for reason, pattern in _OTHER_FORMATS.items():
        if pattern.match(raw):
            raise Error(_REFUSALS[reason])
    if raw.startswith(PNG_SIGNATURE) or raw.lstrip()[:1] == b"<":
        try:
            return unbake(raw)
        except BakeError as error:
            raise Error(str(error)) from error
    if _is_open_badges_2(raw):
        raise Error(_REFUSALS["open_badges_2"])
    return raw


# What people have instead of a credential, by how it begins. browser/src/file.js has the same.
_OTHER_FORMATS = {
    "empty": re.compile(rb"\s*\Z"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "pdf": re.compile(rb"%PDF-"),
    "token": re.compile(rb"\s*eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\s*\Z"),
    "web_page": re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE),
}


def _is_open_badges_2(raw: bytes) -> bool:
    """Whether a JSON document is an Assertion of Open Badges 1 or 2. Source: Open Badges 2.0, Assertion."""
    try:
        document = parse_json(raw)
    except EncodingError:
        return False
    if not isinstance(document, dict) or "proof" in document:
        return False
    contexts = document.get("@context")
    names = contexts if isinstance(contexts, list) else [contexts]
    is_named = any(isinstance(name, str) and name.startswith("https://w3id.org/openbadges/v") for name in names)
    return is_named or document.get("type") == "Assertion"


def verify_file(file: Path, *, evidence: SiteFolder | Fetch, now: datetime) -> Report:
    """The report on the credential in a file of any kind; on a file without one, a failure that says so."""
    try:
        raw = read_credential_file(file)
    except Error as error:
        text = str(error)
        return Report("fails", f"{text[:1].upper()}{text[1:]}.", ())
    return with_statement(verify_from(evidence, raw, now=now), raw)


def with_statement(report: Report, raw: bytes) -> Report:
    """The report with what the credential says, if that is as its issuer signed it."""
    is_signed = report.check("signature").result == "passed"
    return replace(report, statement=_statement(parse_json(raw))) if is_signed else report


def verify_from(
    evidence: SiteFolder | Fetch, raw: bytes, *, now: datetime, page: StatementPage | None = None
) -> Report:
    """The report on a credential, with a folder or the web as the evidence. page: what its page states, to be compared."""
    if not isinstance(evidence, SiteFolder):
        return verify_credential(raw, fetch=evidence, now=now, page=page)
    return verify_credential(
        raw, fetch=evidence.fetch, now=now, page=page, where=evidence.where, source_of=evidence.source
    )


def _statement(document: dict[str, Any]) -> str:
    """Who says what about whom, as one line. document: unchanged since it was signed, but perhaps by a stranger."""
    try:
        subject = document["credentialSubject"]
        names = [
            item["identityHash"]
            for item in subject["identifier"]
            if item["identityType"] == "name" and not item["hashed"]
        ]
        issuer, achievement = document["issuer"]["name"], subject["achievement"]["name"]
        recipient = names[0] if names else "somebody who is not named"
        return legible(f"{issuer} says: {recipient} earned {achievement}, {format_date(document['validFrom'])}")
    except (KeyError, IndexError, TypeError, ValueError):
        return ""


def verify_site(folder: Path, *, now: datetime, progress: Progress = no_progress) -> Iterator[tuple[str, Report]]:
    """(path, report) of every signed credential in a site's folder; of the current version also its page and images."""
    site = SiteFolder(folder)
    holders = sorted(holder for holder in (folder / "c").iterdir() if holder.is_dir())
    for done, holder in enumerate(holders, 1):
        progress(done, len(holders))
        current = _current_file(holder)
        if not (holder / current).is_file():
            path = (holder / current).relative_to(folder).as_posix()
            yield path, Report("fails", "There is a page here, but not the signed file that it speaks of.", ())
        if not (holder / "versions.json").is_file():
            path = (holder / "versions.json").relative_to(folder).as_posix()
            yield path, Report("fails", "This file is missing; by it every holder finds the current version.", ())
        for file in sorted(holder.glob("credential*.json")):
            path = file.relative_to(folder).as_posix()
            page = _page_of(holder, path) if file.name == current else None
            raw = file.read_bytes()
            report = verify_from(site, raw, now=now, page=page)
            yield path, _with_images(report, holder, raw, page=page) if page else report


def _current_file(holder: Path) -> str:
    """File name of the current version, as versions.json says."""
    try:
        versions = parse_json((holder / "versions.json").read_bytes())
        name = str(versions["versions"][versions["current"] - 1]["file"])
    except (OSError, EncodingError, KeyError, IndexError, TypeError):
        return "credential.json"
    return name if re.fullmatch(r"credential(-[0-9]+)?\.json", name) else "credential.json"


def _page_of(holder: Path, address: str) -> StatementPage:
    """What the page says; a page that is missing says nothing, which differs from what was signed."""
    try:
        return read_page((holder / "index.html").read_text("utf-8"), address=address)
    except (OSError, UnicodeDecodeError):
        return StatementPage(address=address)


def _with_images(report: Report, holder: Path, raw: bytes, *, page: StatementPage) -> Report:
    """The report with one more check: the images beside a credential carry this very credential, and its rosette is its own."""
    at = report.checks[0].at
    reason, file = _wrong_image(holder, raw, page=page)
    if reason:
        check = Check("images", "failed", reason, sentence("images", reason), file, at)
        headline = sentence("headline", "fails", check=sentence("check", "images"))
        return replace(report, verdict="fails", headline=headline, checks=(*report.checks, check))
    return replace(
        report, checks=(*report.checks, Check("images", "passed", "passed", sentence("images", "passed"), "", at))
    )


def _wrong_image(holder: Path, raw: bytes, *, page: StatementPage) -> tuple[str, str]:
    """Why an image is another than belongs here, and its file; two empty texts when all are right."""
    for file in (holder / "badge.png", holder / "badge.svg"):
        try:
            same = not file.exists() or unbake(file.read_bytes()) == raw
        except BakeError:
            same = False
        if not same:
            return "failed", file.name
    rosette = holder / "rosette.svg"
    # A page that says "withdrawn" shows none.
    is_right = rosette.read_bytes() == _rosette_of(raw) if rosette.is_file() else page.is_tombstone
    return ("", "") if is_right else ("rosette", rosette.name)


def _rosette_of(raw: bytes) -> bytes:
    """The drawing that belongs to a credential; nothing when it is none."""
    try:
        document = parse_json(raw)
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
        bad = self.verdicts["fails"] + self.verdicts["unknown"]
        counts += [f"{bad} FAIL"] if bad else []
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
        issuers=len(list(folder.glob("issuers/*/did.json"))),
        achievements=len(list(folder.glob("badges/*/achievement.json"))),
        verdicts=Counter(report.verdict for report in reports),
        files=len(files),
        size_bytes=sum(file.stat().st_size for file in files),
        as_of=now,
    )
