"""Verifying files: JSON as it is, PNG and SVG that carry a credential, with the web or a site's folder as the evidence."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.carriers.table import carrier_of
from site_builder.credentials.openbadges3.read import recipient_name_of
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Error
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.report import Report, legible
from site_builder.verification.signed import Fetch
from site_builder.verification.successor import verify_and_follow
from site_builder.wording import format_date

__all__ = [
    "credential_files",
    "is_site",
    "read_credential_file",
    "unbaked",
    "verify_file",
    "verify_from",
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
    carrier = carrier_of(raw)
    if carrier:
        try:
            return carrier.unbake(raw)
        except BakeError as error:
            raise Error(str(error)) from error
    reason = _other_json(raw)
    if reason:
        raise Error(_REFUSALS[reason])
    return raw


# What people have instead of a credential, by how it begins. browser/src/file.js has the same.
_OTHER_FORMATS = {
    "empty": re.compile(rb"\s*\Z"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "pdf": re.compile(rb"%PDF-"),
    "token": re.compile(rb"\s*eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\s*\Z"),
    "web_page": re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE),
}


def _other_json(raw: bytes) -> str:
    """What a JSON document without a proof is that people take for a credential, as refusals.json calls it, or ""."""
    try:
        document = parse_json(raw)
    except EncodingError:
        return ""
    if not isinstance(document, dict) or "proof" in document:
        return ""
    if document.get("withheld") is True:
        return "withheld"
    return "open_badges_2" if _is_open_badges_2(document) else ""


def _is_open_badges_2(document: dict[str, Any]) -> bool:
    """Whether a JSON document is an Assertion of Open Badges 1 or 2. Source: Open Badges 2.0, Assertion."""
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
        return verify_and_follow(raw, fetch=evidence, now=now, page=page)
    return verify_and_follow(
        raw, fetch=evidence.fetch, now=now, page=page, where=evidence.where, source_of=evidence.source
    )


def _statement(document: dict[str, Any]) -> str:
    """Who says what about whom, as one line. document: unchanged since it was signed, but perhaps by a stranger."""
    try:
        issuer, achievement = document["issuer"]["name"], document["credentialSubject"]["achievement"]["name"]
        recipient = recipient_name_of(document) or "somebody who is not named"
        return legible(f"{issuer} says: {recipient} earned {achievement}, {format_date(document['validFrom'])}")
    except (KeyError, IndexError, TypeError, ValueError):
        return ""
