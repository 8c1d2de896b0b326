"""What a site holds beside its credentials: pictures that their addresses commit to, colours, definitions, keys and lists."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from site_builder.credentials.openbadges3.read import achievement_json_of, credential_id_of, image_urls_of
from site_builder.encoding import EncodingError
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.inventory.beside import named_digest
from site_builder.verification.inventory.kinds import kind_of
from site_builder.verification.page.accent import is_accent_css

__all__ = ["is_judged", "missing_files", "named_addresses", "wrong_published"]

_MISSING = "This file is missing, and what was signed names its address."
_PICTURE = "The address of this picture is made of its digest, and this is another picture."
_COLOUR = "This style sheet does more than set an issuer's colour."
_DEFINITION = "This is not the definition of the achievement at this address."
_NO_JSON = "This file is no JSON that can be read."


def named_addresses(document: object) -> set[str]:
    """The addresses that a credential names and a site must answer: its pictures, its achievement."""
    return image_urls_of(document) | {credential_id_of(achievement_json_of(document))} - {""}


def missing_files(site: SiteFolder, addresses: set[str]) -> Iterator[tuple[str, str]]:
    """(path, sentence) of each of these addresses that is the site's and leads to no file."""
    for address in sorted(addresses):
        path = site.path_of(address)
        try:
            if path:
                site.fetch_own(address)
        except FetchError:
            yield path, _MISSING


def is_judged(path: str) -> bool:
    """Whether there is something that a file outside of c/ must be, by its path."""
    return kind_of(path).name in _JUDGES


def wrong_published(site: SiteFolder, path: str) -> str:
    """What is wrong with a file that lies outside of c/, as a sentence; "" when nothing is. path: one that is judged."""
    try:
        return _JUDGES[kind_of(path).name](site, path, site.ask(path))
    except FetchError as error:
        return f"This file cannot be looked at: {error}."


def _about_picture(_site: SiteFolder, path: str, raw: bytes) -> str:
    return "" if hashlib.sha256(raw).hexdigest().startswith(named_digest(f"/{path}")) else _PICTURE


def _about_colour(_site: SiteFolder, _path: str, raw: bytes) -> str:
    return "" if is_accent_css(raw) else _COLOUR


def _about_definition(site: SiteFolder, path: str, raw: bytes) -> str:
    """Its words may be of a later edition than any that was signed: only whose definition it is can be seen."""
    try:
        return "" if credential_id_of(site.read(raw)).endswith(f"/{path}") else _DEFINITION
    except EncodingError:
        return _NO_JSON


def _about_json(site: SiteFolder, _path: str, raw: bytes) -> str:
    """What is said of keys and lists that a credential names stands in its report."""
    try:
        site.read(raw)
    except EncodingError:
        return _NO_JSON
    return ""


# How a file is judged, by its kind: a new judgement is a row here.
_JUDGES: dict[str, Callable[[SiteFolder, str, bytes], str]] = {
    "picture of an achievement": _about_picture,
    "logo": _about_picture,
    "colour of an issuer": _about_colour,
    "definition of an achievement": _about_definition,
    "list of keys": _about_json,
    "revocation list": _about_json,
}
