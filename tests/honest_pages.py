"""A published site with an honest page of each kind, for tests that hold lying ones against it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.encoding import parse_json
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import issue
from site_builder.ledger.checks.repository import check_repository
from site_builder.verification.evidence.source import FetchError
from tests.drawn import drawn_once, write_drawn_repository
from tests.support import BASE, DRAWING, ISSUER, fake_key, publish_to, repeatable_random

__all__ = ["NOW", "HonestPage", "HonestSite", "honest_site"]

NOW = datetime(2028, 5, 12, 12, 0, 0, tzinfo=UTC)
_BADGE = """\
issuer: school
name: Knots
description: Ties the six knots that matter.
criteria: {narrative: "Tied *six knots* in 1.5 hours, see [the list](https://school.example/knots).\\n\\n1. A bowline\\n2. Not a granny"}
image_alt: A knot
validity: P2Y
version: "2026"
category: Seamanship
level: First
tags: [ropes, night]
skills:
  - {name: Heart & <lung>, url: "https://skills.example/s?a=1&b=2", framework: Open Skills, code: S1, description: Both., type: CFItem}
  - {name: Calm, url: "https://skills.example/calm"}
results:
  vessel: {name: Training vessel, type: ext:Vessel}
  written: {name: Written test, type: RawScore, minimum: 0, maximum: 30, required: 24}
  oral: {name: Oral test, type: RawScore, minimum: 0, maximum: 30, required: 24}
  grade: {name: Grade, type: LetterGrade, allowed: [C, B, A], required: B}
"""
_OTHER_BADGE = (
    'issuer: school\nname: Splices\ndescription: Splices.\ncriteria: {narrative: "Splices."}\nimage_alt: A splice\n'
)
_FULL = """\
badge: knots
awarded: 2026-05-14
role: Bosun & mate
activity_start: 2026-05-01
activity_end: 2026-05-14
evidence:
  - {url: "https://school.example/a?b=1&c=(x)", name: Log, description: All of it.}
  - {url: "https://school.example/b", name: Film}
recipients:
  - {name: Ada Lovelaice, email: ada@example.org, listed: 2026-05-14, narrative: "Did **not** fail, ever.", results: {written: "27", oral: "25", grade: B, vessel: Grietje <2>}}
"""
_RECORDS = {
    "full": _FULL,
    "plain": "badge: splices\nawarded: 2026-05-14\nname: Grace Hopper\n",
    "withdrawn": "badge: splices\nawarded: 2026-05-14\nname: Charles Ponzi\n",
    "erased": "badge: splices\nawarded: 2026-05-14\nname: Forgotten Person\n",
    "right to left": "badge: splices\nawarded: 2026-05-14\nname: ابن سينا\n",
}
_CHANGES = [
    ("2026-06-03", {"full": "correct: {}\ndate: 2026-06-03\nname: Ada Lovelace\n"}),
    (
        "2026-07-09",
        {
            "withdrawn": "revoke: {}\ndate: 2026-07-09\nreason: misconduct\n",
            "erased": "erase: {}\ndate: 2026-07-09\n",
        },
    ),
    ("2028-05-10", {"full": "renew: {}\ndate: 2028-05-10\n"}),
]
_FOLDER = "content/records/school"


@dataclass(frozen=True)
class HonestPage:
    """A page as it was published. path: of its folder. document: what was signed, {} when nothing is kept. file: of its credential."""

    path: str
    html: str
    document: dict[str, Any]
    file: str


@dataclass(frozen=True)
class HonestSite:
    """A published site, and its pages by their kind."""

    root: Path
    folder: Path
    pages: dict[str, HonestPage]
    multibase: str

    def ask(self, path: str) -> bytes:
        """A file of the site."""
        try:
            return (self.folder / path).read_bytes()
        except OSError:
            raise FetchError(path, status=404) from None


def honest_site(folder: Path, *, base: str = BASE) -> HonestSite:
    """A site with a page of each kind: with all that a page can have, with little, withdrawn, erased, renewed, from right to left."""
    root = folder / "repository"
    other = ISSUER.replace("Test School", "Other School").replace("school", "other")
    keys = "keys:\n  - {{id: key-1, publicKeyMultibase: {}, created: 2026-01-01, state: active}}\n"
    multibase = format_public_key(fake_key().public_key())
    files = {f"{_FOLDER}/{kind.replace(' ', '-')}.yml": text for kind, text in _RECORDS.items()}
    files |= {"badges/knots/badge.yml": _BADGE, "badges/splices/badge.yml": _OTHER_BADGE, f"{_FOLDER}/2026-05.yml": ""}
    files |= {"issuers/other/issuer.yml": other, "issuers/other/keys.yml": keys.format(multibase)}
    files |= {"issuers/school/keys.yml": keys.format(multibase)}
    files |= {"badges/splices/image.svg": DRAWING}
    write_drawn_repository(root, files=files, base=base)
    with drawn_once():
        ids = _issued(write_drawn_repository(root, files=files, base=base))
    published = publish_to(root, folder / "site")
    pages = {kind: _page(published, f"c/{award_id}/") for kind, award_id in ids.items()}
    return HonestSite(root, published, pages, multibase)


def _issued(root: Path) -> dict[str, str]:
    """Issues all, and what becomes of it day by day. Gives the ids of awards by their kind."""
    _issue_on(root, "2026-05-15")
    ids = {Path(row.file).stem.replace("-", " "): award_id for award_id, row in check_repository(root).rows.items()}
    for day, changes in _CHANGES:
        for kind, text in changes.items():
            if text.startswith("erase"):
                (root / f"{_FOLDER}/{kind}.yml").unlink()
            (root / f"{_FOLDER}/{day}-{kind}.yml").write_text(text.format(ids[kind]), "utf-8")
        _issue_on(root, day)
    renewal = next(award.id for award in check_repository(root).ledger.awards.values() if award.renews)
    return ids | {"renewal": renewal}


def _issue_on(root: Path, day: str) -> None:
    key = SigningKey("key-1", fake_key())
    now = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    issue(root, now=now, random_bytes=repeatable_random(day), signing_keys={"school": key, "other": key})


def _page(folder: Path, path: str) -> HonestPage:
    html = (folder / path / "index.html").read_text("utf-8")
    found = re.search(r'type="application/vc" href="([a-z0-9.-]+)"', html)
    document = parse_json((folder / path / found[1]).read_bytes()) if found else {}
    return HonestPage(path, html, document, found[1] if found else "")
