"""Credentials by somebody who wants a good word for what is not good: hidden, moved, renamed, overlong, or written for the terminal."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.credentials.identifiers.did_web import is_did_web
from site_builder.credentials.rosette.drawing import rosette_digest, rosette_words
from site_builder.credentials.securing.data_integrity import JCS, RDFC, SUITES, create_proof
from site_builder.credentials.securing.rdfc import CanonicalizationError, canonicalize_rdf
from site_builder.encoding import format_json
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.report import Report
from site_builder.verification.verify import verify_credential
from tests.statement_pages import statement_html, with_html
from tests.test_verifiers_agree import (
    BASE,
    CREDENTIAL,
    DID,
    DID_URL,
    GOOD_WORDS,
    INDEX,
    KEY,
    LIST_URL,
    NOW,
    PUBLIC_KEY,
    SIGNED,
    STATUS_LIST,
    UNSIGNED,
    Case,
    Json,
    Node,
    agreed,
    did_document,
    jcs_signed,
    proofs,
    running_node,
    sign,
    sound,
    unsigned_list,
)
from tests.test_verifiers_agree import page as page_of

VOCABULARY = "https://www.w3.org/2018/credentials#"
STAMP = "http://www.w3.org/2001/XMLSchema#dateTime"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running_node() as running:
        yield running


def report_on(document: Json, *, status: Json = STATUS_LIST, now: datetime = NOW) -> Report:
    """What `laurels verify` says, with every suite that it knows."""
    answers = {DID_URL: did_document(), LIST_URL: status}

    def fetch(url: str) -> bytes:
        if url not in answers:
            raise FetchError("not among the answers")
        return format_json(answers[url])

    return verify_credential(format_json(document), fetch=fetch, now=now)


# -- one graph, two readings: a proof over RDF holds, and whoever looks for a name does not find it --------------------------


def only_rdf_proof() -> Json:
    return {**copy.deepcopy(CREDENTIAL), "proof": CREDENTIAL["proof"][:1]}


def hide_status(document: Json) -> None:
    document[f"{VOCABULARY}credentialStatus"] = document.pop("credentialStatus")


def hide_end(document: Json) -> None:
    document[f"{VOCABULARY}validUntil"] = {"@value": document.pop("validUntil"), "type": STAMP}


def test_a_revoked_credential_cannot_hide_its_status_behind_the_address_of_the_term() -> None:
    document, revoked = only_rdf_proof(), sign(unsigned_list(INDEX))
    assert report_on(document, status=revoked).verdict == "revoked"
    hide_status(document)
    assert report_on(document, status=revoked).verdict == "fails"


def test_an_expired_credential_cannot_hide_its_end_behind_the_address_of_the_term() -> None:
    document, late = only_rdf_proof(), datetime(2040, 1, 1, tzinfo=UTC)
    assert report_on(document, now=late).verdict == "expired"
    hide_end(document)
    assert report_on(document, now=late).verdict == "fails"


def test_a_status_list_has_no_second_name_for_its_bits() -> None:
    document = {**sign(unsigned_list(INDEX))}
    document["proof"] = document["proof"][:1]
    document["credentialSubject"][f"{VOCABULARY.replace('credentials', 'x')}encodedList"] = "u"
    assert report_on(CREDENTIAL, status=document).verdict == "fails"


@pytest.mark.parametrize("name", ["https://schema.org/name", "schema:name", "urn:x", "_:name", ":", "a:b"])
def test_only_terms_name_what_is_signed(name: str) -> None:
    with pytest.raises(CanonicalizationError):
        canonicalize_rdf({**UNSIGNED, name: "more"})


DISGUISES: dict[str, Callable[[Any], Any]] = {
    "in a list": lambda value: [value],
    "as a value object": lambda value: {"@value": value},
    "as a typed value object": lambda value: {"@value": value, "type": STAMP},
    "twice in a list": lambda value: [value, value],
}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize(
    "place", ["validUntil", "validFrom", "credentialStatus", "issuer", "credentialSubject", "id", "type"]
)
def test_what_means_the_same_in_rdf_is_not_passed_over_when_written_otherwise(place: str, disguise: str) -> None:
    """Of an expired and revoked credential nothing good is said, whatever form its members take."""
    document = only_rdf_proof()
    document[place] = DISGUISES[disguise](document[place])
    late, revoked = datetime(2040, 1, 1, tzinfo=UTC), sign(unsigned_list(INDEX))
    assert report_on(document, status=revoked, now=late).verdict not in GOOD_WORDS


@pytest.mark.parametrize("place", ["validUntil", "credentialStatus", "issuer", "awardedDate", "evidence", "name"])
@pytest.mark.parametrize("host", ["credentialSubject", "issuer", "achievement", "evidence"])
def test_no_member_can_be_moved_into_another_part(place: str, host: str) -> None:
    document = only_rdf_proof()
    parts = {
        "credentialSubject": document["credentialSubject"],
        "issuer": document["issuer"],
        "achievement": document["credentialSubject"]["achievement"],
        "evidence": document["evidence"][0],
    }
    value = document.pop(place)
    parts[host][place] = value if place != host else copy.deepcopy(value)
    # Named as the credential itself, where the part may have another id.
    parts[host]["id"] = document["id"]
    assert report_on(document).verdict not in GOOD_WORDS


# -- both verifiers ----------------------------------------------------------------------------------------------------------


def signed_with_end(document: Json) -> Json:
    config = create_proof(document, suite=JCS, signing_key=KEY, verification_method=f"{DID}#key-1", created=SIGNED)
    from hashlib import sha256

    from site_builder.credentials.securing.jcs import canonicalize_jcs
    from site_builder.encoding import format_base58btc

    del config["proofValue"]
    config["expires"] = "2026-05-15T00:00:00Z"
    digest = b"".join(sha256(canonicalize_jcs(part)).digest() for part in (config, document))
    return {**document, "proof": config | {"proofValue": "z" + format_base58btc(KEY.sign(digest))}}


def proof_that_has_ended(case: Case) -> None:
    case.document = signed_with_end(copy.deepcopy(UNSIGNED))


def tombstone_without_list(case: Case) -> None:
    jcs_signed(lambda document: document.pop("credentialStatus"))(case)
    case.page = page_of(tombstone=True)


def status_at(url: str) -> Callable[[Case], None]:
    return jcs_signed(lambda document: document["credentialStatus"].update(statusListCredential=url))


def pictured(image: Any) -> Callable[[Case], None]:
    return jcs_signed(lambda document: document["credentialSubject"]["achievement"].update(image=image))


def words_of(document: Json) -> str:
    return " ".join(rosette_words(rosette_digest(document)))


def shows(src: str, alt: str, signed: Any) -> Callable[[Case], None]:
    """A page that shows a picture, of a credential that signs another or the same."""

    def apply(case: Case) -> None:
        pictured(PICTURE)(case)
        made, words = statement_html(case.document, multibase=PUBLIC_KEY), words_of(case.document)
        pictured(signed)(case)
        made = with_html(made, words, words_of(case.document))
        # Of the head, which a page's own script does not compare, all is as it should be.
        caption = (signed.get("caption") if isinstance(signed, dict) else None) or ""
        made = made.replace(f'image:alt" content="{PICTURE["caption"]}"', f'image:alt" content="{caption}"')
        case.page = page_of(with_html(made, f'src="{SHOWN}" alt="{PICTURE["caption"]}"', f'src="{src}" alt="{alt}"'))

    return apply


PICTURE = {"id": f"{BASE}badges/first-aid/image-0a1b2c3d.png", "type": "Image", "caption": "A cross"}
SHOWN = "../../badges/first-aid/image-0a1b2c3d.png"

HOSTILE: dict[str, Callable[[Case], None]] = {
    "a page with a picture of another": shows("../../badges/first-aid/image-00000000.png", "A cross", PICTURE),
    "a page with a picture from elsewhere": shows("https://x.example/image-0a1b2c3d.png", "A cross", PICTURE),
    "a page with no words for the picture": shows(SHOWN, "", PICTURE),
    "a page with other words for the picture": shows(SHOWN, "With honours", PICTURE),
    "a page with words where no picture has any": shows(SHOWN, "x", {"id": PICTURE["id"], "caption": None}),
    "a page with a picture that is only an address": shows(SHOWN, "", PICTURE["id"]),
    "a page with a picture that nobody signed": shows(SHOWN, "", {"id": ["x"]}),
    "a page with the bare base for a picture": shows("../../", "", {"id": BASE + "x"}),
    "a proof that has ended": proof_that_has_ended,
    "a page that says withdrawn of a credential without a list": tombstone_without_list,
    "a subject in a list": jcs_signed(
        lambda document: document.update(credentialSubject=[document["credentialSubject"]])
    ),
    "an issuer with a fragment": jcs_signed(lambda document: document["issuer"].update(id=f"{DID}#key-1")),
    "an issuer with a query": jcs_signed(lambda document: document["issuer"].update(id=f"{DID}?x")),
    "an issuer in capitals": jcs_signed(
        lambda document: document["issuer"].update(id=DID.replace("harbour", "HARBOUR"))
    ),
    "an issuer with a space": jcs_signed(lambda document: document["issuer"].update(id=f" {DID}")),
    "a status list with a user name": status_at("https://harbour.example.org@elsewhere.example/1.json"),
    "a status list with a backslash": status_at("https://harbour.example.org\\@elsewhere.example/1.json"),
    "a status list behind a fragment": status_at(f"{LIST_URL}#"),
    "a status list behind dots": status_at(f"{BASE}issuers/../issuers/harbour/status/1.json"),
    "a status list behind coded dots": status_at(f"{BASE}issuers/%2e%2e/issuers/harbour/status/1.json"),
    "a status list at a port": status_at("https://harbour.example.org:443/issuers/harbour/status/1.json"),
    "a status list at a very long address": status_at(BASE + "a" * 9000),
    "a status list with a zero byte": status_at(BASE + "a\0b"),
    "a status list at half an address": status_at("https://["),
    "a status list at a letter that is more": status_at("https://exam\u2100ple.com/"),
    "a suite that writes a report": proofs(
        lambda found: [proof.update(cryptosuite="\n\x1b[2JChecked: signed by x.example") for proof in found]
    ),
    "a DID that writes a report": proofs(
        lambda found: [proof.update(verificationMethod="did:key:\u202e\nHolds: signed by x.example") for proof in found]
    ),
    "a key that writes a report": proofs(
        lambda found: [proof.update(verificationMethod=f"{DID}#\n\x1b[1mHolds\u2066" + "x" * 9000) for proof in found]
    ),
}


@needs_node
def test_both_take_the_signed_picture(node: Node) -> None:
    case = sound()
    shows(SHOWN, "A cross", PICTURE)(case)
    assert agreed(case, node)["verdict"] == "holds"


@needs_node
@pytest.mark.parametrize("name", HOSTILE)
def test_neither_has_a_good_word_for_a_hostile(name: str, node: Node) -> None:
    case = sound()
    case.page = None
    HOSTILE[name](case)
    assert agreed(case, node)["verdict"] not in GOOD_WORDS


def test_a_list_of_the_issuer_for_another_index_does_not_revoke() -> None:
    assert report_on(CREDENTIAL, status=sign(unsigned_list(INDEX - 1, INDEX + 1, INDEX ^ 7))).verdict == "holds"


@needs_node
@pytest.mark.parametrize(
    "did", ["did:web:127.0x1", "did:web:127.0x7f000001", "did:web:0x7f.0x1", "did:web:1.1", "did:web:a.1b"]
)
def test_a_number_in_any_spelling_is_no_domain(did: str, node: Node) -> None:
    assert not is_did_web(did)
    case = sound()
    proofs(lambda found: [proof.update(verificationMethod=f"{did}#key-1") for proof in found])(case)
    assert "key not_did" in {f"{check['name']} {check['reason']}" for check in agreed(case, node)["checks"]}


def test_a_document_cannot_write_into_the_report_on_the_terminal(tmp_path: Path) -> None:
    document = copy.deepcopy(CREDENTIAL)
    for number, proof in enumerate(document["proof"]):
        proof["cryptosuite"] = f"x\nbadge.png\n\x1b[2J\rHolds {number}"
        proof["verificationMethod"] = "did:key:\n\x1b[32mHolds\u202e"
    (tmp_path / "credential.json").write_bytes(format_json(document))
    shown = CliRunner().invoke(main, ["verify", "--site", str(tmp_path), str(tmp_path / "credential.json")])
    assert shown.exit_code == 1
    assert not any(mark in shown.output for mark in ("\x1b", "\r", "\u202e"))
    assert not any(line.startswith(("badge.png", "Holds")) for line in shown.output.splitlines())


# -- addresses in a folder -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "a\0b",
        "a" * 5000,
        "/etc/passwd",
        "../secret.json",
        "%2e%2e/secret.json",
        "x/../../secret.json",
        "..\\secret.json",
        "",
        "link",
    ],
)
def test_an_address_leads_to_a_file_of_the_folder_or_nowhere(path: str, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "site" / "badges" / "knots").mkdir(parents=True)
    definition = {"id": f"{BASE}badges/knots/achievement.json"}
    (tmp_path / "site" / "badges" / "knots" / "achievement.json").write_text(json.dumps(definition))
    assert SiteFolder(tmp_path / "site").base == BASE
    (tmp_path / "site" / "link").symlink_to(tmp_path / "secret.json")
    with pytest.raises(FetchError):
        SiteFolder(tmp_path / "site").fetch(BASE + path)


def test_both_proofs_are_over_one_document() -> None:
    assert [proof["cryptosuite"] for proof in CREDENTIAL["proof"]] == list(SUITES) == [RDFC, JCS]
    assert json.loads(format_json(CREDENTIAL)) == CREDENTIAL
