"""The pages of a site are all of one release, as one build wrote them: among such, a page that names no known one hides from comparison."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.page.compare import UNKNOWN_RELEASE
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.page.release import find_release
from site_builder.verification.report import Report, failed_also, sentence

__all__ = ["hidden_page", "with_hidden_page"]


def hidden_page(site: SiteFolder, difference: str) -> str:
    """Where a page differs, as compare_page says it; in a site with pages of a known release, a page of an unknown one differs in that."""
    if difference != UNKNOWN_RELEASE:
        return difference
    return sentence("altered", "release") if _has_known_pages(site) else ""


def with_hidden_page(report: Report, site: SiteFolder) -> Report:
    """The report, in which the check of a page that hides has failed."""
    reason = next((check.reason for check in report.checks if check.name == "page"), "")
    difference = hidden_page(site, reason) if reason == UNKNOWN_RELEASE else ""
    if not difference:
        return report
    text = sentence("page", "failed", reason=difference)
    checks = tuple(
        replace(check, result="failed", reason="failed", sentence=text, counts=True) if check.name == "page" else check
        for check in report.checks
    )
    return failed_also(report, checks, text)


@lru_cache(maxsize=1)
def _has_known_pages(site: SiteFolder) -> bool:
    """Whether any page of a site names a release that is known here."""
    return any(_is_known(site, file.parent.name) for file in sorted(site.folder.glob("c/*/index.html")))


def _is_known(site: SiteFolder, name: str) -> bool:
    try:
        html = site.ask(f"c/{name}/index.html").decode("utf-8", "replace")
    except FetchError:
        return False
    return find_release(StatementPage(html).release) is not None
