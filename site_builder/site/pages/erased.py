"""The page of a credential that was erased: what was earned, from whom, and that nothing else is kept."""

from __future__ import annotations

from site_builder.credentials.urls import signed_path, signed_url
from site_builder.ledger.store.award_json import ErasedAward
from site_builder.site.context import Site
from site_builder.site.parts.sharing import complaint_mail
from site_builder.wording import format_date

__all__ = ["erased_page"]


def erased_page(site: Site, award: ErasedAward) -> bytes:
    """A page without a statement, a person or a script. Its words come from the badge and the issuer as they are."""
    badge, issuer = site.state.repository.badges[award.badge], site.state.repository.issuers[award.issuer]
    folder, issuer_path = signed_path("page", id=award.id), signed_path("issuer", issuer=award.issuer)
    frame = site.frame(
        folder,
        title=f"Withdrawn: {badge.record.name}",
        description=f"{issuer.record.name} has withdrawn this credential.",
        indexed=False,
        accent=issuer_path + "accent.css",
    )
    credential = {"id": signed_url(site.base, "credential", id=award.id, file="credential.json")}
    page = {
        "language": badge.record.language or issuer.record.language,
        "issuer_name": issuer.record.name,
        "issuer_path": issuer_path,
        "achievement_path": signed_path("criteria", badge=award.badge),
        "achievement_name": badge.record.name,
        "date": format_date(site.state.erasures[award.id].record.date.isoformat()),
        "complaint": complaint_mail(credential, base=site.base, office=issuer.record.email),
    }
    return site.render("erased.html", frame, page)
