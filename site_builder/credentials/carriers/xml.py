"""The part of XML in which pictures carry credentials, read strictly and without a document: nothing can run or be fetched.

What a program would have to look up or work out (declarations of its own, most encodings) is refused.
verification/browser/src/credentials/carriers/xml.js is the same program, step by step: two readers that differ could find two
credentials in one picture. Source: XML 1.0 (Fifth Edition), 2 to 4; Namespaces in XML 1.0, 2 and 6."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from site_builder.encoding import are_fast_roads_open
from site_builder.errors import Error

__all__ = ["Found", "XmlError", "find_elements"]


class XmlError(Error):
    """Bytes that are not XML, or more than is read here."""


@dataclass
class Found:
    """An element that was looked for. text: what it says before any other element in it."""

    attributes: dict[str, str]
    text: str = ""


@dataclass
class _Open:
    """An element that has not ended yet. found: what it is to become, if it was looked for."""

    name: str
    spaces: dict[str, str]
    found: Found | None
    is_text_over: bool = False


# Space, names and literals. Source: XML 1.0, 2.3; a name of one part: Namespaces in XML 1.0, 4.
_S = "[ \t\n]"
_BEGINS_ASCII = "A-Z_a-z"
_BEGINS = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_FOLLOWS_ASCII, _FOLLOWS = "0-9.-", "\u0300-\u036f0-9\u203f\u2040\u00b7.-"
_LITERAL = "(?:\"[^\"]*\"|'[^']*')"
_ENCODED = rf"{_S}+encoding{_S}*={_S}*(?:\"([A-Za-z0-9._-]+)\"|'([A-Za-z0-9._-]+)')"
_STANDALONE = f"{_S}+standalone{_S}*={_S}*(?:\"(?:yes|no)\"|'(?:yes|no)')"
_DECLARATION = re.compile(
    rf"<\?xml{_S}+version{_S}*={_S}*(?:\"1\.[0-9]\"|'1\.[0-9]')(?:{_ENCODED})?(?:{_STANDALONE})?{_S}*\?>"
)
_COMMENT = re.compile("<!--.*?--(>?)", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_SPACE = re.compile(f"{_S}+")
_PLAIN = re.compile("[^<]+")


@dataclass(frozen=True)
class _Grammar:
    """What has names in it."""

    doctype: re.Pattern[str]
    instruction: re.Pattern[str]
    opening: re.Pattern[str]
    closing: re.Pattern[str]
    attribute: re.Pattern[str]


# To compile the letters of all scripts takes 80 ms, so a text of ASCII, where no other can be, goes without.
@cache
def _grammar(*, is_ascii: bool) -> _Grammar:
    begins, follows = (_BEGINS_ASCII, _FOLLOWS_ASCII) if is_ascii else (_BEGINS, _FOLLOWS)
    name = f"[{begins}][{begins}{follows}]*"
    qualified = f"{name}(?::{name})?"
    attribute = rf"{_S}*={_S}*(?:\"[^\"<]*\"|'[^'<]*')"
    outside = rf"(?:SYSTEM|PUBLIC{_S}+{_LITERAL}){_S}+{_LITERAL}"
    return _Grammar(
        # Declarations of its own could give an element attributes that are not written on it.
        doctype=re.compile(rf"<!DOCTYPE{_S}+{qualified}(?:{_S}+{outside})?{_S}*(?:\[{_S}*\]{_S}*)?>"),
        instruction=re.compile(rf"<\?(?![Xx][Mm][Ll][ \t\n?]){name}(?:{_S}.*?)?\?>", re.DOTALL),
        opening=re.compile(rf"<({qualified})((?:{_S}+{qualified}{attribute})*){_S}*(/?)>"),
        closing=re.compile(f"</({qualified}){_S}*>"),
        attribute=re.compile(rf"({qualified}){_S}*={_S}*(?:\"([^\"]*)\"|'([^']*)')"),
    )


_REFERENCE = re.compile("&(?:(lt|gt|amp|quot|apos)|#0*([0-9]{1,7})|#x0*([0-9A-Fa-f]{1,6}));|&")
_MEANING = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
# XML 1.0, 2.2: what no document may contain, not even as a reference.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_XML_SPACE = "http://www.w3.org/XML/1998/namespace"
_MAX_DEPTH = 256
_LATIN = "iso-8859-1"
_ENCODINGS = ("utf-8", "us-ascii", _LATIN)


def find_elements(xml: bytes, *, namespace: str, name: str) -> list[Found]:
    """Every element of a name in a namespace, in order. Raises XmlError."""
    text = _decoded(xml)
    if _FORBIDDEN.search(text):
        raise XmlError("a character that XML does not have")
    reader = _Reader(text, (namespace, name))
    reader.take(_DECLARATION)
    reader.pass_over()
    reader.take(reader.grammar.doctype)
    reader.pass_over()
    reader.read_root()
    reader.pass_over()
    if reader.at < len(text):
        raise XmlError("something behind the end")
    return reader.found


def _decoded(xml: bytes) -> str:
    """The text of a document with one kind of line ending, as its declaration says that it is encoded. Raises XmlError."""
    declared = _DECLARATION.match(_with_line_feeds(xml[:200].decode("latin-1")))
    encoding = ((declared and (declared[1] or declared[2])) or "utf-8").lower()
    if encoding not in _ENCODINGS:
        raise XmlError("an encoding that is not read here")
    try:
        return _with_line_feeds(xml.decode("latin-1" if encoding == _LATIN else "utf-8"))
    except UnicodeDecodeError as error:
        raise XmlError("bytes that are no text") from error


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Reader:
    """A text, how far it was read, and the elements of one name (namespace, local name) that were found in it."""

    def __init__(self, text: str, wanted: tuple[str, str]) -> None:
        self.at = 0
        self.found: list[Found] = []
        self.grammar = _grammar(is_ascii=are_fast_roads_open() and text.isascii())
        self._text = text
        self._wanted = wanted
        self._open: list[_Open] = []

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What a pattern finds at this very place, which is read then."""
        found = pattern.match(self._text, self.at)
        if found:
            self.at = found.end()
        return found

    def pass_over(self) -> None:
        """Moves behind comments, instructions and white space."""
        while self.take(_SPACE) or self._take_comment() or self.take(self.grammar.instruction):
            pass

    def read_root(self) -> None:
        """Reads one element with all that is in it."""
        while True:
            opening = self.take(self.grammar.opening)
            if opening:
                self._open_element(*opening.groups())
            elif not self._take_content():
                raise XmlError("not well-formed")
            if not self._open:
                return

    def _take_comment(self) -> bool:
        comment = self.take(_COMMENT)
        # XML 1.0, 2.5: two hyphens end it.
        if comment and not comment[1]:
            raise XmlError("a comment that does not end")
        return comment is not None

    def _open_element(self, name: str, written: str, is_empty: str) -> None:
        parent = self._open[-1] if self._open else None
        if parent:
            parent.is_text_over = True
        attributes = _read_attributes(self.grammar, written)
        spaces = _spaces_of(parent.spaces if parent else {"xml": _XML_SPACE}, attributes)
        for qualified in (name, *attributes):
            _resolve(qualified, spaces)
        element = Found(attributes) if _resolve(name, spaces) == self._wanted else None
        if element:
            self.found.append(element)
        if not is_empty:
            self._open.append(_Open(name, spaces, element))
        if len(self._open) > _MAX_DEPTH:
            raise XmlError("nested too deeply")

    def _take_content(self) -> bool:
        """Whether this was the place of text, a comment, an instruction or the end of the innermost element."""
        if not self._open:
            return False
        inner = self._open[-1]
        closing = self.take(self.grammar.closing)
        if closing:
            self._open.pop()
            return closing[1] == inner.name
        section = self.take(_CDATA)
        plain = None if section else self.take(_PLAIN)
        if plain and "]]>" in plain[0]:
            return False
        if section or plain:
            text = section[1] if section else _dereferenced(plain[0] if plain else "")
            if inner.found and not inner.is_text_over:
                inner.found.text += text
            return True
        return self._take_comment() or self.take(self.grammar.instruction) is not None


def _read_attributes(grammar: _Grammar, written: str) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for name, double, single in grammar.attribute.findall(written):
        if name in attributes:
            raise XmlError("an attribute twice")
        # White space in a value is a space, unless it is written as a reference. Source: XML 1.0, 3.3.3.
        attributes[name] = _dereferenced((double or single).translate({9: " ", 10: " "}))
    return attributes


def _spaces_of(outer: dict[str, str], attributes: dict[str, str]) -> dict[str, str]:
    declared = {name[6:]: value for name, value in attributes.items() if name == "xmlns" or name.startswith("xmlns:")}
    return outer | declared if declared else outer


def _resolve(qualified: str, spaces: dict[str, str]) -> tuple[str, str]:
    """Namespace and local name."""
    prefix, colon, local = qualified.partition(":")
    if not colon:
        return spaces.get("", ""), qualified
    if prefix == "xmlns":
        return "", local
    if not spaces.get(prefix):
        raise XmlError("a prefix of no namespace")
    return spaces[prefix], local


def _dereferenced(text: str) -> str:
    return _REFERENCE.sub(_meaning, text) if "&" in text else text


def _meaning(reference: re.Match[str]) -> str:
    name, decimal, hexadecimal = reference.groups()
    if name:
        return _MEANING[name]
    code = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else 0
    if not 0 < code <= 0x10FFFF or _FORBIDDEN.match(chr(code)):
        raise XmlError("an entity that is not known")
    return chr(code)
