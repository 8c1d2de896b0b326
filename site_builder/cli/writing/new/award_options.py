"""The options that new award and new cohort share."""

from __future__ import annotations

import click

__all__ = ["AWARD_TEXTS", "EVIDENCE", "MORE_TEXTS"]

AWARD_TEXTS = {
    "badge": "The achievement's folder.",
    "awarded": "The day of the award, YYYY-MM-DD.",
}
MORE_TEXTS = {
    "expires": "The last valid day, or 'never'.",
    "narrative": "A few sentences on it, in Markdown.",
    "credits_earned": "A number.",
    "role": "As what, such as Skipper.",
    "activity_start": "The day on which it began.",
    "activity_end": "The day on which it ended.",
}
EVIDENCE = click.option("--evidence", multiple=True, help="An https address; may be given several times.")
