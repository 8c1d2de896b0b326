"""The reference implementation in JavaScript, @digitalbazaar/vc, gives the same answers about what Laurels signs."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from site_builder.credentials.identifiers.did_web import PublicKeyEntry, build_did_document, did_document_url
from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.credentials.openbadges3.build import build_credential
from site_builder.credentials.securing.contexts import CONTEXTS, CREDENTIALS_V2, MULTIKEY_V1, OPEN_BADGES_3
from site_builder.credentials.securing.data_integrity import (
    JCS,
    RDFC,
    SUITES,
    add_proof_set,
    create_proof,
    without_proof,
)
from site_builder.credentials.securing.rdfc import CanonicalizationError, canonicalize_rdf
from site_builder.credentials.status.bitstring import build_status_list, encode_list
from site_builder.encoding import format_base58btc, format_json, parse_base58btc
from site_builder.ledger.checks.repository import check_repository
from site_builder.site.publish import publish
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.verify import verify_credential
from tests.full_shape import FULL_SHAPE
from tests.support import fake_key
from tests.test_openbadges3 import FULL_ACHIEVEMENT, FULL_AWARD, MINIMAL_PROFILE
from tests.vector_files import DEMO_CREDENTIALS, ROOT

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")

Json = dict[str, Any]
Change = Callable[[Json, Json], Any]

BASE = "https://badges.example.org/"
DID = "did:web:school.example"
METHOD, LIST_URL = f"{DID}#key-1", "https://school.example/status/1.json"
SIGNED_AT = datetime(2026, 5, 14, 8, 0, 0, tzinfo=UTC)
NOW = datetime(2026, 12, 1, 12, 0, 0, tzinfo=UTC)


# -- what is asked ---------------------------------------------------------------------------------------------------


def sign(document: Json, *, key: str = "test issuer", method: str = METHOD) -> Json:
    return add_proof_set(
        without_proof(document), signing_key=fake_key(key), verification_method=method, created=SIGNED_AT
    )


def did_document(*, key: str = "test issuer", may_assert: bool = True) -> Json:
    return build_did_document(DID, [PublicKeyEntry("key-1", format_public_key(fake_key(key).public_key()), may_assert)])


def status_list(*indexes: int, issuer: str = DID) -> Json:
    return build_status_list(url=LIST_URL, issuer=issuer, indexes=indexes, issued=SIGNED_AT)


def unsigned() -> Json:
    """The full shape, by an issuer with a did:web and a status list, and with texts from many scripts."""
    document = copy.deepcopy(FULL_SHAPE)
    document["issuer"]["id"] = DID
    document["credentialStatus"] |= {"id": f"{LIST_URL}#7", "statusListCredential": LIST_URL}
    document["credentialSubject"]["narrative"] = 'Υπατία 張仲景 \U0001f9d1 "quoted" \\ back\n\tTAB <&> \u2028 é'
    document["credentialSubject"]["creditsEarned"] = 1.5
    return document


def built() -> Json:
    """What `issue` builds of an award with every field, by the same issuer and in the same status list."""
    achievement = replace(FULL_ACHIEVEMENT, image_digest="")
    profile = replace(MINIMAL_PROFILE, did=DID)
    document = build_credential(
        FULL_AWARD, achievement=achievement, profile=profile, zone=ZoneInfo("Europe/Amsterdam"), base=BASE
    )
    document["credentialStatus"] |= {"id": f"{LIST_URL}#7", "statusListIndex": "7", "statusListCredential": LIST_URL}
    return document


CREDENTIAL = sign(unsigned())
BUILT = sign(built())
DOCUMENTS: Json = {DID: did_document(), LIST_URL: sign(status_list(8, 9))}


@dataclass
class Request:
    """A question to the reference implementation. documents: what lies at which address, beyond the folder."""

    credential: Json
    suite: str
    now: datetime
    documents: Json

    def line(self) -> str:
        now = self.now.isoformat().replace("+00:00", "Z")
        return json.dumps(
            {
                "credential": self.credential,
                "suite": self.suite,
                "now": now,
                "listNow": NOW.isoformat().replace("+00:00", "Z"),
                "documents": self.documents,
            }
        )


def part(*path_and_value: Any) -> Change:
    """A change of the signed credential: keys and indexes, then the value; a value of ... removes the key."""
    *path, key, value = path_and_value

    def change(credential: Any, _documents: Json) -> None:
        for step in path:
            credential = credential[step]
        if value is ...:
            del credential[key]
        else:
            credential[key] = value

    return change


def each_proof(key: str, value: Any) -> Change:
    def change(credential: Json, _documents: Json) -> None:
        for proof in credential["proof"]:
            proof[key] = value(proof[key]) if callable(value) else value

    return change


def document_at(url: str, document: Any) -> Change:
    return lambda _credential, documents: documents.update({url: document})


def method_of_did(**values: Any) -> Change:
    document = did_document()
    document["verificationMethod"][0] |= values
    return document_at(DID, document)


def signed_anew(change: Callable[[Json], Any], **by: str) -> Change:
    """A credential that is changed first and then signed: what is wrong with it is not its signature."""

    def apply(credential: Json, _documents: Json) -> None:
        document = unsigned()
        change(document)
        credential.clear()
        credential.update(sign(document, **by))

    return apply


def flipped(proof_value: str) -> str:
    raw = bytearray(parse_base58btc(proof_value[1:]))
    raw[-1] ^= 1
    return "z" + format_base58btc(bytes(raw))


def swapped(credential: Json, _documents: Json) -> None:
    first, second = credential["proof"]
    first["proofValue"], second["proofValue"] = second["proofValue"], first["proofValue"]


TAMPERED: dict[str, Change] = {
    "another name of the recipient": part("credentialSubject", "identifier", 1, "identityHash", "Eve"),
    "another achievement": part("credentialSubject", "achievement", "name", "Surgery"),
    "another description": part("description", "Ties seven."),
    "other criteria": part("credentialSubject", "achievement", "criteria", "narrative", "Tied *one*."),
    "more credits": part("credentialSubject", "creditsEarned", 150),
    "slightly more credits": part("credentialSubject", "creditsEarned", 1.5000001),
    "a later end": part("validUntil", "2040-01-01T00:00:00Z"),
    "no end": part("validUntil", ...),
    "another beginning": part("validFrom", "2026-01-02T00:00:00Z"),
    "another day of award": part("awardedDate", "2025-01-01T00:00:00Z"),
    "another index": part("credentialStatus", "statusListIndex", "6"),
    "another list": part("credentialStatus", "statusListCredential", "https://school.example/status/2.json"),
    "no status": part("credentialStatus", ...),
    "other evidence": part("evidence", 0, "id", "https://elsewhere.example/"),
    "no evidence": part("evidence", ...),
    "another id": part("id", "https://school.example/credentials/2"),
    "another issuer's name": part("issuer", "name", "University"),
    "another issuer": part("issuer", "id", "did:web:elsewhere.example"),
    "another language of the name": part("name", "@language", "yi"),
    "another direction of the name": part("name", "@direction", "ltr"),
    "one tag less": part("credentialSubject", "achievement", "tag", ["knots"]),
    "an order that counts": part(
        "credentialSubject", "achievement", "resultDescription", 0, "allowedValue", ["A", "B", "C", "D"]
    ),
    "a further claim": part("credentialSubject", "role", "Captain"),
    "an undefined term": part("credentialSubject", "nickname", "Eve"),
    "a further type": part("issuer", "type", ["Profile", "Achievement"]),
    "a hash that claims to be one": part("credentialSubject", "identifier", 0, "hashed", True),
    "another context": part("@context", [CREDENTIALS_V2, MULTIKEY_V1]),
    "contexts in another order": part("@context", [OPEN_BADGES_3, CREDENTIALS_V2]),
    "another date of signing": each_proof("created", "2020-01-01T00:00:00Z"),
    "another purpose": each_proof("proofPurpose", "authentication"),
    "a changed signature": each_proof("proofValue", flipped),
    "signatures exchanged": swapped,
    "no signature": part("proof", ...),
    "a key that is not listed": each_proof("verificationMethod", f"{DID}#key-2"),
    "another key at the issuer": document_at(DID, did_document(key="another")),
    "a key that may not sign any more": document_at(DID, did_document(may_assert=False)),
    "a key that somebody else controls": method_of_did(controller="did:web:elsewhere.example"),
    "no key document": document_at(DID, None),
    "signed by a stranger's key": signed_anew(lambda _: None, key="stranger"),
    "signed for another issuer": signed_anew(
        lambda document: document["issuer"].update(id="did:web:elsewhere.example")
    ),
    "an end before now": signed_anew(lambda document: document.update(validUntil="2026-11-30T00:00:00Z")),
    "a beginning after now": signed_anew(lambda document: document.update(validFrom="2026-12-02T00:00:00Z")),
    "no status list": document_at(LIST_URL, None),
    "a status list without a proof": document_at(LIST_URL, status_list()),
    "a status list by a stranger": document_at(LIST_URL, sign(status_list(), key="stranger")),
    "a status list with a bit cleared": document_at(
        LIST_URL,
        DOCUMENTS[LIST_URL]
        | {"credentialSubject": DOCUMENTS[LIST_URL]["credentialSubject"] | {"encodedList": encode_list([])}},
    ),
    "a status list of another issuer": document_at(LIST_URL, sign(status_list(issuer="did:web:elsewhere.example"))),
}


def tampered(change: Change) -> tuple[Json, Json]:
    credential, documents = copy.deepcopy(CREDENTIAL), copy.deepcopy(DOCUMENTS)
    change(credential, documents)
    return credential, documents


# -- one process for all questions -----------------------------------------------------------------------------------


@cache
def published() -> dict[str, Any]:
    """What the demo's site publishes for verifiers: key documents by their DIDs, status lists by their addresses."""
    found = {}
    for path, raw in publish(check_repository(ROOT)):
        if path.endswith("/did.json"):
            found[json.loads(raw)["id"]] = json.loads(raw)
        if "/status/" in path:
            found[BASE + path] = json.loads(raw)
    return found


DEMO = [json.loads(file.read_bytes()) for file in DEMO_CREDENTIALS]


def beginning(document: Json) -> datetime:
    return datetime.fromisoformat(document["validFrom"]).astimezone(UTC) + timedelta(hours=1)


@cache
def questions() -> dict[tuple[str, str, str], Request]:
    asked = {}
    for suite in SUITES:
        for document in DEMO:
            asked["demo as it begins", document["id"], suite] = Request(document, suite, beginning(document), {})
            asked["demo now", document["id"], suite] = Request(document, suite, NOW, {})
        asked["sound", "", suite] = Request(CREDENTIAL, suite, NOW, DOCUMENTS)
        asked["built here", "", suite] = Request(BUILT, suite, NOW, DOCUMENTS)
        revoked = DOCUMENTS | {LIST_URL: sign(status_list(7))}
        asked["revoked", "", suite] = Request(CREDENTIAL, suite, NOW, revoked)
        alone = CREDENTIAL | {"proof": [proof for proof in CREDENTIAL["proof"] if proof["cryptosuite"] != suite]}
        asked["without this suite", "", suite] = Request(alone, suite, NOW, DOCUMENTS)
        for name, change in TAMPERED.items():
            credential, documents = tampered(change)
            asked["tampered", name, suite] = Request(credential, suite, NOW, documents)
    return asked


CANONIZED: dict[str, Json] = {
    **{document["id"]: without_proof(document) for document in DEMO},
    "the full shape": FULL_SHAPE,
    "many scripts": unsigned(),
    "built here": without_proof(BUILT),
    "a key document": did_document(),
    "a status list": status_list(1, 2, 3),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[Any, Json]:
    """All answers, by the keys of the questions and of CANONIZED."""
    folder = tmp_path_factory.mktemp("documents")
    for url, document in {**CONTEXTS, **published()}.items():
        # As encodeURIComponent has it.
        (folder / quote(url, safe="!~*'()")).write_bytes(format_json(document))
    canonized = {**CANONIZED, **{did: document for did, document in published().items() if did.startswith("did:")}}
    lines = [request.line() for request in questions().values()]
    lines += [json.dumps({"canonize": document}) for document in canonized.values()]
    program = ["node", str(Path(__file__).parent / "interop" / "verify.mjs"), str(folder)]
    ran = subprocess.run(program, input="\n".join(lines).encode(), capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    return dict(zip([*questions(), *canonized], found, strict=True))


# -- the answers -----------------------------------------------------------------------------------------------------

BY_SUITE = pytest.mark.parametrize("suite", SUITES)


@BY_SUITE
def test_every_demo_credential_verifies_as_it_begins(answers: dict[Any, Json], suite: str) -> None:
    for document in DEMO:
        answer = answers["demo as it begins", document["id"], suite]
        assert answer["verified"], (document["id"], answer)


@BY_SUITE
def test_demo_credential_that_has_expired_or_not_begun_is_refused_today(answers: dict[Any, Json], suite: str) -> None:
    reasons = []
    for document in DEMO:
        end = datetime.fromisoformat(document.get("validUntil", "2999-01-01T00:00:00Z"))
        answer = answers["demo now", document["id"], suite]
        word = '"validUntil"' if end < NOW else '"validFrom"' if beginning(document) > NOW else ""
        assert answer["verified"] is not bool(word), (document["id"], answer)
        assert word in answer["error"]
        reasons.append(word)
    assert {'"validUntil"', '"validFrom"', ""} == set(reasons)


@BY_SUITE
def test_exactly_the_revoked_demo_credentials_have_their_bit_set(answers: dict[Any, Json], suite: str) -> None:
    revoked = {
        document["id"] for document in DEMO if answers["demo as it begins", document["id"], suite]["status"] == [True]
    }
    assert revoked == {document["id"] for document in DEMO if document["credentialStatus"]["id"] in bits_of_the_demo()}
    assert revoked


def bits_of_the_demo() -> set[str]:
    """The entries of status lists that the demo's awards say hold no more: revoked, superseded, erased."""
    found = set()
    for file in ROOT.glob("content/signed/*/*/award.json"):
        award = json.loads(file.read_bytes())
        for version in award["versions"]:
            if version.get("state") != "active":
                found.add(f"{BASE}issuers/{award['issuer']}/status/{version['list']}.json#{version['index']}")
    return found


@BY_SUITE
def test_sound_credential_verifies_and_a_revoked_one_says_so(answers: dict[Any, Json], suite: str) -> None:
    assert answers["sound", "", suite] == {"verified": True, "error": "", "status": [False]}
    assert answers["built here", "", suite] == {"verified": True, "error": "", "status": [False]}
    # Its quirk: `verified` stays true, and only the status tells.
    assert answers["revoked", "", suite] == {"verified": True, "error": "", "status": [True]}


@BY_SUITE
def test_proof_of_the_other_suite_does_not_stand_in(answers: dict[Any, Json], suite: str) -> None:
    assert answers["without this suite", "", suite]["verified"] is False


@BY_SUITE
@pytest.mark.parametrize("name", TAMPERED)
def test_tampered_credential_is_refused_by_the_reference_implementation(
    answers: dict[Any, Json], name: str, suite: str
) -> None:
    answer = answers["tampered", name, suite]
    assert not answer["verified"] and answer["error"]


def fetch_from(documents: Json) -> Callable[[str], bytes]:
    by_url = {did_document_url(url) if url.startswith("did:") else url: body for url, body in documents.items()}

    def fetch(url: str) -> bytes:
        if by_url.get(url) is None:
            raise FetchError(url)
        return format_json(by_url[url])

    return fetch


def verdict(credential: Json, documents: Json, suite: str) -> str:
    fetch = fetch_from(documents)
    return verify_credential(format_json(credential), fetch=fetch, now=NOW, suites=(suite,)).verdict


@BY_SUITE
@pytest.mark.parametrize("name", TAMPERED)
def test_tampered_credential_is_refused_by_laurels_too(name: str, suite: str) -> None:
    assert verdict(CREDENTIAL, DOCUMENTS, suite) == "holds"
    assert verdict(*tampered(TAMPERED[name]), suite) not in ("holds", "demo", "copy")


def test_there_are_many_ways_of_tampering() -> None:
    assert len(TAMPERED) >= 40


def test_both_write_the_same_canonical_nquads(answers: dict[Any, Json]) -> None:
    for name, document in CANONIZED.items():
        assert answers[name]["nquads"] == canonicalize_rdf(document).decode(), name


def test_published_key_document_is_json_ld_that_both_read_alike(answers: dict[Any, Json]) -> None:
    dids = {did: document for did, document in published().items() if did.startswith("did:")}
    assert dids
    for did, document in dids.items():
        assert answers[did]["nquads"] == canonicalize_rdf(document).decode()


def test_only_jcs_can_sign_texts_that_rdfc_implementations_put_into_different_orders() -> None:
    document = unsigned()
    document["credentialSubject"]["achievement"]["tag"] = ["\U0001f600", "\uff21"]

    def prove(suite: str) -> Json:
        return create_proof(
            document, suite=suite, signing_key=fake_key(), verification_method=METHOD, created=SIGNED_AT
        )

    assert prove(JCS)["proofValue"]
    with pytest.raises(CanonicalizationError, match="different orders"):
        prove(RDFC)
