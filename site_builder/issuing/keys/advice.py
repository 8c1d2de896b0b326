"""What to do when a key is lost or in wrong hands: what still verifies, what must be looked through, and which commands follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from site_builder.issuing.keys.sources import find_private_text, source_names
from site_builder.ledger.queries.key_use import KeyUse, SignedCredential, key_uses
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.records.load.repository import Issuer
from site_builder.wording import plural

__all__ = ["lost_key_lines", "next_steps", "review_lines"]


def review_lines(credentials: Sequence[SignedCredential]) -> Iterator[str]:
    """The credentials that an issuer must look through, one a line: when and what was signed, and its page."""
    for entry in credentials:
        state = "" if entry.state == "active" else f" ({entry.state})"
        yield f"{entry.signed}  {entry.badge}, awarded {entry.awarded}{state}  {entry.page}"


def next_steps(use: KeyUse, *, needs_new_key: bool, copying: str = "") -> list[str]:
    """The commands that follow when a key was set to compromised, in their order. copying: what is to be done after the build."""
    make = [f"laurels keys new {use.issuer}"] if needs_new_key else []
    return [*make, "laurels issue --resign", "laurels build", *([copying] if copying else [])]


def lost_key_lines(checked: CheckedRepository, issuer: Issuer, *, environment: Mapping[str, str]) -> Iterator[str]:
    """What holds and what cannot be done while an issuer's signing key is gone, and the way out. Nothing is changed."""
    active, slug = issuer.active_key, issuer.slug
    if active is None:
        yield f"{slug} has no active key: nothing can be signed. Make one: laurels keys new {slug}"
        return
    yield f"This changes nothing; it says how {slug} stands when the private half of {active.id} is gone."
    yield ""
    yield from _what_holds(key_uses(checked, issuer))
    yield from _what_waits(checked, issuer)
    yield ""
    base = checked.repository.config.base
    found = find_private_text(slug, active, base=base, environment=environment, key_file=None)
    if found is not None:
        yield f"A key lies in {found.source}. See first whether it is the right one: laurels keys check {slug}"
    else:
        names = source_names(slug, active.id, base=base, environment=environment)
        yield f"It may still be on a stick, on paper, or with a colleague: {names}."
    yield ""
    yield "If nobody else can have it, make the next key; the old one is retired, and what it signed stays good:"
    yield from (f"  {line}" for line in _way_out(slug))
    yield f"If somebody else may have it: laurels keys compromised {slug} {active.id}"


def _what_holds(uses: Sequence[KeyUse]) -> Iterator[str]:
    good = [use for use in uses if use.key.state != "compromised"]
    credentials = sum(len(use.credentials) for use in good)
    lists = sum(len(use.lists) for use in good)
    yield "Still good, for as long as the site is there:"
    yield f"  {plural(credentials, 'credential')} and {plural(lists, 'status list')}: they need the public half alone."
    yield "  The site can be built and published as before."


def _what_waits(checked: CheckedRepository, issuer: Issuer) -> Iterator[str]:
    rows = [row for row in checked.pending_rows if row.issuer == issuer.slug]
    changes = [change for change in checked.pending_changes if change.issuer == issuer.slug]
    yield "Not possible before there is a new key:"
    yield f"  new awards ({len(rows)} pending) and changes, revocations among them ({len(changes)} pending)."


def _way_out(slug: str) -> list[str]:
    return [f"laurels keys rotate {slug}", "laurels issue", "laurels build"]
