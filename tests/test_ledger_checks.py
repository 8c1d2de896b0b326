"""What was signed is never edited, moved or lost without notice, and each problem is gone once its fix was followed."""

from __future__ import annotations

import hashlib
import json
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from site_builder.authoring.new_records import new_badge
from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.credentials.securing.data_integrity import add_proof_set, hash_data, without_proof
from site_builder.credentials.status.bitstring import build_status_list
from site_builder.encoding import format_base58btc, format_base64url, format_json
from site_builder.errors import Problem, UsageError
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.award_json import StoredAward
from tests.both_ways import checked_both_ways
from tests.drawn import write_drawn_repository
from tests.support import BADGE, BASE, COHORT, DRAWING, NOW, fake_key, issue_all
from tests.trees import tree_of, write_tree

RECORDS = "content/records/school"
DID = "did:web:badges.laurels.example:issuers:school"
Damage = Callable[[Path, StoredAward], object]


@pytest.fixture(autouse=True)
def _both_ways() -> Iterator[None]:
    with checked_both_ways():
        yield


def issued_repository(root: Path) -> tuple[Path, StoredAward, StoredAward]:
    """A repository with two issued awards; the second one is revoked."""
    write_drawn_repository(root, files={"issuers/school/logo.svg": DRAWING.replace("45", "30")})
    ada, grace = issue_all(root).awards
    (root / f"{RECORDS}/revoked.yml").write_text(f"revoke: {grace.id}\ndate: 2026-06-01\nreason: other\n", "utf-8")
    issue_all(root, seed="revoke")
    return root, ada, grace


def problems(root: Path) -> Sequence[Problem]:
    return check_repository(root).problems


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def edit_award(root: Path, award: StoredAward, change: Callable[[dict[str, Any]], object]) -> None:
    """Edits award.json and writes it as this program would."""
    path = root / award.folder / "award.json"
    stored = json.loads(path.read_text("ascii"))
    change(stored)
    path.write_bytes(format_json(stored))


def forge(root: Path, award: StoredAward, change: Callable[[dict[str, Any]], object]) -> None:
    """Edits a credential, and award.json so that the file's digest fits again."""
    path = root / award.folder / "credential.json"
    document = json.loads(path.read_text("ascii"))
    change(document)
    raw = format_json(document)
    path.write_bytes(raw)
    edit_award(root, award, lambda stored: stored["versions"][0].update(sha256=hashlib.sha256(raw).hexdigest()))


def flip_one_byte(root: Path, award: StoredAward) -> None:
    path = root / award.folder / "credential.json"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def picture_of(root: Path, folder: str = "badges/knots", suffix: str = ".png") -> Path:
    return next(path for path in (root / folder / "rendered").iterdir() if path.suffix == suffix)


def copy_under_another_id(root: Path, award: StoredAward, *, also_inside: bool) -> None:
    other = root / "content/signed/school" / ("a" * 26)
    shutil.copytree(root / award.folder, other)
    if also_inside:
        edit(other / "award.json", award.id, "a" * 26)


def test_untouched_repository_has_no_problems(tmp_path: Path) -> None:
    root, _, _ = issued_repository(tmp_path)
    checked = check_repository(root)
    assert (checked.problems, checked.stale, checked.pending_rows, checked.pending_changes) == ([], [], [], [])


# A damage, and the file and code of each problem that it must give. {id} is the award's, {png}, {svg} and {source} its picture's files.
DAMAGES: dict[str, tuple[Damage, list[str]]] = {
    "one byte of the credential": (flip_one_byte, ["content/signed/school/{id}/credential.json LED001"]),
    "a space behind the credential": (
        lambda root, award: edit(root / award.folder / "credential.json", "\n}\n", "\n}\n "),
        ["content/signed/school/{id}/credential.json LED001"],
    ),
    "a space in award.json": (
        lambda root, award: edit(root / award.folder / "award.json", "{", "{ "),
        ["content/signed/school/{id}/award.json LED001"],
    ),
    "award.json is not JSON": (
        lambda root, award: (root / award.folder / "award.json").write_text("{", "ascii"),
        ["content/signed/school/{id}/award.json LED001"],
    ),
    "award.json is a list": (
        lambda root, award: (root / award.folder / "award.json").write_text("[]\n", "ascii"),
        ["content/signed/school/{id}/award.json LED001"],
    ),
    "another index": (
        lambda root, award: edit_award(root, award, lambda stored: stored["versions"][0].update(index=7)),
        ["content/signed/school/{id}/award.json LED001"],
    ),
    "another list": (
        lambda root, award: edit_award(root, award, lambda stored: stored["versions"][0].update(list=2)),
        ["content/signed/school/{id}/award.json LED001"],
    ),
    "another salt": (
        lambda root, award: edit_award(root, award, lambda stored: stored["versions"][0].update(salt="A" * 22)),
        ["content/signed/school/{id}/award.json LED001"],
    ),
    "no salt": (
        lambda root, award: edit_award(root, award, lambda stored: stored["versions"][0].pop("salt")),
        ["content/signed/school/{id}/award.json LED001"],
    ),
    "another day": (
        lambda root, award: edit_award(root, award, lambda stored: stored.update(awarded="2026-05-15")),
        ["content/signed/school/{id}/award.json LED001"],
    ),
    "another digest": (
        lambda root, award: edit_award(root, award, lambda stored: stored["versions"][0].update(sha256="0" * 64)),
        ["content/signed/school/{id}/credential.json LED001"],
    ),
    "a state without its record": (
        lambda root, award: edit_award(
            root, award, lambda stored: stored["versions"][0].update(state="revoked", change="0" * 64)
        ),
        ["content/signed/school/{id}/award.json LED007"],
    ),
    "another identity": (
        lambda root, award: edit_award(root, award, lambda stored: stored.update(identity="0" * 64)),
        ["content/signed/school/{id}/award.json LED002"],
    ),
    "another key": (
        lambda root, award: edit_award(root, award, lambda stored: stored["versions"][0].update(key="key-9")),
        ["issuers/school/keys.yml LED008"],
    ),
    "a badge that leads out of the folder": (
        lambda root, award: edit_award(root, award, lambda stored: stored.update(badge="../knots")),
        ["content/signed/school/{id}/award.json LED001"],
    ),
    "no credential": (
        lambda root, award: (root / award.folder / "credential.json").unlink(),
        ["content/signed/school/{id}/credential.json LED004"],
    ),
    "no award.json": (
        lambda root, award: (root / award.folder / "award.json").unlink(),
        ["content/signed/school/{id}/award.json LED004"],
    ),
    "a file too many": (
        lambda root, award: (root / award.folder / "notes.txt").write_text("x", "ascii"),
        ["content/signed/school/{id}/notes.txt FIL001"],
    ),
    "a second credential too many": (
        lambda root, award: (root / award.folder / "credential-2.json").write_text("{}", "ascii"),
        ["content/signed/school/{id}/credential-2.json FIL001"],
    ),
    "a file between the folders": (
        lambda root, award: (root / "content/signed/school/notes.txt").write_text("x", "ascii"),
        ["content/signed/school/notes.txt FIL001"],
    ),
    "a file between the issuers": (
        lambda root, award: (root / "content/signed/notes.txt").write_text("x", "ascii"),
        ["content/signed/notes.txt FIL001"],
    ),
    "a copy of the folder": (
        lambda root, award: copy_under_another_id(root, award, also_inside=False),
        ["content/signed/school/aaaaaaaaaaaaaaaaaaaaaaaaaa/award.json LED001"],
    ),
    "a copy of the folder with an id of its own": (
        lambda root, award: copy_under_another_id(root, award, also_inside=True),
        [
            "content/signed/school/aaaaaaaaaaaaaaaaaaaaaaaaaa/award.json LED005",
            "content/signed/school/aaaaaaaaaaaaaaaaaaaaaaaaaa/credential.json LED001",
            "content/signed/school/{id}/award.json LED005",
            "content/signed/school/{id}/award.json LED010",
        ],
    ),
    "no badge": (
        lambda root, award: shutil.rmtree(root / "badges/knots"),
        ["badges/knots LED008", "content/records/school/2026-05.yml REC014"],
    ),
    "no keys": (
        lambda root, award: (root / "issuers/school/keys.yml").unlink(),
        ["issuers/school/keys.yml LED008", "issuers/school/status/1.json LED009"],
    ),
    "another key under the same name": (
        lambda root, award: edit(
            root / "issuers/school/keys.yml",
            format_public_key(fake_key().public_key()),
            format_public_key(fake_key("other").public_key()),
        ),
        [
            "content/signed/school/{id}/credential.json LED001",
            "content/signed/school/{other}/credential.json LED001",
            "issuers/school/status/1.json LED009",
        ],
    ),
    "another DID": (
        lambda root, award: edit(
            root / "issuers/school/issuer.yml", "name: Test", "did: did:web:school.example\nname: Test"
        ),
        [
            "content/signed/school/{id}/credential.json LED001",
            "content/signed/school/{other}/credential.json LED001",
            "issuers/school/status/1.json LED009",
        ],
    ),
    "no picture": (lambda root, award: picture_of(root).unlink(), ["{png} LED008"]),
    "another picture": (lambda root, award: picture_of(root).write_bytes(b"\x89PNG"), ["{png} LED008"]),
    "no drawing": (lambda root, award: picture_of(root, suffix=".svg").unlink(), ["{svg} LED008"]),
    "no digest of the drawing": (
        lambda root, award: picture_of(root, suffix=".source").unlink(),
        ["{source} LED008"],
    ),
    "another drawing that is allowed": (
        lambda root, award: edit(picture_of(root, suffix=".svg"), "#0b5563", "#8a1c1c"),
        ["{svg} LED008"],
    ),
    "a digest of nothing": (
        lambda root, award: picture_of(root, suffix=".source").write_text("none\n", "ascii"),
        ["{source} LED008"],
    ),
    "a drawing with a script": (
        lambda root, award: edit(picture_of(root, suffix=".svg"), "</svg>", "<script>alert(1)</script></svg>"),
        ["{svg} LED008"],
    ),
    "no logo": (lambda root, award: picture_of(root, "issuers/school").unlink(), ["{logo} LED008"]),
    "another address of the site": (
        lambda root, award: edit(root / "mkdocs.yml", BASE, "https://badges.elsewhere.example/"),
        ["mkdocs.yml CFG002"],
    ),
    "an edited row": (
        lambda root, award: edit(root / f"{RECORDS}/2026-05.yml", "cohort", "cohort/2"),
        ["content/records/school/2026-05.yml LED003", "content/records/school/2026-05.yml LED003"],
    ),
    "a row that is gone": (
        lambda root, award: (root / f"{RECORDS}/2026-05.yml").write_text(
            "\n".join(line for line in COHORT.splitlines() if "Ada" not in line), "utf-8"
        ),
        ["content/signed/school/{id}/award.json LED002"],
    ),
    "a revocation that is gone": (
        lambda root, award: (root / f"{RECORDS}/revoked.yml").unlink(),
        ["content/signed/school/{other}/award.json LED007"],
    ),
    "an altered revocation": (
        lambda root, award: edit(root / f"{RECORDS}/revoked.yml", "other", "misconduct"),
        ["content/records/school/revoked.yml LED007"],
    ),
    "a second revocation": (
        lambda root, award: shutil.copy(root / f"{RECORDS}/revoked.yml", root / f"{RECORDS}/revoked-2.yml"),
        ["content/records/school/revoked.yml LED006"],
    ),
    "a revocation of nothing": (
        lambda root, award: (root / f"{RECORDS}/x.yml").write_text(
            f"revoke: {'b' * 26}\ndate: 2026-06-01\nreason: other\n", "utf-8"
        ),
        ["content/records/school/x.yml LED006"],
    ),
    "a list of other awards": (
        lambda root, award: shutil.copy(root / "issuers/school/status/1.json", root / "issuers/school/status/2.json"),
        ["issuers/school/status/2.json LED009"],
    ),
    "every signed award is gone": (
        lambda root, award: shutil.rmtree(root / "content/signed"),
        ["content/records/school/revoked.yml LED006", "issuers/school/status/1.json LED009"],
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_in_its_file_and_gone_once_it_was_put_back(tmp_path: Path, name: str) -> None:
    root, ada, grace = issued_repository(tmp_path)
    whole = tree_of(root)
    names = {
        "id": ada.id,
        "other": grace.id,
        "png": picture_of(root).relative_to(root).as_posix(),
        "svg": picture_of(root, suffix=".svg").relative_to(root).as_posix(),
        "source": picture_of(root, suffix=".source").relative_to(root).as_posix(),
        "logo": picture_of(root, "issuers/school").relative_to(root).as_posix(),
    }
    damage, expected = DAMAGES[name]
    damage(root, ada)
    found = problems(root)
    assert sorted(f"{problem.file} {problem.code}" for problem in found) == sorted(
        entry.format(**names) for entry in expected
    )
    assert all(problem.fix for problem in found)
    assert not any(word in str(problem) for problem in found for word in ("Lovelace", "Hopper", "ada@", "grace@"))
    write_tree(root, whole)
    checked = check_repository(root)
    assert (checked.problems, checked.stale) == ([], [])


def test_folder_of_an_issuer_that_is_gone_is_named(tmp_path: Path) -> None:
    root, _, _ = issued_repository(tmp_path)
    shutil.rmtree(root / "issuers/school")
    found = {f"{problem.file} {problem.code}" for problem in problems(root)}
    assert {"issuers/school LED008", "content/records/school ISS001", "badges/knots/badge.yml ISS001"} <= found


def test_index_that_is_used_twice_is_said_of_both_awards(tmp_path: Path) -> None:
    root, ada, grace = issued_repository(tmp_path)
    edit_award(root, ada, lambda stored: stored["versions"][0].update(index=grace.current.index))
    assert [(p.file, p.code) for p in problems(root) if p.code == "LED005"] == sorted(
        (f"{award.folder}/award.json", "LED005") for award in (ada, grace)
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["credentialSubject"]["identifier"][0].update(identityHash="Somebody Else"),
        lambda document: document.update(validUntil="2099-01-01T00:00:00Z"),
        lambda document: document.update(issuer="https://school.example"),
        lambda document: document["credentialSubject"]["achievement"].update(image="none"),
        lambda document: document.update(credentialSubject=[]),
        lambda document: document.pop("credentialSubject"),
        lambda document: document.pop("credentialStatus"),
        lambda document: document.update(proof=[]),
        lambda document: document.update(proof={"cryptosuite": "eddsa-jcs-2022"}),
        lambda document: document["proof"].append(document["proof"][1]),
        lambda document: document["proof"][1].update(verificationMethod=f"{DID}#key-2"),
        lambda document: document["proof"][1].update(proofValue=7),
        lambda document: document.pop("@context"),
        lambda document: document.pop("id"),
        lambda document: document.update(id=7),
        lambda document: document.update(id=f"{BASE}c/aaaaaaaaaaaaaaaaaaaaaaaaaa/credential.json"),
    ],
)
def test_forged_credential_with_a_digest_that_fits_is_found_by_its_signature(
    tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    root, ada, _ = issued_repository(tmp_path)
    forge(root, ada, change)
    assert [(p.file, p.code) for p in problems(root)] == [(f"{ada.folder}/credential.json", "LED001")]


def test_credential_signed_with_another_key_under_the_issuers_name_is_found(tmp_path: Path) -> None:
    root, ada, _ = issued_repository(tmp_path)

    def sign_again(document: dict[str, Any]) -> None:
        document.pop("proof")
        document["name"] = "Another achievement"
        signed = add_proof_set(
            document, signing_key=fake_key("forger"), verification_method=f"{DID}#key-1", created=NOW
        )
        document["proof"] = signed["proof"]

    forge(root, ada, sign_again)
    assert [problem.code for problem in problems(root)] == ["LED001"]


def without_created(proofs: list[dict[str, Any]], document: dict[str, Any]) -> None:
    proofs[1] = signed_by_hand(document, {name: value for name, value in proofs[1].items() if name != "created"})


def with_an_end(proofs: list[dict[str, Any]], document: dict[str, Any]) -> None:
    proofs[1] = signed_by_hand(document, proofs[1] | {"expires": "2040-01-01T00:00:00Z"})


def signed_by_hand(document: dict[str, Any], proof: dict[str, Any]) -> dict[str, Any]:
    """A jcs proof by the issuer's key with options that `issue` does not write."""
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    signature = fake_key("test issuer").sign(hash_data(without_proof(document), config))
    return config | {"proofValue": "z" + format_base58btc(signature)}


# Other issuers may have such proofs; `issue` does not write them.
@pytest.mark.parametrize(
    "change",
    [without_created, with_an_end, lambda proofs, _: proofs.pop(0), lambda proofs, _: proofs.append("more")],
    ids=["without created", "with an end", "one proof", "something else beside them"],
)
@pytest.mark.parametrize("signed", ["credential", "list"])
def test_proofs_of_another_form_than_issue_writes_are_found_though_they_hold(
    tmp_path: Path, signed: str, change: Callable[[list[dict[str, Any]], dict[str, Any]], object]
) -> None:
    root, ada, _ = issued_repository(tmp_path)
    if signed == "credential":
        forge(root, ada, lambda document: change(document["proof"], document))
        assert [(p.file, p.code) for p in problems(root)] == [(f"{ada.folder}/credential.json", "LED001")]
    else:
        path = root / "issuers/school/status/1.json"
        document = json.loads(path.read_bytes())
        change(document["proof"], document)
        path.write_bytes(format_json(document))
        assert [(p.file, p.code) for p in problems(root)] == [("issuers/school/status/1.json", "LED009")]


@pytest.mark.parametrize("raw", [b"[]\n", b"", b"\xff", b"7"])
def test_credential_that_is_no_document_is_found_though_its_digest_fits(tmp_path: Path, raw: bytes) -> None:
    root, ada, _ = issued_repository(tmp_path)
    (root / ada.folder / "credential.json").write_bytes(raw)
    digest = hashlib.sha256(raw).hexdigest()
    edit_award(root, ada, lambda stored: stored["versions"][0].update(sha256=digest))
    assert [problem.code for problem in problems(root)] == ["LED001"]


def test_changed_address_of_the_site_is_one_problem_however_many_credentials_there_are(tmp_path: Path) -> None:
    names = "".join(f"  - {{name: Pupil {number}}}\n" for number in range(20))
    cohort = f"badge: knots\nawarded: 2026-05-14\nrecipients:\n{names}"
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": cohort})
    issue_all(root)
    edit(root / "mkdocs.yml", BASE, f"{BASE}subfolder/")
    (problem,) = problems(root)
    assert (problem.file, problem.code) == ("mkdocs.yml", "CFG002") and "20 signed credentials" in problem.what


def test_every_edit_of_what_the_credentials_repeat_stays_possible(tmp_path: Path) -> None:
    root, _, _ = issued_repository(tmp_path)
    edit(root / f"{RECORDS}/2026-05.yml", ", listed: 2026-05-14", "")
    edit(root / "badges/knots/badge.yml", BADGE, BADGE.replace("Knots", "More knots"))
    (root / "badges/knots/image.svg").write_text(DRAWING.replace("45", "20"), "utf-8")
    edit(root / "issuers/school/issuer.yml", "Test School", "Test Academy")
    assert problems(root) == []


# --- status lists -----------------------------------------------------------------------------------------------------


def write_list(root: Path, indexes: set[int], *, key: str = "test issuer", number: int = 1, encoded: str = "") -> None:
    """encoded: encodedList, when it is not that of the indexes."""
    url = f"{BASE}issuers/school/status/{number}.json"
    document = build_status_list(url=url, issuer=DID, indexes=indexes, issued=NOW)
    if encoded:
        document["credentialSubject"]["encodedList"] = encoded
    signed = add_proof_set(document, signing_key=fake_key(key), verification_method=f"{DID}#key-1", created=NOW)
    (root / f"issuers/school/status/{number}.json").write_bytes(format_json(signed))


@pytest.mark.parametrize("damage", ["unset", "gone"])
def test_list_that_lacks_a_revocation_is_out_of_date_and_issue_repairs_it(tmp_path: Path, damage: str) -> None:
    root, _, _ = issued_repository(tmp_path)
    path = root / "issuers/school/status/1.json"
    whole = path.read_bytes()
    write_list(root, set()) if damage == "unset" else path.unlink()
    checked = check_repository(root)
    assert (checked.problems, checked.stale) == ([], [("school", 1)])
    assert issue_all(root, seed="repair").lists == ["issuers/school/status/1.json"]
    assert path.read_bytes() == whole  # the same bits, signed at the same moment
    assert check_repository(root).stale == []


@pytest.mark.parametrize("damage", ["unsigned", "forged", "garbage", "of another list"])
def test_list_that_the_issuer_did_not_sign_is_a_problem_until_it_is_deleted(tmp_path: Path, damage: str) -> None:
    root, _, grace = issued_repository(tmp_path)
    path = root / "issuers/school/status/1.json"
    whole = path.read_bytes()
    if damage == "unsigned":
        document = json.loads(whole)
        document.pop("proof")
        path.write_bytes(format_json(document))
    elif damage == "forged":
        write_list(root, {grace.current.index}, key="forger")
    elif damage == "garbage":
        path.write_bytes(b"\xff")
    else:
        path.write_bytes(whole.replace(b"status/1.json", b"status/2.json"))
    assert [(p.file, p.code) for p in problems(root)] == [("issuers/school/status/1.json", "LED009")]
    path.unlink()
    issue_all(root, seed="repair")
    assert path.read_bytes() == whole and problems(root) == []


def test_list_signed_by_the_issuer_that_withdraws_more_than_the_awards_do_is_a_problem(tmp_path: Path) -> None:
    root, ada, grace = issued_repository(tmp_path)
    write_list(root, {ada.current.index, grace.current.index})
    assert [(p.file, p.code) for p in problems(root)] == [("issuers/school/status/1.json", "LED009")]


def test_list_that_a_stranger_signed_withdraws_nothing(tmp_path: Path) -> None:
    root, ada, grace = issued_repository(tmp_path)
    write_list(root, {ada.current.index, grace.current.index}, key="forger")
    found = problems(root)
    assert [(p.file, p.code) for p in found] == [("issuers/school/status/1.json", "LED009")]
    assert "not the status list that the issuer signed" in found[0].what


@pytest.mark.parametrize("key", ["forger", "test issuer"])
def test_list_of_33_million_set_bits_is_refused_before_they_are_counted(tmp_path: Path, key: str) -> None:
    """7 KB in a pull request, and 4 GB of memory for whoever checks it."""
    root, _, _ = issued_repository(tmp_path)
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = deflate.compress(b"\xff" * (4 * 1024 * 1024)) + deflate.flush()
    write_list(root, set(), key=key, encoded="u" + format_base64url(packed))
    assert [(p.file, p.code) for p in problems(root)] == [("issuers/school/status/1.json", "LED009")]


def test_revocation_that_was_undone_in_award_json_and_records_alike_is_found(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    ada = issue_all(root).awards[0]
    before = (root / ada.folder / "award.json").read_bytes()
    record = root / f"{RECORDS}/revoked.yml"
    record.write_text(f"revoke: {ada.id}\ndate: 2026-06-01\nreason: misconduct\n", "utf-8")
    issue_all(root, seed="revoke")
    record.unlink()
    (root / ada.folder / "award.json").write_bytes(before)
    assert [(p.file, p.code) for p in problems(root)] == [("issuers/school/status/1.json", "LED009")]


def test_folder_of_a_revoked_award_that_is_gone_is_found_by_its_list(tmp_path: Path) -> None:
    root, _, grace = issued_repository(tmp_path)
    shutil.rmtree(root / grace.folder)
    (root / f"{RECORDS}/revoked.yml").unlink()
    assert [(p.file, p.code) for p in problems(root)] == [("issuers/school/status/1.json", "LED009")]


def test_folder_of_an_award_that_is_gone_makes_its_row_pending_again(tmp_path: Path) -> None:
    # Nothing in the repository remembers it: what notices is git, and whoever reads the plan before issuing.
    root, ada, _ = issued_repository(tmp_path)
    shutil.rmtree(root / ada.folder)
    checked = check_repository(root)
    assert checked.problems == [] and [row.award.name for row in checked.pending_rows] == ["Ada Lovelace"]


def test_key_marked_as_compromised_or_retired_is_no_damage(tmp_path: Path) -> None:
    root, _, _ = issued_repository(tmp_path)
    edit(root / "issuers/school/keys.yml", "state: active", "state: retired")
    assert (problems(root), check_repository(root).stale) == ([], [])
    edit(root / "issuers/school/keys.yml", "state: retired", "state: compromised")
    assert (problems(root), check_repository(root).stale) == ([], [("school", 1)])


def test_folder_named_like_a_device_keeps_its_name_once_it_was_signed_and_no_new_one_gets_it(tmp_path: Path) -> None:
    files = {
        "badges/com1/badge.yml": BADGE,
        "badges/com1/image.svg": DRAWING,
        f"{RECORDS}/x.yml": COHORT.replace("knots", "com1"),
    }
    root = write_drawn_repository(tmp_path, files=files)
    assert [(p.file, p.code) for p in problems(root)] == [("badges/com1", "FIL005")]
    with patch("site_builder.ledger.checks.record_rules._check_new_folders", lambda *known: iter(())):
        issue_all(root)
    assert problems(root) == []
    with pytest.raises(UsageError, match="stands for a device"):
        new_badge(root, "com2", {})
