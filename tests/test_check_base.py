"""Held against what was published: whatever is gone or another is found, although what is left agrees with itself."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.credentials.securing.data_integrity import add_proof_set
from site_builder.encoding import format_json
from site_builder.errors import Problem
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import issue
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.identity import change_digest
from tests.branches import commit_all, git
from tests.drawn import write_drawn_repository
from tests.support import COHORT, DRAWING, NOW, fake_key, issue_all, repeatable_random
from tests.trees import tree_of

RECORDS = "content/records/school"
KEYS = "issuers/school/keys.yml"
METHOD = "did:web:badges.laurels.example:issuers:school#key-1"
Damage = Callable[[Path], object]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose branch main was published: one award that holds (Ada's), one that is revoked (Grace's), a second key."""
    root = tmp_path_factory.mktemp("published") / "site"
    write_drawn_repository(root, files={"issuers/school/logo.svg": DRAWING.replace("45", "30")})
    old = format_public_key(fake_key("old").public_key())
    write(
        root,
        KEYS,
        read(root, KEYS) + f"  - {{id: key-2, publicKeyMultibase: {old}, created: 2026-05-02, state: compromised}}\n",
    )
    grace = issue_all(root).awards[1]
    write(root, f"{RECORDS}/revoked.yml", f"revoke: {grace.id}\ndate: 2026-06-01\nreason: other\n")
    issue_all(root, seed="revoke")
    return commit_all(root)


@pytest.fixture
def root(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "site", symlinks=True))


def read(root: Path, path: str) -> str:
    return (root / path).read_text("utf-8")


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")


def edit(root: Path, path: str, old: str, new: str) -> None:
    assert old in read(root, path)
    write(root, path, read(root, path).replace(old, new))


def folder_of(root: Path, state: str = "active") -> Path:
    """The folder of Ada's award, which is active, or of Grace's, which is revoked."""
    files = (root / "content/signed/school").glob("*/award.json")
    return next(file.parent for file in files if json.loads(file.read_text("ascii"))["versions"][-1]["state"] == state)


def edit_award(root: Path, change: Callable[[dict[str, Any]], object], state: str = "active") -> None:
    path = folder_of(root, state) / "award.json"
    stored = json.loads(path.read_text("ascii"))
    change(stored)
    path.write_bytes(format_json(stored))


def sign_anew(root: Path, change: Callable[[dict[str, Any]], object], *, later: timedelta = timedelta()) -> None:
    """What somebody with the key could do: another statement, or other proofs, soundly signed in the place of Ada's."""
    path = folder_of(root) / "credential.json"
    document = json.loads(path.read_text("ascii"))
    del document["proof"]
    change(document)
    created = NOW + later
    raw = format_json(add_proof_set(document, signing_key=fake_key(), verification_method=METHOD, created=created))
    path.write_bytes(raw)
    said = {"sha256": hashlib.sha256(raw).hexdigest()}
    if later:
        said["resigned"] = created.strftime("%Y-%m-%dT%H:%M:%SZ")
    edit_award(root, lambda stored: stored["versions"][0].update(said))


def unrevoke(root: Path) -> None:
    """Takes a revocation back with all that belongs to it, the list too."""
    edit_award(
        root,
        lambda stored: stored["versions"][0].update(state="active") or stored["versions"][0].pop("change"),
        "revoked",
    )
    (root / f"{RECORDS}/revoked.yml").unlink()
    (root / "issuers/school/status/1.json").unlink()
    # Where the history can be seen, nothing is signed after this.
    history = (root / ".git").rename(root.with_name("history"))
    issue_all(root)
    history.rename(root / ".git")


def unissue(root: Path) -> None:
    """Takes an award back with its row."""
    shutil.rmtree(folder_of(root))
    write(root, f"{RECORDS}/2026-05.yml", "\n".join(line for line in COHORT.splitlines() if "Ada" not in line) + "\n")


def problems(root: Path, base: str | None = "main") -> Sequence[Problem]:
    return check_repository(root, base=base).problems


def test_what_was_published_and_is_untouched_gives_no_problem(root: Path) -> None:
    assert problems(root) == []


def digest_of_record(root: Path) -> str:
    """The digest of the record of revocation as it stands."""
    (change,) = check_repository(root).repository.changes
    return change_digest(change.record)


def revoke_otherwise(root: Path) -> None:
    """Puts another record in the place of the one that revoked."""
    edit(root, f"{RECORDS}/revoked.yml", "other", "misconduct")
    digest = digest_of_record(root)
    edit_award(root, lambda stored: stored["versions"][0].update(change=digest), "revoked")


# What was done, and the file of each LED011, or LED015, that it must give; {ada} and {grace} are folders. None of it is seen without git.
DAMAGES: dict[str, tuple[Damage, list[str]]] = {
    "an award is gone with its row": (unissue, ["{ada}/award.json"]),
    "a revocation is taken back with its record and its list": (unrevoke, ["{grace}/award.json"]),
    "another record revoked it": (
        revoke_otherwise,
        ["{grace}/award.json"],
    ),
    "the statement is another one, soundly signed": (
        lambda root: sign_anew(root, lambda document: document.update(validUntil="2030-01-01T00:00:00+01:00")),
        ["{ada}/award.json"],
    ),
    "a status list is gone": (
        lambda root: (root / "issuers/school/status/1.json").unlink(),
        ["issuers/school/status/1.json"],
    ),
    "a key that has signed nothing here is gone": (
        lambda root: write(root, KEYS, "".join(read(root, KEYS).splitlines(keepends=True)[:-1])),
        [KEYS],
    ),
    "a compromised key is trusted again": (lambda root: edit(root, KEYS, "compromised", "retired"), [KEYS]),
    "a key is another one under its name": (
        lambda root: edit(
            root,
            KEYS,
            format_public_key(fake_key("old").public_key()),
            format_public_key(fake_key("other").public_key()),
        ),
        [KEYS],
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_was_taken_back_consistently_is_found_and_gone_once_its_command_was_run(root: Path, name: str) -> None:
    names = {"ada": folder_of(root).relative_to(root), "grace": folder_of(root, "revoked").relative_to(root)}
    before = tree_of(root / "content/signed")
    damage, expected = DAMAGES[name]
    damage(root)
    # A list is written again from the awards; it is out of date, and no memory of its own.
    remembered = [] if name == "a status list is gone" else expected
    for base, files, code in ((None, remembered, "LED015"), ("main", expected, "LED011")):
        found = problems(root, base=base)
        assert {(problem.file, problem.code) for problem in found} == {(file.format(**names), code) for file in files}
    assert not any(word in str(problem) for problem in found for word in ("Lovelace", "Hopper", "ada@", "grace@"))
    for problem in found:
        git(root, *problem.fix.partition(";")[0].partition(", ")[0].split()[1:])
    git(root, "checkout", "main", "--", RECORDS)
    assert problems(root) == []
    assert tree_of(root / "content/signed") == before


def test_a_key_that_is_gone_is_said_once_and_a_moved_issuer_at_its_own_line(root: Path) -> None:
    edit(root, KEYS, "id: key-1", "id: key-3")
    found = [problem for problem in problems(root) if problem.file == KEYS]
    assert [problem.code for problem in found] == ["LED008"]
    git(root, "checkout", "main", "--", KEYS)
    edit(root, "issuers/school/issuer.yml", "name: Test", "did: did:web:school.example\nname: Test")
    found = [problem for problem in problems(root) if problem.code == "LED011"]
    assert [(problem.file, problem.line) for problem in found] == [("issuers/school/issuer.yml", 1)]
    assert "no did: at all" in found[0].fix


@pytest.mark.parametrize("kind", ["png", "svg", "source"])
def test_a_picture_is_missed_once_by_the_signature_that_names_it_or_by_the_commit_that_had_it(
    root: Path, kind: str
) -> None:
    named = next((root / "badges/knots/rendered").glob(f"*.{kind}"))
    older = root / f"badges/knots/rendered/image-00000000.{kind}"
    write(root, older.relative_to(root).as_posix(), "of a credential that was erased since")
    commit_all(root)
    named.unlink()
    older.unlink()
    found = {(problem.file, problem.code) for problem in problems(root)}
    assert found == {(older.relative_to(root).as_posix(), "LED011"), (named.relative_to(root).as_posix(), "LED008")}


def test_a_drawing_that_was_exchanged_with_the_digest_beside_it_is_another_picture(root: Path) -> None:
    drawing = next((root / "badges/knots/rendered").glob("*.svg"))
    another = drawing.read_bytes().replace(b"#0b5563", b"#8a1c1c")
    drawing.write_bytes(another)
    line = drawing.with_suffix(".source")
    line.write_text(f"{hashlib.sha256(another).hexdigest()}  image.svg\n", "ascii")
    found = [(problem.file, problem.code) for problem in problems(root)]
    assert found == [(file.relative_to(root).as_posix(), "LED011") for file in (line, drawing)]


@pytest.mark.parametrize("damage", ["award.json", "credential.json", "folder"])
def test_what_another_rule_says_of_a_damaged_award_is_not_said_again(root: Path, damage: str) -> None:
    folder = folder_of(root)
    if damage == "folder":
        (folder / "award.json").unlink()
    else:
        (folder / damage).write_text("{", "ascii")
    assert [problem.code for problem in problems(root)] == (["LED004"] if damage == "folder" else ["LED001"])


def test_what_comes_on_top_of_what_was_published_is_no_problem(root: Path) -> None:
    ada = folder_of(root).name
    write(root, f"{RECORDS}/more.yml", "badge: knots\nawarded: 2026-06-01\nname: Mary Seacole\n")
    write(root, f"{RECORDS}/revoked-2.yml", f"revoke: {ada}\ndate: 2026-06-02\nreason: other\n")
    issue_all(root, seed="more")
    edit(root, KEYS, "state: active", "state: retired")
    assert problems(root) == []


def test_what_a_key_signed_that_was_published_as_compromised_is_no_new_award(root: Path) -> None:
    write(root, f"{RECORDS}/mary.yml", "badge: knots\nawarded: 2026-05-20\nname: Mary\nemail: mary@example.org\n")
    ada = folder_of(root)
    write(root, f"{RECORDS}/correct.yml", f"correct: {ada.name}\ndate: 2026-06-02\nname: Augusta\n")
    stolen = {"school": SigningKey("key-2", fake_key("old"))}
    done = issue(root, now=NOW, random_bytes=repeatable_random("thief"), signing_keys=stolen)
    assert check_repository(root).problems == []  # all of it agrees with itself
    problems = check_repository(root, base="main").problems
    new, corrected = done.awards[0].folder, ada.relative_to(root).as_posix()
    assert sorted((problem.file, problem.code) for problem in problems) == sorted(
        [(f"{new}/credential.json", "LED011"), (f"{corrected}/credential-2.json", "LED011")]
    )
    assert {problem.fix for problem in problems} == {
        "delete the folder: its row is issued anew, with the key of today",
        f"git checkout main -- {corrected}, and delete credential-2.json: its record is applied anew",
    }


def test_proofs_that_were_replaced_are_no_problem_while_the_statement_is_the_same(root: Path) -> None:
    sign_anew(root, lambda document: None, later=timedelta(days=1))
    assert problems(root) == []
    sign_anew(root, lambda document: document.update(name="Another"), later=timedelta(days=2))
    assert [problem.code for problem in problems(root)] == ["LED011"]


def test_proofs_are_never_replaced_by_older_ones(root: Path) -> None:
    commit_all(root)
    sign_anew(root, lambda document: None, later=timedelta(days=2))
    commit_all(root)
    sign_anew(root, lambda document: None, later=timedelta(days=1))
    assert [problem.code for problem in problems(root)] == ["LED011"]


def test_a_branch_that_is_behind_is_told_to_merge(root: Path) -> None:
    git(root, "checkout", "--quiet", "-b", "newer")
    write(root, f"{RECORDS}/more.yml", "badge: knots\nawarded: 2026-06-01\nname: Mary Seacole\n")
    issue_all(root, seed="more")
    commit_all(root)
    git(root, "checkout", "--quiet", "main")
    (found,) = problems(root, base="newer")
    assert "this award is gone" in found.what and found.fix.startswith("git merge newer, which this branch is behind;")
    git(root, "merge", "--quiet", "newer")
    assert problems(root, base="newer") == []


def test_a_commit_that_was_damaged_itself_is_named(root: Path) -> None:
    award = folder_of(root) / "award.json"
    sound = award.read_bytes()
    award.write_bytes(b"<<<<<<< HEAD\n" + sound)
    commit_all(root)
    award.write_bytes(sound)
    (found,) = problems(root)
    assert found.code == "LED011" and "not an award.json" in found.what


def test_the_command_names_what_a_commit_holds_when_it_is_told_which(root: Path) -> None:
    run = CliRunner().invoke
    assert run(main, ["-C", str(root), "check"]).exit_code == 0
    assert run(main, ["-C", str(root), "check", "--base", "main"]).exit_code == 0
    unissue(root)
    assert "LED015" in run(main, ["-C", str(root), "check"]).output
    done = run(main, ["-C", str(root), "check", "--base", "main"])
    assert done.exit_code == 1 and "LED011" in done.output and "git checkout main -- content/signed/" in done.output
    assert run(main, ["-C", str(root), "check", "--base", "origin/main"]).exit_code == 2


# --- what may go, and does not come back ------------------------------------------------------------------------------


def corrected_and_erased(root: Path) -> tuple[Path, Path]:
    """Publishes a correction of Ada's award that withholds its first file, and the erasure of Grace's; their folders."""
    ada, grace = folder_of(root), folder_of(root, "revoked")
    correction = f"correct: {ada.name}\ndate: 2026-06-03\nname: Ada King\nwithhold_previous: true\n"
    write(root, f"{RECORDS}/corrected.yml", correction)
    write(root, f"{RECORDS}/erased.yml", f"erase: {grace.name}\ndate: 2026-06-03\n")
    (root / f"{RECORDS}/revoked.yml").unlink()
    edit(root, f"{RECORDS}/2026-05.yml", "  - {name: Grace Hopper, email: grace@example.org}\n", "")
    issue_all(root, seed="changes")
    return ada, grace


def test_what_a_correction_withholds_and_an_erasure_takes_away_is_no_problem(root: Path) -> None:
    ada, grace = corrected_and_erased(root)
    assert not (ada / "credential.json").exists() and not (grace / "credential.json").exists()
    assert problems(root) == []


@pytest.mark.parametrize("which", ["withheld", "erased"])
def test_what_was_taken_away_does_not_come_back(root: Path, which: str) -> None:
    ada, grace = corrected_and_erased(root)
    folder = ada if which == "withheld" else grace
    commit_all(root)
    git(root, "checkout", "--quiet", "main~1", "--", folder.relative_to(root).as_posix())
    if which == "withheld":
        # All that belongs to it comes back as well, so that what is here agrees with itself.
        (folder / "credential-2.json").unlink()
        (root / f"{RECORDS}/corrected.yml").unlink()
        (root / "issuers/school/status/1.json").unlink()
    found = {problem.what.partition(" (")[0] for problem in problems(root) if problem.code == "LED011"}
    expected = {
        "withheld": {
            "version 2 of this award is gone",
            "version 1 of this award was superseded and is active again",
            "the file of version 1 was withdrawn and is back",
        },
        "erased": {"this award was erased and is back"},
    }[which]
    assert found >= expected


def test_a_file_that_no_record_withholds_is_not_withheld_by_saying_so(root: Path) -> None:
    ada = folder_of(root)
    write(root, f"{RECORDS}/corrected.yml", f"correct: {ada.name}\ndate: 2026-06-03\nname: Ada King\n")
    issue_all(root, seed="changes")
    assert problems(root) == []
    edit_award(root, lambda stored: stored["versions"][0].update(withheld=True))
    (ada / "credential.json").unlink()
    (found,) = problems(root, base=None)
    assert found.code == "LED001" and "version 1 is said to be withheld, against the records" in found.what


def test_the_day_of_an_erasure_that_was_published_stays(root: Path) -> None:
    _, grace = corrected_and_erased(root)
    commit_all(root)
    [record] = [file for file in (root / RECORDS).glob("*.yml") if "erase:" in file.read_text("utf-8")]
    path = record.relative_to(root).as_posix()
    day = next(line for line in read(root, path).splitlines() if line.startswith("date:"))
    edit(root, path, day, "date: 2020-01-01")
    assert problems(root, base=None) == []
    [problem] = problems(root)
    assert (problem.file, problem.code) == (path, "LED011") and day.removeprefix("date: ") in problem.fix
    edit(root, path, "date: 2020-01-01", day)
    edit(root, (grace / "award.json").relative_to(root).as_posix(), '"awarded": "2026', '"awarded": "2025')
    assert [problem.what for problem in problems(root)] == [
        "the day of an erased award is another one (published in main)"
    ]
