"""Checking the content, the last step: what is asked of the statement itself. A new check is a module beside this and a row here."""

from __future__ import annotations

from collections.abc import Callable

from site_builder.verification.content.dates import check_dates
from site_builder.verification.content.page import check_page
from site_builder.verification.content.statement import Statement
from site_builder.verification.finding import Finding

__all__ = ["CHECKS", "check_content"]


def _status(statement: Statement) -> Finding:
    """What the step before found has its place in the report among these."""
    return statement.status


# By the name of the check, in the order in which a report has them.
CHECKS: dict[str, Callable[[Statement], Finding]] = {"dates": check_dates, "status": _status, "page": check_page}


def check_content(statement: Statement) -> list[tuple[str, Finding]]:
    """(name, finding) of each check, in order."""
    return [(name, check(statement)) for name, check in CHECKS.items()]
