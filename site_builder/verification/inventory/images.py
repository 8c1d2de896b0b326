"""What a page shows besides its words, at an address, where there is no folder to look into: each picture must be the one that is due."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.carriers.png import picture_of_png
from site_builder.credentials.openbadges3.read import achievement_image_of
from site_builder.credentials.qr import is_qr_of
from site_builder.credentials.rosette.drawing import rosette_digest, rosette_svg
from site_builder.encoding import parse_json
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.inventory.beside import QR_CODE, ROSETTE, named_digest
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
    looks: list[tuple[str, str, Callable[[bytes], bool]]] = [
        (f"{facts.path}{ROSETTE}", "rosette", lambda file: file == rosette_svg(rosette_digest(document))),
        (f"{facts.path}{QR_CODE}", "qr", lambda file: is_qr_of(file, facts.base + facts.path)),
    ]
    if digest and address.startswith(facts.base):
        looks += [
            (address.removeprefix(facts.base), "picture", lambda file: _begins(file, digest)),
            (f"{facts.path}{_BADGE}", "picture", lambda file: _is_badge(file, raw, digest)),
        ]
    for path, reason, is_right in looks:
        try:
            if not is_right(ask(path)):
                yield path.rpartition("/")[2], reason
        except FetchError:
            yield path.rpartition("/")[2], "missing"


def _begins(file: bytes, digest: str) -> bool:
    return hashlib.sha256(file).hexdigest().startswith(digest)


def _is_badge(file: bytes, raw: bytes, digest: str) -> bool:
    """Whether an image is the picture of this digest with this credential in it, and nothing else."""
    try:
        return _begins(picture_of_png(file, raw), digest)
    except BakeError:
        return False
