"""The committed script of the credential page, in a real browser, under the policy that pages are served with."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from site_builder.encoding import format_base64url, format_json
from tests.test_verifiers_agree import (
    ADDRESS,
    BASE,
    CREDENTIAL,
    DID_URL,
    INDEX,
    LIST_URL,
    STATUS_LIST,
    Json,
    did_document,
    packed,
    sign,
    statements_html,
    unsigned_list,
)

sync_api = pytest.importorskip("playwright.sync_api")

SCRIPT = Path(__file__).parents[1] / "site_builder" / "verification" / "browser" / "dist" / "statement.js"
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self' https:; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ARGUMENTS += ["--disable-sync", "--no-first-run"]
VERDICT = (
    '<section id="verdict" data-fixed data-verdict="none"><p id="verdict-headline">Not checked in this browser.</p>'
    '<details id="verdict-details" hidden><summary>What was checked</summary><ul id="verdict-checks"></ul></details></section>'
)


def page_html(*, extra: str = "", tombstone: bool = False) -> str:
    stated = statements_html(CREDENTIAL, tombstone=tombstone)
    return (
        '<!doctype html><meta charset="utf-8"><link rel="alternate" type="application/vc" href="credential.json">'
        '<link rel="did" href="../../issuers/harbour/did.json"><script src="../../statement.js" defer></script>'
        f"<main data-statement{' data-tombstone' * tombstone}><h1 data-fixed>Credential</h1>\n{VERDICT}{stated}{extra}</main>"
    )


def site(**files: Any) -> dict[str, bytes]:
    """What a site serves, by path below its root."""
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
    return served | {"statement.js": SCRIPT.read_bytes()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield opened
        opened.close()


def visit(browser: Any, served: dict[str, bytes], *, root: str = BASE) -> Json:
    """What the page shows after its check: verdict, headline, and the result of each check."""
    opened = browser.new_page()
    problems: list[str] = []
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
    shown: Json = opened.evaluate(
        """() => ({
            verdict: document.getElementById("verdict").dataset.verdict,
            headline: document.getElementById("verdict-headline").textContent,
            strong: [...document.querySelectorAll("#verdict-headline strong")].map((found) => found.textContent),
            is_open_to_read: !document.getElementById("verdict-details").hidden,
            checks: Object.fromEntries([...document.querySelectorAll("#verdict-checks li")]
                .map((item) => [item.dataset.check, item.dataset.result])),
            sources: [...document.querySelectorAll("#verdict-checks small")].map((found) => found.textContent),
        })"""
    )
    opened.close()
    assert problems == []
    return shown


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


def test_a_copy_is_checked_against_its_own_files_and_says_so(browser: Any) -> None:
    shown = visit(browser, site(), root="https://mirror.example.net/kept/")
    assert shown["verdict"] == "copy" and shown["strong"] == ["harbour.example.org"] * 2
    assert any(source.startswith("https://mirror.example.net/kept/issuers/") for source in shown["sources"])


# Two gzip members: the standard's list is one, and a browser must not read on.
EMPTY_PART_FIRST = "u" + format_base64url(zlib.compress(b"", wbits=31) + zlib.compress(bytes(16_384), wbits=31))


def list_packed_as(encoded: str) -> Json:
    document = unsigned_list()
    document["credentialSubject"]["encodedList"] = encoded
    return sign(document)


UNSOUND: dict[str, tuple[dict[str, Any], str]] = {
    "changed after signing": ({"credential": {**CREDENTIAL, "name": "Other"}}, "fails"),
    "a page that says more": ({"c": page_html(extra="Best of all").encode()}, "fails"),
    "a page with a link more": ({"c": page_html(extra='<p data-claim="/x"><a href="/">x</a></p>').encode()}, "fails"),
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
