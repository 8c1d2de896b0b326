"""Catalogue, manual and front page as their readers use them: real Chromium, by keyboard, with and without scripts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.serving import chromium, served, write_certificate
from tests.support import BADGE, DRAWING, ISSUER, issue_all, write_repository

HOST = "badges.laurels.example"
MKDOCS = Path(sys.executable).with_name("mkdocs")
KINDS = [
    "",
    "badges/",
    "badges/knots/",
    "issuers/school/",
    "manual/",
    "manual/ropes/",
    "404.html",
]
ACHIEVEMENTS = {
    "knots": ("school", "Knots", "Seamanship", "First", "[ropes, patience]"),
    "splices": ("school", "Splices", "Seamanship", "Second", "[ropes]"),
    "stars": ("guild", "Stars", "Navigation", "First", "[sky]"),
    "tides": ("guild", "Tides", "Navigation", "Second", "[sky, patience]"),
}
ROPES = """\
# Ropes

## Care

Hang it up to dry. Salt eats hemp.

| what | how |
| --- | --- |
| a rope with a very long name indeed | rinse it, coil it, hang it up, look at it again after a fortnight |

```
rinse --with freshwater --then coil --clockwise --and hang --in-the-shade --until dry --and look --again
```

## Breaking strain < load

Weigh before you trust.
"""


def repository(root: Path) -> Path:
    files = {
        "issuers/guild/issuer.yml": ISSUER.replace("Test School", "Star Guild"),
        "content/pages/manual/index.md": "# Manual\n\nBegin here.\n",
        "content/pages/manual/ropes.md": ROPES,
    }
    for slug, (issuer, name, category, level, tags) in ACHIEVEMENTS.items():
        badge = BADGE.replace("issuer: school", f"issuer: {issuer}").replace("name: Knots", f"name: {name}")
        files[f"badges/{slug}/badge.yml"] = f"{badge}category: {category}\nlevel: {level}\ntags: {tags}\n"
        files[f"badges/{slug}/image.svg"] = DRAWING
    return write_repository(root, files=files)


@dataclass
class Reader:
    """A browser, and what it complained of."""

    browser: Any
    complaints: list[str]

    @contextmanager
    def at(self, path: str, *, width: int = 1280, script: bool = True) -> Iterator[Any]:
        """The page at a path, opened in a context of its own."""
        context = self.browser.new_context(
            ignore_https_errors=True, java_script_enabled=script, viewport={"width": width, "height": 800}
        )
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"https://{HOST}/{path}")
        yield page
        context.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    root = repository(tmp_path_factory.mktemp("repository"))
    issue_all(root)
    subprocess.run([MKDOCS, "build", "--strict", "--quiet"], cwd=root, check=True)
    certificate = write_certificate(tmp_path_factory.mktemp("certificate"), [HOST])
    with served(root / "site", certificate) as port, chromium({HOST: port}) as running:
        yield running


@pytest.fixture
def reader(browser: Any) -> Iterator[Reader]:
    """A reader whose browser must not complain of anything: no error, and no violation of a page's policy."""
    reader = Reader(browser, [])
    yield reader
    assert reader.complaints == []


def names(page: Any) -> list[str]:
    """The achievements that the catalogue shows."""
    found: list[str] = page.locator(".entries h3:visible").all_inner_texts()
    return found


# --- every kind of page -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", KINDS)
def test_a_page_fits_a_small_phone_and_its_policy_is_kept(reader: Reader, path: str) -> None:
    with reader.at(path, width=320) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.locator("main h1").count() == 1


@pytest.mark.parametrize("path", KINDS)
def test_the_first_stop_of_the_keyboard_leads_to_the_content(reader: Reader, path: str) -> None:
    with reader.at(path) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to content"
        page.keyboard.press("Enter")
        assert page.url.endswith("#content") and page.locator("main#content").count() == 1


@pytest.mark.parametrize("region", [".scroll", "pre"])
def test_a_wide_part_of_the_manual_scrolls_by_keyboard_on_a_phone(reader: Reader, region: str) -> None:
    with reader.at("manual/ropes/", width=320) as page:
        wide = page.locator(region).first
        assert wide.evaluate("part => part.scrollWidth > part.clientWidth")
        wide.evaluate("part => part.addEventListener('scroll', () => { part.id = 'scrolled'; })")
        wide.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_selector("#scrolled")


# --- the catalogue ----------------------------------------------------------------------------------------------------


def test_without_scripts_the_catalogue_is_a_complete_list_by_issuer_with_an_index(reader: Reader) -> None:
    with reader.at("badges/", script=False) as page:
        assert page.locator(".chapter h2").all_inner_texts() == ["Star Guild", "Test School"]
        assert names(page) == ["Stars", "Tides", "Knots", "Splices"]
        assert not page.locator("#filter").is_visible()
        assert "sky\nStars\nTides" in page.inner_text(".index")


def test_the_catalogue_is_narrowed_by_keyboard_and_says_how_much_is_left(reader: Reader) -> None:
    with reader.at("badges/") as page:
        assert page.inner_text("#filter-count") == "All 4 achievements"
        page.focus("#filter-category")
        page.keyboard.type("Sea")
        assert names(page) == ["Knots", "Splices"]
        assert page.locator(".chapter h2:visible").all_inner_texts() == ["Test School"]
        assert page.inner_text("#filter-count") == "2 of 4 achievements"
        page.keyboard.press("Tab")
        page.keyboard.type("First")
        assert names(page) == ["Knots"]
        assert page.get_attribute("#filter-count", "role") == "status"


def test_a_narrowed_catalogue_has_an_address_of_its_own(reader: Reader) -> None:
    with reader.at("badges/") as page:
        page.select_option("#filter-issuer", label="Star Guild (2)")
        page.select_option("#filter-subject", "patience")
        address = page.url
    assert address.endswith("badges/#issuer=guild&subject=patience")
    with reader.at("badges/#issuer=guild&subject=patience") as page:
        assert names(page) == ["Tides"] and page.input_value("#filter-issuer") == "guild"


def test_words_of_an_address_that_no_menu_has_narrow_nothing(reader: Reader) -> None:
    with reader.at("badges/#level=Ninth&colour=red") as page:
        assert len(names(page)) == 4 and page.inner_text("#filter-count") == "All 4 achievements"


def test_a_place_in_the_page_leaves_the_choice_alone(reader: Reader) -> None:
    with reader.at("badges/#level=First") as page:
        page.evaluate("location.hash = 'content'")
        page.wait_for_url("**/badges/#content")
        assert names(page) == ["Stars", "Knots"]


def test_a_choice_that_nothing_fits_says_so_and_is_undone_in_one_step(reader: Reader) -> None:
    with reader.at("badges/#category=Navigation&subject=ropes") as page:
        assert names(page) == [] and page.inner_text("#filter-count") == "No achievement fits all of these."
        page.get_by_role("button", name="Show all").press("Enter")
        assert len(names(page)) == 4 and page.url.endswith("/badges/")
        assert page.evaluate("document.activeElement.id") == "filter-issuer"


def test_a_subject_of_an_achievement_leads_to_all_that_share_it(reader: Reader) -> None:
    with reader.at("badges/knots/") as page:
        page.get_by_role("link", name="patience").press("Enter")
        page.wait_for_selector("#filter:not([hidden])")
        assert names(page) == ["Tides", "Knots"]


# --- search -----------------------------------------------------------------------------------------------------------


def test_search_finds_a_section_of_the_manual_and_opens_it_by_keyboard(reader: Reader) -> None:
    with reader.at("manual/") as page:
        page.focus("#search-words")
        page.keyboard.type("breaking")
        page.wait_for_selector("#search-results li")
        assert page.inner_text("#search-count") == "1 place"
        assert page.locator("#search-results b").all_inner_texts() == ["Breaking strain < load"]
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"https://{HOST}/manual/ropes/#breaking-strain-load")


def test_enter_opens_the_best_place(reader: Reader) -> None:
    with reader.at("manual/ropes/") as page:
        page.focus("#search-words")
        page.keyboard.type("salt")
        page.keyboard.press("Enter")
        page.wait_for_url(f"https://{HOST}/manual/ropes/#care")


@pytest.mark.parametrize("words", ["fresh", "fortnigt", "rope hemp"])
def test_search_finds_beginnings_misspelt_words_and_all_of_several(reader: Reader, words: str) -> None:
    with reader.at("manual/") as page:
        page.fill("#search-words", words)
        expect(page.locator("#search-results b")).to_have_text(["Care"])


def test_words_that_stand_nowhere_are_said_to_stand_nowhere(reader: Reader) -> None:
    with reader.at("manual/") as page:
        page.fill("#search-words", "zeppelin")
        expect(page.locator("#search-count")).to_have_text("Nothing was found.")
        page.press("#search-words", "Escape")
        expect(page.locator("#search-count")).to_have_text("")


def test_search_is_fetched_only_when_its_field_is_used(reader: Reader) -> None:
    with reader.at("manual/") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(f"https://{HOST}/")))
        page.reload(wait_until="networkidle")
        assert not [path for path in asked if "search" in path]
        with page.expect_response("**/search_index.json"):
            page.focus("#search-words")


def test_search_knows_no_credential(reader: Reader) -> None:
    with reader.at("manual/") as page:
        page.fill("#search-words", "Lovelace")
        expect(page.locator("#search-count")).to_have_text("Nothing was found.")


def test_without_scripts_there_is_no_search_field_but_all_pages_are_named(reader: Reader) -> None:
    with reader.at("manual/", script=False) as page:
        assert not page.locator("#search").is_visible()
        assert page.locator("nav.contents a").all_inner_texts() == ["Manual", "Ropes"]


def test_the_manual_leads_to_the_page_behind_and_back(reader: Reader) -> None:
    with reader.at("manual/") as page:
        page.click("a[rel=next]")
        assert page.inner_text("h1") == "Ropes"
        assert page.locator("nav.on-page a").all_inner_texts() == ["Care", "Breaking strain < load"]
        page.click("a[rel=prev]")
        assert page.inner_text("h1") == "Manual"


# --- the front page ---------------------------------------------------------------------------------------------------


def test_the_front_page_has_doors_issuers_and_only_those_who_agreed_to_be_named(reader: Reader) -> None:
    with reader.at("") as page:
        assert page.locator(".doors h2").all_inner_texts() == [
            "You earned something",
            "Someone sent you a credential",
            "You teach or examine",
        ]
        assert page.locator(".plates a").all_inner_texts() == ["Stars", "Tides", "Knots", "Splices"]
        assert page.locator(".listed a").all_inner_texts() == ["Ada Lovelace"]
        assert "Grace Hopper" not in page.inner_text("body")
