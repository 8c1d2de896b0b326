"""An unsigned credential with every part of the Open Badges 3.0 data model that a JSON-LD processor could trip over."""

from __future__ import annotations

from typing import Any

from site_builder.credentials.securing.contexts import CREDENTIALS_V2, OPEN_BADGES_3

_ALIGNMENT = {
    "type": ["Alignment"],
    "targetName": "Knots",
    "targetUrl": "https://frame.example/knots",
    "targetCode": "K-1",
    "targetType": "CFItem",
}
_ENDORSEMENT: dict[str, Any] = {
    "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
    "id": "https://council.example/endorsements/1",
    "type": ["VerifiableCredential", "EndorsementCredential"],
    "name": "Endorsement",
    "issuer": {"id": "https://council.example/", "type": ["Profile"], "name": "Council"},
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {
        "id": "https://school.example/",
        "type": ["EndorsementSubject"],
        "endorsementComment": "In *good* standing.",
    },
    "proof": [
        {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-01-01T00:00:00Z",
            "verificationMethod": "https://council.example/#key-1",
            "proofPurpose": "assertionMethod",
            "proofValue": "z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gkzQDKJ1sYKJaWvqZtkMtSbz35HcbgXVEDYHxCzgkCr",
        }
    ],
}

FULL_SHAPE: dict[str, Any] = {
    "@context": [CREDENTIALS_V2, OPEN_BADGES_3],
    "id": "https://school.example/credentials/1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": {"@value": "קשרים", "@language": "he", "@direction": "rtl"},
    "description": "Ties the six knots that matter.",
    "image": {"id": "https://school.example/image.png", "type": "Image", "caption": "A knot"},
    "issuer": {
        "id": "https://school.example/",
        "type": ["Profile"],
        "name": "School",
        "url": "https://school.example/home",
        "phone": "1-222-333-4444",
        "email": "office@school.example",
        "official": "Horace",
        "endorsement": [_ENDORSEMENT],
        "address": {
            "type": ["Address"],
            "addressCountry": "Nederland",
            "addressCountryCode": "NL",
            "streetAddress": "Kade 1",
            "geo": {"type": "GeoCoordinates", "latitude": 52.5, "longitude": 1.0},
        },
        "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "12345", "identifierType": "sourcedId"}],
        "parentOrg": {"id": "did:example:123", "type": ["Profile"], "name": "Schools"},
    },
    "validFrom": "2026-01-01T00:00:00Z",
    "validUntil": "2030-01-01T00:00:00Z",
    "awardedDate": "2026-01-01T00:00:00Z",
    "credentialSubject": {
        "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
        "type": ["AchievementSubject"],
        "activityStartDate": "2026-01-01T00:00:00Z",
        "activityEndDate": "2026-01-02T00:00:00Z",
        "creditsEarned": 42.0,
        "licenseNumber": "A-9320041",
        "role": "Bosun",
        "term": "Fall",
        "narrative": "Tied them *all*.",
        "source": {"id": "https://school.example/arts", "type": ["Profile"], "name": "Arts"},
        "identifier": [
            {
                "type": "IdentityObject",
                "identityHash": "ada@example.org",
                "identityType": "emailAddress",
                "hashed": False,
                "salt": "not-used",
            },
            {"type": "IdentityObject", "identityHash": "Ada", "identityType": "name", "hashed": False},
        ],
        "achievement": {
            "id": "https://school.example/achievements/knots",
            "type": ["Achievement"],
            "name": "Knots",
            "description": "Ties the six knots that matter.",
            "criteria": {"id": "https://school.example/achievements/knots/", "narrative": "Tied *six*."},
            "achievementType": "Course",
            "alignment": [_ALIGNMENT],
            "creditsAvailable": 36,
            "fieldOfStudy": "Ropes",
            "humanCode": "K1",
            "inLanguage": "en",
            "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "k", "identifierType": "identifier"}],
            "related": [{"id": "https://school.example/achievements/knopen", "type": ["Related"], "inLanguage": "nl"}],
            "resultDescription": [
                {
                    "id": "urn:uuid:f6ab24cd-86e8-4eaf-b8c6-ded74e8fd41c",
                    "type": ["ResultDescription"],
                    "name": "Grade",
                    "resultType": "LetterGrade",
                    "allowedValue": ["D", "C", "B", "A"],
                    "requiredValue": "C",
                    "rubricCriterionLevel": [
                        {
                            "id": "urn:uuid:d05a0867-d0ad-4b03-bdb5-28fb5d2aab7a",
                            "type": ["RubricCriterionLevel"],
                            "name": "Mastery",
                            "level": "Mastered",
                            "points": "4",
                        }
                    ],
                }
            ],
            "specialization": "Splices",
            "tag": ["knots", "ropes"],
            "version": "1",
        },
        "result": [
            {
                "type": ["Result"],
                "resultDescription": "urn:uuid:f6ab24cd-86e8-4eaf-b8c6-ded74e8fd41c",
                "achievedLevel": "urn:uuid:d05a0867-d0ad-4b03-bdb5-28fb5d2aab7a",
                "value": "A",
                "status": "Completed",
                "alignment": [_ALIGNMENT],
            }
        ],
    },
    "evidence": [
        {
            "id": "https://school.example/evidence/1",
            "type": ["Evidence"],
            "name": "Logbook",
            "description": "All knots",
            "narrative": "Page 1",
            "genre": "Log",
            "audience": "Examiners",
        }
    ],
    "credentialStatus": {
        "id": "https://school.example/status/1.json#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://school.example/status/1.json",
        "statusSize": 1,
    },
}
