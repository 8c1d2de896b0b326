"""Where two files begin to differ, in words, and what hosts are known to have put in."""

from __future__ import annotations

import re

from site_builder.verification.report import legible

__all__ = ["first_difference"]

_SCRIPT = re.compile(r"<script\b[^<>]{0,300}>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
# Source: Cloudflare, Email Address Obfuscation and Rocket Loader: what they put into a page lies below this path.
_CLOUDFLARE = "/cdn-cgi/"


def first_difference(ours: bytes, live: bytes) -> str:
    """Where the bytes that were fetched begin to differ, as the end of a sentence about them. Names no word of either but a script."""
    if not live:
        return "is empty"
    try:
        here, there = ours.decode("utf-8"), live.decode("utf-8")
    except UnicodeDecodeError:
        return f"differs from byte {_common(ours, live) + 1:,} on"
    if "\0" in here:
        return f"differs from byte {_common(ours, live) + 1:,} on"
    line = ours[: _common(ours, live)].count(b"\n") + 1
    return "; ".join([f"differs from line {line:,} on", *_guesses(here, there)])


def _guesses(here: str, there: str) -> list[str]:
    # The first is enough: a stranger's page may have a million.
    script = next((tag[0] for tag in _SCRIPT.finditer(there) if tag[0] not in here), "")
    found = [f"it has a script that is not of this site: {legible(script)}"] if script else []
    if _CLOUDFLARE in there and _CLOUDFLARE not in here:
        found.append("Cloudflare has rewritten it: switch off what changes pages, such as Email Address Obfuscation")
    elif _SPACE.sub("", here) == _SPACE.sub("", there):
        found.append("only white space differs: the host makes pages smaller, which can be switched off")
    return found


def _common(a: bytes, b: bytes) -> int:
    """How many bytes two files have in common from their beginning."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if a[:middle] == b[:middle] else (low, middle - 1)
    return low
