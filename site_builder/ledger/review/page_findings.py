"""Pages and drawings that run something in a reader's browser, or in a build that has programs of others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from site_builder.ledger.review.found import Finding, State, quoted
from site_builder.ledger.review.settings_findings import find_programs

__all__ = ["SCRIPTED", "find_including_pages", "find_scripted_pages"]

# What runs in a reader's browser, covers or moves what it shows, or is fetched from elsewhere. Quoted as code it is found too: looking
# costs little.
SCRIPTED = re.compile(
    r"<\s*(?:script|iframe|frame|frameset|object|embed|applet|base|meta|link|form|button|input|portal|foreignobject|style|template|animate"
    r"|set|video|audio|source|track|noscript|plaintext|xmp)\b|\bon[a-z]{3,}\s*=\s*[^\s=]|\b(?:java|vb)script:"
    r"|\b(?:srcdoc|srcset|formaction|http-equiv)\s*=|\bsrc\s*=\s*[\"']?\s*(?:https?:|//)|<!ENTITY|<\?xml-stylesheet"
    # An address that is spelled so that nobody reads what it is.
    r"|(?:\b(?:href|src|action)\s*=|\]\(|^\s{0,3}\[[^\]]*\]:)\s*[\"'<]?\s*[a-z]*&(?:\#|colon|tab|newline)",
    re.IGNORECASE | re.MULTILINE,
)
_PAGES = "content/pages/"
_OF_TEXT = (".md", ".html", ".htm", ".xhtml", ".xml", ".svg")
_MOST_LINES = 20


def find_scripted_pages(state: State) -> Iterator[Finding]:
    """Each page or drawing with HTML that runs or fetches something: the first place of it, and the lines of the others."""
    yield from _find_in_pages(state, SCRIPTED)


# What an extension, a plugin or a hook of others can take for an order to include a file or to run something. Sources: PyMdown
# Extensions, Snippets; mkdocs-macros, Syntax (Jinja's own); markdown-include; mkdocstrings, Usage; markdown-exec, Usage.
_ORDER = re.compile(
    r"-+8<-+|\{[{%!]|^:::\s*\S|\bexec\s*=|<!--\s*(?:include|inject)|\[\[include|^\s*\.\. (?:include|literalinclude|csv-table|raw)",
    re.IGNORECASE | re.MULTILINE,
)


def find_including_pages(state: State) -> Iterator[Finding]:
    """Where a site has programs of others that read the pages: each page with what may be an order to one."""
    if any(True for _ in find_programs(state)):
        yield from _find_in_pages(state, _ORDER)


def _find_in_pages(state: State, wanted: re.Pattern[str]) -> Iterator[Finding]:
    paths = [path for path in state.named if path.startswith(_PAGES) and path.lower().endswith(_OF_TEXT)]
    for path, text in state.texts(paths):
        found = list(wanted.finditer(text))
        if found:
            lines = list(dict.fromkeys(text.count("\n", 0, place.start()) + 1 for place in found))
            more = ", ".join(map(str, lines[1:_MOST_LINES])) + (" …" if len(lines) > _MOST_LINES else "")
            yield Finding(path, lines[0], quoted(found[0][0].strip()) + (f", and in line {more}" if more else ""))
