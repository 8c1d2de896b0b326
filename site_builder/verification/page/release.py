"""The releases of the page: how each release of this program prints credential pages, kept for as long as such pages may be met.

A release is a file of page/releases/, named by its digest; a page names the release that made it. Files are added, and never changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.verification.page.pattern import Pattern

__all__ = ["Release", "current_release", "current_sources", "find_release", "release_digest"]

_DIGEST = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, eq=False)
class Release:
    """One release. digest: 32 hex digits. language: of its pages.

    claims: rows of page/claims.json with their labels. wording: groups of sentences. pages: a pattern for each kind of page.
    assets: SHA-256 of each file that pages load, by path below the site's root, scripts included."""

    digest: str
    version: str
    language: str
    claims: Sequence[dict[str, str]]
    wording: Mapping[str, Mapping[str, str]]
    pages: Mapping[str, Pattern]
    assets: Mapping[str, str]


def release_digest(parts: Mapping[str, Any]) -> str:
    """The name of a release: 128 bits of the SHA-256 of its JSON (RFC 8785) but for the scripts, which hold that name themselves."""
    named = {name: value for name, value in parts.items() if name != "scripts"}
    return hashlib.sha256(canonicalize_jcs(named)).hexdigest()[:32]


@cache
def find_release(digest: str) -> Release | None:
    """The release of a name; None for one that this program does not know."""
    folder = resources.files(__package__).joinpath("releases")
    file = folder.joinpath(f"{digest}.json")
    if not _DIGEST.fullmatch(digest) or not file.is_file():
        return None
    parts: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return Release(
        digest=digest,
        version=parts["version"],
        language=parts["language"],
        claims=parts["claims"],
        wording=parts["wording"],
        pages=parts["pages"],
        assets=parts["assets"] | parts["scripts"],
    )


@cache
def current_release() -> Release:
    """The release that this program makes."""
    folder = resources.files(__package__).joinpath("releases")
    release = find_release(folder.joinpath("current").read_text("ascii").strip())
    if release is None:
        raise FileNotFoundError("page/releases/current names no release")
    return release


def current_sources() -> str:
    """The digest of what that release was made from (site/page_release.py); "" where nobody has written it down."""
    file = resources.files(__package__).joinpath("releases", "sources")
    return file.read_text("ascii").strip() if file.is_file() else ""
