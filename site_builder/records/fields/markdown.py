"""Narratives in Markdown: rendered for pages, and refused where a page could not be compared with them.

Source of the syntax: CommonMark 0.31. HTML is never passed through."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from site_builder.encoding import are_fast_roads_open
from site_builder.records.fields.markdown_source import disagreement

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

__all__ = ["render_markdown", "unsafe_reason"]

_ALLOWED_TAGS = {
    "p",
    "strong",
    "em",
    "a",
    "ul",
    "ol",
    "li",
    "code",
    "pre",
    "blockquote",
    "br",
    "hr",
    "h3",
    "h4",
    "h5",
    "h6",
}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Takes long to import, and most records hold no marks.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})
    parser.inline.ruler.at("autolink", _autolink)
    return parser


def _autolink(state: StateInline, silent: bool) -> bool:
    """What would be no link on a page, such as <ada@example.org>, is text as it is written."""
    from markdown_it.rules_inline import autolink

    return state.src.startswith("<https://", state.pos) and autolink(state, silent)


# One line without a mark: a paragraph of itself, whatever Markdown it is read as.
_PLAIN = re.compile(r"[A-Za-z](?: ?[A-Za-z0-9,.;:'()?%-])*")
_MOST_PLAIN = 20_000


def _is_plain(text: str) -> bool:
    return len(text) <= _MOST_PLAIN and are_fast_roads_open() and _PLAIN.fullmatch(text) is not None


def render_markdown(text: str) -> str:
    """Safe HTML of Markdown text. Headings begin at level 3; links are https only and pass on nothing."""
    return f"<p>{text}</p>\n" if _is_plain(text) else _rendered(text)


@lru_cache(maxsize=4096)
def _rendered(text: str) -> str:
    import nh3

    tokens = _parser().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
    html = _parser().renderer.render(tokens, _parser().options, {})
    return nh3.clean(
        html,
        tags=_ALLOWED_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"https"},
        link_rel="nofollow noopener noreferrer ugc",
        strip_comments=True,
    )


# What is not compared, to say why a text is refused; what decides is the comparison itself.
_PICTURE = re.compile(r"!\[[^\[\]\n]*\][(\[]")
_LINK = re.compile(
    r"\[[^\[\]\n]*\](?:\((?!https://[!-'*-;=?-~]+\))|\[)|^ {0,3}\[[^\[\]\n]+\]:|<https://[!-~]*%",
    re.MULTILINE,
)
_LANGUAGE = re.compile(r"^[ >]*(?:```+|~~~+) *[^\s`~]", re.MULTILINE)


def unsafe_reason(text: str) -> str:
    """Why a page with this Markdown could not be compared with the signed text; "" when it can."""
    if _is_plain(text):
        return ""
    line = disagreement(_canonical(render_markdown(text)), text)
    if line == 0:
        return ""
    if _PICTURE.search(text):
        return "it has a picture, and a picture in a text is not signed"
    if _LINK.search(text):
        return "it has a link that is not of the form [words](https://…) with a plain address"
    if unescape(text) != text:
        return "it has an entity such as &copy;; write the letter itself"
    if _LANGUAGE.search(text):
        return "there is a word after ```, of which the page shows nothing"
    return f"its line {line} would not look on the page as it is written"


def _canonical(html: str) -> str:
    """HTML of render_markdown in the form in which pages are compared."""
    return re.sub("[\t\n\f\r ]+", " ", html.replace("&nbsp;", "\xa0"))
