"""Whether only a part of a deploy is there: of what one change has changed, some is as in the repository, and some is as before."""

from __future__ import annotations

from collections import defaultdict

from site_builder.credentials.urls import signed_path
from site_builder.ledger.store.award_json import ErasedAward, StoredAward
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.deployed.differences import Difference

__all__ = ["Halves"]

_AWARDS = signed_path("page", id="").removesuffix("/")


class Halves:
    """Collects, for each change, whether what it changed has arrived. A change is a run of `issue`, or the withdrawal of an award."""

    def __init__(self, checked: CheckedRepository) -> None:
        self._awards: dict[str, StoredAward | ErasedAward] = {**checked.ledger.awards, **checked.ledger.erased}
        self._lists: dict[tuple[str, int], list[StoredAward | ErasedAward]] = defaultdict(list)
        for award in self._awards.values():
            for number in {version.list for version in award.versions}:
                if _has_withdrawn(award, number):
                    self._lists[award.issuer, number].append(award)
        self._arrived: dict[str, set[bool]] = defaultdict(set)

    def note(self, path: str, difference: Difference | None) -> None:
        """Takes what was found about one file into account."""
        if difference and difference.kind not in ("missing", "left", "older"):
            return
        award_id, _, name = path.removeprefix(_AWARDS).partition("/")
        award = self._awards.get(award_id) if path.startswith(_AWARDS) else None
        if award and _is_changed(award, name):
            self._arrived[_change_of(award)].add(difference is None)
        issuer, _, file = path.removeprefix("issuers/").partition("/status/")
        number = file.removesuffix(".json")
        for listed in self._lists.get((issuer, int(number)), []) if number.isdigit() else []:
            is_there = difference is None or (difference.kind == "older" and listed.id not in difference.lost)
            self._arrived[_change_of(listed)].add(is_there)

    def are_there(self) -> bool:
        """Whether some change has arrived in one part and not in another."""
        return any(len(arrived) == 2 for arrived in self._arrived.values())


def _has_withdrawn(award: StoredAward | ErasedAward, number: int) -> bool:
    """Whether a list says of some version of an award that it is withdrawn."""
    if isinstance(award, ErasedAward):
        return True
    return any(version.list == number and version.state != "active" for version in award.versions)


def _change_of(award: StoredAward | ErasedAward) -> str:
    """What made an award as it is: the run that signed its current version, or its own withdrawal."""
    is_active = isinstance(award, StoredAward) and award.current.state == "active"
    return award.current.signed if is_active and isinstance(award, StoredAward) else award.id


def _is_changed(award: StoredAward | ErasedAward, name: str) -> bool:
    """Whether a file beside an award's page was changed by what made the award as it is."""
    if isinstance(award, ErasedAward):
        return True
    if award.current.state != "active":
        return name in ("index.html", "rosette.svg")
    return (
        len(award.versions) == 1
        or name in ("index.html", "versions.json", "rosette.svg", award.current.file)
        or name.startswith("badge.")
    )
