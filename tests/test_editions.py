"""An achievement may be defined anew: what was signed of it stays, and its page keeps every edition."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from site_builder.credentials.identifiers.multikey import fingerprint, format_public_key
from site_builder.credentials.openbadges3.read import read_achievement
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.editions import edition_anchor, find_editions
from site_builder.site.parts.editions import shown_edition
from site_builder.site.publish import publish
from tests.drawn import write_drawn_repository
from tests.life import FIRST_BADGE, define_anew, issue_on, keys_file, write_editions_repository
from tests.support import BASE, DRAWING, fake_key


def published(root: Path) -> dict[str, bytes]:
    checked = check_repository(root)
    assert checked.problems == []
    return dict(publish(checked))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site of a repository with two editions."""
    return published(write_editions_repository(tmp_path_factory.mktemp("life")))


def page_of(files: dict[str, bytes]) -> str:
    return files["badges/knots/index.html"].decode()


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_is_that_of_the_present_definition(site: dict[str, bytes]) -> None:
    assert "<h1>Knots and splices</h1>" in page_of(site)
    assert json.loads(site["badges/knots/achievement.json"])["name"] == "Knots and splices"


def test_an_earlier_edition_is_told_with_its_days_and_words_and_what_was_different(site: dict[str, bytes]) -> None:
    _, _, part = page_of(site).partition("<h2>Earlier editions</h2>")
    text = words(part.partition("</section>")[0])
    assert "Knots Edition 2026 , awarded from 14 May 2026 to 20 May 2026 Ties the five knots that matter" in text
    assert "Level First Credits 2 What it took In two hours, tied five knots ; see the list ." in text
    assert "What was measured Nothing. Skills None were named." in text


def test_an_earlier_edition_is_folded_and_has_a_picture_of_its_own(site: dict[str, bytes]) -> None:
    page = page_of(site)
    assert page.count("<details>") == 1 and "<details open" not in page
    present, before = re.findall(r'src="\.\./\.\./(badges/knots/image-[0-9a-f]{32}\.png)"', page)
    assert present != before and present in site and before in site


def test_every_credential_leads_to_the_edition_that_it_states(site: dict[str, bytes]) -> None:
    page = page_of(site)
    places: dict[str, str] = {}
    for path, raw in site.items():
        if path.startswith("c/") and path.endswith("index.html"):
            leading = re.search(r'href="\.\./\.\./badges/knots/#(edition-[0-9a-f]{8})"', raw.decode())
            assert leading
            name = json.loads(site[path.replace("index.html", "credential.json")])["name"]
            assert places.setdefault(name, leading[1]) == leading[1]
    assert f'<article class="plate" id="{places["Knots and splices"]}">' in page
    assert f'<div class="edition" id="{places["Knots"]}"' in page and len(set(places.values())) == 2


def test_a_credentials_page_stays_the_same_when_its_achievement_is_defined_anew(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path, files={"badges/knots/badge.yml": FIRST_BADGE})
    (root / "issuers/school/keys.yml").write_text(keys_file())
    issue_on(root, "2026-06-01")
    before = published(root)
    define_anew(root)
    after = published(root)
    assert {path: raw for path, raw in before.items() if path.startswith("c/")} == {
        path: raw for path, raw in after.items() if path.startswith("c/")
    }
    assert "Earlier editions" not in page_of(before) and "Earlier editions" in page_of(after)


def test_a_definition_that_is_put_back_is_the_present_one_again(tmp_path: Path) -> None:
    root = write_editions_repository(tmp_path)
    (root / "badges/knots/badge.yml").write_text(FIRST_BADGE)
    (root / "badges/knots/image.svg").write_text(DRAWING)
    page = page_of(published(root))
    assert "<h1>Knots</h1>" in page
    assert re.findall(r"<summary><h3[^>]*>([^<]+)</h3>", page) == ["Knots and splices"]


# --- which editions there are -----------------------------------------------------------------------------------------


def achievement(name: str, **more: object) -> dict[str, object]:
    criteria = {"id": f"{BASE}badges/knots/", "narrative": "c"}
    definition = {"id": f"{BASE}badges/knots/achievement.json", "name": name, "description": "d", "criteria": criteria}
    return definition | {"inLanguage": "en"} | more


def test_editions_stand_in_the_order_of_their_first_awards_with_the_days_of_first_and_last() -> None:
    days = (("b", "2027-01-01"), ("a", "2026-01-01"), ("b", "2025-06-01"), ("c", "2028-01-01"))
    knots = [("knots", achievement(name), day) for name, day in days]
    editions = find_editions([*knots, ("ropes", achievement("d"), "2020-01-01")])
    found = editions.earlier("knots", achievement("c"))
    assert [(one.achievement["name"], one.first, one.last) for one in found] == [
        ("b", "2025-06-01", "2027-01-01"),
        ("a", "2026-01-01", "2026-01-01"),
    ]
    assert editions.earlier("sails", achievement("c")) == []


def test_an_edition_has_one_address_whatever_the_order_in_which_it_is_written() -> None:
    one, other = achievement("a", version="1"), dict(reversed(achievement("a", version="1").items()))
    assert edition_anchor(one) == edition_anchor(other) != edition_anchor(achievement("a", version="2"))


def test_an_edition_tells_of_its_small_facts_only_what_differs() -> None:
    tags = ["category:Sea", "level:First", "ropes"]
    editions = find_editions([("knots", achievement("a", tag=tags, creditsAvailable=7.5), "2026-01-01")])
    present = achievement("a", tag=["category:Sea", "ropes"], creditsAvailable=7.5, achievementType="ext:SeaTrial")
    (edition,) = editions.earlier("knots", present)
    shown = shown_edition(edition, read_achievement(present), base=BASE)
    assert [(fact.label, fact.text) for fact in shown.facts] == [("Type", "none"), ("Level", "First")]
    assert shown.skills is None and shown.results is None
    assert shown.awarded == "awarded on 1 January 2026" and shown.image == ""


# --- the keys of an issuer --------------------------------------------------------------------------------------------


def test_an_issuers_page_tells_the_history_of_its_keys_from_the_newest(site: dict[str, bytes]) -> None:
    page = site["issuers/school/index.html"].decode()
    text = words(page.partition("<h2>Keys</h2>")[2])
    prints = [fingerprint(format_public_key(fake_key(f"key-{number}").public_key())) for number in (3, 2, 1)]
    found = re.findall(r"key-(\d) (\w.*?) Made (.*? 20..(?: Signed until .*?)?) Fingerprint ([0-9a-f ]{79})", text)
    assert found == [
        ("3", "Signs.", "9 January 2026", prints[0]),
        (
            "2",
            "In wrong hands. Nothing that it signed is accepted, whatever its date.",
            "3 November 2025 Signed until 9 January 2026",
            prints[1],
        ),
        ("1", "No longer signs. What it signed stays good.", "1 February 2025 Signed until 3 November 2025", prints[2]),
    ]
