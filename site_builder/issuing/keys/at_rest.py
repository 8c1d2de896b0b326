"""A private key as it lies in a file: its one line, plain, or locked with a passphrase in an age file.

Source: age-encryption.org/v1, The scrypt recipient type, and ASCII armor (C2SP/age.md)."""

from __future__ import annotations

import base64
import re

import pyrage

from site_builder.errors import Error

__all__ = ["MAX_KEY_BYTES", "is_locked", "lock_line", "unlock_line"]

# A locked key is some 400 bytes; a file that is larger holds something else.
MAX_KEY_BYTES = 4_096
# 2^22 is what other age programs take at most: 4 GiB of memory. The next one would stop a machine, and a stranger can write any.
MAX_WORK_FACTOR = 22
_VERSION = b"age-encryption.org/v1\n"
_ARMOR = re.compile(rb"-----BEGIN AGE ENCRYPTED FILE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END AGE ENCRYPTED FILE-----\s*")
# One stanza and no other: a file with a passphrase may have no other recipient.
_HEADER = re.compile(
    re.escape(_VERSION) + rb"-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)\n[A-Za-z0-9+/]{43}\n--- [A-Za-z0-9+/]{43}\n"
)


def lock_line(line: str, passphrase: str) -> str:
    """A private key's line as an armored age file that opens with the passphrase. Takes about a second, on purpose."""
    return pyrage.passphrase.encrypt(f"{line}\n".encode("ascii"), passphrase, armored=True).decode("ascii")


def is_locked(raw: bytes) -> bool:
    """Whether what was found is an age file, armored or not."""
    return raw.lstrip().startswith((b"-----BEGIN AGE ENCRYPTED FILE-----", _VERSION.rstrip()))


def unlock_line(raw: bytes, passphrase: str, *, source: str) -> str:
    """The line in an age file. source: where it was found, for messages. Raises Error.

    The header is read before anything is decrypted: it says how much work opening takes."""
    binary = _without_armor(raw)
    header = _HEADER.match(binary)
    if len(raw) > MAX_KEY_BYTES or header is None:
        raise Error(f"{source} is an age file, but not one that a passphrase opens and that holds a signing key")
    if int(header[1]) > MAX_WORK_FACTOR:
        raise Error(f"opening {source} would take more work than any age program asks for: it was made to stop others")
    line = _decrypted(binary, passphrase)
    if line is None:
        raise Error(f"the passphrase does not open {source}, or the file was damaged")
    return line


def _without_armor(raw: bytes) -> bytes:
    """The binary form, decoded strictly: what is looked at here is what is decrypted."""
    armored = _ARMOR.fullmatch(raw.strip())
    try:
        return base64.b64decode(re.sub(rb"\r?\n", b"", armored[1]), validate=True) if armored else raw
    except ValueError:
        return b""


# The library measures how fast the machine is within a millisecond, and refuses work that then seems too much: on a busy machine, any.
# How much work is asked for was looked at before.
_MEASUREMENTS = 20


def _decrypted(binary: bytes, passphrase: str) -> str | None:
    for _ in range(_MEASUREMENTS):
        try:
            # What is not ASCII is no key, which parsing says; a decoding error would carry the text along.
            return pyrage.passphrase.decrypt(binary, passphrase).decode("ascii", "replace")
        except pyrage.DecryptError as error:
            if "Excessive work" not in str(error):
                return None
    raise Error("this machine is too slow, or too busy, to open the key: try again, or open it on another one")
