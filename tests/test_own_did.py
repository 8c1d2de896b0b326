"""An issuer with a DID of its own: its keys lie where the DID leads, or it is said what to put there; verifiers look nowhere else."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from site_builder.cli import main
from site_builder.credentials.identifiers.did_web import build_did_document
from site_builder.encoding import format_json
from site_builder.issuing.command import IssueOptions, run_issue
from site_builder.issuing.surroundings import Machine, Output
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.queries.key_use import public_keys
from site_builder.ledger.store.key_documents import copying_lines, key_document
from site_builder.site.publish import publish
from site_builder.verification.evidence import fetch as fetching
from site_builder.verification.evidence.source import Fetch, FetchError
from site_builder.verification.report import Report
from site_builder.verification.whole_site import verify_site
from tests.support import BASE, ISSUER, NOW, issue_all, publish_to, repeatable_random, write_repository

LATER = datetime(2026, 7, 1, tzinfo=UTC)
COPY = "issuers/school/did.json"
BELOW = "https://example.org/badges/"
OWN = "did:web:badges.laurels.example"
ELSEWHERE, ELSEWHERE_URL = "did:web:school.example", "https://school.example/.well-known/did.json"


def with_did(root: Path, did: str, *, base: str = BASE) -> Path:
    return write_repository(root, base=base, files={"issuers/school/issuer.yml": f"{ISSUER}did: {did}\n"})


# --- where it lies ----------------------------------------------------------------------------------------------------

# (site_url, did, where the site publishes it beside the issuer's page, what to copy it to)
PLACES = [
    (BASE, OWN, ".well-known/did.json", ""),
    (BASE, f"{OWN}:schools:one", "schools/one/did.json", ""),
    (BASE, f"{OWN}:issuers:old-name", "issuers/old-name/did.json", ""),
    (BASE, f"{OWN}:issuers:school", "", ""),
    (BASE, ELSEWHERE, "", ELSEWHERE_URL),
    (BASE, f"{OWN}%3A8443", "", f"{BASE[:-1]}:8443/.well-known/did.json"),
    ("https://example.org:8443/", "did:web:example.org%3A8443", ".well-known/did.json", ""),
    ("https://example.org:8443/", "did:web:example.org", "", "https://example.org/.well-known/did.json"),
    (BELOW, "did:web:example.org:badges", "did.json", ""),
    (BELOW, "did:web:example.org:badges:schools", "schools/did.json", ""),
    (BELOW, "did:web:example.org", "", "https://example.org/.well-known/did.json"),
    (BELOW, "did:web:example.org:badges-of-old", "", "https://example.org/badges-of-old/did.json"),
]


@pytest.mark.parametrize(("base", "did", "place", "copy_to"), PLACES, ids=lambda value: value)
def test_the_keys_lie_where_the_did_leads_or_it_is_said_where_to_copy_them(
    base: str, did: str, place: str, copy_to: str, tmp_path: Path
) -> None:
    checked = check_repository(with_did(tmp_path, did, base=base))
    assert checked.problems == []
    files = dict(publish(checked))
    assert {path for path in files if path.endswith("did.json")} == {COPY, place or COPY}
    assert json.loads(files[COPY])["id"] == did and files[place or COPY] == files[COPY]
    lines = [f"school: copy public/{COPY} to {copy_to}, where verifiers look"] if copy_to else []
    assert copying_lines(checked.repository, site="public") == lines
    # Other programs may read it, and hosts that join the values of all rules are told once.
    rules = files["_headers"].decode("ascii")
    if place and not place.startswith("issuers/"):
        assert rules.count(f"/{place}\n  Access-Control-Allow-Origin: *\n  Cache-Control: public, max-age=300\n") == 1
    assert rules.count("did.json") == (bool(place) and not place.startswith("issuers/"))
    assert ".nojekyll" in files


# --- what commands say ------------------------------------------------------------------------------------------------


def laurels(root: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, ["-C", str(root), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_check_and_build_say_what_to_copy_where_and_take_it_for_no_problem(tmp_path: Path) -> None:
    root = with_did(tmp_path, ELSEWHERE)
    line = f"school: copy site/{COPY} to {ELSEWHERE_URL}, where verifiers look\n"
    listed = [{"issuer": "school", "did": ELSEWHERE, "file": COPY, "url": ELSEWHERE_URL}]
    checked, built = laurels(root, "check"), laurels(root, "build", "--json")
    assert checked.exit_code == built.exit_code == 0
    assert line in checked.stderr and built.stderr.count(line) == 1
    assert json.loads(laurels(root, "check", "--json").stdout)["key_documents"] == listed
    assert json.loads(built.stdout)["key_documents"] == listed


def plan(root: Path) -> list[str]:
    """The lines of `issue --dry-run` on what is frozen."""
    machine, output = Machine({}, NOW, repeatable_random()), Output(lambda line: None, lambda problems: None)
    notices = run_issue(root, IssueOptions(dry_run=True), machine=machine, output=output).done["notices"]
    assert isinstance(notices, list)
    return notices


@pytest.mark.parametrize(
    ("did", "what"),
    [
        (OWN, f"The site publishes its keys at {BASE}.well-known/did.json."),
        (ELSEWHERE, f"After the next build copy site/{COPY} to {ELSEWHERE_URL}, where verifiers look."),
    ],
)
def test_before_the_first_signature_it_is_said_what_that_freezes(did: str, what: str, tmp_path: Path) -> None:
    said = f"school signs for the first time, as {did}: that can never be changed. {what}"
    assert plan(with_did(tmp_path, did)) == [said]


def test_nothing_is_said_of_a_did_that_is_frozen_or_that_the_site_gives(issued: Path, tmp_path: Path) -> None:
    assert plan(write_repository(tmp_path / "usual")) == []
    more = "badge: knots\nawarded: 2026-05-20\nname: Mary Shelley\nemail: mary@example.org\n"
    root = Path(shutil.copytree(issued, tmp_path / "signed"))
    (root / "content/records/school/more.yml").write_text(more, "utf-8")
    assert plan(root) == []


def test_a_change_of_keys_says_that_the_file_must_be_copied_again(tmp_path: Path) -> None:
    root = with_did(tmp_path / "repository", ELSEWHERE)
    copying = f"copy site/{COPY} to {ELSEWHERE_URL}, where verifiers look"
    key = str(tmp_path / "key")
    rotated = laurels(root, "keys", "rotate", "school", "--no-passphrase", "--file", key)
    assert f"After the next build {copying}: until then nobody can check what key-2 signs.\n" in rotated.stderr
    ended = laurels(root, "keys", "compromised", "school", "key-2", "--json")
    assert json.loads(ended.stdout)["next"][-2:] == ["laurels build", copying]


def test_the_site_itself_answers_for_its_own_did_when_keys_change(tmp_path: Path) -> None:
    root = with_did(tmp_path / "repository", OWN)
    rotated = laurels(root, "keys", "rotate", "school", "--no-passphrase", "--file", str(tmp_path / "key"))
    ended = laurels(root, "keys", "compromised", "school", "key-1", "--json")
    assert "did.json" not in rotated.stderr + ended.stdout


def test_keys_check_asks_the_dids_own_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    root, asked = with_did(tmp_path, ELSEWHERE), []

    def fetch(url: str) -> bytes:
        asked.append(url)
        raise FetchError("school.example does not answer")

    monkeypatch.setattr(fetching, "fetch_https", fetch)
    said = laurels(root, "keys", "check", "school", "--online").stdout
    assert asked == [ELSEWHERE_URL]
    assert f"does not answer. Fix: copy site/{COPY} to {ELSEWHERE_URL}, where verifiers look\n" in said


# --- verifying --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose issuer's DID is the site's own host."""
    root = with_did(tmp_path_factory.mktemp("own") / "repository", OWN)
    issue_all(root)
    return root


@pytest.fixture(scope="module")
def issued_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose issuer's DID is another host."""
    root = with_did(tmp_path_factory.mktemp("elsewhere") / "repository", ELSEWHERE)
    issue_all(root)
    return root


def reports_on(site: Path, *, others: Fetch | None = None) -> list[Report]:
    return [report for _, report in verify_site(site, now=LATER, others=others)]


def answering(root: Path) -> Fetch:
    """The host that the DID names, with the issuer's keys, and no other one."""
    checked = check_repository(root)
    school = checked.repository.issuers["school"]
    raw = format_json(build_did_document(key_document(school, BASE).did, public_keys(school)))

    def fetch(url: str) -> bytes:
        if url != ELSEWHERE_URL:
            raise FetchError(f"{url} does not answer")
        return raw

    return fetch


def test_a_did_of_the_sites_own_host_holds_by_the_file_at_its_address_alone(issued: Path, tmp_path: Path) -> None:
    site = publish_to(issued, tmp_path / "site")
    found = reports_on(site)
    assert [report.verdict for report in found] == ["holds", "holds"]
    assert found[0].check("key").source == str(site / ".well-known/did.json")

    (site / ".well-known/did.json").unlink()
    assert (site / COPY).is_file()
    found = reports_on(site)
    assert [report.verdict for report in found] == ["unknown", "unknown"]
    assert found[0].check("key").sentence == (
        f"The issuer’s did.json must be put at {BASE}.well-known/did.json. "
        "This folder has no file for that address, and no other host was asked."
    )


def test_keys_on_another_host_are_not_taken_from_the_sites_copy(issued_elsewhere: Path, tmp_path: Path) -> None:
    site = publish_to(issued_elsewhere, tmp_path / "site")
    (first, _) = reports_on(site)
    assert (first.verdict, first.check("key").result) == ("unknown", "could_not_check")
    assert f"must be put at {ELSEWHERE_URL}." in first.check("key").sentence

    found = reports_on(site, others=answering(issued_elsewhere))
    assert [report.verdict for report in found] == ["holds", "holds"]
    assert found[0].check("key").source == ELSEWHERE_URL and "and what other hosts answer" in found[0].headline


def test_a_host_that_does_not_answer_is_asked_once(issued_elsewhere: Path, tmp_path: Path) -> None:
    asked = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        raise FetchError("school.example does not answer")

    found = reports_on(publish_to(issued_elsewhere, tmp_path / "site"), others=fetch)
    assert asked == [ELSEWHERE_URL]
    assert {report.check("key").sentence for report in found} == {
        "Could not reach school.example, which lists the issuer's signing keys."
    }


def test_the_command_fails_and_says_that_it_can_ask(
    issued_elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = publish_to(issued_elsewhere, tmp_path / "site")

    def verify(*arguments: str) -> Any:
        return CliRunner().invoke(main, ["verify", "--at", "2026-07-01", *arguments])

    result = verify(str(site))
    assert (
        result.exit_code == 1
        and "2 could not be checked" in result.stderr
        and "fetched from there: --online" in result.stderr
    )
    badge = next(site.glob("c/*/badge.png"))
    assert verify(str(badge), "--site", str(site)).exit_code == 1

    monkeypatch.setattr(fetching, "fetch_https", answering(issued_elsewhere))
    result = verify(str(site), "--online")
    assert result.exit_code == 0 and "2 genuine" in result.stderr
    assert verify(str(badge), "--site", str(site), "--online").exit_code == 0
    # Without a folder, its address is asked anyway; the lists lie at the site, which does not answer here.
    (report,) = json.loads(verify(str(badge), "--json").stdout)
    assert next(check["result"] for check in report["checks"] if check["name"] == "key") == "passed"


def test_an_unpacked_archive_has_the_keys_of_hosts_that_are_gone(issued_elsewhere: Path, tmp_path: Path) -> None:
    site = publish_to(issued_elsewhere, tmp_path / "site")
    for name in ("keys.txt", "verify.html"):
        (tmp_path / name).touch()
    found = reports_on(site)
    assert [report.verdict for report in found] == ["holds", "holds"]
    assert found[0].check("key").source == str(site / COPY)


@pytest.mark.parametrize("which", ["issued", "issued_elsewhere"])
def test_a_page_may_ask_the_host_of_the_did_and_no_other(which: str, request: pytest.FixtureRequest) -> None:
    files = dict(publish(check_repository(request.getfixturevalue(which))))
    html = next(raw.decode() for path, raw in files.items() if re.fullmatch("c/[a-z2-7]{26}/index.html", path))
    asked = {"issued": "'self'", "issued_elsewhere": "'self' https://school.example"}[which]
    assert f"connect-src {asked};" in html.replace("&#39;", "'")
