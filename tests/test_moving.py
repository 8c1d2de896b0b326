"""A site moves to another domain: what the command says and writes, and what then verifies at which address."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from site_builder.authoring.moved_records import moved_records
from site_builder.authoring.relocation import Reissue, Relocation, _with_distinct_refs, plan_move
from site_builder.authoring.relocation_words import describe_move
from site_builder.cli import main
from site_builder.encoding import parse_json
from site_builder.errors import UsageError
from site_builder.ledger.checks.repository import check_repository
from site_builder.records.load.award_files import read_record
from site_builder.records.models.award import AwardRow
from site_builder.site.moved_site import old_address_files
from site_builder.site.publish import publish
from site_builder.verification.address import verify_address
from site_builder.verification.evidence.fetch import Network, fetch_https
from site_builder.verification.file import verify_file
from site_builder.verification.report import Report
from site_builder.verification.whole_site import verify_site
from tests.drawn import write_drawn_repository
from tests.serving import chromium, served, write_certificate
from tests.support import BADGE, DRAWING, ISSUER, NOW, issue_all, publish_to
from tests.trees import tree_of

ROOT = Path(__file__).parents[1]
OLD, NEW = "badges.laurels.example", "badges.quayside.example"
TO = f"https://{NEW}/"
RECORDS = "content/records/school"
PEOPLE = """\
badge: knots
awarded: 2026-05-14
evidence: [https://school.example/cohort]
recipients:
  - {name: Ada Lovelaze, email: ada@example.org, listed: 2026-05-14}
  - {name: Grace Hopper, email: grace@example.org}
  - {name: Emmy Noether, expires: 2026-05-20}
  - {name: Sofia Kovalevskaya}
"""


def write_old(root: Path, **files: str) -> Path:
    """The old site's repository: one award in force, misspelt at first, one revoked, one that has ended, one erased; all are signed."""
    write_drawn_repository(root, files={f"{RECORDS}/2026-05.yml": PEOPLE, "issuers/school/logo.svg": DRAWING} | files)
    issue_all(root)
    ids, records = named(root), root / RECORDS
    changes = {
        "correct": f"correct: {ids['Ada Lovelaze']}\ndate: 2026-05-29\nname: Ada Lovelace\n",
        "revoke": f"revoke: {ids['Grace Hopper']}\ndate: 2026-05-30\nreason: other\n",
        "erase": f"erase: {ids['Sofia Kovalevskaya']}\ndate: 2026-05-30\n",
    }
    for name, text in changes.items():
        (records / f"{name}.yml").write_text(text, "utf-8")
    (records / "2026-05.yml").write_text(PEOPLE.replace("  - {name: Sofia Kovalevskaya}\n", ""), "utf-8")
    issue_all(root, seed="changed")
    return root


def named(root: Path) -> dict[str, str]:
    """The id of each credential, by its recipient's name."""
    ledger = check_repository(root).ledger
    found = {}
    for award in ledger.awards.values():
        document = ledger.document(award, award.current)
        found[document["credentialSubject"]["identifier"][0]["identityHash"]] = award.id
    return found


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_old(tmp_path_factory.mktemp("old") / "repository")


def planned(root: Path, to: str = TO, *, now: datetime = NOW) -> Relocation:
    checked = check_repository(root)
    assert checked.problems == []
    return plan_move(checked, to, now=now)


def run(root: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["-C", str(root), "move", *map(str, arguments)])


# --- what the command says --------------------------------------------------------------------------------------------


def test_what_stays_bound_to_the_old_address_is_counted_by_issuer(old: Path) -> None:
    (school,) = planned(old).issuers
    assert (school.pages, school.signed_files, school.status_lists, school.pictures) == (4, 4, 1, 2)
    assert (school.active, school.ended, school.revoked, school.erased) == (1, 1, 1, 1)
    assert school.did == f"did:web:{OLD}:issuers:school" and school.next_did == f"did:web:{NEW}:issuers:school"
    assert school.key_document == f"https://{OLD}/issuers/school/did.json" and school.key_moves


def test_an_issuer_with_a_did_on_another_host_keeps_its_key_and_nothing_else(tmp_path: Path) -> None:
    root = write_old(tmp_path, **{"issuers/school/issuer.yml": f"{ISSUER}did: did:web:school.example\n"})
    move = planned(root)
    assert move.issuers[0].did == move.issuers[0].next_did == "did:web:school.example"
    assert not move.issuers[0].key_moves
    text = "\n".join(describe_move(move))
    assert (
        f"not its key, which stays at https://school.example/.well-known/did.json; but lists and credentials still lie at {OLD}"
        in text
    )


def test_an_issuer_with_a_did_of_the_old_host_is_told_that_it_would_take_the_old_name_along(tmp_path: Path) -> None:
    root = write_old(tmp_path, **{"issuers/school/issuer.yml": f"{ISSUER}did: did:web:{OLD}\n"})
    lines = "\n".join(describe_move(planned(root)))
    assert f"its key, at https://{OLD}/.well-known/did.json\n" in lines
    assert (
        f"the new site would sign as did:web:{OLD} too, whose key stays there: give it another 'did:' before it signs"
        in lines
    )
    assert ".well-known/did.json" in dict(old_address_files(check_repository(root), TO))


def test_what_is_in_force_is_to_be_signed_anew_until_its_last_moment(old: Path) -> None:
    def names(now: datetime) -> list[str]:
        return [award.row.name for award in planned(old, now=now).restated]

    assert names(NOW) == ["Ada Lovelace"]
    assert names(datetime(2026, 5, 20, 21, 59, 59, tzinfo=UTC)) == ["Ada Lovelace", "Emmy Noether"]
    assert names(datetime(2026, 5, 1, tzinfo=UTC)) == ["Ada Lovelace", "Emmy Noether"]  # not valid yet


def test_the_lines_name_each_award_and_say_that_redirects_are_not_enough(old: Path) -> None:
    text = "\n".join(describe_move(planned(old)))
    for said in (
        f"From https://{OLD}/ to {TO}. Nothing was changed here.",
        "school: 4 credentials (1 in force, 1 ended, 1 revoked, 1 erased)",
        "A redirect is not enough",
        f"Ada Lovelace: knots, awarded 2026-05-14, valid until 2028-05-14  https://{OLD}/c/{named(old)['Ada Lovelace']}/",
        f"a copy of one at {OLD}",
    ):
        assert said in text
    assert "Grace Hopper" not in text and "Emmy Noether" not in text


def test_an_achievement_that_is_defined_otherwise_by_now_is_pointed_out(old: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(old, tmp_path / "repository"))
    assert not planned(root).restated[0].is_redefined
    badge = root / "badges/knots/badge.yml"
    badge.write_text(badge.read_text("utf-8").replace("six knots that matter", "nine knots"), "utf-8")
    move = planned(root)
    assert move.restated[0].is_redefined
    assert "* 1 award was signed when the achievement was defined otherwise" in "\n".join(describe_move(move))


@pytest.mark.parametrize(
    "url",
    ["http://badges.quayside.example/", "https://", "badges.quayside.example", f"{TO}?a", f"{TO}#a", "https://Badges.example/",
     "https://badges.example:443/", f"{TO}a b/", f"https://{OLD}/", f"https://{OLD}"],
)  # fmt: skip
def test_an_address_that_no_site_can_have_or_this_one_has_is_refused(url: str, old: Path) -> None:
    with pytest.raises(UsageError):
        planned(old, url)
    result = run(old, "--to", url)
    assert result.exit_code == 2 and result.stdout == ""


def test_a_slash_at_the_end_and_a_path_may_be_given_or_not(old: Path) -> None:
    assert planned(old, TO.rstrip("/")).to == TO
    assert planned(old, f"{TO}awards").issuers[0].next_did == f"did:web:{NEW}:awards:issuers:school"


def test_a_site_url_that_signatures_do_not_name_is_refused_with_the_way_to_move(old: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(old, tmp_path / "repository"))
    text = (root / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(text.replace(OLD, NEW), "utf-8")
    (problem,) = [problem for problem in check_repository(root).problems if problem.code == "CFG002"]
    assert "laurels move --to" in problem.fix
    result = run(root, "--to", TO)
    assert result.exit_code == 1 and "CFG002" in result.stderr and result.stdout == ""


# --- what it writes ---------------------------------------------------------------------------------------------------


def test_the_command_changes_nothing_in_the_repository_and_writes_two_folders_beside_it(
    old: Path, tmp_path: Path
) -> None:
    before, out = tree_of(old), tmp_path / "moved"
    result = run(old, "--to", TO, "--out", out, "--json")
    assert result.exit_code == 0, result.output
    assert tree_of(old) == before
    assert sorted(path.name for path in out.iterdir()) == ["old-address", "records"]
    told = json.loads(result.stdout)
    assert told["from"] == f"https://{OLD}/" and told["to"] == TO and told["issuers"][0]["pages"] == 4


def test_a_place_that_is_taken_or_in_the_repository_is_refused(old: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/kept.txt").write_text("kept")
    (tmp_path / "file").write_text("kept")
    before = tree_of(old)
    for out in (tmp_path / "full", tmp_path / "file", old / "content/moved", old / "moved"):
        result = run(old, "--to", TO, "--out", out)
        assert result.exit_code == 2, result.output
    assert tree_of(tmp_path) == {"full/kept.txt": b"kept", "file": b"kept"} and tree_of(old) == before


def test_nothing_is_written_while_something_waits_to_be_signed(old: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(old, tmp_path / "repository"))
    (root / f"{RECORDS}/new.yml").write_text("badge: knots\nawarded: 2026-05-31\nname: Mary Somerville\n", "utf-8")
    result = run(root, "--to", TO, "--out", tmp_path / "moved")
    assert result.exit_code == 1 and not (tmp_path / "moved").exists() and "run 'laurels issue' first" in result.stderr
    # To look is allowed.
    assert run(root, "--to", TO).exit_code == 0


def test_everything_but_pages_that_lead_on_stays_at_the_old_address_byte_for_byte(old: Path) -> None:
    checked = check_repository(old)
    whole, kept = dict(publish(checked)), dict(old_address_files(checked, TO))
    led = {"badges/index.html", "badges/knots/index.html", "issuers/school/index.html"}
    assert {path for path in whole if kept.get(path) != whole[path]} == led | {"sitemap.xml", "robots.txt"}
    assert set(kept) - set(whole) == {"index.html", "404.html", "_redirects"}
    for path in led:
        page, target = kept[path].decode("utf-8"), TO + path.removesuffix("index.html")
        assert f'<meta http-equiv="refresh" content="0; url={target}">' in page and f'<a href="{target}">' in page
        assert f'<link rel="canonical" href="{target}">' in page


def test_redirects_name_single_pages_and_never_a_folder_with_signed_files_in_it(old: Path) -> None:
    rules = dict(old_address_files(check_repository(old), TO))["_redirects"].decode("ascii").splitlines()
    assert f"/ {TO} 301" in rules and f"/badges/knots/ {TO}badges/knots/ 301" in rules
    assert len(rules) == 4 and not any("*" in rule or ":splat" in rule or rule.startswith("/c/") for rule in rules)


def test_a_site_below_a_path_gets_no_redirects_since_its_host_reads_them_at_the_root_only(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path, base=f"https://{OLD}/school/")
    issue_all(root)
    kept = dict(old_address_files(check_repository(root), TO))
    assert "_redirects" not in kept
    assert b'href="/school/assets/laurels.css"' in kept["404.html"]


def row_of(**fields: Any) -> AwardRow:
    """A row from its fields as text, as they are written."""
    return AwardRow(**fields)


def read_back(files: Iterable[tuple[str, bytes]]) -> list[AwardRow]:
    found = [read_record(raw, file=path, issuer=path.split("/")[0]) for path, raw in files]
    assert not [problem for file in found for problem in file.problems]
    return [row.award for file in found for row in file.rows]


def test_the_records_of_the_demo_say_what_its_rows_say_in_every_form_that_rows_have() -> None:
    awards = planned(ROOT).restated
    assert len(awards) > 80
    written = [json.dumps(row.as_digested(), sort_keys=True) for row in read_back(moved_records(awards))]
    assert sorted(written) == sorted(json.dumps(award.row.as_digested(), sort_keys=True) for award in awards)


def test_records_carry_every_field_and_every_odd_text(old: Path) -> None:
    (award,) = planned(old).restated
    odd = row_of(
        badge="knots", awarded="2026-05-14", name="no", email="ada@example.org", id="did:web:ada.example", ref="010",
        expires="never", narrative="Two lines,  \nthe first with a break:\n\n- *one* # two\n- {three}", credits_earned="7.50",
        license_number="1e3", role="- dash: and, comma", activity_start="2026-05-01", activity_end="2026-05-02",
        evidence=["https://a.example/?a=1,2", {"url": "https://b.example/", "name": "Log: book", "description": "It's \"so\""}],
        results={"written": "27", "vessel": "Grietje, [the] old"}, listed="2026-05-14",
    )  # fmt: skip
    plain = replace(award, row=row_of(badge="knots", awarded="2026-05-14", name="Ada"))
    rows = read_back(moved_records([replace(award, row=odd), plain]))
    assert [row.as_digested() for row in rows] == [odd.as_digested(), plain.row.as_digested()]


def test_a_long_cohort_is_split_into_files_that_can_be_read(old: Path) -> None:
    (award,) = planned(old).restated
    many = [replace(award, row=row_of(badge="knots", awarded="2026-05-14", name=f"N {n}")) for n in range(450)]
    assert [path for path, _ in moved_records(many)] == [
        f"school/2026-05-14-knots{end}.yml" for end in ("", "-2", "-3")
    ]
    assert len(read_back(moved_records(many))) == 450


def test_the_last_day_is_kept_as_it_was_signed_though_the_validity_is_another_by_now(old: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(old, tmp_path / "repository"))
    badge = root / "badges/knots/badge.yml"
    badge.write_text(BADGE.replace("validity: P2Y", "validity: P5Y"), "utf-8")
    assert planned(root).restated[0].row.as_digested()["expires"] == "2028-05-14"
    badge.write_text(BADGE.replace("validity: P2Y\n", ""), "utf-8")
    assert planned(root).restated[0].row.as_digested()["expires"] == "2028-05-14"
    badge.write_text(BADGE, "utf-8")
    assert planned(root).restated[0].row.expires is None


# --- both sites, each at its address ----------------------------------------------------------------------------------


def new_repository(old: Path, moved: Path, folder: Path) -> Path:
    """The new site's repository, made as the manual says."""
    shutil.copytree(old, folder)
    for path in (folder / "content/signed", folder / "content/records", *folder.glob("issuers/*/status")):
        shutil.rmtree(path)
    shutil.copytree(moved / "records", folder / "content/records")
    text = (folder / "mkdocs.yml").read_text("utf-8")
    (folder / "mkdocs.yml").write_text(text.replace(f"https://{OLD}/", TO), "utf-8")
    return folder


@dataclass
class World:
    """Two hosts on this machine. leads_to: what the old one answers to everything; None: nothing, "": its files."""

    old: Path
    new: Path
    browser: Any
    network: Network
    leads_to: str | None = ""

    def page(self, host: str, name: str) -> str:
        return f"https://{host}/c/{named(self.old if host == OLD else self.new)[name]}/"

    def held(self, host: str, name: str) -> Path:
        """A learner's own file, the latest."""
        root = self.old if host == OLD else self.new
        folder = root / f"content/signed/school/{named(root)[name]}"
        return max(folder.glob("credential*.json"), key=lambda file: file.stat().st_mtime_ns)

    def verify(self, what: str | Path) -> Report:
        def fetch(url: str) -> bytes:
            return fetch_https(url, network=self.network)

        if isinstance(what, Path):
            return verify_file(what, evidence=fetch, now=NOW)
        return verify_address(what, evidence=fetch, now=NOW)

    def look(self, url: str, *, file: Path | None = None) -> tuple[str, str]:
        """Verdict and headline that a browser shows at a page, or at the verifier for a file."""
        context = self.browser.new_context(ignore_https_errors=True)
        page = context.new_page()
        page.clock.set_fixed_time("2026-06-01T12:00:00Z")
        page.goto(url)
        if file:
            page.set_input_files("#file", file)
        page.wait_for_selector("#verdict:not([data-verdict=none])")
        found = page.get_attribute("#verdict", "data-verdict"), page.inner_text("#verdict-headline")
        context.close()
        return found


def network_of(ports: dict[str, int], certificate: Path) -> Network:
    """The world in which each host lies on a port of this machine, behind an address that counts as public."""
    addresses = {host: f"93.184.216.{number}" for number, host in enumerate(ports, 34)}
    hosts = {address: host for host, address in addresses.items()}

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(None, None, 6, "", (addresses[host], port))]

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", ports[hosts[address[0]]]), timeout)

    return Network(resolve, connect, lambda: ssl.create_default_context(cafile=str(certificate)))


@pytest.fixture(scope="module")
def world(old: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    scratch = tmp_path_factory.mktemp("world")
    checked, moved = check_repository(old), scratch / "moved"
    for name, files in (
        ("old-address", old_address_files(checked, TO)),
        ("records", moved_records(planned(old).restated)),
    ):
        for path, raw in files:
            (moved / name / path).parent.mkdir(parents=True, exist_ok=True)
            (moved / name / path).write_bytes(raw)
    new = new_repository(old, moved, scratch / "repository")
    issue_all(new, seed="new")
    site = publish_to(new, scratch / "site")
    # The old site as the new host served it before it had anything of its own.
    publish_to(old, site / "meanwhile")
    world = World(old, new, None, Network())
    certificate = write_certificate(scratch, [OLD, NEW])
    with (
        served(moved / "old-address", certificate, leads_to=lambda path: world.leads_to and world.leads_to + path) as a,
        served(site, certificate) as b,
        chromium({OLD: a, NEW: b}) as browser,
    ):
        world.browser, world.network = browser, network_of({OLD: a, NEW: b}, certificate)
        yield world


@pytest.fixture(autouse=True)
def _answers_again(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "world" in request.fixturenames:
        request.getfixturevalue("world").leads_to = ""


def test_the_new_repository_is_sound_and_holds_the_awards_in_force_under_new_ids(world: World) -> None:
    checked = check_repository(world.new)
    assert checked.problems == [] and not checked.pending_rows and named(world.new).keys() == {"Ada Lovelace"}
    assert named(world.new)["Ada Lovelace"] not in named(world.old).values()


def test_the_old_credential_verifies_while_the_old_address_answers(world: World) -> None:
    assert world.verify(world.held(OLD, "Ada Lovelace")).verdict == "holds"
    assert world.verify(world.page(OLD, "Ada Lovelace")).verdict == "holds"
    assert world.verify(world.held(OLD, "Grace Hopper")).verdict == "revoked"
    verdict, headline = world.look(world.page(OLD, "Ada Lovelace"))
    assert verdict == "holds" and OLD in headline
    # The verifier of the new site asks the old one.
    assert world.look(f"{TO}verify/", file=world.held(OLD, "Ada Lovelace"))[0] == "holds"


def test_the_new_credential_verifies_at_the_new_address_whatever_the_old_one_does(world: World) -> None:
    for answer in ("", None):
        world.leads_to = answer
        assert world.verify(world.held(NEW, "Ada Lovelace")).verdict == "holds"
        assert world.verify(world.page(NEW, "Ada Lovelace")).verdict == "holds"
        verdict, headline = world.look(world.page(NEW, "Ada Lovelace"))
        assert verdict == "holds" and NEW in headline


def test_when_the_old_address_is_silent_the_old_credential_cannot_be_checked_which_is_no_verdict_on_it(
    world: World,
) -> None:
    world.leads_to = None
    report = world.verify(world.held(OLD, "Ada Lovelace"))
    assert report.verdict == "unknown" and report.check("key").result == "could_not_check"
    verdict, headline = world.look(f"{TO}verify/", file=world.held(OLD, "Ada Lovelace"))
    assert verdict == "unknown" and headline.startswith("Could not reach ")


def test_a_redirect_of_keys_and_lists_is_followed_by_no_check_though_the_files_lie_there(world: World) -> None:
    world.leads_to = f"{TO}meanwhile"
    assert fetch_https(f"{TO}meanwhile/issuers/school/did.json", network=world.network)
    assert world.verify(world.held(OLD, "Ada Lovelace")).verdict == "unknown"
    assert "answered 301" in world.verify(world.page(OLD, "Ada Lovelace")).headline
    assert world.look(f"{TO}verify/", file=world.held(OLD, "Ada Lovelace"))[0] == "unknown"


def test_the_old_site_served_at_the_new_address_says_that_it_is_a_copy_even_when_the_old_one_is_gone(
    world: World,
) -> None:
    copy = f"{TO}meanwhile/c/{named(world.old)['Ada Lovelace']}/"
    for answer in ("", None):
        world.leads_to = answer
        verdict, headline = world.look(copy)
        assert verdict == "copy" and f"a copy of one at {OLD}" in headline
    world.leads_to = ""
    assert world.verify(copy).verdict == "copy"


def test_the_old_front_page_and_the_pages_of_achievements_and_issuers_lead_to_the_new_ones(world: World) -> None:
    context = world.browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    for path in ("badges/", "badges/knots/", "issuers/school/"):
        page.goto(f"https://{OLD}/{path}")
        page.wait_for_url(TO + path)
    page.goto(f"https://{OLD}/nowhere/")
    assert page.inner_text("h1") != "" and page.url == f"https://{OLD}/nowhere/"
    context.close()


def test_what_is_left_verifies_as_a_folder_just_as_the_whole_site_did(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    for path, raw in old_address_files(check_repository(world.old), TO):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)
    left, whole = (
        {path: report.verdict for path, report in verify_site(place, now=NOW)}
        for place in (folder, publish_to(world.old, tmp_path / "whole"))
    )
    assert left == whole and {"holds", "expired", "revoked"} <= set(left.values())


# --- another name, another logo ---------------------------------------------------------------------------------------


def test_a_renamed_issuer_signs_under_its_new_name_and_what_was_signed_keeps_the_old_one(
    old: Path, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(old, tmp_path / "repository"))
    ada = named(root)["Ada Lovelace"]
    before = dict(publish(check_repository(root)))
    (root / "issuers/school/issuer.yml").write_text(ISSUER.replace("Test School", "Quay School"), "utf-8")
    for name, text in {
        "new": "badge: knots\nawarded: 2026-05-31\nname: Mary Somerville\n",
        "renew": f"renew: {ada}\ndate: 2026-05-31\n",
        "correct-2": f"correct: {ada}\ndate: 2026-05-31\nname: Augusta Ada Lovelace\n",
    }.items():
        (root / f"{RECORDS}/{name}.yml").write_text(text, "utf-8")
    issue_all(root, seed="renamed")
    after = dict(publish(check_repository(root)))
    # What was signed keeps the old name, on its page as in its files, and in a correction of it too.
    for file in ("credential.json", "credential-2.json"):
        assert after[f"c/{ada}/{file}"] == before[f"c/{ada}/{file}"]
    assert parse_json(after[f"c/{ada}/credential-3.json"])["issuer"]["name"] == "Test School"
    assert b"Test School" in after[f"c/{ada}/index.html"]
    # New awards carry the new one, a renewal among them, under the same identifier.
    checked = check_repository(root)
    later = [award for award in checked.ledger.awards.values() if award.awarded == "2026-05-31"]
    issuers = [parse_json(after[f"c/{award.id}/credential.json"])["issuer"] for award in later]
    assert [issuer["name"] for issuer in issuers] == ["Quay School"] * 2
    assert {issuer["id"] for issuer in issuers} == {f"did:web:{OLD}:issuers:school"}
    assert b"Quay School" in after["issuers/school/index.html"]
    assert after["issuers/school/did.json"] == before["issuers/school/did.json"]
    verdicts = {path: report.verdict for path, report in verify_site(publish_to(root, tmp_path / "site"), now=NOW)}
    current = [f"c/{ada}/credential-3.json", *(f"c/{award.id}/credential.json" for award in later)]
    assert [verdicts[path] for path in current] == ["holds"] * 3


def test_a_new_logo_is_a_picture_of_its_own_and_the_old_one_stays(old: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(old, tmp_path / "repository"))
    ada = named(root)["Ada Lovelace"]
    before = dict(publish(check_repository(root)))
    (first,) = [path for path in before if path.startswith("issuers/school/logo-")]
    logo = root / "issuers/school/logo.svg"
    logo.write_text(DRAWING.replace("#0b5563", "#8a1c1c"), "utf-8")
    (root / f"{RECORDS}/new.yml").write_text("badge: knots\nawarded: 2026-05-31\nname: Mary Somerville\n", "utf-8")
    issue_all(root, seed="logo")
    after, mary = dict(publish(check_repository(root))), named(root)["Mary Somerville"]
    second = parse_json(after[f"c/{mary}/credential.json"])["issuer"]["image"]["id"].removeprefix(f"https://{OLD}/")
    assert second != first and after[first] == before[first] and second in after
    assert parse_json(after[f"c/{ada}/credential-2.json"])["issuer"]["image"]["id"] == f"https://{OLD}/{first}"
    assert second.rpartition("/")[2].encode() in after["issuers/school/index.html"]


def test_two_awards_that_were_corrected_to_the_same_are_told_apart(old: Path) -> None:
    (award,) = planned(old).restated
    twice: list[Reissue] = list(_with_distinct_refs([award, replace(award, id="another"), replace(award, id="third")]))
    assert [entry.row.ref for entry in twice] == [None, "moved-2", "moved-3"]
