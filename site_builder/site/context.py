"""The site as its pages need it: what the checked repository says, put together once for all pages that say it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from site_builder.credentials.urls import signed_path
from site_builder.ledger.store.award_json import StoredAward, Version
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.ledger import SignedFile
from site_builder.ledger.store.renderings import Rendering
from site_builder.records.artwork.png import artwork_file
from site_builder.records.load.repository import Badge, Issuer
from site_builder.site.page_input import Blob
from site_builder.site.parts.cards import Card, Group, subjects_of, summary
from site_builder.site.parts.frame import SiteFacts
from site_builder.site.parts.listed_recipients import Listed, choose_example, standing
from site_builder.wording import format_date

__all__ = ["Site"]

_RECENT = 12


@dataclass
class Site:
    """The published site of a checked repository. Pages take what they need from here into their inputs, and from nowhere else."""

    checked: CheckedRepository
    _blobs: dict[str, Blob] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def facts(self) -> SiteFacts:
        """What every page knows of the site; its header leads to the manual where a site keeps one."""
        repository = self.checked.repository
        has_manual = (repository.root / "content/pages/manual/index.md").is_file()
        manual = [("Manual", "manual/")] if has_manual else []
        sections = (("Achievements", "badges/"), ("Verify", "verify/"), *manual)
        return SiteFacts(repository.config.base, repository.config.name, sections)

    @property
    def base(self) -> str:
        """The site's address, with a trailing slash."""
        return self.facts.base

    def signed(self, award: StoredAward, version: Version) -> SignedFile:
        """A signed file of an award, as the check has read it."""
        return self.checked.ledger.file(award, version)

    def stored(self, path: str) -> Blob | None:
        """A stored file below the repository's root, read once; None when there is none."""
        if path not in self._blobs:
            file = self.checked.repository.root / path
            if not file.is_file():
                return None
            self._blobs[path] = Blob(file.read_bytes())
        return self._blobs[path]

    def rendering(self, folder: str) -> Rendering | None:
        """The stored rendering of artwork. folder: of its badge or issuer, which has one artwork."""
        return self.checked.renderings.get(folder)

    def pictures(self, folder: str, current: Rendering | None, *, kind: str) -> Iterator[tuple[str, Blob]]:
        """The pictures of a badge or an issuer that a signature names, and the current one; nothing else that lies there.

        folder: below the site's root, with a trailing slash. Gives each one's file name and bytes."""
        named = set(self._picture_names.get(folder, ()))
        if current:
            named.add(f"{kind}-{current.digest}.png")
        for name in sorted(named):
            picture = self.stored(f"{folder}rendered/{name}")
            # The check has seen that it is there.
            assert picture is not None, name
            yield name, picture

    @cached_property
    def _picture_names(self) -> dict[str, list[str]]:
        """The names of the pictures that signatures name, by their folders: looked through once, however many achievements there are."""
        names: dict[str, list[str]] = {}
        for path in self.checked.pictures:
            folder, slash, name = path.rpartition("/")
            names.setdefault(folder + slash, []).append(name)
        return names

    @cached_property
    def standing(self) -> Counter[str]:
        """How many awards of each achievement were not withdrawn."""
        return standing(self.checked.ledger.awards.values())

    def image_path(self, badge: Badge) -> str:
        """The picture of an achievement: its rendering, or the re-serialised artwork while none was signed."""
        found = self.rendering(f"badges/{badge.slug}")
        if found:
            return signed_path("achievement image", badge=badge.slug, digest=found.digest)
        return signed_path("criteria", badge=badge.slug) + artwork_file("image", badge.artwork)

    def logo_path(self, issuer: Issuer) -> str:
        """The picture of an issuer, "" when it has none that was rendered."""
        logo = self.rendering(f"issuers/{issuer.slug}") if issuer.logo else None
        return signed_path("issuer image", issuer=issuer.slug, digest=logo.digest) if logo else ""

    def _card(self, badge: Badge, issuer: Issuer) -> Card:
        record = badge.record
        return Card(
            path=signed_path("criteria", badge=badge.slug),
            image=self.image_path(badge),
            name=record.name,
            description=record.description,
            issuer=record.issuer,
            category=record.category or "",
            level=record.level or "",
            subjects=subjects_of(record),
            summary=summary(record),
            language=record.language or issuer.record.language,
        )

    def _group(self, issuer: Issuer) -> Group:
        badges = [badge for badge in self.checked.repository.badges.values() if badge.record.issuer == issuer.slug]
        return Group(
            slug=issuer.slug,
            path=signed_path("issuer", issuer=issuer.slug),
            name=issuer.record.name,
            description=issuer.record.description or "",
            logo=self.logo_path(issuer),
            achievements=tuple(self._card(badge, issuer) for badge in badges),
            language=issuer.record.language,
        )

    @cached_property
    def groups(self) -> list[Group]:
        """The issuers that have achievements, with these."""
        groups = [self._group(issuer) for issuer in self.checked.repository.issuers.values()]
        return [group for group in groups if group.achievements]

    def is_listed(self, award: StoredAward) -> bool:
        """Whether the recipient agreed to be listed, and the award is in force."""
        row = self.checked.rows.get(award.id)
        return row is not None and row.award.listed is not None and award.current.state == "active"

    @cached_property
    def listed(self) -> list[tuple[StoredAward, Listed]]:
        """Those who agreed to be listed, latest first."""
        awards = [award for award in self.checked.ledger.awards.values() if self.is_listed(award)]
        awards.sort(key=lambda award: (award.awarded, award.id), reverse=True)
        return [(award, self._entry(award)) for award in awards]

    @cached_property
    def listed_by_badge(self) -> Mapping[str, Sequence[Listed]]:
        """Those who agreed to be listed by the achievement, latest first."""
        found: defaultdict[str, list[Listed]] = defaultdict(list)
        for award, entry in self.listed:
            found[award.badge].append(entry)
        return found

    def _entry(self, award: StoredAward) -> Listed:
        credential = self.signed(award, award.current).credential
        end = credential.valid_until
        return Listed(
            path=signed_path("page", id=award.id),
            name=credential.subject.name,
            achievement=credential.name,
            awarded=format_date(credential.awarded),
            day=award.awarded,
            last_day=end.date().isoformat() if end else "",
            has_begun=award.awarded <= award.current.issued[:10],
        )

    @property
    def recent(self) -> list[Listed]:
        """The latest of those who agreed to be listed."""
        return [entry for _, entry in self.listed if entry.has_begun][:_RECENT]

    @property
    def example(self) -> Listed | None:
        """A credential to show to somebody who has never seen one."""
        return choose_example([entry for _, entry in self.listed])
