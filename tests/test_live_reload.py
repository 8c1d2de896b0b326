"""While a site is served: pages load themselves anew under their own policy, and a mistake in a file stops nothing."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from playwright.sync_api import expect

from site_builder.ledger.checks.repository import check_repository
from site_builder.site.output.staged_site import LastGood, write_files
from site_builder.site.pages.drafts import draft_path
from site_builder.site.serve.live_reload import LiveReload
from site_builder.verification.page.policy import content_security_policy
from tests.drawn import write_drawn_repository
from tests.serving import chromium
from tests.support import issue_all
from tests.trees import tree_of

LAURELS = Path(sys.executable).with_name("laurels")

LATER_FILE = "content/records/school/2026-11.yml"
LATER = "badge: knots\nawarded: 2026-11-20\nname: Mary Seacole\n"


@contextmanager
def laurels_serves(root: Path) -> Iterator[tuple[str, Iterator[str]]]:
    """The address of a real `laurels serve` of a repository, and what it says, line by line."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "LAURELS_DRAFTS"}
    # As for somebody who signs by variables: the server is kept from them.
    environment["LAURELS_PASSPHRASE_SCHOOL"] = "made up for this test"
    command = [str(LAURELS), "serve", "--dev-addr", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, cwd=root, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        lines = iter(server.stderr)
        try:
            yield f"http://127.0.0.1:{port}/", lines
        finally:
            server.terminate()


def wait_for(lines: Iterator[str], words: str) -> list[str]:
    """What was said up to a line with these words."""
    said = []
    for line in lines:
        said.append(line)
        if words in line:
            return said
    raise AssertionError(f"the server ended without {words!r}: {said}")


def test_an_open_page_follows_its_record_through_changes_and_mistakes(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    (root / LATER_FILE).write_text(LATER)
    draft = draft_path(check_repository(root).pending_rows[0])
    with laurels_serves(root) as (address, lines), chromium({"127.0.0.1": urlsplit(address).port or 0}) as browser:
        said = wait_for(lines, "Serving on")
        assert any(f"Drafts of what is not signed yet: {address}drafts/" in line for line in said)
        page = browser.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(f"{address}drafts/")
        expect(page.get_by_role("link", name="Mary Seacole")).to_be_visible()

        # A change shows without anybody touching the page.
        (root / LATER_FILE).write_text(LATER.replace("Seacole", "Anning"))
        expect(page.get_by_role("link", name="Mary Anning")).to_be_visible(timeout=20_000)
        wait_for(lines, "Reloading browsers")

        # A mistake: what is wrong stands above the last good page, and the server goes on.
        (root / LATER_FILE).write_text(LATER.replace("knots", "knotz"))
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(f"{LATER_FILE}:1: REC014 badge 'knotz' does not exist", timeout=20_000)
        expect(alert).to_be_in_viewport()
        expect(page.get_by_role("link", name="Mary Anning")).to_be_visible()
        said = wait_for(lines, "Reloading browsers")
        assert any("REC014" in line for line in said) and not any("Traceback" in line for line in said)

        (root / LATER_FILE).write_text(LATER)
        expect(page.get_by_role("link", name="Mary Seacole")).to_be_visible(timeout=20_000)
        expect(alert).to_have_count(0)
        page.goto(address + draft)
        expect(page.get_by_role("heading", name="Mary Seacole")).to_be_visible()
        # No policy refused anything, on any of these pages.
        assert refused == []


def test_a_server_that_begins_with_a_mistake_shows_it_and_then_the_site(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    (root / LATER_FILE).write_text(LATER.replace("knots", "knotz"))
    with laurels_serves(root) as (address, lines), chromium({"127.0.0.1": urlsplit(address).port or 0}) as browser:
        said = wait_for(lines, "Serving on")
        assert any("REC014" in line for line in said) and not any("Traceback" in line for line in said)
        page = browser.new_page()
        page.goto(address)
        expect(page.get_by_role("heading", name="No site yet")).to_be_visible()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(f"{LATER_FILE}:1: REC014")
        # A second mistake in the place of the first is no site, either.
        (root / LATER_FILE).write_text(LATER.replace("knots", "knits"))
        expect(alert).to_contain_text("'knits' does not exist", timeout=20_000)
        (root / LATER_FILE).write_text(LATER)
        expect(page.get_by_role("link", name="Test Badges")).to_be_visible(timeout=20_000)
        expect(alert).to_have_count(0)


@pytest.fixture
def template(tmp_path: Path) -> Iterator[Path]:
    """The folder of a site's own theme."""
    folder = tmp_path / "look"
    folder.mkdir()
    yield folder


def test_a_mistake_in_the_middle_of_a_build_leaves_the_site_that_was_there(tmp_path: Path, template: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    text = (root / "mkdocs.yml").read_text()
    (root / "mkdocs.yml").write_text(text + "theme: {name: null, custom_dir: look}\n")
    home = '{% extends "main.html" %}{% block main %}<main id="content">Good</main>{% endblock %}'
    (template / "home.html").write_text(home)
    award_id = next(iter(check_repository(root).ledger.awards))
    with laurels_serves(root) as (address, lines), chromium({"127.0.0.1": urlsplit(address).port or 0}) as browser:
        wait_for(lines, "Serving on")
        page = browser.new_page()
        page.goto(address)
        expect(page.locator("main")).to_have_text("Good")
        (template / "home.html").write_text(home.replace("Good", "{{ nothing_of_this_name }}"))
        expect(page.get_by_role("alert")).to_contain_text("nothing_of_this_name", timeout=20_000)
        expect(page.locator("main")).to_have_text("Good")
        page.goto(f"{address}c/{award_id}/")
        expect(page.locator("#verdict")).to_be_visible()
        (template / "home.html").write_text(home.replace("Good", "Better"))
        expect(page.get_by_role("alert")).to_have_count(0, timeout=20_000)
        page.goto(address)
        expect(page.locator("main")).to_have_text("Better")


def test_the_pages_policy_is_the_same_while_they_are_served(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    with laurels_serves(root) as (address, lines), chromium({"127.0.0.1": urlsplit(address).port or 0}) as browser:
        wait_for(lines, "Serving on")
        page = browser.new_page()
        for path in ("", "badges/", "drafts/", f"c/{next(iter(check_repository(root).ledger.awards))}/"):
            page.goto(address + path)
            policy = page.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content")
            assert policy == content_security_policy()
            assert page.locator("script:not([src])").count() == 0


# --- piece by piece ---------------------------------------------------------------------------------------------------

INJECTED = b"<script>\nvar livereload = function(epoch, requestId) { };\nlivereload(41, 17);\n</script></body></html>"


def served(
    page: bytes, *, problems: str = "", path: str = "/", kind: str = "text/html"
) -> tuple[dict[str, str], bytes]:
    """Headers and bytes of a page that another application serves, as LiveReload passes it on."""
    found: dict[str, str] = {}

    def inner(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(page)))])
        return [page[:5], page[5:]]

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        assert status == "200 OK"
        found.update(headers)

    live = LiveReload(inner)
    live.problems = problems
    return found, b"".join(live({"PATH_INFO": path}, start))


def test_the_inline_script_gives_way_to_a_file_that_is_served_beside_the_site() -> None:
    headers, page = served(b"<html><body>text" + INJECTED)
    script = b'<script defer src="/livereload/reload.js" data-epoch="41" data-request="17"></script>'
    assert page == b"<html><body>text" + script + b"</body></html>"
    assert headers["Content-Length"] == str(len(page))
    headers, script = served(b"", path="/livereload/reload.js")
    assert headers["Content-Type"] == "text/javascript" and b"location.reload()" in script


def test_problems_stand_above_the_page_as_text() -> None:
    _, page = served(b'<html><body class="x">text</body></html>', problems="a.yml:1: <b>&")
    assert re.search(rb'<body class="x"><link [^>]*><div class="build-problems" role="alert"', page)
    assert b"<pre>a.yml:1: &lt;b&gt;&amp;</pre></div>text</body>" in page


def test_what_is_no_page_passes_unchanged() -> None:
    raw = b"{}" + INJECTED
    headers, body = served(raw, problems="a.yml:1: wrong", kind="application/json")
    assert body == raw and headers == {"Content-Type": "application/json", "Content-Length": str(len(raw))}


@pytest.mark.parametrize("path", ["/livereload/41/17", "/reload.js", "reload.js", "/livereload/../reload.js"])
def test_only_its_own_two_files_are_served_besides(path: str) -> None:
    _, body = served(b"inner", path=path, kind="text/plain")
    assert body == b"inner"


def test_a_folder_that_was_set_aside_comes_back_or_goes_away(tmp_path: Path) -> None:
    folder, good = tmp_path / "site", LastGood()
    folder.mkdir()
    good.set_aside(folder)
    good.put_back()
    assert tree_of(tmp_path) == {} and folder.is_dir()
    write_files(folder, [("index.html", b"good")])
    good.set_aside(folder)
    write_files(folder, [("half.html", b"bad")])
    good.put_back()
    assert tree_of(tmp_path) == {"site/index.html": b"good"}
    good.set_aside(folder)
    write_files(folder, [("index.html", b"better")])
    good.forget()
    good.put_back()
    assert tree_of(tmp_path) == {"site/index.html": b"better"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
