"""Where questions about a credential go: the mail on its page is compared with the address in the issuer's DID document."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from site_builder.credentials.identifiers.did_web import PublicKeyEntry, build_did_document, find_key, office_of
from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.credentials.securing.rdfc import canonicalize_rdf
from site_builder.encoding import format_json, format_mailto, parse_json
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.report import sentence
from site_builder.verification.verify import verify_credential
from site_builder.verification.whole_site import verify_site
from tests.support import BASE, COHORT, fake_key, issue_all, publish_to, write_repository

LATER = datetime(2026, 7, 1, tzinfo=UTC)
DID = "did:web:badges.laurels.example:issuers:school"
DID_URL, LIST_URL = f"{BASE}issuers/school/did.json", f"{BASE}issuers/school/status/1.json"
OFFICE, STRANGER = "mailto:office@school.example", "mailto:office@school-badges.example"
DIFFERENCE = sentence("altered", "page.complaint")
WRONG = sentence("page", "failed", reason=DIFFERENCE)
TYPE = "https://schema.org/ContactPoint"
Json = dict[str, Any]

# --- what a DID document says of it -----------------------------------------------------------------------------------


def document(*services: Any, **members: Any) -> Json:
    key = PublicKeyEntry("key-1", format_public_key(fake_key().public_key()), True)
    return build_did_document(DID, [key]) | ({"service": list(services)} if services else {}) | members


def service(mail: Any = OFFICE, **members: Any) -> Json:
    return {"id": f"{DID}#office", "type": TYPE, "serviceEndpoint": mail} | members


def test_a_did_document_names_the_office_as_a_service_of_which_json_ld_drops_nothing() -> None:
    key = PublicKeyEntry("key-1", format_public_key(fake_key().public_key()), True)
    found = build_did_document(DID, [key], office="o'brien+badges@school.example")
    assert found["service"] == [service("mailto:o%27brien%2Bbadges@school.example")]
    assert office_of(found) == format_mailto("o'brien+badges@school.example")
    quads = canonicalize_rdf(found).decode().splitlines()
    name = f"<{DID}#office>"
    assert {quad for quad in quads if name in quad} == {
        f"<{DID}> <https://www.w3.org/ns/did#service> {name} .",
        f"{name} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{TYPE}> .",
        f"{name} <https://www.w3.org/ns/did#serviceEndpoint> <mailto:o%27brien%2Bbadges@school.example> .",
    }
    assert "service" not in build_did_document(DID, [key])


# The office that each names: anything but one such service, with one plain address, names none.
OFFICES: dict[str, tuple[Any, str]] = {
    "one office": (document(service()), OFFICE),
    "an office among other services": (
        document(
            {"id": f"{DID}#site", "type": "LinkedDomains", "serviceEndpoint": {"origins": ["https://a.example"]}},
            service(),
        ),
        OFFICE,
    ),
    "an address in bytes": (
        document(service("mailto:%C3%B6%0D%0A@school.example")),
        "mailto:%C3%B6%0D%0A@school.example",
    ),
    "320 letters": (document(service(f"mailto:{'a' * 305}@school.example")), f"mailto:{'a' * 305}@school.example"),
    "none": (document(), ""),
    "services that are no list": (document(service=service()), ""),
    "services that are nothing": (document(service=None), ""),
    "services of other forms": (document(None, 7, "office", [], [service()], {}), ""),
    "two offices": (document(service(), service(STRANGER)), ""),
    "the same office twice": (document(service(), service()), ""),
    "two offices, one of another type": (document(service(), service(STRANGER, type="LinkedDomains")), ""),
    "another name": (document(service(id=f"{DID}#desk")), ""),
    "a relative name": (document(service(id="#office")), ""),
    "another's name": (document(service(id=f"{DID}2#office")), ""),
    "a name that is no text": (document(service(id=[f"{DID}#office"])), ""),
    "a document without id": (document(service(), id=None), ""),
    "another type": (document(service(type="ContactPoint")), ""),
    "types in a list": (document(service(type=[TYPE])), ""),
    "a type that is an object": (document(service(type={"id": TYPE})), ""),
    "321 letters": (document(service(f"mailto:{'a' * 306}@school.example")), ""),
    "a web address": (document(service("https://school.example/office")), ""),
    "a script": (document(service("javascript:alert(1)@school.example")), ""),
    "capital letters": (document(service("MAILTO:office@school.example")), ""),
    "no address": (document(service("mailto:")), ""),
    "no host": (document(service("mailto:office")), ""),
    "two addresses": (document(service("mailto:office@school.example,a@b.example")), ""),
    "an address with another behind it": (document(service("mailto:office@school.example@b.example")), ""),
    "a header": (document(service("mailto:office@school.example?bcc=a@b.example")), ""),
    "a further header": (document(service("mailto:office@school.example&bcc=a@b.example")), ""),
    "a fragment": (document(service("mailto:office@school.example#a")), ""),
    "a line end": (document(service("mailto:office@school.example\n")), ""),
    "a line": (document(service("mailto:office@school.example\r\nBcc: a@b.example")), ""),
    "a quote": (document(service('mailto:office"@school.example')), ""),
    "a tag": (document(service("mailto:<b>@school.example")), ""),
    "other digits": (document(service("mailto:office@school.example٣")), ""),
    "a letter beyond ASCII": (document(service("mailto:offıce@school.example")), ""),
    "addresses in a list": (document(service([OFFICE])), ""),
    "an address in an object": (document(service({"uri": OFFICE})), ""),
    "nothing as address": (document(service(None)), ""),
}


@pytest.mark.parametrize(("found", "office"), OFFICES.values(), ids=OFFICES.keys())
def test_one_plain_address_is_an_office_and_all_else_is_none(found: Json, office: str) -> None:
    assert office_of(found) == office
    # The key is found either way.
    if found["id"]:
        assert find_key(found, f"{DID}#key-1")


@pytest.mark.parametrize("found", [None, [], "office", 7])
def test_what_is_no_document_names_no_office(found: Any) -> None:
    assert office_of(found) == ""


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a credential, one that was revoked, and one that was erased."""
    root = write_repository(
        tmp_path_factory.mktemp("office") / "repository",
        files={"content/records/school/2026-05.yml": COHORT + "  - {name: Mary Shelley, email: mary@example.org}\n"},
    )
    _, revoked, erased = issue_all(root).awards
    records = root / "content/records/school"
    (records / "2026-05.yml").write_text(COHORT, "utf-8")
    (records / "revoke.yml").write_text(f"revoke: {revoked.id}\ndate: 2026-06-01\nreason: other\n", "utf-8")
    (records / "erase.yml").write_text(f"erase: {erased.id}\ndate: 2026-06-01\n", "utf-8")
    issue_all(root, seed="changes")
    return publish_to(root, root.parent / "site")


KINDS = ["in force", "revoked", "erased"]
_MARKS = {"revoked": "data-tombstone", "erased": "withdrawn erased"}


def page_file(site: Path, kind: str) -> Path:
    """The page of a kind."""
    for file in site.glob("c/*/index.html"):
        html = file.read_text("utf-8")
        if next((name for name, mark in _MARKS.items() if mark in html), "in force") == kind:
            return file
    raise AssertionError(kind)


@pytest.fixture
def copied(site: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(site, tmp_path / "site"))


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(before) == 1, text.count(before)
    file.write_text(text.replace(before, after), "utf-8")


def complaints(site: Path) -> list[str]:
    """What verifying the site finds wrong with its pages."""
    reports = [report for _, report in verify_site(site, now=LATER)]
    pages = [
        check for report in reports for check in report.checks if check.name == "page" and check.result == "failed"
    ]
    return [check.sentence for check in pages] + [report.headline for report in reports if not report.checks]


def test_a_site_names_the_office_of_issuer_yml_in_its_did_document_and_on_every_page(site: Path) -> None:
    assert office_of(parse_json((site / "issuers/school/did.json").read_bytes())) == OFFICE
    for kind in KINDS:
        assert f'<a href="{OFFICE}?subject=' in page_file(site, kind).read_text("utf-8")
    assert complaints(site) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_that_sends_questions_to_a_stranger_is_refused(kind: str, copied: Path) -> None:
    change(page_file(copied, kind), OFFICE, STRANGER)
    (found,) = complaints(copied)
    assert DIFFERENCE in found


@pytest.mark.parametrize(
    "mail",
    ["mailto:Office@school.example", "mailto:office%40school.example", "mailto:%6Fffice@school.example", "mailto:"],
)
def test_the_address_is_compared_letter_by_letter(mail: str, copied: Path) -> None:
    change(page_file(copied, "in force"), OFFICE, mail)
    assert complaints(copied) == [WRONG]


@pytest.mark.parametrize("kind", KINDS)
def test_where_the_did_document_names_no_office_the_address_is_only_of_a_form(kind: str, copied: Path) -> None:
    file = copied / "issuers/school/did.json"
    file.write_bytes(
        format_json({name: value for name, value in parse_json(file.read_bytes()).items() if name != "service"})
    )
    change(page_file(copied, kind), OFFICE, STRANGER)
    assert complaints(copied) == []
    change(page_file(copied, kind), STRANGER, f"{STRANGER}?bcc=a@b.example&")
    assert len(complaints(copied)) == 1


@pytest.mark.parametrize("name", ["issuers/school/did.json", "issuers/other/did.json"])
def test_an_erased_page_whose_issuer_has_no_readable_document_is_only_of_a_form(name: str, copied: Path) -> None:
    file = page_file(copied, "erased")
    change(file, OFFICE, STRANGER)
    if "other" in name:
        change(file, '<a href="../../issuers/school/">', '<a href="../../issuers/other/">')
    else:
        (copied / name).write_bytes(b"{")
    assert not [report for path, report in verify_site(copied, now=LATER) if path.startswith(f"c/{file.parent.name}/")]


# --- which document is asked ------------------------------------------------------------------------------------------


def visit(site: Path, kind: str = "in force", *, mail: str = OFFICE, did: bytes = b"") -> Json:
    """A page with a mail of its own, the web around it, and its credential, as text for both verifiers."""
    folder = page_file(site, kind).parent
    html = (folder / "index.html").read_text("utf-8").replace(OFFICE, mail)
    raw = (folder / "credential.json").read_bytes()
    found = {url: (site / url.removeprefix(BASE)).read_bytes() for url in (DID_URL, LIST_URL)}
    if did:
        found[DID_URL] = did
    return {
        "raw": raw.decode(),
        "responses": {url: body.decode() for url, body in found.items()},
        "now": "2026-07-01T00:00:00Z",
        "page": {"html": html, "address": f"c/{folder.name}/credential.json"},
    }


def in_python(visited: Json) -> Json:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        if url not in visited["responses"]:
            raise FetchError("not among the responses")
        answer: str = visited["responses"][url]
        return answer.encode()

    page = StatementPage(**visited["page"])
    report = verify_credential(visited["raw"].encode(), fetch=fetch, now=LATER, page=page)
    return {"sentence": report.check("page").sentence, "asked": sorted(asked)}


def visits(site: Path) -> Iterator[tuple[str, Json, bool]]:
    """(name, visit, whether its page is as it must be)."""
    did = parse_json((site / "issuers/school/did.json").read_bytes())

    def with_did(**members: Any) -> bytes:
        return format_json(did | members)

    others_key = [method | {"controller": "did:web:other.example"} for method in did["verificationMethod"]]
    for kind in ("in force", "revoked"):
        yield f"{kind}, as published", visit(site, kind), True
        yield f"{kind}, with a stranger's address", visit(site, kind, mail=STRANGER), False
        yield f"{kind}, no office", visit(site, kind, mail=STRANGER, did=with_did(service=[])), True
    yield "another office", visit(site, did=with_did(service=[service(STRANGER)])), False
    yield "two offices", visit(site, mail=STRANGER, did=with_did(service=[service(), service(STRANGER)])), True
    yield "a header", visit(site, did=with_did(service=[service(f"{OFFICE}?bcc=a@b.example")])), True
    yield "keys out of reach", visit(site, mail=STRANGER, did=b"{"), True
    # Whoever is not the issuer has no say in where its mail goes.
    yield "another's key", visit(site, did=with_did(verificationMethod=others_key, service=[service(STRANGER)])), True


def test_the_office_is_that_of_the_document_in_which_the_key_was_found(site: Path) -> None:
    for name, visited, is_good in visits(site):
        found = in_python(visited)
        assert (found["sentence"] != WRONG) is is_good, name
        # The document is fetched once.
        assert len(found["asked"]) == len(set(found["asked"])), name


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")
def test_the_browser_says_the_same(site: Path) -> None:
    every = list(visits(site))
    question = {
        "documents": [found for found, _ in OFFICES.values()],
        "visits": [visited for _, visited, _ in every],
    }
    program = Path(__file__).parent / "browser/office.mjs"
    answer = subprocess.run(["node", program], input=json.dumps(question), capture_output=True, text=True, check=True)
    found = json.loads(answer.stdout)
    assert dict(zip(OFFICES, found["offices"], strict=True)) == {name: office for name, (_, office) in OFFICES.items()}
    # The browser asks for key and list at once, and it does not matter which is asked for first.
    assert {
        name: {**seen, "asked": sorted(seen["asked"])} for (name, *_), seen in zip(every, found["visits"], strict=True)
    } == {name: in_python(visited) for name, visited, _ in every}
