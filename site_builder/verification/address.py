"""Verifying what lies at an https address: a credential's page, its JSON, or a picture that carries it; of any issuer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from urllib.parse import urljoin, urlsplit

from site_builder.credentials.carriers.form import BakeError
from site_builder.verification.decode.open_badges_2 import at_its_own_address
from site_builder.verification.domain import domain_of
from site_builder.verification.evidence.address import fetch_credential
from site_builder.verification.evidence.platforms import told_platform
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import Fetch, FetchError, cached
from site_builder.verification.file import in_a_sentence, verify_from, with_statement
from site_builder.verification.page.compare import UNKNOWN_RELEASE
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.report import Report, failing, legible, sentence

__all__ = ["verify_address"]


def verify_address(url: str, *, evidence: SiteFolder | Fetch, now: datetime, read_at: datetime | None = None) -> Report:
    """The report on the credential at an address. A page is compared with the credential that it names.

    url: https; what stands behind # is never sent. evidence: how addresses are answered, the given one among them.
    read_at: as verify_credential has it."""
    address = url.partition("#")[0]
    report = _report_at(address, evidence, now=now, read_at=read_at)
    platform = told_platform(address)
    if platform and (report.form == "web-page" or not report.checks):
        return Report("not_supported", platform, (), form="web-page")
    return at_its_own_address(report, address)


def _report_at(address: str, evidence: SiteFolder | Fetch, *, now: datetime, read_at: datetime | None) -> Report:
    fetch = evidence.fetch_page if isinstance(evidence, SiteFolder) else evidence
    try:
        found = fetch_credential(address, fetch=fetch)
    except FetchError as error:
        return Report("unknown", legible(f"This could not be fetched: {error}{_advice(str(error))}."), ())
    except UnicodeDecodeError:
        return Report("not_supported", "This page is not UTF-8 text, so nothing in it was read.", (), form="encoding")
    except BakeError as error:
        return Report("fails", failing(in_a_sentence(str(error))), ())
    verify = partial(_verified, found.raw, evidence, now=now, read_at=read_at)
    if found.html is None:
        return verify()
    return _verified_page(found.html, verify, page=address, document=found.document, fetch=cached(fetch))


def _advice(text: str) -> str:
    """What to do about the commonest refusals: an address that leads to another one, and a host that is away."""
    if re.search(r" answered 30[12378]$", text):
        return (
            ", which leads to another address; nothing is followed: give the address that the browser shows in the end"
        )
    return ". Try again later" if text.endswith(" does not answer") else ""


def _verified(
    raw: bytes,
    evidence: SiteFolder | Fetch,
    page: StatementPage | None = None,
    *,
    now: datetime,
    read_at: datetime | None,
) -> Report:
    return with_statement(verify_from(evidence, raw, now=now, page=page, read_at=read_at), raw)


def _verified_page(html: str, verify: Callable[..., Report], *, page: str, document: str, fetch: Fetch) -> Report:
    """The report with the page compared, and told apart from a copy at another address."""
    report = verify(StatementPage(html, _path_in_site(document), lambda path: fetch(urljoin(page, f"../../{path}"))))
    if any(check.reason == UNKNOWN_RELEASE for check in report.checks):
        # The page may say anything: the headline says that, and what is to be believed is the credential.
        return report
    if report.verdict == "holds" and _folder_of(report.credential) != _folder_of(page):
        return replace(report, verdict="copy", headline=sentence("headline", "copy", domain=domain_of(report.issuer)))
    return report


def _folder_of(address: str) -> str:
    """The address as far as its last folder. It may be a stranger's, and none at all."""
    return address.partition("?")[0].rpartition("/")[0]


def _path_in_site(document: str) -> str:
    """The path below the site's root at which a page's credential lies: the last three steps, c/<id>/credential.json."""
    return "/".join(urlsplit(document).path.split("/")[1:][-3:])
