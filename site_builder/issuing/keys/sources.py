"""Where private keys and their passphrases come from: a named file, a variable, the user's own folder, a terminal."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from site_builder.credentials.demo import demo_signing_key
from site_builder.disk import naming, refused
from site_builder.errors import Error, UsageError
from site_builder.issuing.keys.at_rest import MAX_KEY_BYTES, is_locked, unlock_line
from site_builder.issuing.surroundings import Ask
from site_builder.records.models.keys import KeyRecord
from site_builder.secret_variables import KEY, PASSPHRASE
from site_builder.syncing import sync_folder

__all__ = [
    "FoundKey",
    "default_key_file",
    "find_private_text",
    "new_passphrase",
    "open_line",
    "passphrase_variable",
    "refuse_place",
    "source_names",
    "variable_name",
    "write_private_file",
]

MIN_PASSPHRASE_CHARACTERS = 8
_IN_THE_WAY = "exists already, and a key file is never overwritten: move it aside, or name another with --file"


@dataclass(frozen=True)
class FoundKey:
    """What lies where a private key is looked for. source: the place, for messages; raw: a line or an age file."""

    source: str
    raw: bytes = field(repr=False)


def variable_name(issuer: str) -> str:
    """The environment variable that may hold an issuer's signing key, e.g. ``LAURELS_KEY_HARBOUR``."""
    return f"{KEY.prefix}_{issuer.upper().replace('-', '_')}"


def passphrase_variable(issuer: str) -> str:
    """The environment variable that may hold what opens it, e.g. ``LAURELS_PASSPHRASE_HARBOUR``."""
    return f"{PASSPHRASE.prefix}_{issuer.upper().replace('-', '_')}"


def default_key_file(issuer: str, key_id: str, *, base: str, environment: Mapping[str, str]) -> Path:
    """Where a signing key lies when nothing else is said: below the user's own configuration, by the site's host.

    Each key has a file of its own, so that a new one never stands in an old one's way."""
    return _folder(base, environment) / f"{issuer}-{key_id}.key"


def _folder(base: str, environment: Mapping[str, str]) -> Path:
    home = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".config")
    return Path(home) / "laurels" / (urlsplit(base).hostname or "site")


def _usual_files(issuer: str, key_id: str, base: str, environment: Mapping[str, str]) -> Iterator[Path]:
    yield default_key_file(issuer, key_id, base=base, environment=environment)
    # The name that first keys had, without a number.
    yield _folder(base, environment) / f"{issuer}.key"


def find_private_text(
    issuer: str, key: KeyRecord, *, base: str, environment: Mapping[str, str], key_file: Path | None
) -> FoundKey | None:
    """What lies at the first place that has something: the named file, the variable, the usual files, the demo keys."""
    variable = variable_name(issuer)
    if key_file is not None:
        return FoundKey(str(key_file), _read_private(key_file))
    if environment.get(variable):
        return FoundKey(variable, environment[variable].encode("utf-8", "replace"))
    usual = next((file for file in _usual_files(issuer, key.id, base, environment) if file.exists()), None)
    if usual is not None:
        return FoundKey(str(usual), _read_private(usual))
    demo = demo_signing_key(key.publicKeyMultibase)
    return FoundKey("the list of demo keys", demo.encode("ascii")) if demo is not None else None


def source_names(issuer: str, key_id: str, *, base: str, environment: Mapping[str, str]) -> str:
    """The places where a key may lie, in words."""
    usual = default_key_file(issuer, key_id, base=base, environment=environment)
    return f"put it into the variable {variable_name(issuer)} or the file {usual}, or name its file with --key-file"


def open_line(found: FoundKey, issuer: str, *, environment: Mapping[str, str], ask: Ask | None) -> str:
    """The line of a private key that was found; a locked one is opened with the variable's passphrase or an asked one."""
    if not is_locked(found.raw):
        # A decoding error would carry the text along; what is not ASCII is no key, which parsing says.
        return found.raw.decode("ascii", "replace")
    variable = passphrase_variable(issuer)
    given = environment.get(variable, "").rstrip("\r\n")
    if not given and ask is None:
        raise Error(f"{found.source} is locked with a passphrase: run this on a terminal, or put it into {variable}")
    return unlock_line(
        found.raw, _usable(given or _asked(ask, f"Passphrase of the key in {found.source}")), source=found.source
    )


def new_passphrase(issuer: str, *, environment: Mapping[str, str], ask: Ask | None) -> str:
    """The passphrase that locks a new key: the variable's, or one that was typed twice. Raises UsageError."""
    variable = passphrase_variable(issuer)
    given = environment.get(variable, "").rstrip("\r\n")
    if not given and ask is None:
        raise UsageError(
            f"there is no terminal here to ask for the new key's passphrase: put one into {variable}, "
            "or say --no-passphrase to keep the key in a file that opens without"
        )
    passphrase = _usable(given or _asked(ask, f"A passphrase for the new key of {issuer}"))
    if len(passphrase) < MIN_PASSPHRASE_CHARACTERS:
        raise UsageError(f"a passphrase has {MIN_PASSPHRASE_CHARACTERS} characters at least; four words are better")
    if not given and _asked(ask, "The same once more") != passphrase:
        raise UsageError("these were two different passphrases; no key was made")
    return passphrase


def _asked(ask: Ask | None, question: str) -> str:
    assert ask is not None
    return ask(question)


def _usable(passphrase: str) -> str:
    # Bytes of a variable that are not UTF-8: no library takes them, and its error would carry the passphrase along.
    if any(0xD800 <= ord(character) <= 0xDFFF for character in passphrase):
        raise UsageError("the passphrase is not UTF-8 text")
    return passphrase


def _read_private(file: Path) -> bytes:
    try:
        mode = file.stat().st_mode
        if stat.S_IMODE(mode) & 0o077:
            raise Error(f"others on this machine can read {file}: run 'chmod 600 {file}'")
        with file.open("rb") as stream:
            return stream.read(MAX_KEY_BYTES + 1)
    except OSError:
        raise Error(f"the key file {file} cannot be read") from None


def write_private_file(file: Path, text: str, root: Path) -> None:
    """Writes a private key to a new file that its owner alone can read, and waits until the disk has it.

    The file may not exist and may not lie inside of the repository."""
    refuse_place(file, root)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise UsageError(f"{file} {_IN_THE_WAY}") from None
    except OSError as error:
        raise _not_written(file, error) from None
    try:
        with naming(file), os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        # Half a key is no key, and would be in the way of the next one.
        file.unlink(missing_ok=True)
        raise _not_written(file, error) from None
    sync_folder(file.parent)


def _not_written(file: Path, error: OSError) -> Error:
    return Error(f"the private key could not be written to {file} ({refused(error)}); no key was made")


def refuse_place(file: Path, root: Path) -> None:
    """Raises UsageError when a private key may not be written there: inside of the repository, or over another file."""
    if file.resolve().is_relative_to(_top_of(root)):
        raise UsageError("a private key may not lie inside of the repository: choose a file elsewhere")
    if file.is_symlink() or file.is_file():
        raise UsageError(f"{file} {_IN_THE_WAY}")


def _top_of(root: Path) -> Path:
    """The folder that git keeps: root, or the one above it that holds .git."""
    root = root.resolve()
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
