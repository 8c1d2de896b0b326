"""What is published of one credential: its page, its signed files as they were signed, its images and QR code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from site_builder.credentials.carriers.table import CARRIERS
from site_builder.credentials.demo import is_demo_key
from site_builder.credentials.identifiers.multikey import fingerprint
from site_builder.credentials.openbadges3.read import achievement_json_of
from site_builder.credentials.openbadges3.values import Credential
from site_builder.credentials.qr import qr_svg
from site_builder.credentials.rosette.drawing import rosette_digest, rosette_svg
from site_builder.credentials.urls import signed_path
from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.ledger import SignedFile
from site_builder.site.context import Site
from site_builder.site.page_input import Blob, Files, PageInput
from site_builder.site.page_release import release_name
from site_builder.site.page_shape import render_shaped
from site_builder.site.pages.version_history import VersionHistory, history_of
from site_builder.site.parts.facts import safe_markdown
from site_builder.site.parts.frame import SiteFacts
from site_builder.site.parts.name_size import name_size
from site_builder.site.parts.version_files import note_of_withdrawal, versions_json
from site_builder.site.parts.withdrawal import Withdrawal, withdrawal
from site_builder.verification.catalogue import filled, wording
from site_builder.verification.page.expected import complaint_mail
from site_builder.verification.page.policy import did_origin
from site_builder.verification.page.statement import Values, claim_rows, linkedin_link, statement, tombstone

__all__ = [
    "CredentialInput",
    "PublishedVersion",
    "credential_files",
    "credential_input",
    "credential_inputs",
    "shown_prose",
]


@dataclass(frozen=True)
class PublishedVersion:
    """A version's file. signed: None when it was taken back."""

    name: str
    signed: SignedFile | None


@dataclass(frozen=True)
class CredentialInput(PageInput):
    """All that a credential's page is made of.

    badge, issuer: their folders' names. current: what the page states; files: of all versions, the last is current. pictures: the
    achievement's picture in each form that can carry a credential, by its suffix. anchor: of the signed edition on the achievement's
    page. office: the issuer's address for questions. key_id, key_multibase: of the key that signed. withdrawal: None while in force."""

    site: SiteFacts
    badge: str
    issuer: str
    current: SignedFile
    files: tuple[PublishedVersion, ...]
    pictures: tuple[tuple[str, Blob], ...]
    anchor: str
    office: str
    linkedin_organization: str | None
    key_id: str
    key_multibase: str
    is_listed: bool
    withdrawal: Withdrawal | None
    history: VersionHistory | None


# --- gathering --------------------------------------------------------------------------------------------------------


def credential_inputs(site: Site) -> Iterator[CredentialInput]:
    """The inputs of all credentials' pages, by id."""
    for award in sorted(site.checked.ledger.awards.values(), key=lambda award: award.id):
        yield credential_input(site, award)


def credential_input(site: Site, award: StoredAward) -> CredentialInput:
    """What the page of an award is made of, read from the checked repository."""
    issuer = site.checked.repository.issuers[award.issuer]
    current = site.signed(award, award.current)
    key = next(key for key in issuer.keys if key.id == award.current.key)
    is_active = award.current.state == "active"
    return CredentialInput(
        path=signed_path("page", id=award.id),
        site=site.facts.as_address,
        badge=award.badge,
        issuer=award.issuer,
        current=current,
        files=tuple(
            PublishedVersion(version.file, None if version.withheld else site.signed(award, version))
            for version in award.versions
        ),
        pictures=tuple(_pictures(site, current.credential)),
        anchor=site.checked.editions.anchor(award.badge, achievement_json_of(current.document) or {}),
        office=issuer.record.email,
        linkedin_organization=issuer.record.linkedin_organization,
        key_id=key.id,
        key_multibase=key.publicKeyMultibase,
        is_listed=site.is_listed(award),
        withdrawal=None if is_active else withdrawal(site.checked.revocation_of(award)),
        history=history_of(site, award) if is_active else None,
    )


def _pictures(site: Site, credential: Credential) -> Iterator[tuple[str, Blob]]:
    """The stored picture that a credential names, in each of its forms: what was made of a PNG picture has no other."""
    image = credential.subject.achievement.image
    badge, _, name = (image.url if image else "").removeprefix(site.base + "badges/").partition("/")
    for carrier in CARRIERS if image else ():
        picture = site.stored(f"badges/{badge}/rendered/{name.removesuffix('.png')}.{carrier.suffix}")
        if picture:
            yield carrier.suffix, picture


# --- making -----------------------------------------------------------------------------------------------------------


def credential_files(page: CredentialInput) -> Files:
    """A credential's page, its signed files as they were signed, its baked images, QR code and rosette."""
    for file in page.files:
        yield page.path + file.name, file.signed.raw if file.signed else note_of_withdrawal(page.site.base + page.path)
    withheld = [file.signed is None for file in page.files]
    yield page.path + "versions.json", versions_json(withheld, current=len(withheld))
    bake = {carrier.suffix: carrier.bake for carrier in CARRIERS}
    for suffix, picture in page.pictures:
        yield f"{page.path}badge.{suffix}", bake[suffix](picture.raw, page.current.raw)
    yield page.path + "qr.svg", qr_svg(page.site.base + page.path)
    digest = rosette_digest(page.current.document) if page.withdrawal is None else None
    if digest:
        yield page.path + "rosette.svg", rosette_svg(digest)
    yield page.path + "index.html", _html(page, digest)


def _html(page: CredentialInput, digest: bytes | None) -> bytes:
    credential, document = page.current.credential, page.current.document
    if page.withdrawal is not None:
        return _withdrawn_html(page, credential, page.withdrawal)
    said = statement(document, claims=claim_rows(), base=page.site.base, digest=digest)
    names = {"name": said["name"], "achievement": said["achievement_name"], "issuer": said["issuer_name"]}
    frame = page.site.frame(
        page.path,
        title=filled(wording()["head"]["title"], **names),
        description=filled(wording()["head"]["description"], **names),
        connect=_origins(credential.issuer.id, page.site.base),
        indexed=page.is_listed,
        accent=_issuer_path(page) + "accent.css",
        image=f"{page.site.base}{page.path}badge.png",
        image_alt=said["image_alt"],
        release=release_name(),
    )
    past = {name: getattr(page.history, name) for name in ("history", "renews", "renewal", "versions")}
    own = {
        "name_size": name_size(said["name"]),
        "linkedin": linkedin_link(document, organization=page.linkedin_organization),
        "downloads": _downloads(page),
        "has_versions": len(page.files) > 1,
    }
    shown = said | shown_prose(said) | _shared(page, credential) | past | own
    return render_shaped("statement.html", frame=frame, page=shown)


def shown_prose(said: Values) -> dict[str, Any]:
    """The Markdown of a statement as its page has it."""
    return {name: safe_markdown(said[name]) if said[name] else "" for name in ("criteria", "narrative")}


def _withdrawn_html(page: CredentialInput, credential: Credential, withdrawn: Withdrawal) -> bytes:
    """The page of a credential that was revoked: it names no person."""
    said = tombstone(page.current.document)
    names = {"name": "", "achievement": said["achievement_name"], "issuer": said["issuer_name"]}
    frame = page.site.frame(
        page.path,
        title=filled(wording()["head"]["withdrawn_title"], **names),
        description=filled(wording()["head"]["withdrawn_description"], **names),
        connect=_origins(credential.issuer.id, page.site.base),
        indexed=False,
        accent=_issuer_path(page) + "accent.css",
        release=release_name(),
    )
    words = {"date": withdrawn.date, "reason": withdrawn.reason}
    return render_shaped("tombstone.html", frame=frame, page=said | _shared(page, credential) | words)


def _issuer_path(page: CredentialInput) -> str:
    return signed_path("issuer", issuer=page.issuer)


def _shared(page: CredentialInput, credential: Credential) -> dict[str, Any]:
    """What both pages show beside the statement."""
    return {
        "issuer_path": _issuer_path(page),
        "achievement_path": f"{signed_path('criteria', badge=page.badge)}#{page.anchor}",
        "complaint": complaint_mail(page.path, base=page.site.base, office=page.office),
        "key": page.key_id,
        "fingerprint": _fingerprint(page.key_multibase),
        "is_demo": is_demo_key(page.key_multibase),
    }


# Of the few keys that have signed all of a site's credentials.
_fingerprint = lru_cache(maxsize=256)(fingerprint)


@lru_cache(maxsize=256)
def _origins(did: str, base: str) -> tuple[str, ...]:
    return tuple(did_origin(did, base))


def _downloads(page: CredentialInput) -> Sequence[dict[str, str]]:
    """The current credential in its forms."""
    labels = wording()["download"]
    files = [*(f"badge.{suffix}" for suffix, _ in page.pictures), page.files[-1].name]
    suffixes = [file.rpartition(".")[2] for file in files]
    return [
        {"file": file, "name": f"{page.badge}.{suffix}", "label": labels[suffix]}
        for file, suffix in zip(files, suffixes, strict=True)
    ]
