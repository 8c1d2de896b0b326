"""Narratives in Markdown: rendered for pages, and reduced to what a page can be compared by.

Source of the syntax: CommonMark 0.31. HTML is never passed through."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

__all__ = ["comparable_markdown", "comparable_text", "render_markdown", "unsafe_reason"]

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
_LINK = re.compile(r"\]\((https://[^\s()<>]+)\)")
_AUTOLINK = re.compile(r"<(https://[^\s<>]+)>")
_LIST_NUMBER = re.compile(r"^[ ]{0,9}[0-9]{1,9}[.)](?=[ ])", re.MULTILINE)
# White space and ASCII punctuation are what Markdown adds or takes away; everything else must appear unchanged.
_IGNORED = re.compile(r"[\s!-/:-@\[-`{-~]+")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False})


@lru_cache(maxsize=4096)
def render_markdown(text: str) -> str:
    """Safe HTML of Markdown text. Headings begin at level 3; links are https only and pass on nothing."""
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


def comparable_text(text: str) -> str:
    """Text without white space and ASCII punctuation."""
    return _IGNORED.sub("", text)


def comparable_markdown(text: str) -> tuple[str, list[str]]:
    """What a page must show of Markdown text: its characters (see comparable_text) and its link targets in order."""
    links = sorted((match.start(), match[1]) for pattern in (_LINK, _AUTOLINK) for match in pattern.finditer(text))
    shown = _LIST_NUMBER.sub("", _LINK.sub("]", text))
    return comparable_text(shown), [target for _place, target in links]


_OTHER_LINK = re.compile(r"!\[|\]\((?!https://)|\]\(\S+\s|^ {0,3}\[[^\]]+\]:", re.MULTILINE)
_LINK_REASON = "it has a picture, or a link that is not of the form [words](https://…) with a plain address"
_HREF = re.compile(r'<a href="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")


def unsafe_reason(text: str) -> str:
    """Why a page with this Markdown could not be compared with the signed text; "" when it can."""
    html = render_markdown(text)
    shown, links = comparable_markdown(text)
    if [_unescape(target) for target in _HREF.findall(html)] != links:
        return _LINK_REASON
    if comparable_text(_unescape(_TAG.sub("", html))) == shown:
        return ""
    if _OTHER_LINK.search(text):
        return _LINK_REASON
    if _LIST_NUMBER.search(text):
        return "a line within a paragraph begins with a number and a dot"
    return "it has an entity such as &copy;, or something else of which the page does not show every letter"


def _unescape(text: str) -> str:
    for entity, character in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&#39;", "'"),
        ("&nbsp;", "\u00a0"),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, character)
    return text
