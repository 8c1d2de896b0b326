"""Verifying files: JSON as it is, PNG and SVG that carry a credential, with the web or a site's folder as the evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.openbadges3.read import (
    achievement_name_of,
    issuer_id_of,
    issuer_name_of,
    recipient_name_of,
    valid_from_of,
)
from site_builder.errors import Error
from site_builder.verification.decode.file import MAX_FILE_BYTES, unbaked
from site_builder.verification.decode.table import decode
from site_builder.verification.domain import domain_of
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import Fetch
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.report import Report, failing, legible, sentence
from site_builder.verification.successor import verify_and_follow
from site_builder.wording import format_date

__all__ = ["in_a_sentence", "read_credential", "verify_file", "verify_from", "with_statement"]


def verify_file(file: Path, *, evidence: SiteFolder | Fetch, now: datetime, read_at: datetime | None = None) -> Report:
    """The report on the credential in a file of any kind, which names what is none.

    read_at: as verify_credential has it."""
    given = _beginning_of(file)
    if len(given) > MAX_FILE_BYTES:
        return Report("not_supported", sentence("form", "too-large"), (), form="too-large")
    try:
        raw = unbaked(given)
    except BakeError as error:
        return Report("fails", failing(in_a_sentence(str(error))), ())
    return with_statement(verify_from(evidence, raw, now=now, read_at=read_at), raw)


def in_a_sentence(text: str) -> str:
    """A reason as a sentence of its own."""
    return f"{text[:1].upper()}{text[1:]}."


def read_credential(file: Path) -> bytes:
    """The document in a file. Raises Error with a sentence for people."""
    given = _beginning_of(file)
    if len(given) > MAX_FILE_BYTES:
        raise Error(sentence("form", "too-large"))
    return unbaked(given)


def _beginning_of(file: Path) -> bytes:
    """The bytes of a file, one more than is read here at most: the size of a device says nothing, and it may have no end."""
    with file.open("rb") as opened:
        return opened.read(MAX_FILE_BYTES + 1)


def verify_from(
    evidence: SiteFolder | Fetch,
    raw: bytes,
    *,
    now: datetime,
    page: StatementPage | None = None,
    read_at: datetime | None = None,
) -> Report:
    """The report on a credential, with a folder or the web as the evidence. page: what its page states, to be compared."""
    if not isinstance(evidence, SiteFolder):
        return verify_and_follow(raw, fetch=evidence, now=now, page=page, read_at=read_at)
    return verify_and_follow(
        raw,
        fetch=evidence.fetch,
        now=now,
        page=page,
        where=evidence.where,
        shown_as=evidence.source,
        read=evidence.read,
        read_at=read_at,
        memory=evidence.memory,
    )


def with_statement(report: Report, raw: bytes) -> Report:
    """The report with what the credential says, if that is as its issuer signed it."""
    is_signed = report.check("signature").result == "passed"
    return replace(report, statement=_statement(decode(raw).document)) if is_signed else report


def _statement(document: object) -> str:
    """Who says what about whom, as one line; "" where it does not say so.

    document: unchanged since it was signed, but perhaps by a stranger."""
    issuer, achievement = issuer_name_of(document) or domain_of(issuer_id_of(document)), achievement_name_of(document)
    recipient = recipient_name_of(document) or "somebody who is not named"
    try:
        day = format_date(valid_from_of(document))
    except (IndexError, ValueError):
        return ""
    return legible(f"{issuer} says: {recipient} earned {achievement}, {day}") if issuer and achievement else ""
