"""Pages of awards with a past in Chromium: they check themselves as others do, and lead to what they speak of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.demo_site import DemoSite
from tests.life_site import life_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with life_site(tmp_path_factory.mktemp("life")) as found:
        yield found


@pytest.mark.parametrize("kind", ["credential corrected from right to left", "credential renewed"])
def test_what_a_page_says_of_the_past_does_not_stand_in_the_way_of_its_check(site: DemoSite, kind: str) -> None:
    with site.page(site.kinds[kind]) as page:
        assert page.get_attribute("#verdict", "data-verdict") == "expired"
        assert page.locator(".past").count() == 1


def test_a_credential_leads_to_its_own_edition_which_opens(site: DemoSite) -> None:
    with site.page(site.kinds["credential corrected from right to left"]) as page:
        page.get_by_role("link", name="About this achievement").click()
        page.wait_for_selector("details[open]")
        edition = page.locator("details[open] .edition")
        assert edition.get_by_text("Ties the five knots that matter").is_visible()
        assert page.locator("details[open] summary").evaluate("e => e.getBoundingClientRect().top >= 0")


def test_a_credential_of_the_present_definition_leads_to_the_beginning_of_its_page(site: DemoSite) -> None:
    with site.page(site.kinds["credential renewed"]) as page:
        page.locator(".past a").click()
        page.get_by_role("link", name="About this achievement").click()
        page.wait_for_selector("h1:text-is('Knots and splices')")
        assert page.evaluate("scrollY") == 0 and page.locator("details[open]").count() == 0


def test_a_renewal_and_the_award_before_lead_to_each_other(site: DemoSite) -> None:
    with site.page(site.kinds["credential renewed"]) as page:
        before = page.url
        page.get_by_role("link", name="the award of 10 May 2028").click()
        page.get_by_role("link", name="the award of 14 May 2026").click()
        page.wait_for_url(before)
