"""Signed JSON as values: the way back of `write`. Nothing else takes a credential's members apart by their names.

`read_credential` reads what this program signed, and drafts, which carry no proof yet. Of any other document, the functions at the end
read one value each, whatever else the document says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

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
from site_builder.errors import Error

__all__ = [
    "CredentialFormError",
    "achievement_json_of",
    "credential_id_of",
    "image_urls_of",
    "issuer_id_of",
    "read_achievement",
    "read_credential",
    "recipient_name_of",
]

Json = dict[str, Any]
_T = TypeVar("_T")
_Value = TypeVar("_Value", str, bool, list, dict)  # type: ignore[type-arg]


class CredentialFormError(Error):
    """A document that has not the form in which this program writes credentials."""

    def __init__(self, member: str) -> None:
        super().__init__(f"this is not a credential in the form that laurels writes: look at its {member!r}")


def read_credential(document: Any) -> Credential:
    """The values of a credential that this program wrote, with its proofs if it has any. Raises CredentialFormError for any other."""
    subject = _subject(_member(document, "credentialSubject", dict))
    return Credential(
        id=_address(document, "id"),
        name=_member(document, "name", str),
        issuer=_issuer(_member(document, "issuer", dict)),
        valid_from=_moment(document, "validFrom"),
        awarded=_moment(document, "awardedDate"),
        valid_until=_moment(document, "validUntil") if "validUntil" in document else None,
        subject=subject,
        status=_status(_member(document, "credentialStatus", dict)),
        evidence=_each(document, "evidence", _evidence),
        proofs=tuple(_proof(proof) for proof in proofs_of(document)),
    )


def read_achievement(document: Any) -> SignedAchievement:
    """The achievement of a credential, or achievement.json. Raises CredentialFormError."""
    criteria, identifier = _member(document, "criteria", dict), _member(document, "id", str)
    return SignedAchievement(
        id=identifier,
        name=_member(document, "name", str),
        description=_member(document, "description", str),
        criteria_url=_member(criteria, "id", str),
        criteria=_member(criteria, "narrative", str),
        language=_member(document, "inLanguage", str),
        image=_image(_member(document, "image", dict)) if "image" in document else None,
        type=_text(document, "achievementType"),
        tags=_texts(document, "tag"),
        credits_available=_number(document, "creditsAvailable"),
        version=_text(document, "version"),
        alignments=_each(document, "alignment", _alignment),
        results=_each(document, "resultDescription", lambda item: _description(item, identifier)),
    )


def _issuer(profile: Json) -> Issuer:
    return Issuer(
        id=_member(profile, "id", str),
        name=_member(profile, "name", str),
        url=_member(profile, "url", str),
        image=_member(_member(profile, "image", dict), "id", str) if "image" in profile else "",
    )


def _subject(subject: Json) -> Subject:
    achievement = read_achievement(_member(subject, "achievement", dict))
    identifiers = _each(subject, "identifier", lambda item: item)
    name, *emails = identifiers or ({},)
    email = emails[0] if emails else {}
    if not _is_name(name) or name.get("hashed") is not False:
        raise CredentialFormError("identifier")
    return Subject(
        name=name["identityHash"],
        achievement=achievement,
        id=_text(subject, "id"),
        email_hash=_member(email, "identityHash", str) if email else "",
        email_salt=_text(email, "salt"),
        stated=_stated(subject),
        results=_each(subject, "result", lambda item: _result(item, achievement.id)),
    )


def _stated(subject: Json) -> dict[str, str | Number]:
    """Every member that is one text or one number; those that have a property of Subject are of its kind."""
    for member in ("narrative", "role", "licenseNumber"):
        _text(subject, member)
    for member in ("activityStartDate", "activityEndDate"):
        if member in subject:
            _moment(subject, member)
    _number(subject, "creditsEarned")
    return {key: value for key, value in subject.items() if key != "id" and _is_plain(value)}


def _is_plain(value: Any) -> bool:
    """Whether a value is one text or one number; true and false are neither."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _alignment(item: Json) -> Alignment:
    return Alignment(
        name=_member(item, "targetName", str),
        url=_member(item, "targetUrl", str),
        framework=_text(item, "targetFramework"),
        code=_text(item, "targetCode"),
        description=_text(item, "targetDescription"),
        type=_text(item, "targetType"),
    )


def _description(item: Json, achievement_id: str) -> ResultDescription:
    return ResultDescription(
        key=_result_key(item, "id", achievement_id),
        name=_member(item, "name", str),
        type=_member(item, "resultType", str),
        minimum=_text(item, "valueMin"),
        maximum=_text(item, "valueMax"),
        allowed=_texts(item, "allowedValue"),
        required=_text(item, "requiredValue"),
    )


def _result(item: Json, achievement_id: str) -> Result:
    is_status = "status" in item
    value = _member(item, "status" if is_status else "value", str)
    return Result(_result_key(item, "resultDescription", achievement_id), value, is_status)


def _result_key(item: Json, member: str, achievement_id: str) -> str:
    url, start = _member(item, member, str), result_url(achievement_id, "")
    if not url.startswith(start):
        raise CredentialFormError(member)
    return url.removeprefix(start)


def _image(image: Json) -> Image:
    return Image(_member(image, "id", str), _text(image, "caption"))


def _evidence(item: Json) -> Evidence:
    return Evidence(_member(item, "id", str), _text(item, "name"), _text(item, "description"))


def _status(entry: Json) -> StatusListEntry:
    try:
        return StatusListEntry(*read_entry(entry))
    except StatusError:
        raise CredentialFormError("credentialStatus") from None


def _proof(proof: Json) -> Proof:
    return Proof(
        suite=_member(proof, "cryptosuite", str),
        created=_member(proof, "created", str),
        verification_method=_member(proof, "verificationMethod", str),
        value=_member(proof, "proofValue", str),
    )


# --- members ----------------------------------------------------------------------------------------------------------


def _member(holder: Any, name: str, kind: type[_Value]) -> _Value:
    """A member that must be there. Raises CredentialFormError."""
    value = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(value, kind):
        raise CredentialFormError(name)
    return value


def _text(holder: Json, name: str) -> str:
    """A text that may be missing."""
    return _member(holder, name, str) if name in holder else ""


def _texts(holder: Json, name: str) -> tuple[str, ...]:
    texts = _member(holder, name, list) if name in holder else []
    if not all(isinstance(text, str) for text in texts):
        raise CredentialFormError(name)
    return tuple(texts)


def _number(holder: Json, name: str) -> Number | None:
    value = holder.get(name)
    if name in holder and (isinstance(value, str) or not _is_plain(value)):
        raise CredentialFormError(name)
    return value


def _each(holder: Json, name: str, read: Callable[[Json], _T]) -> tuple[_T, ...]:
    """The objects of a list that may be missing, each as `read` reads it."""
    items = _member(holder, name, list) if name in holder else []
    if not all(isinstance(item, dict) for item in items):
        raise CredentialFormError(name)
    return tuple(read(item) for item in items)


def _moment(holder: Json, name: str) -> datetime:
    """A time as this program writes it: with its offset, to the second."""
    text = _member(holder, name, str)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CredentialFormError(name) from None
    if moment.tzinfo is None or moment.isoformat() != text:
        raise CredentialFormError(name)
    return moment


def _address(holder: Any, name: str) -> str:
    """The address of a credential: its award's folder, then its file."""
    url = _member(holder, name, str)
    if url.count("/") < 4:
        raise CredentialFormError(name)
    return url


# --- whatever else a document says ------------------------------------------------------------------------------------


def credential_id_of(document: Any) -> str:
    """The document's own address; "" where it states none."""
    return _lenient_text(document, "id")


def issuer_id_of(document: Any) -> str:
    """The identifier of who issued: of the profile, or the issuer itself where this is a text; "" where there is none."""
    issuer = _lenient(document, "issuer")
    return issuer if isinstance(issuer, str) else _lenient_text(issuer, "id")


def recipient_name_of(document: Any) -> str:
    """The name that a credential gives the recipient openly; "" where it gives none."""
    identifiers = _lenient(_lenient(document, "credentialSubject"), "identifier")
    names = [item["identityHash"] for item in identifiers if _is_name(item)] if isinstance(identifiers, list) else []
    return names[0] if names else ""


def achievement_json_of(document: Any) -> Json | None:
    """What a credential states of its achievement, as JSON; None where it states nothing."""
    achievement = _lenient(_lenient(document, "credentialSubject"), "achievement")
    return achievement if isinstance(achievement, dict) else None


def image_urls_of(document: Any) -> set[str]:
    """The addresses of the pictures that a credential names: the issuer's logo, the achievement's image."""
    holders = (_lenient(document, "issuer"), achievement_json_of(document))
    return {url for holder in holders if (url := _lenient_text(_lenient(holder, "image"), "id"))}


def _lenient(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, dict) else None


def _lenient_text(holder: Any, name: str) -> str:
    value = _lenient(holder, name)
    return value if isinstance(value, str) else ""


def _is_name(item: Any) -> bool:
    """Whether an IdentityObject gives a name that everybody can read."""
    is_open = _lenient_text(item, "identityType") == "name" and not _lenient(item, "hashed")
    return is_open and isinstance(_lenient(item, "identityHash"), str)
