"""The bytes of a file, whatever people have in their hands, to the credential in it.

browser/src/verification/decode/file.js is the same program."""

from __future__ import annotations

import re
from typing import Any

from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.carriers.table import carrier_of
from site_builder.encoding import EncodingError, parse_json
from site_builder.errors import Error
from site_builder.verification.decode.table import is_recognised
from site_builder.verification.report import sentence

__all__ = ["MAX_FILE_BYTES", "file_refusal", "unbaked"]

MAX_FILE_BYTES = 12 * 1_048_576


def unbaked(raw: bytes) -> bytes:
    """The credential in the bytes of a file: a form that is known as it is, PNG and SVG unbaked.

    Raises Error with a sentence for people, for what no form recognises."""
    if is_recognised(raw):
        return raw
    for reason, pattern in _OTHER_FORMATS.items():
        if pattern.match(raw):
            raise file_refusal(reason)
    carrier = carrier_of(raw)
    if carrier:
        try:
            return carrier.unbake(raw)
        except BakeError as error:
            raise Error(str(error)) from error
    reason = _other_json(raw)
    if reason:
        raise file_refusal(reason)
    return raw


def file_refusal(reason: str) -> Error:
    """What is said of a file that is no credential; the page of the verifier shares the list."""
    return Error(sentence("file", reason))


# What people have instead of a credential, by how it begins.
_OTHER_FORMATS = {
    "empty": re.compile(rb"\s*\Z"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "pdf": re.compile(rb"%PDF-"),
    "token": re.compile(rb"\s*eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\s*\Z"),
    "web_page": re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE),
}


def _other_json(raw: bytes) -> str:
    """What a JSON document without a proof is that people take for a credential, as wording/en.json calls it, or ""."""
    try:
        document = parse_json(raw)
    except EncodingError:
        return ""
    if not isinstance(document, dict) or "proof" in document:
        return ""
    return next((reason for reason, recognises in _OTHER_JSON.items() if recognises(document)), "")


def _is_withheld(document: dict[str, Any]) -> bool:
    return document.get("withheld") is True


def _is_open_badges_2(document: dict[str, Any]) -> bool:
    """Whether a JSON document is an Assertion of Open Badges 1 or 2. Source: Open Badges 2.0, Assertion."""
    contexts = document.get("@context")
    names = contexts if isinstance(contexts, list) else [contexts]
    is_named = any(isinstance(name, str) and name.startswith("https://w3id.org/openbadges/v") for name in names)
    return is_named or document.get("type") == "Assertion"


_OTHER_JSON = {"withheld": _is_withheld, "open_badges_2": _is_open_badges_2}
