"""What a build depends on: all that a check reads but the site itself, the commit at HEAD, and the program."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

from site_builder.ledger.history.code import add_files
from site_builder.ledger.history.code import code_digest as program_digest
from site_builder.ledger.history.inputs import Inputs
from site_builder.ledger.history.snapshot import differing

__all__ = ["code_digest", "digest_for", "still_so"]

_THEMES = Path(__file__).resolve().parents[3] / "themes"


def digest_for(inputs: Inputs, site: str) -> str:
    """Of all inputs of a build into a folder; "" where there is a link or a very large file among them."""
    digest = None if inputs.has_odd else inputs.digest_without(_below(inputs, site))
    return "" if digest is None else digest.hex()


def still_so(inputs: Inputs, site: str) -> bool:
    """Whether no file but those of the site has been touched since it was read."""
    return not differing(inputs.root, inputs.snapshot, but=[_below(inputs, site)])


def _below(inputs: Inputs, site: str) -> str:
    return os.path.relpath(site, inputs.root)


@cache
def code_digest() -> str:
    """A digest of the program: its own files, with its theme, the Python that runs it, and the versions of all that is installed.

    As they are when this is asked first: so ask before much of it is loaded."""
    digest = hashlib.sha256(program_digest())
    # In a clone the theme lies beside the package.
    if _THEMES.is_dir():
        add_files(digest, str(_THEMES))
    return digest.hexdigest()
