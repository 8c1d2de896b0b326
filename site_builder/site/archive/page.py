"""verify.html of an archive: one page that checks the credentials of a site from a disk, with no network.

Everything it needs stands in it: script, style, key documents and status lists. What would name a credential is sealed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markupsafe import Markup

from site_builder.credentials.carriers.table import accepted_files
from site_builder.credentials.identifiers.did_web import did_document_url, did_of
from site_builder.credentials.status.bitstring import list_id_of
from site_builder.credentials.urls import signed_path
from site_builder.encoding import format_json, parse_json
from site_builder.errors import Error
from site_builder.ledger.store.ledger import Ledger
from site_builder.site.archive.encrypted_bundle import seal
from site_builder.site.theme import archive_script, render, theme_folder

__all__ = ["archive_page"]

_STYLES = ("laurels", "verdict", "verify")
# The site's own fonts are left out. What every system has comes first: behind a font for another script, digits would be its.
_FONTS = ':root { --serif: Georgia, "Times New Roman", "Noto Serif", serif; }'


def archive_page(site: Path, ledger: Ledger, *, base: str, host: str, as_of: str, keys: list[dict[str, str]]) -> bytes:
    """The page for the site that was built into a folder. as_of: a day, for people. keys: of the issuers, to be compared."""
    archive = {
        "archive": host,
        "as_of": as_of,
        "documents": dict(sorted(_documents(site))),
        "sealed": dict(sorted(seal(_successors(site, ledger, base=base)).items())),
    }
    script, licences = archive_script()
    style = "\n".join([*(_asset(name) for name in _STYLES), _FONTS])
    page: dict[str, Any] = {
        "host": host,
        "as_of": as_of,
        "signing_keys": keys,
        "licences": licences,
        "accepted": accepted_files(),
        "csp": _content_security_policy(script=script, style=style),
        # Our own files, and JSON in which < and & are written as escapes: what _inline has refused cannot end the element.
        "script": _inline(script),
        "style": _inline(style),
        "archive": _inline(format_json(archive).decode("ascii")),
    }
    return render("archive.html", page=page)


def _asset(name: str) -> str:
    return (theme_folder() / "assets" / f"{name}.css").read_text("utf-8")


def _content_security_policy(*, script: str, style: str) -> str:
    """Nothing but these two texts; no address is ever asked."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    """A hash-source. Source: Content Security Policy Level 3, 2.3.1."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _inline(text: str) -> Markup:
    """Text that stands in a script or style element as it is. Source: HTML, 4.12.1.3 (restrictions for contents of script)."""
    if any(word in text.lower() for word in ("<script", "</script", "</style", "\r")):
        raise Error("a script or style cannot stand inside of a page: it holds an end of its own element")
    return Markup(text)  # noqa: S704


def _documents(site: Path) -> Iterator[tuple[str, str]]:
    """Key documents and status lists by their addresses."""
    for file in sorted(site.glob("issuers/*/did.json")):
        raw = file.read_bytes()
        yield did_document_url(did_of(parse_json(raw))), raw.decode("utf-8")
    for file in sorted(site.glob("issuers/*/status/*.json")):
        raw = file.read_bytes()
        yield list_id_of(parse_json(raw)), raw.decode("utf-8")


def _successors(site: Path, ledger: Ledger, *, base: str) -> Iterator[tuple[str, bytes]]:
    """What tells the holder of an old file where its place is taken: the list of versions and the current one, or the same
    credential with new proofs."""
    for award in ledger.awards.values():
        files = {version.file for version in award.kept if version.resigned}
        if len(award.versions) > 1:
            files |= {"versions.json", award.current.file}
        folder = signed_path("page", id=award.id)
        for file in files:
            yield base + folder + file, (site / folder / file).read_bytes()
