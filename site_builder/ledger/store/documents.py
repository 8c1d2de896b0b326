"""What is signed: a row as a credential, a correction as the credential before it but for what it corrects."""

from __future__ import annotations

from typing import Any

from site_builder.credentials.openbadges3.build import Stated, build_award, build_stated
from site_builder.credentials.openbadges3.correct import restate
from site_builder.ledger.store.definitions import achievement_of, award_of, profile_of
from site_builder.records.fields.time_zones import time_zone
from site_builder.records.load.award_files import Row
from site_builder.records.load.repository import Badge, Issuer
from site_builder.records.models.award import SIGNED_FIELDS

__all__ = ["Statement", "corrected_document", "document_of"]

Json = dict[str, Any]


class Statement:
    """What an issuer's awards of an achievement state, by both as they are today; made once for many rows.

    image_digest, logo_digest: of their rendered pictures, or ""."""

    def __init__(
        self, badge: Badge, issuer: Issuer, *, base: str, image_digest: str = "", logo_digest: str = ""
    ) -> None:
        self._badge, self._issuer = badge, issuer
        self._stated: Stated = build_stated(
            achievement=achievement_of(badge, issuer, image_digest=image_digest),
            profile=profile_of(issuer, base=base, logo_digest=logo_digest),
            zone=time_zone(issuer.record.time_zone),
            base=base,
        )

    def document(
        self, row: Row, *, award_id: str, salt: str | None, status_entry: tuple[int, int], number: int = 1
    ) -> Json:
        """A row as a credential without proof. It shares parts with those of other rows, so nothing of it is to be changed."""
        award = award_of(
            row, self._badge, self._issuer, award_id=award_id, salt=salt, status_entry=status_entry, number=number
        )
        return build_award(award, self._stated)


def document_of(
    row: Row,
    badge: Badge,
    issuer: Issuer,
    *,
    base: str,
    award_id: str,
    salt: str | None,
    status_entry: tuple[int, int],
    number: int = 1,
    image_digest: str = "",
) -> Json:
    """A credential without proof, by the achievement and the issuer as they are today. number: of the version."""
    return Statement(badge, issuer, base=base, image_digest=image_digest).document(
        row, award_id=award_id, salt=salt, status_entry=status_entry, number=number
    )


# Where a field of an award stands in a credential: in the document itself, or in its subject.
_IN_DOCUMENT = {
    "awarded": ("validFrom", "awardedDate", "validUntil"),
    "expires": ("validUntil",),
    "evidence": ("evidence",),
}
_IN_SUBJECT = {
    "id": "id",
    **{name: row.member for name, row in SIGNED_FIELDS.items()},
    "results": "result",
}


def corrected_document(previous: Json, rebuilt: Json, *, fields: set[str]) -> Json:
    """The credential before, with what a correction changes taken from one that is made anew. fields: names of an award's fields.

    The rest stays as it was signed: an achievement or an issuer's name that has changed since is not what is corrected."""
    return restate(
        previous,
        rebuilt,
        document=[member for field, members in _IN_DOCUMENT.items() if field in fields for member in members],
        subject=[member for field, member in _IN_SUBJECT.items() if field in fields],
        is_other_email="email" in fields,
    )
