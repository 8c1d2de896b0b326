"""Signed JSON read as values: what was written is read back, and anything else is refused with one error of ours."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from site_builder.credentials.openbadges3.read import (
    CredentialFormError,
    achievement_json_of,
    achievement_name_of,
    credential_id_of,
    image_urls_of,
    issuer_id_of,
    issuer_name_of,
    read_achievement,
    read_credential,
    recipient_name_of,
    valid_from_of,
)
from site_builder.credentials.openbadges3.values import Image, Proof, StatusListEntry
from site_builder.credentials.openbadges3.write import write_achievement, write_credential
from site_builder.credentials.securing.data_integrity import without_proof
from site_builder.encoding import format_json, parse_json
from tests.full_shape import FULL_SHAPE as STRANGER
from tests.test_openbadges3 import BASE, DID, FULL, FULL_ACHIEVEMENT, FULL_AWARD, ID, MINIMAL

Json = dict[str, Any]

ROOT = Path(__file__).parents[1]
SIGNED = sorted(ROOT.glob("content/signed/*/*/credential*.json"))
GOLDEN = [
    file for file in sorted(ROOT.glob("tests/golden/*/*/**/*.json")) if b"OpenBadgeCredential" in file.read_bytes()
]


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("file", [*GOLDEN, *SIGNED], ids=name_of)
def test_every_signed_file_is_read_and_written_again_byte_for_byte(file: Path) -> None:
    document = parse_json(file.read_bytes())
    assert format_json(write_credential(read_credential(document))) == format_json(without_proof(document))


@pytest.mark.parametrize("document", [MINIMAL, FULL], ids=["minimal", "full"])
def test_what_is_built_is_read_and_written_again(document: Json) -> None:
    assert json.dumps(write_credential(read_credential(document))) == json.dumps(document)
    achievement = document["credentialSubject"]["achievement"]
    assert json.dumps(write_achievement(read_achievement(achievement))) == json.dumps(achievement)


def test_a_credential_gives_back_what_it_was_built_from() -> None:
    credential = read_credential(FULL)
    subject, achievement = credential.subject, credential.subject.achievement
    assert (credential.award_id, credential.file, credential.name) == (ID, "credential-2.json", "Knots")
    assert (subject.name, subject.id, subject.email_salt) == (FULL_AWARD.name, FULL_AWARD.recipient_id, "c2FsdA")
    assert (subject.narrative, subject.role, subject.license_number) == ("Tied *all six*.", "Bosun", "K-17")
    assert subject.credits_earned == 1.5
    assert subject.stated == FULL_AWARD.stated
    assert subject.results == FULL_AWARD.results
    assert credential.evidence == FULL_AWARD.evidence
    assert (achievement.alignments, achievement.results) == (FULL_ACHIEVEMENT.skills, FULL_ACHIEVEMENT.results)
    assert (achievement.tags, achievement.type, achievement.version) == (FULL_ACHIEVEMENT.tags, "Certificate", "3")
    assert achievement.credits_available == FULL_ACHIEVEMENT.credits == Decimal(2)
    assert achievement.image == Image(f"{BASE}badges/knots/image-0a1b2c3d.png", "A knot")
    assert (credential.issuer.id, credential.issuer.image) == (DID, f"{BASE}issuers/school/logo-4e5f6a7b.png")
    assert credential.status == StatusListEntry(f"{BASE}issuers/school/status/1.json", 4711)


def test_times_keep_the_offset_in_which_they_were_signed() -> None:
    credential = read_credential(FULL)
    assert (credential.valid_from, credential.awarded) == (datetime.fromisoformat("2026-05-14T00:00:00+02:00"),) * 2
    assert credential.valid_until and credential.valid_until.isoformat() == "2028-01-31T23:59:59+01:00"
    start, end = credential.subject.activity_start, credential.subject.activity_end
    assert start and start.isoformat() == "2026-03-28T00:00:00+01:00"
    assert end and end.isoformat() == "2026-05-14T23:59:59+02:00"


def test_what_is_not_stated_is_empty() -> None:
    credential = read_credential(MINIMAL)
    subject, achievement = credential.subject, credential.subject.achievement
    assert credential.valid_until is None and subject.activity_start is None and subject.credits_earned is None
    assert {subject.id, subject.email_hash, subject.email_salt, subject.narrative, subject.role} == {""}
    assert (achievement.image, achievement.credits_available, credential.issuer.image) == (None, None, "")
    assert not (subject.results or credential.evidence or credential.proofs or achievement.tags or achievement.results)


def test_proofs_are_read_with_what_ties_them_to_a_key() -> None:
    document = parse_json(SIGNED[0].read_bytes())
    first, second = read_credential(document).proofs
    assert (first.suite, second.suite) == ("eddsa-rdfc-2022", "eddsa-jcs-2022")
    raw = document["proof"][0]
    assert first == Proof("eddsa-rdfc-2022", raw["created"], raw["verificationMethod"], raw["proofValue"])


# --- what is refused --------------------------------------------------------------------------------------------------

OTHERS: list[Any] = [None, 7, "text", [], [MINIMAL], True]


def places(value: Any, *, in_front: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Each place in a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*in_front, key), inner
        yield from places(inner, in_front=(*in_front, key))


@pytest.mark.parametrize("other", OTHERS, ids=repr)
def test_what_is_no_object_is_refused(other: Any) -> None:
    for read in (read_credential, read_achievement):
        with pytest.raises(CredentialFormError):
            read(other)


def test_a_document_that_differs_in_any_place_is_read_or_refused_but_never_breaks_the_reader() -> None:
    signed = FULL | {"proof": parse_json(SIGNED[0].read_bytes())["proof"]}
    for path, _ in places(signed):
        for other in (*OTHERS, {}, 1.5, "2026-05-14", ...):
            document = copy.deepcopy(signed)
            holder: Any = document
            for key in path[:-1]:
                holder = holder[key]
            if other is ...:
                del holder[path[-1]]
            else:
                holder[path[-1]] = other
            try:
                credential = read_credential(document)
            except CredentialFormError:
                continue
            subject = credential.subject
            assert credential.award_id and credential.file and subject.name
            assert isinstance(subject.license_number + subject.narrative + subject.role, str)
            assert (subject.activity_start is None) == ("activityStartDate" not in subject.stated)
            assert (subject.credits_earned is None) == ("creditsEarned" not in subject.stated)


REQUIRED = (
    "id name issuer validFrom awardedDate credentialSubject credentialStatus issuer/id issuer/name issuer/url credentialSubject/identifier "
    "credentialSubject/achievement credentialSubject/achievement/id credentialSubject/achievement/name "
    "credentialSubject/achievement/description credentialSubject/achievement/criteria credentialSubject/achievement/inLanguage"
).split()


@pytest.mark.parametrize("path", REQUIRED)
def test_a_document_without_what_every_credential_has_is_refused_by_its_name(path: str) -> None:
    document = copy.deepcopy(FULL)
    *above, last = path.split("/")
    holder = document
    for key in above:
        holder = holder[key]
    del holder[last]
    with pytest.raises(CredentialFormError, match=last):
        read_credential(document)


TIMES = [
    "2026-05-14",
    "2026-05-14T00:00:00",
    "2026-05-14T00:00:00Z",
    "20260514T000000+0200",
    "2026-02-30T00:00:00+02:00",
]


@pytest.mark.parametrize("stamp", TIMES)
def test_a_time_in_another_form_than_ours_is_refused(stamp: str) -> None:
    for member in ("validFrom", "awardedDate", "validUntil"):
        with pytest.raises(CredentialFormError, match=member):
            read_credential(FULL | {member: stamp})


def test_a_result_of_another_achievement_is_refused() -> None:
    document = copy.deepcopy(FULL)
    document["credentialSubject"]["result"][0]["resultDescription"] = (
        f"{BASE}badges/other/achievement.json#result-written"
    )
    with pytest.raises(CredentialFormError, match="resultDescription"):
        read_credential(document)


def test_the_refusal_names_the_member_and_nobody() -> None:
    document = copy.deepcopy(FULL)
    document["credentialSubject"]["identifier"][0]["hashed"] = True
    with pytest.raises(CredentialFormError) as refused:
        read_credential(document)
    assert str(refused.value) == "this is not a credential in the form that laurels writes: look at its 'identifier'"


# --- whatever else a document says ------------------------------------------------------------------------------------


def test_a_strangers_credential_gives_its_names_though_it_is_not_in_our_form() -> None:
    with pytest.raises(CredentialFormError):
        read_credential(STRANGER)
    assert credential_id_of(STRANGER) == STRANGER["id"]
    assert recipient_name_of(STRANGER) == "Ada"
    assert achievement_json_of(STRANGER) == STRANGER["credentialSubject"]["achievement"]


def test_ours_gives_the_same_by_either_way() -> None:
    credential = read_credential(FULL)
    assert credential_id_of(FULL) == credential.id
    assert issuer_id_of(FULL) == credential.issuer.id == issuer_id_of(FULL | {"issuer": DID})
    assert recipient_name_of(FULL) == credential.subject.name
    assert issuer_name_of(FULL) == credential.issuer.name
    assert achievement_name_of(FULL) == credential.subject.achievement.name
    assert valid_from_of(FULL) == credential.valid_from.isoformat()
    assert achievement_json_of(FULL) == write_achievement(credential.subject.achievement)
    image = credential.subject.achievement.image
    assert image and image_urls_of(FULL) == {credential.issuer.image, image.url}


def test_a_document_that_says_nothing_gives_nothing() -> None:
    nothing = ("", "", "", None, set[str]())
    for other in [*OTHERS, {}, {"issuer": 7, "credentialSubject": {"identifier": {}, "achievement": []}}]:
        found = (credential_id_of(other), issuer_id_of(other), recipient_name_of(other), achievement_json_of(other))
        assert (*found, image_urls_of(other)) == nothing
        assert issuer_name_of(other) == achievement_name_of(other) == valid_from_of(other) == ""


def test_what_is_stated_of_a_recipient_cannot_be_changed_once_it_was_read() -> None:
    with pytest.raises(TypeError):
        read_credential(FULL).subject.stated["role"] = "Captain"  # type: ignore[index]


def test_a_hashed_name_is_no_name() -> None:
    document = copy.deepcopy(MINIMAL)
    document["credentialSubject"]["identifier"][0]["hashed"] = True
    assert recipient_name_of(document) == ""
