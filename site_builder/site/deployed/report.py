"""What a comparison found, in sentences for people and as plain data: what it means, and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.deployed.comparison import Comparison
from site_builder.site.deployed.differences import Kind
from site_builder.wording import plural

__all__ = ["as_json", "headline", "notes", "report_lines", "summary"]

_MOST_SHOWN = 12
# The kinds in the order of their weight: what each is called, and what to do about it.
_KINDS: dict[Kind, tuple[str, str]] = {
    "older": (
        "older than here",
        "Deploy again. If it stays so, purge the host's cache; if nobody of yours put an older deploy back, look into the host's log.",
    ),
    "left": (
        "served, and should not be",
        "Deploy again, so that what is gone here is deleted there, and purge the host's cache.",
    ),
    "missing": ("missing", "Deploy again, the whole folder."),
    "newer": (
        "newer than here",
        "Fetch what others have published, and compare again: git pull. If nobody of yours published it, somebody else can.",
    ),
    "other": (
        "different",
        "Switch off what the host changes in files (minifying, rewriting of addresses, analytics), build with the release of Laurels that "
        "built the site, and deploy again. If it stays so, somebody changed it: look into the host's log.",
    ),
    "unknown": ("not fetched", "Nothing is known of these: try again later."),
}


def headline(comparison: Comparison) -> str:
    """What the findings mean together, in one sentence."""
    kinds = {finding.kind for finding in comparison.findings}
    if comparison.is_same:
        return "The site is as this repository has it."
    if not comparison.same and kinds == {"unknown"}:
        return "The site could not be reached, so nothing is known of it."
    if not comparison.same and not kinds & {"older", "newer"}:
        return (
            "Nothing of this repository's site is at this address: give the address of its front page, as the browser "
            "shows it in the end."
        )
    if "newer" in kinds:
        return _what_is_newer(lacks_something=bool(kinds & {"older", "left"}))
    if comparison.is_half:
        return "Only a part of the deploy is there: of one change, some files are as in this repository and others are not."
    if kinds & {"older", "left"}:
        return "The site is older than this repository: the last deploy has not arrived, or somebody put an older one back."
    if "missing" in kinds:
        return "Files are missing on the site."
    if "other" in kinds:
        return _what_is_different(comparison)
    return "Not everything could be fetched; the rest is as this repository has it."


def _what_is_newer(*, lacks_something: bool) -> str:
    if lacks_something:
        return "The site and this repository each have something newer: fetch what others have published, and compare again."
    return "The site is newer than this repository: this clone is behind, or somebody else publishes there."


def _what_is_different(comparison: Comparison) -> str:
    if all(finding.path.endswith(".html") for finding in comparison.findings):
        return "Pages are different, and all that is signed is the same: the host or another release of Laurels writes them otherwise."
    return "The site has other files than this repository would publish."


def report_lines(comparison: Comparison) -> Iterator[str]:
    """The headline, and below it the files of each kind with what to do about them."""
    yield headline(comparison)
    if comparison.has_stopped:
        yield f"Stopped after {comparison.compared:,} files, since too many answers did not come."
    for kind, (name, remedy) in _KINDS.items():
        found = [finding for finding in comparison.findings if finding.kind == kind]
        if found:
            yield f"{len(found):,} {name}:"
            yield from (f"  {finding.path} {finding.difference.what}" for finding in found[:_MOST_SHOWN])
            if len(found) > _MOST_SHOWN:
                yield f"  … and {len(found) - _MOST_SHOWN:,} more; --json names them all"
            yield f"  What to do: {remedy}"


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Plain data for --json."""
    return {
        "same": comparison.is_same,
        "headline": headline(comparison),
        "compared": comparison.compared,
        "identical": comparison.same,
        "stopped": comparison.has_stopped,
        "findings": [
            {"path": finding.path, "kind": finding.kind, "what": finding.difference.what}
            for finding in comparison.findings
        ],
    }


def notes(checked: CheckedRepository, address: str, *, uncommitted: Sequence[str]) -> Iterator[str]:
    """What a reader must know of a comparison, whatever it found.

    address: of the site that is looked at, or its folder. uncommitted: files of the repository that HEAD has not, or has otherwise."""
    base = checked.repository.config.base
    if address.startswith(("https:", "http:")) and address != base:
        yield f"This site belongs at {base}. What {address} serves is a preview or a copy."
    if uncommitted:
        count = plural(len(uncommitted), "file")
        yield f"Not committed: {count}, such as {uncommitted[0]}. The site is compared with the files as they are here."
    if checked.pending_rows or checked.pending_changes:
        pending = f"{plural(len(checked.pending_rows), 'award')}, {plural(len(checked.pending_changes), 'change')}"
        yield f"Not looked for, since not signed yet: {pending}."


def summary(
    comparison: Comparison, checked: CheckedRepository, awards: Collection[str] | None, *, seconds: float
) -> str:
    """One line on what was looked at. awards: as in compare_site."""
    total = len(checked.ledger.awards) + len(checked.ledger.erased)
    looked_at = plural(total, "award") if awards is None else f"{len(awards):,} of {plural(total, 'award')}"
    return (
        f"{looked_at}: {plural(comparison.compared, 'file')} compared, {len(comparison.findings):,} not as here, "
        f"{seconds:.1f} seconds; the front page and other pages of MkDocs are not looked at"
    )
