"""A file that its issuer has replaced since: superseded only when the newer version is found and stands.

The cases of the tables are files as well (verification_vectors.py), by which JavaScript says the same."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from site_builder.credentials.demo import demo_signing_key
from site_builder.credentials.identifiers.did_web import PublicKeyEntry, build_did_document
from site_builder.credentials.identifiers.multikey import format_public_key, parse_private_key
from site_builder.encoding import EncodingError, format_json
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.report import Report
from site_builder.verification.successor import verify_and_follow
from site_builder.verification.versions import VersionsError, parse_versions
from tests.test_verifiers_agree import (
    BASE,
    CREDENTIAL,
    DEMO_KEYS,
    DID,
    DID_URL,
    ID,
    INDEX,
    KEY,
    LIST_URL,
    NOW,
    OTHER_DID,
    OTHER_DID_URL,
    OTHER_KEY,
    UNSIGNED,
    Case,
    Json,
    Node,
    Suites,
    agreed,
    did_document,
    edited,
    jcs_proof,
    report_in_python,
    running_node,
    sign,
    unsigned_list,
    with_suites,
)

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")

FOLDER = f"{BASE}c/{ID}/"
VERSIONS_URL = f"{FOLDER}versions.json"
NEWER_INDEX, NEWEST_INDEX = 17, 18
Change = Callable[[Case], None]


def version(number: int, *, index: int, change: Callable[[Json], Any] = lambda document: None) -> Json:
    """The unsigned credential as a later version of it: another id, another place in the status list, another name."""
    document = copy.deepcopy(UNSIGNED)
    document["id"] = FOLDER + name_of(number)
    document["credentialSubject"]["identifier"][0]["identityHash"] = f"Hypatia {number}"
    document["credentialStatus"] |= {"id": f"{LIST_URL}#{index}", "statusListIndex": str(index)}
    change(document)
    return document


def name_of(number: int) -> str:
    return f"credential-{number}.json" if number > 1 else "credential.json"


def versions(current: Any, *entries: Json, **more: Any) -> Json:
    listed = entries or ({"version": 1, "file": "credential.json"}, {"version": 2, "file": "credential-2.json"})
    return {"current": current, "versions": list(listed), **more}


UNSIGNED_NEWER = version(2, index=NEWER_INDEX)
NEWER = sign(UNSIGNED_NEWER)
REVOKED_LIST = sign(unsigned_list(INDEX))


def replaced() -> Case:
    """The sound credential, after its issuer has published a second version."""
    return Case(
        copy.deepcopy(CREDENTIAL),
        {
            DID_URL: did_document(),
            LIST_URL: REVOKED_LIST,
            VERSIONS_URL: versions(2),
            f"{FOLDER}credential-2.json": NEWER,
        },
    )


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running_node() as running:
        yield running


def answers(**found: Any) -> Change:
    """Other answers: `versions` and `newer` by those names."""
    places = {"versions": VERSIONS_URL, "newer": f"{FOLDER}credential-2.json", "list": LIST_URL}
    return lambda case: case.responses.update({places[name]: body for name, body in found.items()})


def gone(url: str) -> Change:
    return lambda case: case.responses.pop(url) and None


def newer(change: Callable[[Json], Any], *, rdf: bool = True) -> Change:
    """The newer version changed by its issuer. rdf: whether it has both proofs."""
    document = version(2, index=NEWER_INDEX, change=change)
    return answers(newer=sign(document) if rdf else {**document, "proof": [jcs_proof(document)]})


def at(*moment: int, then: Change = lambda case: None) -> Change:
    def apply(case: Case) -> None:
        then(case)
        case.now = datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type, misc]

    return apply


def with_three_versions(case: Case) -> None:
    """Of which the first is withheld and the second was replaced too."""
    entries = [{"version": number, "file": name_of(number)} for number in (1, 2, 3)]
    entries[0]["withheld"] = True
    case.responses |= {
        LIST_URL: sign(unsigned_list(INDEX, NEWER_INDEX)),
        VERSIONS_URL: versions(3, *entries),
        f"{FOLDER}credential-3.json": sign(version(3, index=NEWEST_INDEX)),
    }


def second_of_three(case: Case) -> None:
    with_three_versions(case)
    case.document = NEWER


def all_with_demo_key(case: Case) -> None:
    key = parse_private_key(demo_signing_key(DEMO_KEYS[0]) or "")
    case.document = sign(UNSIGNED, key=key)
    case.responses |= {DID_URL: did_document(key), LIST_URL: sign(unsigned_list(INDEX), key=key)}
    answers(newer=sign(UNSIGNED_NEWER, key=key))(case)


def signed_with_a_later_key(case: Case) -> None:
    """The key that signed the old version was retired since, and another signed the new one."""
    keys = [PublicKeyEntry(f"key-{number}", format_public_key(k.public_key()), may_assert=True) for number, k in LATER]
    case.responses[DID_URL] = build_did_document(DID, keys)
    answers(newer=sign(UNSIGNED_NEWER, key=OTHER_KEY, method=f"{DID}#key-2"))(case)


LATER: list[tuple[int, Ed25519PrivateKey]] = [(1, KEY), (2, OTHER_KEY)]
PREFIX = "Superseded: harbour.example.org has replaced this version. "
STANDS = PREFIX + "The current version is genuine: rely on that one."

SUPERSEDED: dict[str, tuple[Change, str]] = {
    "by a second version": (lambda case: None, STANDS),
    "by a third version, the first withheld": (with_three_versions, STANDS),
    "the second by a third version": (second_of_three, STANDS),
    "by one of a later key": (signed_with_a_later_key, STANDS),
    "with a list that says more": (answers(versions=versions(2, note="x", __proto__=1)), STANDS),
    "its own end has passed": (
        at(2030, 1, 1, then=newer(lambda document: document.pop("validUntil"))),
        STANDS,
    ),
    "by one that has expired": (at(2030, 1, 1), PREFIX + "The current version expired on 13 May 2028."),
    "by one that is still to come": (
        newer(lambda document: document.update(validFrom="2027-01-02T00:00:00+01:00")),
        PREFIX + "The current version is not valid until 2 January 2027.",
    ),
    "by one that is signed with a demo key": (
        all_with_demo_key,
        PREFIX + "The current version is signed with a public demonstration key, which proves nothing about anyone.",
    ),
}


@with_suites
@pytest.mark.parametrize("name", SUPERSEDED)
def test_a_newer_version_has_taken_its_place(name: str, suites: Suites) -> None:
    case = replaced()
    change, headline = SUPERSEDED[name]
    change(case)
    report = report_in_python(case, suites)
    assert (report["verdict"], report["headline"], report["successor"]) == ("superseded", headline, FOLDER)
    status = next(check for check in report["checks"] if check["name"] == "status")
    assert (status["result"], status["reason"], status["source"]) == ("failed", "superseded", LIST_URL)
    assert status["sentence"].startswith("The issuer's revocation list says that it was revoked: version ")


def listed(*entries: Any) -> Change:
    return answers(versions={"current": 2, "versions": list(entries)})


def second(**values: Any) -> Change:
    """A list in which the entry of the second version says something else."""
    return listed({"version": 1, "file": "credential.json"}, {"version": 2, "file": "credential-2.json"} | values)


def many(count: int) -> Change:
    return answers(versions=versions(2, *({"version": n, "file": name_of(n)} for n in range(1, count + 1))))


def elsewhere(address: str) -> Change:
    """A revoked credential whose id has another form, with a list and a newer version beside it."""
    folder = address.rpartition("/")[0] + "/"

    def apply(case: Case) -> None:
        case.document = sign({**UNSIGNED, "id": address})
        case.responses[f"{folder}versions.json"] = versions(2)
        case.responses[f"{folder}credential-2.json"] = sign({**UNSIGNED_NEWER, "id": f"{folder}credential-2.json"})

    return apply


def by_another_issuer(case: Case) -> None:
    document = {**UNSIGNED_NEWER, "issuer": {**UNSIGNED_NEWER["issuer"], "id": OTHER_DID}}
    del document["credentialStatus"]
    case.responses[OTHER_DID_URL] = did_document(OTHER_KEY, did=OTHER_DID)
    answers(newer=sign(document, key=OTHER_KEY, method=f"{OTHER_DID}#key-1"))(case)


def by_a_key_of_another(case: Case) -> None:
    case.responses[OTHER_DID_URL] = did_document(OTHER_KEY, did=OTHER_DID)
    answers(newer=sign(UNSIGNED_NEWER, key=OTHER_KEY, method=f"{OTHER_DID}#key-1"))(case)


def by_one_that_was_revoked_and_replaced_itself(case: Case) -> None:
    """A third version exists, but the list calls the second one the current: nothing is followed further."""
    with_three_versions(case)
    case.responses[VERSIONS_URL]["current"] = 2


def older_than_its_own(case: Case) -> None:
    """The second version was revoked, and the list calls the first the current one."""
    case.document = NEWER
    answers(list=sign(unsigned_list(NEWER_INDEX)), versions=versions(1))(case)
    case.responses[f"{FOLDER}credential.json"] = CREDENTIAL


REVOKED: dict[str, Change] = {
    # The list of versions.
    "no list of versions": gone(VERSIONS_URL),
    "a list that is not JSON": answers(versions=b"<html>"),
    "a list of more than a megabyte": answers(versions=format_json(versions(2)) + b" " * 1_048_576),
    "a list with a key twice": answers(versions=b'{"current": 1, "current": 2, "versions": []}'),
    "a list that is a text": answers(versions=b'"credential-2.json"'),
    "a list that is bare": answers(versions=versions(2)["versions"]),
    "a list without versions": answers(versions={"current": 2}),
    "a list with no versions": answers(versions={"current": 2, "versions": []}),
    "a list of versions by name": answers(versions={"current": 2, "versions": {"length": 2}}),
    "a list without a current one": answers(versions={"versions": versions(2)["versions"]}),
    "an erased award": answers(versions=versions(None)),
    "its own version is the current one": answers(versions=versions(1)),
    "an older version is the current one": older_than_its_own,
    "a current one of which nothing is listed": answers(versions=versions(3)),
    "a current one below one": answers(versions=versions(0)),
    "a current one from the end": answers(versions=versions(-1)),
    "half a current one": answers(versions=versions(1.5)),
    "a current one as a text": answers(versions=versions("2")),
    "a true current one": answers(versions=versions(True)),
    "a current one in a list": answers(versions=versions([2])),
    "a current one by the name of a member": answers(versions=versions("length")),
    "a current one that is withheld": second(withheld=True),
    "a current one that is not withheld in so many words": second(withheld=False),
    "a current one that is withheld as a number": second(withheld=1),
    "an older one that is withheld as a text": listed(
        {"version": 1, "file": "credential.json", "withheld": "true"}, {"version": 2, "file": "credential-2.json"}
    ),
    "a version without a number": listed({"file": "credential.json"}, {"file": "credential-2.json"}),
    "a version with a number as text": second(version="2"),
    "a version true": listed({"version": True, "file": "credential.json"}, {"version": 2, "file": "credential-2.json"}),
    "versions in another order": listed(*reversed(versions(2)["versions"])),
    "a version twice": listed({"version": 2, "file": "credential-2.json"}, {"version": 2, "file": "credential-2.json"}),
    "a version that is a text": listed("credential.json", "credential-2.json"),
    "a version that is nothing": listed(None, None),
    "a file of another name": second(file="newer.json"),
    "a file of another version": second(file="credential-3.json"),
    "a file with zeros before its number": second(file="credential-02.json"),
    "a file in another folder": second(file="../bbbbbbbbbbbbbbbbbbbbbbbbbb/credential-2.json"),
    "a file on another host": second(file="https://elsewhere.example.org/credential-2.json"),
    "a file with a line end": second(file="credential-2.json\n"),
    "a file in other digits": second(file="credential-２.json"),
    "a file that is a number": second(file=2),
    "more than a thousand versions": many(1_001),
    # The newer version.
    "a newer version out of reach": gone(f"{FOLDER}credential-2.json"),
    "a newer version that is a stub": answers(newer={"withheld": True, "page": FOLDER, "note": "Withdrawn."}),
    "a newer version that is a list": answers(newer=[NEWER]),
    "a newer version that is not JSON": answers(newer=b"\x89PNG"),
    "a newer version that nobody signed": answers(newer=UNSIGNED_NEWER),
    "a newer version that was changed": answers(newer=NEWER | {"name": "Another"}),
    "a newer version with the old one's proofs": answers(newer={**UNSIGNED_NEWER, "proof": CREDENTIAL["proof"]}),
    "a newer version that is the old one": answers(newer=CREDENTIAL),
    "a newer version of another award": newer(lambda d: d.update(id=f"{BASE}c/{'b' * 26}/credential-2.json")),
    "a newer version of another host": newer(lambda d: d.update(id=f"https://x.example/c/{ID}/credential-2.json")),
    "a newer version that calls itself the third": newer(lambda d: d.update(id=f"{FOLDER}credential-3.json")),
    "a newer version by another issuer": by_another_issuer,
    "a newer version signed by another's key": by_a_key_of_another,
    "a newer version that was revoked": answers(list=sign(unsigned_list(INDEX, NEWER_INDEX))),
    "a newer version that was revoked and replaced": by_one_that_was_revoked_and_replaced_itself,
    "a newer version whose list is out of reach": newer(
        lambda d: d["credentialStatus"].update(statusListCredential=f"{BASE}issuers/harbour/status/2.json")
    ),
    "a newer version outside of its list": newer(lambda d: d["credentialStatus"].update(statusListIndex="131072")),
    "a newer version without dates": newer(lambda d: d.pop("validFrom"), rdf=False),
    "a newer version of other contexts": newer(lambda d: d["@context"].append("https://x.example/"), rdf=False),
    # Its own address, next to which the list is looked for.
    "an address without https": elsewhere(f"http://harbour.example.org/c/{ID}/credential.json"),
    "an address with a user": elsewhere(f"https://harbour.example.org@x.example/c/{ID}/credential.json"),
    "an address with a question": elsewhere(f"{FOLDER}credential.json?"),
    "an address with a mark": elsewhere(f"{FOLDER}credential.json#1"),
    "an address of a folder": elsewhere(FOLDER),
    "an address that climbs": elsewhere(f"{BASE}c/x/../{ID}/credential.json"),
    "an address with an empty step": elsewhere(f"{BASE}/c/{ID}/credential.json"),
    "an address with another sign": elsewhere(f"{BASE}c;x/{ID}/credential.json"),
    "an address with a first version's number": elsewhere(f"{FOLDER}credential-1.json"),
    "an address of another file": elsewhere(f"{FOLDER}award.json"),
    "an address of 501 letters": elsewhere(f"{BASE}{'c' * (501 - len(BASE) - 16)}/credential.json"),
}


@with_suites
@pytest.mark.parametrize("name", REVOKED)
def test_it_stays_revoked_when_anything_is_off(name: str, suites: Suites) -> None:
    case = replaced()
    REVOKED[name](case)
    report = report_in_python(case, suites)
    assert report["verdict"] == "revoked" and "successor" not in report
    assert report["headline"] == "Revoked by harbour.example.org: the issuer has withdrawn this credential."


UNSOUND: dict[str, tuple[Change, str]] = {
    "changed by somebody": (lambda case: case.document.update(name="Another"), "fails"),
    "with a page that differs": (lambda case: setattr(case, "page", edited("</main>", "<p>more</p></main>")), "fails"),
    "its key out of reach": (gone(DID_URL), "unknown"),
    "its list out of reach": (gone(LIST_URL), "unknown"),
    "its list unsigned": (answers(list=unsigned_list(INDEX)), "fails"),
}


@with_suites
@pytest.mark.parametrize("name", UNSOUND)
def test_a_newer_version_makes_nothing_better(name: str, suites: Suites) -> None:
    case = replaced()
    change, verdict = UNSOUND[name]
    change(case)
    report = report_in_python(case, suites)
    assert report["verdict"] == verdict and "successor" not in report


def asked_for(case: Case) -> tuple[Report, list[str]]:
    """The report, and every address that was asked, in this order."""
    asked: list[str] = []
    responses = case.answers()

    def fetch(url: str) -> bytes:
        asked.append(url)
        if url not in responses:
            raise FetchError("not among the responses")
        return responses[url]

    return verify_and_follow(case.encoded(), fetch=fetch, now=NOW), asked


def test_each_address_is_asked_once_and_only_beside_the_credential() -> None:
    report, asked = asked_for(replaced())
    assert report.verdict == "superseded"
    assert asked == [DID_URL, LIST_URL, VERSIONS_URL, f"{FOLDER}credential-2.json"]


def test_no_versions_are_asked_for_unless_the_list_names_the_credential() -> None:
    case = replaced()
    case.responses[LIST_URL] = sign(unsigned_list())
    report, asked = asked_for(case)
    assert report.verdict == "holds" and asked == [DID_URL, LIST_URL]


def test_a_thousand_versions_are_read_and_a_withheld_one_is_told() -> None:
    entries = [{"version": number, "file": name_of(number), "withheld": True} for number in range(1, 1_000)]
    found = parse_versions(format_json(versions(1_000, *entries, {"version": 1_000, "file": name_of(1_000)})))
    assert (found.count, found.current, len(found.withheld)) == (1_000, 1_000, 999)
    assert parse_versions(format_json(versions(None))).current == 0
    for raw in (b"[]", b"{}", b"\xff"):
        with pytest.raises((VersionsError, EncodingError)):
            parse_versions(raw)


# -- keys -----------------------------------------------------------------------------------------------------------------

KEY_STATES = ["active", "retired", "compromised"]


def keys_with(first: str) -> Json:
    """The key document of an issuer whose first key is in a state, and whose second signs. As site/pages/issuer.py writes it."""
    return build_did_document(
        DID,
        [
            PublicKeyEntry("key-1", format_public_key(KEY.public_key()), may_assert=first != "compromised"),
            PublicKeyEntry("key-2", format_public_key(OTHER_KEY.public_key()), may_assert=True),
        ],
    )


def signed_anew(document: Json) -> Json:
    return sign(document, key=OTHER_KEY, method=f"{DID}#key-2")


def after_rotation(first: str) -> Case:
    """The credential of the first key, after the issuer has gone over to a second; its lists are signed with that."""
    return Case(
        copy.deepcopy(CREDENTIAL),
        {DID_URL: keys_with(first), LIST_URL: signed_anew(unsigned_list()), f"{FOLDER}credential.json": CREDENTIAL},
    )


@with_suites
@pytest.mark.parametrize("state", KEY_STATES)
@pytest.mark.parametrize("is_resigned", [True, False], ids=["signed anew", "not signed anew"])
def test_what_becomes_of_a_credential_when_its_key_is(
    state: str, is_resigned: bool, suites: Suites, node: Node
) -> None:
    case = after_rotation(state)
    if is_resigned:
        case.document = case.responses[f"{FOLDER}credential.json"] = signed_anew(UNSIGNED)
    report = agreed(case, node, suites)
    failed = [check["name"] for check in report["checks"] if check["result"] == "failed"]
    is_lost = state == "compromised" and not is_resigned
    assert (report["verdict"], failed) == (("fails", ["key"]) if is_lost else ("holds", []))
    assert "successor" not in report


ANEW = (
    "Do not rely on this file: its signing key is no longer accepted. "
    "harbour.example.org has signed the same credential again: download it from its page."
)


def kept_copy(case: Case) -> None:
    """What its holder has, while its address has the same credential with proofs of the second key."""
    case.responses[f"{FOLDER}credential.json"] = signed_anew(UNSIGNED)


@with_suites
@pytest.mark.parametrize("year", [2026, 2030], ids=["today", "when it has expired"])
def test_the_holder_of_an_old_file_is_told_that_it_was_signed_anew(year: int, suites: Suites, node: Node) -> None:
    case = after_rotation("compromised")
    kept_copy(case)
    case.now = NOW.replace(year=year)
    report = agreed(case, node, suites)
    assert (report["verdict"], report["headline"], report["successor"]) == ("fails", ANEW, FOLDER)
    key = next(check for check in report["checks"] if check["name"] == "key")
    assert key["result"] == "failed" and key["sentence"].endswith(
        "does not let its key #key-1 sign credentials (any more). "
        "harbour.example.org has signed this credential again, with another key."
    )


def kept_with(change: Callable[[Json], Any], *, page: StatementPage | None = None) -> Change:
    """The holder's file says something else than what was signed anew, or its page does."""

    def apply(case: Case) -> None:
        change(case.document)
        case.page = page
        kept_copy(case)

    return apply


def there(body: Any) -> Change:
    return lambda case: case.responses.update({f"{FOLDER}credential.json": body})


def kept_and_revoked(case: Case) -> None:
    kept_copy(case)
    answers(list=signed_anew(unsigned_list(INDEX)))(case)


NOT_ANEW: dict[str, Change] = {
    "a file that was changed": kept_with(lambda document: document.update(name="Another")),
    "a file with a number more": kept_with(lambda document: document.update(extra=1)),
    "a file that was revoked too": kept_and_revoked,
    "a file with a page that differs": kept_with(lambda document: None, page=edited("</main>", "<p>more</p></main>")),
    "nothing at its address": gone(f"{FOLDER}credential.json"),
    "a stub at its address": there({"withheld": True}),
    "a list at its address": there([]),
    "the same without a proof at its address": there(UNSIGNED),
    "another version at its address": there(signed_anew(UNSIGNED_NEWER)),
    "a proof by another issuer at its address": there(sign(UNSIGNED, key=OTHER_KEY, method=f"{OTHER_DID}#key-1")),
    "an address of another file": lambda case: setattr(case, "document", sign({**UNSIGNED, "id": f"{FOLDER}x.json"})),
}


@with_suites
@pytest.mark.parametrize("name", NOT_ANEW)
def test_nothing_is_said_of_new_proofs_when_there_is(name: str, suites: Suites) -> None:
    case = after_rotation("compromised")
    NOT_ANEW[name](case)
    report = report_in_python(case, suites)
    assert report["verdict"] == "fails" and "successor" not in report
    assert report["headline"].endswith(" Do not rely on this.") and report["headline"] != ANEW
