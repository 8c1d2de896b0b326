"""The page /verify/ as a reader uses it: real Chromium, real TLS, credentials of this site, of other sites and of strangers."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from site_builder.credentials.rosette.drawing import rosette_digest, rosette_words
from site_builder.issuing.transaction.issue import Issued
from tests.serving import chromium, served, write_certificate
from tests.support import BASE, issue_all, publish_to, write_repository
from tests.test_bake import BAKED
from tests.test_successor import ANEW, FOLDER, STANDS, VERSIONS_URL, after_rotation, kept_copy, replaced
from tests.test_verifiers_agree import BASE as STRANGER_BASE
from tests.test_verifiers_agree import DID_URL, LIST_URL, STATUS_LIST, UNSIGNED, Case, did_document, sign

HOST = "badges.laurels.example"
# Another site made with Laurels, and one whose host lets no other site's pages read its files.
OPEN_HOST, CLOSED_HOST = "open.laurels.example", "closed.laurels.example"
NOW = "2026-06-01T12:00:00Z"
Json = dict[str, Any]


@dataclass
class Desk:
    """A browser at the page, and the folders of the sites that it can reach."""

    browser: Any
    sites: dict[str, Path]
    ids: dict[str, dict[str, str]]
    salts: dict[str, str]

    def folder(self, host: str = HOST) -> Path:
        """The files of Ada Lovelace's credential."""
        return self.sites[host] / "c" / self.ids[host]["Ada Lovelace"]

    def address(self, host: str = HOST) -> str:
        return f"https://{host}/c/{self.ids[host]['Ada Lovelace']}/"

    def open(self) -> Visit:
        context = self.browser.new_context(ignore_https_errors=True)
        visit = Visit(context, context.new_page())
        visit.page.on("request", lambda request: visit.asked.append(request.url))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on("console", lambda message: visit.complaints.append(message.text))
        visit.page.clock.set_fixed_time(NOW)
        visit.page.goto(f"{BASE}verify/")
        return visit


@dataclass
class Visit:
    """One reader at the page."""

    context: Any
    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def choose(self, raw: bytes, name: str = "badge.json") -> Visit:
        self.page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": raw})
        return self.wait()

    def drop(self, raw: bytes, name: str = "badge.json") -> Visit:
        dropped = self.page.evaluate_handle(
            """([text, name]) => {
                const found = new DataTransfer();
                found.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
                return found;
            }""",
            [base64.b64encode(raw).decode(), name],
        )
        self.page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
        return self.wait()

    def paste(self, text: str) -> Visit:
        self.page.fill("#text", text)
        self.page.click("#text-form button")
        return self.wait()

    def wait(self) -> Visit:
        self.page.wait_for_selector("#verdict:not([data-verdict=none]), .error:not(:empty)")
        return self

    def open_list(self) -> Visit:
        self.page.click("#verdict summary")
        self.page.wait_for_selector('[data-check="proof eddsa-rdfc-2022"]:not([data-result=not_checked])')
        return self

    @property
    def verdict(self) -> str:
        return str(self.page.get_attribute("#verdict", "data-verdict"))

    @property
    def headline(self) -> str:
        return str(self.page.inner_text("#verdict-headline"))

    def error(self, name: str) -> str:
        return str(self.page.inner_text(f"#{name}-error"))

    def says(self) -> str:
        return " ".join(self.page.inner_text("#says").split())

    def facts(self) -> dict[str, str]:
        rows = self.page.locator("#facts > div").all()
        return {row.locator("dt").inner_text(): ", ".join(row.locator("dd").all_inner_texts()) for row in rows}

    def result(self, check: str) -> str:
        return str(self.page.get_attribute(f'[data-check="{check}"]', "data-result"))


def _ids(root: Path, issued: Issued) -> dict[str, str]:
    names = {}
    for award in issued.awards:
        document = json.loads((root / award.folder / "credential.json").read_bytes())
        names[document["credentialSubject"]["identifier"][0]["identityHash"]] = award.id
    return names


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    scratch = tmp_path_factory.mktemp("sites")
    desk = Desk(None, {}, {}, {})
    for host in (HOST, OPEN_HOST, CLOSED_HOST):
        root = write_repository(scratch / f"{host}-repository", base=f"https://{host}/")
        issued = issue_all(root, seed=host)
        desk.ids[host] = _ids(root, issued)
        desk.sites[host] = publish_to(root, scratch / host)
        for award in issued.awards:
            ledger = json.loads((root / award.folder / "award.json").read_bytes())
            desk.salts[award.id] = ledger["versions"][0]["salt"]
    certificate = write_certificate(scratch, [HOST, OPEN_HOST, CLOSED_HOST])
    with (
        served(desk.sites[HOST], certificate) as port,
        served(desk.sites[OPEN_HOST], certificate, is_open=True) as open_port,
        served(desk.sites[CLOSED_HOST], certificate) as closed_port,
        chromium({HOST: port, OPEN_HOST: open_port, CLOSED_HOST: closed_port}) as browser,
    ):
        desk.browser = browser
        yield desk


@pytest.fixture
def visit(desk: Desk) -> Iterator[Visit]:
    opened = desk.open()
    yield opened
    opened.context.close()


STATEMENT = "Test School says: Ada Lovelace earned Knots, 14 May 2026"


# -- ways in ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["credential.json", "badge.png", "badge.svg"])
def test_a_chosen_file_is_verified_and_says_who_says_what_about_whom(name: str, desk: Desk, visit: Visit) -> None:
    visit.choose((desk.folder() / name).read_bytes(), name)
    assert visit.verdict == "holds"
    assert visit.headline == f"Checked in this browser just now: signed by {HOST}, unchanged, not revoked."
    assert visit.page.inner_text("#verdict-headline strong") == HOST
    assert visit.says() == STATEMENT
    facts = visit.facts()
    assert facts["Awarded"] == "14 May 2026" and facts["Valid until"] == "14 May 2028"
    assert facts["Issuer"] == f"did:web:{HOST}:issuers:school"
    assert visit.complaints == []


@pytest.mark.parametrize("name", ["credential.json", "badge.png", "badge.svg"])
def test_a_dropped_file_is_verified(name: str, desk: Desk, visit: Visit) -> None:
    visit.drop((desk.folder() / name).read_bytes(), name)
    assert visit.verdict == "holds" and visit.says() == STATEMENT and visit.complaints == []


def test_a_pasted_text_is_verified(desk: Desk, visit: Visit) -> None:
    visit.paste(" " + (desk.folder() / "credential.json").read_text("ascii"))
    assert visit.verdict == "holds" and visit.complaints == []


@pytest.mark.parametrize("host", [HOST, OPEN_HOST])
@pytest.mark.parametrize("name", ["", "#m=x", "credential.json", "badge.png", "badge.svg"])
def test_a_pasted_address_is_verified(name: str, host: str, desk: Desk, visit: Visit) -> None:
    visit.paste(f" {desk.address(host)}{name}\n")
    assert visit.verdict == "holds" and visit.says() == STATEMENT
    assert visit.page.inner_text("#verdict-headline strong") == host
    assert visit.complaints == []


def test_a_file_pasted_anywhere_is_verified(desk: Desk, visit: Visit) -> None:
    visit.page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([text], "credential.json"));
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
        }""",
        (desk.folder() / "credential.json").read_text("ascii"),
    )
    assert visit.wait().verdict == "holds"


def test_the_whole_page_works_with_the_keyboard(desk: Desk, visit: Visit) -> None:
    keyboard = visit.page.keyboard
    seen = []
    for _ in range(12):
        keyboard.press("Tab")
        seen.append(visit.page.evaluate("document.activeElement.id"))
        if seen[-1] == "text":
            break
    assert "file" in seen
    keyboard.insert_text(desk.address())
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert visit.wait().verdict == "holds"
    keyboard.press("Tab")
    keyboard.press("Enter")
    visit.page.wait_for_selector('[data-check="proof eddsa-rdfc-2022"][data-result=passed]')


def test_the_opened_list_has_both_proofs(desk: Desk, visit: Visit) -> None:
    visit.choose((desk.folder() / "credential.json").read_bytes()).open_list()
    assert visit.verdict == "holds" and visit.complaints == []
    assert visit.result("proof eddsa-rdfc-2022") == visit.result("proof eddsa-jcs-2022") == "passed"


def test_the_rosette_and_the_four_words_are_those_of_the_credential(desk: Desk, visit: Visit) -> None:
    raw = (desk.folder() / "credential.json").read_bytes()
    visit.choose(raw)
    visit.page.wait_for_selector("#seal svg path", state="attached")
    words = " ".join(rosette_words(rosette_digest(json.loads(raw))))
    assert visit.page.inner_text("#seal strong") == words
    assert words in (desk.folder() / "index.html").read_text("utf-8")
    visit.choose(raw.replace(b"Ada Lovelace", b"Ida Lovelace"))
    assert visit.verdict == "fails" and visit.page.locator("#seal svg").count() == 0


def test_a_second_credential_takes_the_place_of_the_first(desk: Desk, visit: Visit) -> None:
    visit.choose((desk.folder() / "credential.json").read_bytes()).open_list()
    grace = desk.sites[HOST] / "c" / desk.ids[HOST]["Grace Hopper"] / "credential.json"
    visit.choose(grace.read_bytes()).open_list()
    assert "Grace Hopper" in visit.says() and "Ada" not in visit.page.inner_text("main")
    visit.paste("nothing of the kind")
    assert visit.error("text") and "Grace" not in visit.page.inner_text("main")


# -- other issuers ---------------------------------------------------------------------------------------------------


def test_only_what_the_credential_names_is_asked(desk: Desk, visit: Visit) -> None:
    visit.choose((desk.folder(OPEN_HOST) / "badge.png").read_bytes())
    assert visit.verdict == "holds" and visit.complaints == []
    asked = {url for url in visit.asked if not url.startswith(BASE)}
    assert asked == {f"https://{OPEN_HOST}/issuers/school/{path}" for path in ("did.json", "status/1.json")}


def test_an_issuer_that_lets_no_browser_read_could_not_be_checked(desk: Desk, visit: Visit) -> None:
    visit.choose((desk.folder(CLOSED_HOST) / "credential.json").read_bytes())
    assert visit.verdict == "unknown" and visit.result("key") == "could_not_check"
    assert f"Could not reach {CLOSED_HOST}, which lists the issuer's signing keys." in visit.page.text_content(
        "#verdict-checks"
    )
    assert visit.says() == "" and visit.facts() == {}


def test_an_address_that_lets_no_browser_read_says_what_to_do(desk: Desk, visit: Visit) -> None:
    visit.paste(desk.address(CLOSED_HOST))
    assert f"{CLOSED_HOST} does not answer" in visit.error("text")
    assert "choose it here" in visit.error("text")
    assert visit.page.evaluate("document.activeElement.id") == "text"
    assert visit.page.get_attribute("#text", "aria-invalid") == "true" and not visit.page.is_visible("#result")


def test_an_address_that_leads_elsewhere_is_not_followed(desk: Desk, visit: Visit) -> None:
    visit.page.route(
        f"https://{OPEN_HOST}/moved",
        lambda route: route.fulfill(
            status=302, headers={"location": desk.address(OPEN_HOST), "access-control-allow-origin": "*"}
        ),
    )
    visit.paste(f"https://{OPEN_HOST}/moved")
    assert "Could not read this address" in visit.error("text") and desk.address(OPEN_HOST) not in visit.asked


# -- what its issuer has replaced since -------------------------------------------------------------------------------


def test_a_replaced_version_says_so_and_leads_to_the_current_one(desk: Desk, visit: Visit) -> None:
    visit.choose(given(visit, replaced()))
    assert (visit.verdict, visit.headline) == ("superseded", STANDS)
    assert visit.page.inner_text("#verdict .successor") == f"The current version: {FOLDER}"
    assert visit.page.get_attribute("#verdict .successor a", "href") == FOLDER
    assert visit.open_list().verdict == "superseded" and visit.page.locator("#verdict .successor").count() == 1
    assert visit.complaints == []
    visit.choose((desk.folder() / "credential.json").read_bytes())
    assert visit.verdict == "holds" and visit.page.locator("#verdict .successor").count() == 0


def test_a_revoked_credential_without_a_newer_version_is_revoked(visit: Visit) -> None:
    case = replaced()
    del case.responses[VERSIONS_URL]
    visit.choose(given(visit, case))
    assert visit.headline == "Revoked by harbour.example.org: the issuer has withdrawn this credential."
    assert visit.verdict == "revoked" and visit.page.locator("#verdict .successor").count() == 0


def test_a_file_of_a_key_that_was_given_up_leads_to_the_one_that_was_signed_anew(visit: Visit) -> None:
    case = after_rotation("compromised")
    kept_copy(case)
    visit.choose(given(visit, case))
    assert (visit.verdict, visit.headline) == ("fails", ANEW)
    assert visit.page.get_attribute("#verdict .successor a", "href") == FOLDER
    assert visit.says() == "" and visit.facts() == {}


# -- what is not as it was signed --------------------------------------------------------------------------------------


def test_a_changed_letter_fails_and_nothing_of_it_is_repeated(desk: Desk, visit: Visit) -> None:
    raw = (desk.folder() / "credential.json").read_bytes().replace(b"Ada Lovelace", b"Ida Lovelace")
    visit.choose(raw)
    assert visit.verdict == "fails" and visit.result("signature") == "failed"
    assert visit.says() == "" and visit.facts() == {} and "Ida" not in visit.page.inner_text("main")


def test_a_changed_letter_in_a_picture_fails(desk: Desk, visit: Visit) -> None:
    visit.drop((desk.folder() / "badge.svg").read_bytes().replace(b"Ada Lovelace", b"Ida Lovelace"), "badge.svg")
    assert visit.verdict == "fails"
    visit.drop((desk.folder() / "badge.png").read_bytes().replace(b"Ada Lovelace", b"Ida Lovelace"), "badge.png")
    assert "a checksum is wrong" in visit.error("file")


def stranger(visit: Visit, change: Callable[[Json], Any]) -> bytes:
    """A credential that an issuer of its own signs, whatever it says; its addresses answer."""
    document = copy.deepcopy(UNSIGNED)
    change(document)
    return given(visit, Case(sign(document), {DID_URL: did_document(), LIST_URL: STATUS_LIST}))


def given(visit: Visit, case: Case) -> bytes:
    """The bytes of a credential whose addresses answer from now on."""
    answers = case.answers()
    visit.page.route(
        f"{STRANGER_BASE}**",
        lambda route: route.fulfill(
            status=200 if route.request.url in answers else 404,
            body=answers.get(route.request.url, b""),
            headers={"access-control-allow-origin": "*"},
        ),
    )
    return case.encoded()


def test_a_stranger_s_words_are_words_and_load_nothing(visit: Visit) -> None:
    hostile = '<img src="https://spy.example/" onerror="document.title=1">\u202egnp\n{domain}'

    def change(document: Json) -> None:
        document["issuer"]["name"] = document["credentialSubject"]["achievement"]["name"] = hostile
        document["credentialSubject"]["identifier"][0]["identityHash"] = hostile
        document["issuer"]["url"] = "https://harbour.example.org/\u202e"
        document["issuer"]["image"] = {"id": "https://spy.example/logo.png", "type": "Image"}
        document["evidence"][0]["id"] = "data:text/html,script"

    visit.choose(stranger(visit, change))
    assert visit.verdict == "holds" and visit.complaints == []
    assert visit.says().count("<img src=") == 3 and "\u202e" not in visit.page.inner_text("main")
    assert visit.page.locator("#result img").count() == 0
    links = [link.get_attribute("href") for link in visit.page.locator("#facts a").all()]
    assert links == [UNSIGNED["id"]]
    assert {url.split("/")[2] for url in visit.asked} == {HOST, "harbour.example.org"}


def test_results_stand_under_the_names_that_the_achievement_gives_them(visit: Visit) -> None:
    description = {"type": ["ResultDescription"], "id": "urn:uuid:1", "name": "Issuer", "resultType": "RawScore"}
    skill = {"type": ["Alignment"], "targetName": "Resuscitation", "targetUrl": "https://skills.example.org/1"}

    def change(document: Json) -> None:
        document["credentialSubject"]["achievement"] |= {"resultDescription": [description], "alignment": [skill]}
        document["credentialSubject"]["result"] = [
            {"type": ["Result"], "resultDescription": "urn:uuid:1", "value": "27"},
            {"type": ["Result"], "resultDescription": "urn:uuid:2", "status": "Completed"},
        ]

    facts = visit.choose(stranger(visit, change)).facts()
    assert (facts["Result: Issuer"], facts["Result"], facts["Skill"]) == ("27", "Completed", "Resuscitation")
    assert facts["Issuer"] == UNSIGNED["issuer"]["id"]


@pytest.mark.parametrize(
    "address", ["https://192.168.0.1/list.json", "https://router/list.json", "https://printer.local/list.json"]
)
def test_a_document_cannot_make_the_browser_ask_its_own_network(address: str, visit: Visit) -> None:
    visit.choose(stranger(visit, lambda document: document["credentialStatus"].update(statusListCredential=address)))
    assert visit.verdict == "unknown" and visit.result("status") == "could_not_check"
    assert address not in visit.asked


def test_a_key_named_proto_changes_nothing(visit: Visit) -> None:
    raw = stranger(visit, lambda document: None).replace(b"{", b'{"__proto__": {"polluted": "yes"},', 1)
    visit.choose(raw)
    assert visit.verdict == "fails" and visit.page.evaluate("({}).polluted") is None


# -- what is no credential -------------------------------------------------------------------------------------------

NO_CREDENTIAL = {
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(9), "This is a JPEG picture. It cannot carry a credential"),
    "a PDF": (b"%PDF-1.7", "This is a PDF document"),
    "a baked token": ((BAKED / "ob3/simple-jwt.png").read_bytes(), "JSON Web Token"),
    "an Open Badges 2.0 picture": (
        (BAKED / "ob2/simple-badge.png").read_bytes(),
        "Open Badges 2.0 badge of example.org",
    ),
    "nothing": (b"", "This file is empty"),
    "more than 12 MB": (bytes(12 * 1_048_576 + 1), "larger than 12 MB"),
}


@pytest.mark.parametrize("name", NO_CREDENTIAL)
def test_a_file_of_another_form_is_named_and_says_what_helps(name: str, visit: Visit) -> None:
    raw, sentence = NO_CREDENTIAL[name]
    visit.choose(raw)
    assert visit.verdict == "not_supported" and sentence in visit.headline
    assert visit.error("file") == "" and visit.complaints == []
    # The headline says it all: there is no list of checks that says it again.
    assert not visit.page.is_visible("#verdict-details") and visit.says() == ""


UNREADABLE = {
    "a damaged picture": ((BAKED / "ob3/simple-jwt.png").read_bytes()[:-9], "cut off"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(name: str, visit: Visit) -> None:
    raw, sentence = UNREADABLE[name]
    visit.choose(raw)
    assert sentence in visit.error("file") and visit.error("file").endswith(".")
    assert visit.page.get_attribute("#file", "aria-invalid") == "true" and not visit.page.is_visible("#result")
    assert visit.complaints == []


def test_a_name_in_the_subject_is_shown_as_the_recipient_s(visit: Visit) -> None:
    def change(document: Json) -> None:
        del document["credentialSubject"]["identifier"]
        document["credentialSubject"]["name"] = "Pat Example"

    visit.choose(stranger(visit, change))
    assert visit.verdict == "holds" and "says: Pat Example earned" in visit.says()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "neither an https address nor the text"),
        ("Ada Lovelace", "neither an https address nor the text"),
        ("javascript:alert(1)", "neither an https address nor the text"),
        ("http://badges.laurels.example/c/x/", "does not begin with https://"),
        ("https://user:word@badges.laurels.example/", "not one on the public web"),
        ("https://127.0.0.1/", "not one on the public web"),
        ("https://localhost/", "not one on the public web"),
        ("https://[::1]/", "not one on the public web"),
        ("https://nowhere.laurels.example/c/x/", "nowhere.laurels.example does not answer"),
    ],
)
def test_a_text_that_leads_to_no_credential_says_why(text: str, sentence: str, visit: Visit) -> None:
    visit.paste(text)
    assert sentence in visit.error("text")
    assert visit.page.evaluate("document.activeElement.id") == "text"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"name": "Ada"}', "This is JSON"),
        ("eyJhbGciOiJFZERTQSJ9.e30.AAAA", "JSON Web Token"),
        ("www.credly.com/badges/1/public_url", "Share and Download"),
    ],
)
def test_text_that_is_no_credential_is_named(text: str, words: str, visit: Visit) -> None:
    visit.paste(text)
    assert visit.verdict == "not_supported" and words in visit.headline


# -- the e-mail address ----------------------------------------------------------------------------------------------


def test_who_has_the_recipient_s_own_link_can_compare_an_address(desk: Desk, visit: Visit) -> None:
    award = desk.ids[HOST]["Ada Lovelace"]
    visit.paste(f"{desk.address()}#m={desk.salts[award]}")
    for address, answer in (("Ada@Example.org ", "Yes"), ("grace@example.org", "No")):
        visit.page.fill("#match-address", address)
        visit.page.press("#match-address", "Enter")
        visit.page.get_by_text(f"{answer}:", exact=False).wait_for()
    assert all("#m=" not in url and "ada" not in url.lower() for url in visit.asked)


def test_without_that_link_no_field_is_offered(desk: Desk, visit: Visit) -> None:
    visit.choose((desk.folder() / "credential.json").read_bytes())
    assert visit.page.locator("#match-address").count() == 0


# -- the page itself -------------------------------------------------------------------------------------------------


def test_without_a_script_the_page_says_that_it_needs_one(desk: Desk) -> None:
    context = desk.browser.new_context(ignore_https_errors=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{BASE}verify/")
    assert "needs JavaScript" in page.inner_text("main") and not page.is_visible("#file")
    context.close()


def test_the_page_is_in_the_header_and_in_the_sitemap(desk: Desk, visit: Visit) -> None:
    assert f"{BASE}verify/" in (desk.sites[HOST] / "sitemap.xml").read_text()
    assert visit.page.get_attribute("header nav a[aria-current=page]", "href") == "../verify/"


@pytest.mark.parametrize("width_px", [320, 768, 2560])
def test_nothing_is_wider_than_the_window(width_px: int, desk: Desk, visit: Visit) -> None:
    visit.page.set_viewport_size({"width": width_px, "height": 800})
    visit.choose((desk.folder() / "credential.json").read_bytes()).open_list()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width_px
