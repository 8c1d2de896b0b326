"""The credential page as an employer sees it: real Chromium, real TLS, the site's own host, a site that this test signs."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from site_builder.credentials.identifiers.multikey import format_public_key
from tests.serving import chromium, served, write_certificate
from tests.support import BASE, fake_key, issue_all, publish_to, write_repository

HOST, MIRROR = "badges.laurels.example", "mirror.laurels.example"
REVOKED = "revoke: {id}\ndate: 2026-05-20\nreason: issued-in-error\n"
NOW = "2026-06-01T12:00:00Z"


class Place:
    """A served site, a browser, and what is needed to look at a page of it."""

    def __init__(self, original: Path, folder: Path, browser: Any, ids: dict[str, str]) -> None:
        self.original, self.folder, self.browser, self.ids = original, folder, browser, ids

    def reset(self) -> None:
        """Serves the site as it was published."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.original, self.folder)

    def file(self, path: str) -> Path:
        return self.folder / path

    def edit(self, path: str, old: str, new: str) -> None:
        """Changes one place of a served file."""
        text = self.file(path).read_text("utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {path}"
        self.file(path).write_text(text.replace(old, new, 1), "utf-8")

    def look(
        self,
        name: str = "Ada Lovelace",
        *,
        host: str = HOST,
        now: str = NOW,
        script: bool = True,
        opened_list: bool = False,
    ) -> dict[str, Any]:
        """What the page of a recipient shows, and every address that the browser asked for."""
        context = self.browser.new_context(ignore_https_errors=True, java_script_enabled=script)
        page = context.new_page()
        asked: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        if script:
            page.clock.set_fixed_time(now)
        page.goto(f"https://{host}/c/{self.ids[name]}/")
        if script:
            page.wait_for_selector("#verdict:not([data-verdict=none])")
        if opened_list:
            page.click("#verdict summary")
            page.wait_for_selector('[data-check="proof eddsa-rdfc-2022"]:not([data-result=not_checked])')
        found = {
            "verdict": page.get_attribute("#verdict", "data-verdict"),
            "headline": page.inner_text("#verdict-headline"),
            "strong": page.locator("#verdict-headline strong").all_inner_texts(),
            "failed": [item.get_attribute("data-check") for item in page.locator("[data-result=failed]").all()],
            "text": page.inner_text("main"),
            "asked": asked,
            "complaints": complaints,
        }
        context.close()
        return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    root = write_repository(tmp_path_factory.mktemp("repository"))
    awards = issue_all(root).awards
    revoked = next(award for award in awards if "Grace Hopper" in (root / award.folder / "credential.json").read_text())
    (root / "content/records/school/revoke.yml").write_text(REVOKED.format(id=revoked.id), "utf-8")
    issue_all(root, seed="later")
    original = publish_to(root, tmp_path_factory.mktemp("original") / "site")
    ids = {"Ada Lovelace": next(award.id for award in awards if award.id != revoked.id), "Grace Hopper": revoked.id}
    folder = tmp_path_factory.mktemp("served") / "site"
    shutil.copytree(original, folder)
    certificate = write_certificate(folder.parent, [HOST, MIRROR])
    with served(folder, certificate) as port, chromium({HOST: port, MIRROR: port}) as browser:
        yield Place(original, folder, browser, ids)


@pytest.fixture(autouse=True)
def unchanged(place: Place) -> None:
    place.reset()


def test_a_sound_credential_at_its_own_address_holds_and_names_the_domain(place: Place) -> None:
    seen = place.look()
    assert seen["verdict"] == "holds"
    assert seen["headline"] == f"Checked in this browser just now: signed by {HOST}, unchanged, not revoked."
    assert seen["strong"] == [HOST]
    assert seen["complaints"] == []


def test_the_opened_list_checks_both_proofs_under_the_site_s_own_policy(place: Place) -> None:
    seen = place.look(opened_list=True)
    assert seen["verdict"] == "holds" and seen["complaints"] == []
    assert "The proof eddsa-rdfc-2022 fits." in seen["text"]
    assert f"{BASE}assets/rdfc.js" in seen["asked"] and all(url.startswith(BASE) for url in seen["asked"])


def test_a_visit_asks_nobody_but_the_site(place: Place) -> None:
    assert all(url.startswith(BASE) for url in place.look()["asked"])


def test_without_a_script_the_page_claims_no_check(place: Place) -> None:
    seen = place.look(script=False)
    assert seen["verdict"] == "none" and seen["headline"] == "Not checked in this browser."
    for stated in ("Test School certifies that", "Ada Lovelace", "Knots", "14 May 2026", "14 May 2028"):
        assert stated in seen["text"]


def test_one_changed_letter_in_the_credential_fails_the_signature(place: Place) -> None:
    place.edit(f"c/{place.ids['Ada Lovelace']}/credential.json", "Ada Lovelace", "Ada Lovelage")
    seen = place.look()
    assert seen["verdict"] == "fails" and "signature" in seen["failed"]
    assert seen["headline"] == "This file was changed after it was signed. Do not rely on this."


def test_another_name_on_the_page_fails_the_page(place: Place) -> None:
    place.edit(f"c/{place.ids['Ada Lovelace']}/index.html", ">Ada Lovelace</bdi>", ">Ida Lovelace</bdi>")
    seen = place.look()
    assert seen["verdict"] == "fails" and seen["failed"] == ["page"]
    assert seen["headline"] == "This page was altered: the name is not the one that was signed. Do not rely on this."


def test_a_word_added_to_the_page_fails_the_page(place: Place) -> None:
    place.edit(f"c/{place.ids['Ada Lovelace']}/index.html", "<bdi ", "<span>Doctor</span> <bdi ")
    assert place.look()["failed"] == ["page"]


def test_another_key_in_the_key_document_fails_the_signature(place: Place) -> None:
    stranger = format_public_key(fake_key("stranger").public_key())
    place.edit("issuers/school/did.json", format_public_key(fake_key().public_key()), stranger)
    seen = place.look()
    assert seen["verdict"] == "fails" and "signature" in seen["failed"]


def test_a_key_that_may_not_sign_any_more_fails_the_key(place: Place) -> None:
    document = json.loads(place.file("issuers/school/did.json").read_text())
    place.file("issuers/school/did.json").write_text(json.dumps(document | {"assertionMethod": []}))
    seen = place.look()
    assert seen["verdict"] == "fails" and "key" in seen["failed"]


def test_a_flipped_bit_in_the_status_list_fails_its_signature(place: Place, tmp_path: Path) -> None:
    text = place.file("issuers/school/status/1.json").read_text()
    other = re.sub(r'"encodedList": "u[^"]+"', f'"encodedList": "{_all_clear()}"', text)
    place.file("issuers/school/status/1.json").write_text(other)
    seen = place.look("Grace Hopper")
    assert seen["verdict"] == "fails" and "status" in seen["failed"]


def _all_clear() -> str:
    from site_builder.credentials.status.bitstring import encode_list

    return encode_list([])


def test_a_revoked_credential_says_so_and_names_no_person(place: Place) -> None:
    seen = place.look("Grace Hopper")
    assert seen["verdict"] == "revoked" and seen["failed"] == ["status"]
    assert seen["headline"] == f"Revoked by {HOST}: the issuer has withdrawn this credential."
    assert "This credential was withdrawn" in seen["text"] and "Hopper" not in seen["text"]
    for stated in ("Knots", "Test School", "20 May 2026", "issued in error"):
        assert stated in seen["text"]


def test_a_page_that_says_withdrawn_without_a_revocation_fails(place: Place) -> None:
    place.edit(f"c/{place.ids['Ada Lovelace']}/index.html", "data-statement", "data-statement data-tombstone")
    assert "page" in place.look()["failed"]


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        ("2026-05-13T21:59:59Z", "not_yet_valid"),
        # Its first second: valid, but the list was signed later and cannot speak of then.
        ("2026-05-13T22:00:00Z", "unknown"),
        ("2028-05-14T21:59:59Z", "holds"),
        ("2028-05-14T22:00:00Z", "expired"),
    ],
)
def test_the_clock_decides_over_the_dates_to_the_second(place: Place, now: str, verdict: str) -> None:
    seen = place.look(now=now)
    assert seen["verdict"] == verdict
    assert seen["failed"] == (["dates"] if verdict in ("not_yet_valid", "expired") else [])


def test_the_same_pages_elsewhere_say_that_they_are_a_copy(place: Place) -> None:
    seen = place.look(host=MIRROR)
    assert seen["verdict"] == "copy" and seen["strong"] == [HOST, HOST]
    assert all(url.startswith(f"https://{MIRROR}/") for url in seen["asked"])


def test_a_tampered_copy_fails_all_the_same(place: Place) -> None:
    place.edit(f"c/{place.ids['Ada Lovelace']}/credential.json", "Ada Lovelace", "Ada Lovelage")
    assert place.look(host=MIRROR)["verdict"] == "fails"


def test_another_credential_put_under_a_page_fails_the_page(place: Place) -> None:
    ada, grace = (place.file(f"c/{place.ids[name]}/credential.json") for name in ("Ada Lovelace", "Grace Hopper"))
    ada.write_bytes(grace.read_bytes())
    assert "page" in place.look()["failed"]


@pytest.mark.parametrize("path", ["issuers/school/did.json", "issuers/school/status/1.json"])
def test_what_cannot_be_reached_is_never_good(place: Place, path: str) -> None:
    place.file(path).unlink()
    seen = place.look()
    assert seen["verdict"] == "unknown" and seen["failed"] == []


def test_the_opened_list_of_checks_fits_a_small_phone(place: Place) -> None:
    context = place.browser.new_context(ignore_https_errors=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    page.goto(f"https://{HOST}/c/{place.ids['Ada Lovelace']}/")
    page.wait_for_selector("#verdict:not([data-verdict=none])")
    page.click("#verdict summary")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
