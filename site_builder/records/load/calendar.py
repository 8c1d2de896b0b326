"""Which day it is for an issuer. No other module makes a day of a clock: UTC's may be tomorrow or yesterday where the issuer is."""

from __future__ import annotations

from datetime import date, datetime

from site_builder.records.fields.time_zones import time_zone
from site_builder.records.load.repository import Repository

__all__ = ["day_of_badge", "day_of_issuer"]


def day_of_issuer(repository: Repository, slug: str, now: datetime) -> date:
    """Today in the calendar of an issuer; UTC's day when its issuer.yml cannot be read. now: aware."""
    issuer = repository.issuers.get(slug)
    return (now.astimezone(time_zone(issuer.record.time_zone)) if issuer else now).date()


def day_of_badge(repository: Repository, slug: str, now: datetime) -> date:
    """Today in the calendar of an achievement's issuer. now: aware."""
    badge = repository.badges.get(slug)
    return day_of_issuer(repository, badge.record.issuer if badge else "", now)
