"""A move to another address, in lines for the person who decides on it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from site_builder.authoring.relocation import MovedIssuer, Reissue, Relocation
from site_builder.wording import plural

__all__ = ["describe_move"]


def describe_move(move: Relocation) -> list[str]:
    """What the move means: what stays bound to the old address, what to leave there, and what to sign anew, award by award."""
    old = urlsplit(move.base).netloc
    return [
        f"From {move.base} to {move.to}. Nothing was changed here.",
        "",
        f"WHAT VERIFIES ONLY WHILE {old} ANSWERS, since signatures name it and never change",
        *(line for issuer in move.issuers for line in _issuer_lines(issuer, old)),
        *_links_lines(move),
        "",
        f"WHAT TO LEAVE AT {old}, for as long as you can (--out writes all of it)",
        *_leave_lines(),
        "",
        f"MEANWHILE {move.to} can serve this very site: each of its pages says that it is a copy of one at {old}.",
        "",
        f"WHAT TO SIGN ANEW UNDER {move.to}: {plural(len(move.restated), 'award')} in force, not past their last day",
        *(_award_line(award) for award in move.restated),
        *_redefined_lines(move),
    ]


def _issuer_lines(issuer: MovedIssuer, old: str) -> Iterator[str]:
    standing = f"{issuer.active} in force, {issuer.ended} ended, {issuer.revoked} revoked, {issuer.erased} erased"
    yield f"  {issuer.slug}: {plural(issuer.pages, 'credential')} ({standing})"
    files = [plural(issuer.signed_files, "signed file"), plural(issuer.status_lists, "status list")]
    yield f"    at {old}: {', '.join(files)}, {plural(issuer.pictures, 'picture')} that signatures name"
    if issuer.key_moves:
        yield f"    its key, at {issuer.key_document}"
        if issuer.next_did == issuer.did:
            yield f"    the new site would sign as {issuer.did} too, whose key stays there: give it another 'did:' before it signs, or none"
        else:
            yield f"    the new site signs as {issuer.next_did}"
    else:
        yield f"    not its key, which stays at {issuer.key_document}; but lists and credentials still lie at {old}"


def _links_lines(move: Relocation) -> Iterator[str]:
    pages = sum(issuer.pages for issuer in move.issuers)
    yield f"  links out there: {plural(pages, 'page')}, each as a QR code on paper, in images and files, and in LinkedIn entries"


def _leave_lines() -> Iterator[str]:
    yield "  As files, with the same bytes and the header 'Access-Control-Allow-Origin: *': everything below c/; did.json and"
    yield "  status/ below issuers/; achievement.json and pictures below badges/. A redirect is not enough: the check in a page"
    yield "  and 'laurels verify' follow none, so that a key and a list come from the address that was signed."
    yield "  The front page and the pages of achievements and issuers may redirect; --out replaces them by pages that lead on."
    yield "  Keep the domain: whoever registers it next can publish a key of their own under the old name."


def _award_line(award: Reissue) -> str:
    row = award.row
    until = f"valid until {award.expires}" if award.expires else "with no end"
    mark = " *" if award.is_redefined else ""
    return f"  {row.name}: {row.badge}, awarded {row.awarded}, {until}{mark}  {award.url}"


def _redefined_lines(move: Relocation) -> Iterator[str]:
    count = sum(award.is_redefined for award in move.restated)
    if count:
        verb = "was" if count == 1 else "were"
        yield f"  * {plural(count, 'award')} {verb} signed when the achievement was defined otherwise: the new credential would state"
        yield "    today's definition. Where that is not what was earned, leave the award out of the records."
