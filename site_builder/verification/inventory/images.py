"""What a page shows besides its words, at an address, where there is no folder to look into: each picture must be the one that is due."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.carriers.png import picture_of_png
from site_builder.credentials.openbadges3.read import achievement_image_of
from site_builder.encoding import parse_json
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.inventory.beside import QR_CODE, ROSETTE, about_drawings, named_digest
from site_builder.verification.page.expected import PageFacts
from site_builder.verification.report import Check, Report, failed_also, sentence

__all__ = ["with_wrong_images", "wrong_pictures"]

_BADGE = "badge.png"


def with_wrong_images(report: Report, wrong: Iterable[tuple[str, str]]) -> Report:
    """The report with a failed check for each (name, reason) of an image; reasons are those of wording/en.json, images."""
    at = report.checks[0].at
    checks = tuple(
        Check("images", "failed", reason, sentence("images", reason, file=name), name, at) for name, reason in wrong
    )
    return failed_also(report, (*report.checks, *checks), checks[0].sentence) if checks else report


def wrong_pictures(raw: bytes, ask: Callable[[str], bytes]) -> Iterator[tuple[str, str]]:
    """(name, reason) of each picture that the page of a credential in force shows, or names for previews, and that is another one.

    raw: the credential, which a page was found to agree with. ask: the bytes of a file by its path below the site's root."""
    document = parse_json(raw)
    facts = PageFacts(document, multibase="")
    address = achievement_image_of(document)
    digest = named_digest(address)
    drawings = about_drawings(document)
    looks = {facts.path + name: drawings[name] for name in (ROSETTE, QR_CODE)}
    if digest and address.startswith(facts.base):
        looks[address.removeprefix(facts.base)] = lambda file: _about_picture(file, digest)
        looks[facts.path + _BADGE] = lambda file: _about_badge(file, raw, digest)
    for path, reason_of in looks.items():
        try:
            reason = reason_of(ask(path))
        except FetchError:
            reason = "missing"
        if reason:
            yield path.rpartition("/")[2], reason


def _about_picture(file: bytes, digest: str) -> str:
    return "" if hashlib.sha256(file).hexdigest().startswith(digest) else "picture"


def _about_badge(file: bytes, raw: bytes, digest: str) -> str:
    """Why an image is not the picture of this digest with this credential in it, and nothing else."""
    try:
        return _about_picture(picture_of_png(file, raw), digest)
    except BakeError:
        return "picture"
