"""A whole site after corrections, withdrawals and erasures: every version is verified, and what should not lie there is found."""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.credentials.carriers import table as carriers
from site_builder.credentials.carriers.form import BakeError
from site_builder.credentials.carriers.png import bake_png, picture_of_png
from site_builder.credentials.carriers.svg import bake_svg, drawing_of_svg
from site_builder.credentials.carriers.table import Carrier
from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.credentials.rosette.drawing import rosette_digest, rosette_svg
from site_builder.credentials.securing.data_integrity import add_proof_set
from site_builder.credentials.status.bitstring import build_status_list
from site_builder.encoding import format_json
from site_builder.site.pages.erased import ErasedInput, erased_files
from site_builder.site.parts.frame import SiteFacts
from site_builder.verification.catalogue import wording
from site_builder.verification.inventory import beside
from site_builder.verification.inventory.summary import summarize_site
from site_builder.verification.report import Report
from site_builder.verification.whole_site import verify_site
from tests.statement_pages import statement_html
from tests.support import BASE, NOW, fake_key, issue_all, publish_to, write_repository

LATER = datetime(2026, 7, 1, tzinfo=UTC)
Json = dict[str, Any]
DID = "did:web:badges.laurels.example:issuers:school"


def signed(document: Json) -> bytes:
    bare = {name: value for name, value in document.items() if name != "proof"}
    method = f"{DID}#key-1"
    return format_json(add_proof_set(bare, signing_key=fake_key(), verification_method=method, created=NOW))


def index_of(document: Json) -> int:
    return int(document["credentialStatus"]["statusListIndex"])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with two credentials; the first in the order of their ids has a second version, which its page states."""
    scratch = tmp_path_factory.mktemp("published")
    root = write_repository(scratch / "repository")
    issue_all(root)
    site = publish_to(root, scratch / "site")
    holder = holder_in(site)
    old = json.loads((holder / "credential.json").read_bytes())
    new = copy.deepcopy(old)
    new["id"] = f"{BASE}c/{holder.name}/credential-2.json"
    new["credentialSubject"]["identifier"][0]["identityHash"] = "Ada King"
    new["credentialStatus"] |= {"id": f"{new['credentialStatus']['statusListCredential']}#3", "statusListIndex": "3"}
    write_second(holder, new)
    set_bits(site, index_of(old))
    return site


def holder_in(site: Path) -> Path:
    return sorted((site / "c").iterdir())[0]


def write_second(holder: Path, new: Json) -> None:
    raw = signed(new)
    (holder / "credential-2.json").write_bytes(raw)
    multibase = format_public_key(fake_key().public_key())
    page = statement_html(json.loads(raw), multibase=multibase, office="office@school.example")
    (holder / "index.html").write_text(page, "utf-8")
    (holder / "rosette.svg").write_bytes(rosette_svg(rosette_digest(new)))
    old = (holder / "credential.json").read_bytes()
    image, drawing = holder / "badge.png", holder / "badge.svg"
    image.write_bytes(bake_png(picture_of_png(image.read_bytes(), old), raw))
    drawing.write_bytes(bake_svg(drawing_of_svg(drawing.read_bytes(), old), raw))
    write_versions(holder, 2, (1, False), (2, False))


def write_versions(holder: Path, current: int | None, *listed: tuple[int, bool]) -> None:
    entries = [
        {"version": number, "file": f"credential-{number}.json" if number > 1 else "credential.json"}
        | ({"withheld": True} if is_withheld else {})
        for number, is_withheld in listed
    ]
    (holder / "versions.json").write_bytes(format_json({"current": current, "versions": entries}))


def set_bits(site: Path, *indexes: int) -> None:
    path = "issuers/school/status/1.json"
    status = build_status_list(url=BASE + path, issuer=DID, indexes=indexes, issued=NOW)
    (site / path).write_bytes(signed(status))


def stub(holder: Path, name: str) -> None:
    (holder / name).write_bytes(
        format_json(
            {"withheld": True, "page": f"{BASE}c/{holder.name}/", "note": "The issuer has withdrawn this file."}
        )
    )


def withhold(holder: Path) -> None:
    write_versions(holder, 2, (1, True), (2, False))
    stub(holder, "credential.json")


def erase(holder: Path) -> None:
    """Everything of the award goes but a page that states nothing, the list and the stubs."""
    for name in ("rosette.svg", "qr.svg", "badge.png", "badge.svg"):
        (holder / name).unlink(missing_ok=True)
    head = wording()["head"]
    page = ErasedInput(
        path=f"c/{holder.name}/",
        site=SiteFacts(BASE, "", ((head["achievements"], "badges/"), (head["verify"], "verify/"))).as_address,
        id=holder.name,
        badge="knots",
        issuer="school",
        versions=2,
        achievement_name="Knots",
        issuer_name="Test School",
        language="en",
        office="office@school.example",
        date="1 June 2026",
    )
    (holder / "index.html").write_bytes(dict(erased_files(page))[f"c/{holder.name}/index.html"])
    write_versions(holder, None, (1, True), (2, True))
    stub(holder, "credential.json")
    stub(holder, "credential-2.json")


@pytest.fixture
def site(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "site"))


def reports_on(site: Path) -> dict[str, Report]:
    """By file name, of the first folder below c/."""
    found = dict(verify_site(site, now=LATER))
    prefix = f"c/{holder_in(site).name}/"
    return {path.removeprefix(prefix): report for path, report in found.items() if path.startswith(prefix)}


def test_the_old_version_is_superseded_and_the_new_one_is_compared_with_its_page(site: Path) -> None:
    found = reports_on(site)
    assert {name: report.verdict for name, report in found.items()} == {
        "credential.json": "superseded",
        "credential-2.json": "holds",
    }
    assert found["credential.json"].successor == f"{BASE}c/{holder_in(site).name}/"
    assert found["credential.json"].check("page").result == "not_checked"
    assert found["credential-2.json"].check("page").result == "passed"


def test_the_summary_counts_what_was_superseded(site: Path) -> None:
    reports = [report for _, report in verify_site(site, now=LATER)]
    summary = summarize_site(site, reports, now=LATER)
    assert summary.verdicts == Counter({"holds": 2, "superseded": 1})
    assert "3 credentials: 2 genuine, 0 revoked, 0 expired, 0 not yet valid, 1 superseded as of" in summary.line(
        seconds=1
    )


def put_back(holder: Path) -> None:
    (holder / "page").replace(holder / "index.html")


def in_place_of(name: str, put: Callable[[Path], object]) -> Callable[[Path], object]:
    """put: takes the path of a file that is no longer there."""

    def apply(holder: Path) -> None:
        (holder / name).unlink(missing_ok=True)
        put(holder / name)

    return apply


def leading_to(target: str) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(target)


PAGE_FAILS = "This page was altered: the name is not the one that was signed. Do not rely on this."
UNEXPECTED = "No build writes a file of this name here."


def no_file(name: str) -> dict[str, str]:
    """What is said where an image is none of the site's files."""
    what = "is not a file of the site: it is a folder, a device, too long, or a link that leads out of the site"
    return {"credential.json": "superseded", "credential-2.json": f"{name} {what}. Do not rely on this."}


def in_turn(*changes: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda holder: [change(holder) for change in changes]


CHANGES: dict[str, tuple[Callable[[Path], object], dict[str, str]]] = {
    "a withheld version is a stub": (withhold, {"credential-2.json": "holds"}),
    "an erased award is stubs": (erase, {}),
    "a withheld version that is still there": (
        lambda holder: write_versions(holder, 2, (1, True), (2, False)),
        {"credential.json": "This version was withdrawn, and still its file is here.", "credential-2.json": "holds"},
    ),
    "a stub that says more": (
        in_turn(withhold, lambda holder: (holder / "credential.json").write_text('{"withheld": true, "name": "Ada"}')),
        {"credential.json": "This version was withdrawn, and still its file is here.", "credential-2.json": "holds"},
    ),
    "a stub in the place of a version that is not withheld": (
        lambda holder: stub(holder, "credential.json"),
        {
            "credential.json": "This is not an Open Badges 3.0 credential, and versions.json names it as one.",
            "credential-2.json": "holds",
        },
    ),
    "an older version that is missing": (
        lambda holder: (holder / "credential.json").unlink(),
        {
            "credential.json": "This file is missing; versions.json names it, and somebody may know its address.",
            "credential-2.json": "holds",
        },
    ),
    "a current version that is missing": (
        lambda holder: (holder / "credential-2.json").unlink(),
        {
            "credential.json": "revoked",
            "credential-2.json": "There is a page here, but not the signed file that it speaks of.",
        },
    ),
    "an erased award whose image is there": (
        in_turn(erase, lambda holder: (holder / "badge.png").write_bytes(b"\x89PNG")),
        {"badge.png": "This credential was erased, and still its image is here."},
    ),
    "an erased award whose file is there": (
        in_turn(erase, lambda holder: shutil.copy(holder / "index.html", holder / "credential.json")),
        {"credential.json": "This version was withdrawn, and still its file is here."},
    ),
    "an erased award whose page is there": (
        in_turn(lambda holder: holder.joinpath("index.html").rename(holder / "page"), erase, put_back),
        {
            "index.html": "This credential was erased, and its page is not what is left of one: "
            "it has words, links or elements that no such page has, or lacks some."
        },
    ),
    # What a stranger's folder may hold: none of it ends the command, or keeps it waiting for ever.
    **{
        f"one more version that is {kind}": (
            in_place_of("credential-7.json", put),
            {"credential.json": "superseded", "credential-2.json": "holds", "credential-7.json": UNEXPECTED},
        )
        for kind, put in {
            "a folder": lambda path: path.mkdir(),
            "a pipe": lambda path: os.mkfifo(path),
            "a link to nowhere": leading_to("nowhere"),
            "a link to the outside": leading_to("/etc/hostname"),
        }.items()
    },
    "a current version that is a pipe": (
        in_place_of("credential-2.json", os.mkfifo),
        {
            "credential.json": "revoked",
            "credential-2.json": "There is a page here, but not the signed file that it speaks of.",
        },
    ),
    "an image that is a pipe": (in_place_of("badge.png", os.mkfifo), no_file("badge.png")),
    "an image that is a link to nowhere": (in_place_of("badge.svg", leading_to("nowhere")), no_file("badge.svg")),
    "a rosette that is a folder": (
        in_place_of("rosette.svg", lambda path: path.mkdir()),
        no_file("rosette.svg"),
    ),
    "a list of versions that is a link to the outside": (
        in_place_of("versions.json", leading_to("/etc/hostname")),
        {
            "versions.json": "This file cannot be read; by it every holder finds the current version.",
            "credential.json": PAGE_FAILS,
            "credential-2.json": "holds",
        },
    ),
    "a list of versions that cannot be read": (
        lambda holder: (holder / "versions.json").write_text('{"current": 2, "versions": []}'),
        {
            "versions.json": "By this file every holder finds the current version, but this is not a list of versions.",
            "credential.json": PAGE_FAILS,
            "credential-2.json": "holds",
        },
    ),
    "no list of versions": (
        lambda holder: (holder / "versions.json").unlink(),
        {
            "versions.json": "This file is missing; by it every holder finds the current version.",
            "credential.json": PAGE_FAILS,
            "credential-2.json": "holds",
        },
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_said_of_a_folder_with(name: str, site: Path) -> None:
    change, expected = CHANGES[name]
    change(holder_in(site))
    found = {
        path: report.headline if report.verdict == "fails" else report.verdict
        for path, report in reports_on(site).items()
    }
    assert found == expected


# -- a new carrier -----------------------------------------------------------------------------------------------------

MARK = b"toy\n"


def bake_toy(_picture: bytes, credential: bytes) -> bytes:
    return MARK + credential


def unbake_toy(raw: bytes) -> bytes:
    if raw == MARK:
        raise BakeError("this toy is empty")
    return raw.removeprefix(MARK)


TOY = Carrier("toy", "a toy", "image/x-toy", lambda raw: raw.startswith(MARK), bake_toy, unbake_toy)


@pytest.fixture
def with_toys(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (*carriers.CARRIERS[:-1], TOY, carriers.CARRIERS[-1])
    for module in (carriers, beside):
        monkeypatch.setattr(module, "CARRIERS", rows)


@pytest.mark.usefixtures("with_toys")
@pytest.mark.parametrize(
    "version, verdict", [("credential-2.json", "holds"), ("credential.json", "fails"), ("", "fails")]
)
def test_the_image_of_a_new_carrier_must_carry_the_current_version(version: str, verdict: str, site: Path) -> None:
    """version: the one in the image, "" for none."""
    holder = holder_in(site)
    (holder / "badge.toy").write_bytes(bake_toy(b"", (holder / version).read_bytes() if version else b""))
    report = reports_on(site)["credential-2.json"]
    wrong = report.check("images")
    assert (report.verdict, wrong.source) == (verdict, "badge.toy" if verdict == "fails" else "")


@pytest.mark.usefixtures("with_toys")
def test_the_image_of_a_new_carrier_does_not_outlive_an_erasure(site: Path) -> None:
    erase(holder_in(site))
    (holder_in(site) / "badge.toy").write_bytes(MARK)
    assert reports_on(site)["badge.toy"].headline == "This credential was erased, and still its image is here."


@pytest.mark.usefixtures("with_toys")
def test_pages_let_people_choose_the_file_of_a_new_carrier() -> None:
    accepted = ".json,.png,.toy,.svg,application/json,image/png,image/x-toy,image/svg+xml"
    assert carriers.accepted_files() == accepted


# -- the command ------------------------------------------------------------------------------------------------------


def verify(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["verify", "--at", "2026-07-01", *arguments])


def test_command_prints_where_the_current_version_is_and_ends_with_1(site: Path) -> None:
    holder = holder_in(site)
    result = verify(str(holder / "credential.json"), "--site", str(site))
    assert result.exit_code == 1
    assert (
        "Superseded: badges.laurels.example has replaced this version. The current version is genuine: rely on that one."
        in (result.stdout)
    )
    assert f"The current version: {BASE}c/{holder.name}/\n" in result.stdout


def test_command_says_it_of_a_holders_copy_of_a_withheld_version(site: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copy(holder_in(site) / "credential.json", tmp_path / "kept.json"))
    withhold(holder_in(site))
    (report,) = json.loads(verify(str(copied), "--site", str(site), "--json").stdout)
    assert report["verdict"] == "superseded" and report["successor"] == f"{BASE}c/{holder_in(site).name}/"


def test_command_says_of_a_holders_copy_of_an_erased_award_that_it_is_revoked(site: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copy(holder_in(site) / "credential.json", tmp_path / "kept.json"))
    erase(holder_in(site))
    (report,) = json.loads(verify(str(copied), "--site", str(site), "--json").stdout)
    assert report["verdict"] == "revoked" and "successor" not in report


def test_command_says_it_of_the_address_of_an_old_version(site: Path) -> None:
    result = verify(f"{BASE}c/{holder_in(site).name}/credential.json", "--site", str(site), "--json")
    assert json.loads(result.stdout)[0]["verdict"] == "superseded" and result.exit_code == 1


def test_command_takes_a_site_with_a_superseded_version_for_being_in_order(site: Path) -> None:
    result = verify(str(site))
    assert result.exit_code == 0 and "2 genuine" in result.stderr and "1 superseded" in result.stderr
