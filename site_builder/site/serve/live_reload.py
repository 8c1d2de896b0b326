"""What stands between `mkdocs serve` and a browser: pages that load themselves anew, and what is wrong, above the last good site.

MkDocs writes an inline script into each page that it serves, which the pages' Content-Security-Policy rightly refuses. Here it is
replaced by a file from the same host, so that no policy need be another one while a site is served."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["EMPTY_PAGE", "LiveReload"]

_FOLDER = Path(__file__).with_name("live")
_TYPES = {"reload.js": "text/javascript", "problems.css": "text/css"}
# MkDocs 1.6, livereload: its script ends in the call `livereload(<epoch>, <request>);` and stands last in the body.
_INLINE = re.compile(rb"<script>(?:(?!</script>).)*livereload\((\d+), (\d+)\);\s*</script>", re.DOTALL)
_BODY = re.compile(rb"<body[^>]*>")

# What is served while nothing could be built yet; the problems are put above its text.
EMPTY_PAGE = b"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>No site yet</title></head>
<body><main><h1>No site yet</h1><p>It appears here as soon as the problems are mended.</p></main></body>
</html>
"""


class LiveReload:
    """A WSGI application around MkDocs' own. problems: why the last build failed, "" when it did not."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner
        self.problems = ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        name = environ["PATH_INFO"].removeprefix("/livereload/")
        if name in _TYPES and environ["PATH_INFO"] != name:
            return _answer(start_response, "200 OK", [("Content-Type", _TYPES[name])], (_FOLDER / name).read_bytes())
        began: list[Any] = []

        def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            began[:] = [status, headers]

        body = self._inner(environ, begin)
        status, headers = began
        if not dict(headers).get("Content-Type", "").startswith("text/html"):
            start_response(status, headers)
            return body
        return _answer(start_response, status, headers, self._page(_whole(body)))

    def _page(self, page: bytes) -> bytes:
        """A page as it is served: with our script in the place of MkDocs' own, and with what is wrong."""
        page = _INLINE.sub(
            rb'<script defer src="/livereload/reload.js" data-epoch="\1" data-request="\2"></script>', page
        )
        if not self.problems:
            return page
        start = _BODY.search(page)
        place = start.end() if start else 0
        return page[:place] + self._banner() + page[place:]

    def _banner(self) -> bytes:
        text = escape(self.problems)
        return (
            '<link rel="stylesheet" href="/livereload/problems.css"><div class="build-problems" role="alert" lang="en">'
            f"<p>These problems keep the site from being built anew:</p><pre>{text}</pre></div>"
        ).encode()


def _whole(body: Iterable[bytes]) -> bytes:
    try:
        return b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close:
            close()


def _answer(start_response: StartResponse, status: str, headers: list[tuple[str, str]], raw: bytes) -> Iterable[bytes]:
    kept = [(name, value) for name, value in headers if name != "Content-Length"]
    start_response(status, [*kept, ("Content-Length", str(len(raw))), ("Cache-Control", "no-store")])
    return [raw]
