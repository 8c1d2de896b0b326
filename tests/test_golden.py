"""What earlier releases signed: both verifiers say of it in 2046 what they said when it was signed."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scripts import golden
from site_builder.verification.decode.file import unbaked
from site_builder.verification.evidence.source import FetchError
from site_builder.verification.successor import verify_and_follow
from tests.support import BASE
from tests.test_verifiers_agree import Json, Node, Suites, as_base64, running_node, with_suites

GOLDEN = Path(__file__).parent / "golden"
# Of each release the SHA-256 of its SHA256SUMS: neither a file nor the list of them can be changed unnoticed.
RELEASES = {"0.1": "610fba2a7c596eb2a60db495275552b192bb0a91347d2e052718e8deec75e319"}


@cache
def expected(folder: Path) -> Json:
    found: Json = json.loads((folder / "expected.json").read_bytes())
    return found


def served(folder: Path) -> dict[str, bytes]:
    """What the web answers: the site of a release, at its address."""
    site = folder / "site"
    return {BASE + file.relative_to(site).as_posix(): file.read_bytes() for file in site.rglob("*") if file.is_file()}


def in_python(folder: Path, file: str, suites: Suites) -> Json:
    responses = served(folder)

    def fetch(url: str) -> bytes:
        if url not in responses:
            raise FetchError("not among the responses")
        return responses[url]

    now = datetime.fromisoformat(expected(folder)["now"])
    report = verify_and_follow(unbaked((folder / file).read_bytes()), fetch=fetch, now=now, suites=suites)
    plain: Json = json.loads(json.dumps(report.as_json()))
    return plain


def in_node(folder: Path, file: str, suites: Suites, node: Node) -> Json:
    raw = node.ask({"file": as_base64((folder / file).read_bytes())})["ok"]
    responses = {url: as_base64(body) for url, body in served(folder).items()}
    question = {"raw": raw, "responses": responses, "now": expected(folder)["now"], "page": None, "suites": suites}
    return node.ask(question)


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    if shutil.which("node") is None:
        pytest.skip("needs Node.js 20")
    with running_node() as running:
        yield running


LINES = [(release, line) for release in RELEASES for line in expected(GOLDEN / release)["files"]]


@with_suites
@pytest.mark.parametrize(("release", "line"), LINES, ids=[f"{release}: {line['what']}" for release, line in LINES])
def test_both_verify_in_2046_what_was_signed_by(release: str, line: dict[str, Any], suites: Suites, node: Node) -> None:
    report = in_python(GOLDEN / release, line["file"], suites)
    assert (report["verdict"], report.get("successor")) == (line["verdict"], line.get("successor"))
    assert in_node(GOLDEN / release, line["file"], suites, node) == report


@pytest.mark.parametrize("release", RELEASES)
def test_every_credential_of_a_release_is_expected_to_be_something(release: str) -> None:
    folder = GOLDEN / release
    told = {line["file"] for line in expected(folder)["files"]}
    stubs = {file for file in credentials_in(folder) if b'"withheld": true' in (folder / file).read_bytes()}
    assert told | stubs == credentials_in(folder) and not told & stubs and len(stubs) == 2
    assert {line["verdict"] for line in expected(folder)["files"]} == {
        "holds",
        "expired",
        "revoked",
        "superseded",
        "fails",
    }


def credentials_in(folder: Path) -> set[str]:
    files = [*folder.glob("site/c/*/credential*.json"), *folder.glob("site/c/*/badge.*"), *folder.glob("kept/*.json")]
    return {file.relative_to(folder).as_posix() for file in files}


@pytest.mark.parametrize("release", RELEASES)
def test_no_byte_of_a_release_has_changed(release: str) -> None:
    folder = GOLDEN / release
    sums = (folder / "SHA256SUMS").read_bytes()
    assert hashlib.sha256(sums).hexdigest() == RELEASES[release]
    assert sums.decode("ascii") == "".join(golden.sums_of(folder))


def test_every_release_that_has_a_folder_is_tested() -> None:
    assert {folder.name for folder in GOLDEN.iterdir()} == set(RELEASES)


# -- how they are made ------------------------------------------------------------------------------------------------


def test_a_new_release_s_folder_is_written_and_is_what_it_says(tmp_path: Path) -> None:
    golden.write_release(tmp_path / "9.9", release="9.9", full="9.9.0")
    for line in expected(tmp_path / "9.9")["files"]:
        report = in_python(tmp_path / "9.9", line["file"], ("eddsa-rdfc-2022", "eddsa-jcs-2022"))
        assert (report["verdict"], report.get("successor")) == (line["verdict"], line.get("successor")), line["what"]


@pytest.mark.parametrize(
    ("release", "reason"), [("0.1", "never written again"), ("1", "not a release"), ("../0.2", "not a release")]
)
def test_an_old_release_s_folder_is_never_written_again(
    release: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["golden", release])
    with pytest.raises(SystemExit, match=reason):
        golden.main()
    assert {folder.name for folder in GOLDEN.iterdir()} == set(RELEASES)
