"""Text that may be published: Unicode in its composed form, without characters that hide, reorder or pile up.

Sources: Unicode Standard Annex 15 (NFC), Annex 9 (bidi controls), Technical Report 36; RFC 5892, A.1 and A.2 (joiners)."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean_text", "forbidden_character"]

_MAX_MARKS = 4
# C0, C1, bidi controls, zero-width and invisible characters, tags, byte order mark, line separators, surrogates, noncharacters.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff]"
)
_JOINERS = re.compile("[\u200c\u200d]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_LINE_BREAKS = re.compile("[\t\n\r]")


def clean_text(text: str) -> str:
    """The text as it is kept: NFC, trimmed, line breaks as a single line feed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def forbidden_character(text: str, *, lines: bool = False) -> str:
    """What may not stand in the text, in words; "" when all may. lines: whether line breaks are allowed."""
    for pattern in (_FORBIDDEN, _PRIVATE) if lines else (_FORBIDDEN, _PRIVATE, _LINE_BREAKS):
        found = pattern.search(text)
        if found:
            return _describe(found[0])
    for found in _JOINERS.finditer(text):
        if not _joins(text, found.start()):
            return _describe(found[0])
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) or unicodedata.category(character) == "Me" else 0
        if run > _MAX_MARKS:
            return f"more than {_MAX_MARKS} accents on one letter"
    return ""


def _describe(character: str) -> str:
    if character in "\n\r":
        return "a line break"
    name = unicodedata.name(character, "").lower() or "an invisible or control character"
    return f"U+{ord(character):04X} ({name})"


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands where a script needs it: behind a virama, or a non-joiner between Arabic letters."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if before and unicodedata.combining(before) == 9:
        return True
    arabic = all(letter and unicodedata.bidirectional(letter) == "AL" for letter in (before, after))
    return text[place] == "\u200c" and arabic
