"""The file that says since when a repository remembers: commits from before the one that brought it were never published."""

from __future__ import annotations

from site_builder.encoding import format_json
from site_builder.ledger.store.award_json import SIGNED

__all__ = ["SINCE", "SINCE_BYTES", "SINCE_NAME"]

SINCE_NAME = "since.json"
SINCE = f"{SIGNED}/{SINCE_NAME}"
# It holds no date and no commit: it means the commit in which it first appears. The shape is frozen.
SINCE_BYTES = format_json({"format": "laurels-since-1"})
