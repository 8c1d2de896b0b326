"""Knowing a web page by its beginning. browser/src/verification/decode/web-page.js knows it by the same."""

from __future__ import annotations

import re

__all__ = ["is_html"]

# Each part begins where no other can, so that a stranger's page is read in a time that grows with its length alone.
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)


def is_html(raw: bytes) -> bool:
    """Whether bytes begin as an HTML page does, comments before it or not."""
    return _HTML.match(raw[:4096]) is not None
