"""Open Badges 1 and 2, which are named and not checked: their host vouches for them, by publishing them. Source: Open Badges 2.0."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from site_builder.verification.domain import domain_of
from site_builder.verification.finding import Finding
from site_builder.verification.report import Report, sentence

__all__ = ["assertion_at", "at_its_own_address", "is_open_badges", "told_open_badges"]

_CONTEXT = "https://w3id.org/openbadges/v"
_FORM = "open-badges-"
_MAX_ADDRESS = 200


def is_open_badges(document: dict[str, Any]) -> bool:
    """Whether a JSON document is an Assertion of Open Badges 1 or 2. Source: Open Badges 2.0, Assertion; 1.1, BadgeAssertion."""
    is_named = any(name.startswith(_CONTEXT) for name in _contexts_of(document))
    is_assertion = document.get("type") == "Assertion" or _is_first(document)
    return is_assertion or (is_named and document.get("type") not in ("BadgeClass", "Issuer", "Profile"))


def _contexts_of(document: dict[str, Any]) -> list[str]:
    contexts = document.get("@context")
    return [name for name in (contexts if isinstance(contexts, list) else [contexts]) if isinstance(name, str)]


def _is_first(document: dict[str, Any]) -> bool:
    """Whether it is as version 1 has it."""
    return "verify" in document and "badge" in document and "recipient" in document


def told_open_badges(document: dict[str, Any], *, is_token: bool) -> Finding:
    """What is said of an assertion: where its host publishes it, if it says so."""
    is_old = _is_first(document) or any(name.startswith(f"{_CONTEXT}1") for name in _contexts_of(document))
    version, form = ("1", f"{_FORM}1.0") if is_old else ("2.0", f"{_FORM}2.0")
    if is_token:
        return Finding("not_supported", "hosted_signed", {"version": version}, form=form)
    address = _address_of(document)
    if not address:
        return Finding("not_supported", "hosted_nameless", {"version": version}, form=form)
    words = {"version": version, "domain": domain_of(address), "address": address}
    return Finding("not_supported", "hosted", words, form=form)


def _address_of(document: dict[str, Any]) -> str:
    """Where its host has it: its own id, or what it names for its verification; "" for no https address of a fair length."""
    named = [document.get("id")]
    for member in ("verification", "verify"):
        inner = document.get(member)
        named.append(inner.get("url") if isinstance(inner, dict) else None)
    return next((url for url in named if isinstance(url, str) and domain_of(url) and len(url) <= _MAX_ADDRESS), "")


def assertion_at(address: str) -> dict[str, Any]:
    """What an image says that carries only an address: the assertion is there. Source: Open Badges 2.0, Baking."""
    return {"@context": f"{_CONTEXT}2", "type": "Assertion", "id": address}


def at_its_own_address(report: Report, address: str) -> Report:
    """The report on what was found at an address. An assertion that was read from its own host sends nobody there once more."""
    if not report.form.startswith(_FORM) or domain_of(report.credential) != domain_of(address):
        return report
    version = "1" if report.form.endswith("1.0") else "2.0"
    text = sentence("form", "hosted_here", domain=domain_of(address), version=version)
    checks = tuple(replace(check, reason="hosted_here", sentence=text) for check in report.checks)
    return replace(report, headline=text, checks=checks)
