"""The steps of a verification, each by itself: what a table recognises, what it refuses, and what a new row would add."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from site_builder.encoding import format_json
from site_builder.verification.content.statement import Statement
from site_builder.verification.content.table import CHECKS, check_content
from site_builder.verification.decode import table as forms
from site_builder.verification.decode.presented import Presented
from site_builder.verification.decode.table import Form, decode
from site_builder.verification.domain import domain_of
from site_builder.verification.evidence.source import Fetch, FetchError, cached
from site_builder.verification.file import verify_file
from site_builder.verification.finding import Finding, Outcome
from site_builder.verification.proofs.signed import ProofsFound, check_signed
from site_builder.verification.proofs.table import MECHANISMS, Mechanism
from site_builder.verification.report import Report
from site_builder.verification.resolve import table as methods
from site_builder.verification.resolve.key import KeyText, ResolvedKey
from site_builder.verification.resolve.table import DidMethod, resolve
from site_builder.verification.status import table as statuses
from site_builder.verification.status.table import StatusKind, check_status
from site_builder.verification.verify import verify_credential
from tests.test_verifiers_agree import CREDENTIAL, DID, DID_URL, KEY, LIST_URL, STATUS_LIST, as_base64, did_document
from tests.vector_files import ROOT, read_json_vector

NOW = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
ANSWERS = {DID_URL: format_json(did_document()), LIST_URL: format_json(STATUS_LIST)}


def fetch(url: str) -> bytes:
    if url not in ANSWERS:
        raise FetchError("not among the answers")
    return ANSWERS[url]


# -- decode ------------------------------------------------------------------------------------------------------------


def test_a_credential_is_presented_with_its_form_and_how_it_claims_to_be_secured() -> None:
    assert decode(format_json(CREDENTIAL)) == Presented(CREDENTIAL, "Open Badges 3.0", "DataIntegrityProof")


REFUSED: dict[str, tuple[bytes, Presented]] = {
    "no JSON": (b"{", Presented(refusal=Finding("failed", "not_json", {"reason": "this is not JSON"}))),
    "a list": (b"[]", Presented(refusal=Finding("not_supported", "json", form="json"))),
    "something else": (b'{"id": "x"}', Presented({"id": "x"}, refusal=Finding("not_supported", "json", form="json"))),
    "a badge that is none": (
        b'{"type": ["OpenBadgeCredential"]}',
        Presented({"type": ["OpenBadgeCredential"]}, refusal=Finding("failed", "not_open_badges")),
    ),
}


@pytest.mark.parametrize(("raw", "presented"), REFUSED.values(), ids=REFUSED.keys())
def test_what_no_form_recognises_is_refused(raw: bytes, presented: Presented) -> None:
    assert decode(raw) == presented


def test_a_credential_in_other_contexts_is_recognised_and_not_verified_further() -> None:
    presented = decode(format_json({**CREDENTIAL, "@context": []}))
    assert presented.form == "Open Badges 3.0"
    assert presented.refusal == Finding("not_supported", "contexts", form="contexts")


def test_without_a_proof_it_is_nobody_s_whatever_its_contexts() -> None:
    report = verify_credential(format_json({**CREDENTIAL, "@context": [], "proof": []}), fetch=fetch, now=NOW)
    assert (report.verdict, report.checks[0].reason) == ("fails", "no_proof")


def test_a_new_form_is_one_row_even_when_it_is_no_json(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_token(_value: Any, raw: bytes) -> bool:
        return raw.startswith(b"eyJ")

    row = Form(is_token, lambda _value, raw: Presented({"token": raw.decode()}, "a token", "JOSE"))
    monkeypatch.setattr(forms, "FORMS", (*forms.FORMS, row))
    assert decode(b"eyJ.eyJ.x") == Presented({"token": "eyJ.eyJ.x"}, "a token", "JOSE")
    assert decode(format_json(CREDENTIAL)).form == "Open Badges 3.0"


def payload_of(token: bytes) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(b".")[1] + b"=="))
    return payload


# Two forms that are refused as long as no row recognises them; tests/browser/toy-forms.mjs has the same.
TOY_FORMS = (
    Form(
        lambda _value, raw: raw.startswith(b"eyJ"),
        lambda _value, raw: Presented(payload_of(raw), "a token", "DataIntegrityProof"),
    ),
    Form(
        lambda value, _raw: isinstance(value, dict) and value.get("type") == "Assertion",
        lambda value, _raw: Presented(value, "Open Badges 2.0", "hosted"),
    ),
)
TOKEN = b"eyJhbGciOiJFZERTQSJ9." + base64.urlsafe_b64encode(format_json(CREDENTIAL)).rstrip(b"=") + b".AAAA"
ASSERTION = b'{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://example.org/a"}'
ELSEWHERE = ASSERTION.replace(b"/a", b"/b")
HOSTED = {"https://example.org/a": ASSERTION, "https://example.org/b": ASSERTION}


def read_hosted(document: dict[str, Any], fetch: Fetch) -> Finding:
    """Nobody signed it: it is genuine when its own address has the same."""
    is_there = json.loads(fetch(document["id"])) == document
    word: Outcome = "passed" if is_there else "failed"
    return Finding(word, word, {"suites": "its address"})


# A file, how it is refused without a row, and with one: the verdict and the reason of its signature. The dates of an assertion
# have other names than those that content/dates.py asks for.
TOYS = {
    "a token": (TOKEN, "This is an Open Badges 3.0 credential as a JSON Web Token", ("holds", "passed")),
    "an assertion": (ASSERTION, "This is an Open Badges 2.0 badge of example.org", ("fails", "passed")),
    "a changed assertion": (ELSEWHERE, "This is an Open Badges 2.0 badge of example.org", ("fails", "failed")),
}
each_toy = pytest.mark.parametrize(("raw", "refusal", "found"), TOYS.values(), ids=TOYS.keys())


def report_on_file(raw: bytes, folder: Path) -> Report:
    (folder / "given").write_bytes(raw)
    return verify_file(folder / "given", evidence=lambda url: HOSTED.get(url) or fetch(url), now=NOW)


def add_toys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "FORMS", (*forms.FORMS, *TOY_FORMS))
    monkeypatch.setitem(MECHANISMS, "hosted", Mechanism(read_hosted, lambda *_claimed: False))


@each_toy
def test_a_file_is_refused_only_while_no_form_recognises_it(
    raw: bytes, refusal: str, found: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert report_on_file(raw, tmp_path).headline.startswith(refusal)
    add_toys(monkeypatch)
    report = report_on_file(raw, tmp_path)
    assert (report.verdict, report.check("signature").reason) == found


def test_what_a_new_form_says_is_read_from_what_it_presents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_toys(monkeypatch)
    stated = report_on_file(format_json(CREDENTIAL), tmp_path).statement
    assert report_on_file(TOKEN, tmp_path).statement == stated != ""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")
@each_toy
def test_the_browser_asks_a_new_form_as_python_does(
    raw: bytes, refusal: str, found: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    responses = {url: as_base64(body) for url, body in (ANSWERS | HOSTED).items()}
    question = {"file": as_base64(raw), "responses": responses, "now": NOW.isoformat()}
    command = ["node", str(ROOT / "tests/browser/toy-forms.mjs")]
    ended = subprocess.run(command, input=json.dumps(question), capture_output=True, text=True, check=True)
    add_toys(monkeypatch)
    # The statement is what the page shows by itself.
    expected = replace(report_on_file(raw, tmp_path), statement="").as_json()
    assert json.loads(ended.stdout) == json.loads(json.dumps(expected))


# -- resolve -----------------------------------------------------------------------------------------------------------


def test_a_key_is_found_with_its_controller_and_the_place_of_the_evidence() -> None:
    key = resolve(f"{DID}#key-1", fetch=fetch, now=NOW)
    assert isinstance(key, ResolvedKey)
    assert (key.public_key, key.controller, key.did) == (KEY.public_key(), DID, DID)
    words = {"key": "key-1", "domain": "harbour.example.org"}
    assert key.passed == Finding("passed", "passed", words, DID_URL)


def test_a_did_that_no_row_recognises_is_not_looked_up() -> None:
    assert resolve("did:key:z6Mk#z6Mk", fetch=fetch, now=NOW) == Finding(
        "not_supported", "not_did", {"did": "did:key:z6Mk"}, form="key-address"
    )


def test_a_key_document_out_of_reach_says_nothing_against_the_key() -> None:
    found = resolve("did:web:elsewhere.example#key-1", fetch=fetch, now=NOW)
    assert isinstance(found, Finding) and (found.result, found.reason) == ("could_not_check", "unreachable")


def test_a_key_that_is_not_listed_is_refused() -> None:
    found = resolve(f"{DID}#key-9", fetch=fetch, now=NOW)
    assert isinstance(found, Finding) and found.values == {"reason": f"{DID} lists no key #key-9"}


def test_a_new_did_method_is_one_row_even_when_it_needs_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(method: str, _fetch: Any) -> KeyText:
        did, _, multibase = method.partition("#")
        return KeyText(multibase, did)

    row = DidMethod(lambda did: did.startswith("did:key:"), lambda _did: "", look_up)
    monkeypatch.setattr(methods, "DID_METHODS", (*methods.DID_METHODS, row))
    multibase = did_document()["verificationMethod"][1]["publicKeyMultibase"]
    key = resolve(f"did:key:{multibase}#{multibase}", fetch=fetch, now=NOW)
    assert isinstance(key, ResolvedKey) and key.controller == f"did:key:{multibase}"


# -- proofs ------------------------------------------------------------------------------------------------------------


def signed(document: dict[str, Any], *suites: str) -> ProofsFound:
    return check_signed(document, securing="DataIntegrityProof", fetch=fetch, suites=suites, now=NOW)


def test_each_proof_of_a_loaded_suite_is_checked_and_the_others_are_listed() -> None:
    found = signed(CREDENTIAL, "eddsa-jcs-2022")
    assert [(suite, finding.result) for suite, finding in found.proofs] == [
        ("eddsa-rdfc-2022", "not_checked"),
        ("eddsa-jcs-2022", "passed"),
    ]
    assert found.signature == Finding("passed", "passed", {"suites": "eddsa-jcs-2022"})


def test_without_a_loaded_suite_no_key_is_looked_up() -> None:
    found = signed(CREDENTIAL)
    assert (found.signature.reason, found.key.reason) == ("no_suite", "none")


@pytest.mark.parametrize(
    ("proof", "reason"), [([], "no_proof"), ([{}], "bad_proof"), (CREDENTIAL["proof"] * 5, "bad_proof")]
)
def test_proofs_that_cannot_be_read_are_refused_all_together(proof: list[Any], reason: str) -> None:
    refusal = MECHANISMS["DataIntegrityProof"].read({**CREDENTIAL, "proof": proof}, fetch)
    assert refusal == Finding("failed", reason)


def test_the_w3c_s_chain_of_proofs_is_neither_good_nor_bad() -> None:
    document = read_json_vector("vc-di-eddsa/proof-set-chain/signedProofChain1.json")
    found = signed(document, "eddsa-rdfc-2022")
    # By two people, and neither is the issuer: the first is asked for.
    assert [finding.reason for _, finding in found.proofs] == ["no_key", "another", "chained"]
    assert found.signature.result == "could_not_check"


def test_a_list_of_proofs_says_when_the_first_of_them_was_made() -> None:
    first, second = CREDENTIAL["proof"]
    dateless = {name: value for name, value in first.items() if name != "created"}
    both = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
    assert signed({**CREDENTIAL, "proof": [dateless, second]}, *both).created == "2026-05-14T08:00:00Z"
    assert signed({**CREDENTIAL, "proof": [dateless]}, *both).created == ""


# -- status ------------------------------------------------------------------------------------------------------------


def test_a_credential_without_a_status_is_not_checked_for_one() -> None:
    assert check_status({}, fetch=fetch, suites=(), now=NOW) == Finding("not_checked", "none")


def test_a_status_is_as_its_list_says() -> None:
    found = check_status(CREDENTIAL, fetch=fetch, suites=("eddsa-jcs-2022",), now=NOW)
    signed = {"date": "14 May 2026", "signed": "2026-05-14T08:00:00Z"}
    assert found == Finding("passed", "passed", signed, LIST_URL)


def test_a_status_of_a_kind_that_no_row_recognises_is_neither_good_nor_bad() -> None:
    found = check_status({"credentialStatus": {"type": "OtherList"}}, fetch=fetch, suites=(), now=NOW)
    assert found == Finding("not_supported", "other_status", form="status-kind")


def test_asked_as_of_an_earlier_moment_the_list_that_is_read_today_counts() -> None:
    raw, earlier = format_json(CREDENTIAL), datetime(2026, 5, 14, 7, 59, 59, tzinfo=UTC)
    assert verify_credential(raw, fetch=fetch, now=earlier).verdict == "unknown"
    assert verify_credential(raw, fetch=fetch, now=earlier, read_at=NOW).verdict == "holds"


# What each of several entries says, and which of it is told.
TOLD = [
    (["passed", "revoked", "unread", "failed"], "revoked"),
    (["passed", "unread", "failed"], "failed"),
    (["passed", "unread"], "unread"),
    (["unread", "other", "passed"], "unread"),
    (["passed", "passed"], "passed"),
]
RESULTS: dict[str, Outcome] = {
    "passed": "passed",
    "revoked": "failed",
    "failed": "failed",
    "unread": "could_not_check",
    "other": "not_supported",
}


@pytest.mark.parametrize(("reasons", "told"), TOLD)
def test_of_several_statuses_the_worst_is_told(reasons: list[str], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(entry: Any, **_evidence: Any) -> Finding:
        return Finding(RESULTS[entry], entry)

    monkeypatch.setattr(statuses, "STATUS_KINDS", (StatusKind(lambda entry: entry in RESULTS, check),))
    for entries in (reasons, reasons[::-1]):
        assert check_status({"credentialStatus": entries}, fetch=fetch, suites=(), now=NOW).reason == told


def test_of_several_lists_the_oldest_gives_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    days = ["2026-05-14T08:00:00Z", "2025-12-31T08:00:00Z", "2026-06-01T08:00:00Z"]
    row = StatusKind(lambda entry: True, lambda entry, **_evidence: Finding("passed", "passed", {"signed": entry}))
    monkeypatch.setattr(statuses, "STATUS_KINDS", (row,))
    found = check_status({"credentialStatus": days}, fetch=fetch, suites=(), now=NOW)
    assert found.values == {"signed": "2025-12-31T08:00:00Z"}


def test_a_new_kind_of_status_is_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(entry: Any, **_evidence: Any) -> Finding:
        return Finding("passed", "passed", {}, entry["id"])

    row = StatusKind(lambda entry: entry["type"] == "OtherList", check)
    monkeypatch.setattr(statuses, "STATUS_KINDS", (*statuses.STATUS_KINDS, row))
    status = {"type": "OtherList", "id": "https://harbour.example.org/list"}
    assert check_status({"credentialStatus": status}, fetch=fetch, suites=(), now=NOW).source == status["id"]


# -- content -----------------------------------------------------------------------------------------------------------

STATEMENT = Statement(CREDENTIAL, None, NOW, Finding("passed", "passed"))


def test_content_is_checked_in_the_order_of_the_report_with_the_status_among_it() -> None:
    found = check_content(STATEMENT)
    assert [name for name, _ in found] == ["dates", "status", "page"] == list(CHECKS)
    assert dict(found)["status"] is STATEMENT.status


def test_dates_are_asked_of_the_clock_that_is_given() -> None:
    late = replace(STATEMENT, now=datetime(2030, 1, 1, tzinfo=UTC))
    assert [dict(check_content(at))["dates"].reason for at in (STATEMENT, late)] == ["passed_until", "expired"]


# -- what the steps share ----------------------------------------------------------------------------------------------

DOMAINS = {
    "https://harbour.example.org/c/": "harbour.example.org",
    "https://harbour.example.org:8443": "harbour.example.org:8443",
    "did:web:harbour.example.org%3A8443:issuers": "harbour.example.org:8443",
    "https://harbour.example.org@elsewhere.example/": "",
    "http://harbour.example.org/": "",
    "did:key:z6Mk": "",
}


@pytest.mark.parametrize(("address", "domain"), DOMAINS.items())
def test_a_domain_is_read_from_an_address_or_not_at_all(address: str, domain: str) -> None:
    assert domain_of(address) == domain


def test_each_address_is_fetched_once_and_a_failure_is_tried_again() -> None:
    asked: list[str] = []

    def counting(url: str) -> bytes:
        asked.append(url)
        return fetch(url)

    once = cached(counting)
    assert once(DID_URL) == once(DID_URL)
    for _ in range(2):
        with pytest.raises(FetchError):
            once("https://elsewhere.example/")
    assert asked == [DID_URL, "https://elsewhere.example/", "https://elsewhere.example/"]
