"""By what a credential's page is known without a look into the credential: a digest of all from which its input is made.

To parse a credential and to put its page's input together takes about 100 µs; its key takes 5. A page that has the key of the last build
has its input too. One that has another key may still have the same input: then that is made, and compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.credentials.carriers.table import CARRIERS
from site_builder.credentials.urls import signed_path
from site_builder.ledger.store.award_json import StoredAward
from site_builder.site.context import Site
from site_builder.site.page_input import fingerprint_of
from site_builder.site.pages.credential import CredentialInput, credential_input

__all__ = ["CredentialSource", "credential_sources"]


@dataclass(frozen=True)
class CredentialSource:
    """From what a credential's page is made. path: as of its input. key: 64 hex digits; "" for one whose input is made every time."""

    path: str
    key: str
    site: Site
    award: StoredAward

    def read(self) -> tuple[CredentialInput, str]:
        """The page's input, and the key by which it is known from now on."""
        page = credential_input(self.site, self.award)
        return page, self.key if self.key and self._names_own_picture(page) else ""

    def _names_own_picture(self, page: CredentialInput) -> bool:
        """Whether the credential names no picture, or one of those in the key: any other could appear later."""
        image = page.current.credential.subject.achievement.image
        if image is None:
            return True
        path = image.url.removeprefix(self.site.base)
        is_own = image.url.startswith(self.site.base) and path.startswith(f"badges/{self.award.badge}/")
        return is_own and path in self.site.checked.pictures


def credential_sources(site: Site) -> Iterator[CredentialSource]:
    """Those of all credentials' pages, by id."""
    keys = _Keys(site)
    for award in sorted(site.checked.ledger.awards.values(), key=lambda award: award.id):
        yield CredentialSource(signed_path("page", id=award.id), keys.key(award), site, award)


class _Keys:
    """The keys of a site's credentials."""

    def __init__(self, site: Site) -> None:
        self._site, self._shared = site, dict[tuple[str, str], bytes]()

    def key(self, award: StoredAward) -> str:
        """Of an award with one version that is in force and has to do with no other award; "" for any other, of which there are few."""
        checked = self._site.checked
        read = checked.ledger.award_files.get(award.folder)
        is_plain = len(award.versions) == 1 and award.current.state == "active" and not award.renews
        if read is None or not is_plain or award.id in checked.renewed_by:
            return ""
        named = award.issuer, award.badge
        shared = self._shared.get(named)
        if shared is None:
            shared = self._shared[named] = self._digest(award)
        # Where award.json was read with its folder, the credential beside it has the digest that stands in it.
        is_listed = b"+" if self._site.is_listed(award) else b"-"
        return hashlib.sha256(shared + read[1] + is_listed).hexdigest()

    def _digest(self, award: StoredAward) -> bytes:
        """Of what the pages of an issuer's awards of an achievement have in common: the site, the issuer, and of the achievement its
        editions, which give it its place on its page, and its pictures."""
        site = self._site
        issuer = site.checked.repository.issuers[award.issuer]
        editions = [edition.achievement for edition in site.checked.editions.by_badge.get(award.badge, ())]
        pictures = site.pictures(f"badges/{award.badge}/", None, kind="image")
        stems = [name.removesuffix("png") for name, _ in pictures]
        files = [f"badges/{award.badge}/rendered/{stem}{carrier.suffix}" for stem in stems for carrier in CARRIERS]
        return fingerprint_of(
            (
                site.facts.as_address,
                award.issuer,
                award.badge,
                issuer.record.email,
                issuer.record.linkedin_organization,
                tuple((key.id, key.publicKeyMultibase) for key in issuer.keys),
                json.dumps(editions),
                tuple((file, site.stored(file)) for file in files),
            )
        )
