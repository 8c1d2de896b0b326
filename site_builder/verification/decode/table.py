"""Decoding, the first step: bytes to what was presented. A new form of credential is a module beside this and a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from site_builder.encoding import EncodingError, parse_json
from site_builder.verification.decode.open_badges_3 import is_open_badges_3, present_open_badges_3
from site_builder.verification.decode.other_forms import other_form
from site_builder.verification.decode.presented import Presented
from site_builder.verification.finding import Finding

__all__ = ["FORMS", "Form", "decode", "is_recognised"]


@dataclass(frozen=True)
class Form:
    """A form of credential. Both functions take the JSON value (None for what is no JSON) and the bytes that it came from.

    recognises: whether this is one. present: what it presents, with the refusal of one that cannot be verified here."""

    recognises: Callable[[Any, bytes], bool]
    present: Callable[[Any, bytes], Presented]


# What something is, the first that recognises it says.
FORMS = (Form(is_open_badges_3, present_open_badges_3),)


def decode(raw: bytes, *, read: Callable[[bytes], Any] = parse_json) -> Presented:
    """What the bytes present; refused when no form recognises them: named if it is another, failed if it claims to be one.

    Never raises for what they say. read: parse_json, or one like it that remembers."""
    value, complaint = _json_of(raw, read)
    form = next((form for form in FORMS if form.recognises(value, raw)), None)
    if form is not None:
        return form.present(value, raw)
    document = value if isinstance(value, dict) else {}
    other = other_form(value, raw)
    if other is None:
        other = (
            Finding("failed", "not_json", {"reason": complaint}) if complaint else Finding("failed", "not_open_badges")
        )
    return Presented(document, refusal=other)


def is_recognised(raw: bytes) -> bool:
    """Whether the bytes are of one of the forms."""
    value, _ = _json_of(raw, parse_json)
    return any(form.recognises(value, raw) for form in FORMS)


def _json_of(raw: bytes, read: Callable[[bytes], Any]) -> tuple[Any, str]:
    """The JSON value in raw, and why there is none."""
    try:
        return read(raw), ""
    except EncodingError as error:
        return None, str(error)
