"""What all carriers share: how large one may be, how a refusal is said, and what a carried credential looks like."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from site_builder.errors import Error

__all__ = ["MAX_IMAGE_BYTES", "BakeError", "EmptyImageError", "is_token", "json_bytes", "once_for_each_picture"]

MAX_IMAGE_BYTES = 10 * 1_048_576
# A picture of all who earned the same is read once: of the last ones, and of larger ones than artwork is, none, for memory's sake.
_KEPT_PICTURES, _KEPT_BYTES = 64, 262_144
_T = TypeVar("_T")


class BakeError(Error):
    """An image that is not one, or that carries no credential that can be read here."""


class EmptyImageError(BakeError):
    """A sound image that carries no Open Badges 3.0 credential."""


def json_bytes(credential: bytes) -> bytes:
    """The carried credential, when it looks like JSON. Raises BakeError."""
    if not credential.lstrip().startswith(b"{"):
        raise BakeError("the credential in this image is not JSON (a JSON Web Token is not checked here)")
    return credential


def is_token(credential: bytes) -> bool:
    """Whether what is carried looks like a JSON Web Token. Source: RFC 7515, 3.1."""
    return credential.lstrip().startswith(b"eyJ")


def once_for_each_picture(read: Callable[[bytes], _T]) -> Callable[[bytes], _T]:
    """A function of a picture's bytes that keeps what it found of the last few pictures."""
    remembering = lru_cache(maxsize=_KEPT_PICTURES)(read)

    @wraps(read)
    def known_or_read(picture: bytes) -> _T:
        return remembering(picture) if len(picture) <= _KEPT_BYTES else read(picture)

    return known_or_read
