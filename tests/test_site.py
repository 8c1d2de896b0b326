"""The published site of the demo, held against the promises that every site makes."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from site_builder.credentials.carriers.table import unbake
from site_builder.credentials.status.bitstring import is_set, read_list
from site_builder.errors import Error
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.output.staged_site import write_files
from site_builder.site.publish import publish
from site_builder.verification.page.compare import compare_page
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.whole_site import verify_site
from tests.support import BASE, issue_all, publish_to, write_repository

ROOT = Path(__file__).parents[1]
LAURELS = Path(sys.executable).with_name("laurels")
MKDOCS = Path(sys.executable).with_name("mkdocs")


@cache
def demo() -> CheckedRepository:
    return check_repository(ROOT)


@cache
def published() -> dict[str, bytes]:
    return dict(publish(demo()))


def tree(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }


def clone(folder: Path) -> Path:
    """The demo as a clean clone would have it: what git keeps or would keep."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "content", "issuers", "badges", "mkdocs.yml"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    for path in filter(None, listed.stdout.split("\0")):
        if (ROOT / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, folder / path)
    return folder


# --- the demo ---------------------------------------------------------------------------------------------------------


def test_the_demo_has_no_problem_and_nothing_pending() -> None:
    assert demo().problems == [] and demo().pending_rows == [] and demo().pending_changes == [] and demo().stale == []


def test_the_demo_shows_every_kind_of_credential(tmp_path: Path) -> None:
    write_files(tmp_path, publish(demo()))
    now = datetime(2026, 12, 1, tzinfo=UTC)
    verdicts = [report.verdict for _, report in verify_site(tmp_path, now=now)]
    assert {"demo", "revoked", "superseded", "expired", "not_yet_valid"} == set(verdicts)
    assert verdicts.count("revoked") == 2 and verdicts.count("not_yet_valid") == verdicts.count("superseded") == 1
    assert verdicts.count("expired") >= 3 and verdicts.count("demo") > 90


def test_at_least_ten_recipients_are_listed_and_reached_from_their_issuer_and_achievement() -> None:
    listed = [award_id for award_id, row in demo().rows.items() if row.award.listed]
    assert len(listed) >= 10
    for award_id in listed:
        award = demo().ledger.awards[award_id]
        badge_page = published()[f"badges/{award.badge}/index.html"].decode()
        issuer_page = published()[f"issuers/{award.issuer}/index.html"].decode()
        assert f'href="../../c/{award_id}/"' in issuer_page and f'href="../../c/{award_id}/"' in badge_page


# --- invariant 3: recipients' e-mail addresses never reach the site ---------------------------------------------------


def test_no_file_of_the_site_holds_a_recipients_address() -> None:
    addresses = {row.award.email.lower().encode() for row in demo().repository.rows if row.award.email}
    assert len(addresses) > 90
    for path, raw in published().items():
        text = (gzip.decompress(raw) if path.endswith(".gz") else raw).lower()
        assert not [address for address in addresses if address in text], path


def test_no_file_of_the_built_site_with_its_manual_holds_a_recipients_address(built: Path) -> None:
    addresses = {row.award.email.lower().encode() for row in demo().repository.rows if row.award.email}
    for path, raw in tree(built).items():
        assert not [address for address in addresses if address in raw.lower()], path


@pytest.mark.parametrize("path", ["badges/knots/rendered/image-0a1b2c3d.png", "content/pages/cohort.png"])
def test_a_link_that_would_publish_something_else_is_a_problem(tmp_path: Path, path: str) -> None:
    root = write_repository(tmp_path / "repository")
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).symlink_to(root / "content/records/school/2026-05.yml")
    assert [(problem.file, problem.code) for problem in check_repository(root).problems] == [(path, "FIL002")]


@pytest.mark.parametrize(
    "path",
    [
        "content/pages/cohort.csv",
        "content/pages/notes/2026.yml",
        "content/pages/c/index.md",
        "content/pages/drafts.md",
        "content/pages/verify.md",
    ],
)
def test_only_pages_and_pictures_may_lie_where_everything_is_published(tmp_path: Path, path: str) -> None:
    root = write_repository(tmp_path, files={path: "text\n"})
    assert [(problem.file, problem.code) for problem in check_repository(root).problems] == [(path, "FIL001")]


def test_a_picture_that_no_signature_names_is_not_published(tmp_path: Path) -> None:
    root = write_repository(tmp_path / "repository")
    issue_all(root)
    stray = root / "badges/knots/rendered" / f"image-{hashlib.sha256(b'stray').hexdigest()[:8]}.png"
    stray.write_bytes(b"stray")
    site = publish_to(root, tmp_path / "site")
    assert b"stray" not in tree(site).values()


def test_no_file_of_the_site_holds_a_match_key() -> None:
    # An issuer whose addresses everybody may match signs the salts themselves.
    private = {slug for slug, issuer in demo().repository.issuers.items() if issuer.record.email_match == "private"}
    salts = [
        version.salt.encode()
        for award in demo().ledger.awards.values()
        for version in award.versions
        if version.salt and award.issuer in private
    ]
    assert private == {"harbour", "lantern"} and len(salts) > 80
    for path, raw in published().items():
        assert not [salt for salt in salts if salt in raw], path


def test_no_page_says_by_itself_that_a_credential_is_not_revoked() -> None:
    pages = [raw for path, raw in published().items() if path.startswith("c/") and path.endswith(".html")]
    assert len(pages) > 90
    for page in pages:
        assert not re.search(rb"not (been )?(revoked|withdrawn)|\bvalid today", page, re.IGNORECASE)


def test_no_file_outside_of_its_own_page_names_an_unlisted_credential() -> None:
    unlisted = {award_id for award_id in demo().ledger.awards if not demo().rows[award_id].award.listed}
    assert len(unlisted) > 20
    for path, raw in published().items():
        text = (gzip.decompress(raw) if path.endswith(".gz") else raw).decode("latin-1")
        own = path.split("/")[1] if path.startswith("c/") else ""
        assert set(re.findall(r"[a-z2-7]{26}", text)) & unlisted <= {own}, path


def test_no_page_of_the_built_site_but_its_own_names_an_unlisted_credential(built: Path) -> None:
    unlisted = {award_id for award_id in demo().ledger.awards if not demo().rows[award_id].award.listed}
    for path, raw in tree(built).items():
        own = path.split("/")[1] if path.startswith("c/") else ""
        assert set(re.findall(r"[a-z2-7]{26}", raw.decode("latin-1"))) & unlisted <= {own}, path


def test_search_looks_into_the_pages_of_people_alone(built: Path) -> None:
    index = json.loads((built / "search/search_index.json").read_text("utf-8"))
    places = {entry["location"].partition("#")[0] for entry in index["docs"]}
    assert "manual/records/" in places
    assert not [place for place in places if place.startswith(("c/", "badges/", "issuers/"))]


def test_only_the_pages_of_listed_recipients_may_be_indexed() -> None:
    for award_id, row in demo().rows.items():
        award = demo().ledger.awards[award_id]
        page = published()[f"c/{award_id}/index.html"].decode()
        may_be_found = bool(row.award.listed) and award.current.state == "active"
        assert ('name="robots" content="noindex' not in page) == may_be_found


# --- invariant 4: page, JSON, images and status agree -----------------------------------------------------------------


@pytest.mark.parametrize("award_id", sorted(demo().ledger.awards))
def test_page_json_images_and_status_of_a_credential_agree(award_id: str) -> None:
    files, award = published(), demo().ledger.awards[award_id]
    for version in award.versions:
        assert files[f"c/{award_id}/{version.file}"] == (ROOT / award.folder / version.file).read_bytes()
    raw = files[f"c/{award_id}/{award.current.file}"]
    assert unbake(files[f"c/{award_id}/badge.png"]) == unbake(files[f"c/{award_id}/badge.svg"]) == raw
    document = json.loads(raw)
    html, address = files[f"c/{award_id}/index.html"].decode(), f"c/{award_id}/{award.current.file}"
    page = StatementPage(html, address, ask=files.__getitem__)
    assert compare_page(page, document) == ""
    assert page.is_tombstone == (award.current.state == "revoked")
    entry = document["credentialStatus"]
    url = entry["statusListCredential"]
    bits = read_list(json.loads(files[url.removeprefix("https://badges.example.org/")]), url=url)
    assert is_set(bits, int(entry["statusListIndex"])) == (award.current.state == "revoked")
    versions = [{"version": number, "file": version.file} for number, version in enumerate(award.versions, 1)]
    assert json.loads(files[f"c/{award_id}/versions.json"]) == {"current": len(versions), "versions": versions}


def test_every_address_that_a_signature_contains_is_published() -> None:
    base = demo().repository.config.base
    addresses: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)
        elif isinstance(value, str) and value.startswith(base):
            addresses.add(value.partition("#")[0].removeprefix(base))

    for award_id in demo().ledger.awards:
        collect(json.loads(published()[f"c/{award_id}/credential.json"]))
    assert len(addresses) > 55
    for path in addresses:
        assert path in published() or f"{path}index.html" in published(), path


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = clone(tmp_path_factory.mktemp("built"))
    subprocess.run([LAURELS, "-C", folder, "build"], check=True, capture_output=True)
    return folder / "site"


def test_every_link_inside_of_the_site_leads_somewhere(built: Path) -> None:
    for page in sorted(built.rglob("*.html")):
        links = _Links()
        links.feed(page.read_text("utf-8"))
        for link in links.found:
            link = link.partition("#")[0]
            at_base = link.startswith("https://badges.example.org/")
            if not link or (link.startswith(("https:", "mailto:")) and not at_base):
                continue
            path = link.removeprefix("https://badges.example.org").lstrip("/")
            target = Path(os.path.normpath((built if path != link else page.parent) / path))
            assert target.is_file() or (target / "index.html").is_file(), f"{page.relative_to(built)} links to {link}"


def test_no_page_has_inline_code_or_style_or_a_foreign_file(built: Path) -> None:
    for page in sorted(built.rglob("*.html")):
        text = page.read_text("utf-8")
        assert "<style" not in text and not re.search(r"\sstyle=|\son[a-z]+=", text), page
        assert not re.search(r"<script(?! defer src=)", text), page
        assert not re.search(r'<(?:img|script|link rel="stylesheet")[^>]*(?:src|href)="(?:https?:)?//', text), page
        assert '<meta http-equiv="Content-Security-Policy"' in text, page


# --- invariant 5: same commit, same bytes -----------------------------------------------------------------------------


def test_two_builds_on_other_machines_clocks_and_locales_give_the_same_bytes(tmp_path: Path) -> None:
    def build(folder: Path, **environment: str) -> dict[str, bytes]:
        folder.mkdir(parents=True)
        clone(folder)
        command = ["faketime", environment.pop("CLOCK"), str(LAURELS), "-C", str(folder), "build"]
        subprocess.run(command, check=True, capture_output=True, env=os.environ | environment)
        return tree(folder / "site")

    one = build(tmp_path / "one", CLOCK="2020-02-29 23:59:58", TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="1")
    two = build(
        tmp_path / "a folder" / "two",
        CLOCK="2038-01-19 03:14:08",
        TZ="America/St_Johns",
        LC_ALL="C.UTF-8",
        PYTHONHASHSEED="2",
    )
    assert list(one) == list(two)
    assert [path for path in one if one[path] != two[path]] == []


# --- who writes what --------------------------------------------------------------------------------------------------


def test_laurels_build_and_mkdocs_build_give_the_same_site(built: Path, tmp_path: Path) -> None:
    clone(tmp_path)
    subprocess.run([MKDOCS, "build", "--strict", "--quiet"], cwd=tmp_path, check=True)
    assert tree(tmp_path / "site") == tree(built)


def test_publish_needs_no_mkdocs(built: Path, tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['mkdocs'] = None; sys.modules['click'] = None\n"
        "from pathlib import Path\n"
        "from site_builder.ledger.checks.repository import check_repository\n"
        "from site_builder.site.publish import publish\n"
        "from site_builder.site.output.staged_site import write_files\n"
        "write_files(Path(sys.argv[2]), publish(check_repository(Path(sys.argv[1]))))\n"
    )
    subprocess.run([sys.executable, "-c", script, ROOT, tmp_path / "site"], check=True)
    alone, whole = tree(tmp_path / "site"), tree(built)
    assert {path: raw for path, raw in whole.items() if path in alone and not path.startswith("sitemap")} == {
        path: raw for path, raw in alone.items() if not path.startswith("sitemap")
    }


def test_mkdocs_serve_shows_the_whole_site(tmp_path: Path) -> None:
    clone(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(MKDOCS), "serve", "--dev-addr", f"127.0.0.1:{port}", "--no-livereload"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            said = []
            for line in server.stderr:
                said.append(line)
                if "Serving on" in line:
                    break
            award_id = next(iter(demo().ledger.awards))
            for path in ("", "manual/", f"c/{award_id}/", f"c/{award_id}/credential.json", "issuers/harbour/did.json"):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=30) as answer:
                    assert answer.status == 200
        finally:
            server.terminate()
    assert not [line for line in said if "ERROR" in line or "WARNING" in line]


def test_a_folder_outside_of_content_pages_is_refused(tmp_path: Path) -> None:
    write_repository(tmp_path)
    text = (tmp_path / "mkdocs.yml").read_text().replace("content/pages", "content")
    (tmp_path / "mkdocs.yml").write_text(text)
    done = subprocess.run([MKDOCS, "build"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1 and "docs_dir must be content/pages" in done.stderr
    assert not (tmp_path / "site").exists()


def test_a_site_that_strict_refuses_leaves_the_old_one_in_place(tmp_path: Path) -> None:
    write_repository(tmp_path)
    issue_all(tmp_path)
    subprocess.run([MKDOCS, "build", "--strict", "--quiet"], cwd=tmp_path, check=True)
    before = tree(tmp_path / "site")
    (tmp_path / "content/pages/index.md").write_text("# Home\n\n[nowhere](missing.md)\n")
    done = subprocess.run([MKDOCS, "build", "--strict"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert tree(tmp_path / "site") == before


@pytest.mark.parametrize("place", ["", "content/signed", "issuers/site", ".git", "mine", "link"])
def test_a_site_is_never_written_over_anything_else(tmp_path: Path, place: str) -> None:
    root = write_repository(tmp_path)
    issue_all(root)
    (root / "mine").mkdir()
    (root / "mine" / "thesis.txt").write_text("years of work")
    (root / "link").symlink_to("mine")
    (root / "mkdocs.yml").write_text((root / "mkdocs.yml").read_text() + f"site_dir: ./{place}\n")
    before = tree(root)
    done = subprocess.run([MKDOCS, "build"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert tree(root) == before


@pytest.mark.parametrize("path", ["../out", "/etc/out", "a/../../out", "a/../b"])
def test_no_path_leads_out_of_the_site(tmp_path: Path, path: str) -> None:
    with pytest.raises(Error):
        write_files(tmp_path / "site", [(path, b"")])


def test_a_new_site_holds_and_says_so(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    issue_all(root)
    site = publish_to(root, tmp_path / "site")
    reports = dict(verify_site(site, now=datetime(2026, 6, 2, tzinfo=UTC)))
    assert {report.verdict for report in reports.values()} == {"holds"} and len(reports) == 2
    assert all(report.credential.startswith(BASE) for report in reports.values())
