"""What ties a row to what was signed for it, without a key and without storing who it is about: digests."""

from __future__ import annotations

import hashlib
from typing import Any

from site_builder.credentials.securing.jcs import canonicalize_jcs
from site_builder.records.models.award import AwardRow
from site_builder.records.models.changes import ChangeRecord

__all__ = ["change_digest", "draft_digest", "identity_digest", "row_digest"]


def _digest(label: str, value: dict[str, Any]) -> str:
    return hashlib.sha256(f"laurels {label} v1\n".encode() + canonicalize_jcs(value)).hexdigest()


def identity_digest(award: AwardRow) -> str:
    """Which award this is: badge, date, recipient and, where two would be equal, `ref`. 64 hex digits.

    The recipient is the first of id, lower-cased e-mail address and name that the row has."""
    fields = award.as_digested()
    if award.id is not None:
        recipient = {"id": award.id}
    elif award.email is not None:
        recipient = {"email": award.email.lower()}
    else:
        recipient = {"name": award.name}
    identity = {"awarded": fields["awarded"], "badge": award.badge, "recipient": recipient}
    return _digest("identity", identity | ({"ref": award.ref} if award.ref else {}))


def row_digest(award: AwardRow) -> str:
    """What the row says: every field that was given but `listed` (consent, not signed) and `ref` (identity). 64 hex digits."""
    fields = award.as_digested()
    return _digest("row", {name: value for name, value in fields.items() if name not in ("listed", "ref")})


def draft_digest(award: AwardRow) -> str:
    """What names the page of a draft: what the row says and the page shows. 64 hex digits.

    With the e-mail address in it, or a `ref` such as a student's number, it would let every reader of the page test a guess."""
    fields = award.as_digested()
    return _digest("draft", {name: value for name, value in fields.items() if name not in ("listed", "ref", "email")})


def change_digest(change: ChangeRecord) -> str:
    """What a record of change says. 64 hex digits."""
    return _digest("change", change.as_digested())
