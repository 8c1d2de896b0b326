"""What is published of one credential: its page, its signed files as they were signed, its images and QR code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from site_builder.credentials.carriers.png import bake_png
from site_builder.credentials.carriers.svg import bake_svg
from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.identifiers.multikey import fingerprint
from site_builder.credentials.rosette.drawing import rosette_digest, rosette_svg
from site_builder.credentials.urls import credential_file, signed_path
from site_builder.encoding import format_json, parse_json
from site_builder.ledger.store.award_json import ErasedAward, StoredAward
from site_builder.records.models.changes import RevokeRecord
from site_builder.site.context import Site
from site_builder.site.pages.erased import erased_page
from site_builder.site.pages.statement import statement, tombstone
from site_builder.site.pages.version_history import history_of
from site_builder.site.parts.frame import did_origin
from site_builder.site.parts.qr import qr_svg
from site_builder.site.parts.sharing import complaint_mail
from site_builder.wording import format_date

__all__ = ["credential_files", "erased_files", "withdrawal"]

_REASONS = {
    "issued-in-error": "issued in error",
    "requirements-not-met": "the requirements were not met",
    "misconduct": "misconduct",
    "withdrawn-by-recipient": "withdrawn at the recipient's wish",
    "other": "another reason",
}
_FORMS = {"png": "image (PNG)", "svg": "image (SVG)", "json": "credential (JSON)"}


def credential_files(site: Site, award: StoredAward) -> Iterator[tuple[str, bytes]]:
    """A credential's page, its signed files as they were signed, its baked images, QR code and rosette."""
    folder = signed_path("page", id=award.id)
    for version in award.versions:
        if version.withheld:
            yield folder + version.file, _stub(site, folder)
        else:
            yield folder + version.file, site.state.ledger.read_credential(award, version)
    withheld = [bool(version.withheld) for version in award.versions]
    yield folder + "versions.json", _versions_json(withheld, current=len(withheld))
    raw = site.state.ledger.read_credential(award, award.current)
    document = parse_json(raw)
    picture = _stored_picture(site, document)
    downloads = list(_baked(folder, picture, raw))
    yield from downloads
    yield folder + "qr.svg", qr_svg(site.base + folder)
    if award.current.state == "active":
        yield folder + "rosette.svg", rosette_svg(rosette_digest(document))
    forms = [path.removeprefix(folder) for path, _ in downloads]
    yield folder + "index.html", _credential_page(site, award, folder, document, forms=forms)


def erased_files(site: Site, award: ErasedAward) -> Iterator[tuple[str, bytes]]:
    """What stays at the addresses of a credential that was erased: a page without a person, and words in place of its files."""
    folder = signed_path("page", id=award.id)
    for number in range(1, len(award.versions) + 1):
        yield folder + credential_file(number), _stub(site, folder)
    yield folder + "versions.json", _versions_json([True] * len(award.versions), current=None)
    yield folder + "index.html", erased_page(site, award)


def _versions_json(withheld: Sequence[bool], *, current: int | None) -> bytes:
    """Which versions there are, by which every holder finds the current one. withheld: whether each file was taken back."""
    versions = [
        {"version": number, "file": credential_file(number)} | ({"withheld": True} if is_withheld else {})
        for number, is_withheld in enumerate(withheld, 1)
    ]
    return format_json({"current": current, "versions": versions})


def _stub(site: Site, folder: str) -> bytes:
    """What lies at the address of a file that was taken back: no address that was ever published leads nowhere."""
    note = "The issuer has withdrawn this file."
    return format_json({"withheld": True, "page": site.base + folder, "note": note})


def _baked(folder: str, picture: Path | None, raw: bytes) -> Iterator[tuple[str, bytes]]:
    if picture:
        yield folder + "badge.png", bake_png(picture.read_bytes(), raw)
        drawing = picture.with_suffix(".svg")
        # What was made of a PNG picture has no other form.
        if drawing.is_file():
            yield folder + "badge.svg", bake_svg(drawing.read_bytes(), raw)


def _stored_picture(site: Site, document: dict[str, Any]) -> Path | None:
    image = document["credentialSubject"]["achievement"].get("image", {}).get("id", "")
    badge, _, name = image.removeprefix(site.base + "badges/").partition("/")
    return site.state.repository.root / "badges" / badge / "rendered" / name if image else None


def _credential_page(
    site: Site, award: StoredAward, folder: str, document: dict[str, Any], *, forms: Sequence[str]
) -> bytes:
    """forms: the baked images beside the page, by file name."""
    issuer = site.state.repository.issuers[award.issuer]
    achievement = document["credentialSubject"]["achievement"]
    key = next(key for key in issuer.keys if key.id == award.current.key)
    shared = {
        "did_path": signed_path("issuer", issuer=award.issuer) + "did.json",
        "issuer_path": signed_path("issuer", issuer=award.issuer),
        "achievement_path": signed_path("criteria", badge=award.badge)
        + f"#{site.state.editions.anchor(award.badge, achievement)}",
        "complaint": complaint_mail(document, base=site.base, office=issuer.record.email),
        "key": key.id,
        "fingerprint": fingerprint(key.publicKeyMultibase),
        "is_demo": is_demo_key(key.publicKeyMultibase),
    }
    connect = did_origin(document["issuer"]["id"], site.base)
    accent = signed_path("issuer", issuer=award.issuer) + "accent.css"
    name, issuer_name = document["name"], document["issuer"]["name"]
    if award.current.state != "active":
        frame = site.frame(
            folder,
            title=f"Withdrawn: {name}",
            description=f"{issuer_name} has withdrawn this credential.",
            connect=connect,
            indexed=False,
            accent=accent,
        )
        return site.render("tombstone.html", frame, tombstone(document) | shared | _withdrawal(site, award))
    recipient = document["credentialSubject"]["identifier"][0]["identityHash"]
    frame = site.frame(
        folder,
        title=f"{recipient} · {name}",
        description=f"{issuer_name} certifies that {recipient} earned {name}. Anybody can check it on this page.",
        connect=connect,
        indexed=site.is_listed(award),
        accent=accent,
        image=f"{site.base}{folder}badge.png",
        image_alt=document["credentialSubject"]["achievement"].get("image", {}).get("caption", ""),
    )
    content = statement(document, base=site.base, linkedin_organization=issuer.record.linkedin_organization)
    past = history_of(site.state, award) | {"downloads": _downloads(award, forms)}
    return site.render("statement.html", frame, content | shared | past)


def _downloads(award: StoredAward, forms: Sequence[str]) -> list[dict[str, str]]:
    """The current credential in its forms."""
    kinds = [(file, file.rpartition(".")[2]) for file in (*forms, award.current.file)]
    return [{"file": file, "name": f"{award.badge}.{kind}", "label": _FORMS[kind]} for file, kind in kinds]


def _withdrawal(site: Site, award: StoredAward) -> dict[str, str]:
    return withdrawal(site.state.revocation_of(award))


def withdrawal(change: RevokeRecord) -> dict[str, str]:
    """What the page of a withdrawn credential says of its revocation."""
    day = format_date(change.date.isoformat())
    return {"date": day, "reason": _REASONS[change.reason], "note": change.note or ""}
