"""What was verified once, byte for byte, with the same keys and the same code, so that `check` and `issue` need not verify it again.

One file for each repository holds it, with a code (HMAC-SHA256) by a key of this user's: without the key nobody can add to it, and what
does not fit its code counts for nothing. `laurels verify` never looks at it. Nothing in it depends on a clock, and none of it says what
state a key, a status or a date has: these are looked at every time.

Source: RFC 2104 (HMAC)."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from site_builder.ledger.history.code import code_digest
from site_builder.ledger.verified.place import lies_in_repository, made_folder
from site_builder.ledger.verified.private_files import own_key, read_private, write_private

__all__ = ["Stated", "VerifiedCache", "open_cache"]

# Another number, another shape of what follows.
_FORMAT = b"laurels verified v1\n"
_MAC_BYTES = 32
_KEY_BYTES = 32
_PLACE_BYTES = 4
_ENTRY_BYTES = _KEY_BYTES + _PLACE_BYTES
# As much as a million awards take.
_MAX_BYTES = 40 * 1_048_576
_MOST_ENTRIES = 1_000_000
_MOST_ANSWERS = 8
_MOST_REPOSITORIES = 100

Json = dict[str, Any]


@dataclass(frozen=True)
class Stated:
    """What a signed credential states that is needed of all of them. achievement: as JSON, None where it states none.

    pictures: paths of those that it names, below the site's root."""

    achievement: Json | None
    pictures: tuple[str, ...]


@dataclass
class VerifiedCache:
    """What is remembered of one repository. file: where it is kept. Entries and answers are known by 32 bytes that a caller makes of all
    that they depend on."""

    file: Path
    _mac_key: bytes = field(repr=False)
    _entries: dict[bytes, Stated] = field(default_factory=dict, repr=False)
    _answers: dict[str, Json] = field(default_factory=dict, repr=False)
    _used: dict[bytes, Stated] = field(default_factory=dict, repr=False)
    _is_changed: bool = False

    def find(self, key: bytes) -> Stated | None:
        """What a file states that was verified before; None for one that was not."""
        found = self._entries.get(key)
        if found is not None:
            self._used[key] = found
        return found

    def note(self, key: bytes, stated: Stated) -> None:
        """Remembers that a file was verified, and what it states."""
        self._used[key] = stated
        self._is_changed = True

    def answer(self, digest: bytes | None) -> Json | None:
        """What was found where all inputs had this digest; None where nothing is remembered."""
        return self._answers.get(digest.hex()) if digest is not None else None

    def note_answer(self, digest: bytes | None, answer: Json) -> None:
        """Remembers what was found. answer: that can be written as JSON, and holds no name or address of anybody."""
        if digest is not None:
            self._answers.pop(digest.hex(), None)
            self._answers[digest.hex()] = answer
            self._is_changed = True

    def save(self) -> None:
        """Keeps what was noted, and of what was known before the newest. Where that cannot be written, nothing is."""
        if not self._is_changed:
            return
        entries = {**self._used, **{key: stated for key, stated in self._entries.items() if key not in self._used}}
        body = _format_body(list(entries.items())[:_MOST_ENTRIES], dict(list(self._answers.items())[-_MOST_ANSWERS:]))
        if len(body) + _MAC_BYTES <= _MAX_BYTES:
            write_private(self.file, _mac(self._mac_key, body) + body)
            _drop_oldest(self.file.parent)
        self._is_changed = False

    def load(self) -> None:
        """Takes what was kept; of a file that is not just as it was written, nothing."""
        raw = read_private(self.file, max_bytes=_MAX_BYTES) or b""
        body = raw[_MAC_BYTES:]
        if hmac.compare_digest(raw[:_MAC_BYTES], _mac(self._mac_key, body)):
            self._entries, self._answers = _parse_body(body)


def open_cache(folder: Path, root: Path) -> VerifiedCache | None:
    """What is remembered in a folder of the repository below root; None where nothing can be, or may be: see `place`."""
    if lies_in_repository(folder, root) or made_folder(folder) is None:
        return None
    key = own_key(folder)
    if key is None:
        return None
    place = hashlib.sha256(os.fsencode(root.resolve())).digest()
    # Of another program or another repository nothing is believed, whatever the key.
    cache = VerifiedCache(
        folder / f"{place.hex()[:32]}.verified",
        hmac.digest(key, _FORMAT + code_digest() + place, "sha256"),
    )
    cache.load()
    return cache


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")


def _format_body(entries: list[tuple[bytes, Stated]], answers: dict[str, Json]) -> bytes:
    """A line of JSON with the answers and each thing that is stated once, then for each entry its 32 bytes and the place of that."""
    places: dict[str, int] = {}
    known: dict[int, int] = {}  # by the identity of what is stated, which many entries share
    packed = []
    for key, stated in entries:
        place = known.get(id(stated))
        if place is None:
            text = json.dumps([stated.achievement, stated.pictures])
            place = known[id(stated)] = places.setdefault(text, len(places))
        packed.append(key + place.to_bytes(_PLACE_BYTES, "big"))
    head = json.dumps({"answers": answers, "stated": [json.loads(text) for text in places]})
    return head.encode("ascii") + b"\n" + b"".join(packed)


def _parse_body(body: bytes) -> tuple[dict[bytes, Stated], dict[str, Json]]:
    head, _, packed = body.partition(b"\n")
    known = json.loads(head)
    stated = [Stated(achievement, tuple(pictures)) for achievement, pictures in known["stated"]]
    return dict(_entries(packed, stated)), known["answers"]


def _entries(packed: bytes, stated: list[Stated]) -> Iterator[tuple[bytes, Stated]]:
    for start in range(0, len(packed), _ENTRY_BYTES):
        end = start + _KEY_BYTES
        yield packed[start:end], stated[int.from_bytes(packed[end : end + _PLACE_BYTES], "big")]


def _drop_oldest(folder: Path) -> None:
    """Leaves what is remembered of a hundred repositories: those that were checked last."""
    with suppress(OSError):
        files = sorted(folder.glob("*.verified"), key=lambda file: file.stat().st_mtime_ns)
        for file in files[:-_MOST_REPOSITORIES]:
            file.unlink(missing_ok=True)
