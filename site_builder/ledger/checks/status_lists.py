"""The status lists beside the issuers, held against the awards: what they must say, and what they may never have said."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.credentials.status.bitstring import StatusError, read_list, set_bits
from site_builder.credentials.urls import signed_url
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Problem
from site_builder.ledger.checks.signed_files import is_signed_by
from site_builder.ledger.store.definitions import issuer_did
from site_builder.ledger.store.ledger import MERGED, Ledger, status_file
from site_builder.records.load.repository import Issuer, Repository

__all__ = ["check_lists", "signed_bits", "stale_lists", "wanted_bits"]


def wanted_bits(ledger: Ledger, issuer: str) -> dict[int, set[int]]:
    """The bits that each status list of an issuer must have set, by the number of the list."""
    bits: dict[int, set[int]] = {}
    for award in ledger.awards.values():
        if award.issuer == issuer:
            for version in award.versions:
                bits.setdefault(version.list, set()).update({version.index} if version.state != "active" else ())
    for erased in ledger.erased.values():
        if erased.issuer == issuer:
            # Nobody can answer for what was erased: its page says withdrawn, and so does the list.
            for place in erased.versions:
                bits.setdefault(place.list, set()).add(place.index)
    return bits


def stale_lists(ledger: Ledger, repository: Repository) -> list[tuple[str, int]]:
    """The status lists that are missing or do not say what the awards say; `issue` writes them."""
    stale = []
    for issuer in repository.issuers.values():
        for number, bits in wanted_bits(ledger, issuer.slug).items():
            raw = ledger.lists.get((issuer.slug, number))
            found = signed_bits(raw, issuer, number, repository.config.base) if raw is not None else None
            if found is None or found[0] != bits or not found[1]:
                stale.append((issuer.slug, number))
    return sorted(stale)


def check_lists(ledger: Ledger, repository: Repository) -> Iterator[Problem]:
    """Status lists that no run of `issue` leaves behind.

    Lists are written last, so one that lacks bits is work for the next run; one that has more than the awards say means that
    something was undone or removed, and one that the issuer did not sign was put there by somebody else."""
    restore = (
        "restore content/signed, the records of changes and this list from git: what was withdrawn or signed once stays so; "
        f"{MERGED}"
    )
    bits = {slug: wanted_bits(ledger, slug) for slug in {slug for slug, _ in ledger.lists}}
    for (slug, number), raw in sorted(ledger.lists.items()):
        issuer, file = repository.issuers.get(slug), status_file(slug, number)
        wanted = bits[slug].get(number)
        if wanted is None:
            yield Problem(file, 0, "LED009", "no award has a place in this status list", restore)
        elif issuer is not None:
            found = signed_bits(raw, issuer, number, repository.config.base)
            if found is None:
                fix = (
                    "restore it, issuer.yml and keys.yml from git, or delete it and run 'laurels issue', which writes it anew; "
                    f"{MERGED}"
                )
                yield Problem(
                    file, 0, "LED009", "this is not the status list that the issuer signed for this place", fix
                )
            elif found[0] - wanted:
                yield Problem(file, 0, "LED009", "this signed list withdraws more than the awards here do", restore)


def signed_bits(raw: bytes, issuer: Issuer, number: int, base: str) -> tuple[set[int], bool] | None:
    """The bits of a list that a key of the issuer signed, and whether verifiers still accept that key; None of any other list."""
    url = signed_url(base, "status list", issuer=issuer.slug, number=str(number))
    try:
        document = parse_json(raw)
        bits = set_bits(read_list(document, url=url))
    except (EncodingError, StatusError):
        return None
    did = issuer_did(issuer, base)
    for key in issuer.keys:
        if is_signed_by(document, f"{did}#{key.id}", key.publicKeyMultibase):
            return bits, key.state != "compromised"
    return None
