"""What became of an award, as its page tells it: corrected, renewed, revoked, erased; and what lists still say of it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from site_builder.ledger.checks.repository import check_repository
from site_builder.site.context import Site
from site_builder.site.pages.home import home_input
from site_builder.site.publish import publish
from tests.drawn import write_drawn_repository
from tests.life import Life, issue_on, write_change, write_life_repository
from tests.support import NOW, issue_all


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return write_life_repository(tmp_path_factory.mktemp("life"))


@pytest.fixture(scope="module")
def site(life: Life) -> dict[str, bytes]:
    return published(life)


def published(life: Life) -> dict[str, bytes]:
    checked = check_repository(life.root)
    assert checked.problems == [] and checked.pending_changes == [] and checked.pending_rows == []
    return dict(publish(checked))


def page_of(life: Life, site: dict[str, bytes], who: str) -> str:
    return site[life.page(who) + "index.html"].decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split()).replace(" ,", ",").replace(" ;", ";")


def past_of(page: str) -> list[str]:
    """The lines of a page on what became of the award since."""
    return [words(line).replace(" .", ".") for line in re.findall(r'<p class="past[^>]*>(.*?)</p>', page)]


# --- corrected --------------------------------------------------------------------------------------------------------

CORRECTED = {
    "corrected": ["Corrected on 3 June 2026. This page shows version 2; the file of 15 May 2026 is superseded."],
    "corrected twice": [
        "Corrected on 3 June 2026.",
        "Corrected on 9 July 2026. This page shows version 3; the files before it are superseded.",
    ],
    "withheld": ["Corrected on 3 June 2026. This page shows version 2; the file before it is withdrawn."],
    "unchanged": [],
}


@pytest.mark.parametrize("who", CORRECTED)
def test_a_corrected_page_has_a_dated_line_for_each_correction(life: Life, site: dict[str, bytes], who: str) -> None:
    assert past_of(page_of(life, site, who)) == CORRECTED[who]


def test_a_file_that_was_signed_after_the_day_of_its_correction_is_told_without_its_day(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    awards = issue_all(root).awards
    (root / "content/records/school/corrected.yml").write_text(
        f"correct: {awards[0].id}\ndate: {NOW.date() - timedelta(days=1)}\nname: Somebody Else\n"
    )
    issue_all(root, seed="later")
    page = dict(publish(check_repository(root)))[f"c/{awards[0].id}/index.html"].decode()
    assert past_of(page) == ["Corrected on 31 May 2026. This page shows version 2; the file before it is superseded."]


def test_the_page_and_what_is_shared_of_it_show_the_corrected_name(life: Life, site: dict[str, bytes]) -> None:
    page = page_of(life, site, "corrected")
    assert "<title>Ada Lovelace · Knots</title>" in page and "Lovelaice" not in page
    assert b"Ada Lovelace" in site[life.page("corrected") + "badge.svg"]
    assert json.loads(site[life.page("corrected") + "versions.json"])["current"] == 2


def test_the_small_print_leads_to_every_version_that_is_published(life: Life, site: dict[str, bytes]) -> None:
    page = words(page_of(life, site, "corrected").partition("<dt>Versions</dt>")[2].partition("</dd>")[0])
    assert page == "1, signed on 15 May 2026; 2, signed on 3 June 2026"
    for file in ("credential.json", "credential-2.json"):
        assert f'<a href="{file}">' in page_of(life, site, "corrected") and life.page("corrected") + file in site


def test_a_withheld_version_is_named_as_withdrawn_and_nothing_leads_to_it(life: Life, site: dict[str, bytes]) -> None:
    page = page_of(life, site, "withheld")
    assert "1, withdrawn; 2" in words(page) and 'href="credential.json"' not in page
    assert not [path for path, raw in site.items() if b"Former Name" in raw]


# --- renewed ----------------------------------------------------------------------------------------------------------


def test_the_old_page_says_until_when_its_renewal_holds_and_leads_to_it(life: Life, site: dict[str, bytes]) -> None:
    page = page_of(life, site, "renewed")
    assert past_of(page) == ["Renewed: the award of 10 May 2028, valid until 10 May 2030."]
    assert f'href="../../{life.page("renewal")}"' in page


def test_the_new_page_names_the_award_that_it_renews_and_leads_to_it(life: Life, site: dict[str, bytes]) -> None:
    page = page_of(life, site, "renewal")
    assert past_of(page) == ["Renews the award of 14 May 2026."]
    assert f'href="../../{life.page("renewed")}"' in page


def test_nothing_is_said_of_a_renewal_that_was_revoked(life: Life, site: dict[str, bytes]) -> None:
    old, new = page_of(life, site, "renewed in vain"), page_of(life, site, "renewal in vain")
    assert past_of(old) == [] and life.ids["renewal in vain"] not in old
    assert "This credential was withdrawn" in new and life.ids["renewed in vain"] not in new and past_of(new) == []


def test_a_renewal_says_nothing_of_the_award_before_once_that_was_revoked(tmp_path: Path) -> None:
    life = write_life_repository(tmp_path)
    text = "revoke: {}\ndate: 2028-07-01\nreason: withdrawn-by-recipient\n"
    write_change(life, "renewed", text, name="2028-07-revoked")
    issue_on(life.root, "2028-07-01")
    site = published(life)
    assert past_of(page_of(life, site, "renewal")) == [] and past_of(page_of(life, site, "renewed")) == []
    for one, other in (("renewed", "renewal"), ("renewal", "renewed")):
        assert life.ids[other] not in page_of(life, site, one)


def test_only_the_pages_of_one_recipients_awards_lead_to_each_other(life: Life, site: dict[str, bytes]) -> None:
    """The ids of unlisted credentials stand in their own folders, and on the page of the award that they renew or renewed."""
    known = {
        "renewed with a long name": "renewal with a long name",
        "renewal with a long name": "renewed with a long name",
    }
    unlisted = {who: found for who, found in life.ids.items() if who not in ("corrected", "renewed", "renewal")}
    for who, award_id in unlisted.items():
        elsewhere = {
            path for path, raw in site.items() if award_id.encode() in raw and not path.startswith(life.page(who))
        }
        assert elsewhere == ({life.page(known[who]) + "index.html"} if who in known else set()), who


# --- revoked and erased -----------------------------------------------------------------------------------------------


def test_the_page_of_a_corrected_and_revoked_award_names_no_name_that_it_ever_had(
    life: Life, site: dict[str, bytes]
) -> None:
    page = page_of(life, site, "corrected and revoked")
    assert "Withdrawn 9 July 2026 Reason issued in error" in words(page)
    assert "Jane" not in page and past_of(page) == []


@pytest.mark.parametrize("who", ["erased", "corrected and erased"])
def test_the_page_of_an_erased_award_says_so_and_names_nobody(life: Life, site: dict[str, bytes], who: str) -> None:
    page = page_of(life, site, who)
    text = words(page.partition("<main")[2])
    assert (
        "This credential was withdrawn Knots and splices issued and withdrawn by Test School Withdrawn 1 June 2028"
        in text
    )
    assert "The issuer no longer keeps its data." in text
    assert "Reason" not in text and "awarded" not in text
    assert '<meta name="robots" content="noindex, noarchive">' in page
    assert "data-statement" not in page and "<script" not in page and "data-claim" not in page


def test_nothing_of_an_erased_person_is_on_the_site(life: Life, site: dict[str, bytes]) -> None:
    for name in (b"Forgotten", b"Forgoten"):
        assert not [path for path, raw in site.items() if name in raw]
    left = {path.removeprefix(life.page("erased")) for path in site if path.startswith(life.page("erased"))}
    assert left == {"index.html", "versions.json", "credential.json"}


# --- lists ------------------------------------------------------------------------------------------------------------


def test_lists_name_the_corrected_and_the_renewed_and_nobody_who_was_revoked_or_erased(
    life: Life, site: dict[str, bytes]
) -> None:
    for path in ("badges/knots/index.html", "issuers/school/index.html"):
        people = re.findall(r"<bdi>([^<]+)</bdi></a> <span>", site[path].decode())
        assert sorted(people) == ["Ada Lovelace", "Grace Hopper", "Grace Hopper"]
    recent = home_input(Site(check_repository(life.root))).recent
    assert {entry.name for entry in recent} == {"Ada Lovelace", "Grace Hopper"}


def test_erased_pages_stand_in_no_list_for_robots(life: Life, site: dict[str, bytes]) -> None:
    assert life.page("renewal").encode() in site["sitemap.xml"]
    for who in ("erased", "revoked", "corrected twice"):
        assert life.ids[who].encode() not in site["sitemap.xml"]
