"""What may be earned, from whom, and who holds it: the pages of achievements, issuers and the catalogue."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from site_builder.ledger.checks.repository import check_repository
from site_builder.records.models.achievement import AchievementRecord
from site_builder.site.context import Site
from site_builder.site.manual_text import make_scrollable, split_title
from site_builder.site.pages.home import home_input
from site_builder.site.parts.cards import (
    Card,
    Group,
    achievement_facts,
    facets,
    subjects_of,
    summary,
    terms,
    word_index,
)
from site_builder.site.parts.listed_recipients import Listed, choose_example, holders_in_words
from site_builder.site.publish import publish
from tests.support import BADGE, issue_all, write_repository


def published(root: Path) -> dict[str, str]:
    """The text files of a repository's site, by path."""
    files = dict(publish(check_repository(root)))
    return {path: raw.decode() for path, raw in files.items() if path.endswith((".html", ".json"))}


def card(name: str, *, category: str = "", level: str = "", subjects: tuple[str, ...] = ()) -> Card:
    return Card(f"badges/{name}/", "", name, "", "school", category, level, subjects)


def group(*cards: Card) -> Group:
    return Group("school", "issuers/school/", "Test School", "", "", cards)


# --- lists ------------------------------------------------------------------------------------------------------------


def test_every_word_stands_once_in_alphabetical_order_whatever_its_case() -> None:
    cards = [card("a", subjects=("ropes", "Zen")), card("b", subjects=("apples", "ropes"))]
    found = [(term.word, [one.name for one in term.cards]) for term in terms(cards, lambda one: one.subjects)]
    assert found == [("apples", ["b"]), ("ropes", ["a", "b"]), ("Zen", ["a"])]


def test_a_filter_has_each_choice_with_the_number_that_it_leaves() -> None:
    cards = [card(name, level=level) for name, level in zip("abcd", ("high", "low", "low", ""), strict=True)]
    (facet,) = facets([group(*cards)])
    assert (facet.key, facet.label) == ("level", "Level")
    assert [(option.value, option.label, option.count) for option in facet.options] == [
        ("high", "high", 1),
        ("low", "low", 2),
    ]


def test_issuers_are_chosen_by_their_names() -> None:
    other = Group("guild", "issuers/guild/", "A Guild", "", "", (Card("badges/g/", "", "g", "", "guild"),))
    (facet,) = facets([group(*map(card, "abc")), other])
    assert [(option.value, option.label) for option in facet.options] == [
        ("guild", "A Guild"),
        ("school", "Test School"),
    ]


def test_a_short_list_has_neither_filter_nor_index() -> None:
    cards = [card(name, level=name) for name in "abc"]
    assert facets([group(*cards)]) == [] and word_index([group(*cards)]) == []


def test_the_index_leaves_out_issuers_whose_lists_stand_above_it() -> None:
    cards = [card(name, category=name, subjects=("x", name)) for name in "abcd"]
    assert [facet.key for facet, _ in word_index([group(*cards)])] == ["category", "subject"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"category": "Sea", "level": "First", "validity": "P1Y"}, "Sea · First · valid for 1 year"),
        (
            {"credits": {"available": "8.0", "unit": "hours"}, "validity": "P1Y6M"},
            "8 hours · valid for 1 year, 6 months",
        ),
        ({}, ""),
    ],
)
def test_the_line_of_a_list_holds_what_is_known(fields: dict[str, Any], expected: str) -> None:
    assert summary(achievement(**fields)) == expected


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Certification", "Certification"),
        ("CertificateOfCompletion", "Certificate of completion"),
        ("ext:SeaTrial", "Sea trial"),
    ],
)
def test_a_type_of_the_standard_is_shown_in_words(written: str, shown: str) -> None:
    assert [fact.text for fact in achievement_facts(achievement(achievement_type=written))] == [shown]


def achievement(**fields: Any) -> AchievementRecord:
    known: dict[str, Any] = {
        "issuer": "school",
        "name": "Knots",
        "description": "Ties.",
        "criteria": {"narrative": "Tied."},
    }
    return AchievementRecord(**known, image_alt="A knot", **fields)


# --- who holds it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "is_told"), [(0, False), (10, False), (11, True)])
def test_a_number_is_told_only_when_more_than_ten_hold_it(number: int, is_told: bool) -> None:
    assert holders_in_words(number).startswith(f"Awarded {number} times.") is is_told
    assert bool(holders_in_words(number)) is is_told


def cohort(size: int) -> str:
    people = "".join(f"  - {{name: Person {number}, email: p{number}@example.org}}\n" for number in range(size))
    return f"badge: knots\nawarded: 2026-05-14\nrecipients:\n{people}"


def test_withdrawn_awards_are_not_counted(tmp_path: Path) -> None:
    root = write_repository(tmp_path, files={"content/records/school/2026-05.yml": cohort(12)})
    awards = issue_all(root).awards
    assert "Awarded 12 times." in published(root)["badges/knots/index.html"]
    revoked = f"revoke: {awards[0].id}\ndate: 2026-05-20\nreason: other\n"
    (root / "content/records/school/revoke.yml").write_text(revoked)
    issue_all(root, seed="later")
    assert "Awarded 11 times." in published(root)["badges/knots/index.html"]


def entry(name: str, *, day: str = "2026-01-01", last_day: str = "", has_begun: bool = True) -> Listed:
    return Listed(f"c/{name}/", name, "Knots", day, day, last_day, has_begun)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([entry("ends", last_day="2030-01-01"), entry("ends later", last_day="2031-01-01")], "ends later"),
        ([entry("ends", last_day="2099-01-01"), entry("never ends")], "never ends"),
        ([entry("old"), entry("new", day="2026-02-01")], "new"),
        ([entry("not yet", day="2099-01-01", has_begun=False), entry("ended", last_day="2020-01-01")], "ended"),
        ([], None),
    ],
)
def test_the_example_has_begun_and_ends_latest(entries: list[Listed], expected: str | None) -> None:
    chosen = choose_example(entries)
    assert (chosen.name if chosen else None) == expected


def test_only_those_who_agreed_are_named_and_serve_as_example(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    ids = {award.id: (root / award.folder / "credential.json").read_text() for award in issue_all(root).awards}
    grace = next(award_id for award_id, text in ids.items() if "Grace Hopper" in text)
    files = published(root)
    for path in ("badges/knots/index.html", "issuers/school/index.html"):
        assert "Ada Lovelace" in files[path] and "Grace Hopper" not in files[path] and grace not in files[path]
    assert "the credential of <bdi>Ada Lovelace</bdi>" in files["badges/knots/index.html"]


def test_an_achievement_that_nobody_holds_has_no_list_of_people(tmp_path: Path) -> None:
    page = published(write_repository(tmp_path))["badges/knots/index.html"]
    assert "What it takes" in page and "Who holds it" not in page and "Listed recipients" not in page


# --- the front page ---------------------------------------------------------------------------------------------------


def test_the_front_page_has_a_door_for_providers_only_where_the_site_keeps_a_manual(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    assert home_input(Site(check_repository(root))).manual == ""
    (root / "content/pages/manual").mkdir()
    (root / "content/pages/manual/index.md").write_text("# Manual\n")
    assert home_input(Site(check_repository(root))).manual == "manual/"


def test_the_front_page_names_no_award_whose_day_had_not_come_when_it_was_signed(tmp_path: Path) -> None:
    future = "badge: knots\nawarded: 2099-05-14\nname: Ada Lovelace\nemail: ada@example.org\nlisted: 2026-05-14\n"
    root = write_repository(tmp_path, files={"content/records/school/2026-05.yml": future})
    issue_all(root)
    home = home_input(Site(check_repository(root)))
    assert home.recent == () and home.example is not None and home.example.day == "2099-05-14"


# --- pages ------------------------------------------------------------------------------------------------------------


def test_an_achievements_page_links_its_subjects_to_the_narrowed_catalogue(tmp_path: Path) -> None:
    root = write_repository(tmp_path, files={"badges/knots/badge.yml": BADGE + "tags: [ropes & lines]\n"})
    page = published(root)["badges/knots/index.html"]
    assert '<a href="../../badges/#subject=ropes+%26+lines">ropes &amp; lines</a>' in page


SKILLS_AND_RESULTS = """\
skills:
  - {name: Knot tying, url: "https://skills.example.org/knots", framework: Open Skills Frame, code: S1.2}
results:
  written: {name: Written test, type: RawScore, minimum: 0, maximum: 30, required: 24}
  grade: {name: Grade, type: LetterGrade, allowed: [C, B, A], required: B}
"""


def test_an_achievements_page_names_skills_with_their_framework_and_results_with_their_limits(tmp_path: Path) -> None:
    root = write_repository(tmp_path, files={"badges/knots/badge.yml": BADGE + SKILLS_AND_RESULTS})
    page = published(root)["badges/knots/index.html"]
    assert 'href="https://skills.example.org/knots" rel="nofollow noopener noreferrer ugc">Knot tying</a>' in page
    assert "<span>Open Skills Frame · S1.2</span>" in page
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "Written test 0 to 30 24" in words and "Grade C, B, A B" in words


def test_skills_are_subjects_of_the_catalogue_too() -> None:
    skill = {"name": "Knot tying", "url": "https://skills.example.org/knots"}
    assert subjects_of(achievement(skills=[skill], tags=["ropes", "Knot tying"])) == ("Knot tying", "ropes")


def test_an_achievements_page_leads_to_its_definition(tmp_path: Path) -> None:
    files = published(write_repository(tmp_path))
    assert 'href="achievement.json"' in files["badges/knots/index.html"]
    assert json.loads(files["badges/knots/achievement.json"])["name"] == "Knots"


def test_the_header_marks_the_page_and_the_part_of_the_site(tmp_path: Path) -> None:
    files = published(write_repository(tmp_path))
    assert re.findall(r'aria-current="(\w+)">(\w+)', files["badges/index.html"]) == [("page", "Achievements")]
    assert re.findall(r'aria-current="(\w+)">(\w+)', files["badges/knots/index.html"]) == [("true", "Achievements")]
    assert "aria-current" not in files["issuers/school/index.html"]


def test_wide_parts_of_a_manual_page_can_be_scrolled_by_keyboard() -> None:
    html = make_scrollable("<table>1</table><pre><code>a &lt;table&gt;</code></pre><table>2</table>")
    first, second = (f'<div class="scroll" role="region" aria-label="Table {n}" tabindex="0">' for n in (1, 2))
    code = '<pre tabindex="0"><code>a &lt;table&gt;</code></pre>'
    assert html == f"{first}<table>1</table></div>{code}{second}<table>2</table></div>"


@pytest.mark.parametrize(
    ("html", "parts"),
    [
        ('<h1 id="a">A</h1>\n<p>b</p>', ('<h1 id="a">A</h1>', "\n<p>b</p>")),
        ("<p>b</p>", ("", "<p>b</p>")),
        ("<p>b</p><h1>A</h1>", ("", "<p>b</p><h1>A</h1>")),
    ],
)
def test_a_page_is_divided_behind_its_heading(html: str, parts: tuple[str, str]) -> None:
    assert split_title(html) == parts
