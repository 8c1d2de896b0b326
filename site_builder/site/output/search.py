"""A look at what is about to be published, whoever made it: no secret in any file, and no drawing that could run.

A value is found as it is, in base64, percent-encoded, and with the escapes of HTML and JSON. Sources: RFC 4648, Base 64 Encoding and
Base 64 Encoding with URL and Filename Safe Alphabet; RFC 3986, Percent-Encoding; RFC 8259, Strings."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from site_builder.errors import Error
from site_builder.ledger.checks.secrets import holds_private_key
from site_builder.records.artwork.drawings import what_a_drawing_may_not

__all__ = ["MIN_SECRET_CHARACTERS", "search_output"]

# A shorter value would be found in any site by chance: nobody could build with the passphrase "knot". Nobody is safe with it either.
MIN_SECRET_CHARACTERS = 8


def search_output(
    folder: Path, files: Iterable[tuple[str, bytes]], *, secrets: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """The same files, each looked through as it is handed on; before the first one, what others have written into the folder.

    secrets: values by the names of their variables. Raises Error for a file that may not be published."""
    search = _SecretSearch(secrets)
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            path, raw = file.relative_to(folder).as_posix(), file.read_bytes()
            search.look_through(path, raw)
            # What `publish` makes is drawn by us, of artwork that was written out from a list.
            _check_drawing(path, raw)
    for path, raw in files:
        search.look_through(path, raw)
        yield path, raw


def _check_drawing(path: str, raw: bytes) -> None:
    if path.lower().endswith(".svgz"):
        raise Error(
            f"{path} is a compressed drawing, which nobody can look into: nothing was published. Save it as .svg"
        )
    reason = what_a_drawing_may_not(raw) if path.lower().endswith(".svg") else ""
    if reason:
        raise Error(
            f"{path} {reason}: nothing was published. Take that out of the drawing, wherever it comes from (content/pages, a theme, a "
            "plugin), or export it again as 'plain SVG'"
        )


class _SecretSearch:
    """Looks for the values of secret variables, by their names, and for private keys of any issuer but those of the demo."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._needles = [(needle, name) for name, value in sorted(secrets.items()) for needle in _needles(value)]

    def look_through(self, path: str, raw: bytes) -> None:
        """Raises Error if a file of the site holds a secret: which file and which variable, never the value."""
        for needle, name in self._needles:
            if needle not in raw:
                continue
            raise Error(
                f"{path} would publish the value of {name}: nothing was published. Look for what brings it there: a plugin, a hook, a "
                "file that a page includes. If the value is a passphrase that stands there by chance, take one that nobody could guess"
            )
        if holds_private_key(raw):
            raise Error(
                f"{path} would publish a private key: nothing was published. Take the key out of the page, and replace it: "
                "'laurels keys new'. Anyone who has seen it can sign"
            )


def _needles(value: str) -> set[bytes]:
    """The forms in which a value is looked for; none for one that is too short."""
    parts = {value.strip()}
    # The lines of a locked key may be broken or indented otherwise; its first and last line are in every such file.
    parts |= {line.strip() for line in value.splitlines() if not line.startswith("-----")}
    return {needle for part in parts if len(part) >= MIN_SECRET_CHARACTERS for needle in _forms(part)}


def _forms(text: str) -> Iterator[bytes]:
    raw = text.encode("utf-8", "surrogateescape")
    yield raw
    yield from _base64_forms(raw)
    percent = quote(raw, safe="")
    escaped = html.escape(text)
    # MkDocs' and Jinja's own escapes differ from Python's in quotation marks.
    texts = {percent, quote(raw), percent.replace("%20", "+"), escaped, html.escape(text, quote=False)}
    texts |= {escaped.replace("&quot;", "&#34;").replace("&#x27;", "&#39;")}
    texts |= {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    for form in texts:
        yield form.encode("utf-8", "surrogateescape")


def _base64_forms(raw: bytes) -> Iterator[bytes]:
    """What base64 of any text with raw in it must hold, at each of the three places where raw can begin in a group of bytes."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw)
        # The first and last letters share their bits with what stands beside raw.
        whole = encoded[(0, 2, 3)[before] : (before + len(raw)) * 8 // 6]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))
