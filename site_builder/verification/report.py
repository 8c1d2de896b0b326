"""What a verification found: named checks, one verdict, and the sentences for people."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from site_builder.verification.catalogue import wording
from site_builder.verification.finding import Outcome

__all__ = [
    "MAX_QUOTED",
    "STATUS_VERDICTS",
    "Check",
    "Report",
    "Verdict",
    "check_name",
    "failed_also",
    "failing",
    "legible",
    "result_word",
    "sentence",
    "verdict_of",
]

Verdict = Literal[
    "holds", "demo", "copy", "revoked", "superseded", "expired", "not_yet_valid", "fails", "unknown", "not_supported"
]

# What can happen to a sound credential, by the reason of the check that shows it. Every other failure means that it is not one.
STATUS_VERDICTS: dict[str, Verdict] = {
    "revoked": "revoked",
    "expired": "expired",
    "not_yet_valid": "not_yet_valid",
}


@dataclass(frozen=True)
class Check:
    """One named check. reason: which sentence of wording/en.json. counts: whether the verdict depends on it.

    source: from where the evidence was read, "" for the document itself. at: when, UTC.
    form: the name of the form that is not supported, "" for every other result."""

    name: str
    result: Outcome
    reason: str
    sentence: str
    source: str = ""
    at: str = ""
    counts: bool = True
    form: str = ""


@dataclass(frozen=True)
class Report:
    """The verdict on one credential and the checks that it rests on.

    statement: who says what about whom, in the words that were signed; only for files, where there is no page to read it on.
    successor: address of the page where what has taken its place is found; "" when nothing is known to.
    form: the name of the form that is not supported, "" for every other verdict."""

    verdict: Verdict
    headline: str
    checks: tuple[Check, ...]
    credential: str = ""
    issuer: str = ""
    statement: str = ""
    successor: str = ""
    form: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain data for --json. What may be empty is left out when it is."""
        plain = _without_empty(asdict(self), "statement", "successor", "form")
        return plain | {"checks": [_without_empty(asdict(check), "form") for check in self.checks]}

    def check(self, name: str) -> Check:
        """The check of that name."""
        return next(check for check in self.checks if check.name == name)


def _without_empty(plain: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if value or name not in names}


# What steers a terminal, breaks a line or turns the direction of reading: with it, a document could write its own report.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
MAX_QUOTED = 500
_PLACE = re.compile(r"\{(\w+)\}")


def legible(text: str) -> str:
    """Words of a document as a report quotes them: the first of them, on one line."""
    return _STEERING.sub("\ufffd", text[:MAX_QUOTED])


def sentence(group: str, reason: str, /, **values: str) -> str:
    """A sentence of wording/en.json, the one list that Python and the page share."""
    return _filled(group, reason, tuple((name, text[:MAX_QUOTED]) for name, text in values.items()))


# Of most credentials of a site the same is said.
@lru_cache(maxsize=512)
def _filled(group: str, reason: str, values: tuple[tuple[str, str], ...]) -> str:
    # In one go: what a value quotes is never filled in again.
    found = dict(values)
    return _PLACE.sub(lambda place: legible(found.get(place[1], place[0])), wording()[group][reason])


def check_name(name: str) -> str:
    """What people call a check."""
    return wording()["check"][name.split(" ")[0]]


def result_word(result: Outcome) -> str:
    """What people call the result of a check."""
    return wording()["result"][result]


def failing(text: str) -> str:
    """The headline of what fails, with the sentence of the check that shows it."""
    return sentence("headline", "fails", sentence=text)


def failed_also(report: Report, checks: tuple[Check, ...], text: str) -> Report:
    """A report with other checks, of which one fails over something beside the credential. text: its sentence.

    What is wrong with the credential itself goes first."""
    headline = report.headline if report.verdict == "fails" else failing(text)
    return replace(report, verdict="fails", headline=headline, checks=checks)


def verdict_of(checks: tuple[Check, ...], *, is_demo: bool, is_copy: bool) -> tuple[Verdict, Check | None]:
    """The verdict, and the check that decided it (None when all passed).

    Only checks that count matter. What was withdrawn or has expired is called so only when the rest, on which that rests, was
    checked. Demo key and copy override the good word only."""
    counting = [check for check in checks if check.counts]
    failed = [check for check in counting if check.result == "failed"]
    # A signature that could not be checked without its key is explained by what is said of the key.
    missing = [check for check in counting if check.result not in ("passed", "failed") and check.reason != "no_key"]
    for check in failed:
        if check.reason not in STATUS_VERDICTS:
            return "fails", check
    unsigned = _first_missing([check for check in missing if check.name not in ("status", "dates")])
    if unsigned:
        return unsigned
    for check in sorted(failed, key=lambda check: check.name != "status"):
        return STATUS_VERDICTS[check.reason], check
    unread = _first_missing(missing)
    if unread:
        return unread
    if is_demo:
        return "demo", None
    return ("copy", None) if is_copy else ("holds", None)


def _first_missing(missing: list[Check]) -> tuple[Verdict, Check] | None:
    """Of what was not checked, the check that is told: trying again never helps where a form is not supported."""
    for check in sorted(missing, key=lambda check: check.result != "not_supported"):
        return "not_supported" if check.result == "not_supported" else "unknown", check
    return None
