"""Verifying what lies at an https address: a credential's page, its JSON, or a picture that carries it; of any issuer."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from site_builder.errors import Error
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.folder import unbaked, verify_from, with_statement
from site_builder.verification.page.reader import StatementPage, read_page
from site_builder.verification.report import Check, Report, legible, sentence, verdict_of
from site_builder.verification.signed import Fetch, FetchError, domain_of

__all__ = ["credential_address", "verify_address"]


def verify_address(url: str, *, evidence: SiteFolder | Fetch, now: datetime) -> Report:
    """The report on the credential at an address. A page is compared with the credential that it names.

    url: https; what stands behind # is never sent. evidence: how addresses are answered, the given one among them."""
    fetch = evidence.fetch_page if isinstance(evidence, SiteFolder) else evidence
    address = url.partition("#")[0]
    try:
        raw = fetch(address)
        if not _is_html(raw):
            return _verified(unbaked(raw), evidence, now)
        html = raw.decode("utf-8")
        document = credential_address(html, page=address)
        credential = unbaked(fetch(document))
    except FetchError as error:
        return Report("unknown", legible(f"This could not be fetched: {error}{_advice(str(error))}."), ())
    except UnicodeDecodeError:
        return Report("fails", "The page is not UTF-8 text.", ())
    except Error as error:
        return Report("fails", legible(f"There is no credential here: {error}."), ())
    return _verified_page(html, credential, evidence, now, page=address, document=document)


def _is_html(raw: bytes) -> bool:
    return (
        re.match(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", raw[:4096], re.I | re.S)
        is not None
    )


def _advice(text: str) -> str:
    """What to do about the commonest refusal: an address that leads to another one."""
    if re.search(r" answered 30[12378]$", text):
        return (
            ", which leads to another address; nothing is followed: give the address that the browser shows in the end"
        )
    return ""


def _verified(raw: bytes, evidence: SiteFolder | Fetch, now: datetime, page: StatementPage | None = None) -> Report:
    return with_statement(verify_from(evidence, raw, now=now, page=page), raw)


# Each part begins where no other can, so that a stranger's page is read in a time that grows with its length alone.
_LINK = re.compile(r"<link\s[^<>]{0,2000}>", re.IGNORECASE)
_BODY = re.compile(r"<body\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![a-z])([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


def credential_address(html: str, *, page: str) -> str:
    """Where the credential of a page lies: as its link of type application/vc says, else credential.json beside the page."""
    for link in _LINK.findall(_BODY.split(html, maxsplit=1)[0]):
        values = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(link)}
        kind = values.get("type", "").partition(";")[0].strip().lower()
        if "alternate" in values.get("rel", "").lower().split() and kind == "application/vc" and "href" in values:
            return str(urljoin(page, values["href"].replace("&amp;", "&"))).partition("#")[0]
    return urljoin(page, "credential.json")


def _verified_page(
    html: str, raw: bytes, evidence: SiteFolder | Fetch, now: datetime, *, page: str, document: str
) -> Report:
    """The report with the page's own words compared, and told apart from a copy at another address."""
    stated = read_page(html, address=_path_in_site(document))
    if not stated.claims and not stated.is_tombstone:
        # Of another make: it may say anything. Taking the credential's word for the page would be a lie.
        return _unread_page(_verified(raw, evidence, now), document)
    report = _verified(raw, evidence, now, stated)
    if report.verdict == "holds" and urljoin(report.credential, ".") != urljoin(page, "."):
        return replace(report, verdict="copy", headline=sentence("headline", "copy", domain=domain_of(report.issuer)))
    return report


def _path_in_site(document: str) -> str:
    """The path below the site's root at which a page's credential lies: the last three steps, c/<id>/credential.json."""
    return "/".join(urlsplit(document).path.split("/")[1:][-3:])


def _unread_page(report: Report, document: str) -> Report:
    text = "This page is not written in a way that could be compared with its credential."
    checks = tuple(
        replace(check, result="could_not_check", reason="unread", sentence=text, counts=True)
        if check.name == "page"
        else check
        for check in report.checks
    )
    return _judged(report, checks, document)


def _judged(report: Report, checks: tuple[Check, ...], document: str) -> Report:
    """The report with other checks. The good word is gone; a bad one stays."""
    if report.verdict not in ("holds", "demo"):
        return replace(report, checks=checks)
    verdict, decided_by = verdict_of(checks, is_demo=False, is_copy=False)
    headline = f"{sentence('headline', verdict, check=sentence('check', decided_by))} The credential alone: {legible(document)}"
    return replace(report, verdict=verdict, headline=headline, checks=checks)
