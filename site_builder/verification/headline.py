"""The sentence that people read first: what is wrong, or who signed it and what was checked. Nothing is claimed that no check found.

browser/src/verification/headline.js chooses the same."""

from __future__ import annotations

from site_builder.verification.report import Check, Verdict, sentence

__all__ = ["headline_of"]

# Where trying again can help.
_PASSING = ("unreachable", "not_loaded")


def headline_of(
    verdict: Verdict,
    decided_by: Check | None,
    checks: tuple[Check, ...],
    *,
    is_demo: bool,
    where: str,
    domain: str,
    date: str,
) -> str:
    """The headline of a verdict. decided_by: as verdict_of gives it. date: that of the verdict, as pages print it, or ""."""
    signed = sentence("signed", _signed_by(verdict, checks, is_demo=is_demo), domain=domain)
    begun = signed[:1].upper() + signed[1:]
    text = decided_by.sentence if decided_by else ""
    words = {"where": where, "domain": domain, "date": date, "signed": signed, "Signed": begun, "sentence": text}
    if decided_by is None or verdict not in ("unknown", "not_supported"):
        return sentence("headline", _page_of(verdict, checks), **words)
    if verdict == "unknown":
        name = "try_again" if decided_by.reason in _PASSING else "unknown"
        text = sentence("headline", name, **words)
    # What comes on top of a signature is checked after it.
    return f"{begun}. {text}" if decided_by.name in ("dates", "status", "page") else text


def _signed_by(verdict: Verdict, checks: tuple[Check, ...], *, is_demo: bool) -> str:
    """Which words of the group "signed" are true: "not revoked" needs a list that was read."""
    if is_demo and verdict != "demo":
        return "demo"
    status = next((check for check in checks if check.name == "status"), None)
    if status is None or status.result != "passed":
        return "unlisted" if status is not None and status.reason == "none" else "unread"
    return "listed"


def _page_of(verdict: Verdict, checks: tuple[Check, ...]) -> str:
    """The headline's name: a good word says so when the page itself could not be compared."""
    is_unknown = any(check.name == "page" and check.reason == "unknown_release" for check in checks)
    return f"{verdict}_unknown_page" if is_unknown and verdict in ("holds", "demo") else verdict
