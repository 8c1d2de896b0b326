"""Whether Markdown text is the source of what a page shows: the page's elements are turned back into what they are written with.

One walk through the source, beside the page: what is shown must be there, with its marks, and nothing else but white space. No
Markdown is parsed, so that browser/src/verification/page/markdown.js can be the same program. A mark that the page shows
instead of applying it agrees: readers then see the source itself. Source of the syntax: CommonMark 0.31."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["disagreement", "markdown_agrees"]

# Beyond what records hold (20,000, and an address of 2,000): what a stranger signs costs no more than that.
_MAX_LETTERS = 30_000
_MAX_DEPTH = 64
_TOKEN = re.compile(
    r'<(?:(a) href="([^"<>]*)" rel="nofollow noopener noreferrer ugc"|(ol) start="([0-9]{1,9})"'
    r"|(/?(?:p|em|strong|[uo]l|li|code|pre|blockquote|h[3-6])|/a|[bh]r))>|([^<>]+)|.",
    re.DOTALL,
)
# Which element, or text, may be in which; the region itself has no name.
_NESTED = re.compile(
    r"(?:|li|blockquote) (?:p|[uo]l|pre|blockquote|h.)|[uo]l li|pre code|code text"
    r"|(?:p|li|h.|em|strong) (?:em|strong|a|code|br|text)|a (?:em|strong|code|br|text)"
)
# White space: \\s of JavaScript. Source: ECMAScript 2025, 22.2.2.9 (CharacterClassEscape).
_SPACE = "\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_BLANK = f"(?:(?!\n)[{_SPACE}])"
_IS_SPACE = re.compile(f"[{_SPACE}]")
_OUTER_SPACE = re.compile(f"^[{_SPACE}]+|[{_SPACE}]+$")
_PIECE = re.compile(rf"[{_SPACE}]+|[^{_SPACE}!-/:-@\[-`{{-~]+|.")
_MARKED = r"(?= |\n|\Z)"
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_ALPHANUMERIC = re.compile("[0-9A-Za-z]")
_LINE_END = rf"{_BLANK}*(?=\n|\Z)"
# Back-ticks that begin code, because as many follow before a line that may be another block.
_CODE = re.compile(r"(`+)(?!`)(?:(?!\n[ >]*[\n*+=#~`0-9-])[\s\S])*?[^`]\1(?!`)")
_BREAK = rf"(?:{_BLANK}*\\|{_BLANK}+(?<=  ))(?=\n)"
_TICKS = re.compile("`+")
_AUTOLINK = re.compile(f"<https://[^{_SPACE}<>]*>")
_HREF = re.compile(f"https://[^{_SPACE}()<>]+")


_REFERENCE = re.compile("&(?:amp|lt|gt|quot|#x27);")
_REFERENCES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'"}


class _DifferError(Exception):
    """The page shows something else than the source says."""


@dataclass
class _Open:
    """An open element. mark: what closes it; of a list, what its markers end with; of a block of code, its fence.

    start: where its content begins in the source; base: the column of the content of a list item; number: a list's first."""

    tag: str
    mark: str = ""
    start: int = 0
    base: int = 0
    number: int = 1


def _unescaped(text: str) -> str:
    return _REFERENCE.sub(lambda match: _REFERENCES[match[0]], text)


class _Walk:
    """How far the walk is. at: offset in the source; line: where the line begins, after the marks of its quotes;

    column: of what is not a space in it; quotes: marks of quotes on this line; depth: open quotes; lines: ends of lines last
    skipped; ticks: end of the back-ticks looked at; closed: from this column on, a block would still be of the list item that
    the page has closed. begins_line: the line has had nothing but marks yet; begins_block: so does what comes; has_space: the
    page has a space."""

    def __init__(self, source: str) -> None:
        self.source = re.sub(r"\r\n?", "\n", source).expandtabs(4)
        self.at = self.line = self.column = self.quotes = self.depth = self.lines = self.ticks = 0
        self.closed = _MAX_LETTERS
        self.begins_line = self.begins_block = True
        self.has_space = False
        self.last = ""
        self.open = [_Open("")]

    def walk(self, html: str) -> None:
        """Through all of the page and the source, to their ends."""
        for token in _TOKEN.finditer(html):
            link, href, listed, number, tag, text = token.groups()
            name = link or listed or tag
            if text:
                self.text(_unescaped(text))
            elif name and name[0] == "/":
                self.end(name[1:])
            elif name:
                is_bare = html.startswith(f"{href}</a>", token.end())
                self.start(name, _unescaped(href or ""), is_bare=is_bare, number=int(number or 1))
            self.need(text or name)
            self.last = name or self.last
        self.skip(any_lines=True)
        self.need(self.at == len(self.source) and len(self.open) == 1)

    def need(self, holds: object) -> None:
        if not holds:
            raise _DifferError

    def find(self, pattern: str) -> re.Match[str] | None:
        """What matches here, which is passed."""
        match = re.compile(pattern).match(self.source, self.at)
        self.at = match.end() if match else self.at
        return match

    def take(self, pattern: str) -> re.Match[str]:
        match = self.find(pattern)
        if match is None:
            raise _DifferError
        return match

    def skip(self, *, any_lines: bool) -> bool:
        """Past white space and the marks of the open quotes: to the next line at most, or over any number of lines."""
        start, self.lines = self.at, 0
        while True:
            self.find(" *")
            self.column = self.at - self.line
            # A line of other white space is none between paragraphs.
            is_odd = self.find(f"{_BLANK}+")
            if (any_lines or not self.lines or is_odd) and self.find("\n"):
                self.line, self.quotes, self.begins_line = self.at, 0, True
                self.lines += 1
            elif self.begins_line and self.quotes < self.depth and self.find("> ?"):
                self.line = self.at
                self.quotes += 1
            else:
                return self.at > start

    def block(self, tag: str = "") -> None:
        """To the next block: on a line of its own, in all that is open, in nothing that is closed."""
        self.skip(any_lines=True)
        base, column = self.base(), self.column
        self.need(self.begins_line and self.quotes == self.depth and base <= column < self.closed)
        self.need(column < base + 4 or tag == "pre")
        # One paragraph is not two.
        self.need(self.lines > 1 or tag != "p" or self.last != "/p")
        self.closed, self.begins_block, self.has_space = _MAX_LETTERS, False, False

    def base(self) -> int:
        return next((outer.base for outer in reversed(self.open) if outer.tag in ("li", "blockquote", "")), 0)

    def inline(self) -> None:
        """To the next text or inline element, past white space where the page has some."""
        if self.begins_block:
            self.block()
        elif self.has_space:
            self.need(self.skip(any_lines=self.open[-2].tag == "pre"))
        self.has_space = False

    def text(self, text: str) -> None:
        inner = self.open[-1]
        for piece in _PIECE.findall(_OUTER_SPACE.sub("", text) if inner.tag == "code" else text):
            if _IS_SPACE.match(piece):
                self.has_space = not self.begins_block
                continue
            self.need(_NESTED.fullmatch(f"{inner.tag} text"))
            self.inline()
            if inner.tag != "code":
                self.literal()
            self.need(self.source.startswith(piece, self.at))
            self.at += len(piece)
            self.begins_line = False

    def literal(self) -> None:
        """Past a backslash that escapes; no mark that Markdown applies wherever it stands is shown instead."""
        if self.find(r"\\(?=[!-/:-@\[-`{-~])"):
            return
        self.need(not self.begins_line or not self.source.startswith(("```", "~~~"), self.at))
        self.need(not _AUTOLINK.match(self.source, self.at) or self.open[-1].mark == ">")
        if self.at >= self.ticks and self.source.startswith("`", self.at):
            self.need(not _CODE.match(self.source, self.at))
            ticks = _TICKS.match(self.source, self.at)
            self.ticks = ticks.end() if ticks else self.at

    def start(self, tag: str, href: str, *, is_bare: bool, number: int) -> None:
        """What begins an element."""
        outer = self.open[-1]
        self.need(_NESTED.fullmatch(f"{outer.tag} {tag}") and len(self.open) < _MAX_DEPTH)
        opened = _Open(tag, base=self.base(), number=number)
        if tag == "br":
            self.has_space = False
        if tag in ("em", "strong", "a", "br") or (tag == "code" and outer.tag != "pre"):
            self.inline()
        elif tag not in ("ul", "ol", "code"):
            self.block(tag)
        if tag in ("em", "strong"):
            self.flank(is_end=False)
            opened.mark = self.take(r"\*\*|__" if tag == "strong" else "[*_]")[0]
        elif tag == "a":
            is_bare = is_bare and self.source.startswith(f"<{href}>", self.at)
            opened.mark = ">" if is_bare else f"]({href})"
            self.need(_HREF.fullmatch(href))
            self.take("<" if is_bare else r"\[")
        elif tag == "br":
            if not self.find(_BREAK):
                self.skip(any_lines=False)
                self.take(_BREAK)
        elif tag == "code" and outer.tag != "pre":
            opened.mark = self.take("`+")[0]
            self.skip(any_lines=False)
        elif tag == "code":
            self.skip(any_lines=True)
        elif tag == "li":
            self.item(outer, opened)
        elif tag == "blockquote":
            self.take("> ?")
            self.line, opened.base = self.at, 0
            self.depth += 1
            self.quotes += 1
        elif tag == "hr":
            # Each space belongs to one part of it alone, or a long run of them would be shared out in every way.
            self.take(rf"([-*_])(?: *\1){{2,}}{_LINE_END}")
        elif tag == "pre":
            if self.column < opened.base + 4:
                opened.mark = _OUTER_SPACE.sub("", self.take(rf"(?:```+|~~~+){_LINE_END}")[0])
        elif tag[0] == "h":
            level = {"h3": "#", "h4": "##", "h5": "###"}.get(tag, "#{4,6}")
            opened.mark = "#" if self.find(f"{level}{_MARKED}{_BLANK}*") else "=" if tag == "h3" else "-"
            self.need(opened.mark == "#" or tag in ("h3", "h4"))
        opened.start = self.at
        if tag not in ("br", "hr"):
            self.open.append(opened)
        self.begins_line = self.begins_line and tag in ("p", "ul", "ol", "li", "blockquote")
        self.begins_block = tag in ("ul", "ol", "li", "blockquote", "hr")

    def item(self, listed: _Open, item: _Open) -> None:
        """Past the marker of a list item, which shows its number, and is of the kind of the others."""
        column = self.column
        marker = self.take((r"[-+*]" if listed.tag == "ul" else r"[0-9]{1,9}[.)]") + _MARKED)[0]
        if not listed.mark:
            self.need(listed.tag == "ul" or int(marker[:-1]) == listed.number)
        self.need(listed.mark in ("", marker[-1]))
        listed.mark = marker[-1]
        spaces = re.compile(r" {1,4}(?![ \n])").match(self.source, self.at)
        item.base = column + len(marker) + (len(spaces[0]) if spaces else 1)

    def flank(self, *, is_end: bool) -> None:
        """Marks of emphasis cling to what they emphasize. Source: CommonMark, Emphasis and strong emphasis."""
        mark = self.source[self.at : self.at + 1]
        self.need(mark in ("*", "_"))
        first, end = self.at, self.at
        while self.source[first - 1 : first] == mark:
            first -= 1
        while self.source[end : end + 1] == mark:
            end += 1
        around = self.source[max(0, first - 1) : first], self.source[end : end + 1]
        outer, inner = around[::-1] if is_end else around
        self.need(inner and not _IS_SPACE.match(inner))
        self.need(not _ALPHANUMERIC.match(outer) or not (mark == "_" or _PUNCTUATION.match(inner)))

    def end(self, tag: str) -> None:
        """What ends an element."""
        closed = self.open[-1]
        self.need(closed.tag == tag)
        is_inline = tag in ("em", "strong", "a") or (tag == "code" and self.open[-2].tag != "pre")
        if is_inline:
            if tag == "code":
                self.skip(any_lines=False)
            else:
                self.inline()
            if tag in ("em", "strong"):
                self.need(self.at > closed.start)
                self.flank(is_end=True)
            self.take(re.escape(closed.mark) + ("(?!`)" if tag == "code" else ""))
        elif tag[0] == "h" and closed.mark == "#":
            self.need("\n" not in self.source[closed.start : self.at])
            self.take(f"(?: +#+)?{_LINE_END}")
        elif tag[0] == "h":
            self.skip(any_lines=False)
            self.take(closed.mark + "+" + _LINE_END)
        elif tag == "pre" and closed.mark:
            self.skip(any_lines=True)
            self.need(self.find(closed.mark + closed.mark[0] + "*" + _LINE_END) or self.at == len(self.source))
        elif tag in ("ul", "ol"):
            # A list of nothing would part what is one paragraph.
            self.need(closed.mark)
        elif tag == "li":
            self.closed = closed.base
        elif tag == "blockquote":
            self.depth -= 1
            self.closed = _MAX_LETTERS
            self.find(r"(?: *\n[ >]*(?=\n|\Z))*")
        self.open.pop()
        if not is_inline and tag != "code":
            self.begins_block, self.has_space = True, False


def disagreement(html: str, source: str) -> int:
    """The line of Markdown text, from 1, on which a page's region no longer shows what it says; 0 when it shows all of it.

    html is canonical: white space folded, only ``&amp; &lt; &gt;`` and, in an attribute, ``&quot; &#x27;`` escaped, attributes in
    the order of their names. Of a source beyond 30,000 characters nothing is read."""
    if len(source) > _MAX_LETTERS:
        return 1
    walk = _Walk(source)
    try:
        walk.walk(html)
    except _DifferError:
        return walk.source.count("\n", 0, walk.at) + 1
    return 0


def markdown_agrees(html: str, source: str) -> bool:
    """Whether a page's region in canonical HTML (see disagreement) shows exactly what Markdown text says."""
    return disagreement(html, source) == 0
