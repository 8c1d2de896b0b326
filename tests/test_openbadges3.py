"""Open Badges 3.0 documents: one award in, one exact JSON document out."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from site_builder.credentials.openbadges3.build import (
    Achievement,
    Award,
    Profile,
    build_achievement,
    build_credential,
    build_profile,
    day_end,
    day_start,
    hash_email,
    json_number,
)
from site_builder.credentials.openbadges3.values import Alignment, Evidence, Result, ResultDescription
from site_builder.credentials.securing.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from site_builder.credentials.securing.rdfc import canonicalize_rdf
from tests.strict_schema import schema_errors

Json = dict[str, Any]

BASE = "https://badges.laurels.example/"
DID = "did:web:badges.laurels.example:issuers:school"
ID = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

MINIMAL_AWARD = Award(
    id=ID,
    file="credential.json",
    awarded=date(2026, 5, 14),
    last_valid_day=None,
    name="Ada Lovelace",
    list_number=1,
    index=4711,
)
FULL_AWARD = replace(
    MINIMAL_AWARD,
    file="credential-2.json",
    last_valid_day=date(2028, 1, 31),
    recipient_id="did:example:ada",
    email="Ada@Example.org",
    email_salt="c2FsdA",
    salt_is_public=True,
    stated={
        "narrative": "Tied *all six*.",
        "role": "Bosun",
        "activityStartDate": day_start(date(2026, 3, 28), AMSTERDAM),
        "activityEndDate": day_end(date(2026, 5, 14), AMSTERDAM),
        "licenseNumber": "K-17",
        "creditsEarned": json_number(Decimal("1.50")),
    },
    evidence=(Evidence("https://school.example/a", "Logbook", "Page 1"), Evidence("https://school.example/b")),
    results=(Result("written", "27.0"), Result("state", "Completed", is_status=True), Result("vessel", "Grietje")),
)
MINIMAL_ACHIEVEMENT = Achievement("knots", "Knots", "Ties knots.", "Tied *six*.", "en")
FULL_ACHIEVEMENT = replace(
    MINIMAL_ACHIEVEMENT,
    image_digest="0a1b2c3d",
    image_caption="A knot",
    achievement_type="Certificate",
    tags=("category:Ropes", "knots"),
    credits=Decimal("2.0"),
    version="3",
    skills=(
        Alignment(
            "Ropework", "https://skills.example/s/1", "Open Skills Frame", "S1.2", "Ties & unties.", "ceasn:Competency"
        ),
        Alignment("Seamanship", "https://skills.example/s/2"),
    ),
    results=(
        ResultDescription("written", "Written test", "RawScore", minimum="0", maximum="30", required="24.0"),
        ResultDescription("grade", "Grade", "LetterGrade", allowed=("C", "B", "A"), required="C"),
        ResultDescription("state", "State", "Status"),
        ResultDescription("vessel", "Training vessel", "ext:Vessel"),
    ),
)
MINIMAL_PROFILE = Profile("school", DID, "Test School", "https://school.example/")
FULL_PROFILE = replace(MINIMAL_PROFILE, logo_digest="4e5f6a7b")

RESULT = f"{BASE}badges/knots/achievement.json#result-"
STATUS = {
    "id": f"{BASE}issuers/school/status/1.json#4711",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "4711",
    "statusListCredential": f"{BASE}issuers/school/status/1.json",
}
MINIMAL: Json = {
    "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
    "id": f"{BASE}c/{ID}/credential.json",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Knots",
    "issuer": {"id": DID, "type": ["Profile"], "name": "Test School", "url": "https://school.example/"},
    "validFrom": "2026-05-14T00:00:00+02:00",
    "awardedDate": "2026-05-14T00:00:00+02:00",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": "Ada Lovelace", "identityType": "name"}
        ],
        "achievement": {
            "id": f"{BASE}badges/knots/achievement.json",
            "type": ["Achievement"],
            "name": "Knots",
            "description": "Ties knots.",
            "criteria": {"id": f"{BASE}badges/knots/", "narrative": "Tied *six*."},
            "inLanguage": "en",
        },
    },
    "credentialStatus": STATUS,
}
FULL: Json = {
    "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
    "id": f"{BASE}c/{ID}/credential-2.json",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Knots",
    "issuer": {
        "id": DID,
        "type": ["Profile"],
        "name": "Test School",
        "url": "https://school.example/",
        "image": {"id": f"{BASE}issuers/school/logo-4e5f6a7b.png", "type": "Image"},
    },
    "validFrom": "2026-05-14T00:00:00+02:00",
    "awardedDate": "2026-05-14T00:00:00+02:00",
    "validUntil": "2028-01-31T23:59:59+01:00",
    "credentialSubject": {
        "id": "did:example:ada",
        "type": ["AchievementSubject"],
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": "Ada Lovelace", "identityType": "name"},
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": hash_email("ada@example.org", "c2FsdA"),
                "identityType": "emailAddress",
                "salt": "c2FsdA",
            },
        ],
        "narrative": "Tied *all six*.",
        "role": "Bosun",
        "activityStartDate": "2026-03-28T00:00:00+01:00",
        "activityEndDate": "2026-05-14T23:59:59+02:00",
        "licenseNumber": "K-17",
        "creditsEarned": 1.5,
        "result": [
            {"type": ["Result"], "resultDescription": f"{RESULT}written", "value": "27.0"},
            {"type": ["Result"], "resultDescription": f"{RESULT}state", "status": "Completed"},
            {"type": ["Result"], "resultDescription": f"{RESULT}vessel", "value": "Grietje"},
        ],
        "achievement": {
            "id": f"{BASE}badges/knots/achievement.json",
            "type": ["Achievement"],
            "name": "Knots",
            "description": "Ties knots.",
            "criteria": {"id": f"{BASE}badges/knots/", "narrative": "Tied *six*."},
            "inLanguage": "en",
            "image": {"id": f"{BASE}badges/knots/image-0a1b2c3d.png", "type": "Image", "caption": "A knot"},
            "achievementType": "Certificate",
            "tag": ["category:Ropes", "knots"],
            "creditsAvailable": 2,
            "version": "3",
            "alignment": [
                {
                    "type": ["Alignment"],
                    "targetName": "Ropework",
                    "targetUrl": "https://skills.example/s/1",
                    "targetFramework": "Open Skills Frame",
                    "targetCode": "S1.2",
                    "targetDescription": "Ties & unties.",
                    "targetType": "ceasn:Competency",
                },
                {"type": ["Alignment"], "targetName": "Seamanship", "targetUrl": "https://skills.example/s/2"},
            ],
            "resultDescription": [
                {
                    "id": f"{RESULT}written",
                    "type": ["ResultDescription"],
                    "name": "Written test",
                    "resultType": "RawScore",
                    "valueMin": "0",
                    "valueMax": "30",
                    "requiredValue": "24.0",
                },
                {
                    "id": f"{RESULT}grade",
                    "type": ["ResultDescription"],
                    "name": "Grade",
                    "resultType": "LetterGrade",
                    "allowedValue": ["C", "B", "A"],
                    "requiredValue": "C",
                },
                {"id": f"{RESULT}state", "type": ["ResultDescription"], "name": "State", "resultType": "Status"},
                {
                    "id": f"{RESULT}vessel",
                    "type": ["ResultDescription"],
                    "name": "Training vessel",
                    "resultType": "ext:Vessel",
                },
            ],
        },
    },
    "evidence": [
        {"id": "https://school.example/a", "type": ["Evidence"], "name": "Logbook", "description": "Page 1"},
        {"id": "https://school.example/b", "type": ["Evidence"]},
    ],
    "credentialStatus": STATUS,
}


def build(award: Award, achievement: Achievement, profile: Profile) -> Json:
    return build_credential(award, achievement=achievement, profile=profile, zone=AMSTERDAM, base=BASE)


CASES = [
    pytest.param(build(MINIMAL_AWARD, MINIMAL_ACHIEVEMENT, MINIMAL_PROFILE), MINIMAL, id="minimal"),
    pytest.param(build(FULL_AWARD, FULL_ACHIEVEMENT, FULL_PROFILE), FULL, id="full"),
]


@pytest.mark.parametrize(("built", "expected"), CASES)
def test_award_gives_exactly_this_document_in_this_order(built: Json, expected: Json) -> None:
    assert built == expected
    assert list(built) == list(expected)
    assert repr(built) == repr(expected)  # 2 is written as 2, and not as 2.0


@pytest.mark.parametrize(("built", "expected"), CASES)
def test_document_satisfies_the_strict_schema_and_json_ld(built: Json, expected: Json) -> None:
    # The schema asks for no proof; a signed credential is validated in test_demo_credentials.
    assert schema_errors(built) == []
    assert canonicalize_rdf(built)


def test_every_value_of_the_full_document_is_in_what_is_canonicalised() -> None:
    """A term that JSON-LD dropped would be an unsigned claim."""
    quads = canonicalize_rdf(build(FULL_AWARD, FULL_ACHIEVEMENT, FULL_PROFILE)).decode()
    for text in ["Bosun", "2026-03-28T00:00:00+01:00", "2026-05-14T23:59:59+02:00", "27.0", "Completed", "Grietje"]:
        assert f'"{text}"' in quads, text
    for text in ["Written test", "RawScore", "30", "24.0", "C", "B", "A", "Status", "ext:Vessel", "Training vessel"]:
        assert f'"{text}"' in quads, text
    for text in ["Ropework", "https://skills.example/s/1", "Open Skills Frame", "S1.2", "Ties & unties."]:
        assert f'"{text}"' in quads, text
    assert '"ceasn:Competency"' in quads and quads.count(f"{RESULT}written") >= 2


def without(*path: str) -> Json:
    document: Json = copy.deepcopy(FULL)
    part: Any = document
    for step in path[:-1]:
        part = part[step]
    del part[path[-1]]
    return document


def changed(*path: Any, **values: Any) -> Json:
    document: Json = copy.deepcopy(FULL)
    part: Any = document
    for step in path:
        part = part[step]
    part.update(values)
    return document


FULL_ALIGNMENT = FULL["credentialSubject"]["achievement"]["alignment"]


@pytest.mark.parametrize(
    "document",
    [
        without("id"),
        without("issuer"),
        without("validFrom"),
        without("credentialSubject", "achievement"),
        without("credentialSubject", "achievement", "criteria"),
        FULL | {"validFrom": "2026-05-14T00:00:00"},
        FULL | {"credentialStatus": [STATUS]},
        FULL | {"@context": [OPEN_BADGES_3, CREDENTIALS_V2]},
        FULL | {"issuer": FULL["issuer"] | {"image": "https://school.example/logo.png"}},
        changed("credentialSubject", "result", 1, status="Passed"),
        changed("credentialSubject", "achievement", "resultDescription", 3, resultType="Vessel"),
        changed("credentialSubject", "achievement", "alignment", 0, targetType="Competency"),
        changed("credentialSubject", "achievement", alignment=FULL_ALIGNMENT[0]),
    ],
    ids=range(13),
)
def test_schema_of_these_tests_refuses_what_it_should(document: Json) -> None:
    assert schema_errors(document)


def test_achievement_and_profile_stand_alone_as_they_stand_in_the_credential() -> None:
    assert build_achievement(FULL_ACHIEVEMENT, base=BASE) == FULL["credentialSubject"]["achievement"]
    assert build_profile(FULL_PROFILE, base=BASE) == FULL["issuer"]


def identifiers(**values: Any) -> list[Json]:
    document = build(replace(MINIMAL_AWARD, **values), MINIMAL_ACHIEVEMENT, MINIMAL_PROFILE)
    found: list[Json] = document["credentialSubject"]["identifier"]
    return found


def test_salt_stays_out_of_the_credential_unless_it_is_public() -> None:
    [_, hashed] = identifiers(email="ada@example.org", email_salt="c2FsdA", salt_is_public=False)
    assert "salt" not in hashed
    assert hashed["identityHash"] == hash_email("ada@example.org", "c2FsdA")


def test_address_without_a_salt_is_left_out_altogether() -> None:
    assert len(identifiers(email="ada@example.org", email_salt=None)) == 1
    assert len(identifiers(email="", email_salt="c2FsdA")) == 1


# Source: Open Badges 2.0 and 3.0, IdentityHash: the example a@example.com with the salt Kosher.
@pytest.mark.parametrize("email", ["a@example.com", "A@Example.COM"])
def test_hash_of_an_address_is_that_of_the_specification(email: str) -> None:
    expected = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    assert hash_email(email, "Kosher") == expected


@pytest.mark.parametrize(
    ("zone", "day", "start", "end"),
    [
        ("UTC", date(2026, 5, 14), "T00:00:00+00:00", "T23:59:59+00:00"),
        ("Europe/Amsterdam", date(2026, 1, 14), "T00:00:00+01:00", "T23:59:59+01:00"),
        ("Europe/Amsterdam", date(2026, 5, 14), "T00:00:00+02:00", "T23:59:59+02:00"),
        ("Europe/Amsterdam", date(2026, 3, 29), "T00:00:00+01:00", "T23:59:59+02:00"),  # summer time begins
        ("Europe/Amsterdam", date(2026, 10, 25), "T00:00:00+02:00", "T23:59:59+01:00"),  # and ends
        ("America/New_York", date(2026, 7, 4), "T00:00:00-04:00", "T23:59:59-04:00"),
        ("America/St_Johns", date(2026, 1, 4), "T00:00:00-03:30", "T23:59:59-03:30"),
        ("Asia/Kathmandu", date(2026, 1, 4), "T00:00:00+05:45", "T23:59:59+05:45"),
        ("Pacific/Kiritimati", date(2026, 1, 4), "T00:00:00+14:00", "T23:59:59+14:00"),
        ("Africa/Cairo", date(2026, 4, 24), "T00:00:00+02:00", "T23:59:59+03:00"),  # 00:00 is skipped that day
        # 44 minutes and 30 seconds until 1972: dateTimeStamp has no seconds in its offset.
        ("Africa/Monrovia", date(1950, 1, 1), "T00:00:00-00:44", "T23:59:59-00:44"),
    ],
)
def test_day_begins_and_ends_with_the_offset_of_its_zone(zone: str, day: date, start: str, end: str) -> None:
    assert day_start(day, ZoneInfo(zone)) == f"{day.isoformat()}{start}"
    assert day_end(day, ZoneInfo(zone)) == f"{day.isoformat()}{end}"
