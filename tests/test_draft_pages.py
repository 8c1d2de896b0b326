"""Drafts: what is written and not signed yet, as the pages that it would become, and never a part of what is published."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.identity import identity_digest, row_digest
from site_builder.site.incremental.previews import wants_drafts
from site_builder.site.output.staged_site import write_files
from site_builder.site.pages.drafts import draft_path
from site_builder.site.publish import publish
from site_builder.verification.page.canonical import VOID
from site_builder.verification.whole_site import verify_site
from tests.drawn import write_drawn_repository
from tests.support import BADGE, COHORT, issue_all, write_repository
from tests.trees import tree_of

LAURELS = str(Path(sys.executable).with_name("laurels"))
MKDOCS = str(Path(sys.executable).with_name("mkdocs"))
MORE = "content/records/school/2026-11.yml"
LATER = """\
badge: knots
awarded: 2026-11-20
recipients:
  - name: Mary Seacole
    email: mary@example.org
    id: did:web:mary.example
    role: Bosun
    activity_start: 2026-11-01
    activity_end: 2026-11-19
    license_number: B-17
    credits_earned: 3
    narrative: "Tied them *in a storm*."
    results: {speed: 27, vessel: Grietje}
    evidence: [{url: "https://school.example/log", name: The log, description: Page 4}]
  - {name: Æthelflæd, email: lady@example.org, ref: "4711"}
"""
FULL_BADGE = (
    BADGE.replace("Ties the", "An *hour* a week. Ties the").replace(
        'criteria: {narrative: "Tied', 'criteria: {narrative: "In three hours tied'
    )
    + """\
category: Seamanship
level: First
tags: [ropes]
achievement_type: Certification
version: "2026"
credits: {available: 3, unit: hours}
skills:
  - {name: Knotting, url: "https://frame.example/knots", framework: Frame, code: K1, description: Ties knots.}
results:
  speed: {name: Speed, type: RawScore, minimum: 0, maximum: 30, required: 20}
  vessel: {name: Vessel, type: ext:Vessel}
"""
)


def write_pending(root: Path) -> tuple[Path, str]:
    """A repository with two signed awards, two more that are written, and a change to one; and the id of that one, unlisted."""
    write_drawn_repository(root, files={"badges/knots/badge.yml": FULL_BADGE})
    issued = issue_all(root).awards
    unlisted = next(award.id for award in issued if not _is_listed(root, award.id))
    (root / MORE).write_text(LATER, "utf-8")
    revocation = f"revoke: {unlisted}\ndate: 2026-11-21\nreason: issued-in-error\nnote: The wrong rope.\n"
    (root / "content/records/school/change.yml").write_text(revocation)
    return root, unlisted


def _is_listed(root: Path, award_id: str) -> bool:
    return check_repository(root).rows[award_id].award.listed is not None


def sound(root: Path) -> CheckedRepository:
    checked = check_repository(root)
    assert checked.problems == []
    return checked


def with_drafts(root: Path) -> dict[str, bytes]:
    return dict(publish(sound(root), with_drafts=True))


def draft_of(name: str, files: dict[str, bytes]) -> str:
    pages = [raw.decode() for path, raw in files.items() if re.fullmatch(r"drafts/.+/index\.html", path)]
    return next(page for page in pages if f"<title>Draft: {name} · Knots</title>" in page)


# --- the page that it would become ------------------------------------------------------------------------------------


@dataclass
class Claim:
    """An element that states a value of the credential: its attributes, its text, and where links in it lead."""

    attributes: dict[str, str | None]
    text: str = ""
    links: list[str | None] = field(default_factory=list)


class _Claims(HTMLParser):
    """The claims of a page by their JSON Pointers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Claim] = {}
        self.open: list[Claim | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        claim = Claim(given) if "data-claim" in given else None
        if claim:
            self.found[given["data-claim"] or ""] = claim
        self.open += [claim] if tag not in VOID else []
        for around in filter(None, self.open):
            around.links += [given["href"]] if "href" in given else []

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for around in filter(None, self.open):
            around.text += data


def claims_of(page: str) -> dict[str, Claim]:
    reader = _Claims()
    reader.feed(page[page.index("<main") : page.index("</main>")])
    return reader.found


def test_a_draft_states_word_for_word_what_the_credential_will_state(tmp_path: Path) -> None:
    root, _ = write_pending(tmp_path)
    draft = claims_of(draft_of("Mary Seacole", with_drafts(root)))
    [signed_id] = [
        award.id for award in issue_all(root, seed="later").awards if sound(root).rows[award.id].award.role == "Bosun"
    ]
    signed = claims_of(dict(publish(sound(root)))[f"c/{signed_id}/index.html"].decode())
    assert {pointer for pointer in signed if pointer not in draft} <= {
        "",
        "/id",
        "/issuer/id",
        "/issuer/url",
        "/credentialSubject/id",
        "/credentialSubject/achievement/version",
    }
    assert draft == {pointer: claim for pointer, claim in signed.items() if pointer in draft}
    assert {
        "/credentialSubject/identifier/0/identityHash",
        "/credentialSubject/narrative",
        "/credentialSubject/role",
        "/credentialSubject/result/0/value",
        "/credentialSubject/achievement/criteria/narrative",
        "/credentialSubject/achievement/alignment/0/targetUrl",
        "/evidence/0/id",
        "/validUntil",
    } <= set(draft)


def test_a_draft_says_first_that_nobody_has_signed_it_and_from_where_it_comes(tmp_path: Path) -> None:
    root, _ = write_pending(tmp_path)
    page = draft_of("Mary Seacole", with_drafts(root))
    text = " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())
    assert re.match(
        rf'^id="content"> Draft: nobody has signed this\. It is what {re.escape(MORE)}:4 would become', text
    )
    assert '<meta name="description" content="A draft that nobody has signed.">' in page


def test_a_draft_has_nothing_that_only_a_signed_credential_has(tmp_path: Path) -> None:
    root, _ = write_pending(tmp_path)
    files = with_drafts(root)
    drafts = {path: raw for path, raw in files.items() if path.startswith("drafts/")}
    assert len(drafts) == 3 and all(path.endswith("/index.html") for path in drafts)
    for raw in drafts.values():
        page = raw.decode()
        assert '<meta name="robots" content="noindex, noarchive">' in page
        for word in ("<script", "verdict", "Is this yours", "rosette", "qr.svg", "badge.png", ".json", "linkedin"):
            assert word not in page, word
        assert "og:image" not in page and "certifies that Mary" not in page


def test_a_draft_shows_the_artwork_while_no_picture_was_made_of_it(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    files = with_drafts(root)
    assert '<img src="../../badges/knots/image.svg" alt="A knot"' in draft_of("Ada Lovelace", files)
    assert "badges/knots/image.svg" in files


def test_a_draft_shows_the_picture_that_was_made(tmp_path: Path) -> None:
    root, _ = write_pending(tmp_path)
    files = with_drafts(root)
    match = re.search(r'<img src="\.\./\.\./(badges/knots/image-[0-9a-f]{32}\.png)"', draft_of("Mary Seacole", files))
    assert match and match[1] in files


# --- addresses --------------------------------------------------------------------------------------------------------


def test_no_address_salt_or_digest_of_an_address_stands_on_a_draft(tmp_path: Path) -> None:
    root, _ = write_pending(tmp_path)
    checked = sound(root)
    secrets = [row.award.email for row in checked.repository.rows if row.award.email]
    secrets += [row_digest(row.award)[:16] for row in checked.repository.rows]
    secrets += [identity_digest(row.award)[:16] for row in checked.repository.rows]
    secrets += [version.salt for award in checked.ledger.awards.values() for version in award.versions if version.salt]
    assert len(secrets) == 4 + 4 + 4 + 2
    for path, raw in with_drafts(root).items():
        for secret in secrets:
            assert secret.lower().encode() not in raw.lower() and secret not in path, path


def test_the_address_of_a_draft_says_nothing_of_what_its_page_does_not_show(tmp_path: Path) -> None:
    root = write_repository(tmp_path / "one")
    other = COHORT.replace("ada@example.org", "countess@example.org").replace("listed: 2026-05-14", "ref: '17'")
    changed = write_repository(tmp_path / "other", files={"content/records/school/2026-05.yml": other})
    assert [draft_path(row) for row in sound(root).pending_rows] == [
        draft_path(row) for row in sound(changed).pending_rows
    ]


def test_two_drafts_that_look_alike_have_a_page_each(tmp_path: Path) -> None:
    twins = "badge: knots\nawarded: 2026-11-20\nrecipients:\n" + "".join(
        f"  - {{name: Ada, email: ada{number}@example.org}}\n" for number in range(3)
    )
    root = write_repository(tmp_path, files={"content/records/school/2026-05.yml": twins})
    first = draft_path(sound(root).pending_rows[0]).rstrip("/")
    paths = {path for path in with_drafts(root) if path.startswith("drafts/")}
    assert paths == {f"{folder}/index.html" for folder in ("drafts", first, f"{first}-2", f"{first}-3")}


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_names_each_draft_by_file_and_line_with_its_address(tmp_path: Path) -> None:
    root, _ = write_pending(tmp_path)
    files = with_drafts(root)
    page = files["drafts/index.html"].decode()
    assert f"<code>{MORE}</code>" in page
    lines = re.findall(r'<code>line (\d+)</code> <span><a href="\.\./([^"]+)"><bdi>([^<]+)</bdi>', page)
    assert [(line, name) for line, _, name in lines] == [("4", "Mary Seacole"), ("15", "Æthelflæd")]
    assert all(f"{path}index.html" in files for _, path, _ in lines)
    assert "2 awards and 1 change not signed yet" in page


def test_the_list_says_what_a_change_will_do_and_leads_to_nobody(tmp_path: Path) -> None:
    root, unlisted = write_pending(tmp_path)
    page = with_drafts(root)["drafts/index.html"].decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "content/records/school/change.yml:1" in text
    assert "Revokes a credential: Knots , awarded on 14 May 2026. Every check will find it withdrawn" in text
    assert "Withdrawn 21 November 2026 Reason issued in error" in text and "rope" not in text
    assert unlisted not in page and "Grace" not in page


def test_where_nothing_is_pending_the_list_says_so(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    assert b"0 awards and 0 changes not signed yet." in with_drafts(root)["drafts/index.html"]


CHANGES = {
    "name": "correct: {}\ndate: 2026-11-21\nname: Grace Brewster Hopper\nnote: The name was not whole.\nwithhold_previous: true\n",
    "role": "correct: {}\ndate: 2026-11-22\nrole: Admiral\nremove: [evidence]\n",
    "renewal": "renew: {}\ndate: 2028-05-10\n",
}


def write_pending_changes(root: Path) -> Path:
    """Two corrections and a renewal of the unlisted award, and an erasure of the listed one, after the achievement was defined anew."""
    write_drawn_repository(root, files={"badges/knots/badge.yml": FULL_BADGE})
    ids = {check_repository(root).rows[award.id].award.name: award.id for award in issue_all(root).awards}
    (root / "badges/knots/badge.yml").write_text(FULL_BADGE.replace("name: Knots", "name: Knots and splices"))
    records = root / "content/records/school"
    for name, text in CHANGES.items():
        (records / f"{name}.yml").write_text(text.format(ids["Grace Hopper"]))
    (records / "erasure.yml").write_text(f"erase: {ids['Ada Lovelace']}\ndate: 2026-11-23\n")
    (records / "2026-05.yml").write_text("".join(line for line in COHORT.splitlines(True) if "Ada" not in line))
    return root


def test_the_list_says_what_corrections_and_erasures_will_do_and_what_a_renewal_renews(tmp_path: Path) -> None:
    root = write_pending_changes(tmp_path)
    page = with_drafts(root)["drafts/index.html"].decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace(" .", ".")
    assert "1 award and 3 changes not signed yet" in text
    assert "line 1 Grace Brewster Hopper : Knots and splices , 10 May 2028; renews the award of 14 May 2026" in text
    corrects = "Corrects a credential: Knots , awarded on 14 May 2026. Its page will stay where it is and show the corrected statement on"
    assert (
        f"{corrects} Grace Brewster Hopper. The file before will be taken back. Corrected 21 November 2026 Fields name"
    ) in text
    assert f"{corrects} Grace Brewster Hopper. The file before will be superseded, and stay." in text
    assert "Corrected 22 November 2026 Fields role, evidence" in text
    assert "Erases a credential: Knots , awarded on 14 May 2026. Its files and pictures will be gone" in text
    assert "say: Withdrawn 23 November 2026" in text and "Ada" not in text


def test_a_corrections_draft_is_the_statement_as_it_was_signed_but_for_what_is_corrected(tmp_path: Path) -> None:
    root = write_pending_changes(tmp_path)
    files = with_drafts(root)
    paths = re.findall(r'href="\.\./(drafts/[0-9a-f]+/)">the corrected', files["drafts/index.html"].decode())
    first, second = (claims_of(files[f"{path}index.html"].decode()) for path in paths)
    issue_all(root, seed="later")
    [signed_id] = [award.id for award in sound(root).ledger.awards.values() if len(award.versions) == 3]
    signed = claims_of(dict(publish(sound(root)))[f"c/{signed_id}/index.html"].decode())
    assert second == {pointer: claim for pointer, claim in signed.items() if pointer in second}
    assert second["/credentialSubject/identifier/0/identityHash"].text == "Grace Brewster Hopper"
    assert second["/credentialSubject/achievement/name"].text == "Knots"
    assert second["/credentialSubject/role"].text == "Admiral" and "/evidence/0/id" not in second
    assert "/credentialSubject/role" not in first and "/evidence/0/id" in first


def test_no_id_stands_on_a_page_of_drafts(tmp_path: Path) -> None:
    root = write_pending_changes(tmp_path)
    ids = [award_id.encode() for award_id in sound(root).ledger.awards]
    drafts = {path: raw for path, raw in with_drafts(root).items() if path.startswith("drafts/")}
    assert len(drafts) == 4 and len(ids) == 2
    assert not [path for path, raw in drafts.items() if any(award_id in raw for award_id in ids)]


# --- never a part of what is published --------------------------------------------------------------------------------


def test_drafts_change_no_other_file_and_nothing_leads_to_them(tmp_path: Path) -> None:
    root, _ = write_pending(tmp_path)
    without, files = dict(publish(sound(root))), with_drafts(root)
    assert not [path for path in without if path.startswith("drafts/")]
    assert {path: raw for path, raw in files.items() if not path.startswith("drafts/")} == without
    assert not [path for path, raw in without.items() if b"drafts/" in raw]


def test_rows_that_wait_leave_what_is_published_as_it_was(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    issue_all(root)
    before = dict(publish(sound(root)))
    (root / MORE).write_text("badge: knots\nawarded: 2026-11-20\nname: Mary Seacole\n")
    assert len(sound(root).pending_rows) == 1 and dict(publish(sound(root))) == before


def test_verify_passes_over_drafts(tmp_path: Path) -> None:
    root, _ = write_pending(tmp_path / "r")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    site = tmp_path / "site"
    write_files(site, publish(sound(root)))
    before = list(verify_site(site, now=now))
    write_files(site, publish(sound(root), with_drafts=True))
    assert list(verify_site(site, now=now)) == before and len(before) == 2


# --- who asks for them ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "is_serving", "wanted"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"LAURELS_DRAFTS": "1"}, False, True),
        ({"LAURELS_DRAFTS": "0"}, False, False),
        ({"LAURELS_DRAFTS": ""}, False, False),
        ({"LAURELS_DRAFTS": "0"}, True, False),
        ({"CONTEXT": "deploy-preview"}, False, True),
        ({"CONTEXT": "production"}, False, False),
        ({"CONTEXT": "branch-deploy"}, False, False),
        ({"VERCEL_ENV": "preview"}, False, True),
        ({"VERCEL_ENV": "production"}, False, False),
        ({"CONTEXT": "deploy-preview", "LAURELS_DRAFTS": "0"}, False, False),
        ({"CF_PAGES_BRANCH": "a-branch"}, False, False),
    ],
)
def test_drafts_are_on_while_serving_and_in_previews_alone(
    environment: dict[str, str], is_serving: bool, wanted: bool
) -> None:
    assert wants_drafts(environment, is_serving=is_serving) is wanted


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [*map(str, command)], cwd=cwd, env=kept | environment, check=True, capture_output=True, encoding="utf-8"
    )


def test_a_build_with_drafts_says_where_they_are_and_that_it_is_no_release(tmp_path: Path) -> None:
    root, _ = write_pending(tmp_path)
    done = run(LAURELS, "build", "--drafts", "--json", cwd=root)
    page = json.loads(done.stdout)["drafts"]
    assert Path(page).read_bytes() == with_drafts(root)["drafts/index.html"]
    assert done.stderr.endswith(
        f"This site holds drafts, which nobody has signed: it is for a look, and not to be published.\nDrafts: {page}\n"
    )
    files = tree_of(root / "site")
    leading = [path for path, raw in files.items() if b"drafts/" in raw and not path.startswith("drafts/")]
    assert leading == [] and {"sitemap.xml", "robots.txt", "search/search_index.json"} <= set(files)


def test_a_build_has_no_drafts_unless_it_is_asked_for_them(tmp_path: Path) -> None:
    root, _ = write_pending(tmp_path)
    done = run(LAURELS, "build", "--json", cwd=root)
    plain = tree_of(root / "site")
    assert "drafts" not in json.loads(done.stdout) and "Drafts" not in done.stderr
    assert not [path for path in plain if path.startswith("drafts/")]
    run(LAURELS, "build", "--no-drafts", cwd=root, LAURELS_DRAFTS="1")
    assert tree_of(root / "site") == plain
    done = run(MKDOCS, "build", cwd=root, LAURELS_DRAFTS="1")
    assert "This site holds drafts" in done.stderr
    drafted = tree_of(root / "site")
    assert {path: raw for path, raw in drafted.items() if not path.startswith("drafts/")} == plain
    assert len(drafted) == len(plain) + 3
