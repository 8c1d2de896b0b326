"""The archive of a site: one zip, its page that works from a disk with no network, and the site hosted again from it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from site_builder.cli import main
from site_builder.credentials.identifiers.multikey import format_private_key, format_public_key
from site_builder.ledger.checks.repository import check_repository
from site_builder.verification.whole_site import verify_site
from tests.demo_site import ROOT
from tests.drawn import write_drawn_repository
from tests.serving import chromium, served, write_certificate
from tests.support import COHORT, fake_key, issue_all
from tests.test_changes import compromise
from tests.test_changes import run as sign_with_second_key
from tests.test_site import clone
from tests.test_verify_page import Visit
from tests.trees import tree_of

HOST, ELSEWHERE = "badges.laurels.example", "mirror.laurels.example"
LAURELS = Path(sys.executable).with_name("laurels")
# Days after the signing at NOW of tests/support.py: one on which the short award has expired.
LATER = "2026-07-20T12:00:00Z"
SHORT = """\
badge: knots
awarded: 2026-05-15
expires: 2026-07-01
name: Alan Turing
email: alan@example.org
"""
MISSPELT = """\
badge: knots
awarded: 2026-05-16
name: Mary Sommerville
email: mary@example.org
"""


def run(root: Path, *arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, ["-C", str(root), *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


class Unpacked:
    """An archive that somebody unpacked, and the credentials in it by their recipients' names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "site"

    @cached_property
    def ids(self) -> dict[str, str]:
        documents = {file.parent.name: json.loads(file.read_bytes()) for file in self.site.glob("c/*/credential.json")}
        return {
            document["credentialSubject"]["identifier"][0]["identityHash"]: award
            for award, document in documents.items()
        }

    def read(self, name: str, file: str = "credential.json") -> bytes:
        return (self.site / "c" / self.ids[name] / file).read_bytes()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An award that holds, one that was revoked, one that expires on 1 July, one that was corrected; signed with no demo key."""
    records = {"content/records/school/short.yml": SHORT, "content/records/school/misspelt.yml": MISSPELT}
    root = write_drawn_repository(tmp_path_factory.mktemp("archive") / "repository", files=records)
    issue_all(root)
    ids = {row.award.name: award for award, row in check_repository(root).rows.items()}
    revoke = f"revoke: {ids['Grace Hopper']}\ndate: 2026-05-20\nreason: issued-in-error\n"
    correct = f"correct: {ids['Mary Sommerville']}\ndate: 2026-05-21\nname: Mary Somerville\n"
    for name, text in (("revoke", revoke), ("correct", correct)):
        (root / f"content/records/school/{name}.yml").write_text(text)
    issue_all(root, seed="changes")
    return root


@pytest.fixture(scope="module")
def zipped(repository: Path) -> Path:
    file = repository.parent / "out" / "archive.zip"
    done = run(repository, "archive", file)
    assert done.exit_code == 0, done.output
    return file


@pytest.fixture(scope="module")
def unpacked(zipped: Path) -> Unpacked:
    folder = zipped.parent / "unpacked"
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(folder)
    return Unpacked(folder)


# -- the zip ---------------------------------------------------------------------------------------------------------


def test_the_archive_holds_the_site_as_it_was_built_and_three_files_beside_it(
    repository: Path, unpacked: Unpacked
) -> None:
    built = dict(tree_of(repository / "site"))
    assert dict(tree_of(unpacked.site)) == built and len(built) > 50
    assert sorted(path.name for path in unpacked.folder.iterdir()) == ["README.txt", "keys.txt", "site", "verify.html"]


def test_the_same_records_give_the_same_bytes_at_another_place_and_time(repository: Path, zipped: Path) -> None:
    other = repository.parent / "another place" / "copy"
    shutil.copytree(repository, other, ignore=shutil.ignore_patterns("site"))
    for file in sorted(other.rglob("*")):
        file.chmod(0o700)
        os.utime(file, (1, 1))
    variables = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    command = ["faketime", "2038-01-19 03:14:08", str(LAURELS), "archive", "--json"]
    done = subprocess.run(command, cwd=other, env=os.environ | variables, capture_output=True, check=True)
    made = json.loads(done.stdout)
    assert Path(made["archive"]) == other / f"{HOST}-archive.zip"
    assert (other / f"{HOST}-archive.zip").read_bytes() == zipped.read_bytes()
    assert made["as_of"] == "2026-06-01" and made["credentials"] == 5
    assert made["size_bytes"] == zipped.stat().st_size and b"do not commit it" in done.stderr


def test_the_zip_tells_nothing_of_the_machine_that_made_it(zipped: Path) -> None:
    with zipfile.ZipFile(zipped) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(entry.external_attr >> 16, entry.create_system, entry.compress_type) for entry in entries} == {
        (0o100644, 3, zipfile.ZIP_STORED)
    }
    assert {entry.extra for entry in entries} == {b""}


def test_keys_are_listed_with_issuer_did_state_and_fingerprint(unpacked: Unpacked) -> None:
    text = (unpacked.folder / "keys.txt").read_text("utf-8")
    key = json.loads((unpacked.site / "issuers/school/did.json").read_bytes())["verificationMethod"][0]
    assert f"did:web:{HOST}:issuers:school#key-1" in text and key["publicKeyMultibase"] in text
    assert "Test School\n" in text and "active, made on 2026-05-01" in text
    assert re.search(r"fingerprint  ([0-9a-f]{4} ){15}[0-9a-f]{4}\n", text)


def test_the_readme_says_what_it_is_as_of_when_and_how_to_use_it(unpacked: Unpacked) -> None:
    text = (unpacked.folder / "README.txt").read_text("utf-8")
    for words in (f"Archive of {HOST}, as of 1 June 2026", "verify.html", "To host it again", "Do not publish the zip"):
        assert words in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_site_in_the_archive_gives_the_same_verdicts_as_the_site(repository: Path, unpacked: Unpacked) -> None:
    now = datetime(2026, 7, 20, tzinfo=UTC)
    before, after = (
        {path: report.verdict for path, report in verify_site(site, now=now)}
        for site in (repository / "site", unpacked.site)
    )
    assert before == after and sorted(after.values()) == ["expired", "holds", "holds", "revoked", "superseded"]
    done = run(repository, "verify", unpacked.site, "--at", "2026-07-20")
    assert done.exit_code == 0 and "2 genuine" in done.stderr and "1 expired" in done.stderr


# -- what stays out of it ---------------------------------------------------------------------------------------------


def test_no_address_no_salt_and_no_private_key_is_in_the_archive(repository: Path, unpacked: Unpacked) -> None:
    checked = check_repository(repository)
    secret = [format_private_key(fake_key())]
    secret += [row.award.email for row in checked.rows.values() if row.award.email]
    secret += [version.salt for award in checked.ledger.awards.values() for version in award.versions if version.salt]
    assert len(secret) == 10
    for path, raw in tree_of(unpacked.folder).items():
        assert not [text for text in secret if text.lower().encode() in raw.lower()], path


def test_nothing_but_a_credential_s_own_page_names_an_unlisted_one(unpacked: Unpacked) -> None:
    unlisted = {award for name, award in unpacked.ids.items() if name != "Ada Lovelace"}
    assert len(unlisted) == 3
    for path, raw in tree_of(unpacked.folder).items():
        own = path.split("/")[2] if path.startswith("site/c/") else ""
        assert set(re.findall(r"[a-z2-7]{26}", raw.decode("latin-1"))) & unlisted <= {own}, path


def test_the_page_of_the_demo_s_archive_names_no_credential_and_no_person(tmp_path: Path) -> None:
    clone(tmp_path)
    assert run(tmp_path, "archive", tmp_path / "demo.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "demo.zip") as archive:
        page = archive.read("verify.html").decode("utf-8")
    checked = check_repository(ROOT)
    assert len(checked.ledger.awards) > 90
    assert not set(re.findall(r"[a-z2-7]{26}", page)) & set(checked.ledger.awards)
    assert not [row for row in checked.rows.values() if row.award.name and f'"{row.award.name}"' in page]


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["content/a.zip", "issuers/school/a.zip", "badges/a.zip", "site/a.zip", ".git/a.zip"])
def test_an_archive_is_not_written_among_what_is_signed_or_published(place: str, repository: Path) -> None:
    before = tree_of(repository / "content")
    done = run(repository, "archive", repository / place)
    assert done.exit_code == 2 and "lies among the site's own files" in done.stderr
    assert not (repository / place).exists() and tree_of(repository / "content") == before


def test_an_archive_replaces_an_archive_and_nothing_else(repository: Path, zipped: Path, tmp_path: Path) -> None:
    mine, older, folder = tmp_path / "thesis.zip", tmp_path / "older.zip", tmp_path / "folder"
    with zipfile.ZipFile(mine, "w") as other:
        other.writestr("thesis.txt", "years of work")
    before = mine.read_bytes()
    folder.mkdir()
    shutil.copyfile(zipped, older)
    for place, words in ((mine, "holds something else"), (folder, "is a folder")):
        done = run(repository, "archive", place)
        assert done.exit_code == 2 and words in done.stderr
    assert run(repository, "archive", older).exit_code == 0 and older.read_bytes() == zipped.read_bytes()
    assert mine.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "older.zip", "thesis.zip"]


def test_an_archive_that_cannot_be_finished_leaves_the_older_one(
    repository: Path, zipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "archive.zip"
    shutil.copyfile(zipped, older)

    def full(self: zipfile.ZipFile, *arguments: Any, **named: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    done = run(repository, "archive", older)
    assert done.exit_code == 1 and "No space left on device" in done.stderr
    assert tree_of(tmp_path) == {"archive.zip": zipped.read_bytes()}


def test_records_with_problems_are_not_archived(
    repository: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = Path(shutil.copytree(repository, tmp_path / "repository"))
    (root / "content/records/school/2026-06.yml").write_text("badge: nots\n")
    done = run(root, "archive", tmp_path / "a.zip")
    assert done.exit_code == 1 and "the records have problems" in caplog.text
    assert not (tmp_path / "a.zip").exists()


def test_a_site_of_which_nothing_is_signed_is_not_archived(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path / "repository")
    done = run(root, "archive", tmp_path / "a.zip")
    assert done.exit_code == 1 and "nothing is signed yet" in done.stderr and not (tmp_path / "a.zip").exists()


def test_what_is_not_signed_yet_is_said_and_left_out(repository: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(repository, tmp_path / "repository", ignore=shutil.ignore_patterns("site")))
    (root / "content/records/school/2026-06.yml").write_text(COHORT.replace("2026-05-14", "2026-06-14"))
    runner = CliRunner(env={"LAURELS_DRAFTS": "1"})
    done = runner.invoke(main, ["-C", str(root), "archive", str(tmp_path / "a.zip")])
    assert done.exit_code == 0 and "not signed yet: 2 awards" in done.stderr
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert not [name for name in archive.namelist() if "drafts/" in name]


# -- verify.html, from a disk, with no network ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(unpacked: Unpacked, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium for which two names lead to a host of the unpacked site: a page that asked it would be seen to."""
    certificate = write_certificate(tmp_path_factory.mktemp("host"), [HOST, ELSEWHERE])
    with served(unpacked.site, certificate) as port, chromium({HOST: port, ELSEWHERE: port}) as running:
        yield running


@pytest.fixture
def visit(browser: Any, unpacked: Unpacked) -> Iterator[Visit]:
    """verify.html alone, as somebody keeps it: what it needs is in it."""
    alone = unpacked.folder.parent / "kept" / "verify.html"
    alone.parent.mkdir(exist_ok=True)
    shutil.copyfile(unpacked.folder / "verify.html", alone)
    opened = open_page(browser, alone)
    yield opened
    # Whatever was checked: nothing was asked, nothing was refused, nothing went wrong.
    assert opened.asked == [alone.as_uri()] and opened.complaints == []
    opened.context.close()


def open_page(browser: Any, file: Path) -> Visit:
    context = browser.new_context(offline=True)
    visit = Visit(context, context.new_page())
    visit.page.on("request", lambda request: visit.asked.append(request.url))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("console", lambda message: visit.complaints.append(message.text))
    visit.page.clock.set_fixed_time(LATER)
    visit.page.goto(file.as_uri())
    return visit


@pytest.mark.parametrize("file", ["credential.json", "badge.png", "badge.svg"])
def test_a_credential_holds_according_to_the_archive_and_not_to_the_domain(
    file: str, visit: Visit, unpacked: Unpacked
) -> None:
    visit.drop(unpacked.read("Ada Lovelace", file), file).open_list()
    assert visit.verdict == "archive"
    assert visit.headline.startswith(
        f"According to this archive, made from the site as of 1 June 2026: signed with keys that this archive of {HOST} lists, "
    )
    assert "Ada Lovelace earned Knots" in visit.says()
    for check in ("signature", "proof eddsa-jcs-2022", "proof eddsa-rdfc-2022", "key", "controller", "dates", "status"):
        assert visit.result(check) == "passed"
    told = visit.page.inner_text("#verdict-checks")
    assert f"Key from the archive: it lists #key-1 as a signing key of {HOST}." in told
    assert "Not withdrawn when the archive was made, as of 1 June 2026. The issuer's list was signed on" in told
    assert f"did.json (from the archive of {HOST})" in told
    words = visit.page.inner_text("main")
    assert "listed by" not in words and "just now" not in words and "{" not in visit.page.inner_text("#verdict")


def test_a_pasted_text_is_checked_and_an_address_is_not_asked(visit: Visit, unpacked: Unpacked) -> None:
    visit.paste(unpacked.read("Ada Lovelace").decode("ascii"))
    assert visit.verdict == "archive"
    visit.paste(f"https://{HOST}/c/{unpacked.ids['Ada Lovelace']}/")
    assert "This page opens no address" in visit.error("text") and not visit.page.is_visible("#result")


def test_what_was_revoked_has_expired_or_was_changed_is_told_by_the_archive(visit: Visit, unpacked: Unpacked) -> None:
    visit.choose(unpacked.read("Grace Hopper"))
    assert visit.verdict == "revoked" and f"according to the archive of {HOST}" in visit.headline
    visit.choose(unpacked.read("Alan Turing"))
    assert (
        visit.verdict == "expired" and "Expired on 1 July 2026. Signed with keys that this archive of" in visit.headline
    )
    visit.choose(unpacked.read("Ada Lovelace").replace(b"Ada Lovelace", b"Ida Lovelace"))
    assert visit.verdict == "fails" and visit.result("signature") == "failed" and visit.says() == ""
    visit.drop(unpacked.read("Ada Lovelace", "badge.png")[:-9], "badge.png")
    assert "cut off" in visit.error("file")


def test_whoever_holds_a_file_that_was_replaced_learns_of_the_newer_one_and_nobody_else_does(
    visit: Visit, unpacked: Unpacked
) -> None:
    visit.choose(unpacked.read("Mary Sommerville")).open_list()
    assert visit.verdict == "superseded"
    assert visit.headline == (
        f"Superseded: according to the archive of {HOST}, this version was replaced. "
        "According to the archive, the current version is genuine: rely on that one."
    )
    page = f"https://{HOST}/c/{unpacked.ids['Mary Sommerville']}/"
    assert visit.page.inner_text("#verdict .successor") == f"The current version was published at: {page}"
    assert visit.result("status") == "failed"
    assert "version 2 has replaced it" in visit.page.inner_text("#verdict-checks")
    visit.choose(unpacked.read("Mary Sommerville", "credential-2.json"))
    assert visit.verdict == "archive" and "Mary Somerville earned Knots" in visit.says()
    text = (unpacked.folder / "verify.html").read_text("utf-8")
    assert "Mary" not in text and unpacked.ids["Mary Sommerville"] not in text and text.count('"sealed": {\n') == 1


def test_a_file_whose_key_was_given_up_learns_that_it_was_signed_anew(
    browser: Any, repository: Path, unpacked: Unpacked, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(repository, tmp_path / "repository", ignore=shutil.ignore_patterns("site")))
    compromise(root)
    sign_with_second_key(root, resign=True)
    assert run(root, "archive", tmp_path / "a.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "new")
    new = Unpacked(tmp_path / "new")
    keys = (new.folder / "keys.txt").read_text("utf-8")
    assert "compromised, made on 2026-05-01" in keys and "active, made on 2026-06-20" in keys
    assert "as of 1 July 2026" in (new.folder / "README.txt").read_text("utf-8")
    visit = open_page(browser, new.folder / "verify.html")
    visit.choose(unpacked.read("Ada Lovelace"))
    assert visit.verdict == "fails" and "the same credential was signed again" in visit.headline
    visit.choose(new.read("Ada Lovelace"))
    assert visit.verdict == "archive" and visit.complaints == []
    visit.context.close()


def test_a_credential_of_another_site_could_not_be_checked(visit: Visit) -> None:
    visit.choose(next((ROOT / "content/signed/harbour").glob("*/credential.json")).read_bytes())
    assert visit.verdict == "unknown" and "neither for nor against it" in visit.headline
    assert visit.result("key") == visit.result("status") == "could_not_check" and visit.says() == ""
    assert "has no keys of badges.example.org." in visit.page.text_content("#verdict-checks")


def test_another_key_in_the_archive_does_not_pass_for_the_one_that_signed(
    browser: Any, unpacked: Unpacked, tmp_path: Path
) -> None:
    key = json.loads((unpacked.site / "issuers/school/did.json").read_bytes())["verificationMethod"][0]
    text = (unpacked.folder / "verify.html").read_text("utf-8")
    changed = text.replace(key["publicKeyMultibase"], format_public_key(fake_key("another").public_key()))
    assert changed != text
    (tmp_path / "verify.html").write_text(changed, "utf-8")
    visit = open_page(browser, tmp_path / "verify.html")
    visit.choose(unpacked.read("Ada Lovelace"))
    assert visit.verdict == "fails" and visit.result("signature") == "failed"
    visit.context.close()


def test_the_page_carries_no_sentence_that_speaks_for_the_domain(unpacked: Unpacked) -> None:
    text = (unpacked.folder / "verify.html").read_text("utf-8")
    site = json.loads((ROOT / "site_builder/verification/wording/en.json").read_bytes())
    for group, name in (
        ("headline", "holds"),
        ("signed", "listed"),
        ("headline", "revoked"),
        ("key", "passed"),
        ("status", "passed"),
    ):
        assert site[group][name] not in text
    assert "Key from the archive" in text and "listed by" not in text


def test_the_page_may_do_nothing_but_run_its_own_two_texts(visit: Visit) -> None:
    policy = visit.page.get_attribute("meta[http-equiv=Content-Security-Policy]", "content")
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; "
        r"form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        policy,
    )


# -- hosted again --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "verdict", "words"),
    [
        (HOST, "holds", f"Checked in this browser just now: signed by {HOST}, unchanged, not revoked."),
        (ELSEWHERE, "copy", f"This page says that it is a copy of one at {HOST}."),
    ],
)
def test_a_successor_who_hosts_the_archive_at_the_old_name_has_the_site_again_and_elsewhere_a_copy(
    host: str, verdict: str, words: str, browser: Any, unpacked: Unpacked
) -> None:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.clock.set_fixed_time(LATER)
    page.goto(f"https://{host}/c/{unpacked.ids['Ada Lovelace']}/")
    page.wait_for_selector("#verdict:not([data-verdict=none])")
    assert page.get_attribute("#verdict", "data-verdict") == verdict
    assert page.inner_text("#verdict-headline").startswith(words)
    context.close()
