"""Names of files and folders that every computer can check out and every reader sees as they are.

Sources: Microsoft, Naming Files, Paths, and Namespaces (reserved names, reserved characters, a last dot or space); Unicode Standard
Annex 9 for what reorders a name."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["as_one_name", "is_device_name", "odd_name"]

# A device whatever follows a dot, and whatever the case. The superscripts count as digits.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE | re.DOTALL)
# Letters and signs that are blank.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]")
_RESERVED = re.compile(r'[<>:"|?*\\]|[. ]$')
_WINDOWS = "Windows cannot check this name out"


def is_device_name(name: str) -> bool:
    """Whether Windows takes a name for a device: con, aux.csv, COM1."""
    return _DEVICE.fullmatch(name) is not None


def odd_name(name: str) -> tuple[str, str] | None:
    """What is wrong with the name of a file or a folder, and how to mend it; None for most."""
    if any(
        unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or _reorders(letter) for letter in name
    ) or _BLANK.search(name):
        what = "this name has a character that cannot be seen, or that is not text"
        return what, "rename it, with letters, digits and hyphens"
    if is_device_name(name):
        return f"{_WINDOWS}: it stands for a device there", "put another word before it, such as class-"
    found = _RESERVED.search(name)
    if found:
        last = "ends in a dot or a space" if found[0] in ". " else f"has a {found[0]} in it"
        return f"{_WINDOWS}: it {last}", "rename it, with letters, digits and hyphens"
    return None


def _reorders(letter: str) -> bool:
    return unicodedata.category(letter) == "Cf" and letter not in "\u200c\u200d"


def as_one_name(name: str) -> str:
    """What two names have in common of which Windows and macOS can check out one only: case and composition do not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
