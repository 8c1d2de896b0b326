"""Every sentence that pages and verdicts are filled from: one file a language, shared with the browser.

A page keeps the sentences of the release that made it: page/releases/."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

__all__ = ["LANGUAGE", "filled", "wording"]

LANGUAGE = "en"


@cache
def wording(language: str = LANGUAGE) -> dict[str, dict[str, str]]:
    """The sentences of a language by group and reason (wording/<language>.json). Not to be changed."""
    file = resources.files(__package__).joinpath(f"wording/{language}.json")
    sentences: dict[str, dict[str, str]] = json.loads(file.read_text("utf-8"))
    return sentences


def filled(sentence: str, **values: str) -> str:
    """A sentence of the catalogue with a value for each name in braces, which is never read again."""
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], sentence)
