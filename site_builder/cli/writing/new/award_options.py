"""The options that new award and new cohort share."""

from __future__ import annotations

import click

__all__ = ["AWARD_TEXTS", "EVIDENCE"]

AWARD_TEXTS = {
    "badge": "The achievement's folder.",
    "awarded": "The day of the award, YYYY-MM-DD.",
}
EVIDENCE = click.option("--evidence", multiple=True, help="An https address; may be given several times.")
