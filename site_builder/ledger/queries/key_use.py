"""What each of an issuer's keys signed: the credentials and the status lists that stand or fall with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from site_builder.credentials.identifiers.did_web import PublicKeyEntry
from site_builder.credentials.identifiers.multikey import fingerprint
from site_builder.credentials.securing.data_integrity import method_of, proofs_of
from site_builder.credentials.urls import signed_url
from site_builder.encoding import EncodingError, parse_json
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.definitions import issuer_did
from site_builder.ledger.store.ledger import status_file
from site_builder.records.load.repository import Issuer
from site_builder.records.models.keys import KeyRecord

__all__ = ["KeyUse", "SignedCredential", "for_review", "key_uses", "public_keys"]


@dataclass(frozen=True)
class SignedCredential:
    """A version that a key signed. signed: the day (UTC) on which it did. state: active, superseded or revoked."""

    id: str
    badge: str
    version: int
    state: str
    awarded: str
    signed: date
    page: str

    def as_json(self) -> dict[str, Any]:
        """Plain data for --json; no person stands in it."""
        return self.__dict__ | {"signed": self.signed.isoformat()}


@dataclass(frozen=True)
class KeyUse:
    """A key and what it signed. lists: paths of status lists below the repository's root."""

    issuer: str
    key: KeyRecord
    credentials: tuple[SignedCredential, ...]
    lists: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data for --json."""
        return {
            "issuer": self.issuer,
            "key": self.key.id,
            "state": self.key.state,
            "created": self.key.created.isoformat(),
            "until": self.key.until.isoformat() if self.key.until else None,
            "publicKeyMultibase": self.key.publicKeyMultibase,
            "fingerprint": fingerprint(self.key.publicKeyMultibase),
            "credentials": len(self.credentials),
            "status_lists": len(self.lists),
        }


def public_keys(issuer: Issuer) -> list[PublicKeyEntry]:
    """The keys of an issuer as its key document lists them: a compromised one signs nothing that is accepted."""
    return [PublicKeyEntry(key.id, key.publicKeyMultibase, key.state != "compromised") for key in issuer.keys]


def key_uses(checked: CheckedRepository, issuer: Issuer) -> list[KeyUse]:
    """Every key of an issuer in the order of its list, with what it signed."""
    credentials = list(_credentials(checked, issuer.slug))
    lists = list(_lists(checked, issuer))
    return [
        KeyUse(
            issuer.slug,
            key,
            tuple(credential for name, credential in credentials if name == key.id),
            tuple(file for name, file in lists if name == key.id),
        )
        for key in issuer.keys
    ]


def for_review(credentials: tuple[SignedCredential, ...], since: date | None) -> list[SignedCredential]:
    """What an issuer must look through when a key was stolen: what was signed since then first, the newest at the top."""
    newest = sorted(credentials, key=lambda entry: (entry.signed, entry.id, entry.version), reverse=True)
    return sorted(newest, key=lambda entry: since is not None and entry.signed < since)


def _credentials(checked: CheckedRepository, issuer: str) -> Iterator[tuple[str, SignedCredential]]:
    base = checked.repository.config.base
    for award in sorted(checked.ledger.awards.values(), key=lambda award: award.id):
        for number, version in enumerate(award.versions, 1):
            if award.issuer == issuer and not version.withheld:
                page = signed_url(base, "page", id=award.id)
                signed = date.fromisoformat(version.signed[:10])
                yield (
                    version.key,
                    SignedCredential(award.id, award.badge, number, version.state, award.awarded, signed, page),
                )


def _lists(checked: CheckedRepository, issuer: Issuer) -> Iterator[tuple[str, str]]:
    """(key-1, path) of each status list; `check` has seen that the signatures hold."""
    did = issuer_did(issuer, checked.repository.config.base)
    for (slug, number), raw in sorted(checked.ledger.lists.items()):
        if slug == issuer.slug:
            try:
                document = parse_json(raw)
            except EncodingError:
                continue
            methods = {method_of(proof) for proof in proofs_of(document)}
            yield from ((key.id, status_file(slug, number)) for key in issuer.keys if f"{did}#{key.id}" in methods)
