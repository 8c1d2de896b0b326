"""Signed JSON as values: the inverse of `write`. No other module of ours takes a credential apart by the names of its members.

`read_credential` reads what this program signed, and drafts, which carry no proof yet. The functions at the end read one value from any
document, whatever else it says.

Sources: as `write`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import orjson

from site_builder.credentials.openbadges3.members import (
    CredentialFormError,
    each,
    is_plain,
    member,
    moment,
    number,
    text,
    texts,
)
from site_builder.credentials.openbadges3.values import (
    Alignment,
    Credential,
    Evidence,
    Image,
    Issuer,
    Number,
    Proof,
    Result,
    ResultDescription,
    SignedAchievement,
    StatusListEntry,
    Subject,
)
from site_builder.credentials.securing.data_integrity import proofs_of
from site_builder.credentials.status.bitstring import StatusError, read_entry
from site_builder.credentials.urls import result_url

__all__ = [
    "CredentialFormError",
    "achievement_image_of",
    "achievement_json_of",
    "achievement_name_of",
    "credential_id_of",
    "first_method_of",
    "image_urls_of",
    "issuer_id_of",
    "issuer_json_of",
    "issuer_name_of",
    "read_achievement",
    "read_credential",
    "recipient_name_of",
    "status_list_of",
    "valid_from_of",
]

Json = dict[str, Any]


def read_credential(document: Any) -> Credential:
    """The values of a credential that this program wrote, with its proofs if it has any.

    Raises CredentialFormError for a document in another form; members that `write` does not know are ignored."""
    subject = _subject(member(document, "credentialSubject", dict))
    return Credential(
        id=_address(member(document, "id", str)),
        name=member(document, "name", str),
        issuer=_once(member(document, "issuer", dict), _issuers, _issuer),
        valid_from=moment(document, "validFrom"),
        awarded=moment(document, "awardedDate"),
        valid_until=moment(document, "validUntil") if "validUntil" in document else None,
        subject=subject,
        status=_status(member(document, "credentialStatus", dict)),
        evidence=each(document, "evidence", _evidence),
        proofs=tuple(_proof(proof) for proof in proofs_of(document)),
    )


def read_achievement(document: Any) -> SignedAchievement:
    """The achievement of a credential, or achievement.json. Raises CredentialFormError."""
    return _once(document, _achievements, _read_achievement)


_achievements: dict[bytes, SignedAchievement] = {}
_issuers: dict[bytes, Issuer] = {}
_MOST_KNOWN = 256
_Value = TypeVar("_Value")


def _once(document: Any, known: dict[bytes, _Value], read: Callable[[Any], _Value]) -> _Value:
    """What a part of a credential states, read once for all credentials that state just the same: 2 µs in place of 20.

    By its bytes: to Python 1 equals 1.0 and true."""
    try:
        form = orjson.dumps(document)
    except TypeError:
        return read(document)  # beyond what orjson can say
    if form not in known:
        value = read(document)
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[form] = value
    return known[form]


def _read_achievement(document: Any) -> SignedAchievement:
    criteria, identifier = member(document, "criteria", dict), member(document, "id", str)
    return SignedAchievement(
        id=identifier,
        name=member(document, "name", str),
        description=member(document, "description", str),
        criteria_url=member(criteria, "id", str),
        criteria=member(criteria, "narrative", str),
        language=member(document, "inLanguage", str),
        image=_image(member(document, "image", dict)) if "image" in document else None,
        type=text(document, "achievementType"),
        tags=texts(document, "tag"),
        credits_available=number(document, "creditsAvailable"),
        version=text(document, "version"),
        alignments=each(document, "alignment", _alignment),
        results=each(document, "resultDescription", lambda item: _description(item, identifier)),
    )


def _address(url: str) -> str:
    """The address of a credential, which ends in its award's folder and its file."""
    if url.count("/") < 4:
        raise CredentialFormError("id")
    return url


def _issuer(profile: Json) -> Issuer:
    return Issuer(
        id=member(profile, "id", str),
        name=member(profile, "name", str),
        url=member(profile, "url", str),
        image=member(member(profile, "image", dict), "id", str) if "image" in profile else "",
    )


def _subject(subject: Json) -> Subject:
    achievement = read_achievement(member(subject, "achievement", dict))
    identifiers = each(subject, "identifier", lambda item: item)
    name, *emails = identifiers or ({},)
    email = emails[0] if emails else {}
    if not _is_name(name) or name.get("hashed") is not False:
        raise CredentialFormError("identifier")
    return Subject(
        name=name["identityHash"],
        achievement=achievement,
        id=text(subject, "id"),
        email_hash=member(email, "identityHash", str) if email else "",
        email_salt=text(email, "salt"),
        stated=_stated(subject),
        results=each(subject, "result", lambda item: _result(item, achievement.id)),
    )


def _stated(subject: Json) -> Mapping[str, str | Number]:
    """Every member that is one text or one number; the kinds of those that Subject has a property for are checked."""
    for name in ("narrative", "role", "licenseNumber"):
        text(subject, name)
    for name in ("activityStartDate", "activityEndDate"):
        if name in subject:
            moment(subject, name)
    number(subject, "creditsEarned")
    return MappingProxyType({key: value for key, value in subject.items() if key != "id" and is_plain(value)})


def _alignment(item: Json) -> Alignment:
    return Alignment(
        name=member(item, "targetName", str),
        url=member(item, "targetUrl", str),
        framework=text(item, "targetFramework"),
        code=text(item, "targetCode"),
        description=text(item, "targetDescription"),
        type=text(item, "targetType"),
    )


def _description(item: Json, achievement_id: str) -> ResultDescription:
    return ResultDescription(
        key=_result_key(item, "id", achievement_id),
        name=member(item, "name", str),
        type=member(item, "resultType", str),
        minimum=text(item, "valueMin"),
        maximum=text(item, "valueMax"),
        allowed=texts(item, "allowedValue"),
        required=text(item, "requiredValue"),
    )


def _result(item: Json, achievement_id: str) -> Result:
    is_status = "status" in item
    value = member(item, "status" if is_status else "value", str)
    return Result(_result_key(item, "resultDescription", achievement_id), value, is_status)


def _result_key(item: Json, name: str, achievement_id: str) -> str:
    url, start = member(item, name, str), result_url(achievement_id, "")
    if not url.startswith(start):
        raise CredentialFormError(name)
    return url.removeprefix(start)


def _image(image: Json) -> Image:
    return Image(member(image, "id", str), text(image, "caption"))


def _evidence(item: Json) -> Evidence:
    return Evidence(member(item, "id", str), text(item, "name"), text(item, "description"))


def _status(entry: Json) -> StatusListEntry:
    try:
        return StatusListEntry(*read_entry(entry))
    except StatusError:
        raise CredentialFormError("credentialStatus") from None


def _proof(proof: Json) -> Proof:
    return Proof(
        suite=member(proof, "cryptosuite", str),
        created=member(proof, "created", str),
        verification_method=member(proof, "verificationMethod", str),
        value=member(proof, "proofValue", str),
    )


# --- whatever else a document says ------------------------------------------------------------------------------------


def credential_id_of(document: Any) -> str:
    """The document's own address; "" where it states none."""
    return _lenient_text(document, "id")


def issuer_id_of(document: Any) -> str:
    """The issuer's identifier: the id of the profile, or the issuer itself if it is a text; "" if there is none."""
    issuer = _lenient(document, "issuer")
    return issuer if isinstance(issuer, str) else _lenient_text(issuer, "id")


def issuer_name_of(document: Any) -> str:
    """The issuer's name; "" if there is none."""
    return _lenient_text(_lenient(document, "issuer"), "name")


def recipient_name_of(document: Any) -> str:
    """The recipient's name, if the credential states it in the clear; "" otherwise. An IdentityObject goes before the subject's name."""
    subject = _lenient(document, "credentialSubject")
    identifiers = _lenient(subject, "identifier")
    items = identifiers if isinstance(identifiers, list) else [identifiers]
    return next((item["identityHash"] for item in items if _is_name(item)), "") or _lenient_text(subject, "name")


def issuer_json_of(document: dict[str, Any]) -> Any:
    """What a credential says of its issuer, as JSON; None when it says nothing."""
    return document.get("issuer")


def achievement_json_of(document: Any) -> Json | None:
    """What a credential states of its achievement, as JSON; None where it states nothing."""
    achievement = _lenient(_lenient(document, "credentialSubject"), "achievement")
    return achievement if isinstance(achievement, dict) else None


def achievement_name_of(document: Any) -> str:
    """The achievement's name; "" if there is none."""
    return _lenient_text(achievement_json_of(document), "name")


def valid_from_of(document: Any) -> str:
    """validFrom as it is written, which need be no time; "" if there is none."""
    return _lenient_text(document, "validFrom")


def proven_at_of(document: Any) -> str:
    """When the first proof says that it was made, as it is written, which need be no time; "" if it does not say so."""
    return _lenient_text(_first_proof(document), "created")


def first_method_of(document: Any) -> str:
    """The verification method that the first proof names; "" if it names none."""
    return _lenient_text(_first_proof(document), "verificationMethod")


def _first_proof(document: Any) -> Any:
    proofs = _lenient(document, "proof")
    return proofs[0] if isinstance(proofs, list) and proofs else proofs


def status_list_of(document: Any) -> str:
    """The address of the status list in the one status entry of a credential; "" if there is none."""
    return _lenient_text(_lenient(document, "credentialStatus"), "statusListCredential")


def image_urls_of(document: Any) -> set[str]:
    """The addresses of the pictures that a credential names: the issuer's logo, the achievement's image."""
    parents = (_lenient(document, "issuer"), achievement_json_of(document))
    return {url for parent in parents if (url := _lenient_text(_lenient(parent, "image"), "id"))}


def achievement_image_of(document: Any) -> str:
    """The address of the achievement's picture; "" if there is none."""
    return _lenient_text(_lenient(achievement_json_of(document), "image"), "id")


def _lenient(parent: Any, name: str) -> Any:
    return parent.get(name) if isinstance(parent, dict) else None


def _lenient_text(parent: Any, name: str) -> str:
    value = _lenient(parent, name)
    return value if isinstance(value, str) else ""


def _is_name(item: Any) -> bool:
    """Whether an IdentityObject gives a name in the clear."""
    is_open = _lenient_text(item, "identityType") == "name" and not _lenient(item, "hashed")
    return is_open and isinstance(_lenient(item, "identityHash"), str)
