"""What people do with a credential's page, in real Chromium at the site's own host: match an address, share, read, print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from site_builder.encoding import parse_json
from tests.serving import chromium, served, write_certificate
from tests.support import COHORT, ISSUER, issue_all, publish_to, write_repository

HOST, OPEN = "badges.laurels.example", "open.laurels.example"
NOW = "2026-06-01T12:00:00Z"
LONGEST = "Maria Anna Walburga Ignatia Konstanze von und zu Hohenstein-Waldburg-Wolfegg-Zeil"
NAMES = [
    "Ada Lovelace",
    "O",
    LONGEST,
    "أبو القاسم خلف بن العباس الزهراوي",
    "一二三四五六七八九十" * 4,
    "Wolfeschlegelsteinhausenbergerdorff",
]
ROWS = "".join(f'  - {{name: "{name}", email: person{number}@example.org}}\n' for number, name in enumerate(NAMES))
EVERYBODY = COHORT[: COHORT.index("  - ")] + ROWS
PUBLIC = ISSUER + "email_match: public\n"


class Site:
    """A published site that is served, and the pages of its recipients."""

    def __init__(self, root: Path, folder: Path, host: str) -> None:
        self.folder, self.host = folder, host
        self.paths, self.salts = {}, {}
        for award in issue_all(root).awards:
            document = parse_json((root / award.folder / "credential.json").read_bytes())
            name = document["credentialSubject"]["identifier"][0]["identityHash"]
            self.paths[name], self.salts[name] = f"c/{award.id}/", award.versions[0].salt
        publish_to(root, folder)
        self.browser: Any = None

    def url(self, name: str = "Ada Lovelace") -> str:
        return f"https://{self.host}/{self.paths[name]}"

    @contextmanager
    def page(
        self, name: str = "Ada Lovelace", *, fragment: str = "", verdict: str = "holds", **options: Any
    ) -> Iterator[Any]:
        """The page of a recipient once it was checked."""
        context = self.browser.new_context(ignore_https_errors=True, **options)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.clock.set_fixed_time(NOW)
        page.add_init_script("navigator.share = async (shared) => { window.shared = shared; }")
        page.goto(self.url(name) + fragment)
        page.wait_for_selector(f"#verdict[data-verdict={verdict}]")
        yield page
        context.close()
        assert complaints == []


def site_of(folder: Path, host: str, files: dict[str, str]) -> Site:
    folder.mkdir()
    (folder / "repository").mkdir()
    root = write_repository(folder / "repository", files=files, base=f"https://{host}/")
    return Site(root, folder / "site", host)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Site]]:
    """A site whose recipients hold their salts, and one that publishes them."""
    folder = tmp_path_factory.mktemp("sites")
    private = site_of(folder / "private", HOST, {"content/records/school/2026-05.yml": EVERYBODY})
    public = site_of(folder / "public", OPEN, {"issuers/school/issuer.yml": PUBLIC})
    certificate = write_certificate(folder, [HOST, OPEN])
    with (
        served(private.folder, certificate) as one,
        served(public.folder, certificate) as other,
        chromium({HOST: one, OPEN: other}) as browser,
    ):
        private.browser = public.browser = browser
        yield private, public


@pytest.fixture
def site(sites: tuple[Site, Site]) -> Site:
    return sites[0]


# --- does it belong to this address? ------------------------------------------------------------------------------------


def answer(page: Any, address: str) -> str:
    page.fill("#match-address", address)
    page.press("#match-address", "Enter")
    page.locator(".match [role=status]:not(:empty)").wait_for()
    return str(page.inner_text(".match [role=status]"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("person0@example.org", "Yes: it was made out to this address."),
        ("  Person0@Example.ORG\u00a0", "Yes: it was made out to this address."),
        ("person1@example.org", "No: with this link, it was not made out to this address."),
        ("person0", "That is not an e-mail address."),
        ("", "That is not an e-mail address."),
        ("person0@example.org person1@example.org", "That is not an e-mail address."),
    ],
)
def test_who_holds_the_recipients_link_can_compare_an_address(site: Site, address: str, words: str) -> None:
    with site.page(fragment=f"#m={site.salts['Ada Lovelace']}") as page:
        assert answer(page, address) == words


def test_the_key_of_another_recipient_matches_nobody(site: Site) -> None:
    with site.page(fragment=f"#m={site.salts['O']}") as page:
        assert answer(page, "person0@example.org").startswith("No")
        assert answer(page, "person1@example.org").startswith("No")


def test_an_address_that_is_compared_is_sent_nowhere(site: Site) -> None:
    with site.page(fragment=f"#m={site.salts['Ada Lovelace']}") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        before = page.url
        answer(page, "person0@example.org")
        assert asked == [] and page.url == before


@pytest.mark.parametrize("key", ["", "A", "A" * 21, "A" * 23, "A" * 21 + "%41", "A" * 21 + "="])
def test_a_key_that_was_cut_off_says_so_and_offers_no_field(site: Site, key: str) -> None:
    with site.page(fragment=f"#m={key}") as page:
        assert page.inner_text(".match").startswith("The link that led here was cut off")
        assert page.locator(".match input").count() == 0


def test_without_a_key_nothing_is_offered(site: Site) -> None:
    with site.page() as page:
        assert page.locator(".match").count() == 0


def test_nothing_is_compared_with_a_credential_that_does_not_hold(site: Site) -> None:
    file = site.folder / site.paths["Ada Lovelace"] / "credential.json"
    signed = file.read_text()
    file.write_text(signed.replace("Ada Lovelace", "Ada Lovelage"))
    try:
        with site.page(fragment=f"#m={site.salts['Ada Lovelace']}", verdict="fails") as page:
            assert page.locator(".match").count() == 0
    finally:
        file.write_text(signed)


def test_a_salt_in_the_credential_itself_offers_the_field_always(sites: tuple[Site, Site]) -> None:
    with sites[1].page() as page:
        assert answer(page, "ada@example.org").startswith("Yes")
        assert answer(page, "grace@example.org").startswith("No")


# --- is this yours? -----------------------------------------------------------------------------------------------------


def test_nothing_that_is_shared_carries_the_key(site: Site) -> None:
    key = site.salts["Ada Lovelace"]
    with site.page(fragment=f"#m={key}", permissions=["clipboard-read", "clipboard-write"]) as page:
        given = []
        for button in ("Copy link", "Share…", "Copy"):
            if button == "Copy":
                page.click(".embed summary")
            page.get_by_role("button", name=button, exact=True).click()
            if button == "Share…":
                page.wait_for_function("() => window.shared")
                given.append(page.evaluate("window.shared.url"))
            else:
                page.get_by_role("button", name="Copied").wait_for()
                given.append(page.evaluate("navigator.clipboard.readText()"))
                page.keyboard.press("Tab")
        assert given[:2] == [site.url(), site.url()]
        assert given[2].startswith(f'<a href="{site.url()}"><img src="{site.url()}badge.png" alt="')
        links = page.eval_on_selector_all("[href], [src]", "found => found.map((one) => one.href ?? one.src)")
        assert len(links) > 20 and not [link for link in (*given, *links) if key in link]


def test_without_a_script_the_page_offers_only_what_works(site: Site) -> None:
    context = site.browser.new_context(ignore_https_errors=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url()}#m={site.salts['Ada Lovelace']}")
    assert page.inner_text("#verdict-headline") == "Not checked in this browser."
    assert page.locator("main :is(button, input, form)").count() == 0
    downloads = page.locator(".downloads a").all()
    assert [link.get_attribute("href") for link in downloads] == ["badge.png", "badge.svg", "credential.json"]
    context.close()


# --- the list of checks -------------------------------------------------------------------------------------------------


def test_the_list_of_checks_opens_by_keyboard(site: Site) -> None:
    with site.page() as page:
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.localName") == "summary":
                break
        page.keyboard.press("Enter")
        assert page.evaluate("document.getElementById('verdict-details').open")
        names = page.locator("#verdict-checks > li").evaluate_all("items => items.map((item) => item.dataset.check)")
        assert names == ["signature", "key", "controller", "dates", "status", "page"]
        suites = page.locator("[data-check=signature] li").evaluate_all(
            "items => items.map((item) => item.dataset.check)"
        )
        assert sorted(suites) == ["proof eddsa-jcs-2022", "proof eddsa-rdfc-2022"]


def test_the_list_says_when_it_was_checked(site: Site) -> None:
    with site.page(fragment=f"#m={site.salts['Ada Lovelace']}") as page:
        assert answer(page, "person0@example.org").startswith("Yes")
        page.clock.set_fixed_time("2026-06-01T12:02:00Z")
        page.click("#verdict summary")
        page.locator("#verdict-checks", has_text="12:02:00 UTC, 1 June 2026").wait_for()
        # What somebody was told in the meantime still stands there.
        assert page.inner_text(".match [role=status]").startswith("Yes")


def test_the_domain_is_what_a_reader_is_told_to_compare(site: Site) -> None:
    with site.page() as page:
        note = "The issuer calls itself Test School. Compare the domain, not the name."
        assert page.inner_text("#verdict-headline strong") == HOST
        assert page.inner_text("#verdict .note") == note


# --- how it looks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_screen_and_the_name_is_the_largest(site: Site, name: str) -> None:
    with site.page(name) as page:
        page.click("#verdict summary")
        page.click(".embed summary")
        # 640 is a screen of 1280 at 200 %.
        for width in (320, 360, 640, 768, 1280, 2560):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            edges = page.locator("main :not(.rosette)").evaluate_all(
                "found => found.map((one) => one.getBoundingClientRect().right)"
            )
            assert max(edges) <= width
            sizes = page.locator("main :is(h1, h2, p, dd, li)").evaluate_all(
                "found => found.map((one) => [parseFloat(getComputedStyle(one).fontSize), one.localName])"
            )
            assert [tag for size, tag in sizes if size == max(sizes)[0]] == ["h1"]


@pytest.mark.parametrize("name", NAMES)
def test_the_certificate_is_one_sheet(site: Site, name: str) -> None:
    with site.page(name) as page:
        for paper, landscape in (("A4", False), ("A4", True), ("Letter", False), ("Letter", True)):
            printed = page.pdf(format=paper, landscape=landscape, print_background=True)
            assert re.findall(rb"/Type /Pages\s*/Count ([0-9]+)", printed) == [b"1"]
        page.emulate_media(media="print")
        for seen in ("h1", ".artwork img", ".facts", ".imprint img", ".imprint p"):
            assert page.is_visible(seen), seen
        for unseen in ("header.site", "footer.site", "#verdict", ".took", ".yours", ".wrong", ".small-print"):
            assert not page.is_visible(unseen), unseen


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("index.html", "Ada Lovelace</bdi>", "Mallory Mayhem</bdi>", "This page was altered: the name is not"),
        ("credential.json", "Ada Lovelace", "Ada Lovelage", "This file was changed after it was signed"),
    ],
)
def test_what_failed_its_check_leaves_no_certificate(site: Site, name: str, old: str, new: str, sentence: str) -> None:
    file = site.folder / site.paths["Ada Lovelace"] / name
    as_built = file.read_text("utf-8")
    assert old in as_built
    file.write_text(as_built.replace(old, new), "utf-8")
    try:
        with site.page(verdict="fails", viewport={"width": 360, "height": 700}) as page:
            # In line with the rest, wherever it is shown.
            assert page.locator("#verdict").bounding_box()["x"] == page.locator("header.site").bounding_box()["x"]
            page.emulate_media(media="print")
            assert page.inner_text("#verdict-headline").startswith(sentence) and page.is_visible("#verdict-headline")
            assert not page.is_visible("h1") and not page.is_visible(".imprint") and not page.is_visible(".seal")
            assert re.findall(rb"/Type /Pages\s*/Count ([0-9]+)", page.pdf(format="A4")) == [b"1"]
    finally:
        file.write_text(as_built, "utf-8")
