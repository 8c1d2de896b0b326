"""The cases of both verifiers as files: Python reports what each says, as tests/browser/verification.test.mjs has JavaScript do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from site_builder.credentials.securing.data_integrity import JCS, RDFC
from site_builder.encoding import only_slow_roads
from tests import test_contexts as contexts
from tests import test_verifiers_agree as agree
from tests import verification_vectors as vectors
from tests.issued_elsewhere import ELSEWHERE
from tests.test_verifiers_agree import GOOD_WORDS, Case, Node, agreed, running_node

Json = dict[str, Any]
CASES = {f"{file.parent.name}/{file.stem}": file for file in vectors.case_files()}


def read(file: Path) -> Json:
    case: Json = json.loads(file.read_bytes())
    return case


def verdicts(group: str, name: str) -> dict[str, str]:
    """What is said of a case, by the suites that are loaded."""
    runs = read(vectors.case_file(group, name))["runs"]
    return {" ".join(run["suites"]): run["report"]["verdict"] for run in runs}


@pytest.mark.parametrize("name", CASES)
def test_python_reports_what_the_file_says(name: str) -> None:
    case = read(CASES[name])
    assert list(case) == ["name", "raw", "responses", "now", "page", "runs"]
    for run in case["runs"]:
        assert vectors.report_in_python(case, run["suites"]) == run["report"]


@pytest.mark.parametrize("name", CASES)
def test_the_full_functions_report_the_same(name: str) -> None:
    case = read(CASES[name])
    with only_slow_roads():
        for run in case["runs"]:
            assert vectors.report_in_python(case, run["suites"]) == run["report"]


def test_the_files_are_what_the_tables_give() -> None:
    assert vectors.differences() == [], "run python -m tests.verification_vectors"


# -- what the tables promise -------------------------------------------------------------------------------------------

WITH_JCS, WITH_BOTH = JCS, f"{RDFC} {JCS}"


def in_files(table: dict[str, Any], group: str) -> list[str]:
    """The names of a table whose cases are files."""
    return [name for name in table if vectors.case_file(group, name).exists()]


@pytest.mark.parametrize("name", in_files(agree.SOUND, "sound"))
def test_a_sound_credential_holds(name: str) -> None:
    assert verdicts("sound", name) == {WITH_JCS: "holds", WITH_BOTH: "holds"}


@pytest.mark.parametrize("name", in_files(agree.LIVED, "lived"))
def test_what_befell_a_credential_is_said(name: str) -> None:
    _, verdict = agree.LIVED[name]
    assert verdicts("lived", name) == {WITH_JCS: verdict, WITH_BOTH: verdict}


# Sound for who has both suites: what the second proof would say is said by the first.
ENOUGH_WITH_RDFC = [
    "only a proof of another suite",
    "another proof type",
    "a proof by the issuer of another suite, and one by a stranger",
    "a did:key",
    "a did:web of an IP address",
    "a did:web that climbs",
    "status list without the proof that pages check",
]


@pytest.mark.parametrize("name", in_files(agree.UNSOUND, "unsound"))
def test_nobody_has_a_good_word_for_an_unsound_one(name: str) -> None:
    good = [suites for suites, verdict in verdicts("unsound", name).items() if verdict in GOOD_WORDS]
    assert good == ([WITH_BOTH] if name in ENOUGH_WITH_RDFC else [])


@pytest.mark.parametrize("name", in_files(agree.SEEN_BY_RDFC, "seen-by-rdfc"))
def test_what_holds_with_jcs_alone_may_fail_with_rdfc(name: str) -> None:
    assert verdicts("seen-by-rdfc", name) == {WITH_JCS: "holds", WITH_BOTH: "fails"}


@pytest.mark.parametrize(
    ("group", "name"),
    [("vocabularies", name) for name in contexts.VOCABULARIES] + [("of-others", name) for name in contexts.OTHERS],
)
def test_contexts_are_known_or_not_in_both_suites(group: str, name: str) -> None:
    _, (with_jcs, with_both) = (contexts.VOCABULARIES | contexts.OTHERS)[name]
    assert verdicts(group, name) == {WITH_JCS: with_jcs, WITH_BOTH: with_both}


# What is not known of credentials that others have signed.
DOUBTS = {
    "minted with a 1EdTech revocation list": ("status", "other_status"),
    "1EdTech, simple, context version": ("key", "not_did"),
}


@pytest.mark.parametrize("name", DOUBTS)
def test_a_doubt_about_others_is_about_something_else_than_their_vocabularies(name: str) -> None:
    run = read(vectors.case_file("of-others", name))["runs"][1]
    found = [(check["name"], check["reason"]) for check in run["report"]["checks"]]
    assert DOUBTS[name] in found
    assert ("signature", "contexts") not in found


def test_contexts_that_are_not_known_are_named_as_what_is_not_known() -> None:
    for name in contexts.NOT_KNOWN:
        for run in read(vectors.case_file("vocabularies", f"not known: {name}"))["runs"]:
            assert [(check["name"], check["reason"]) for check in run["report"]["checks"]] == [
                ("signature", "contexts")
            ]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_others_have_issued_is_judged_as_the_specifications_say(name: str) -> None:
    _, verdict, check, sentence = ELSEWHERE[name]
    *_, run = read(vectors.case_file("elsewhere", name))["runs"]
    assert run["report"]["verdict"] == verdict
    assert sentence in [found["sentence"] for found in run["report"]["checks"] if found["name"] == check]
    # Without the suite of its proofs, a page says nothing of the signature, good or bad.
    assert verdicts("elsewhere", name)[WITH_JCS] == (
        "not_supported" if verdict != "fails" or check == "key" else "fails"
    )


# What is said of a proof, a key or a date, in words that name the fault.
SAID = {
    "created that is 'invalidDate'": "Its signature does not state a valid time.",
    "created that is ''": "Its signature does not state a valid time.",
    "created that is '2026-13-45T99:99:99Z'": "Its signature does not state a valid time.",
    "a proof that follows none that is there": "Its signature follows another one, which is missing.",
    "two keys, and one may not sign": f"The signing key is not accepted: {agree.DID} does not let its key #key-0 sign credentials (any more).",
    "two keys, and one belongs to another issuer": f"The key belongs to {agree.OTHER_DID}, which is not the issuer that the credential names.",
    "two keys, and one signed something else": "This file was changed after it was signed.",
    "a JsonWebKey of another curve": f"The signing key is not accepted: the key #key-1 of {agree.DID} is not in a form of Ed25519 key that is read here.",
    "a key embedded in two forms": f"The signing key is not accepted: {agree.DID} lists the key #key-1 twice.",
    "no beginning": "It has no validFrom, which Open Badges 3.0 requires.",
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_wrong_is_said(name: str) -> None:
    for run in read(vectors.case_file("unsound", name))["runs"]:
        assert run["report"]["verdict"] == "fails"
        assert SAID[name] in [check["sentence"] for check in run["report"]["checks"] if check["counts"]]


def test_a_strangers_proof_is_no_reason_to_refuse_what_the_issuer_signed_in_another_suite() -> None:
    name = "a proof by the issuer of another suite, and one by a stranger"
    assert verdicts("unsound", name) == {WITH_JCS: "not_supported", WITH_BOTH: "holds"}


# A proof that is not the issuer's is told of, and nobody is asked for its key.
BY_OTHERS = ["a proof more by another issuer", "a proof more in another issuer's name", "a proof more by a did:key"]


@pytest.mark.parametrize("name", BY_OTHERS)
def test_a_proof_by_another_is_listed_as_not_the_issuers(name: str) -> None:
    for run in read(vectors.case_file("sound", name))["runs"]:
        *_, other = [check for check in run["report"]["checks"] if check["name"].startswith("proof ")]
        assert (other["result"], other["reason"]) == ("not_checked", "another")
        assert agree.OTHER_DID_URL not in {check["source"] for check in run["report"]["checks"]}


def test_not_revoked_is_said_only_where_a_list_was_read_that_counts_today() -> None:
    said = set()
    for name, file in CASES.items():
        for report in (run["report"] for run in read(file)["runs"]):
            found = [check["reason"] for check in report["checks"] if check["name"] == "status"]
            words = " ".join([report["headline"], *(check["sentence"] for check in report["checks"])]).lower()
            if found not in (["passed"], ["undated"]):
                assert "not revoked" not in words, name
            elif report["verdict"] == "holds":
                said.add(report["headline"].partition(", ")[2])
    stranger = (
        "this page was made by a version that this verifier does not know, so read the credential here, not there"
    )
    assert said == {"unchanged, not revoked.", f"unchanged, not revoked; {stranger}."}


def test_who_offers_no_way_to_revoke_is_told_apart() -> None:
    for run in read(vectors.case_file("sound", "no status list"))["runs"]:
        headline = "Checked on this computer just now: signed by harbour.example.org and unchanged; "
        assert run["report"]["headline"] == f"{headline}the issuer offers no way to revoke it."
        status = next(check for check in run["report"]["checks"] if check["name"] == "status")
        assert (status["result"], status["counts"]) == ("not_checked", False)
        assert status["sentence"] == "The issuer offers no way to revoke it."


# What is said of a list or an entry that says nothing about today. None of it speaks against the credential.
UNREAD = {
    "a status list that has ended": "it was valid until 31 May 2026 only",
    "a status list that has ended, and names it": "it was valid until 31 May 2026 only",
    "a status list that begins tomorrow": "it begins on 2 June 2026, which is still to come",
    "a status list with a beginning that is none": "its dates cannot be read",
    "a status list with an end that is none": "its dates cannot be read",
    "a status list whose proof has ended": "it was valid until 31 May 2026 only",
    "a status of two bits": "this credential's status entry is not complete, or has more than one bit",
    "a place that is a number": "this credential's place in its status list is not a number",
}


@pytest.mark.parametrize("name", UNREAD)
def test_a_list_that_says_nothing_about_today_is_neither_good_nor_bad(name: str) -> None:
    for run in read(vectors.case_file("unsound", name))["runs"]:
        status = next(check for check in run["report"]["checks"] if check["name"] == "status")
        assert (run["report"]["verdict"], status["result"]) == ("unknown", "could_not_check")
        assert status["sentence"] == f"The revocation list could not be checked: {UNREAD[name]}."


# What is said of a status whose kind is not checked here: trying again never helps.
OTHER_STATUS = [
    "a status for another purpose",
    "a status of the kind revocation StatusList2021Entry",
    "status list with other contexts",
    "one status that is good, and one for suspension",
]


@pytest.mark.parametrize("name", OTHER_STATUS)
def test_a_status_of_an_unknown_kind_leaves_what_was_checked(name: str) -> None:
    for run in read(vectors.case_file("unsound", name))["runs"]:
        status = next(check for check in run["report"]["checks"] if check["name"] == "status")
        assert (run["report"]["verdict"], run["report"]["form"], status["form"]) == (
            "not_supported",
            *["status-kind"] * 2,
        )
        assert run["report"]["headline"] == f"Signed by harbour.example.org and unchanged. {status['sentence']}"


# -- what is too large for a file --------------------------------------------------------------------------------------

TOO_LARGE = [
    "100,000 levels",
    "more than a megabyte",
    "a list of more than a megabyte",
    "more than a thousand versions",
]


def too_large() -> Iterator[tuple[str, Case]]:
    return ((name, case) for _, name, case in vectors.all_cases() if vectors.is_too_large(case))


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running_node() as running:
        yield running


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")
def test_both_agree_on_what_is_too_large_for_a_file(node: Node) -> None:
    found = dict(too_large())
    assert sorted(found) == sorted(TOO_LARGE)
    reports = {name: agreed(case, node, suites) for name, case in found.items() for suites in agree.SUITE_SETS}
    assert not {report["verdict"] for report in reports.values()} & GOOD_WORDS
