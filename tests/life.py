"""A repository whose credentials and keys have a past: an achievement defined anew, keys that no longer sign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from site_builder.credentials.multikey import format_public_key
from site_builder.issuing.issue import Issued, issue
from site_builder.issuing.keys import SigningKey
from tests.drawn import place_rendering, write_drawn_repository
from tests.support import DRAWING, fake_key, repeatable_random

__all__ = ["issue_on", "write_life_repository"]

FIRST_BADGE = """\
issuer: school
name: Knots
description: Ties the five knots that matter, in two hours.
criteria: {narrative: "In two hours, tied *five knots*; see [the list](https://school.example/knots)."}
image_alt: A knot
version: "2026"
level: First
credits: {available: 2, unit: hours}
"""
SECOND_BADGE = """\
issuer: school
name: Knots and splices
description: Ties the six knots that matter, and splices a rope, in three hours.
criteria: {narrative: "In three hours, tied *six knots* and made an eye splice; see [the list](https://school.example/knots)."}
image_alt: A knot beside a splice
version: "2028"
level: Second
credits: {available: 3, unit: hours}
validity: P2Y
skills:
  - {name: Splicing, url: "https://skills.example.org/splices", framework: Open Skills Frame, code: S1.2}
results:
  written: {name: Written test, type: RawScore, minimum: 0, maximum: 30, required: 24}
"""
SECOND_DRAWING = DRAWING.replace("#0b5563", "#7a3b10")
FIRST_COHORT = """\
badge: knots
awarded: 2026-05-14
recipients:
  - {name: Ada Lovelace, email: ada@example.org, listed: 2026-05-14}
  - {name: Grace Hopper, email: grace@example.org, awarded: 2026-05-20}
"""
SECOND_COHORT = """\
badge: knots
awarded: 2028-05-10
recipients:
  - {name: Mary Seacole, email: mary@example.org, listed: 2028-05-10}
"""


def keys_file() -> str:
    """keys.yml with a key that was retired, one that fell into wrong hands, and one that signs."""
    states = [("2025-02-01", "retired"), ("2025-11-03", "compromised"), ("2026-01-09", "active")]
    keys = [format_public_key(fake_key(f"key-{number}").public_key()) for number in (1, 2, 3)]
    lines = [
        f"  - {{id: key-{number}, publicKeyMultibase: {key}, created: {day}, state: {state}}}\n"
        for number, (key, (day, state)) in enumerate(zip(keys, states, strict=True), 1)
    ]
    return "keys:\n" + "".join(lines)


def issue_on(root: Path, day: str) -> Issued:
    """Issues all that is pending, on a day, with the key that signs."""
    now = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    key = SigningKey("key-3", fake_key("key-3"))
    return issue(root, now=now, random_bytes=repeatable_random(day), signing_keys={"school": key})


def define_anew(root: Path) -> None:
    """Gives the achievement its second edition, with another picture."""
    (root / "badges/knots/badge.yml").write_text(SECOND_BADGE, "utf-8")
    (root / "badges/knots/image.svg").write_text(SECOND_DRAWING, "utf-8")
    place_rendering(root / "badges/knots/image.svg")


def write_life_repository(root: Path, *, files: Mapping[str, str] | None = None) -> Path:
    """Two awards of a first edition, then one of a second; three keys."""
    first = {
        "badges/knots/badge.yml": FIRST_BADGE,
        "issuers/school/keys.yml": keys_file(),
        "content/records/school/2026-05.yml": FIRST_COHORT,
    }
    write_drawn_repository(root, files=first | dict(files or {}))
    issue_on(root, "2026-06-01")
    define_anew(root)
    (root / "content/records/school/2028-05.yml").write_text(SECOND_COHORT, "utf-8")
    issue_on(root, "2028-05-11")
    return root
