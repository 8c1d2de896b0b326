"""In what one state of an award, or of a list of keys, may not follow another: what was published only ever grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from site_builder.ledger.store.award_json import ErasedAward, StoredAward, Version
from site_builder.records.formats.yaml_events import YamlRefused, parse_yaml
from site_builder.records.models.keys import KeyRecord, KeysFile

__all__ = [
    "KEY_FIX",
    "NEVER_DELETED",
    "STAYS",
    "Award",
    "Difference",
    "Kind",
    "differences",
    "key_differences",
    "keys_in",
]

Award = StoredAward | ErasedAward
# What differs: the row, achievement or renewal; the day; fewer versions; a version's place in its list, or what it was made from; its
# state; the record that ended it; a file that was taken back; the signed file, or what is said of its proofs; an erasure.
Kind = Literal["origin", "day", "count", "place", "source", "state", "change", "withheld", "file", "erasure"]
_KEY_STATES = ("active", "retired", "compromised")
_VERSION_STATES = ("active", "superseded", "revoked")
NEVER_DELETED = "what was issued is never deleted: 'laurels revoke' withdraws it, 'laurels erase' takes away what is kept of a person"
STAYS = "what was published under an address stays there"
KEY_FIX = "A key is replaced by 'laurels keys rotate', and its state set by 'laurels keys retire' or 'laurels keys compromised'"
_CORRECT = "to correct what was issued, write a record of change: 'laurels correct'"
_FINAL = "what was withdrawn stays so; a new award needs a row of its own"


@dataclass(frozen=True)
class Difference:
    """One thing in which a state does not follow another. number: of the version, from 1; 0 when it is the whole award."""

    kind: Kind
    what: str
    fix: str
    number: int = 0


def differences(old: Award, new: Award, *, is_same_statement: Callable[[str], bool]) -> Iterator[Difference]:
    """Each thing in which new is not old, or old with something added that may be.

    is_same_statement: whether the signed file at a path says the same in both, whatever proofs it carries."""
    if isinstance(old, ErasedAward) or isinstance(new, ErasedAward):
        yield from _erased_differences(old, new)
        return
    if (old.identity, old.badge, old.renews) != (new.identity, new.badge, new.renews):
        yield Difference("origin", "this award is of another row, achievement or renewal than it was", _CORRECT)
    if len(new.versions) == len(old.versions) and new.awarded != old.awarded:
        yield Difference("day", "the day of this award is another one", _CORRECT)
    if len(new.versions) < len(old.versions):
        number = len(old.versions)
        yield Difference("count", f"version {number} of this award is gone", _CORRECT, number)
    for number, (before, after) in enumerate(zip(old.versions, new.versions, strict=False), 1):
        yield from _version_differences(number, before, after, folder=old.folder, is_same_statement=is_same_statement)


def _erased_differences(old: Award, new: Award) -> Iterator[Difference]:
    if isinstance(old, ErasedAward) and isinstance(new, StoredAward):
        yield Difference("erasure", "this award was erased and is back", "an erasure is final")
    entries_before, entries_after = ([(v.list, v.index) for v in award.versions] for award in (old, new))
    if entries_before != entries_after[: len(entries_before)]:
        what, fix = (
            "an erased award has other places in the status lists than it had",
            "its places are never used again",
        )
        yield Difference("place", what, fix)
    if old.badge != new.badge:
        yield Difference("origin", "an erased award is of another achievement than it was", "an erasure is final")
    if isinstance(old, ErasedAward) and old.awarded != new.awarded:
        yield Difference("day", "the day of an erased award is another one", "an erasure is final")


def _version_differences(
    number: int, old: Version, new: Version, *, folder: str, is_same_statement: Callable[[str], bool]
) -> Iterator[Difference]:
    if (old.list, old.index) != (new.list, new.index):
        yield Difference(
            "place", f"version {number} of this award has another place in its status list", _CORRECT, number
        )
    if (old.row, old.salt, old.issued) != (new.row, new.salt, new.issued):
        yield Difference("source", f"version {number} of this award was made from something else", _CORRECT, number)
    if _VERSION_STATES.index(new.state) < _VERSION_STATES.index(old.state):
        yield Difference(
            "state", f"version {number} of this award was {old.state} and is {new.state} again", _FINAL, number
        )
    elif old.change is not None and old.change != new.change:
        yield Difference("change", f"version {number} of this award was {old.state} by another record", _FINAL, number)
    if old.withheld and not new.withheld:
        yield Difference(
            "withheld", f"the file of version {number} was withdrawn and is back", "what was withheld stays so", number
        )
    elif old.sha256 != new.sha256 and not new.withheld:
        is_signed_anew = (new.resigned or "") > (old.resigned or "")
        if not is_signed_anew or not is_same_statement(f"{folder}/{new.file}"):
            yield Difference("file", f"the signed file of version {number} is another one", _CORRECT, number)
    elif (old.key, old.resigned) != (new.key, new.resigned):
        yield Difference(
            "file",
            f"what is said of the proofs of version {number} is not what it was",
            _CORRECT,
            number,
        )


def key_differences(old: KeyRecord, new: KeyRecord | None) -> Iterator[str]:
    """Each thing in which a key is not what it was."""
    if new is None:
        yield f"{old.id} is gone from the list of keys"
        return
    if new.publicKeyMultibase != old.publicKeyMultibase:
        yield f"{old.id} is another key than it was"
    if _KEY_STATES.index(new.state) < _KEY_STATES.index(old.state):
        yield f"{old.id} was {old.state} and is {new.state} again"


def keys_in(raw: bytes, path: str) -> tuple[KeyRecord, ...]:
    """The keys of a keys.yml; none when it cannot be read, which only a commit that was not sound can bring about."""
    try:
        return KeysFile(**parse_yaml(raw, file=path).value).keys
    except (YamlRefused, ValidationError, TypeError):
        return ()
