"""What MkDocs renders, made fit for small screens and the keyboard: wide parts that scroll can be reached and are named."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Neighbour", "make_scrollable", "split_title"]

_BEFORE_CODE = '<pre tabindex="0">'


@dataclass(frozen=True)
class Neighbour:
    """The page before or after one of the manual. path: relative to that page."""

    title: str
    path: str


def make_scrollable(html: str) -> str:
    """The HTML of a page with its tables and code blocks in regions that scroll, and that the keyboard can scroll.

    Source: WCAG 2.2, 2.1.1 Keyboard. The tags are those that Python-Markdown writes; in text it escapes them."""
    before, *tables = html.split("<table>")
    regions = [_region(number, table) for number, table in enumerate(tables, 1)]
    return "".join([before, *regions]).replace("<pre>", _BEFORE_CODE)


def _region(number: int, table: str) -> str:
    """A table and what follows it, the table in a region. Each has a name of its own: readers of screens list them."""
    label = f"Table {number}"
    inner = table.replace("</table>", "</table></div>", 1)
    return f'<div class="scroll" role="region" aria-label="{label}" tabindex="0"><table>{inner}'


def split_title(html: str) -> tuple[str, str]:
    """A page in two: its heading, "" when it does not begin with one, and the rest."""
    head, tag, body = html.partition("</h1>")
    return (head + tag, body) if tag and head.lstrip().startswith("<h1") else ("", html)
