"""Forms that are not checked here: each is named, is neither green nor red, and says what helps; in Python and in JavaScript alike."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from site_builder.encoding import format_base64url, format_json
from site_builder.verification.address import verify_address
from site_builder.verification.evidence.platforms import with_scheme
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.file import verify_file
from site_builder.verification.finding import Finding
from site_builder.verification.headline import headline_of
from site_builder.verification.report import Check, Report, sentence, verdict_of
from tests.test_verifiers_agree import (
    CREDENTIAL,
    DID_URL,
    LIST_URL,
    NOW,
    STATUS_LIST,
    UNSIGNED,
    Node,
    as_base64,
    did_document,
    running_node,
    sign,
)
from tests.vector_files import VECTORS

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")

FOLDER = VECTORS / "forms"
EXPECTED: list[dict[str, Any]] = json.loads((FOLDER / "expected.json").read_bytes())
ANSWERS = {DID_URL: format_json(did_document()), LIST_URL: format_json(STATUS_LIST)}


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running_node() as running:
        yield running


def fetch(url: str) -> bytes:
    if url not in ANSWERS:
        raise FetchError(f"{url} does not answer")
    return ANSWERS[url]


def agreed(raw: bytes, folder: Path, node: Node) -> Report:
    """The report that both give on a file."""
    (folder / "given").write_bytes(raw)
    report = verify_file(folder / "given", evidence=fetch, now=NOW)
    inside = node.ask({"file": as_base64(raw)})["ok"]
    responses = {url: as_base64(body) for url, body in ANSWERS.items()}
    suites = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
    question = {"raw": inside, "responses": responses, "now": NOW.isoformat(), "page": None, "suites": suites}
    expected = json.loads(json.dumps({**report.as_json(), "statement": None}))
    assert {**node.ask(question), "statement": None} == expected
    return report


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["file"])
def test_a_file_of_another_form_is_named(row: dict[str, Any], tmp_path: Path, node: Node) -> None:
    report = agreed((FOLDER / row["file"]).read_bytes(), tmp_path, node)
    assert (report.verdict, report.form) == (row["verdict"], row["form"])
    assert all(words in report.headline for words in row["words"]), report.headline


def token(payload: Any) -> bytes:
    return b".".join(format_base64url(part).encode() for part in (b'{"alg":"EdDSA"}', format_json(payload), b"sign"))


VC = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential", "Diploma"],
    "issuer": "did:web:x.example",
}
SIGNED = {**CREDENTIAL, "@context": [*CREDENTIAL["@context"], "https://vocabulary.example/"]}
# What was given, and the form that it is called.
FORMS: dict[str, tuple[bytes, str]] = {
    "nothing": (b" \n", "empty"),
    "a PDF": (b"%PDF-1.7\n", "pdf"),
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(40), "jpeg"),
    "a GIF": (b"GIF89a" + bytes(9), "picture"),
    "a WebP": (b"RIFF\x00\x01\x02\x03WEBPVP8 ", "picture"),
    "a photograph": (b"\x00\x00\x00\x18ftypheic", "picture"),
    "a ZIP archive": (b"PK\x03\x04" + bytes(20), "zip"),
    "a web page": (b"\n <HTML><body>", "web-page"),
    "a web page with a comment first": (b"<!-- saved from -->\n<!doctype html><p>", "web-page"),
    "a mail": (b"Received: from x\r\n by y\r\nSubject: Your badge\r\n\r\nHello", "email"),
    "one line that looks like a mail's": (b"Subject: knots", "text"),
    "UTF-16": ("\ufeff{}".encode("utf-16-le"), "encoding"),
    "UTF-16 without a mark": ("{}".encode("utf-16-be"), "encoding"),
    "text": ("Ada Lovelace ✓".encode(), "text"),
    "other XML": (b"<?xml version='1.0'?><europass/>", "text"),
    "bytes": (b"\x00\x01\x02\xfe", "unknown"),
    "a number": (b"7", "json"),
    "a list": (b"[]", "json"),
    "other JSON": (b'{"name": "Ada", "type": 7, "@context": {}}', "json"),
    "a note in the place of a withdrawn file": (b'{"withheld": true, "page": "https://example.org/c/a/"}', "withheld"),
    "an assertion of version 1.1": (b'{"@context": ["https://w3id.org/openbadges/v1"]}', "open-badges-1.0"),
    "an assertion of version 1": (b'{"recipient": "x", "badge": "y", "verify": {"url": "https://a.example/"}}', "open-badges-1.0"),
    "a bare assertion": (b'{"type": "Assertion"}', "open-badges-2.0"),
    "an assertion with an address too long": (format_json({"type": "Assertion", "id": "https://a.example/" + "a" * 200}), "open-badges-2.0"),
    "a badge class": (b'{"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass"}', "achievement"),
    "an achievement": (format_json(UNSIGNED["credentialSubject"]["achievement"]), "achievement"),
    "an issuer": (b'{"@context": "https://w3id.org/openbadges/v2", "type": "Issuer"}', "profile"),
    "a profile": (format_json(UNSIGNED["issuer"]), "profile"),
    "another credential": (format_json(VC), "vc"),
    "a credential in a token": (token({"vc": CREDENTIAL}), "vc-jwt"),
    "a credential as a token": (token(CREDENTIAL), "vc-jwt"),
    "a credential in an envelope": (b'{"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,eyJ"}', "vc-jwt"),
    "a presentation": (format_json({"type": ["VerifiablePresentation"], "verifiableCredential": [CREDENTIAL]}), "presentation"),
    "a presentation in a token": (token({"vp": {"type": "VerifiablePresentation"}}), "presentation"),
    "a token of something else": (token({"sub": "x"}), "jwt"),
    "a token that cannot be read": (b"eyJhbGciOiJFZERTQSJ9.!.AAAA".replace(b"!", b"AA"), "jwt"),
    "disclosures": (token({**VC, "_sd": ["x"]}) + b"~WyJh~", "sd-jwt"),
    "a Blockcerts certificate": (format_json({**VC, "@context": [*VC["@context"], "https://w3id.org/blockcerts/v3"]}), "blockcerts"),
    "a status list": (format_json(STATUS_LIST), "status-list"),
    "a DID document": (format_json(did_document()), "did-document"),
    "vocabularies that are not known": (format_json(SIGNED), "contexts"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "form"), FORMS.values(), ids=FORMS.keys())
def test_what_people_have_instead_is_named(raw: bytes, form: str, tmp_path: Path, node: Node) -> None:
    report = agreed(raw, tmp_path, node)
    assert (report.verdict, report.form) == ("not_supported", form)
    assert [check.form for check in report.checks if check.result == "not_supported"] == [form]
    assert "Do not rely" not in report.headline and "Try again" not in report.headline


BROKEN = {
    "half a file": format_json(CREDENTIAL)[:900],
    "bytes that are no text": format_json(CREDENTIAL).replace(b"Harbour", b"Harb\xffur"),
    "a key twice": b'{"type": 1, "type": 1}',
    "a badge without a subject": b'{"type": ["VerifiableCredential", "OpenBadgeCredential"]}',
    "a badge without a proof": format_json({**UNSIGNED, "@context": SIGNED["@context"]}),
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN.keys())
def test_what_claims_to_be_a_badge_and_is_wrong_fails(raw: bytes, tmp_path: Path, node: Node) -> None:
    report = agreed(raw, tmp_path, node)
    assert (report.verdict, report.form) == ("fails", "") and report.headline.endswith("Do not rely on this.")


def test_a_key_at_an_address_of_another_kind_is_not_a_key_out_of_reach(tmp_path: Path, node: Node) -> None:
    for method, word, form in (
        ("did:example:1#key", "not_supported", "key-address"),
        ("https://keys.example/1", "not_supported", "key-address"),
        ("did:web:elsewhere.example#key", "unknown", ""),
    ):
        document = copy.deepcopy(CREDENTIAL)
        for proof in document["proof"]:
            proof["verificationMethod"] = method
        report = agreed(format_json(document), tmp_path, node)
        assert (report.verdict, report.form) == (word, form)
    assert (
        report.headline == "Could not reach elsewhere.example, which lists the issuer's signing keys. Try again later."
    )


def test_a_status_of_an_unknown_kind_leaves_the_rest_said(tmp_path: Path, node: Node) -> None:
    document = sign({**UNSIGNED, "credentialStatus": {**UNSIGNED["credentialStatus"], "statusPurpose": "message"}})
    report = agreed(format_json(document), tmp_path, node)
    assert (report.verdict, report.form) == ("not_supported", "status-kind")
    assert report.headline.startswith(
        "Signed by harbour.example.org and unchanged. Whether it was revoked could not be checked"
    )


def test_a_byte_order_mark_changes_nothing(tmp_path: Path, node: Node) -> None:
    assert agreed(b"\xef\xbb\xbf" + format_json(CREDENTIAL), tmp_path, node).verdict == "holds"


def test_a_name_in_the_subject_is_the_recipient_s(tmp_path: Path) -> None:
    document = copy.deepcopy(UNSIGNED)
    del document["credentialSubject"]["identifier"]
    document["credentialSubject"]["name"] = "Pat Example"
    (tmp_path / "given").write_bytes(format_json(sign(document)))
    report = verify_file(tmp_path / "given", evidence=fetch, now=NOW)
    assert report.verdict == "holds" and "says: Pat Example earned" in report.statement


# -- addresses ---------------------------------------------------------------------------------------------------------


def at(url: str, raw: bytes | None) -> Report:
    def answer(asked: str) -> bytes:
        if asked == url and raw is not None:
            return raw
        raise FetchError(f"{asked} does not answer")

    return verify_address(url, evidence=answer, now=NOW)


def test_nobody_is_sent_in_a_circle() -> None:
    url = "https://badges.example.org/a"
    assertion = format_json({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": url})
    report = at(url, assertion)
    assert (report.verdict, report.form) == ("not_supported", "open-badges-2.0")
    assert "badges.example.org publishes" in report.headline and url not in report.headline
    # What lies elsewhere is vouched for by nobody there.
    assert url in at("https://mirror.example/a", assertion).headline


PLATFORMS = {
    "https://www.credly.com/badges/5d1f/public_url": "Share and Download",
    "https://www.credential.net/5d1f": "Accredible",
    "https://www.linkedin.com/in/ada/": "Show credential",
    "https://moodle.example/learn/badges/badge.php?hash=5d1f": "Manage badges",
}


@pytest.mark.parametrize(("url", "words"), PLATFORMS.items(), ids=PLATFORMS.keys())
@pytest.mark.parametrize("raw", [None, b"<!doctype html><p>Badge"], ids=["no answer", "a page"])
def test_a_platform_s_link_says_where_it_keeps_the_file(url: str, words: str, raw: bytes | None) -> None:
    report = at(url, raw)
    assert report.verdict == "not_supported" and words in report.headline and not report.checks


def test_a_platform_s_name_elsewhere_is_no_platform() -> None:
    assert at("https://elsewhere.example/credly.com/badges/1", None).verdict == "unknown"
    assert at("https://notcredly.com/badges/1", None).verdict == "unknown"


SCHEMES = {
    "credly.com/badges/5d1f": "https://credly.com/badges/5d1f",
    "https://credly.com/": "https://credly.com/",
    "Ada Lovelace": "Ada Lovelace",
    "badge.json": "badge.json",
    "javascript:alert(1)/": "javascript:alert(1)/",
    "user@credly.com/x": "user@credly.com/x",
}


@pytest.mark.parametrize(("text", "address"), SCHEMES.items())
def test_an_address_without_its_scheme_is_read_as_https(text: str, address: str) -> None:
    assert with_scheme(text) == address


# -- headlines ---------------------------------------------------------------------------------------------------------


def headline(*findings: tuple[str, Finding], is_demo: bool = False) -> tuple[str, str]:
    """Verdict and headline of these checks, on top of a sound signature."""
    sound = [("signature", "passed"), ("key", "passed"), ("controller", "passed")]
    checks = [Check(name, "passed", reason, "") for name, reason in sound]
    for name, finding in findings:
        text = sentence(name, finding.reason, **finding.values)
        counts = finding.result != "not_checked"
        checks.append(Check(name, finding.result, finding.reason, text, counts=counts))
    verdict, decided_by = verdict_of(tuple(checks), is_demo=is_demo, is_copy=False)
    words = {"where": "here", "domain": "badges.example.org", "date": "1 March 2019"}
    return verdict, headline_of(verdict, decided_by, tuple(checks), is_demo=is_demo, **words)


LISTED = ("status", Finding("passed", "passed"))
UNLISTED = ("status", Finding("not_checked", "none"))
AWAY = ("status", Finding("could_not_check", "unreachable", {"domain": "lists.example.org"}))
EXPIRED = ("dates", Finding("failed", "expired"))
OTHER_RELEASE = ("page", Finding("not_checked", "unknown_release"))
ALTERED = ("page", Finding("failed", "failed", {"reason": "the name is not the one that was signed"}))
SIGNED_BY = "Signed by badges.example.org, unchanged, not revoked"
UNKNOWN_PAGE = (
    "this page was made by a version that this verifier does not know, so read the credential here, not there."
)
HEADLINES: list[tuple[list[tuple[str, Finding]], bool, str, str]] = [
    ([LISTED], False, "holds", "Checked here just now: signed by badges.example.org, unchanged, not revoked."),
    ([LISTED, OTHER_RELEASE], False, "holds", f"{SIGNED_BY}; {UNKNOWN_PAGE}"),
    ([LISTED, ALTERED], False, "fails", "This page was altered: the name is not the one that was signed. Do not rely on this."),
    ([EXPIRED, LISTED], False, "expired", f"Expired on 1 March 2019. {SIGNED_BY}."),
    ([EXPIRED, AWAY], False, "expired", "Expired on 1 March 2019. Signed by badges.example.org and unchanged."),
    ([EXPIRED, UNLISTED], False, "expired", "Expired on 1 March 2019. Signed by badges.example.org and unchanged; the issuer offers no way to revoke it."),
    ([("dates", Finding("failed", "not_yet_valid")), LISTED], False, "not_yet_valid", f"Not valid until 1 March 2019. {SIGNED_BY}."),
    ([AWAY], False, "unknown", "Signed by badges.example.org and unchanged. Could not reach lists.example.org to read the revocation list, so whether it was revoked is not known. Try again later."),
    ([("status", Finding("failed", "revoked"))], False, "revoked", "Revoked by badges.example.org: the issuer has withdrawn this credential."),
    ([LISTED], True, "demo", "Demonstration: signed by badges.example.org, unchanged, not revoked. The key is public, so it proves nothing about anyone."),
    ([EXPIRED, LISTED], True, "expired", "Expired on 1 March 2019. Signed with a public demonstration key, which proves nothing about anyone."),
]  # fmt: skip


@pytest.mark.parametrize(("findings", "is_demo", "verdict", "text"), HEADLINES)
def test_a_headline_says_what_was_found_and_no_more(
    findings: list[tuple[str, Finding]], is_demo: bool, verdict: str, text: str
) -> None:
    assert headline(*findings, is_demo=is_demo) == (verdict, text)


def test_every_sentence_is_plain() -> None:
    for name in ("en.json", "en-archive.json"):
        groups = json.loads((VECTORS.parents[1] / "site_builder/verification/wording" / name).read_bytes())
        for group in groups.values():
            for text in group.values():
                assert not any(word in text.lower().split() for word in ("anew", "whoever", "lies", "stands", "holds"))


def test_what_a_value_quotes_is_never_filled_in_again() -> None:
    assert (
        sentence("key", "failed", reason="{domain}", domain="x.example") == "The signing key is not accepted: {domain}."
    )
