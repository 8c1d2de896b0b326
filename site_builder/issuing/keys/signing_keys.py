"""Private keys: these modules, keys*, alone make, read or hold one. They never touch the repository, the site or a log line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from site_builder.authoring.key_list import add_key, set_key_state
from site_builder.credentials.demo import is_demo_host, is_demo_key
from site_builder.credentials.identifiers.multikey import (
    KeyTextError,
    fingerprint,
    format_private_key,
    format_public_key,
    parse_private_key,
)
from site_builder.disk import refused
from site_builder.errors import Error, UsageError
from site_builder.issuing.durable.files import write_file
from site_builder.issuing.keys.at_rest import lock_line
from site_builder.issuing.keys.sources import find_private_text, open_line, source_names, write_private_file
from site_builder.issuing.surroundings import Ask
from site_builder.records.load.repository import Issuer
from site_builder.records.models.keys import KeyRecord

__all__ = ["NewKey", "SigningKey", "find_signing_key", "keys_file", "new_key", "next_key_id", "refuse_new_key"]


@dataclass(frozen=True)
class SigningKey:
    """A private key that is known to be the issuer's active one. key_id: `key-1`. source: where it was found."""

    key_id: str
    private: Ed25519PrivateKey = field(repr=False)
    source: str = ""


@dataclass(frozen=True)
class NewKey:
    """What `keys new` made. line: the private key as text, to be shown only when it was asked for. retired: the key before it."""

    key_id: str
    multibase: str
    keys_file: str
    line: str = field(repr=False)
    retired: str = ""

    @property
    def fingerprint(self) -> str:
        """What people compare by eye."""
        return fingerprint(self.multibase)

    def as_json(self) -> dict[str, str]:
        """Plain data for --json: what anybody may know of the key."""
        return {
            "key": self.key_id,
            "publicKeyMultibase": self.multibase,
            "fingerprint": self.fingerprint,
            "keys_file": self.keys_file,
        } | ({"retired": self.retired} if self.retired else {})


def keys_file(issuer: str) -> str:
    """Path of an issuer's list of keys below the repository's root."""
    return f"issuers/{issuer}/keys.yml"


def next_key_id(issuer: Issuer) -> str:
    """The name of an issuer's next key; one that is missing in between is not used again."""
    numbers = [int(key.id.partition("-")[2]) for key in issuer.keys]
    return f"key-{max(numbers, default=0) + 1}"


def refuse_new_key(issuer: Issuer, *, rotate: bool) -> None:
    """Raises UsageError when there is an active key and it is not to be replaced, or when there is none that could be."""
    slug, active = issuer.slug, issuer.active_key
    if active is not None and not rotate:
        fix = f"To replace it run 'laurels keys rotate {slug}' (what it signed keeps verifying)"
        raise UsageError(f"{slug} has an active key, {active.id}. {fix}")
    if active is None and rotate:
        raise UsageError(f"{slug} has no active key that could be replaced: run 'laurels keys new {slug}'")


def new_key(
    root: Path,
    issuer: Issuer,
    *,
    random_bytes: Callable[[int], bytes],
    today: date,
    file: Path | None,
    passphrase: str | None = None,
    rotate: bool = False,
) -> NewKey:
    """A new key of an issuer: its private half is written to file (if one is given), its public half added to keys.yml.

    passphrase: what locks the file. rotate: the active key is retired in the same write, so that there is one at every moment."""
    refuse_new_key(issuer, rotate=rotate)
    active = issuer.active_key
    private = Ed25519PrivateKey.from_private_bytes(random_bytes(32))
    line, multibase = format_private_key(private), format_public_key(private.public_key())
    key = KeyRecord.model_validate(
        {
            "id": next_key_id(issuer),
            "publicKeyMultibase": multibase,
            "created": today.isoformat(),
            "state": "active",
        }
    )
    listed = keys_file(issuer.slug)
    raw = (root / listed).read_bytes() if (root / listed).exists() else b""
    if active is not None:
        raw = set_key_state(raw, active.id, state="retired", until=max(today, active.created), file=listed)
    _write_both(root, listed, add_key(raw, key, file=listed), file, lock_line(line, passphrase) if passphrase else line)
    return NewKey(key.id, multibase, listed, line, active.id if active else "")


def _write_both(root: Path, listed: str, raw: bytes, file: Path | None, text: str) -> None:
    """The private half first: a list that names a key which nobody has would stop all signing."""
    if file is not None:
        write_private_file(file, text if text.endswith("\n") else f"{text}\n", root)
    try:
        write_file(root / listed, raw)
    except OSError as error:
        # A private key whose public half stands nowhere is of no use, and would be in the way the next time.
        if file is not None:
            file.unlink()
        raise Error(f"{listed} could not be written ({refused(error)}); no key was made") from None


def find_signing_key(
    issuer: Issuer,
    *,
    base: str,
    environment: Mapping[str, str],
    key_file: Path | None = None,
    ask: Ask | None = None,
) -> SigningKey:
    """The issuer's active signing key: from the given file, its variable, the usual file, or the published demo keys.

    ask: for the passphrase of a locked one, where there is a person to ask.
    Raises Error when there is none, when it is not the active one, and for demo keys on a real site."""
    active = issuer.active_key
    if active is None:
        raise Error(f"{keys_file(issuer.slug)} lists no active key: run 'laurels keys new {issuer.slug}'")
    if is_demo_key(active.publicKeyMultibase) and not is_demo_host(base):
        raise Error(
            f"{active.id} of {issuer.slug} is a demo key, which anybody can use: run 'laurels keys rotate {issuer.slug}'"
        )
    found = find_private_text(issuer.slug, active, base=base, environment=environment, key_file=key_file)
    if found is None:
        names = source_names(issuer.slug, active.id, base=base, environment=environment)
        raise Error(f"no signing key for {issuer.slug} was found: {names}")
    try:
        private = parse_private_key(open_line(found, issuer.slug, environment=environment, ask=ask))
    except KeyTextError as error:
        raise Error(f"what is in {found.source} is not a signing key: {error}") from None
    if format_public_key(private.public_key()) != active.publicKeyMultibase:
        raise Error(f"the signing key in {found.source} is not {active.id} of {keys_file(issuer.slug)}")
    return SigningKey(active.id, private, found.source)
