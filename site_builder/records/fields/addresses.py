"""Addresses (URLs) as people paste them: several in one cell, with the punctuation of a sentence behind them, or run together."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

__all__ = ["AddressQuestion", "address_question", "bare_address", "split_addresses", "split_at_spaces"]

_BETWEEN = ",;，；、"  # and white space of any kind
_JOINERS = set("and or und oder et ou y o e en of & | + / - – · • *".split())
_NUMBER_OF_A_LIST = re.compile(r"\(?\d{1,2}[.):]\)?")
_WORD = re.compile(r"\w")
_BEGIN = re.compile(r"https?://", re.IGNORECASE)
# What stands before an address that belongs inside of another one: the sign of a query or a value of it, or the moment of a web archive.
_INSIDE = re.compile(r"(?:[=?#]|/web/\d{1,3}/|/(?:\d{4}[\d.-]{0,14}(?:[a-z]{2}_)?\*?|\*|latest|newest|oldest|save)/)\Z")
# Sentences, lists and quotations put these behind an address. A bracket belongs to it when the address opened it.
_BEHIND = ",;.'"
_PAIRS = {")": "(", "]": "["}
_AROUND_BEFORE = re.compile(r"\A[\s<(\[{\"'“‘«„]+(?=https://)")
_AROUND_BEHIND = ",;.'\"”’»“>)]}"
# A comma, a space or a line break as a URL writes it, where two addresses were run together.
_GLUE = re.compile(r"(?:[,;|+&]|%20|%0[AD]|%2C|%3B)+\Z", re.IGNORECASE)


class AddressQuestion(NamedTuple):
    """What is odd about an address, and what to write for each thing that may be meant."""

    what: str
    fix: str


def split_addresses(text: str) -> list[str]:
    """The addresses in a text: apart where a comma, a semicolon, a space or a new line stands before the next https://, or an "and".

    A comma inside an address stays in it: ``https://example.org/a,b``."""
    text = text.strip()
    begins = [found.start() for found in _BEGIN.finditer(text)]
    cuts = [0, *(place for place in begins if place and _is_between(text[place - 1])), len(text)]
    parts = [text[start:end] for start, end in pairwise(cuts)]
    # What stands behind the last one is nobody's: it is asked about.
    return [bare for part in parts[:-1] if _WORD.search(bare := _without_joiner(part))] + parts[-1:]


def _without_joiner(part: str) -> str:
    """A part of a text without the word, sign or number that leads to the next one."""
    # A word with a comma behind it belongs to what stands before.
    words = ["", *part.rsplit(None, 1)][-2:]
    return _trimmed(words[0] if _leads(words[1]) else part)


def _leads(word: str) -> bool:
    return word.casefold() in _JOINERS or _NUMBER_OF_A_LIST.fullmatch(word) is not None


def _trimmed(part: str) -> str:
    start, end = 0, len(part)
    while start < end and _is_between(part[start]):
        start += 1
    while start < end and _is_between(part[end - 1]):
        end -= 1
    return part[start:end]


def _is_between(sign: str) -> bool:
    return sign.isspace() or sign in _BETWEEN


def split_at_spaces(text: str) -> list[str]:
    """The addresses in a text as release 0.1 read it: apart at white space alone."""
    return text.split() or [text]


def bare_address(text: str) -> str:
    """An address without the brackets and quotation marks around it and the punctuation behind it."""
    return _without_end(_AROUND_BEFORE.sub("", text).rstrip(), _AROUND_BEHIND)


def address_question(url: str) -> AddressQuestion | None:
    """What may not be meant as it is written in an address that can be published; None for most."""
    second = next((found for found in _BEGIN.finditer(url, 1) if not _INSIDE.search(url[: found.start()])), None)
    if second is not None:
        first, rest = _GLUE.sub("", url[: second.start()]), url[second.start() :]
        inside = url[: second.start()] + re.sub("://", "%3A//", rest, count=1)
        fix = f"for two addresses write {first} {rest}; for one write {inside}"
        return AddressQuestion("a second address begins inside of this address", _short(fix))
    plain = _without_end(url, _BEHIND)
    if plain == url:
        return None
    coded = plain + "".join(f"%{ord(sign):02X}" for sign in url[len(plain) :])
    what = f"this address ends in {url[-1]!r}, which may be the punctuation of a sentence or a list"
    return AddressQuestion(what, _short(f"write {plain}; where the sign belongs to the address, write {coded}"))


def _without_end(text: str, signs: str) -> str:
    """A text without the signs at its end, but for brackets that close what the text opened."""
    while text and (text[-1] in signs or text[-1] in _PAIRS):
        opened = _PAIRS.get(text[-1])
        if opened and text.count(opened) >= text.count(text[-1]):
            break
        text = text[:-1].rstrip()
    return text


def _short(fix: str) -> str:
    is_plain = len(fix) <= 600 and "@" not in fix
    return fix if is_plain else "look it up where it came from and write each address by itself"
