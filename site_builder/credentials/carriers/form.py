"""What all carriers share: how large one may be, how a refusal is said, and what a carried credential looks like."""

from __future__ import annotations

from site_builder.errors import Error

__all__ = ["MAX_IMAGE_BYTES", "BakeError", "json_bytes"]

MAX_IMAGE_BYTES = 10 * 1_048_576


class BakeError(Error):
    """An image that is not one, or that carries no credential that can be read here."""


def json_bytes(credential: bytes) -> bytes:
    """The carried credential, when it looks like JSON. Raises BakeError."""
    if not credential.lstrip().startswith(b"{"):
        raise BakeError("the credential in this image is not JSON (a JSON Web Token is not checked here)")
    return credential
