"""What is published of an achievement: its page, its definition, and every picture of it that was ever signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from site_builder.credentials.openbadges3.build import build_achievement
from site_builder.credentials.openbadges3.read import read_achievement
from site_builder.credentials.openbadges3.values import SignedAchievement
from site_builder.credentials.urls import signed_path, signed_url
from site_builder.encoding import format_json
from site_builder.ledger.store.definitions import achievement_of
from site_builder.ledger.store.editions import edition_anchor
from site_builder.records.artwork.png import artwork_file
from site_builder.records.load.repository import Badge
from site_builder.site.context import Site
from site_builder.site.page_input import Blob, Files, PageInput
from site_builder.site.parts.cards import achievement_facts
from site_builder.site.parts.editions import ShownEdition, shown_edition
from site_builder.site.parts.facts import Fact, safe_markdown
from site_builder.site.parts.frame import SiteFacts
from site_builder.site.parts.listed_recipients import Listed, choose_example, holders_in_words
from site_builder.site.parts.results import shown_results, shown_skills
from site_builder.site.theme import render

__all__ = ["AchievementInput", "achievement_files", "achievement_inputs"]


@dataclass(frozen=True)
class IssuerLine:
    """The issuer as the page of its achievement names it. path, logo: below the site's root; logo "" for none."""

    path: str
    name: str
    description: str
    language: str
    logo: str


@dataclass(frozen=True)
class AchievementInput(PageInput):
    """All that an achievement's page is made of.

    achievement_json: achievement.json as it is published; definition: what it states; anchor: what it is called in addresses.
    pictures: every one that a signature names and the present one, by file name. image_digest: of the present rendering, "" while
    there is none; then artwork is published as it is, under artwork_name. image: path of the picture that is shown, below the site's
    root. facts: its quiet line. editions: earlier ones. holders: how many hold it, in words."""

    site: SiteFacts
    badge: str
    achievement_json: bytes
    definition: SignedAchievement
    anchor: str
    pictures: tuple[tuple[str, Blob], ...]
    image_digest: str
    artwork_name: str
    artwork: bytes
    image: str
    image_alt: str
    language: str
    tags: tuple[str, ...]
    facts: tuple[Fact, ...]
    issuer: IssuerLine
    editions: tuple[ShownEdition, ...]
    holders: str
    listed: tuple[Listed, ...]


def achievement_inputs(site: Site) -> Iterator[AchievementInput]:
    """The inputs of all achievements' pages."""
    for badge in site.checked.repository.badges.values():
        yield _input(site, badge)


def _input(site: Site, badge: Badge) -> AchievementInput:
    record, folder = badge.record, signed_path("criteria", badge=badge.slug)
    rendering = site.rendering(f"badges/{badge.slug}")
    image_digest = rendering.digest if rendering else ""
    issuer = site.checked.repository.issuers[record.issuer]
    document = build_achievement(achievement_of(badge, issuer, image_digest=image_digest), base=site.base)
    definition = read_achievement(document)
    return AchievementInput(
        path=folder,
        site=site.facts,
        badge=badge.slug,
        achievement_json=format_json(document),
        definition=definition,
        anchor=edition_anchor(document),
        pictures=tuple(site.pictures(folder, rendering, kind="image")),
        image_digest=image_digest,
        artwork_name="" if rendering else artwork_file("image", badge.artwork),
        artwork=b"" if rendering else badge.artwork,
        image=site.image_path(badge),
        image_alt=record.image_alt,
        language=record.language or issuer.record.language,
        tags=record.tags,
        facts=tuple(achievement_facts(record)),
        issuer=IssuerLine(
            path=signed_path("issuer", issuer=issuer.slug),
            name=issuer.record.name,
            description=issuer.record.description or "",
            language=issuer.record.language,
            logo=site.logo_path(issuer),
        ),
        editions=tuple(
            shown_edition(edition, definition, base=site.base)
            for edition in site.checked.editions.earlier(badge.slug, document)
        ),
        holders=holders_in_words(site.standing[badge.slug]),
        listed=tuple(site.listed_by_badge.get(badge.slug, ())),
    )


def achievement_files(page: AchievementInput) -> Files:
    """An achievement's pictures, definition and page."""
    for name, picture in page.pictures:
        yield page.path + name, picture.raw
    if page.artwork_name:
        yield page.path + page.artwork_name, page.artwork
    yield page.path + "achievement.json", page.achievement_json
    yield page.path + "index.html", _html(page)


def _html(page: AchievementInput) -> bytes:
    definition, digest = page.definition, page.image_digest
    frame = page.site.frame(
        page.path,
        title=f"{definition.name} · {page.issuer.name}",
        description=definition.description,
        accent=page.issuer.path + "accent.css",
        image=signed_url(page.site.base, "achievement image", badge=page.badge, digest=digest) if digest else "",
        image_alt=page.image_alt,
    )
    shown = {
        "name": definition.name,
        "description": definition.description,
        "language": page.language,
        "image": page.image,
        "image_alt": page.image_alt,
        "issuer": page.issuer,
        "facts": page.facts,
        "subjects": [(tag, urlencode({"subject": tag})) for tag in page.tags],
        "holders": page.holders,
        "example": choose_example(page.listed),
        "listed": page.listed,
        "criteria": safe_markdown(definition.criteria),
        "skills": shown_skills(definition),
        "results": shown_results(definition),
        "anchor": page.anchor,
        "editions": page.editions,
    }
    return render("achievement.html", frame=frame, page=shown)
