"""Days and lengths of time: when an award ends."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from site_builder.records.models.achievement import AchievementRecord
from site_builder.records.models.award import AwardRow

__all__ = ["add_period", "last_valid_day"]


def last_valid_day(row: AwardRow, achievement: AchievementRecord) -> date | None:
    """The last day on which an award holds: its own `expires`, else awarded plus the achievement's validity, else none."""
    if row.expires is not None:
        return row.expires if isinstance(row.expires, date) else None
    return add_period(row.awarded, achievement.validity) if achievement.validity else None


# The awards of a cohort are of one day.
@lru_cache(maxsize=1_024)
def add_period(day: date, period: str) -> date:
    """A day plus an ISO 8601 period; a day that the month lacks becomes its last (29 Feb + P1Y = 28 Feb)."""
    parts = {"Y": 0, "M": 0, "W": 0, "D": 0}
    number = ""
    for character in period[1:]:
        if character.isdigit():
            number += character
        else:
            parts[character], number = int(number), ""
    months = day.year * 12 + day.month - 1 + parts["Y"] * 12 + parts["M"]
    year, month = divmod(months, 12)
    first = date(min(year, 9998), month + 1, 1)
    next_month = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    length = (next_month - first).days
    return first.replace(day=min(day.day, length)) + timedelta(weeks=parts["W"], days=parts["D"])
