"""The committed script of the credential page, in a real browser, under the policy that pages are served with."""

from __future__ import annotations

import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from site_builder.encoding import format_base64url, format_json
from tests.statement_pages import statement_html
from tests.test_verifiers_agree import (
    ADDRESS,
    BASE,
    CREDENTIAL,
    DID_URL,
    INDEX,
    LIST_URL,
    OTHER_DID,
    OTHER_DID_URL,
    PUBLIC_KEY,
    STATUS_LIST,
    UNSIGNED,
    Json,
    did_document,
    packed,
    sign,
    sound_html,
    unsigned_list,
)

sync_api = pytest.importorskip("playwright.sync_api")

SCRIPT = Path(__file__).parents[1] / "site_builder" / "verification" / "browser" / "dist" / "statement.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self' https:; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--disable-sync", "--no-first-run"]


def page_html(*, extra: str = "", tombstone: bool = False) -> str:
    return sound_html(tombstone=tombstone).replace("</main>", f"{extra}</main>")


def site(*, without: tuple[str, ...] = (), **files: Any) -> dict[str, bytes]:
    """What a site serves, by path below its root. without: scripts that cannot be reached."""
    found: dict[str, Any] = {
        "c": page_html().encode("utf-8"),
        "credential": CREDENTIAL,
        "did": did_document(),
        "status": STATUS_LIST,
    } | files
    paths = {
        "c": ADDRESS.removesuffix("credential.json"),
        "credential": ADDRESS,
        "did": DID_URL.removeprefix(BASE),
        "status": LIST_URL.removeprefix(BASE),
    }
    served = {
        paths[name]: body if isinstance(body, bytes) else format_json(body)
        for name, body in found.items()
        if body is not None
    }
    scripts = {f"assets/{name}": SCRIPT.with_name(name).read_bytes() for name in ("statement.js", "page.js", "rdfc.js")}
    return served | {path: body for path, body in scripts.items() if path not in without}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield opened
        opened.close()


# The list is shown anew once the second checker has spoken, or could not.
WIDENED = '[data-check="proof eddsa-rdfc-2022"]:not([data-result=not_checked])'


def visit(browser: Any, served: dict[str, bytes], *, root: str = BASE, opened_list: bool = False) -> Json:
    """What the page shows after its check: verdict, headline, and the result of each check. opened_list: after its click."""
    opened = browser.new_page()
    problems: list[str] = []
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url.removeprefix(root)))
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if "Policy" in message.text else None)

    def serve(route: Any) -> None:
        body = served.get(route.request.url.removeprefix(root))
        kind = "text/html" if route.request.url.endswith("/") else "text/javascript"
        headers = {"content-type": kind, "content-security-policy": POLICY}
        route.fulfill(status=404 if body is None else 200, headers=headers, body=body or b"")

    opened.route("**/*", serve)
    opened.goto(root + ADDRESS.removesuffix("credential.json"))
    opened.wait_for_selector("#verdict:not([data-verdict=none])")
    if opened_list:
        opened.click("#verdict-details summary")
        opened.wait_for_selector(WIDENED)
    shown: Json = opened.evaluate(
        """() => ({
            verdict: document.getElementById("verdict").dataset.verdict,
            headline: document.getElementById("verdict-headline").textContent,
            strong: [...document.querySelectorAll("#verdict-headline strong")].map((found) => found.textContent),
            is_open_to_read: !document.getElementById("verdict-details").hidden,
            text: document.getElementById("verdict-checks").textContent,
            checks: Object.fromEntries([...document.querySelectorAll("#verdict-checks li")]
                .map((item) => [item.dataset.check, item.dataset.result])),
            sources: [...document.querySelectorAll("#verdict-checks small")].map((found) => found.textContent),
        })"""
    )
    opened.close()
    assert problems == []
    return shown | {"asked": asked}


def test_a_sound_credential_at_its_address_holds(browser: Any) -> None:
    shown = visit(browser, site())
    assert (
        shown["headline"] == "Checked in this browser just now: signed by harbour.example.org, unchanged, not revoked."
    )
    assert shown["verdict"] == "holds" and shown["strong"] == ["harbour.example.org"] and shown["is_open_to_read"]
    assert shown["checks"] == {
        "signature": "passed",
        "proof eddsa-rdfc-2022": "not_checked",
        "proof eddsa-jcs-2022": "passed",
        "key": "passed",
        "controller": "passed",
        "dates": "passed",
        "status": "passed",
        "page": "passed",
    }


RDFC_PROOF, JCS_PROOF = CREDENTIAL["proof"]


def test_the_second_checker_is_not_fetched_before_somebody_asks(browser: Any) -> None:
    assert "assets/rdfc.js" not in visit(browser, site())["asked"]


def test_opening_the_list_checks_the_other_proof_under_the_same_policy(browser: Any) -> None:
    shown = visit(browser, site(), opened_list=True)
    assert shown["verdict"] == "holds" and set(shown["checks"].values()) == {"passed"}
    assert "The proof eddsa-rdfc-2022 fits." in shown["text"]
    assert shown["asked"].count("assets/rdfc.js") == 1 and shown["asked"].count(DID_URL.removeprefix(BASE)) == 1


def test_a_proof_that_fails_when_the_list_is_opened_turns_the_verdict(browser: Any) -> None:
    forged = {**CREDENTIAL, "proof": [RDFC_PROOF | {"created": "2026-05-14T08:00:01Z"}, JCS_PROOF]}
    assert visit(browser, site(credential=forged))["verdict"] == "holds"
    shown = visit(browser, site(credential=forged), opened_list=True)
    assert shown["verdict"] == "fails" and shown["checks"]["proof eddsa-rdfc-2022"] == "failed"
    assert shown["headline"] == "This file was changed after it was signed. Do not rely on this."


@pytest.mark.parametrize("name", ["credential", "status"])
def test_what_has_the_rdfc_proof_only_is_checked_at_once(name: str, browser: Any) -> None:
    document = {"credential": CREDENTIAL, "status": STATUS_LIST}[name]
    files: dict[str, Any] = {name: {**document, "proof": document["proof"][:1]}}
    shown = visit(browser, site(**files))
    assert shown["verdict"] == "holds" and shown["checks"]["status"] == "passed"


def test_a_checker_that_cannot_be_loaded_is_named_and_leaves_the_verdict(browser: Any) -> None:
    shown = visit(browser, site(without=("assets/rdfc.js",)), opened_list=True)
    assert shown["verdict"] == "holds" and shown["checks"]["proof eddsa-rdfc-2022"] == "could_not_check"
    assert "The program that checks the proof eddsa-rdfc-2022 could not be loaded." in shown["text"]


def test_without_any_checker_the_verdict_is_neither_good_nor_bad(browser: Any) -> None:
    credential = {**CREDENTIAL, "proof": RDFC_PROOF}
    shown = visit(browser, site(credential=credential, without=("assets/rdfc.js",)))
    assert shown["verdict"] == "unknown" and shown["checks"]["signature"] == "could_not_check"
    assert "The program that checks its signature could not be loaded." in shown["text"]


def test_a_page_that_could_not_be_compared_is_not_vouched_for(browser: Any) -> None:
    shown = visit(browser, site(without=("assets/page.js",)))
    assert shown["verdict"] == "unknown" and shown["checks"]["page"] == "could_not_check"
    assert "The program that compares the page could not be loaded" in shown["text"]


def test_a_file_that_cannot_be_read_is_named_by_its_host(browser: Any) -> None:
    shown = visit(browser, site(credential=None))
    assert shown["verdict"] == "unknown" and shown["headline"].endswith("Try again later.")
    assert shown["headline"].startswith("Could not read the signed credential from harbour.example.org")


def test_a_page_and_a_script_of_two_versions_are_told_so(browser: Any) -> None:
    other = re.sub('(laurels-release" content=")[0-9a-f]+', rf"\g<1>{'0' * 32}", page_html())
    shown = visit(browser, site(c=other.encode()))
    assert shown["verdict"] == "unknown" and shown["checks"]["page"] == "could_not_check"
    assert "are of two versions, so the page was not compared" in shown["headline"]


def test_a_script_in_the_place_of_the_checker_that_is_none_is_not_loaded(browser: Any) -> None:
    served = site() | {"assets/rdfc.js": b"export const canonicalise = () => [];"}
    assert visit(browser, served, opened_list=True)["checks"]["proof eddsa-rdfc-2022"] == "could_not_check"


def test_a_copy_is_checked_against_its_own_files_and_says_so(browser: Any) -> None:
    shown = visit(browser, site(), root="https://mirror.example.net/kept/")
    assert shown["verdict"] == "copy" and shown["strong"] == ["harbour.example.org"] * 2
    assert any(source.startswith("https://mirror.example.net/kept/issuers/") for source in shown["sources"])


def test_a_copy_asks_for_a_key_on_another_host_there_and_not_in_itself(browser: Any) -> None:
    method = f"{OTHER_DID}#key-1"
    credential = sign(UNSIGNED | {"issuer": UNSIGNED["issuer"] | {"id": OTHER_DID}}, method=method)
    html = statement_html(credential, multibase=PUBLIC_KEY)
    status = sign(unsigned_list() | {"issuer": OTHER_DID}, method=method)
    served = site(c=html.encode("utf-8"), credential=credential, status=status, did=did_document(did=OTHER_DID))
    root = "https://mirror.example.net/kept/"
    assert visit(browser, served, root=root)["checks"]["key"] == "could_not_check"
    shown = visit(browser, served | {OTHER_DID_URL: format_json(did_document(did=OTHER_DID))}, root=root)
    assert (shown["verdict"], shown["checks"]["key"]) == ("copy", "passed")
    assert OTHER_DID_URL in shown["asked"] and "issuers/harbour/did.json" not in shown["asked"]


# Two gzip members: the standard's list is one, and a browser must not read on.
EMPTY_PART_FIRST = "u" + format_base64url(zlib.compress(b"", wbits=31) + zlib.compress(bytes(16_384), wbits=31))


def list_packed_as(encoded: str) -> Json:
    document = unsigned_list()
    document["credentialSubject"]["encodedList"] = encoded
    return sign(document)


def links_swapped() -> str:
    """The page on which each skill's name is in the other one's link: every statement by itself is a signed one."""
    html = page_html()
    first, second = re.findall(r'<a [^>]*targetUrl"[^>]*>', html)
    return html.replace(first, "<first>").replace(second, first).replace("<first>", second)


UNSOUND: dict[str, tuple[dict[str, Any], str]] = {
    "changed after signing": ({"credential": {**CREDENTIAL, "name": "Other"}}, "fails"),
    "a page that says more": ({"c": page_html(extra="Best of all").encode()}, "fails"),
    "a page with a link more": ({"c": page_html(extra='<p data-claim="/x"><a href="/">x</a></p>').encode()}, "fails"),
    "a page with a skill that leads elsewhere": (
        {"c": page_html().replace("https://skills.example/calm", "https://skills.example/other").encode()},
        "fails",
    ),
    "a page whose skills changed places": ({"c": links_swapped().encode()}, "fails"),
    "a tombstone without reason": ({"c": page_html(tombstone=True).encode()}, "fails"),
    "revoked": ({"status": sign(unsigned_list(INDEX))}, "revoked"),
    "revoked, and the page says so": (
        {"status": sign(unsigned_list(INDEX)), "c": page_html(tombstone=True).encode()},
        "revoked",
    ),
    "key document out of reach": ({"did": None}, "unknown"),
    "status list out of reach": ({"status": None}, "unknown"),
    "status list with something behind": ({"status": list_packed_as(packed(bytes(16_384), after=b"more"))}, "fails"),
    "status list with an empty part before": ({"status": list_packed_as(EMPTY_PART_FIRST)}, "fails"),
    "status list cut off": ({"status": list_packed_as(packed(bytes(16_384))[:-12])}, "fails"),
    "no credential": ({"credential": None}, "unknown"),
    "not JSON": ({"credential": b"<html>"}, "fails"),
    "more than five megabytes": ({"credential": b" " * (5 * 1_048_576 + 1)}, "unknown"),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_the_page_has_no_good_word_for(name: str, browser: Any) -> None:
    files, verdict = UNSOUND[name]
    assert visit(browser, site(**files))["verdict"] == verdict


def test_a_page_opened_from_a_disk_is_not_checked(browser: Any, tmp_path: Path) -> None:
    for path, body in site().items():
        file = tmp_path / path / "index.html" if path.endswith("/") else tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    opened = browser.new_page()
    opened.goto((tmp_path / ADDRESS).with_name("index.html").as_uri())
    opened.wait_for_function("document.getElementById('verdict-headline').textContent.startsWith('Open this page')")
    assert opened.get_attribute("#verdict", "data-verdict") == "none"
    opened.close()


def test_a_browser_without_this_cryptography_says_so(browser: Any) -> None:
    """Pages over plain http have no crypto.subtle."""
    shown = visit(browser, site(), root="http://harbour.example.org/")
    assert shown["verdict"] == "unknown" and shown["checks"]["signature"] == "could_not_check"
    # Four words are a hash away, which such a browser does not work out.
    assert shown["checks"]["page"] == "could_not_check"
