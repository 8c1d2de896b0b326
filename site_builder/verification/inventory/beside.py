"""The files beside a credential in a site's folder: each must be what a build makes of the credential alone, or of its picture."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Container, Iterator
from functools import lru_cache
from typing import Any

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.carriers.png import picture_of_png
from site_builder.credentials.carriers.svg import drawing_of_svg
from site_builder.credentials.carriers.table import CARRIERS, Carrier
from site_builder.credentials.openbadges3.read import achievement_image_of, credential_id_of
from site_builder.credentials.qr import is_qr_of
from site_builder.credentials.rosette.drawing import rosette_digest, rosette_svg
from site_builder.credentials.urls import PICTURE_DIGEST
from site_builder.encoding import EncodingError
from site_builder.records.artwork.svg import ArtworkError, reserialize_svg
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.page.reader import StatementPage

__all__ = ["QR_CODE", "ROSETTE", "about_drawings", "badge_images", "named_digest", "wrong_files"]

QR_CODE, ROSETTE = "qr.svg", "rosette.svg"
_PICTURE = re.compile(rf"/(?:image|logo)-({PICTURE_DIGEST})\.png")


def badge_images() -> dict[str, Carrier]:
    """The images beside a credential that carry it, by name: one of each kind."""
    return {f"badge.{carrier.suffix}": carrier for carrier in CARRIERS}


def about_drawings(
    document: Any, digest_of: Callable[[Any], bytes] = rosette_digest
) -> dict[str, Callable[[bytes], str]]:
    """By the name of a drawing beside a credential, what tells why it is another than the one that is due, "" if it is not.

    digest_of: as StatementPage has it."""
    address = credential_id_of(document).rpartition("/")[0] + "/"
    return {
        QR_CODE: lambda file: "" if is_qr_of(file, address) else "qr",
        ROSETTE: lambda file: "" if file == _rosette_of(document, digest_of) else "rosette",
    }


def named_digest(address: str) -> str:
    """The hex digits to which the address of a published picture commits; "" for any other address."""
    found = _PICTURE.search(address)
    return found[1] if found and address.endswith(found[0]) else ""


def wrong_files(
    site: SiteFolder, folder: str, raw: bytes, *, page: StatementPage, there: Container[str]
) -> Iterator[tuple[str, str]]:
    """(name, reason) of each file beside a credential that is not what belongs there; reasons are those of wording/en.json, images.

    folder: path of the credential's folder, with a trailing slash. there: the names in it. page: one that says that it was withdrawn
    shows no rosette."""
    try:
        document = site.read(raw)
    except EncodingError:
        document = None
    for name, carrier in badge_images().items():
        reason = _about_image(site, folder, name, carrier, raw=raw, document=document) if name in there else "missing"
        # A picture that was sent as PNG has no drawing: only the page knows.
        if reason == "missing" and not (_is_due(carrier, document) or f'<a href="{name}"' in page.html):
            reason = ""
        if reason:
            yield name, reason
    for name, reason_of in about_drawings(document, page.digest_of).items():
        reason = _compare(site, folder + name, reason_of) if name in there else "missing"
        if reason and not (reason == "missing" and name == ROSETTE and page.is_tombstone):
            yield name, reason


def _compare(site: SiteFolder, path: str, reason_of: Callable[[bytes], str]) -> str:
    """What reason_of says of a file that is there."""
    try:
        file = site.ask(path)
    except FetchError:
        # A link that leads nowhere, a device and a folder are something else than nothing.
        return "no_file"
    return reason_of(file)


def _about_image(site: SiteFolder, folder: str, name: str, carrier: Carrier, *, raw: bytes, document: Any) -> str:
    """Why an image is not the credential's picture with the credential in it, "" if it is."""
    address = achievement_image_of(document)
    return _compare(site, folder + name, lambda file: _about_baked(site, carrier, file, raw=raw, address=address))


def _is_due(carrier: Carrier, document: Any) -> bool:
    """Whether a credential always has this kind of image: every published picture is there as PNG."""
    return carrier.suffix == "png" and named_digest(achievement_image_of(document)) != ""


def _about_baked(site: SiteFolder, carrier: Carrier, file: bytes, *, raw: bytes, address: str) -> str:
    """Why a file is not the right picture with the right credential; of a carrier that is not listed, only the credential counts."""
    about_picture = _ABOUT_PICTURES.get(carrier.suffix)
    reason = about_picture(site, file, raw, address) if about_picture else ""
    if about_picture and not reason:
        # Its bytes are what baking gives: there is nothing left to take out and compare.
        return ""
    try:
        return reason if carrier.unbake(file) == raw else "failed"
    except BakeError:
        return "failed"


def _about_png(site: SiteFolder, file: bytes, raw: bytes, address: str) -> str:
    """Its picture must be the published one, if the site has it; else one of the digest that the address names, if it names one."""
    try:
        picture = picture_of_png(file, raw)
        return "" if picture == site.fetch_own(address) else "picture"
    except BakeError:
        return "picture"
    except FetchError:
        return "" if hashlib.sha256(picture).hexdigest().startswith(named_digest(address)) else "picture"


def _about_svg(_site: SiteFolder, file: bytes, raw: bytes, _address: str) -> str:
    """No drawing is published by itself: what can be seen is whether it is one that could be, and does nothing else."""
    try:
        return "" if _is_drawing(drawing_of_svg(file, raw)) else "drawing"
    except BakeError:
        return "drawing"


# One drawing is in the images of all who earned the same.
@lru_cache(maxsize=64)
def _is_drawing(drawing: bytes) -> bool:
    try:
        return reserialize_svg(drawing) == drawing
    except ArtworkError:
        return False


# How the picture in an image is judged, by the suffix of its carrier.
_ABOUT_PICTURES: dict[str, Callable[[SiteFolder, bytes, bytes, str], str]] = {"png": _about_png, "svg": _about_svg}


def _rosette_of(document: Any, digest_of: Callable[[Any], bytes]) -> bytes:
    """The drawing that belongs to a credential; nothing when it is none."""
    return rosette_svg(digest_of(document)) if isinstance(document, dict) else b""
