"""How a file of a deployed site differs from the repository's: older, newer, or neither. A new kind of file is a row of the table.

What was fetched may be a stranger's: it is parsed with the care of a verifier, and never quoted but for an address."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.carriers.table import unbake
from site_builder.credentials.identifiers.did_web import did_of, key_uses_of
from site_builder.credentials.openbadges3.read import credential_id_of, proven_at_of, valid_from_of
from site_builder.credentials.urls import credential_file, signed_path
from site_builder.encoding import EncodingError, parse_json
from site_builder.ledger.checks.status_lists import signed_list
from site_builder.ledger.store.award_json import ErasedAward, StoredAward
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.deployed.text import first_difference
from site_builder.verification.evidence.address import credential_address
from site_builder.verification.versions import VersionsError, parse_versions, version_number
from site_builder.wording import format_date, plural

__all__ = ["Difference", "Kind", "explain_difference"]

Kind = Literal["missing", "left", "older", "newer", "other", "unknown"]


@dataclass(frozen=True)
class Difference:
    """kind: which of the two is the later. what: the end of a sentence about the file that was fetched.

    lost: of a status list, the ids of the awards whose withdrawal it does not know."""

    kind: Kind
    what: str
    lost: frozenset[str] = frozenset()


# (repository, path, the repository's bytes, the fetched bytes) to what differs; None when nothing says which is the later.
_Explain = Callable[[CheckedRepository, str, bytes, bytes], Difference | None]


def explain_difference(checked: CheckedRepository, path: str, ours: bytes, live: bytes) -> Difference:
    """What a file that was fetched is, compared with the repository's file at the same path, whose bytes are others."""
    explain = next((explain for pattern, explain in _TABLE if pattern.fullmatch(path)), None)
    found = explain(checked, path, ours, live) if explain else None
    return found or Difference("other", first_difference(ours, live))


def _parsed(raw: bytes) -> dict[str, Any]:
    """The JSON object in bytes that may be anything; {} for anything else."""
    try:
        document = parse_json(raw)
    except EncodingError:
        return {}
    return document if isinstance(document, dict) else {}


def _status_list(checked: CheckedRepository, path: str, _raw: bytes, live: bytes) -> Difference | None:
    slug, number = path.split("/")[1], int(path.rpartition("/")[2].removesuffix(".json"))
    repository, here = checked.repository, checked.lists[slug, number]
    there = signed_list(live, repository.issuers[slug], number, repository.config.base)
    if there is None:
        return Difference("other", "is not a list that a key of the issuer, as this repository knows them, has signed")
    theirs, ours = (_stamp(valid_from_of(_parsed(found.raw))) for found in (there, here))
    days = f"was signed on {_in_words(theirs)}, the one here on {_in_words(ours)}"
    lost, more = here.bits - there.bits, there.bits - here.bits
    if not there.is_accepted and not lost and (more or theirs >= ours):
        return Difference("other", f"{days}; it is signed with a key that is given up here, and so by anybody")
    if lost and more:
        return Difference(
            "other", f"{days}; each withdraws what the other does not: somebody issued from another branch"
        )
    if lost:
        names = _withdrawn(checked, slug, number, lost)
        shown = _first(sorted(names))
        what = f"a rollback, or a deploy that has not arrived: the list {days}. Withdrawn here and still good there: {shown}"
        return Difference("older", what, lost=frozenset(name.split("/")[1] for name in names))
    if more:
        return Difference("newer", f"{days}; it withdraws {plural(len(more), 'credential')} more than this repository")
    if theirs == ours:
        return Difference("other", f"{days}, with other proofs of the same list")
    return Difference("older" if theirs < ours else "newer", f"{days}; both withdraw the same credentials")


_MOST_NAMED = 5
_STAMP = re.compile(r"\d{4}-(?:0\d|1[0-2])-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def _withdrawn(checked: CheckedRepository, issuer: str, number: int, indexes: frozenset[int]) -> set[str]:
    """The paths of the credentials that have these places in a list."""
    awards: list[StoredAward | ErasedAward] = [*checked.ledger.awards.values(), *checked.ledger.erased.values()]
    return {
        signed_path("credential", id=award.id, file=credential_file(version))
        for award in awards
        if award.issuer == issuer
        for version, place in enumerate([(place.list, place.index) for place in award.versions], 1)
        if place[0] == number and place[1] in indexes
    }


def _stamp(text: str) -> str:
    """A time as we write it; "" for anything else, which a stranger may have written."""
    return text if _STAMP.fullmatch(text) else ""


def _in_words(stamp: str) -> str:
    return f"{format_date(stamp)}, {stamp[11:16]} UTC" if stamp else "a day that it does not say"


def _keys(_checked: CheckedRepository, _path: str, ours: bytes, live: bytes) -> Difference | None:
    here, there = key_uses_of(_parsed(ours)), key_uses_of(_parsed(live))
    if did_of(_parsed(live)) != did_of(_parsed(ours)):
        return Difference("other", "is not the issuer's list of keys")
    if accepted := sorted(key for key in there if there[key] and here.get(key) is False):
        return Difference("older", f"still accepts what was signed with {_named(accepted)}, which is given up here")
    if unknown := sorted(there.keys() - here.keys()):
        return Difference("newer", f"lists {_named(unknown)}, which this repository does not have")
    if lacking := sorted(here.keys() - there.keys()):
        return Difference("older", f"lacks {_named(lacking)}")
    if refused := sorted(key for key in here if here[key] and not there[key]):
        return Difference("newer", f"no longer accepts what was signed with {_named(refused)}, which is good here")
    return None


def _named(keys: list[tuple[str, str]]) -> str:
    # A method's name and key: two keys of one name are two keys.
    names = dict.fromkeys(re.sub(r"[^A-Za-z0-9._-]", "?", method.rpartition("#")[2] or "?")[:40] for method, _ in keys)
    return "the key " + _first(list(names))


def _first(names: list[str]) -> str:
    """The first of some names: a stranger's file may hold ten thousand."""
    return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")


def _versions(_checked: CheckedRepository, _path: str, ours: bytes, live: bytes) -> Difference | None:
    try:
        here, there = parse_versions(ours), parse_versions(live)
    except (EncodingError, VersionsError):
        return None
    if not here.current and there.current:
        return Difference("older", "names a current version, and the credential is erased here")
    if there.count != here.count:
        kind: Kind = "older" if there.count < here.count else "newer"
        return Difference(kind, f"knows {plural(there.count, 'version')}; this repository has {here.count}")
    if there.withheld < here.withheld:
        return Difference("older", "names a file that was taken back here")
    if not there.current or there.withheld > here.withheld:
        return Difference("newer", "no longer names what is published here")
    return None


def _credential(_checked: CheckedRepository, _path: str, ours: bytes, live: bytes) -> Difference | None:
    here, there = _parsed(ours), _parsed(live)
    if "withheld" in here and "withheld" not in there:
        return Difference("left", "was taken back here, and is still served")
    if "withheld" in there and "withheld" not in here:
        return Difference("newer", "was taken back there, and not here")
    if _unsigned(here) != _unsigned(there):
        return Difference("other", "is another credential than the one that was signed here")
    mine, theirs = (_stamp(proven_at_of(document)) for document in (here, there))
    if mine == theirs:
        return None
    what = f"carries proofs of {_in_words(theirs)}; those here are of {_in_words(mine)}"
    return Difference("older" if theirs < mine else "newer", what)


def _unsigned(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "proof"}


def _image(_checked: CheckedRepository, path: str, ours: bytes, live: bytes) -> Difference | None:
    mine = unbake(ours)
    try:
        carried = unbake(live)
    except BakeError:
        return Difference("other", "carries no credential")
    if carried == mine:
        return Difference("other", f"carries the right credential, in another picture ({first_difference(ours, live)})")
    named = credential_id_of(_parsed(carried))
    folder = credential_id_of(_parsed(mine)).rpartition("/")[0]
    if named.rpartition("/")[0] != folder:
        return Difference("other", "carries the credential of something else")
    number, current = (version_number(name.rpartition("/")[2]) for name in (named, credential_id_of(_parsed(mine))))
    if number == current:
        return Difference("other", "carries this version of the credential with other words or other proofs")
    return Difference(
        "older" if number < current else "newer", f"carries version {number}; the current one is {current}"
    )


def _page(_checked: CheckedRepository, path: str, ours: bytes, live: bytes) -> Difference | None:
    here, there = (raw.decode("utf-8", "replace") for raw in (ours, live))
    mine, other = _stage(here), _stage(there)
    if other is None or mine is None:
        return None
    if other != mine:
        kind: Kind = "older" if other < mine else "newer"
        return Difference(kind, f"shows a credential that is {_STAGES[other]}; here it is {_STAGES[mine]}")
    current, shown = (
        version_number(urljoin(path, credential_address(html, page=path)).rpartition("/")[2]) for html in (here, there)
    )
    if mine == 0 and shown and shown != current:
        return Difference(
            "older" if shown < current else "newer", f"shows version {shown}; the current one is {current}"
        )
    return None


# How far a credential's page has come, by what its template is called in its <body>.
_STAGES = ("in force", "revoked", "erased")
_KINDS = {"credential": 0, "credential withdrawn": 1, "credential withdrawn erased": 2}
_BODY = re.compile(r'<body class="([a-z ]{1,40})"')


def _stage(html: str) -> int | None:
    found = _BODY.search(html)
    return _KINDS.get(found[1]) if found else None


_TABLE: tuple[tuple[re.Pattern[str], _Explain], ...] = (
    (re.compile(r"issuers/[^/]+/status/[1-9][0-9]*\.json"), _status_list),
    (re.compile(r"issuers/[^/]+/did\.json"), _keys),
    (re.compile(r"c/[^/]+/versions\.json"), _versions),
    (re.compile(r"c/[^/]+/credential(-[0-9]+)?\.json"), _credential),
    (re.compile(r"c/[^/]+/badge\.[a-z]+"), _image),
    (re.compile(r"c/[^/]+/index\.html"), _page),
)
