"""A deployed site held against its repository: what is older, missing, served and should not be, or changed on the way."""

from __future__ import annotations

import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.credentials.carriers.png import bake_png
from site_builder.credentials.securing.data_integrity import add_proof_set
from site_builder.credentials.status.bitstring import build_status_list
from site_builder.encoding import format_json, parse_json
from site_builder.errors import Progress
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.history.git_tree import uncommitted_files
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.deployed.comparison import Comparison, compare_site
from site_builder.site.deployed.expected import choose_awards
from site_builder.site.deployed.report import headline, report_lines
from site_builder.site.publish import publish
from site_builder.verification.evidence.live_site import LiveSite
from site_builder.verification.evidence.site_folder import SiteFolder
from site_builder.verification.evidence.source import FetchError
from tests.drawn import write_drawn_repository
from tests.life import issue_on, keys_file
from tests.serving import served, write_certificate
from tests.support import BASE, fake_key
from tests.test_attacks_network import HOST, network

RECORDS = "content/records/school"
PEOPLE = ("revoked", "withheld", "corrected", "erased", "unchanged")
CHANGES = {
    "revoked": "revoke: {}\ndate: 2026-06-03\nreason: misconduct\n",
    "withheld": "correct: {}\ndate: 2026-06-03\nname: New Name\nwithhold_previous: true\n",
    "corrected": "correct: {}\ndate: 2026-06-03\nname: Ada Lovelace\n",
    "erased": "erase: {}\ndate: 2026-06-03\n",
}
Files = dict[str, bytes]
LIST, KEYS = "issuers/school/status/1.json", "issuers/school/did.json"


@dataclass(frozen=True)
class Past:
    """A site as it was before some changes and as it is after them, each with its repository, and the ids of its awards."""

    before: CheckedRepository
    after: CheckedRepository
    old: Files
    new: Files
    ids: Mapping[str, str]

    def path(self, who: str, name: str) -> str:
        return f"c/{self.ids[who]}/{name}"

    def folder(self, who: str, files: Files) -> Files:
        return {path: raw for path, raw in files.items() if path.startswith(self.path(who, ""))}


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    root = tmp_path_factory.mktemp("past") / "before"
    rows = {f"{RECORDS}/{who}.yml": f"badge: knots\nawarded: 2026-05-14\nname: The {who}\n" for who in PEOPLE}
    write_drawn_repository(root, files={**rows, f"{RECORDS}/2026-05.yml": "", "issuers/school/keys.yml": keys_file()})
    issue_on(root, "2026-05-15")
    before = check_repository(root)
    ids = {Path(row.file).stem: award_id for award_id, row in before.rows.items()}
    after = Path(shutil.copytree(root, root.with_name("after")))
    for who, text in CHANGES.items():
        (after / f"{RECORDS}/change-{who}.yml").write_text(text.format(ids[who]), "utf-8")
    (after / f"{RECORDS}/erased.yml").unlink()
    (after / f"{RECORDS}/new.yml").write_text("badge: knots\nawarded: 2026-06-03\nname: The new one\n", "utf-8")
    issue_on(after, "2026-06-04")
    checked = check_repository(after)
    assert before.problems == checked.problems == []
    ids |= {Path(row.file).stem: award_id for award_id, row in checked.rows.items() if "new" in row.file}
    return Past(before, checked, dict(publish(before)), dict(publish(checked)), ids)


def asking(files: Mapping[str, bytes]) -> Callable[[str], bytes]:
    """A host that serves these files."""

    def ask(path: str) -> bytes:
        if path not in files:
            raise FetchError("the host answered 404", status=404)
        return files[path]

    return ask


def compared(past: Past, files: Mapping[str, bytes], **more: Any) -> Comparison:
    return compare_site(past.after, asking(files), **more)


def kinds(comparison: Comparison) -> dict[str, str]:
    return {finding.path: finding.kind for finding in comparison.findings}


def test_a_site_that_was_deployed_whole_is_the_same(past: Past) -> None:
    comparison = compared(past, past.new)
    assert comparison.is_same and not comparison.findings
    assert headline(comparison) == "The site is as this repository has it."


def test_pages_of_mkdocs_and_files_for_hosts_are_not_asked_for(past: Past) -> None:
    for_hosts = ("sitemap.xml", "robots.txt", "_headers", ".nojekyll")
    files = {path: raw for path, raw in past.new.items() if path not in for_hosts}
    assert compared(past, files | {"index.html": b"<!doctype html>", "more/x.html": b""}).is_same


# -- older ---------------------------------------------------------------------------------------------------------------


def test_a_rollback_of_a_list_and_a_page_folder_after_a_revocation_is_seen(past: Past) -> None:
    """A host's "restore previous deploy": everything verifies, and the revoked award holds."""
    old = {LIST: past.old[LIST]} | past.folder("revoked", past.old)
    comparison = compared(past, past.new | old)
    lost = {past.path(who, "credential.json") for who in CHANGES}
    what = {finding.path: finding.difference for finding in comparison.findings}
    page, rosette = past.path("revoked", "index.html"), past.path("revoked", "rosette.svg")
    assert kinds(comparison) == {LIST: "older", page: "older", rosette: "left"}
    assert "was signed on 15 May 2026, 12:00 UTC, the one here on 4 June 2026, 12:00 UTC" in what[LIST].what
    assert all(path in what[LIST].what for path in lost)
    assert what[page].what == "shows a credential that is in force; here it is revoked"


def test_a_whole_older_site_is_called_older_once(past: Past) -> None:
    comparison = compared(past, past.old)
    found = kinds(comparison)
    assert found[past.path("new", "index.html")] == "missing"
    assert found[past.path("corrected", "versions.json")] == found[past.path("corrected", "badge.png")] == "older"
    assert found[past.path("corrected", "index.html")] == found[past.path("erased", "versions.json")] == "older"
    assert found[past.path("erased", "index.html")] == "older" and found[past.path("erased", "badge.svg")] == "left"
    assert not comparison.is_half
    assert headline(comparison).startswith("The site is older than this repository")


def test_an_old_list_alone_is_half_a_deploy(past: Past) -> None:
    comparison = compared(past, past.new | {LIST: past.old[LIST]})
    assert comparison.is_half and kinds(comparison) == {LIST: "older"}
    assert headline(comparison).startswith("Only a part of the deploy is there")


@pytest.mark.parametrize("who", [*CHANGES, "new"])
def test_an_award_that_has_not_arrived_with_the_others_is_half_a_deploy(past: Past, who: str) -> None:
    files = {path: raw for path, raw in past.new.items() if not path.startswith(past.path(who, ""))}
    assert compared(past, files | past.folder(who, past.old)).is_half


@pytest.mark.parametrize("who", ["withheld", "erased"])
def test_a_signed_file_that_was_taken_back_and_is_still_served_is_named(past: Past, who: str) -> None:
    path = past.path(who, "credential.json")
    comparison = compared(past, past.new | {path: past.old[path]})
    assert kinds(comparison) == {path: "left"}
    assert "delete" in "\n".join(report_lines(comparison))


def test_drafts_on_the_published_site_are_named(past: Past) -> None:
    assert kinds(compared(past, past.new | {"drafts/index.html": b"<p>"})) == {"drafts/index.html": "left"}


def test_keys_that_are_given_up_here_and_accepted_there_are_older(past: Past) -> None:
    document = parse_json(past.new[KEYS])
    document["assertionMethod"] = [method["id"] for method in document["verificationMethod"]]
    finding = compared(past, past.new | {KEYS: format_json(document)}).findings[0]
    assert finding.kind == "older" and "still accepts what was signed with the key key-2" in finding.difference.what


# -- newer ---------------------------------------------------------------------------------------------------------------


def test_a_clone_that_is_behind_is_told_to_pull(past: Past) -> None:
    comparison = compare_site(past.before, asking(past.new))
    found = kinds(comparison)
    assert found[LIST] == found[past.path("corrected", "versions.json")] == "newer"
    assert found[past.path("revoked", "index.html")] == found[past.path("corrected", "badge.png")] == "newer"
    assert found[past.path("erased", "credential.json")] == "newer"
    assert headline(comparison).startswith("The site is newer than this repository")
    assert "git pull" in "\n".join(report_lines(comparison))


def test_a_key_that_only_the_site_has_is_newer(past: Past) -> None:
    document = parse_json(past.new[KEYS])
    method = document["verificationMethod"][0]
    document["verificationMethod"].append(method | {"id": f"{document['id']}#key-9"})
    finding = compared(past, past.new | {KEYS: format_json(document)}).findings[0]
    assert (
        finding.kind == "newer"
        and "lists the key key-9, which this repository does not have" in finding.difference.what
    )


def test_a_stranger_s_file_names_no_more_than_a_few_keys_and_writes_no_sentence(past: Past) -> None:
    document = parse_json(past.new[KEYS])
    method = document["verificationMethod"][0]
    names = [f"{document['id']}#all is well, {number}" for number in range(1000)]
    document |= {"verificationMethod": [method | {"id": name} for name in names], "assertionMethod": names * 2}
    what = compared(past, past.new | {KEYS: format_json(document)}).findings[0].difference.what
    assert what.startswith("lists the key all?is?well") and "?0, " in what and len(what) < 300


def forged_list(past: Past, *indexes: int, day: int) -> bytes:
    """A list that somebody signed with the key that fell into wrong hands."""
    did = parse_json(past.new[KEYS])["id"]
    when = datetime(2026, 6, day, tzinfo=UTC)
    document = build_status_list(url=BASE + LIST, issuer=did, indexes=indexes, issued=when)
    method = f"{did}#key-2"
    return format_json(add_proof_set(document, signing_key=fake_key("key-2"), verification_method=method, created=when))


@pytest.mark.parametrize("day", [5, 3])
def test_a_list_by_a_key_that_is_given_up_is_never_called_newer(past: Past, day: int) -> None:
    bits = past.after.lists["school", 1].bits
    finding = compared(past, past.new | {LIST: forged_list(past, *bits, 7, day=day)}).findings[0]
    assert finding.kind == "other" and "signed with a key that is given up here" in finding.difference.what
    assert kinds(compared(past, past.new | {LIST: forged_list(past, day=day)})) == {LIST: "older"}


# -- neither -------------------------------------------------------------------------------------------------------------


def with_script(raw: bytes) -> bytes:
    return raw.replace(b"</svg>", b"<script>alert(1)</script></svg>")


def test_what_was_changed_on_the_way_is_seen(past: Past) -> None:
    """All that verifying a site cannot see, since nothing of it is signed."""
    who = "unchanged"
    image = next(path for path in past.new if path.startswith("badges/knots/image-") and path.endswith(".png"))
    png, svg = past.path(who, "badge.png"), past.path(who, "badge.svg")
    pixels = bake_png(_other_pixels(past.new[image]), past.new[past.path(who, "credential.json")])
    changed = {
        image: _other_pixels(past.new[image]),
        past.path(who, "qr.svg"): past.new[past.path("new", "qr.svg")],
        png: pixels,
        svg: with_script(past.new[svg]),
        "assets/statement.js": past.new["assets/statement.js"] + b"\n",
        "assets/laurels.css": b"",
        "badges/knots/index.html": past.new["badges/knots/index.html"].replace(b"Knots", b"Nets"),
        LIST: past.new[LIST].replace(b'"revocation"', b'"revocatiom"'),
    }
    comparison = compared(past, past.new | changed)
    what = {finding.path: finding.difference.what for finding in comparison.findings}
    assert kinds(comparison) == dict.fromkeys(changed, "other")
    assert "carries the right credential, in another picture" in what[png]
    assert "a script that is not of this site: <script>" in what[svg]
    assert what["assets/laurels.css"] == "is empty"
    assert headline(comparison) == "The site has other files than this repository would publish."


def _other_pixels(png: bytes) -> bytes:
    """The picture with a chunk that shows nothing of it."""
    return png[:-12] + b"\0\0\0\0IDAT" + (0x35AF061E).to_bytes(4, "big") + png[-12:]


def test_a_credential_s_folder_that_was_deleted_is_missing(past: Past) -> None:
    files = {path: raw for path, raw in past.new.items() if not path.startswith(past.path("unchanged", ""))}
    comparison = compared(past, files)
    assert set(kinds(comparison)) == set(past.folder("unchanged", past.new)) and set(kinds(comparison).values()) == {
        "missing"
    }


def test_another_s_credential_in_an_image_is_named(past: Past) -> None:
    png = past.path("unchanged", "badge.png")
    finding = compared(past, past.new | {png: past.new[past.path("new", "badge.png")]}).findings[0]
    assert finding.difference.what == "carries the credential of something else"


@pytest.mark.parametrize(
    ("rewrite", "guess"),
    [
        (lambda html: html.replace(b"\n", b""), "only white space differs"),
        (lambda html: html.replace(b"mailto:", b"/cdn-cgi/l/email-protection#"), "Email Address Obfuscation"),
        (
            lambda html: html.replace(b"</body>", b"<script src='https://t.example/a.js'></script></body>"),
            "t.example/a.js",
        ),
    ],
)
def test_a_host_that_rewrites_pages_is_recognised(past: Past, rewrite: Callable[[bytes], bytes], guess: str) -> None:
    pages = {path: rewrite(raw) for path, raw in past.new.items() if path.endswith("index.html")}
    comparison = compared(past, past.new | pages)
    assert headline(comparison).startswith("Pages are different, and all that is signed is the same")
    assert guess in "\n".join(report_lines(comparison))


HOSTILE = [
    b"",
    b"\0" * 2000,
    b"[" * 5000,
    b'{"proof": [[]], "withheld": 1, "id": 7}',
    b"null",
    b"\xff\xfe",
    b"<svg>" * 900,
]


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_host_serves_is_only_a_difference(past: Past, raw: bytes) -> None:
    comparison = compared(past, dict.fromkeys(past.new, raw))
    assert not comparison.same and set(kinds(comparison).values()) <= {"other", "left", "older", "newer"}


def test_a_list_that_another_branch_issued_is_told_from_an_older_one(past: Past, tmp_path: Path) -> None:
    root = Path(shutil.copytree(past.before.repository.root, tmp_path / "branch"))
    text = CHANGES["revoked"].format(past.ids["unchanged"])
    (root / f"{RECORDS}/change-unchanged.yml").write_text(text, "utf-8")
    issue_on(root, "2026-06-03")
    finding = compared(past, past.new | {LIST: (root / LIST).read_bytes()}).findings[0]
    assert finding.kind == "other" and "each withdraws what the other does not" in finding.difference.what


@pytest.mark.parametrize(
    ("created", "kind"), [("2026-05-01", "older"), ("2026-05-20", "newer"), ("2026-99-01", "older")]
)
def test_proofs_that_were_replaced_tell_which_file_is_the_later(past: Past, created: str, kind: str) -> None:
    path = past.path("unchanged", "credential.json")
    other = past.new[path].replace(b'"created": "2026-05-15', f'"created": "{created}'.encode("ascii"))
    assert other != past.new[path]
    finding = compared(past, past.new | {path: other}).findings[0]
    assert finding.kind == kind and "carries proofs of" in finding.difference.what
    reworded = past.new[path].replace(b"The unchanged", b"The replaced")
    assert compared(past, past.new | {path: reworded}).findings[0].kind == "other"


# -- hosts ---------------------------------------------------------------------------------------------------------------


def test_a_host_that_answers_everything_with_a_page_hides_nothing(past: Past) -> None:
    class Everything(dict[str, bytes]):
        def __contains__(self, path: object) -> bool:
            return True

        def __missing__(self, path: str) -> bytes:
            return b"<!doctype html>Home"

    files = Everything(past.new)
    assert compared(past, files).is_same
    del files[LIST]
    assert kinds(compared(past, files)) == {LIST: "missing"}


def leading_elsewhere(past: Past, files: Mapping[str, bytes], *, everywhere: bool) -> Comparison:
    """The comparison with a host that sends whoever asks for an erased credential's image to another address."""

    def ask(path: str) -> bytes:
        if path not in files and (everywhere or path == past.path("erased", "badge.png")):
            raise FetchError("the host answered 301", status=301)
        return asking(files)(path)

    return compare_site(past.after, ask)


def test_where_nothing_should_be_nothing_leads_elsewhere(past: Past) -> None:
    finding = leading_elsewhere(past, past.new, everywhere=False).findings[0]
    assert finding.kind == "left" and finding.path == past.path("erased", "badge.png")
    assert "leads to another address (status 301)" in finding.difference.what
    # Some hosts lead everybody to the front page who asks for what is not there.
    assert leading_elsewhere(past, past.new, everywhere=True).is_same


def test_nobody_can_know_which_address_is_asked_for_what_is_not_there(past: Past) -> None:
    image = past.path("erased", "badge.png")
    left = {image: past.old[image], f"c/{'a' * 26}/nothing.json": past.old[image]}
    with hosted(past.new | left) as (address, _):
        done = verify(address, "--against", str(past.after.repository.root))
    assert done.exit_code == 1 and f"{image} should not be there" in done.stdout


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (0, "could not be reached"),
        (500, "could not be reached"),
        (429, "could not be reached"),
        (404, "Nothing of this repository's site is at this address"),
        (301, "Nothing of this repository's site is at this address"),
    ],
)
def test_a_host_that_refuses_is_not_asked_for_everything(past: Past, status: int, said: str) -> None:
    asked = []

    def refuse(path: str) -> bytes:
        asked.append(path)
        raise FetchError("refused", status=status)

    comparison = compare_site(past.after, refuse)
    assert said in headline(comparison) and not comparison.is_same
    assert len(asked) <= 5 or status in (404, 301)


def test_of_a_large_site_some_awards_are_looked_at_and_all_that_are_withdrawn(past: Past) -> None:
    awards = choose_awards(past.after.ledger, 2, draw=lambda ids, size: ids[:size])
    always = {past.ids["revoked"], past.ids["erased"]}
    assert always < awards and len(awards) == len(always) + 2
    asked = []

    def ask(path: str) -> bytes:
        asked.append(path)
        return asking(past.new)(path)

    assert compare_site(past.after, ask, awards=awards).is_same
    assert {path.split("/")[1] for path in asked if path.startswith("c/") and "aaaa" not in path} == awards
    assert LIST in asked


def test_progress_ends_with_its_total(past: Past) -> None:
    steps: list[tuple[int, int]] = []
    shown: Progress = lambda done, total: steps.append((done, total))  # noqa: E731
    compared(past, past.new, progress=shown)
    assert steps[-1][0] == steps[-1][1] == len(PEOPLE) + 1


# -- at an address -------------------------------------------------------------------------------------------------------


class Host(http.server.BaseHTTPRequestHandler):
    """A host on this machine below a path, which keeps its connections open."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one piece for head and body, so that neither waits for the other's arrival
    files: Mapping[str, bytes]
    connections: list[Any]
    closes: str

    def setup(self) -> None:
        super().setup()
        self.connections.append(self.client_address)

    def do_GET(self) -> None:
        path = self.path.removeprefix("/badges/")
        raw = self.files.get(path + "index.html" if path.endswith("/") else path)
        self.send_response(200 if raw is not None else 404)
        self.send_header("Content-Length", str(len(raw or b"")))
        self.end_headers()
        self.wfile.write(raw or b"")
        # As hosts do with a connection that was idle: without a word.
        self.close_connection = path == self.closes

    def log_message(self, format: str, *values: object) -> None:
        pass


@contextmanager
def hosted(files: Mapping[str, bytes], *, closes: str = "") -> Iterator[tuple[str, list[Any]]]:
    """The address of these files on a host, and its connections so far. closes: the path after which it closes one."""
    connections: list[Any] = []
    kind = type("_Host", (Host,), {"files": files, "connections": connections, "closes": closes})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/badges", connections
    finally:
        server.shutdown()
        server.server_close()


def verify(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["verify", *arguments])


def test_the_command_compares_a_site_below_a_path_over_few_connections(past: Past) -> None:
    root = past.after.repository.root
    with hosted(past.new) as (address, connections):
        done = verify(address, "--against", str(root))
        below = verify(f"{address}/", "--against", str(root / "content"), "--json", "--sample", "1")
    assert done.exit_code == 0 and done.stdout == "The site is as this repository has it.\n"
    assert f"This site belongs at {BASE}. What {address}/ serves is a preview or a copy." in done.stderr
    assert "6 awards: " in done.stderr and "3 of 6 awards" in below.stderr
    assert json.loads(below.stdout)["same"] is True and len(connections) <= 8


def test_the_command_fails_with_what_differs_and_what_to_do(past: Past) -> None:
    with hosted(past.new | {LIST: past.old[LIST]}) as (address, _):
        done = verify(address, "--against", str(past.after.repository.root))
        as_json = verify(address, "--against", str(past.after.repository.root), "--json")
    assert done.exit_code == as_json.exit_code == 1
    assert f"1 older than here:\n  {LIST} a rollback" in done.stdout and "What to do: Deploy again." in done.stdout
    assert [finding["path"] for finding in json.loads(as_json.stdout)["findings"]] == [LIST]


def test_a_built_folder_is_compared_as_well(past: Past, tmp_path: Path) -> None:
    for path, raw in past.new.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(raw)
    assert compare_site(past.after, SiteFolder(tmp_path).ask).is_same
    (tmp_path / LIST).unlink()
    (tmp_path / LIST).symlink_to("/etc/hostname")
    assert kinds(compare_site(past.after, SiteFolder(tmp_path).ask)) == {LIST: "unknown"}
    assert verify(str(tmp_path), "--against", str(past.after.repository.root)).exit_code == 1


def test_over_https_the_care_of_every_fetch_is_taken(past: Past, tmp_path: Path) -> None:
    for path in (LIST, KEYS):
        (tmp_path / "site" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / path).write_bytes(past.new[path])
    certificate = write_certificate(tmp_path, [HOST])
    with served(tmp_path / "site", certificate) as port:
        now = [0.0]
        live = LiveSite(f"https://{HOST}", network=network(certificate, port, clock=lambda: now[0]))
        for path in (LIST, KEYS, LIST):
            assert live.ask(path) == past.new[path]
            now[0] += 60  # the time is for each answer, not for all of them
        with pytest.raises(FetchError, match="answered 404"):
            live.ask("index.html.json")
        live.close()
        inside = LiveSite(f"https://{HOST}", network=network(certificate, port, addresses=("10.0.0.1",)))
        with pytest.raises(FetchError, match="no public address"):
            inside.ask(LIST)


def test_an_answer_without_end_is_not_read_and_a_host_that_has_closed_is_asked_again(past: Past) -> None:
    with hosted({LIST: b" " * 6_000_000, KEYS: past.new[KEYS]}, closes=KEYS) as (address, connections):
        live = LiveSite(address)
        assert [live.ask(KEYS), live.ask(KEYS)] == [past.new[KEYS]] * 2 and len(connections) == 2
        with pytest.raises(FetchError, match="more than 5,242,880 bytes"):
            live.ask(LIST)
        live.close()


@pytest.mark.parametrize(
    "address", ["https://user@x.example/", "https://x.example/?a", "http://x.example/", "https://x.example:0/"]
)
def test_an_address_that_is_no_site_s_is_refused(address: str) -> None:
    with pytest.raises(FetchError):
        LiveSite(address)


@pytest.mark.parametrize(
    "arguments",
    [
        ["https://x.example/", "https://y.example/", "--against", "."],
        ["https://x.example/", "--against", ".", "--at", "2026-06-01"],
        ["https://x.example/", "--sample", "5"],
        ["http://127.0.0.1:1/c/x/"],
    ],
)
def test_options_that_mean_nothing_together_are_refused(arguments: list[str]) -> None:
    assert verify(*arguments).exit_code == 2


def test_a_repository_with_problems_is_not_compared(past: Past, tmp_path: Path) -> None:
    root = Path(shutil.copytree(past.after.repository.root, tmp_path / "root"))
    (root / LIST).unlink()
    done = verify("https://x.example/", "--against", str(root))
    assert done.exit_code == 1 and "run 'laurels issue'" in done.stderr
    (root / "badges/knots/badge.yml").write_text("nothing\n", "utf-8")
    done = verify("https://x.example/", "--against", str(root))
    assert done.exit_code == 1 and "nothing is compared while there are problems" in done.stderr


def test_files_that_are_not_committed_are_said(past: Past, tmp_path: Path) -> None:
    root = Path(shutil.copytree(past.before.repository.root, tmp_path / "root"))
    assert uncommitted_files(root) == []
    for command in ("init --quiet", "add -A", "-c user.name=a -c user.email=a@example.org commit --quiet -m x"):
        subprocess.run(["git", *command.split()], cwd=root, check=True)
    assert uncommitted_files(root) == []
    (root / RECORDS / "new.yml").write_text("badge: knots\nawarded: 2026-06-03\nname: Somebody\n", "utf-8")
    (root / "notes.txt").write_text("not of the site", "utf-8")
    assert uncommitted_files(root) == [f"{RECORDS}/new.yml"]
    with hosted(past.old) as (address, _):
        done = verify(address, "--against", str(root))
    assert done.exit_code == 0 and f"Not committed: 1 file, such as {RECORDS}/new.yml." in done.stderr
    assert "Not looked for, since not signed yet: 1 award, 0 changes" in done.stderr
