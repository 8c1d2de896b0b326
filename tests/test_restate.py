"""A correction states some members anew, and keeps every other as it was signed."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any

from site_builder.credentials.openbadges3.build import Achievement, Award, build_credential
from site_builder.credentials.openbadges3.correct import restate
from site_builder.credentials.openbadges3.values import StatusListEntry
from site_builder.credentials.openbadges3.write import with_status
from tests.test_openbadges3 import AMSTERDAM, BASE, FULL, FULL_ACHIEVEMENT, FULL_AWARD, FULL_PROFILE, MINIMAL_PROFILE

Json = dict[str, Any]

CORRECTED = replace(
    FULL_AWARD,
    file="credential-3.json",
    index=12,
    name="Augusta Ada King",
    email="king@example.org",
    last_valid_day=date(2030, 1, 1),
    stated={"role": "Mate"},
)


def rebuilt(award: Award = CORRECTED, achievement: Achievement = FULL_ACHIEVEMENT) -> Json:
    return build_credential(award, achievement=achievement, profile=MINIMAL_PROFILE, zone=AMSTERDAM, base=BASE)


def restated(*, document: tuple[str, ...] = (), subject: tuple[str, ...] = (), is_other_email: bool = False) -> Json:
    return restate(FULL, rebuilt(), document=document, subject=subject, is_other_email=is_other_email)


def test_address_status_and_name_are_always_those_of_the_new_version() -> None:
    found = restated()
    assert found["id"].endswith("/credential-3.json") and found["credentialStatus"]["statusListIndex"] == "12"
    name, email = found["credentialSubject"]["identifier"]
    assert name["identityHash"] == "Augusta Ada King"
    assert email == FULL["credentialSubject"]["identifier"][1]


def test_all_that_is_not_named_stays_as_it_was_signed() -> None:
    other = rebuilt(achievement=replace(FULL_ACHIEVEMENT, name="Knots and splices"))
    previous = copy.deepcopy(FULL) | {"proof": [{}], "ext:remark": "kept"}
    found = restate(previous, other, document=(), subject=(), is_other_email=False)
    changed = {"id", "credentialStatus", "credentialSubject"}
    assert {key: value for key, value in found.items() if key not in changed} == {
        key: value for key, value in previous.items() if key not in changed | {"proof"}
    }
    assert found["issuer"]["image"] and FULL_PROFILE.logo_digest
    assert found["credentialSubject"]["achievement"] == FULL["credentialSubject"]["achievement"]


def test_a_named_member_is_taken_or_goes_where_there_is_none() -> None:
    found = restated(document=("validUntil",), subject=("role", "licenseNumber"))
    assert found["validUntil"] == "2030-01-01T23:59:59+01:00"
    subject = found["credentialSubject"]
    assert subject["role"] == "Mate" and "licenseNumber" not in subject and subject["narrative"] == "Tied *all six*."


def test_the_digest_of_the_address_is_taken_when_the_address_is_another() -> None:
    before, after = FULL["credentialSubject"]["identifier"][1], restated(is_other_email=True)
    assert after["credentialSubject"]["identifier"][1]["identityHash"] != before["identityHash"]


def test_the_previous_document_is_left_alone() -> None:
    previous = copy.deepcopy(FULL)
    restate(previous, rebuilt(), document=("validUntil",), subject=("role",), is_other_email=True)
    assert previous == FULL


def test_a_moved_status_changes_the_place_and_nothing_else() -> None:
    moved = with_status(FULL, StatusListEntry(f"{BASE}issuers/school/status/2.json", 7))
    assert moved["credentialStatus"] == {
        "id": f"{BASE}issuers/school/status/2.json#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": f"{BASE}issuers/school/status/2.json",
    }
    assert moved | {"credentialStatus": FULL["credentialStatus"]} == FULL
