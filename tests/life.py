"""A repository whose credentials and keys have a past: awards corrected, renewed, revoked and erased, an achievement defined anew, old keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import Issued, issue
from site_builder.ledger.checks.repository import check_repository
from tests.drawn import write_drawn_repository
from tests.support import DRAWING, fake_key, repeatable_random

__all__ = [
    "Life",
    "define_anew",
    "issue_on",
    "keys_file",
    "write_change",
    "write_editions_repository",
    "write_life_repository",
]

FIRST_BADGE = """\
issuer: school
name: Knots
description: Ties the five knots that matter, in two hours.
criteria: {narrative: "In two hours, tied *five knots*; see [the list](https://school.example/knots)."}
image_alt: A knot
version: "2026"
level: First
credits: {available: 2, unit: hours}
validity: P2Y
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
RECORDS = "content/records/school"
# Who they are says what becomes of their awards; the file of each is gone when the award is erased.
PEOPLE = {
    "corrected": "{name: Ada Lovelaice, email: ada@example.org, listed: 2026-05-14}",
    "corrected twice": "{name: Mary Seacol, email: mary@example.org}",
    "withheld": "{name: Former Name, email: chevalier@example.org}",
    "renewed": "{name: Grace Hopper, email: grace@example.org, listed: 2026-05-14}",
    "renewed in vain": "{name: Emmy Noether, email: emmy@example.org}",
    "renewed with a long name": "{name: Wolfeschlegelsteinhausenbergerdorff-von-Habsburg-Lothringen y Fitz-James Stuart, email: long@example.org}",
    "corrected right to left": "{name: ابن سنا, email: canon@example.org}",
    "revoked": "{name: Charles Ponzi, email: ponzi@example.org, listed: 2026-05-14}",
    "corrected and revoked": "{name: Jane Do, email: jane@example.org}",
    "erased": "{name: Forgotten Person, email: forgotten@example.org, listed: 2026-05-14}",
    "corrected and erased": "{name: Forgoten Other, email: other@example.org}",
    "unchanged": "{name: Al-Khwarizmi, email: algebra@example.org}",
}
# Each step: its day, and the records of change that are applied on it, by whom they concern.
CHANGES = [
    (
        "2026-06-03",
        {
            "corrected": "correct: {}\ndate: 2026-06-03\nname: Ada Lovelace\nnote: The name was misspelt.\n",
            "corrected twice": "correct: {}\ndate: 2026-06-03\nname: Mary Seacole\n",
            "withheld": "correct: {}\ndate: 2026-06-03\nname: Charlotte d'Éon\nwithhold_previous: true\n",
            "corrected right to left": "correct: {}\ndate: 2026-06-03\nname: ابن سينا\nnote: كان الاسم ناقصًا.\n",
            "corrected and revoked": "correct: {}\ndate: 2026-06-03\nname: Jane Doe\n",
            "corrected and erased": "correct: {}\ndate: 2026-06-03\nname: Forgotten Other\n",
        },
    ),
    (
        "2026-07-09",
        {
            "corrected twice": "correct: {}\ndate: 2026-07-09\nevidence: https://school.example/log\n",
            "revoked": "revoke: {}\ndate: 2026-07-09\nreason: misconduct\nnote: Sold knots that did not exist.\n",
            "corrected and revoked": "revoke: {}\ndate: 2026-07-09\nreason: issued-in-error\n",
        },
    ),
    (
        "2028-05-10",
        {
            "renewed": "renew: {}\ndate: 2028-05-10\nlisted: 2028-05-10\n",
            "renewed in vain": "renew: {}\ndate: 2028-05-10\n",
            "renewed with a long name": "renew: {}\ndate: 2028-05-10\n",
        },
    ),
    (
        "2028-06-01",
        {
            "renewal in vain": "revoke: {}\ndate: 2028-06-01\nreason: issued-in-error\n",
            "erased": "erase: {}\ndate: 2028-06-01\n",
            "corrected and erased": "erase: {}\ndate: 2028-06-01\n",
        },
    ),
]


@dataclass
class Life:
    """A repository and the ids of its awards by what became of them: the keys of PEOPLE, and those of
    renewals with `renewal` for `renewed`."""

    root: Path
    ids: dict[str, str] = field(default_factory=dict)

    def page(self, who: str) -> str:
        """The path of an award's page."""
        return f"c/{self.ids[who]}/"


def keys_file() -> str:
    """keys.yml with a key that was retired, one that fell into wrong hands, and one that signs."""
    states = [
        ("2025-02-01", "retired, until: 2025-11-03"),
        ("2025-11-03", "compromised, until: 2026-01-09"),
        ("2026-01-09", "active"),
    ]
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


def write_editions_repository(root: Path) -> Path:
    """Two awards of the first edition, one of the second, and nothing else that happened."""
    cohort = "badge: knots\nawarded: {}\nrecipients:\n  - {}\n  - {}\n"
    first = cohort.format("2026-05-14", PEOPLE["corrected"], "{name: Grace Hopper, awarded: 2026-05-20}")
    files = {
        "badges/knots/badge.yml": FIRST_BADGE,
        "issuers/school/keys.yml": keys_file(),
        f"{RECORDS}/2026-05.yml": first,
    }
    write_drawn_repository(root, files=files)
    issue_on(root, "2026-06-01")
    define_anew(root)
    (root / f"{RECORDS}/2028-05.yml").write_text("badge: knots\nawarded: 2028-05-10\nname: Mary Seacole\n", "utf-8")
    issue_on(root, "2028-05-11")
    return root


def write_change(life: Life, who: str, text: str, *, name: str) -> None:
    """Writes a record of change. Where it erases, everything else that names the award goes, as `check` demands."""
    award_id = life.ids[who]
    if text.startswith("erase"):
        for file in (life.root / RECORDS).iterdir():
            if award_id in file.read_text("utf-8") or file.stem == _slug(who):
                file.unlink()
    (life.root / RECORDS / f"{name}.yml").write_text(text.format(award_id), "utf-8")


def write_life_repository(root: Path, *, files: Mapping[str, str] | None = None) -> Life:
    """A repository of awards with a past, all signed; what became of each is its key in PEOPLE."""
    first = {
        "badges/knots/badge.yml": FIRST_BADGE,
        "issuers/school/keys.yml": keys_file(),
        f"{RECORDS}/2026-05.yml": "",
    }
    for who, person in PEOPLE.items():
        first[f"{RECORDS}/{_slug(who)}.yml"] = f"badge: knots\nawarded: 2026-05-14\nrecipients:\n  - {person}\n"
    life = Life(write_drawn_repository(root, files=first | dict(files or {})))
    issue_on(root, "2026-05-15")
    for award_id, row in check_repository(root).rows.items():
        life.ids[Path(row.file).stem.replace("-", " ")] = award_id
    for day, changes in CHANGES:
        if day == "2028-05-10":
            define_anew(root)
        for who, text in changes.items():
            write_change(life, who, text, name=f"{day}-{_slug(who)}")
        issue_on(root, day)
        whose = {award_id: who for who, award_id in life.ids.items()}
        for new in check_repository(root).ledger.awards.values():
            if new.renews:
                life.ids[whose[new.renews].replace("renewed", "renewal")] = new.id
    return life


def _slug(who: str) -> str:
    return who.replace(" ", "-")
