"""Text that may be published: Unicode in its composed form, without characters that hide, reorder or pile up.

Sources: Unicode Standard Annex 15 (NFC), Annex 9 (bidi controls), Technical Report 36; RFC 5892, A.1 and A.2 (joiners)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

__all__ = ["clean_text", "forbidden_character", "holds_address", "quote_word"]

_MAX_MARKS = 4
_MAX_STACK = 6
# No character before it is of a category of marks. Source: Unicode Character Database, UnicodeData.txt.
_FIRST_MARK = "\u0300"
# C0, C1, bidi controls, zero-width and invisible characters, letters that are blank (fillers), tags, byte order mark, line separators,
# what programs put where a character was lost, surrogates, noncharacters.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
    "\U000e01f0-\U000e0fff\ud800-\udfff]"
)
# Joiners, the Mongolian vowel separator, and the selectors that choose between the forms of a CJK ideograph.
_JOINERS = re.compile("[\u180e\u200c\u200d\U000e0100-\U000e01ef]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_LINE_BREAKS = re.compile("[\t\n\r]")


def clean_text(text: str) -> str:
    """The text as it is kept: NFC, trimmed, line breaks as a single line feed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def forbidden_character(text: str, *, lines: bool = False) -> str:
    """What may not stand in the text, in words; "" when all may. lines: whether line breaks are allowed."""
    if text.isascii() and text.isprintable():
        return ""  # nothing below finds any of these 95 signs, and looking for it takes 5 µs a text
    for pattern in (_FORBIDDEN, _PRIVATE) if lines else (_FORBIDDEN, _PRIVATE, _LINE_BREAKS):
        found = pattern.search(text)
        if found:
            return _describe(found[0])
    for found in _JOINERS.finditer(text):
        if not _joins(text, found.start()):
            return _describe(found[0])
    return f"more than {_MAX_MARKS} accents on one letter" if _piles_up(text) else ""


def _piles_up(text: str) -> bool:
    """Whether marks stand on one letter that would reach into the lines around it.

    Vowel signs of Indic and Thai scripts have combining class 0; of those a syllable may have a few more."""
    if max(text, default="") < _FIRST_MARK:
        return False
    accents = marks = 0
    for character in text:
        if unicodedata.category(character) not in ("Mn", "Me"):
            accents = marks = 0
            continue
        marks += 1
        accents += bool(unicodedata.combining(character) or unicodedata.category(character) == "Me")
        if accents > _MAX_MARKS or marks > _MAX_STACK:
            return True
    return False


_ADDRESS = re.compile(r"[^\s@:/]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)


def holds_address(text: str, address: str | None = None) -> bool:
    """Whether a text holds an e-mail address: the given one, plain or as a URL writes it, or without one any."""
    if "@" not in text and "%" not in text and (address is None or "@" in address):
        return False  # the sign between the two parts can only be written out, or as %40
    plain = unquote(text).lower()
    return address.lower() in plain if address else _ADDRESS.search(plain) is not None


_WORD = re.compile(r"[a-z0-9_-]{1,40}")


def quote_word(text: str, otherwise: str) -> str:
    """The text between quotes when it can be a field's or a folder's name; else other words, since it may be somebody's name."""
    return repr(text) if _WORD.fullmatch(text) else otherwise


def _describe(character: str) -> str:
    if character in "\n\r":
        return "a line break"
    name = unicodedata.name(character, "").lower() or "an invisible or control character"
    return f"U+{ord(character):04X} ({name})"


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands where a script needs it: beside a virama, or a non-joiner between Arabic letters."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if text[place] == "\u180e":
        return all("\u1820" <= letter <= "\u18aa" for letter in (before, after))
    if text[place] >= "\U000e0100":
        return unicodedata.name(before, "").startswith("CJK ") if before else False
    if before and unicodedata.combining(before) == 9:
        return True
    if text[place] == "\u200d" and before and after:
        # Bengali and Kannada: RA, joiner, virama, YA.
        return unicodedata.combining(after) == 9 and unicodedata.category(before) == "Lo"
    # Vowel signs may stand between a letter and the non-joiner (RFC 5892, A.1: Joining_Type T).
    around = (text[max(0, place - _MAX_STACK - 1) : place][::-1], text[place + 1 : place + _MAX_STACK + 2])
    letters = [next((sign for sign in side if unicodedata.category(sign) != "Mn"), "") for side in around]
    return text[place] == "\u200c" and all(sign and unicodedata.bidirectional(sign) == "AL" for sign in letters)
