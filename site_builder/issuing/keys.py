"""Private keys: the only module that makes, reads or holds one. They never touch the repository, the site or a log line."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from site_builder.credentials.demo import demo_signing_key, is_demo_host, is_demo_key
from site_builder.credentials.multikey import (
    KeyTextError,
    fingerprint,
    format_private_key,
    format_public_key,
    parse_private_key,
)
from site_builder.errors import Error, UsageError
from site_builder.records.load import Issuer
from site_builder.records.model import KeysFile
from site_builder.records.yaml_events import YamlRefused, parse_yaml

__all__ = ["NewKey", "SigningKey", "default_key_file", "find_signing_key", "new_key", "variable_name"]


@dataclass(frozen=True)
class SigningKey:
    """A private key that is known to be the issuer's active one. key_id: `key-1`."""

    key_id: str
    private: Ed25519PrivateKey = field(repr=False)


@dataclass(frozen=True)
class NewKey:
    """What `keys new` made. line: the private key as text, to be shown only when it was asked for."""

    key_id: str
    multibase: str
    keys_file: str
    line: str = field(repr=False)

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
        }


def variable_name(issuer: str) -> str:
    """The environment variable that may hold an issuer's signing key, e.g. ``LAURELS_KEY_HARBOUR``."""
    return f"LAURELS_KEY_{issuer.upper().replace('-', '_')}"


def default_key_file(issuer: str, *, base: str, environment: Mapping[str, str]) -> Path:
    """Where a signing key lies when nothing else is said: below the user's own configuration, by the site's host."""
    home = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".config")
    return Path(home) / "laurels" / (urlsplit(base).hostname or "site") / f"{issuer}.key"


def new_key(
    root: Path, issuer: Issuer, *, random_bytes: Callable[[int], bytes], today: date, file: Path | None
) -> NewKey:
    """A new key of an issuer: its public half is added to keys.yml, its private half written to file (if one is given).

    The file may not exist and may not lie inside of the repository; it is readable by its owner alone."""
    active = issuer.active_key
    if active is not None:
        raise UsageError(
            f"{issuer.slug} has an active key, {active.id}. To replace it set its state to 'retired' in "
            f"issuers/{issuer.slug}/keys.yml first (what it signed keeps verifying)"
        )
    private = Ed25519PrivateKey.from_private_bytes(random_bytes(32))
    line, multibase = format_private_key(private), format_public_key(private.public_key())
    numbers = [int(key.id.partition("-")[2]) for key in issuer.keys]
    key_id = f"key-{max(numbers, default=0) + 1}"
    keys_file = f"issuers/{issuer.slug}/keys.yml"
    entry = f"{{id: {key_id}, publicKeyMultibase: {multibase}, created: {today}, state: active}}"
    listed = _with_entry(root / keys_file, entry, ids=[*(key.id for key in issuer.keys), key_id])
    if file is not None:
        _write_private(file, line, root)
    try:
        _replace(root / keys_file, listed)
    except OSError as error:
        # A private key whose public half stands nowhere is of no use, and would be in the way the next time.
        if file is not None:
            file.unlink()
        raise Error(f"{keys_file} cannot be written ({error.strerror}); no key was made") from None
    return NewKey(key_id, multibase, keys_file, line)


def _write_private(file: Path, line: str, root: Path) -> None:
    if file.resolve().is_relative_to(_top_of(root)):
        raise UsageError("a private key may not lie inside of the repository: choose a file elsewhere")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        what = "exists already, and a key file is never overwritten: move it aside, or name another with --file"
        raise UsageError(f"{file} {what}") from None
    except OSError as error:
        raise Error(f"{file} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def _top_of(root: Path) -> Path:
    """The folder that git keeps: root, or the one above it that holds .git."""
    root = root.resolve()
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)


def _with_entry(path: Path, entry: str, *, ids: list[str]) -> bytes:
    """keys.yml with one more entry behind the others, indented as they are. Raises Error when it is not such a list any more."""
    before = path.read_text("utf-8") if path.exists() else "keys:\n"
    indents = re.findall(r"^( *)- ", before, re.MULTILINE)
    after = f"{before.rstrip()}\n{indents[-1] if indents else '  '}- {entry}\n".encode()
    try:
        listed = [key.id for key in KeysFile(**parse_yaml(after, file=path.name).value).keys]
    except (YamlRefused, ValidationError):
        listed = []
    if listed != ids:
        raise Error(
            f"{path} cannot be added to as it is: write 'keys:' and below it each key on a line '  - {{id: …}}'"
        )
    return after


def _replace(path: Path, raw: bytes) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(raw)
    temporary.replace(path)


def find_signing_key(
    issuer: Issuer, *, base: str, environment: Mapping[str, str], key_file: Path | None = None
) -> SigningKey:
    """The issuer's active signing key: from the given file, its variable, the usual file, or the published demo keys.

    Raises Error when there is none, when it is not the active one, and for demo keys on a real site."""
    active = issuer.active_key
    if active is None:
        raise Error(f"issuers/{issuer.slug}/keys.yml lists no active key: run 'laurels keys new {issuer.slug}'")
    if is_demo_key(active.publicKeyMultibase) and not is_demo_host(base):
        raise Error(
            f"{active.id} of {issuer.slug} is a demo key, which anybody can use. Retire it in issuers/{issuer.slug}/keys.yml "
            f"and run 'laurels keys new {issuer.slug}'"
        )
    variable = variable_name(issuer.slug)
    usual = default_key_file(issuer.slug, base=base, environment=environment)
    demo = demo_signing_key(active.publicKeyMultibase)
    if key_file is not None:
        line, source = _read_private(key_file), str(key_file)
    elif environment.get(variable):
        line, source = environment[variable], variable
    elif usual.exists():
        line, source = _read_private(usual), str(usual)
    elif demo is not None:
        line, source = demo, "the list of demo keys"
    else:
        raise Error(
            f"no signing key for {issuer.slug} was found: put it into the variable {variable} or the file {usual}, "
            "or name its file with --key-file"
        )
    try:
        private = parse_private_key(line)
    except KeyTextError as error:
        raise Error(f"what is in {source} is not a signing key: {error}") from None
    if format_public_key(private.public_key()) != active.publicKeyMultibase:
        raise Error(f"the signing key in {source} is not {active.id} of issuers/{issuer.slug}/keys.yml")
    return SigningKey(active.id, private)


def _read_private(file: Path) -> str:
    try:
        mode = file.stat().st_mode
        if stat.S_IMODE(mode) & 0o077:
            raise Error(f"others on this machine can read {file}: run 'chmod 600 {file}'")
        # A decoding error would carry the text along; what is not ASCII is no key, which parsing says.
        return file.read_bytes().decode("ascii", "replace")
    except OSError:
        raise Error(f"the key file {file} cannot be read") from None
