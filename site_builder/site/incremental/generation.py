"""A build that goes on from the last one: what is as it was stays, and what was made is noted for the next."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from site_builder.ledger.history.inputs import Inputs
from site_builder.site.incremental.build_state import (
    BuildState,
    forget_state,
    identity_of,
    load_state,
    place_of_state,
    save_state,
)
from site_builder.site.incremental.inputs import code_digest, digest_for, still_so
from site_builder.site.incremental.pages_made import PagesMade
from site_builder.site.output.noted_files import note_site
from site_builder.site.output.staged_site import StagedSite

__all__ = ["Incremental"]


class Incremental:
    """What the last build tells this one. Where nothing is known, or is_kept is off, every page is made.

    reuses: pages may be taken from the last build; else only files are, whose bytes are compared."""

    def __init__(self, root: Path, staged: StagedSite, *, reuses: bool = True) -> None:
        self._staged = staged
        self._place, self._code = place_of_state(root), code_digest()
        state = load_state(self._place)
        known = state if state and state.is_of(str(staged.site)) else None
        listing = staged.look(known.files if known else {})
        self._same = {path: known.files[path] for path in listing.as_noted} if known else {}
        pages = known.pages if known and reuses and known.code == self._code else {}
        self.made = PagesMade(pages, listing.as_noted, staged.keep)

    def finish(
        self,
        *,
        inputs: Inputs | None = None,
        said: Sequence[str] = (),
        pending: Mapping[str, int] | None = None,
        key_documents: Sequence[Mapping[str, str]] = (),
    ) -> None:
        """Puts the site in its place, and notes what was made.

        inputs: all that was read, None for a build that the next one must not take for its own whatever it reads. said, pending,
        key_documents: of this build, for one that is left out since nothing has changed."""
        self._staged.finish()
        touched = self._staged.touched
        if self._place is None:
            return
        if touched != set() and not _another_time(self._staged.site.parent):
            forget_state(self._place)
            return
        site = str(self._staged.site)
        files = note_site(site, same=None if touched is None else self._same, stale=_with_all_above(touched or ()))
        current = digest_for(inputs, site) if inputs and still_so(inputs, site) else ""
        state = BuildState(
            site, identity_of(site), self._code, self.made.pages, files, current, said, pending or {}, key_documents
        )
        save_state(self._place, state)

    def finish_for_a_look(self) -> None:
        """Puts a site in its place that is not to be published, and of which nothing is to be taken over."""
        forget_state(self._place)
        self._staged.finish()


def _with_all_above(folders: Iterable[str]) -> set[str]:
    """Folders, and those that they lie in: a folder that is made or removed changes the one above."""
    found = {""}
    for path in folders:
        while path and path not in found:
            found.add(path)
            path = path.rpartition("/")[0]
    return found


def _another_time(folder: Path) -> bool:
    """Waits until the clock of the disk has gone on, so that a file which is changed from now on bears another time; False if it stands.

    Linux counts the times of files in steps of up to 10 ms: a change within the step in which a file was noted would not show."""
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as stream:
            first = 0
            for _ in range(1000):
                stream.write(b".")
                now = os.fstat(stream.fileno()).st_mtime_ns
                if first not in (0, now):
                    return True
                first = first or now
                time.sleep(0.001)
    except OSError:
        pass  # a full disk, say
    return False
