"""award.json: what is kept of an issued award without a key, and never published. The shape is frozen."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from site_builder.credentials.urls import credential_file
from site_builder.encoding import EncodingError, are_fast_roads_open, format_json, is_base32_id, parse_json
from site_builder.records.fields.kinds import is_slug

__all__ = ["SIGNED", "ErasedAward", "StatusEntry", "StoredAward", "Version", "award_bytes", "read_award"]

SIGNED = "content/signed"

_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Stamp = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]


class _Stored(BaseModel):
    # defer_build: a command uses one or two of these.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class StatusEntry(_Stored):
    """A place in the issuer's status lists, which nobody else ever gets."""

    list: Annotated[int, Field(ge=1, le=9999)]
    index: Annotated[int, Field(ge=0, lt=131_072)]


class Version(_Stored):
    """One signed credential of an award. row: digest of the award it states. issued, resigned: UTC.

    salt: of the e-mail hash, when there is one. change: digest of the record that ended its being the current, active one.
    resigned: when its proofs were replaced. withheld: whether its file was taken back as well; then it is here no more."""

    file: Annotated[str, Field(pattern=r"^credential(-([2-9]|[1-9][0-9]{1,3}))?\.json$")]
    sha256: _Digest
    row: _Digest
    list: Annotated[int, Field(ge=1, le=9999)]
    index: Annotated[int, Field(ge=0, lt=131_072)]
    key: Annotated[str, Field(pattern=r"^key-[1-9][0-9]{0,3}$")]
    issued: _Stamp
    state: Literal["active", "superseded", "revoked"]
    salt: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")] | None = None
    change: _Digest | None = None
    resigned: _Stamp | None = None
    withheld: Literal[True] | None = None

    @property
    def signed(self) -> str:
        """When the proofs that it carries were made, UTC."""
        return self.resigned or self.issued


class _Award(_Stored):
    format: Literal["laurels-award-1"]
    id: str
    issuer: str
    badge: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,63}$")]
    awarded: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]

    @property
    def folder(self) -> str:
        """Path of the award's folder below the repository's root."""
        return f"{SIGNED}/{self.issuer}/{self.id}"


class StoredAward(_Award):
    """An award. identity: digest of what its row was when it was issued first. awarded: as the current version says.

    The last version is the current one. renews: the id of the award that it renews."""

    identity: _Digest
    renews: str | None = None
    versions: Annotated[tuple[Version, ...], Field(min_length=1, strict=False)]

    @property
    def current(self) -> Version:
        """The version that the page shows."""
        return self.versions[-1]

    @property
    def kept(self) -> list[Version]:
        """The versions whose files are here."""
        return [version for version in self.versions if not version.withheld]


class ErasedAward(_Award):
    """What stays of an award that was erased: nothing that leads to a person, and the places that it had."""

    versions: Annotated[tuple[StatusEntry, ...], Field(min_length=1, strict=False)]


# What format_json writes in another way than orjson does, or what only an escape can say.
_ESCAPED = b"{}<>&\\\x7f"
# Beyond this, award.json is read by the parser that says why it refuses.
_MOST_BYTES = 65_536


def award_bytes(award: StoredAward | ErasedAward) -> bytes:
    """award.json as it is written."""
    written = award.model_dump(exclude_none=True)
    raw = (
        orjson.dumps(written, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        if are_fast_roads_open()
        else b"\xff"
    )
    # The same bytes as format_json gives, in a twentieth of the time, when no string has a sign that is escaped:
    # the only braces are those of the award and of its versions.
    braces = 2 * (1 + len(award.versions))
    is_plain = raw.isascii() and len(raw) - len(raw.translate(None, _ESCAPED)) == braces
    return raw if is_plain else format_json(written)


def read_award(raw: bytes, *, issuer: str, name: str) -> StoredAward | ErasedAward:
    """The award.json of the folder `name`. Raises ValueError, with the reason, for bytes that `issue` never wrote there."""
    award = _as_written(raw) or _parsed(raw)
    fits = award.id == name and is_base32_id(name) and award.issuer == issuer and is_slug(award.badge)
    if not fits or not _is_day(award.awarded):
        raise ValueError(_EDITED)
    if isinstance(award, StoredAward) and not _is_sound(award):
        raise ValueError("award.json has versions that do not follow each other")
    return award


_EDITED = "award.json does not fit its folder, or was edited"


def _as_written(raw: bytes) -> StoredAward | ErasedAward | None:
    """The award in the very bytes that award_bytes gives for it, in a tenth of the time; None for any others.

    This parser takes more than parse_json does, but nothing of that comes out again as it went in."""
    if not are_fast_roads_open() or len(raw) > _MOST_BYTES:
        return None
    try:
        award = (StoredAward if b'"identity"' in raw else ErasedAward).model_validate_json(raw)
    except ValidationError:
        return None
    return award if award_bytes(award) == raw else None


def _parsed(raw: bytes) -> StoredAward | ErasedAward:
    """The award in bytes that were read strictly. Raises ValueError, also where they are not as they were written."""
    try:
        document = parse_json(raw)
        model = StoredAward if isinstance(document, dict) and "identity" in document else ErasedAward
        award: StoredAward | ErasedAward = model(**_mapping(document))
    except (EncodingError, ValidationError, TypeError):
        raise ValueError("award.json was changed and cannot be read") from None
    if award_bytes(award) != raw:
        raise ValueError(_EDITED)
    return award


def _is_sound(award: StoredAward) -> bool:
    """Whether versions are in order, the current one is no superseded one and is kept, all others were superseded, and dates exist."""
    names = [credential_file(number) for number in range(1, len(award.versions) + 1)]
    *before, current = award.versions
    return (
        [version.file for version in award.versions] == names
        and current.state != "superseded"
        and not current.withheld
        and all(version.state == "superseded" for version in before)
        and all((version.change is None) == (version.state == "active") for version in award.versions)
        and all(_is_moment(version.issued) and _is_moment(version.signed) for version in award.versions)
        and (award.renews is None or is_base32_id(award.renews))
    )


@lru_cache(maxsize=1024)
def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def _is_moment(stamp: str) -> bool:
    try:
        datetime.fromisoformat(stamp)
    except ValueError:
        return False
    return True


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value
