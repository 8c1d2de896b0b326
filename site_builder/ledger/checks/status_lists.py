"""The status lists beside the issuers, held against the awards: what they must say, and what they may never have said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from site_builder.credentials.status.bitstring import StatusError, own_bits
from site_builder.credentials.urls import signed_url
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Problem
from site_builder.ledger.checks.signed_files import is_signed_by
from site_builder.ledger.store.checked_repository import CheckedRepository, SignedList
from site_builder.ledger.store.definitions import issuer_did
from site_builder.ledger.store.ledger import MERGED, Ledger, status_file
from site_builder.records.load.repository import Issuer, Repository

__all__ = ["check_lists", "outdated_lists", "read_lists", "signed_list", "stale_lists", "wanted_bits"]

# An issuer's slug and the number of its list.
StatusList = tuple[str, int]


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
            for status_entry in erased.versions:
                bits.setdefault(status_entry.list, set()).add(status_entry.index)
    return bits


def read_lists(
    ledger: Ledger, repository: Repository, *, known: Mapping[StatusList, SignedList] | None = None
) -> dict[StatusList, SignedList]:
    """The status lists that a key of their issuer signed for their place; no others.

    known: lists that were found to be so before, by the keys of this repository; the same bytes are not verified again."""
    lists = {}
    for (slug, number), raw in ledger.lists.items():
        found = (known or {}).get((slug, number))
        issuer = repository.issuers.get(slug)
        if issuer is not None and (found is None or found.raw != raw):
            found = signed_list(raw, issuer, number, repository.config.base)
        if issuer is not None and found is not None:
            lists[slug, number] = found
    return lists


def stale_lists(
    ledger: Ledger, repository: Repository, lists: Mapping[StatusList, SignedList]
) -> list[tuple[str, int]]:
    """The status lists that are missing or do not say what the awards say; `issue` writes them. lists: as read_lists gives them."""
    stale = []
    for slug in repository.issuers:
        for number, bits in wanted_bits(ledger, slug).items():
            found = lists.get((slug, number))
            if found is None or found.bits != bits or not found.is_accepted:
                stale.append((slug, number))
    return sorted(stale)


def outdated_lists(checked: CheckedRepository) -> list[Problem]:
    """A problem for each list that is not up to date: nothing may be published before `issue` has written it, which alone can."""
    what = "this status list is out of date: it is missing, or does not say what the awards say"
    fix = "run 'laurels issue', which signs it again; an older copy of it may have been put back"
    return [Problem(status_file(slug, number), 0, "LED017", what, fix) for slug, number in checked.stale]


def check_lists(ledger: Ledger, repository: Repository, lists: Mapping[StatusList, SignedList]) -> Iterator[Problem]:
    """Status lists that no run of `issue` leaves behind. lists: as read_lists gives them.

    Lists are written last, so one that lacks bits is work for the next run; one that has more than the awards say means that
    something was undone or removed, and one that the issuer did not sign was put there by somebody else."""
    restore = (
        "restore content/signed, the records of changes and this list from git: what was withdrawn or signed once stays so; "
        f"{MERGED}"
    )
    bits = {slug: wanted_bits(ledger, slug) for slug in {slug for slug, _ in ledger.lists}}
    for slug, number in sorted(ledger.lists):
        file = status_file(slug, number)
        wanted = bits[slug].get(number)
        if wanted is None:
            yield Problem(file, 0, "LED009", "no award has a place in this status list", restore)
        elif slug in repository.issuers:
            found = lists.get((slug, number))
            if found is None:
                fix = (
                    "restore it, issuer.yml and keys.yml from git, or delete it and run 'laurels issue', which writes it anew; "
                    f"{MERGED}"
                )
                yield Problem(
                    file, 0, "LED009", "this is not the status list that the issuer signed for this place", fix
                )
            elif found.bits - wanted:
                yield Problem(file, 0, "LED009", "this signed list withdraws more than the awards here do", restore)


def signed_list(raw: bytes, issuer: Issuer, number: int, base: str) -> SignedList | None:
    """What a list says that a key of the issuer signed; None of any other list. A stranger's is not unpacked."""
    url = signed_url(base, "status list", issuer=issuer.slug, number=str(number))
    did = issuer_did(issuer, base)
    try:
        document = parse_json(raw)
        signers = (key for key in issuer.keys if is_signed_by(document, f"{did}#{key.id}", key.publicKeyMultibase))
        key = next(signers, None)
        if key is None:
            return None
        return SignedList(raw, own_bits(document, url=url), is_accepted=key.state != "compromised")
    except (EncodingError, StatusError):
        return None
