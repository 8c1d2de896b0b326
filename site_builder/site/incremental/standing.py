"""Whether the site that stands is what a build would make: then there is nothing to build.

This loads neither MkDocs nor anything that draws, and is asked before they are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from site_builder.ledger.history.inputs import Inputs, read_inputs
from site_builder.site.incremental.build_state import BuildState, load_state, place_of_state
from site_builder.site.incremental.inputs import code_digest, digest_for
from site_builder.site.output.noted_files import list_site
from site_builder.site.output.turns import interrupted

__all__ = ["Standing", "standing_site"]


@dataclass(frozen=True)
class Standing:
    """The site of the last build. inputs: all that lies in the repository now, if it was read. is_current: nothing is to be done."""

    state: BuildState
    inputs: Inputs | None
    is_current: bool


def standing_site(root: Path) -> Standing | None:
    """What is known of the site of the repository below root; None where nothing is.

    Every input is read, and every file of the site compared with how the build left it, by its inode, size and times. Where anything
    differs, and where anything can't be said for certain, the site is not current."""
    state = load_state(place_of_state(root), with_pages=False)
    if state is None:
        return None
    inputs = read_inputs(root)
    same = bool(state.inputs) and inputs is not None and digest_for(inputs, state.site) == state.inputs
    return Standing(state, inputs, same and _is_whole(state) and state.code == code_digest())


def _is_whole(state: BuildState) -> bool:
    """Whether the site has exactly the files that were noted, each as it was, and no build is at work on it."""
    if not state.is_of(state.site) or interrupted(Path(state.site)):
        return False
    try:
        found = list_site(state.site, state.files)
    except OSError:
        return False
    return not found.is_odd and found.files.keys() == state.files.keys() == found.as_noted
