"""The page of a credential: it must state what was signed, and nothing besides."""

from __future__ import annotations

from site_builder.verification.content.statement import Statement
from site_builder.verification.finding import Finding
from site_builder.verification.page.compare import UNKNOWN_RELEASE, compare_page

__all__ = ["check_page"]


def check_page(statement: Statement) -> Finding:
    """Whether the page agrees with the signed document, and with the status that was found."""
    page = statement.page
    if page is None:
        return Finding("not_checked", "not_checked")
    difference = compare_page(page, statement.document, multibase=statement.multibase, office=statement.office)
    if difference == UNKNOWN_RELEASE:
        return Finding("not_checked", UNKNOWN_RELEASE)
    if page.is_tombstone and statement.status.result in ("passed", "not_checked"):
        return Finding("failed", "unfounded")
    if difference:
        return Finding("failed", "failed", {"reason": difference})
    return Finding("passed", "tombstone" if page.is_tombstone else "passed")
