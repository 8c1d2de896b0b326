"""The forms in which a verification method writes an Ed25519 public key. A new form is a function and a row here.

Sources: Controlled Identifiers 1.0, 2.2 (one key only), 2.2.2 (Multikey), 2.2.3 (JsonWebKey); RFC 8037, 2 (OKP);
EdDSA Cryptosuite v2020 (Community Group report of 24 July 2022), Ed25519VerificationKey2020."""

from __future__ import annotations

from typing import Any

from site_builder.credentials.identifiers.multikey import format_public_bytes
from site_builder.encoding import EncodingError, parse_base64url

__all__ = ["is_given_away", "multibase_of"]

# Where the secret half of a key would be. Sources: Controlled Identifiers 1.0, 2.2.2 and 2.2.3 (secretKey…), Ed25519VerificationKey2020
# and older documents (privateKey…).
_SECRETS = {"secretKeyMultibase", "secretKeyJwk", "privateKeyMultibase", "privateKeyJwk"}


def is_given_away(method: dict[str, Any]) -> bool:
    """Whether a verification method has the secret half of its key in it, too: anyone can sign with that."""
    jwk = method.get("publicKeyJwk")
    return not _SECRETS.isdisjoint(method) or (isinstance(jwk, dict) and "d" in jwk)


def multibase_of(method: dict[str, Any]) -> str | None:
    """The public key of a verification method as publicKeyMultibase, not yet judged; None where its form is not one of these."""
    kind = method.get("type")
    read = _FORMS.get(kind) if isinstance(kind, str) else None
    # With two keys in one method, each verifier could take another one.
    if read is None or ("publicKeyMultibase" in method and "publicKeyJwk" in method):
        return None
    return read(method)


def _multibase(method: dict[str, Any]) -> str | None:
    key = method.get("publicKeyMultibase")
    return key if isinstance(key, str) else None


def _jwk(method: dict[str, Any]) -> str | None:
    jwk = method.get("publicKeyJwk")
    if not isinstance(jwk, dict) or (jwk.get("kty"), jwk.get("crv")) != ("OKP", "Ed25519"):
        return None
    text = jwk.get("x")
    try:
        raw = parse_base64url(text) if isinstance(text, str) else b""
    except EncodingError:
        return None
    return format_public_bytes(raw) if len(raw) == 32 else None


# By the type of the verification method.
_FORMS = {
    "Multikey": _multibase,
    "Ed25519VerificationKey2020": _multibase,
    "JsonWebKey": _jwk,
    "JsonWebKey2020": _jwk,
}
