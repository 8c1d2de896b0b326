"""Verifying an address: a page with its credential, a file, a picture; of this make or another, honest or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from site_builder.encoding import format_json
from site_builder.verification.address import verify_address
from site_builder.verification.evidence.address import credential_address
from site_builder.verification.evidence.fetch import Network, fetch_https
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.file import with_statement
from site_builder.verification.report import Check, Report
from tests.drawn import write_drawn_repository
from tests.serving import served, write_certificate
from tests.support import BASE, NOW, issue_all, publish_to
from tests.test_attacks_network import HOST, OK, PUBLIC, network, server

KEY = "#m=AAAAAAAAAAAAAAAAAAAAAA"


class Web:
    """A published site as answers to addresses, with answers of other hosts added; it remembers what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.site = SiteFolder(folder)
        self.more: dict[str, bytes] = {}
        self.asked: list[str] = []

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if url in self.more:
            return self.more[url]
        if not url.startswith(BASE):
            raise FetchError(f"{url} answered 404")
        return self.site.fetch_page(url)

    def verify(self, url: str) -> Report:
        return verify_address(url, evidence=self.fetch, now=NOW)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A site's folder, and the address of a page on it."""
    folder = tmp_path_factory.mktemp("published")
    award = issue_all(write_drawn_repository(folder / "repository")).awards[0]
    return publish_to(folder / "repository", folder / "site"), f"{BASE}c/{award.id}/"


@pytest.fixture
def web(published: tuple[Path, str]) -> Web:
    return Web(published[0])


@pytest.fixture
def page(published: tuple[Path, str]) -> str:
    return published[1]


def test_a_page_is_verified_and_its_words_are_compared(web: Web, page: str) -> None:
    report = web.verify(page)
    assert report.verdict == "holds" and report.check("page").result == "passed"
    assert "Test School says: " in report.statement
    assert web.asked[:2] == [page, f"{page}credential.json"]


@pytest.mark.parametrize(
    ("change", "statement"),
    [
        ({}, "Academy says: somebody who is not named earned Knots, 14 May 2026"),
        (
            {"issuer": "did:web:academy.example"},
            "academy.example says: somebody who is not named earned Knots, 14 May 2026",
        ),
        (
            {"credentialSubject": {"name": "Pat", "achievement": {"name": "Knots"}}},
            "Academy says: Pat earned Knots, 14 May 2026",
        ),
        ({"issuer": {"name": 7}}, ""),
        ({"credentialSubject": {}}, ""),
        ({"validFrom": "2026-13-14"}, ""),
        ({"validFrom": 2026}, ""),
    ],
    ids=str,
)
def test_a_strangers_credential_is_quoted_only_when_it_says_all_of_it(change: dict[str, Any], statement: str) -> None:
    signed = Report("holds", "", (Check("signature", "passed", "", ""),))
    document = {"issuer": {"name": "Academy"}, "validFrom": "2026-05-14T00:00:00Z"}
    document |= {"credentialSubject": {"achievement": {"name": "Knots"}}} | change
    assert with_statement(signed, format_json(document)).statement == statement


@pytest.mark.parametrize("name", ["credential.json", "badge.png", "badge.svg"])
def test_a_file_is_verified_by_itself(name: str, web: Web, page: str) -> None:
    report = web.verify(page + name)
    assert report.verdict == "holds" and report.check("page").result == "not_checked"


def test_the_learner_s_key_behind_the_hash_is_never_asked_for_nor_repeated(web: Web, page: str) -> None:
    report = web.verify(page + KEY)
    assert report.verdict == "holds"
    assert not any("#" in url or "m=" in url for url in web.asked) and "m=AAAA" not in str(report)


def test_a_page_that_says_something_else_fails(web: Web, page: str) -> None:
    html = web.fetch(page).decode("utf-8")
    web.more[page] = html.replace("Knots", "Ropes").encode("utf-8")
    report = web.verify(page)
    assert report.verdict == "fails" and report.check("page").result == "failed"


def test_a_page_with_another_s_credential_fails(web: Web, page: str, published: tuple[Path, str]) -> None:
    other = next(folder.name for folder in sorted((published[0] / "c").iterdir()) if folder.name not in page)
    html = web.fetch(page).decode("utf-8")
    web.more[page] = html.replace('href="credential.json"', f'href="../{other}/credential.json"', 1).encode("utf-8")
    assert web.verify(page).verdict == "fails"


def test_a_copy_elsewhere_is_called_a_copy(web: Web, page: str) -> None:
    mirror = "https://mirror.example/"
    copy = page.replace(BASE, mirror)
    for name in ("", "credential.json"):
        web.more[copy + name] = web.fetch(page + name)
    folder = web.site.folder
    for file in (*folder.glob("assets/**/*.*"), *folder.glob("issuers/*/accent.css")):
        web.more[mirror + file.relative_to(folder).as_posix()] = file.read_bytes()
    report = web.verify(copy)
    assert report.verdict == "copy" and "badges.laurels.example" in report.headline


UNKNOWN_PAGE = (
    "this page was made by a version that this verifier does not know, so read the credential here, not there"
)


def test_of_a_page_of_another_make_only_its_credential_is_vouched_for(web: Web, page: str) -> None:
    strange = "https://elsewhere.example/people/1"
    link = f'<link rel="alternate" type="application/vc" href="{page}credential.json">'
    web.more[strange] = f"<!doctype html><html><head>{link}</head><body>Anybody earned anything</body></html>".encode()
    report = web.verify(strange)
    assert report.verdict == "holds" and report.check("page").result == "not_checked"
    assert UNKNOWN_PAGE in report.headline and "Ada Lovelace earned" in report.statement


def test_a_page_of_this_make_stripped_of_its_markup_is_of_no_release(web: Web, page: str) -> None:
    web.more[page] = b"<!doctype html><html><body><main>Ada Lovelace is a doctor</main></body></html>"
    report = web.verify(page)
    assert report.verdict == "holds" and UNKNOWN_PAGE in report.headline


REFUSED: dict[str, tuple[bytes, str, str]] = {
    "a page without a credential": (b"<!doctype html><p>Hello", "unknown", "not in the folder"),
    "a page that is no text": (b"<!doctype html>\xff\xfe", "not_supported", "not UTF-8"),
    "a picture without a credential": (b"\x89PNG\r\n\x1a\n\x00\x00", "fails", ""),
    "a JPEG": (b"\xff\xd8\xff\xe0", "not_supported", "JPEG"),
    "a drawing without a credential": (
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "not_supported",
        "carries no credential",
    ),
    "an empty answer": (b"", "not_supported", "empty"),
    "other JSON": (b"{}", "not_supported", "This is JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_no_good_word_for(name: str, web: Web) -> None:
    raw, verdict, words = REFUSED[name]
    web.more[f"{BASE}c/x/"] = raw
    report = web.verify(f"{BASE}c/x/")
    assert report.verdict == verdict and words in report.headline


@pytest.mark.parametrize("more", [b"<b>" * 300_000, b"<br>x" * 900_000], ids=["never closed", "long"])
def test_a_page_that_would_be_read_for_days_is_not_vouched_for(more: bytes, web: Web, page: str) -> None:
    web.more[page] = web.fetch(page).replace(b"</main>", more + b"</main>")
    report = web.verify(page)
    assert report.verdict in ("fails", "unknown") and report.check("page").result != "passed"


def test_an_address_that_leads_elsewhere_is_not_followed_and_says_so() -> None:
    def fetch(url: str) -> bytes:
        raise FetchError("badges.laurels.example answered 301")

    report = verify_address(f"{BASE}c/x", evidence=fetch, now=NOW)
    assert report.verdict == "unknown" and "give the address that the browser shows" in report.headline


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", f"{BASE}c/x/credential.json"),
        ('<link rel="alternate" type="application/vc" href="credential-2.json">', f"{BASE}c/x/credential-2.json"),
        ("<link rel='x alternate' type='application/vc' href='/v.json?a=1&amp;b=2#c'>", f"{BASE}v.json?a=1&b=2"),
        ('<LINK TYPE=application/vc REL=Alternate HREF="//other.example/v">', "https://other.example/v"),
        ('<link rel="alternate" type="application/rss" href="feed.xml">', f"{BASE}c/x/credential.json"),
        ('<link rel="stylesheet" type="application/vc" href="a.css">', f"{BASE}c/x/credential.json"),
        ("<BODY><link rel=alternate type=application/vc href=planted.json>", f"{BASE}c/x/credential.json"),
        ("<link " + "a" * 1_000_000 + ">" + ("<link " + "a " * 990 + ">") * 500, f"{BASE}c/x/credential.json"),
        ("<body><link rel=alternate type=application/vc href=planted.json>", f"{BASE}c/x/credential.json"),
    ],
)
def test_the_credential_of_a_page_lies_where_its_head_says_or_beside_it(head: str, expected: str) -> None:
    assert credential_address(f"<!doctype html><html><head>{head}", page=f"{BASE}c/x/") == expected


@pytest.mark.parametrize(
    "target", ["http://badges.laurels.example/v", "file:///etc/passwd", "javascript:1", "data:,{}"]
)
def test_a_page_leads_to_https_addresses_only(target: str, tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path, [HOST])
    html = f'<!doctype html><link rel="alternate" type="application/vc" href="{target}">'.encode()
    answer = OK + b"Content-Length: %d\r\n\r\n" % len(html) + html
    with server(certificate, answer) as (port, asked):
        world = network(certificate, port)
        report = verify_address(f"https://{HOST}/x", evidence=over(world), now=NOW)
    assert report.verdict == "unknown" and "not a plain https address" in report.headline and len(asked) == 1


@pytest.mark.parametrize("target", ["https://[x", "//["])
def test_a_page_that_leads_to_no_address_at_all_is_said_to(target: str, web: Web) -> None:
    web.more["https://a.example/"] = f'<html><link rel="alternate" type="application/vc" href="{target}">'.encode()
    report = web.verify("https://a.example/")
    assert (report.verdict, report.headline) == (
        "unknown",
        "This could not be fetched: the page does not give a valid address for its credential.",
    )


def over(world: Network) -> Callable[[str], bytes]:
    return lambda url: fetch_https(url, network=world)


def test_a_page_leads_to_no_private_address(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path, [HOST])
    html = b'<!doctype html><link rel="alternate" type="application/vc" href="https://inside.example/v">'
    with server(certificate, OK + b"Content-Length: %d\r\n\r\n" % len(html) + html) as (port, _asked):
        world = network(certificate, port)

        def resolve(host: str, port: int, **_: Any) -> list[Any]:
            return [(None, None, 6, "", (PUBLIC if host == HOST else "127.0.0.1", port))]

        split = Network(resolve, world.connect, world.trust)
        report = verify_address(f"https://{HOST}/x", evidence=over(split), now=NOW)
    assert report.verdict == "unknown" and "inside.example has no public address" in report.headline


def test_a_whole_site_on_loopback_is_verified_over_tls(published: tuple[Path, str], tmp_path: Path) -> None:
    folder, page = published
    certificate = write_certificate(tmp_path, [HOST])
    with served(folder, certificate) as port:
        report = verify_address(page + KEY, evidence=over(network(certificate, port)), now=NOW)
    assert report.verdict == "holds" and report.check("status").result == "passed"
