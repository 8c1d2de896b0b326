"""What all carriers share: how large one may be, how a refusal is said, and what a carried credential looks like."""

from __future__ import annotations

from site_builder.errors import Error

__all__ = ["MAX_IMAGE_BYTES", "BakeError", "EmptyImageError", "is_token", "json_bytes"]

MAX_IMAGE_BYTES = 10 * 1_048_576


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
