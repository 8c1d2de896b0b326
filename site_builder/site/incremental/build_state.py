"""What is kept of the last build of a site, in git's own folder: of what each page was made, and how its files are on the disk.

Nothing depends on it: what is damaged, of another site, or of another version of the program is passed over, and then everything is made
again. Nobody's pull request can bring one: git takes no file below its own folder from anyone."""

from __future__ import annotations

import gc
import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from site_builder.ledger.history.git import GIT, environment_without_keys
from site_builder.site.output.noted_files import Noted

__all__ = ["BuildState", "MadePage", "forget_state", "identity_of", "load_state", "place_of_state", "save_state"]

# Another number, another shape of what follows.
_FORMAT = "laurels build 2"
_MAX_BYTES = 1 << 30

# A page that was made: the fingerprint of its input in hex, of each folder in which it has files their names, and what its input was made
# of, as a key in hex; "" for one that has none.
MadePage = list[Any]


@dataclass(frozen=True)
class BuildState:
    """The last build of a site. site: the folder. identity: what tells it from another one in its place. code: digest of all that draws.

    pages: by kind and path. files: how the files of each folder are. inputs: digest of all that was read; "" when the next build must
    not be left out, whatever was read. said: what was said of it, for one that is left out; pending, key_documents: what `--json` tells of
    it."""

    site: str
    identity: list[int]
    code: str
    pages: Mapping[str, MadePage]
    files: Mapping[str, Noted]
    inputs: str = ""
    said: Sequence[str] = ()
    pending: Mapping[str, int] = field(default_factory=dict)
    key_documents: Sequence[Mapping[str, str]] = ()

    def is_of(self, site: str) -> bool:
        """Whether this is about the very folder that is at this place now."""
        return self.site == site and self.identity == identity_of(site)


def identity_of(site: str) -> list[int]:
    """What tells a folder from every other one; [] where there is none."""
    try:
        found = os.lstat(site)
    except OSError:
        return []
    return [found.st_dev, found.st_ino]


def place_of_state(root: Path) -> Path | None:
    """Where the state of the site below root is kept; None where there is no git."""
    command = [*GIT, "-C", str(root), "rev-parse", "--git-path", "laurels"]
    try:
        found = subprocess.run(command, capture_output=True, check=True, timeout=60, env=environment_without_keys())  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    name = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:16]
    return root / os.fsdecode(found.stdout.removesuffix(b"\n")) / f"build-{name}.json"


def load_state(place: Path | None, *, with_pages: bool = True) -> BuildState | None:
    """The state that is kept, if it is whole. with_pages: also of what each page was made; half of the state is about that."""
    try:
        if place is None or place.is_symlink() or not place.is_file() or place.stat().st_size > _MAX_BYTES:
            return None
        digest, _, raw = place.read_bytes().partition(b"\n")
        if digest.decode("ascii", "replace") != hashlib.sha256(raw).hexdigest():
            return None
        facts, files, pages = raw.split(b"\n")
        form, kept = orjson.loads(facts)
        if form != _FORMAT:
            return None
        with _nothing_collected():
            made = orjson.loads(pages) if with_pages else {}
            state = BuildState(**kept, files=orjson.loads(files), pages=made)
            return state if _has_shape(state) else None
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Has Python not look for garbage among a hundred thousand lists that are all in use: that takes as long as to read them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _has_shape(state: BuildState) -> bool:
    """Whether everything is of the kind that this program writes."""
    texts = (state.site, state.code, state.inputs, *state.said) if isinstance(state.said, list) else (None,)
    return (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(part, dict) for part in (state.pages, state.files, state.pending))
        and isinstance(state.key_documents, list)
        and (not state.inputs or list(map(type, map(state.pending.get, ("rows", "changes")))) == [int, int])
        and all(type(noted) is list and list(map(type, noted)) == _NOTED for noted in state.files.values())
        and all(type(page) is list and list(map(type, page)) == _MADE for page in state.pages.values())
        and all(type(names) is list for page in state.pages.values() for names in page[1].values())
    )


_NOTED = [int, int, int, list, list, list]
_MADE = [str, dict, str]


def save_state(place: Path | None, state: BuildState) -> None:
    """Keeps a state for load_state, where that can be written; two that do so at once each leave a whole one."""
    if place is None:
        return
    beside = place.with_name(f".{place.stem}-{os.getpid()}.tmp")
    try:
        facts = {name: value for name, value in vars(state).items() if name not in ("files", "pages")}
        raw = b"\n".join(map(orjson.dumps, ([_FORMAT, facts], state.files, state.pages)))
        place.parent.mkdir(exist_ok=True)
        beside.write_bytes(hashlib.sha256(raw).hexdigest().encode("ascii") + b"\n" + raw)
        beside.replace(place)
    except (OSError, TypeError):  # TypeError: of a file's name that is no text
        with suppress(OSError):
            beside.unlink()


def forget_state(place: Path | None) -> None:
    """Has the next build make everything."""
    if place is not None:
        with suppress(OSError):
            place.unlink()
