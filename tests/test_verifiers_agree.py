"""Two verifiers, one answer: Python and the page's JavaScript report the same on sound, broken and hostile credentials.

The named cases below are files as well, which test_verification_vectors.py and tests/browser/verification.test.mjs run; what is found by
search (every leaf, strange dates, pieces of JSON) is asked of both here."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.credentials.demo import demo_signing_key
from site_builder.credentials.identifiers.did_web import PublicKeyEntry, build_did_document
from site_builder.credentials.identifiers.multikey import (
    KeyTextError,
    format_public_key,
    parse_private_key,
    public_bytes,
)
from site_builder.credentials.openbadges3.build import (
    Achievement,
    Award,
    Profile,
    build_credential,
)
from site_builder.credentials.openbadges3.values import Alignment, Evidence, Result, ResultDescription
from site_builder.credentials.rosette.drawing import rosette_digest, rosette_words
from site_builder.credentials.securing.data_integrity import JCS, RDFC, SUITES, add_proof_set, create_proof, hash_data
from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.credentials.status.bitstring import build_status_list
from site_builder.encoding import EncodingError, format_base58btc, format_base64url, format_json, parse_json
from site_builder.records.fields.markdown import unsafe_reason
from site_builder.verification.catalogue import wording
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.page.compare import compare_page
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.page.release import current_release
from site_builder.verification.successor import verify_and_follow
from tests.sampling import examples, sampled
from tests.statement_pages import statement_html, with_html, with_statement

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")

Json = dict[str, Any]
Suites = tuple[str, ...]

VERIFICATION = Path(__file__).parents[1] / "site_builder" / "verification"
DEMO_KEYS: list[str] = json.loads((VERIFICATION / "browser/src/credentials/demo_keys.json").read_text("ascii"))
BASE = "https://harbour.example.org/"
DID = "did:web:harbour.example.org:issuers:harbour"
DID_URL = f"{BASE}issuers/harbour/did.json"
LIST_URL = f"{BASE}issuers/harbour/status/1.json"
SECOND_LIST_URL = f"{BASE}issuers/harbour/status/2.json"
OTHER_DID = "did:web:elsewhere.example.org"
OTHER_DID_URL = "https://elsewhere.example.org/.well-known/did.json"
ID = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
ADDRESS = f"c/{ID}/credential.json"
INDEX = 4711
NOW = datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
SIGNED = datetime(2026, 5, 14, 8, 0, 0, tzinfo=UTC)
# Obviously not secret: 32 times the same byte.
KEY, OTHER_KEY, STRANGER = (Ed25519PrivateKey.from_private_bytes(bytes([byte]) * 32) for byte in (1, 2, 3))
GOOD_WORDS = {"holds", "demo", "copy"}


# -- one sound credential, and all that belongs to it --------------------------------------------------------------------


@dataclass
class Case:
    """One credential with what can be fetched for it. document: encoded as raw when raw is empty."""

    document: Json
    responses: dict[str, Any] = field(default_factory=dict)
    page: StatementPage | None = None
    now: datetime = NOW
    raw: bytes = b""

    def encoded(self) -> bytes:
        return self.raw or format_json(self.document)

    def answers(self) -> dict[str, bytes]:
        return {url: body if isinstance(body, bytes) else format_json(body) for url, body in self.responses.items()}


def sign(document: Json, *, key: Ed25519PrivateKey = KEY, method: str = f"{DID}#key-1") -> Json:
    bare = {name: value for name, value in document.items() if name != "proof"}
    return add_proof_set(bare, signing_key=key, verification_method=method, created=SIGNED)


def jcs_proof(document: Json, *, key: Ed25519PrivateKey = KEY, method: str = f"{DID}#key-1") -> Json:
    return create_proof(document, suite=JCS, signing_key=key, verification_method=method, created=SIGNED)


def proof_with(document: Json, *, suite: str = JCS, **options: Any) -> Json:
    """A proof by the issuer's key with other options than `create_proof` knows; None leaves one out. document: what it signs."""
    made = create_proof(UNSIGNED, suite=suite, signing_key=KEY, verification_method=f"{DID}#key-1", created=SIGNED)
    config = {name: value for name, value in (made | options).items() if name != "proofValue" and value is not None}
    if suite == JCS:
        config["@context"] = document["@context"]
    return config | {"proofValue": "z" + format_base58btc(KEY.sign(hash_data(document, config)))}


def unsigned_credential() -> Json:
    award = Award(
        id=ID,
        file="credential.json",
        awarded=date(2026, 5, 14),
        last_valid_day=date(2028, 5, 13),
        name="Υπατία 張仲景 \U0001f9d1",
        list_number=1,
        index=INDEX,
        email="ada@example.org",
        email_salt="salt",
        salt_is_public=True,
        stated={
            "narrative": "1. Tied **knots**, see [the log](https://harbour.example.org/log)\n2. <https://harbour.example.org/2>",
            "role": "Bosun",
            "activityStartDate": "2026-03-28T00:00:00+01:00",
            "activityEndDate": "2026-05-14T23:59:59+02:00",
            "licenseNumber": "HF-17",
            "creditsEarned": 1.5,
        },
        evidence=(Evidence("https://harbour.example.org/logbooks/17", "Logbook", "Nights & days"),),
        results=(Result("written", "27.0"), Result("state", "Completed", is_status=True)),
    )
    achievement = Achievement(
        slug="first-aid",
        name="First aid",
        description="Helps at once.",
        narrative="Shows *how* to help.",
        language="en",
        achievement_type="Certificate",
        tags=("aid", "water"),
        credits=Decimal(2),
        version="3",
        skills=(
            Alignment(
                "Heart & lung", "https://skills.example/s?a=1&b=2", "Open Skills", "S1.2", "Both.", "ceasn:Competency"
            ),
            Alignment("Calm", "https://skills.example/calm"),
        ),
        results=(
            ResultDescription("written", "Written test", "RawScore", minimum="0", maximum="30", required="24"),
            ResultDescription("grade", "Grade", "LetterGrade", allowed=("C", "B", "A"), required="C"),
            ResultDescription("state", "State", "Status"),
        ),
    )
    profile = Profile("harbour", DID, "Harbour First Aid School", "https://harbour.example.org/")
    return build_credential(
        award, achievement=achievement, profile=profile, zone=ZoneInfo("Europe/Amsterdam"), base=BASE
    )


def did_document(key: Ed25519PrivateKey = KEY, *, did: str = DID) -> Json:
    entries = [PublicKeyEntry("key-0", format_public_key(STRANGER.public_key()), may_assert=False)]
    return build_did_document(
        did, [*entries, PublicKeyEntry("key-1", format_public_key(key.public_key()), may_assert=True)]
    )


def unsigned_list(*indexes: int) -> Json:
    return build_status_list(url=LIST_URL, issuer=DID, indexes=indexes, issued=SIGNED)


UNSIGNED = unsigned_credential()
CREDENTIAL = sign(UNSIGNED)
STATUS_LIST = sign(unsigned_list(1, 2))


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """(JSON Pointer, value) of everything in a JSON value that is neither an object nor an array."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield pointer, value
        return
    for name, inner in items:
        yield from leaves(inner, f"{pointer}/{name}")


PUBLIC_KEY = format_public_key(KEY.public_key())


@cache
def sound_html(*, tombstone: bool = False) -> str:
    """The sound credential's page: the same for a thousand cases."""
    return statement_html(CREDENTIAL, multibase=PUBLIC_KEY, withdrawn=tombstone)


def page(html: str = "", *, tombstone: bool = False, address: str = ADDRESS) -> StatementPage:
    """A page of these letters, or the page of the sound credential."""
    return StatementPage(html or sound_html(tombstone=tombstone), address)


@cache
def sound_pages() -> dict[str, str]:
    """The pages that say what was signed, by a name, of which all others are made by a change."""
    demonstrations = enumerate(DEMO_KEYS, 1)
    return {
        "statement": sound_html(),
        "withdrawn": sound_html(tombstone=True),
        **{f"version-{number}": page_of_version(number)[1].html for number in (2, 3)},
        **{f"demonstration-{number}": demonstration(public)[1].html for number, public in demonstrations},
    }


def demo_key(public: str) -> Ed25519PrivateKey:
    return parse_private_key(demo_signing_key(public) or "")


@cache
def demonstration(public: str) -> tuple[Json, StatementPage]:
    """The credential signed with a published key, and its page."""
    document = sign(UNSIGNED, key=demo_key(public))
    return document, page(statement_html(document, multibase=public))


def restated(pointer: str, text: str) -> StatementPage:
    """The page with another text for one statement."""
    return page(with_statement(sound_html(), pointer, text))


def edited(old: str, new: str, *, tombstone: bool = False) -> StatementPage:
    """The page with other HTML in one place of its body."""
    return page(with_html(sound_html(tombstone=tombstone), old, new))


@cache
def page_of_version(number: int) -> tuple[Json, StatementPage]:
    """A later version of the credential, and its page."""
    file = f"credential-{number}.json"
    document = sign(UNSIGNED | {"id": f"{BASE}c/{ID}/{file}"})
    return document, page(statement_html(document, multibase=PUBLIC_KEY), address=f"c/{ID}/{file}")


def sound() -> Case:
    return Case(copy.deepcopy(CREDENTIAL), {DID_URL: did_document(), LIST_URL: STATUS_LIST}, page())


# -- both verifiers ---------------------------------------------------------------------------------------------------------


class Node:
    """The browser's verifier, running for the whole module."""

    def __init__(self) -> None:
        command = ["node", "--no-warnings", str(Path(__file__).parent / "browser" / "run.mjs")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, question: Json) -> Json:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(question).encode("ascii") + b"\n")
        self.process.stdin.flush()
        answer: Json = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def running_node() -> Iterator[Node]:
    """The browser's verifier; it ends by itself, and well, when nothing more is asked."""
    running = Node()
    yield running
    assert running.process.stdin is not None
    with running.process as process:
        running.process.stdin.close()
        assert process.wait(timeout=10) == 0


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running_node() as running:
        yield running


def as_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


# What a page has at once, and what it has when its list of checks was opened.
SUITE_SETS: list[Suites] = [(JCS,), (RDFC, JCS)]
with_suites = pytest.mark.parametrize("suites", SUITE_SETS, ids=["jcs", "rdfc and jcs"])


def report_in_python(case: Case, suites: Suites = (JCS,)) -> Json:
    responses = case.answers()

    def fetch(url: str) -> bytes:
        if url not in responses:
            raise FetchError("not among the responses")
        return responses[url]

    report = verify_and_follow(case.encoded(), fetch=fetch, now=case.now, page=case.page, suites=suites)
    plain: Json = json.loads(json.dumps(report.as_json()))
    return plain


def as_question(shown: StatementPage) -> Json:
    return {"html": shown.html, "address": shown.address}


def report_in_node(case: Case, node: Node, suites: Suites = (JCS,)) -> Json:
    return node.ask(
        {
            "raw": as_base64(case.encoded()),
            "responses": {url: as_base64(body) for url, body in case.answers().items()},
            "now": case.now.isoformat(),
            "page": as_question(case.page) if case.page else None,
            "suites": suites,
        }
    )


def agreed(case: Case, node: Node, suites: Suites = (JCS,)) -> Json:
    """The report that both give, in every verdict, sentence, source and check."""
    expected = report_in_python(case, suites)
    assert report_in_node(case, node, suites) == expected
    return expected


# -- variants ---------------------------------------------------------------------------------------------------------------

Change = Callable[[Case], None]


def resigned(change: Callable[[Json], Any]) -> Change:
    """The credential changed by its issuer: signed again afterwards."""

    def apply(case: Case) -> None:
        document = copy.deepcopy(UNSIGNED)
        change(document)
        case.document, case.page = sign(document), None

    return apply


def jcs_signed(change: Callable[[Json], Any]) -> Change:
    """As resigned, with the proof that pages check only: for documents that have no other canonical form."""

    def apply(case: Case) -> None:
        document = copy.deepcopy(UNSIGNED)
        change(document)
        case.document, case.page = {**document, "proof": [jcs_proof(document)]}, None

    return apply


def tampered(change: Callable[[Json], Any]) -> Change:
    """The credential changed by somebody else: the old proofs stay. No page, so that the signature decides."""

    def apply(case: Case) -> None:
        change(case.document)
        case.page = None

    return apply


def proofs(change: Callable[[list[Json]], Any]) -> Change:
    """The proofs changed. Second is the one that pages check."""
    return tampered(lambda document: change(document["proof"]))


def proven_with(*, suites: Suites = SUITES, **options: Any) -> Change:
    """The credential as it is, with one proof of each suite that has these options."""

    def apply(case: Case) -> None:
        case.document["proof"] = [proof_with(UNSIGNED, suite=suite, **options) for suite in suites]

    return apply


def list_proven_with(change: Callable[[Json], Any] = lambda document: None, **options: Any) -> Change:
    """The status list changed by the issuer, with proofs that have these options."""

    def apply(case: Case) -> None:
        document = unsigned_list(1, 2)
        change(document)
        case.responses[LIST_URL] = {
            **document,
            "proof": [proof_with(document, suite=suite, **options) for suite in SUITES],
        }

    return apply


def chained_after(*, earlier: Any = "urn:uuid:1", first: bool = True) -> Change:
    """A proof that follows another one, and signs that too. first: whether the one that it follows is there."""

    def apply(case: Case) -> None:
        before = [proof_with(UNSIGNED, suite=suite, id=f"urn:uuid:{n}") for n, suite in enumerate(SUITES, 1)]
        follower = proof_with({**UNSIGNED, "proof": before[:1]}, previousProof=earlier)
        case.document["proof"] = [*before, follower] if first else [follower]

    return apply


def statuses(*changes: Json, without: tuple[str, ...] = ()) -> Change:
    """The credential with as many entries as changes, each that of the sound one with other values."""

    def change(document: Json) -> None:
        entry = document["credentialStatus"]
        document["credentialStatus"] = [
            {name: value for name, value in (entry | values).items() if name not in without} for values in changes
        ]

    return jcs_signed(change)


def in_turn(*changes: Change) -> Change:
    def apply(case: Case) -> None:
        for change in changes:
            change(case)

    return apply


def answer(url: str, body: Any) -> Change:
    return lambda case: case.responses.update({url: body})


def gone(url: str) -> Change:
    def apply(case: Case) -> None:
        del case.responses[url]

    return apply


def did_with(change: Callable[[Json], Any]) -> Change:
    """The DID document changed. Second is the key that signed."""

    def apply(case: Case) -> None:
        change(case.responses[DID_URL])

    return apply


def did_key(text: str) -> Change:
    return did_with(lambda document: document["verificationMethod"][1].update(publicKeyMultibase=text))


def list_with(change: Callable[[Json], Any], *, key: Ed25519PrivateKey = KEY, method: str = f"{DID}#key-1") -> Change:
    """The status list changed by who signs it."""

    def apply(case: Case) -> None:
        document = unsigned_list(1, 2)
        change(document)
        case.responses[LIST_URL] = {**document, "proof": jcs_proof(document, key=key, method=method)}

    return apply


def encoded_list(text: str) -> Change:
    return list_with(lambda document: document["credentialSubject"].update(encodedList=text))


def packed(bits: bytes, *, after: bytes = b"") -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    return "u" + format_base64url(deflate.compress(bits) + deflate.flush() + after)


def paged(changed: StatementPage) -> Change:
    def apply(case: Case) -> None:
        case.page = changed

    return apply


def with_the_page_of_version(number: int, old: str = "", new: str = "") -> Change:
    """A later version with its page, in which other HTML is in the place of some."""

    def apply(case: Case) -> None:
        case.document, shown = copy.deepcopy(page_of_version(number))
        case.page = replace(shown, html=with_html(shown.html, old, new)) if old else shown

    return apply


def revoked_with(tombstone: StatementPage) -> Change:
    """Revoked, with a page that says so."""
    return in_turn(answer(LIST_URL, sign(unsigned_list(INDEX))), paged(tombstone))


def at(now: datetime) -> Change:
    def apply(case: Case) -> None:
        case.now = now

    return apply


def raw(change: Callable[[bytes], bytes]) -> Change:
    """The credential's bytes changed, not its value."""

    def apply(case: Case) -> None:
        case.raw, case.page = change(case.encoded()), None

    return apply


def with_status(**values: Any) -> Change:
    return resigned(lambda document: document["credentialStatus"].update(values))


def key_text(raw_key: bytes, *, header: bytes = b"\xed\x01") -> str:
    return "z" + format_base58btc(header + raw_key)


def controller_is_another(case: Case) -> None:
    case.document = {**UNSIGNED, "proof": [jcs_proof(UNSIGNED, key=OTHER_KEY, method=f"{OTHER_DID}#key-1")]}
    case.responses[OTHER_DID_URL] = did_document(OTHER_KEY, did=OTHER_DID)


def proof_made_for_fewer_contexts(case: Case) -> None:
    """Signed by the issuer's key, so that only the comparison of the contexts can refuse it."""
    config = jcs_proof(UNSIGNED) | {"@context": UNSIGNED["@context"][:1]}
    del config["proofValue"]
    hashes = [hashlib.sha256(canonicalize_jcs(part)).digest() for part in (config, UNSIGNED)]
    case.document["proof"] = [config | {"proofValue": "z" + format_base58btc(KEY.sign(b"".join(hashes)))}]


def second_list(*indexes: int) -> Change:
    document = unsigned_list(*indexes) | {"id": SECOND_LIST_URL}
    return answer(SECOND_LIST_URL, sign(document))


def list_of_another_issuer(case: Case) -> None:
    document = {**unsigned_list(), "issuer": OTHER_DID}
    case.responses[LIST_URL] = {**document, "proof": jcs_proof(document, key=OTHER_KEY, method=f"{OTHER_DID}#key-1")}
    case.responses[OTHER_DID_URL] = did_document(OTHER_KEY, did=OTHER_DID)


def list_signed_by_another(case: Case) -> None:
    list_with(lambda document: None, key=OTHER_KEY, method=f"{OTHER_DID}#key-1")(case)
    case.responses[OTHER_DID_URL] = did_document(OTHER_KEY, did=OTHER_DID)


def list_flipped_under_old_proof(case: Case) -> None:
    case.responses[LIST_URL] = {**unsigned_list(INDEX), "proof": STATUS_LIST["proof"]}


def signed_with_demo_key(public: str) -> Change:
    def change(case: Case) -> None:
        key = demo_key(public)
        case.document, case.page = copy.deepcopy(demonstration(public))
        case.responses = {DID_URL: did_document(key), LIST_URL: sign(unsigned_list(), key=key)}

    return change


def demonstration_without_notice(case: Case) -> None:
    signed_with_demo_key(DEMO_KEYS[0])(case)
    case.page = page(with_html(case.page.html if case.page else "", DEMO_NOTICE, ""))


def second_key(**values: Any) -> Change:
    """The issuer lists another key, with other values if any are given."""
    method = did_document(OTHER_KEY)["verificationMethod"][1] | {"id": f"{DID}#key-2"} | values

    def change(document: Json) -> None:
        document["verificationMethod"].append(method)
        document["assertionMethod"].append(f"{DID}#key-2")

    return did_with(change)


def also_signed(
    *, key: Ed25519PrivateKey = OTHER_KEY, method: str = f"{DID}#key-2", document: Json | None = None
) -> Change:
    """One proof more, over the credential or over something else."""
    return proofs(lambda found: found.append(jcs_proof(document or UNSIGNED, key=key, method=method)))


def other_issuer_is_there(case: Case) -> None:
    case.responses[OTHER_DID_URL] = did_document(OTHER_KEY, did=OTHER_DID)


def changed_and_signed_by_a_stranger(case: Case) -> None:
    """What the issuer signed is something else; what the stranger signed holds."""
    resigned(lambda document: document.update(name="Other"))(case)
    case.document["proof"] = [
        *CREDENTIAL["proof"],
        *sign(case.document, key=OTHER_KEY, method=f"{OTHER_DID}#key-1")["proof"],
    ]
    other_issuer_is_there(case)


def signed_by_two_strangers(case: Case) -> None:
    dids = [OTHER_DID, "did:web:third.example.org"]
    case.document["proof"] = [jcs_proof(UNSIGNED, key=OTHER_KEY, method=f"{did}#key-1") for did in dids]
    other_issuer_is_there(case)


def key_as(kind: str, **values: Any) -> Json:
    """The issuer's key-1 as a verification method of another type, as a JsonWebKey if nothing else is said."""
    return {"id": f"{DID}#key-1", "type": kind, "controller": DID} | (values or {"publicKeyJwk": jwk()})


def jwk(key: Ed25519PrivateKey = KEY, **values: Any) -> Json:
    return {"kty": "OKP", "crv": "Ed25519", "x": format_base64url(key.public_key().public_bytes_raw())} | values


def listed(method: Json) -> Change:
    """The issuer's key written in another way."""
    return did_with(lambda document: document["verificationMethod"].__setitem__(1, method))


def embedded(*entries: Any) -> Change:
    """The issuer lists key-0 alone; these are embedded in assertionMethod."""

    def change(document: Json) -> None:
        document["verificationMethod"].pop()
        document["assertionMethod"] = list(entries)

    return did_with(change)


def embedded_too(method: Json) -> Change:
    return did_with(lambda document: document.update(assertionMethod=[method]))


MULTIBASE = {"publicKeyMultibase": format_public_key(KEY.public_key())}
AS_LISTED = key_as("Multikey", **MULTIBASE)


def nothing(case: Case) -> None:
    """As it is."""


def reversed_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: reversed_keys(value[name]) for name in reversed(value)}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


def with_reversed_keys(case: Case) -> None:
    case.document = reversed_keys(case.document)


def spelled_without_escapes(case: Case) -> None:
    case.raw = json.dumps(case.document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def only_proof(case: Case) -> None:
    case.document["proof"] = case.document["proof"][1]


def until(text: Any) -> Change:
    return jcs_signed(lambda document: document.update(validUntil=text))


def deep(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


def insert(member: bytes) -> Callable[[bytes], bytes]:
    return lambda text: text.replace(b"{", b"{" + member + b",", 1)


# -- pages ------------------------------------------------------------------------------------------------------------------

NAME = "/credentialSubject/identifier/0/identityHash"
WORDS = " ".join(rosette_words(rosette_digest(CREDENTIAL)))
WORDS_LINE = f'<p class="words" data-claim="" data-as="words">{WORDS}</p>'
AWARDED = '<div><dt>Awarded</dt> <dd data-claim="/awardedDate" data-as="date">14 May 2026</dd></div>'
UNTIL = '<div><dt>Valid until</dt> <dd data-claim="/validUntil" data-as="date">13 May 2028</dd></div>'
SKILL = "/credentialSubject/achievement/alignment"
SKILL_URL = "https://skills.example/s?a=1&amp;b=2"
SKILL_START = (
    f'<a href="{SKILL_URL}" rel="nofollow noopener noreferrer ugc" data-claim="{SKILL}/0/targetUrl" data-as="link">'
)
SKILL_NAME = f'<span data-claim="{SKILL}/0/targetName">Heart &amp; lung</span>'
SKILL_LINK = f"{SKILL_START}{SKILL_NAME}</a>"
RESULT = "/credentialSubject/result"
DESCRIBED = "/credentialSubject/achievement/resultDescription"
RELEASE_LINE = f'<meta name="laurels-release" content="{current_release().digest}">'
DATED_VERSION = '<a href="credential.json">1</a>, signed on 14 May 2026'
DEMO_NOTICE = f'<p class="notice">{wording()["layout"]["demo"]}</p>'
CORRECTED = '<p class="past">Corrected on 1 June 2026.</p>'
RENEWED = '<p class="past to-print">Renewed: <a href="../../c/b/">the award of 1 June 2026</a>, valid without end.</p>'
SEAL = '</dl>\n    </div>\n    <div class="seal">'


def past(*lines: str) -> tuple[str, str]:
    """The place where a page tells what became of an award, and what is there when it tells these lines."""
    return SEAL, SEAL.replace("</dl>", f"</dl> {' '.join(lines)}")


def swapped(first: str, second: str) -> StatementPage:
    """The page with two pieces of HTML in each other's place."""
    html = sound_html()
    return page(with_html(with_html(with_html(html, first, "\0"), second, first), "\0", second))


# What differs from page to page, and nobody signs.
SOUND_PAGES: dict[str, Change] = {
    "other white space": paged(edited("Harbour First Aid School</span>", "Harbour\n \tFirst Aid\fSchool</span>")),
    "attributes in another order": paged(
        edited('<a class="site-name" href="../../">', '<a href="../../" class="site-name">')
    ),
    "quotes that are escaped in another way": paged(edited("Issuer&#39;s site", "Issuer's site")),
    "the release of another program": paged(
        page(sound_html().replace(RELEASE_LINE, RELEASE_LINE.replace(current_release().digest, "0" * 32)))
    ),
    "no release": paged(page(sound_html().replace(RELEASE_LINE, ""))),
    "a link to a manual": paged(edited("Verify</a>", 'Verify</a> <a href="../../manual/">Manual</a>')),
    "letters of another size": paged(edited("name-usual", "name-longest")),
    "the issuer's number at LinkedIn": paged(
        edited("organizationName=Harbour+First+Aid+School", "organizationId=1234567")
    ),
    "another office": paged(edited("mailto:office@harbour.example.org", "mailto:help@school.example.org")),
    "a section of the achievement's page": paged(edited("badges/first-aid/#", "badges/first-aid/#edition-2")),
    "images to download": paged(
        edited(
            '<a href="credential.json" download',
            '<a href="badge.png" download="first-aid.png">image (PNG)</a> '
            '<a href="badge.svg" download="first-aid.svg">image (SVG)</a> <a href="credential.json" download',
        )
    ),
    "a day on which it was signed before": paged(
        edited(DATED_VERSION, DATED_VERSION.replace("14 May 2026", "1 May 2026 and again on 14 May 2026"))
    ),
    "what it renews": paged(
        edited(*past('<p class="past to-print">Renews <a href="../../c/b/">the award of 1 June 2024</a>.</p>'))
    ),
    "what renewed it": paged(edited(*past(RENEWED))),
    "a second version": with_the_page_of_version(2),
    "a third version, of which it tells two corrections": with_the_page_of_version(
        3,
        *past(
            CORRECTED,
            '<p class="past">Corrected on 2 June 2026. This page shows version 3; the files before it are superseded.</p>',
        ),
    ),
}

# What no page of this credential says.
WRONG_PAGES: dict[str, Change] = {
    "no statement": paged(page(re.sub("<main .*</main>", "", sound_html(), flags=re.DOTALL))),
    "another title": paged(page(sound_html().replace("<title>", "<title>Doctor "))),
    # Statements.
    "another name": paged(restated(NAME, "Grace Hopper")),
    "a name that has a letter more": paged(restated(NAME, "Υπατία 張仲景 \U0001f9d1.")),
    "another date": paged(restated("/awardedDate", "15 May 2026")),
    "another end": paged(restated("/validUntil", "13 May 2029")),
    "another role": paged(restated("/credentialSubject/role", "Captain")),
    "another begin": paged(restated("/credentialSubject/activityStartDate", "1 March 2026")),
    "a number in other letters": paged(restated("/credentialSubject/creditsEarned", "1.50")),
    "a byte order mark in a name": paged(restated("/issuer/name", "Harbour First Aid School\ufeff")),
    "a space that is none of HTML's": paged(restated("/issuer/name", "Harbour\u2003First Aid School")),
    "a space before a name": paged(restated("/issuer/name", " Harbour First Aid School")),
    "another achievement": paged(restated("/credentialSubject/achievement/name", "Surgery")),
    "another subject": paged(restated("/credentialSubject/achievement/tag/0", "surgery")),
    "another description": paged(restated("/credentialSubject/achievement/description", "Helps always.")),
    "other criteria": paged(edited("Shows <em>how</em>", "Shows <em>why</em>")),
    "other words": paged(edited("<li>Tied", "<li>Untied")),
    "another link in the words": paged(edited('href="https://harbour.example.org/log"', 'href="https://x.example/"')),
    "an issuer's site that is another": paged(
        edited('href="https://harbour.example.org/" rel', 'href="https://x.example/" rel')
    ),
    "a statement less": paged(edited(AWARDED, "")),
    "a statement twice": paged(edited(AWARDED, AWARDED * 2)),
    "a statement more": paged(
        edited(AWARDED, f'{AWARDED}<div><dt>Name</dt> <dd data-claim="/name">First aid</dd></div>')
    ),
    "__proto__ for a statement": paged(edited(AWARDED, AWARDED.replace("/awardedDate", "__proto__"))),
    "a statement written in another way": paged(edited(AWARDED, AWARDED.replace('"date"', '"text"'))),
    "a fact that has another label": paged(edited("<dt>Awarded", "<dt>Valid from")),
    "the labels of two facts swapped": paged(swapped("<dt>Awarded", "<dt>Valid until")),
    "two facts swapped": paged(swapped(AWARDED, UNTIL)),
    # Its four words.
    "the four words of another": paged(edited(WORDS, "anchor falcon lantern window")),
    "its four words in another order": paged(edited(WORDS, " ".join(reversed(WORDS.split(" "))))),
    "its four words as a text": paged(edited(WORDS_LINE, WORDS_LINE.replace('"words">', '"text">'))),
    "no four words": paged(edited(WORDS_LINE, "")),
    "its four words twice": paged(edited(WORDS_LINE, WORDS_LINE * 2)),
    # Links.
    "another link": paged(edited('href="https://harbour.example.org/logbooks/17"', 'href="https://x.example/"')),
    "evidence that is another": paged(
        edited(">https://harbour.example.org/logbooks/17<", ">https://harbour.example.org/logbooks/18<")
    ),
    "a link where none belongs": paged(
        edited(
            '<span data-claim="/issuer/name">',
            '<a href="https://harbour.example.org/"></a><span data-claim="/issuer/name">',
        )
    ),
    "a skill that leads elsewhere": paged(edited(SKILL_URL, "https://x.example/")),
    "a skill that leads to two places": paged(edited(SKILL_LINK, f"{SKILL_START}</a>{SKILL_LINK}")),
    "a skill that leads nowhere": paged(edited(SKILL_LINK, SKILL_NAME)),
    "words of its own in a link": paged(edited(SKILL_NAME, f"The best of {SKILL_NAME}")),
    "two skills swapped": paged(swapped(">Heart &amp; lung<", ">Calm<")),
    "a link that wraps nothing": paged(edited(SKILL_LINK, f"{SKILL_START}</a>{SKILL_NAME}")),
    "a link that wraps more": paged(
        edited(
            f'</a>\n <span class="framework" data-claim="{SKILL}/0/targetFramework">Open Skills</span>',
            f' <span class="framework" data-claim="{SKILL}/0/targetFramework">Open Skills</span></a>',
        )
    ),
    "a skill's address as text": paged(edited(SKILL_LINK, SKILL_URL)),
    # Results.
    "another result": paged(restated(f"{RESULT}/0/value", "28")),
    "the number of a result in other letters": paged(restated(f"{RESULT}/0/value", "27")),
    "another status": paged(restated(f"{RESULT}/1/status", "Failed")),
    "another limit": paged(restated(f"{DESCRIBED}/0/requiredValue", "20")),
    "another possible value": paged(restated(f"{DESCRIBED}/1/allowedValue/0", "D")),
    "two results swapped": paged(swapped(">27.0<", ">Completed<")),
    "the names of two results swapped": paged(swapped(">Written test<", ">State<")),
    "a result for one that was not reached": paged(
        edited('<span lang="en">not stated</span>', f'<strong data-claim="{RESULT}/2/value">A</strong>')
    ),
    # What follows from what was signed.
    "another fingerprint": paged(edited("3475 0f98", "3475 0f99")),
    "another key": paged(edited("key-1, fingerprint", "key-2, fingerprint")),
    "another address on paper": paged(edited(f"<span>{BASE}", "<span>https://x.example/")),
    "another picture": paged(
        edited('<div class="artwork">', '<div class="artwork"><img src="../../x.png" alt="" width="600" height="600">')
    ),
    "another name to embed": paged(edited("awarded to Υπατία", "awarded to Grace")),
    "another date for LinkedIn": paged(edited("issueYear=2026", "issueYear=2016")),
    "letters for the issuer's number at LinkedIn": paged(
        edited("organizationName=Harbour+First+Aid+School", "organizationId=school")
    ),
    "a mail with other words": paged(edited("What%20is%20wrong", "What%20is%20right")),
    "a mail to a second office": paged(edited("?subject=", "?cc=x@x.example&amp;subject=")),
    "another file to download": paged(edited('href="credential.json" download', 'href="credential-2.json" download')),
    "another achievement's page": paged(edited("badges/first-aid/#", "badges/surgery/#")),
    "another issuer's page": paged(edited("issuers/harbour/", "issuers/x/")),
    "another site's name": paged(edited(">harbour.example.org</a>", ">school.example.org</a>")),
    "the notice of demonstrations": paged(edited("</section>", f"</section> {DEMO_NOTICE}")),
    # What nobody signs, in another form than such pages have.
    "a class of letters that there is not": paged(edited("name-usual", "name-huge")),
    "another day of signing": paged(edited(DATED_VERSION, DATED_VERSION.replace("14 May", "1 June"))),
    "a day on which it was not signed again": paged(edited(DATED_VERSION, f"{DATED_VERSION} and again on 1 June 2026")),
    "a day of signing that is none": paged(edited(DATED_VERSION, DATED_VERSION.replace("14 May 2026", "the 14th"))),
    "a version that was never made": paged(
        edited(DATED_VERSION, f'{DATED_VERSION}; <a href="credential-2.json">2</a>, signed on 15 May 2026')
    ),
    "a correction of the first version": paged(edited(*past(CORRECTED))),
    "a renewal elsewhere": paged(edited(*past(RENEWED.replace("../../c/b/", "https://x.example/")))),
    "a renewal in other words": paged(edited(*past(RENEWED.replace("without end", "for ever")))),
    # Whatever else its readers see.
    "more words": paged(edited("</main>", "<p>Best of all schools</p></main>")),
    "words in the footer": paged(edited("</footer>", "<p>Best of all schools</p></footer>")),
    "other words of its layout": paged(edited("certifies that", "is certain that")),
    "a class more": paged(edited('<p class="earned">', '<p class="earned to-print">')),
    "a class of its body": paged(edited('<body class="credential">', '<body class="credential withdrawn">')),
    "an attribute for style": paged(edited('<p class="earned">', '<p class="earned" style="color:red">')),
    "an element that is hidden": paged(edited(AWARDED, AWARDED.replace("<div>", '<div hidden="">'))),
    "a script": paged(edited("</footer>", '<script src="../../assets/x.js"></script></footer>')),
    "a verdict that nobody reached": paged(edited("Not checked in this browser.", "Checked.")),
}


# What both verifiers say of a credential that somebody may rely on.
SOUND: dict[str, Change] = {
    "as issued": nothing,
    "without a page": lambda case: setattr(case, "page", None),
    "keys in another order": with_reversed_keys,
    "written without escapes and indents": spelled_without_escapes,
    "one proof, not in a list": only_proof,
    "proofs swapped": proofs(list.reverse),
    **{f"page with {name}": change for name, change in SOUND_PAGES.items()},
    "no end": resigned(lambda document: document.pop("validUntil")),
    "no status list": resigned(lambda document: document.pop("credentialStatus")),
    "an issuer as an address": resigned(lambda document: document.update(issuer=DID)),
    "the last second": at(datetime(2028, 5, 13, 21, 59, 59, tzinfo=UTC)),
    "the first second": in_turn(
        at(datetime(2026, 5, 13, 22, 0, 0, tzinfo=UTC)),
        list_with(lambda document: document.update(validFrom="2026-05-13T00:00:00+02:00")),
    ),
    "a fraction of a second": until("2028-05-13T23:59:59.999+02:00"),
    "a date in year 1": jcs_signed(lambda document: document.update(awardedDate="0001-01-01T00:00:00+23:59")),
    "a date in year 9999": until("9999-12-31T23:59:59-23:59"),
    "a key named __proto__": jcs_signed(lambda document: document.update({"__proto__": {"type": "x"}})),
    "statusSize of one": with_status(statusSize=1),
    # The optional parts of proofs and lists.
    "proofs without created": proven_with(created=None),
    "proofs of another time zone, with a fraction of a second": proven_with(created="2026-05-14T10:00:00.25+02:00"),
    "proofs that end in 2040": proven_with(expires="2040-01-01T00:00:00Z"),
    "proofs that end this second": proven_with(expires=f"{NOW:%Y-%m-%dT%H:%M:%SZ}"),
    "a proof more that follows another": chained_after(),
    "a proof more that follows two others": chained_after(earlier=["urn:uuid:1", "urn:uuid:2"]),
    # Proof sets: each proof with its own key, and what is not the issuer's, or not known here, is not judged.
    "proofs by two keys of the issuer": in_turn(second_key(), also_signed()),
    "proofs by two keys of the issuer, in two forms": in_turn(
        second_key(), also_signed(), listed(key_as("JsonWebKey"))
    ),
    "a proof twice": proofs(lambda found: found.append(found[1])),
    "a proof more by another issuer": in_turn(
        also_signed(key=OTHER_KEY, method=f"{OTHER_DID}#key-1"), other_issuer_is_there
    ),
    "a proof more by another issuer, first": in_turn(
        also_signed(key=OTHER_KEY, method=f"{OTHER_DID}#key-1"), proofs(list.reverse)
    ),
    "a proof more in another issuer's name": proofs(
        lambda found: found.append({**found[1], "verificationMethod": f"{OTHER_DID}#key-1"})
    ),
    "a proof more by a did:key": also_signed(method="did:key:z6Mk#z6Mk"),
    "a chain of proofs by two keys": in_turn(
        chained_after(),
        proofs(lambda found: found.insert(0, jcs_proof(UNSIGNED, key=OTHER_KEY, method=f"{OTHER_DID}#key-1"))),
    ),
    "a proof more of an unknown type": proofs(lambda found: found.append({"type": "SomeProofType"})),
    "a proof more of an older type": proofs(
        lambda found: found.append({"type": "Ed25519Signature2020", "created": "2026", "proofValue": "zNone"})
    ),
    "a proof more of an unknown suite": proofs(
        lambda found: found.append({"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023", "expires": "soon"})
    ),
    "a status list signed by two keys": in_turn(
        second_key(),
        answer(
            LIST_URL,
            STATUS_LIST
            | {
                "proof": [
                    *STATUS_LIST["proof"],
                    jcs_proof(unsigned_list(1, 2), key=OTHER_KEY, method=f"{DID}#key-2"),
                ]
            },
        ),
    ),
    "a status list with an end": list_with(lambda document: document.update(validUntil="2026-06-01T12:00:00Z")),
    "a status list that began this second": list_with(
        lambda document: document.update(validFrom="2026-06-01T12:00:00Z")
    ),
    "a status list without dates": list_with(lambda document: document.pop("validFrom")),
    "a status list whose proof has no date": list_proven_with(created=None),
    "a status list without any date": list_proven_with(lambda document: document.pop("validFrom"), created=None),
    "a status list whose proof ends in 2040": list_proven_with(expires="2040-01-01T00:00:00Z"),
    "two places in a list, and neither is set": statuses({}, {"statusListIndex": "17"}),
    "two lists, and neither names it": in_turn(statuses({}, {"statusListCredential": SECOND_LIST_URL}), second_list(0)),
    "a very small number": jcs_signed(
        lambda document: document.update(extra=[1e-7, 5e-324, -0.0, 1e21, 123456789012345680000.0])
    ),
    "a list of 4 MB": encoded_list(packed(bytes(4 * 1024 * 1024))),
    "a list for several purposes": list_with(
        lambda document: document["credentialSubject"].update(statusPurpose=["suspension", "revocation"])
    ),
    "a key that ends in the next second": did_with(
        lambda document: document["verificationMethod"][1].update(expires="2026-06-01T14:00:01+02:00")
    ),
    # The forms of a key, and the places where it may be written.
    "a key as Ed25519VerificationKey2020": listed(key_as("Ed25519VerificationKey2020", **MULTIBASE)),
    "a key as JsonWebKey": listed(key_as("JsonWebKey")),
    "a key as JsonWebKey2020": listed(key_as("JsonWebKey2020", publicKeyJwk=jwk(kid="key-1", alg="EdDSA"))),
    "a key embedded": embedded(AS_LISTED),
    "a key embedded as JsonWebKey": embedded(f"{DID}#key-0", key_as("JsonWebKey")),
    "a key embedded as it is listed": embedded_too(dict(reversed(AS_LISTED.items()))),
    "assertionMethod as an object": did_with(
        lambda document: document.update(assertionMethod=[{"id": f"{DID}#key-1"}])
    ),
}

# What befell a sound credential.
LIVED: dict[str, tuple[Change, str]] = {
    **{
        f"signed with demo key {number}": (signed_with_demo_key(public), "demo")
        for number, public in enumerate(DEMO_KEYS, 1)
    },
    "signed with a demo key that is a JsonWebKey": (
        in_turn(
            signed_with_demo_key(DEMO_KEYS[0]), listed(key_as("JsonWebKey", publicKeyJwk=jwk(demo_key(DEMO_KEYS[0]))))
        ),
        "demo",
    ),
    "signed with a demo key, and with another": (
        in_turn(signed_with_demo_key(DEMO_KEYS[0]), second_key(), also_signed()),
        "demo",
    ),
    "revoked": (answer(LIST_URL, sign(unsigned_list(INDEX))), "revoked"),
    "revoked, and its page says so": (revoked_with(page(tombstone=True)), "revoked"),
    "revoked by the second of two places": (statuses({}, {"statusListIndex": "2"}), "revoked"),
    "revoked by the second of two lists": (
        in_turn(statuses({}, {"statusListCredential": SECOND_LIST_URL}), second_list(INDEX)),
        "revoked",
    ),
    "revoked, and its other list is out of reach": (
        statuses({"statusListCredential": SECOND_LIST_URL}, {"statusListIndex": "2"}),
        "revoked",
    ),
    "revoked, and a status of another kind": (
        statuses({"statusPurpose": "suspension"}, {"statusListIndex": "2"}, {"type": "StatusList2021Entry"}),
        "revoked",
    ),
    "expired": (at(datetime(2028, 5, 13, 22, 0, 0, tzinfo=UTC)), "expired"),
    "not valid yet": (at(datetime(2026, 5, 13, 21, 59, 59, tzinfo=UTC)), "not_yet_valid"),
}

UNSOUND: dict[str, Change] = {
    # The document.
    "a term that was not signed": tampered(lambda document: document.update(note="more")),
    "contexts in another order": tampered(lambda document: document["@context"].reverse()),
    "a context more": tampered(lambda document: document["@context"].append("https://harbour.example.org/context")),
    "a context less": tampered(lambda document: document["@context"].pop()),
    "a context as an object": tampered(
        lambda document: document.update({"@context": {"name": "https://schema.org/name"}})
    ),
    "no contexts": tampered(lambda document: document.pop("@context")),
    "not a credential": lambda case: setattr(case, "raw", b'{"name": "x"}'),
    "a list": lambda case: setattr(case, "raw", b"[]"),
    "a text": lambda case: setattr(case, "raw", b'"text"'),
    "nothing at all": raw(lambda text: b" "),
    "another type": resigned(lambda document: document.update(type=["VerifiableCredential"])),
    "two achievements": tampered(lambda document: document["credentialSubject"].update(achievement=[])),
    "an issuer without id": tampered(lambda document: document["issuer"].pop("id")),
    "an issuer that is a list": tampered(lambda document: document.update(issuer=[DID])),
    "another issuer's name as an address": tampered(
        lambda document: document["issuer"].update(id="https://harbour.example.org/")
    ),
    "an issuer with a user name": tampered(
        lambda document: document["issuer"].update(id="https://harbour.example.org@x.example/")
    ),
    "an issuer in words": tampered(lambda document: document["issuer"].update(id="{domain} https://x")),
    "an issuer of many letters": tampered(lambda document: document["issuer"].update(id="\U0001f9d1" * 200)),
    # Its bytes.
    "a key twice": raw(insert(b'"id": "https://harbour.example.org/other"')),
    "a key twice, one escaped": raw(insert(b'"\\u0069d": "https://harbour.example.org/other"')),
    "a nested key twice": raw(insert(b'"x": {"a": 1, "b": 2, "a": 1}')),
    "__proto__ twice": raw(insert(b'"__proto__": {}, "__proto__": {}')),
    "__proto__ that nobody signed": raw(insert(b'"__proto__": {"validUntil": "2099-01-01T00:00:00Z"}')),
    "constructor that nobody signed": raw(insert(b'"constructor": {"prototype": {}}')),
    "64 levels": raw(insert(b'"x": ' + deep(63))),
    "65 levels": raw(insert(b'"x": ' + deep(64))),
    "600 levels": raw(insert(b'"x": ' + deep(600))),
    "100,000 levels": raw(insert(b'"x": ' + deep(100_000))),
    "a whole number beyond 2^53": raw(insert(b'"x": 9007199254740992')),
    "a whole number with a thousand digits": raw(insert(b'"x": -1' + b"0" * 1000)),
    "a number that is too large": raw(insert(b'"x": 1e400')),
    "NaN": raw(insert(b'"x": NaN')),
    "-Infinity": raw(insert(b'"x": -Infinity')),
    "a leading zero": raw(insert(b'"x": 01')),
    "a comma too many": raw(lambda text: text.rstrip()[:-1] + b",}"),
    "something after the end": raw(lambda text: text + b"{}"),
    "half of a surrogate pair": raw(insert(b'"x": "\\ud83d"')),
    "half of a surrogate pair in a key": raw(insert(b'"\\udc00": 1')),
    "surrogates the wrong way round": raw(insert(b'"x": "\\ude00\\ud83d"')),
    "a control character": raw(insert(b'"x": "\x01"')),
    "a byte order mark": raw(lambda text: b"\xef\xbb\xbf" + text),
    "UTF-16": raw(lambda text: text.decode("ascii").encode("utf-16")),
    "an overlong byte": raw(insert(b'"x": "\xc0\xaf"')),
    "a surrogate in UTF-8": raw(insert(b'"x": "\xed\xa0\x80"')),
    "more than a megabyte": raw(lambda text: text + b" " * 1_048_576),
    # Its proofs.
    "no proof": tampered(lambda document: document.pop("proof")),
    "an empty proof": tampered(lambda document: document.update(proof=[])),
    "proof null": tampered(lambda document: document.update(proof=None)),
    "proof in a list in a list": tampered(lambda document: document.update(proof=[document["proof"]])),
    "only a proof of another suite": proofs(list.pop),
    "an unknown suite": proofs(lambda found: [proof.update(cryptosuite="ecdsa-rdfc-2019") for proof in found]),
    "a suite with a very long name": proofs(
        lambda found: [proof.update(cryptosuite="\U0001f9d1" * 50) for proof in found]
    ),
    "the suites of two proofs swapped": proofs(
        lambda found: [found[0].update(cryptosuite=JCS), found[1].update(cryptosuite=RDFC)]
    ),
    "proofs that ended yesterday": proven_with(expires="2026-05-31T12:00:00Z"),
    "a proof that ended, and one that fails": in_turn(
        proven_with(expires="2026-05-31T12:00:00Z"),
        proofs(lambda found: found.append({**found[1], "proofValue": found[0]["proofValue"]})),
    ),
    **{
        f"{name} that is {text!r}": proven_with(suites=(JCS,), **{name: text})
        for name, texts in (
            ("created", ("invalidDate", "", "2026-13-45T99:99:99Z", "2026-05-14T08:00:00", 2026)),
            ("expires", ("invalidDate", "2040-02-30T00:00:00Z", ["2040-01-01T00:00:00Z"])),
        )
        for text in texts
    },
    "created that is null": proofs(lambda found: found[1].update(created=None)),
    "a proof that follows none that is there": chained_after(earlier="urn:uuid:9"),
    "a proof that follows one that is there and one that is not": chained_after(earlier=["urn:uuid:1", "urn:uuid:9"]),
    "a proof that follows nothing": chained_after(earlier=[]),
    "a proof that follows a number": chained_after(earlier=1),
    "only a proof that follows another": chained_after(first=False),
    "only proofs that follow each other": proofs(
        lambda found: [
            proof.update(id=f"urn:uuid:{n}", previousProof=f"urn:uuid:{1 - n}") for n, proof in enumerate(found)
        ]
    ),
    "a doubled proof that fails": proofs(
        lambda found: found.append({**found[1], "proofValue": found[0]["proofValue"]})
    ),
    "nine proofs": proofs(lambda found: found.extend(found[1:] * 7)),
    "another purpose": proofs(lambda found: found[1].update(proofPurpose="authentication")),
    "another proof type": proofs(lambda found: found[1].update(type="Ed25519Signature2020")),
    "a proof without created": proofs(lambda found: found[1].pop("created")),
    "another created": proofs(lambda found: found[1].update(created="2026-05-14T08:00:01Z")),
    "a member more in the proof": proofs(lambda found: found[1].update(nonce="1")),
    "other contexts in the proof": proofs(
        lambda found: found[1].update({"@context": ["https://www.w3.org/ns/credentials/v2"]})
    ),
    "a proof made for fewer contexts": proof_made_for_fewer_contexts,
    "no contexts in the proof": proofs(lambda found: found[1].pop("@context")),
    "a shorter proofValue": proofs(lambda found: found[1].update(proofValue=found[1]["proofValue"][:-1])),
    "an empty proofValue": proofs(lambda found: found[1].update(proofValue="z")),
    "a very long proofValue": proofs(lambda found: found[1].update(proofValue=found[1]["proofValue"] + "1" * 90)),
    "a proofValue in hex": proofs(lambda found: found[1].update(proofValue="f00")),
    "a proofValue that is not base58": proofs(lambda found: found[1].update(proofValue="z0OIl")),
    "a proofValue of zeros": proofs(lambda found: found[1].update(proofValue="z" + "1" * 64)),
    "a proofValue with one bit changed": proofs(
        lambda found: found[1].update(
            proofValue=found[1]["proofValue"][:-1] + ("2" if found[1]["proofValue"][-1] != "2" else "3")
        )
    ),
    "another key's proof": lambda case: case.document.update(proof=[jcs_proof(UNSIGNED, key=STRANGER)]),
    "a key without name": proofs(lambda found: found[1].update(verificationMethod=DID)),
    "a key with a relative name": tampered(
        lambda document: document.update(proof=[proof_with(UNSIGNED, verificationMethod="#key-1")])
    ),
    "a key that is not listed": proofs(lambda found: found[1].update(verificationMethod=f"{DID}#key-9")),
    "a key with words for a name": proofs(
        lambda found: found[1].update(verificationMethod=f"{DID}#{{did}} {{reason}} $& key")
    ),
    "a key that may not sign": lambda case: case.document.update(
        proof=[jcs_proof(UNSIGNED, key=STRANGER, method=f"{DID}#key-0")]
    ),
    "a did:key": proofs(lambda found: found[1].update(verificationMethod="did:key:z6Mk#z6Mk")),
    "a did:web of an IP address": proofs(lambda found: found[1].update(verificationMethod="did:web:127.0.0.1#key-1")),
    "a did:web that climbs": proofs(
        lambda found: found[1].update(verificationMethod="did:web:harbour.example.org:..#key-1")
    ),
    "a key of another issuer": controller_is_another,
    # Proof sets of which one proof is not what it should be.
    "the issuer signed something else, and a stranger this": changed_and_signed_by_a_stranger,
    "two keys, and one signed something else": in_turn(
        second_key(), also_signed(document=UNSIGNED | {"name": "Other"})
    ),
    "two keys, each named by the other's proof": in_turn(
        second_key(),
        also_signed(),
        proofs(
            lambda found: (
                found[1].update(verificationMethod=f"{DID}#key-2"),
                found[2].update(verificationMethod=f"{DID}#key-1"),
            )
        ),
    ),
    "two keys, and one is not listed": also_signed(),
    "two keys, and one may not sign": also_signed(key=STRANGER, method=f"{DID}#key-0"),
    "two keys, and one has ended": in_turn(second_key(expires="2026-06-01T12:00:00Z"), also_signed()),
    "two keys, and one was revoked": in_turn(second_key(revoked="2026-01-01T00:00:00Z"), also_signed()),
    "two keys, and one belongs to another issuer": in_turn(second_key(controller=OTHER_DID), also_signed()),
    "two keys, and the document that lists them is out of reach": in_turn(second_key(), also_signed(), gone(DID_URL)),
    "proofs by two strangers": signed_by_two_strangers,
    "a proof by the issuer of another suite, and one by a stranger": in_turn(
        also_signed(key=OTHER_KEY, method=f"{OTHER_DID}#key-1"),
        proofs(lambda found: found.pop(1)),
        other_issuer_is_there,
    ),
    "a proof by a stranger, and one of an unknown type that names the issuer": in_turn(
        controller_is_another,
        proofs(lambda found: found.append({"type": "SomeProofType", "verificationMethod": f"{DID}#key-1"})),
    ),
    "a proof by the issuer that ended, and one by another": in_turn(
        proven_with(expires="2026-05-31T12:00:00Z"),
        also_signed(key=OTHER_KEY, method=f"{OTHER_DID}#key-1"),
        other_issuer_is_there,
    ),
    "only proofs of unknown types": proofs(lambda found: [proof.update(type="SomeProofType") for proof in found]),
    "a proof type called as a suite is": proofs(lambda found: found[1].update(type=JCS)),
    "a proof more without a type": proofs(lambda found: found.append({"proofValue": "z"})),
    "a proof more whose type is a list": proofs(lambda found: found.append({"type": ["SomeProofType"]})),
    "a proof more without a suite": proofs(lambda found: found.append({"type": "DataIntegrityProof"})),
    "a proof more of an unknown type that follows none that is there": proofs(
        lambda found: found.append({"type": "SomeProofType", "previousProof": "urn:uuid:9"})
    ),
    "a status list by a stranger, under the issuer's old proof": in_turn(
        list_flipped_under_old_proof,
        lambda case: case.responses[LIST_URL].update(
            proof=[
                *STATUS_LIST["proof"],
                jcs_proof(unsigned_list(INDEX), key=OTHER_KEY, method=f"{OTHER_DID}#key-1"),
            ]
        ),
        other_issuer_is_there,
    ),
    # The key's document.
    "key document out of reach": gone(DID_URL),
    "key document not JSON": answer(DID_URL, b"<html>"),
    "key document a list": answer(DID_URL, []),
    "key document of another": did_with(lambda document: document.update(id=OTHER_DID)),
    "key listed twice": did_with(
        lambda document: document["verificationMethod"].extend(document["verificationMethod"])
    ),
    "no keys at all": did_with(lambda document: document.update(verificationMethod={"id": f"{DID}#key-1"})),
    "key not for assertions": did_with(lambda document: document.update(assertionMethod=[])),
    "assertionMethod missing": did_with(lambda document: document.pop("assertionMethod")),
    "key of another controller": did_with(
        lambda document: document["verificationMethod"][1].update(controller=OTHER_DID)
    ),
    "key of no controller": did_with(lambda document: document["verificationMethod"][1].pop("controller")),
    "key of another type": did_with(lambda document: document["verificationMethod"][1].update(type="JsonWebKey")),
    "key revoked": did_with(lambda document: document["verificationMethod"][1].update(revoked="2026-01-01T00:00:00Z")),
    "key that has ended this second": did_with(
        lambda document: document["verificationMethod"][1].update(expires="2026-06-01T12:00:00Z")
    ),
    "key with an end that is none": did_with(
        lambda document: document["verificationMethod"][1].update(expires="2099-01-01")
    ),
    "key with an end that is null": did_with(lambda document: document["verificationMethod"][1].update(expires=None)),
    "another key": did_key(format_public_key(OTHER_KEY.public_key())),
    "a key of order one": did_key(key_text(bytes([1]) + bytes(31))),
    "a key of order two": did_key(key_text(bytes.fromhex("ec" + "ff" * 30 + "7f"))),
    "a key of order four": did_key(key_text(bytes(32))),
    "a key that is not canonical": did_key(key_text(bytes.fromhex("ee" + "ff" * 30 + "7f"))),
    "a key with the sign of nothing": did_key(key_text(bytes([1]) + bytes(30) + b"\x80")),
    "a key on no curve": did_key(key_text(bytes([2]) + bytes(31))),
    "a key that is too short": did_key(key_text(bytes(31))),
    "a key of another kind": did_key(key_text(bytes(32), header=b"\x12\x00")),
    "a key in hex": did_key("fed01"),
    "a key that is no text": did_key("z6Mk0OIl"),
    "a key that is very long": did_key("z" + "1" * 100),
    # The forms of a key.
    **{
        f"a JsonWebKey {name}": listed(key_as("JsonWebKey", publicKeyJwk=value))
        for name, value in {
            "that is none": None,
            "of another curve": jwk(crv="X25519"),
            "of another kind": jwk(kty="EC", crv="P-256"),
            "of no curve": {"kty": "OKP", "x": jwk()["x"]},
            "with its private half": jwk(d=format_base64url(bytes(32))),
            "with padding": jwk(x=jwk()["x"] + "="),
            "in base64": jwk(x=base64.b64encode(bytes([251]) * 32).decode().rstrip("=")),
            "that is not canonical": jwk(x="A" * 42 + "B"),
            "that is too short": jwk(x=format_base64url(bytes(31))),
            "that is too long": jwk(x=format_base64url(bytes(33))),
            "that is a number": jwk(x=17),
            "of order four": jwk(x=format_base64url(bytes(32))),
            "that is another key": jwk(OTHER_KEY),
        }.items()
    },
    "a JsonWebKey with a Multikey in it": listed(key_as("JsonWebKey", **MULTIBASE)),
    "a Multikey with a JsonWebKey in it": listed(key_as("Multikey")),
    "a key in two forms": listed(key_as("Multikey", publicKeyJwk=jwk(OTHER_KEY), **MULTIBASE)),
    **{
        f"a key beside its {name}": listed(AS_LISTED | {name: "z3u2"})
        for name in ("secretKeyMultibase", "secretKeyJwk", "privateKeyMultibase", "privateKeyJwk")
    },
    "a key of a type that is unknown": listed(key_as("Ed25519VerificationKey2018", **MULTIBASE)),
    "a key embedded in two forms": embedded(AS_LISTED, key_as("JsonWebKey")),
    "a key embedded that is another one than listed": embedded_too(
        AS_LISTED | {"publicKeyMultibase": key_text(bytes(32))}
    ),
    "a key embedded with a relative id": embedded(AS_LISTED | {"id": "#key-1"}),
    "a key embedded without id": embedded({name: AS_LISTED[name] for name in AS_LISTED if name != "id"}),
    "a key embedded of another controller": embedded(AS_LISTED | {"controller": OTHER_DID}),
    "a key embedded that was revoked": embedded(AS_LISTED | {"revoked": "2026-01-01T00:00:00Z"}),
    "a key embedded that has ended": embedded(AS_LISTED | {"expires": "2026-06-01T12:00:00Z"}),
    "a key embedded for something else": in_turn(
        embedded(), did_with(lambda document: document.update(authentication=[AS_LISTED]))
    ),
    # Its dates.
    "an end before the beginning": until("2026-05-13T00:00:00Z"),
    "awarded after the beginning": jcs_signed(lambda document: document.update(awardedDate="2026-05-15T00:00:00Z")),
    "no beginning": jcs_signed(lambda document: document.pop("validFrom")),
    "an end that is a number": until(2099),
    "an end that is nothing": until(None),
    "an end without a zone": until("2099-01-01T00:00:00"),
    "an end on 30 February": until("2099-02-30T00:00:00Z"),
    "an end in month 13": until("2099-13-01T00:00:00Z"),
    "an end at 24:00": until("2099-01-01T24:00:00Z"),
    "an end with an impossible zone": until("2099-01-01T00:00:00+05:75"),
    "an end in year 0": until("0000-01-01T00:00:00Z"),
    "an end with a line end": until("2099-01-01T00:00:00Z\n"),
    "an end in other digits": until("２０９９-01-01T00:00:00Z"),
    # Its status.
    "status list out of reach": gone(LIST_URL),
    "status list not JSON": answer(LIST_URL, b"{"),
    "status list of another address": list_with(lambda document: document.update(id=f"{LIST_URL}?")),
    "status list of another issuer": list_of_another_issuer,
    "status list signed by another": list_signed_by_another,
    "status list unsigned": answer(LIST_URL, unsigned_list()),
    "status list with a flipped bit under its old proof": list_flipped_under_old_proof,
    "status list without the proof that pages check": answer(
        LIST_URL, {**STATUS_LIST, "proof": STATUS_LIST["proof"][:1]}
    ),
    "status list of another type": list_with(lambda document: document.update(type=["VerifiableCredential"])),
    "status list for another purpose": list_with(
        lambda document: document["credentialSubject"].update(statusPurpose="suspension")
    ),
    "status list for the purposes of others": list_with(
        lambda document: document["credentialSubject"].update(statusPurpose=["suspension", ["revocation"]])
    ),
    "status list with other contexts": list_with(lambda document: document.update({"@context": UNSIGNED["@context"]})),
    "status list without bits": list_with(lambda document: document["credentialSubject"].pop("encodedList")),
    "status list too short": encoded_list(packed(bytes(16_383))),
    "status list too long": encoded_list(packed(bytes(4 * 1024 * 1024 + 1))),
    "status list cut off": encoded_list(packed(bytes(16_384))[:-12]),
    "status list with something behind": encoded_list(packed(bytes(16_384), after=b"more")),
    "status list with a second part": encoded_list(packed(bytes(16_384), after=zlib.compress(bytes(9), wbits=31))),
    "status list with a wrong sum": encoded_list(packed(bytes(16_384))[:-16] + "AAAA" + packed(bytes(16_384))[-12:]),
    "status list that is no gzip": encoded_list("u" + format_base64url(zlib.compress(bytes(16_384)))),
    "status list that is empty": encoded_list("u"),
    "status list in another base": encoded_list("z" + packed(bytes(16_384))[1:]),
    "status list with padding": encoded_list(packed(bytes(16_384)) + "="),
    "status list that is not canonical": encoded_list("uH4sIAAAAAAAB"),
    "a place outside of the list": with_status(statusListIndex="131072"),
    "a place with zeros before it": with_status(statusListIndex="007"),
    "a place below zero": with_status(statusListIndex="-1"),
    "a place that is a number": with_status(statusListIndex=INDEX),
    "a place in other digits": with_status(statusListIndex="４７１１"),
    "a place with eleven digits": with_status(statusListIndex="10000000000"),
    "a place with a line end": with_status(statusListIndex="7\n"),
    "a status of two bits": with_status(statusSize=2),
    "a status of true bits": jcs_signed(lambda document: document["credentialStatus"].update(statusSize=True)),
    "a status for another purpose": with_status(statusPurpose="suspension"),
    "a status list without https": with_status(
        statusListCredential="http://harbour.example.org/issuers/harbour/status/1.json"
    ),
    "a status list that has ended": list_with(lambda document: document.update(validUntil="2026-05-31T23:59:59Z")),
    "a status list that has ended, and names it": in_turn(
        with_status(statusListIndex="2"),
        list_with(lambda document: document.update(validUntil="2026-05-31T23:59:59Z")),
    ),
    "a status list that begins tomorrow": list_with(lambda document: document.update(validFrom="2026-06-02T00:00:00Z")),
    "a status list with a beginning that is none": list_with(lambda document: document.update(validFrom="2026-05-14")),
    "a status list with an end that is none": list_with(
        lambda document: document.update(validUntil="2099-13-01T00:00:00Z")
    ),
    "a status list with an end that is null": list_with(lambda document: document.update(validUntil=None)),
    "a status list whose proof has ended": list_proven_with(expires="2026-05-31T12:00:00Z"),
    "a status list whose proof has a date that is none": list_proven_with(created="invalidDate"),
    "a status list whose proof follows none that is there": list_proven_with(previousProof="urn:uuid:9"),
    **{
        f"a status of the kind {purpose} {kind}": statuses({"type": kind, "statusPurpose": purpose})
        for purpose, kind in (
            ("suspension", "BitstringStatusListEntry"),
            ("message", "BitstringStatusListEntry"),
            ("revocation", "StatusList2021Entry"),
            ("revocation", "RevocationList2020Status"),
            ("revocation", "1EdTechRevocationList"),
            ("revocation", "OtherStatus"),
        )
    },
    "a status without a type": statuses({}, without=("type",)),
    "a status that is null": jcs_signed(lambda document: document.update(credentialStatus=None)),
    "a status that is a text": jcs_signed(lambda document: document.update(credentialStatus=LIST_URL)),
    "a list of no statuses": statuses(),
    "nine statuses": statuses(*[{}] * 9),
    "a status in a list in a list": jcs_signed(
        lambda document: document.update(credentialStatus=[[document["credentialStatus"]]])
    ),
    "one status that is good, and one for suspension": statuses({}, {"statusPurpose": "suspension"}),
    "one status that is good, and one that is out of reach": statuses({}, {"statusListCredential": SECOND_LIST_URL}),
    "one status that is good, and one outside of its list": statuses({}, {"statusListIndex": "131072"}),
    # Its page.
    **{f"page with {name}": change for name, change in WRONG_PAGES.items()},
    "page at another address": paged(page(address="c/bbbbbbbbbbbbbbbbbbbbbbbbbb/credential.json")),
    "page that says it was withdrawn": paged(page(tombstone=True)),
    "page that says it was withdrawn, and names its recipient": revoked_with(
        edited("This credential was withdrawn", "The credential of Ada was withdrawn", tombstone=True)
    ),
    "page that says it was withdrawn, for a reason of its own": revoked_with(
        edited("misconduct", "theft", tombstone=True)
    ),
    "page that says it was withdrawn, and what it was not for": revoked_with(
        edited(">First aid<", ">Surgery<", tombstone=True)
    ),
    "page of a demonstration that does not say so": demonstration_without_notice,
    "page of a credential without a date": lambda case: case.document.update(awardedDate="soon"),
    "page of a credential by an issuer of another name": lambda case: case.document["issuer"].update(name="A school"),
    "page of a credential by an issuer without a DID": lambda case: case.document["issuer"].update(id=BASE),
    "page of a credential whose status list is an object": lambda case: case.document["credentialStatus"].update(
        statusListCredential={"id": LIST_URL}
    ),
    "page of a credential whose proof names an object for its key": lambda case: case.document["proof"][0].update(
        verificationMethod={"id": f"{DID}#key-1"}
    ),
}


# What only the proof of eddsa-rdfc-2022 shows: a page says so when its list of checks is opened.
SEEN_BY_RDFC: dict[str, Change] = {
    "another rdfc proof's value": proofs(lambda found: found[0].update(proofValue=found[1]["proofValue"])),
    "another date in the rdfc proof": proofs(lambda found: found[0].update(created="2026-05-14T08:00:01Z")),
    "an rdfc proof that ended yesterday": lambda case: case.document["proof"].__setitem__(
        0, proof_with(UNSIGNED, suite=RDFC, expires="2026-05-31T12:00:00Z")
    ),
    "a member more in the rdfc proof": proofs(lambda found: found[0].update(challenge="1")),
    "a term that the contexts do not define": lambda case: signed_without_rdf(case, {"extra": 1}),
    "an empty list": lambda case: signed_without_rdf(case, {"evidence": []}),
    "a key named constructor": lambda case: signed_without_rdf(case, {"constructor": {"prototype": {}}}),
    "a key named __proto__": lambda case: signed_without_rdf(case, {"__proto__": {"type": "x"}}),
    "a relative type": lambda case: signed_without_rdf(case, {"type": [*UNSIGNED["type"], "hasOwnProperty"]}),
    "a key that is an address": lambda case: signed_without_rdf(case, {"https://schema.org/name": "x"}),
}


def signed_without_rdf(case: Case, change: Json) -> None:
    """Changed and signed again in the form that JCS takes, the other proof left from before the change."""
    document = copy.deepcopy(UNSIGNED) | change
    case.document = {**document, "proof": [CREDENTIAL["proof"][0], jcs_proof(document)]}
    case.page = None


@pytest.mark.parametrize("status_entry", [0, 1])
@pytest.mark.parametrize("member", ["cryptosuite", "type"])
def test_proof_of_a_kind_that_nobody_knows_is_listed_and_does_not_count(
    status_entry: int, member: str, node: Node
) -> None:
    case = sound()
    case.document["proof"][status_entry][member] = "eddsa-jcs-2099"
    report = agreed(case, node, (RDFC, JCS))
    assert report["verdict"] == "holds"
    assert [check["result"] for check in report["checks"] if check["name"] == "proof eddsa-jcs-2099"] == ["not_checked"]


def test_rdfc_alone_is_enough_for_both(node: Node) -> None:
    assert agreed(sound(), node, (RDFC,))["verdict"] == "holds"


# -- every leaf of the credential -------------------------------------------------------------------------------------------

LEAVES = [pointer for pointer, _ in leaves(CREDENTIAL)]


def status_entry(document: Json, pointer: str) -> tuple[Any, Any]:
    """The container of a leaf and its key there."""
    *steps, last = pointer.split("/")[1:]
    inner: Any = document
    for step in steps:
        inner = inner[int(step) if isinstance(inner, list) else step]
    return inner, int(last) if isinstance(inner, list) else last


def changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return f"{value}x" if isinstance(value, str) else value + 1


# Who has one suite only does not see what is changed in the proof of the other. A proof of a suite or a type that nobody knows is
# listed as not checked, whatever it says: test_proof_of_a_kind_that_nobody_knows_is_listed_and_does_not_count.
KIND_OF_PROOF = re.compile(r"/proof/\d/(?:type|cryptosuite)")
LEAF_CASES: list[tuple[str, bool, Suites]] = [
    *((pointer, False, (JCS,)) for pointer in LEAVES if not pointer.startswith("/proof/0/")),
    *((pointer, True, (JCS,)) for pointer in sampled(LEAVES, every=3) if not pointer.startswith("/proof/0/")),
    *((pointer, False, (RDFC, JCS)) for pointer in LEAVES if not KIND_OF_PROOF.fullmatch(pointer)),
]


@pytest.mark.parametrize(("pointer", "with_page", "suites"), LEAF_CASES)
def test_no_leaf_can_be_changed_removed_or_added(pointer: str, with_page: bool, suites: Suites, node: Node) -> None:
    for change in ("changed", "null", "nested", "removed", "added"):
        case = sound()
        case.page = case.page if with_page else None
        container, key = status_entry(case.document, pointer)
        if change == "removed":
            del container[key]
        elif change == "added" and isinstance(container, list):
            container.insert(key, container[key])
        elif change == "added":
            container[f"{key}2"] = container[key]
        else:
            container[key] = {"changed": changed(container[key]), "null": None, "nested": [container[key]]}[change]
        assert agreed(case, node, suites)["verdict"] not in GOOD_WORDS, change


# -- dates, addresses and pages in strange letters -----------------------------------------------------------------------------


def near(text: str) -> st.SearchStrategy[str]:
    """Text in which a few characters were replaced."""
    replaced = st.tuples(st.integers(0, len(text) - 1), st.sampled_from("0123456789-+:.TZ z٣\n@/[?#%"))
    return st.lists(replaced, max_size=3).map(
        lambda found: "".join(dict(found).get(at, old) for at, old in enumerate(text))
    )


@settings(max_examples=examples(150), derandomize=True, deadline=None)
@given(
    near("2028-02-29T23:59:59+02:00"),
    near("2026-05-14T00:00:00.5Z"),
    near("https://harbour.example.org:8443/list.json"),
)
def test_both_read_or_refuse_the_same_dates_and_addresses(node: Node, end: str, start: str, url: str) -> None:
    case = sound()
    case.document |= {"validUntil": end, "validFrom": start, "awardedDate": "2020-01-01T00:00:00Z"}
    case.document["credentialStatus"]["statusListCredential"] = url
    agreed(case, node)


def test_both_fold_and_ignore_the_same_characters(node: Node) -> None:
    strange = [
        chr(code)
        for code in (*range(1, 0x180), 0x180E, *range(0x1680, 0x1682), *range(0x2000, 0x2070), 0x3000, 0xFEFF, 0xFFFD)
    ]
    in_text = [("Aid School</span>", character) for character in sampled(strange, every=4)]
    for end, character in [*in_text, *(("to help.</p>", character) for character in strange)]:
        shown = edited(end, end.replace("<", f" {escape(character)}<"))
        assert node.ask(as_comparison(shown)) == {"ok": compare_page(shown, CREDENTIAL, multibase=PUBLIC_KEY)}


def as_comparison(shown: StatementPage) -> Json:
    return {"shown": as_question(shown), "document": as_base64(format_json(CREDENTIAL)), "multibase": PUBLIC_KEY}


def pieces_of(text: str) -> list[str]:
    return text.split(" ")


MARKDOWN = pieces_of("1 23 . ) x Ж ] ](https://a.example/) <https://b.example/> <https:// > ]( * `")
MARKDOWN += ["](https://a.example/\x1c)", "](https://a.example/\ufeff)", *"\n\r\u2028\x85\x1c\ufeff  "]


@settings(max_examples=examples(150), derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(MARKDOWN), max_size=12).map("".join))
def test_both_compare_markdown_the_same(node: Node, text: str) -> None:
    case = sound()
    case.document["credentialSubject"]["narrative"] = text
    case.page = page(statement_html(case.document, multibase=PUBLIC_KEY))
    report = agreed(case, node)
    is_comparable = text.strip() and not unsafe_reason(text)
    found = [check["result"] for check in report["checks"] if check["name"] == "page"]
    assert found == ["passed"] or not is_comparable


# -- JSON, canonical form and keys --------------------------------------------------------------------------------------------


def canonical_in_python(text: bytes) -> Json:
    try:
        return {"ok": canonicalize_jcs(parse_json(text)).decode("utf-8"), "reason": ""}
    except EncodingError as error:
        return {"ok": None, "reason": str(error)}


def assert_same_json(text: bytes, node: Node) -> None:
    assert node.ask({"json": as_base64(text)}) == canonical_in_python(text), text


SCALARS = st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
# Pieces of JSON in any order: now and then they are some.
TOKENS = pieces_of(r"""{ } [ ] , : " \ \u d83d \ude00 "a" "b": true nul null NaN Infinity - 0 1 . e E+ 1e999""")
TOKENS += ["9007199254740991", "9007199254740992", "9007199254740993", "00000000000000000"]
TOKENS += list(" \t\n\r\f\xa0\ufeff\u2028\x00")
PIECES = st.lists(st.sampled_from(TOKENS), max_size=12).map("".join)


@settings(max_examples=examples(200), derandomize=True, deadline=None)
@given(st.one_of(PIECES, PIECES.map(lambda text: f"[{text}]"), PIECES.map(lambda text: f'{{"a":{text}}}')))
def test_both_read_or_refuse_pieces_of_json(node: Node, text: str) -> None:
    assert_same_json(text.encode("utf-8"), node)


@settings(max_examples=examples(200), derandomize=True, deadline=None)
@given(VALUES)
def test_both_give_one_canonical_form(node: Node, value: Any) -> None:
    assert_same_json(json.dumps(value).encode("ascii"), node)


@settings(max_examples=examples(150), derandomize=True, deadline=None)
@given(VALUES, st.data())
def test_both_read_or_refuse_damaged_json(node: Node, value: Any, data: st.DataObject) -> None:
    text = bytearray(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    assert_same_json(bytes(text), node)


@settings(max_examples=examples(150), derandomize=True, deadline=None)
@given(st.integers(0, 2**64 - 1))
def test_both_write_every_number_the_same(node: Node, bits: int) -> None:
    number = struct.unpack("<d", struct.pack("<Q", bits))[0]
    assert_same_json(json.dumps(number).encode("ascii"), node)


def key_in_python(text: str) -> Json:
    try:
        return {"ok": public_bytes(text).hex(), "reason": ""}
    except KeyTextError as error:
        return {"ok": None, "reason": str(error)}


@settings(max_examples=examples(100), derandomize=True, deadline=None)
@given(
    st.binary(min_size=32, max_size=32)
    | st.integers(0, 40).map(lambda offset: (2**255 - 19 + offset - 20).to_bytes(32, "little"))
)
def test_both_judge_every_key_the_same(node: Node, raw_key: bytes) -> None:
    text = key_text(raw_key)
    assert node.ask({"key": text}) == key_in_python(text)


def test_the_page_of_these_tests_says_what_was_signed() -> None:
    assert compare_page(page(), CREDENTIAL, multibase=PUBLIC_KEY) == ""
