"""What is published of a credential that was erased: a page without a person, and a note in the place of each file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.credentials.urls import credential_file, signed_path
from site_builder.ledger.store.award_json import ErasedAward
from site_builder.site.context import Site
from site_builder.site.page_input import Files, PageInput
from site_builder.site.page_release import release_name
from site_builder.site.page_shape import render_shaped
from site_builder.site.parts.frame import SiteFacts
from site_builder.site.parts.version_files import note_of_withdrawal, versions_json
from site_builder.verification.catalogue import filled, wording
from site_builder.verification.page.expected import complaint_mail
from site_builder.wording import format_date

__all__ = ["ErasedInput", "erased_files", "erased_inputs"]


@dataclass(frozen=True)
class ErasedInput(PageInput):
    """All that the page of an erased credential is made of: the badge and the issuer as they are today, and the day.

    id: of the award. badge, issuer: their folders' names. versions: how many there were. date: as printed."""

    site: SiteFacts
    id: str
    badge: str
    issuer: str
    versions: int
    achievement_name: str
    issuer_name: str
    language: str
    office: str
    date: str


def erased_inputs(site: Site) -> Iterator[ErasedInput]:
    """The inputs of all erased credentials' pages, by id."""
    for award in sorted(site.checked.ledger.erased.values(), key=lambda award: award.id):
        yield _input(site, award)


def _input(site: Site, award: ErasedAward) -> ErasedInput:
    badge, issuer = site.checked.repository.badges[award.badge], site.checked.repository.issuers[award.issuer]
    return ErasedInput(
        path=signed_path("page", id=award.id),
        site=site.facts.as_address,
        id=award.id,
        badge=award.badge,
        issuer=award.issuer,
        versions=len(award.versions),
        achievement_name=badge.record.name,
        issuer_name=issuer.record.name,
        language=badge.record.language or issuer.record.language,
        office=issuer.record.email,
        date=format_date(site.checked.erasures[award.id].record.date.isoformat()),
    )


def erased_files(page: ErasedInput) -> Files:
    """What stays at the addresses of a credential that was erased."""
    for number in range(1, page.versions + 1):
        yield page.path + credential_file(number), note_of_withdrawal(page.site.base + page.path)
    yield page.path + "versions.json", versions_json([True] * page.versions, current=None)
    yield page.path + "index.html", _html(page)


def _html(page: ErasedInput) -> bytes:
    """A page without a statement, a person or a script."""
    issuer_path = signed_path("issuer", issuer=page.issuer)
    frame = page.site.frame(
        page.path,
        title=filled(wording()["head"]["withdrawn_title"], achievement=page.achievement_name),
        description=filled(wording()["head"]["withdrawn_description"], issuer=page.issuer_name),
        indexed=False,
        accent=issuer_path + "accent.css",
        release=release_name(),
    )
    shown = {
        "language": page.language,
        "issuer_name": page.issuer_name,
        "issuer_path": issuer_path,
        "achievement_path": signed_path("criteria", badge=page.badge),
        "achievement_name": page.achievement_name,
        "date": page.date,
        "complaint": complaint_mail(page.path, base=page.site.base, office=page.office),
    }
    return render_shaped("erased.html", frame=frame, page=shown)
