"""What was published is remembered: a loss that leaves everything in agreement is found in git's history, and nothing else is called one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.encoding import format_json
from site_builder.errors import Error, Problem
from site_builder.issuing.durable import atomic_change
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import issue
from site_builder.ledger.checks.repository import check_repository, reuse_unchanged
from site_builder.ledger.history import past as walking
from site_builder.ledger.history.git_tree import GitRefused, run_git
from site_builder.ledger.history.past import read_past
from site_builder.ledger.store.since import SINCE, SINCE_BYTES
from tests.branches import commit_all, git
from tests.drawn import write_drawn_repository
from tests.support import BASE, ISSUER, NOW, fake_key, issue_all, repeatable_random
from tests.trees import tree_of

RECORDS = "content/records/school"
KEYS = "issuers/school/keys.yml"
OTHER_KEY = format_public_key(fake_key("other").public_key())


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")


def row(name: str) -> str:
    return f"badge: knots\nawarded: 2026-05-14\nname: {name}\nemail: {name.lower()}@example.org\n"


def step(root: Path, files: dict[str, str], *, hours: int = 0) -> Path:
    """Writes files (empty text: one goes), signs what is pending, and commits it."""
    for path, text in files.items():
        write(root, f"{RECORDS}/{path}", text)
        if not text:
            (root / RECORDS / path).unlink()
    issue_all(root, now=NOW + timedelta(hours=hours), seed=str(files))
    return commit_all(root)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Remembers since its first commit. Then Ada's and Grace's awards were signed, a second key came, and Grace's was revoked."""
    root = write_drawn_repository(tmp_path_factory.mktemp("lived") / "site", files={f"{RECORDS}/2026-05.yml": ""})
    write(root, SINCE, SINCE_BYTES.decode("ascii"))
    commit_all(root)
    step(root, {"ada.yml": row("Ada"), "grace.yml": row("Grace")})
    key = f"  - {{id: key-2, publicKeyMultibase: {OTHER_KEY}, created: 2026-05-02, state: compromised}}\n"
    write(root, KEYS, (root / KEYS).read_text("utf-8") + key)
    return step(root, {"revoked.yml": f"revoke: {id_of(root, 'Grace')}\ndate: 2026-06-01\nreason: other\n"})


@pytest.fixture
def root(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "site", symlinks=True))


def id_of(root: Path, name: str) -> str:
    """The id of somebody's award."""
    for file in sorted((root / "content/signed/school").glob("*/credential.json")):
        identifiers = json.loads(file.read_text("ascii"))["credentialSubject"]["identifier"]
        if identifiers[0]["identityHash"].split()[0] == name:
            return file.parent.name
    raise KeyError(name)


def folder(root: Path, name: str) -> str:
    return f"content/signed/school/{id_of(root, name)}"


def problems(root: Path) -> Sequence[Problem]:
    return check_repository(root).problems


def found(root: Path) -> list[tuple[str, str]]:
    """(file, what is wrong) of what is remembered and lost; that nothing else is wrong."""
    every = problems(root)
    assert {problem.code for problem in every} <= {"LED015"}
    return [(problem.file, problem.what.partition(" (")[0]) for problem in every]


def edit_award(root: Path, name: str, **changes: str) -> None:
    """Writes into an award.json, which nobody signs, as somebody without a key could."""
    path = root / folder(root, name) / "award.json"
    stored = json.loads(path.read_text("ascii"))
    stored["versions"][0].update(changes)
    path.write_bytes(format_json(stored))


def without_history(root: Path, act: Callable[[Path], object]) -> None:
    """Does what an older program, or one in a copy without git, would do."""
    (root / ".git").rename(root.with_name("history"))
    act(root)
    root.with_name("history").rename(root / ".git")


def restore(root: Path) -> None:
    """Runs the command of each problem, until none is left that has one."""
    for _ in range(3):
        for problem in problems(root):
            if problem.code == "LED015":
                git(root, *problem.fix.partition(";")[0].split()[1:])


def test_what_was_published_and_is_here_gives_no_problem(root: Path) -> None:
    assert problems(root) == []


# --- what is lost -----------------------------------------------------------------------------------------------------


def test_a_revocation_that_was_reverted_is_named_with_its_commit_and_comes_back(root: Path) -> None:
    before, held = tree_of(root / "content"), git(root, "rev-parse", "HEAD")
    grace = folder(root, "Grace")
    git(root, "revert", "--no-edit", "HEAD")
    assert found(root) == [
        (f"{grace}/award.json", "version 1 of this award was revoked and is active again"),
        (KEYS, "key-2 is gone from the list of keys"),
    ]
    (problem, _) = problems(root)
    assert f"(published in commit {held[:12]} of 20" in problem.what
    assert problem.fix.startswith(f"git checkout {held[:12]} -- {grace}; ")
    assert not any(word in str(problem) for problem in problems(root) for word in ("Grace", "grace@"))
    restore(root)
    git(root, "checkout", "HEAD~1", "--", RECORDS, "issuers/school/status")
    assert problems(root) == [] and tree_of(root / "content") == before


def test_the_first_signatures_that_were_reverted_are_named_award_by_award(root: Path) -> None:
    git(root, "reset", "--quiet", "--hard", "HEAD~1")
    awards = {folder(root, name) for name in ("Ada", "Grace")}
    git(root, "revert", "--no-edit", "HEAD")
    lost = [(file, what) for file, what in found(root) if file.startswith("content")]
    assert lost == sorted((f"{award}/award.json", "this award is gone") for award in awards)
    assert {file.rpartition(".")[2] for file, what in found(root) if what == "this picture is gone"} >= {"png"}


def test_a_lost_folder_is_not_signed_again_at_a_new_address(root: Path) -> None:
    ada = folder(root, "Ada")
    shutil.rmtree(root / ada)
    before = tree_of(root / "content")
    assert found(root) == [(f"{ada}/award.json", "this award is gone")]
    with pytest.raises(Error, match="nothing was issued"):
        issue_all(root, seed="again")
    assert tree_of(root / "content") == before
    restore(root)
    assert problems(root) == [] and check_repository(root).pending_rows == []


def test_what_replaces_a_lost_award_later_does_not_excuse_the_loss_by_whatever_branch_it_comes(root: Path) -> None:
    ada, tree = folder(root, "Ada"), git(root, "rev-parse", "HEAD^{tree}")
    shutil.rmtree(root / ada)
    without_history(root, lambda root: issue_all(root, seed="again"))
    instead = folder(root, "Ada")
    commit_all(root)
    assert found(root) == [(f"{ada}/award.json", "this award is gone")]
    # Somebody makes a branch on which the new one was there from the beginning, and merges it.
    git(root, "checkout", "--quiet", "--orphan", "forged")
    commit_all(root)
    git(root, "checkout", "--quiet", "main")
    git(root, "merge", "--quiet", "--no-edit", "--allow-unrelated-histories", "-s", "ours", "forged")
    assert instead != ada and (f"{ada}/award.json", "this award is gone") in [one[:2] for one in said(root)]
    assert tree != git(root, "rev-parse", "HEAD^{tree}")


def said(root: Path) -> list[tuple[str, str]]:
    """(file, what is wrong), whatever it is."""
    return [(problem.file, problem.what.partition(" (")[0]) for problem in problems(root)]


def test_an_award_that_was_edited_is_named_though_a_branch_is_made_on_which_it_always_was_so(root: Path) -> None:
    ada, tip = folder(root, "Ada"), git(root, "rev-parse", "HEAD")
    git(root, "checkout", "--quiet", "--orphan", "forged")
    edit_award(root, "Ada", row="0" * 64)
    commit_all(root)
    git(root, "merge", "--quiet", "--no-edit", "--allow-unrelated-histories", "-s", "ours", tip)
    assert (f"{ada}/award.json", "version 1 of this award was made from something else") in said(root)


def test_a_mistake_that_was_committed_and_put_right_is_no_loss(root: Path) -> None:
    edit_award(root, "Ada", row="0" * 64)
    write(
        root, KEYS, (root / KEYS).read_text("utf-8").replace(OTHER_KEY, format_public_key(fake_key("x").public_key()))
    )
    write(root, f"content/signed/school/{'a' * 26}/award.json", "{}")
    commit_all(root)
    assert {problem.code for problem in problems(root)} >= {"LED015"}
    git(root, "revert", "--no-edit", "HEAD")
    assert problems(root) == []


def test_an_erased_award_stays_with_its_places_and_a_picture_that_no_award_names_any_more_stays(root: Path) -> None:
    ada, grace = folder(root, "Ada"), folder(root, "Grace")
    erased = {f"erase-{award[-3:]}.yml": f"erase: {award[-26:]}\ndate: 2026-06-03\n" for award in (ada, grace)}
    step(root, erased | {"ada.yml": "", "grace.yml": "", "revoked.yml": ""})
    assert problems(root) == []
    picture = next((root / "badges/knots/rendered").glob("*.png"))
    picture.unlink()
    shutil.rmtree(root / ada)
    for record in (root / RECORDS).glob("erase-*"):
        if ada[-26:] in record.read_text("utf-8"):
            record.unlink()
    lost = [one for one in said(root) if one[0].endswith(("award.json", ".png"))]
    assert (f"{ada}/award.json", "this award is gone") in lost
    assert (picture.relative_to(root).as_posix(), "this picture is gone") in lost


def test_a_key_counts_from_the_first_signature_and_never_gets_better(root: Path) -> None:
    before = (root / KEYS).read_text("utf-8")
    write(root, KEYS, before.replace("compromised", "retired"))
    assert found(root) == [(KEYS, "key-2 was compromised and is retired again")]
    write(root, KEYS, before.replace(OTHER_KEY, format_public_key(fake_key("x").public_key())))
    assert found(root) == [(KEYS, "key-2 is another key than it was")]
    # Before anything was signed, a key may still be replaced.
    git(root, "reset", "--quiet", "--hard", git(root, "rev-list", "--max-parents=0", "HEAD"))
    write(root, KEYS, (root / KEYS).read_text("utf-8").replace("key-1", "key-9"))
    assert problems(root) == []


def test_proofs_that_were_replaced_do_not_give_way_to_older_ones_by_whatever_branch_they_come(root: Path) -> None:
    ada, before = folder(root, "Ada"), git(root, "rev-parse", "HEAD")
    third = format_public_key(fake_key("third").public_key())
    new = f"  - {{id: key-3, publicKeyMultibase: {third}, created: 2026-05-02, state: active}}\n"
    write(root, KEYS, (root / KEYS).read_text("utf-8").replace("state: active", "state: compromised") + new)
    keys = {"school": SigningKey("key-3", fake_key("third"))}
    issue(root, now=NOW + timedelta(days=1), random_bytes=repeatable_random("anew"), signing_keys=keys, resign=True)
    commit_all(root)
    assert problems(root) == []
    tip = git(root, "rev-parse", "HEAD")
    git(root, "checkout", before, "--", ada)
    tree = git(root, "write-tree")
    forged = git(root, "commit-tree", "-m", "As if it had always been so", tree)
    git(root, "reset", "--quiet", "--hard", git(root, "commit-tree", "-m", "Merge", "-p", forged, "-p", tip, tree))
    assert (f"{ada}/award.json", "the signed file of version 1 is another one") in said(root)


def test_a_version_whose_file_was_committed_later_counts_and_comes_back_whole(root: Path) -> None:
    """As `git commit -a` does it, which takes no new file."""
    ada, before = folder(root, "Ada"), git(root, "rev-parse", "HEAD")
    write(root, f"{RECORDS}/corrected.yml", f"correct: {ada[-26:]}\ndate: 2026-06-03\nname: Ada King\n")
    issue_all(root, now=NOW + timedelta(hours=3), seed="corrected")
    git(root, "commit", "--quiet", "-a", "-m", "What git knows")
    commit_all(root, "The rest")
    after = tree_of(root / "content")
    git(root, "revert", "--no-edit", "HEAD", "HEAD~1")
    assert git(root, "diff", "--stat", before) == ""
    assert (f"{ada}/award.json", "version 2 of this award is gone") in found(root)
    restore(root)
    git(root, "checkout", "HEAD~2", "--", RECORDS, "issuers/school/status")
    assert problems(root) == [] and tree_of(root / "content") == after


def test_a_submodule_that_once_was_in_the_place_of_a_file_hides_nothing(root: Path) -> None:
    """Nobody needs a key to commit one, and what it names is in no clone."""
    tip, grace = git(root, "rev-parse", "HEAD"), folder(root, "Grace")
    for path in (f"{grace}/credential.json", "mkdocs.yml"):
        edit_award(root, "Grace", sha256="0" * 64, salt="A" * 22)
        write(root, KEYS, (root / KEYS).read_text("utf-8").replace("key-2", "key-3"))
        git(root, "add", "-A")
        git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{path}")
        git(root, "commit", "--quiet", "-m", "A submodule")
        git(root, "read-tree", "-u", "--reset", tip)
        git(root, "commit", "--quiet", "-m", "Without it")
    checked = check_repository(root)
    assert (checked.remembered.unseen, [problem.file for problem in checked.problems]) == ("", [KEYS])
    git(root, "revert", "--no-edit", tip)
    assert (f"{grace}/award.json", "version 1 of this award was revoked and is active again") in found(root)


# --- what is no loss --------------------------------------------------------------------------------------------------


def test_corrections_erasures_withheld_files_and_retired_keys_are_no_loss(root: Path) -> None:
    ada, grace = id_of(root, "Ada"), id_of(root, "Grace")
    correction = f"correct: {ada}\ndate: 2026-06-03\nname: Ada King\nwithhold_previous: true\n"
    step(root, {"corrected.yml": correction})
    erased = {"erased.yml": f"erase: {grace}\ndate: 2026-06-03\n", "grace.yml": "", "revoked.yml": ""}
    step(root, erased)
    write(root, "badges/knots/badge.yml", (root / "badges/knots/badge.yml").read_text("utf-8").replace("six", "nine"))
    step(root, {"mary.yml": row("Mary")}, hours=5)
    assert problems(root) == []
    # All of it again without what was kept of the walk.
    shutil.rmtree(root / ".git/laurels")
    assert problems(root) == []


def test_a_run_that_was_interrupted_is_completed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    correction = f"correct: {id_of(root, 'Ada')}\ndate: 2026-06-03\nname: Ada King\nwithhold_previous: true\n"
    write(root, f"{RECORDS}/corrected.yml", correction)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(atomic_change, "_delete_taken_back", interrupted)
        issue_all(root, seed="interrupted")
    assert {problem.code for problem in problems(root)} == {"LED012"}
    issue_all(root, seed="completed")
    assert problems(root) == []


def interrupted(*arguments: object) -> None:
    raise KeyboardInterrupt


def test_a_history_that_was_rewritten_for_an_erasure_is_sound(root: Path) -> None:
    ada = folder(root, "Ada")
    step(root, {"erased.yml": f"erase: {ada[-26:]}\ndate: 2026-06-03\n", "ada.yml": ""})
    every = git(
        root, "rev-list", "--objects", "--no-object-names", "--full-history", "--all", "--", ada, f"{RECORDS}/ada.yml"
    )
    kept = set(git(root, "ls-tree", "-r", "--format=%(objectname)", "HEAD").split())
    stripped = "\\|".join(set(every.split()) - kept)
    strip = f"git ls-files -s | grep '{stripped}' | cut -f2 | xargs -r git rm -q --cached --"
    git(root, "-c", "advice.graftFileDeprecated=false", "filter-branch", "--index-filter", strip, "--", "--all")
    assert ada in git(root, "ls-files") and "ada.yml" not in git(root, "log", "--name-only", "--format=")
    assert problems(root) == []


@pytest.mark.parametrize("removed", ["content/signed", "content/signed/school"])
def test_a_site_that_was_made_of_a_clone_of_another_remembers_only_itself(root: Path, removed: str) -> None:
    """With the file that says since when, or without it: what the other site published counts there."""
    for path in (removed, f"{RECORDS}", "issuers/school/status", "badges/knots/rendered"):
        shutil.rmtree(root / path)
    write(
        root, "mkdocs.yml", (root / "mkdocs.yml").read_text("utf-8").replace(BASE, "https://badges.quayside.example/")
    )
    write(root, KEYS, "".join((root / KEYS).read_text("utf-8").splitlines(keepends=True)[:2]))
    step(root, {"mary.yml": row("Mary")})
    assert problems(root) == []
    mary = folder(root, "Mary")
    shutil.rmtree(root / mary)
    assert (f"{mary}/award.json", "this award is gone") in said(root)


def test_what_another_site_left_behind_under_the_new_address_is_not_this_sites(root: Path) -> None:
    """The address first, and the other site's files a commit later."""
    write(
        root, "mkdocs.yml", (root / "mkdocs.yml").read_text("utf-8").replace(BASE, "https://badges.quayside.example/")
    )
    commit_all(root)
    for path in ("content/signed", RECORDS, "issuers/school", "badges/knots/rendered"):
        shutil.rmtree(root / path)
    write(
        root, "badges/knots/badge.yml", (root / "badges/knots/badge.yml").read_text("utf-8").replace("school", "quay")
    )
    write(root, "issuers/quay/issuer.yml", ISSUER)
    commit_all(root)
    assert problems(root) == []


# --- merges -----------------------------------------------------------------------------------------------------------


def branched(root: Path) -> str:
    """Mary's award, signed on a branch of that name; its folder."""
    git(root, "checkout", "--quiet", "-b", "other")
    step(root, {"mary.yml": row("Mary")}, hours=1)
    mary = folder(root, "Mary")
    git(root, "checkout", "--quiet", "main")
    step(root, {"hypatia.yml": row("Hypatia")}, hours=2)
    return mary


@pytest.mark.parametrize("how", ["ours", "squash", "pick", "rebase", "octopus"])
def test_however_a_branch_comes_in_what_it_published_is_expected_once_history_has_it(root: Path, how: str) -> None:
    mary = branched(root)
    if how == "ours":
        git(root, "merge", "--quiet", "--no-edit", "-s", "ours", "other")
        assert found(root) == [(f"{mary}/award.json", "this award is gone")]
        restore(root)
        git(root, "checkout", "other", "--", RECORDS)
        assert problems(root) == []
        return
    if how == "squash":
        git(root, "merge", "--quiet", "--squash", "other", may_fail=True)
    elif how == "pick":
        git(root, "cherry-pick", "other", may_fail=True)
    elif how == "rebase":
        git(root, "checkout", "--quiet", "other")
        git(root, "rebase", "--quiet", "main", may_fail=True)
    else:
        git(root, "branch", "third", "HEAD~1")
        git(root, "merge", "--quiet", "--no-edit", "other", "third", may_fail=True)
    git(root, "checkout", "main", "--", "issuers/school/status")
    commit_all(root)
    assert problems(root) == []
    shutil.rmtree(root / mary)
    assert (f"{mary}/award.json", "this award is gone") in found(root)


# --- since when -------------------------------------------------------------------------------------------------------


def test_the_file_that_says_since_when_is_neither_removed_nor_changed(root: Path) -> None:
    (root / SINCE).unlink()
    (gone,) = problems(root)
    assert (gone.file, gone.code) == (SINCE, "LED016") and "git checkout" in gone.fix
    commit_all(root)
    git(root, *problems(root)[0].fix.partition(";")[0].split()[1:])
    commit_all(root)
    assert problems(root) == []
    write(root, SINCE, "{}")
    (changed,) = problems(root)
    assert (changed.file, changed.code) == (SINCE, "LED016") and "printf" in changed.fix


def test_history_from_before_the_file_appeared_is_not_read_and_what_it_came_with_is(root: Path) -> None:
    git(root, "rm", "--quiet", "-r", "--cached", SINCE)
    git(root, "checkout", "--quiet", "--orphan", "anew")
    (root / SINCE).unlink()
    commit_all(root)
    ada, grace = folder(root, "Ada"), folder(root, "Grace")
    shutil.rmtree(root / ada)
    (root / f"{RECORDS}/ada.yml").unlink()
    assert found(root) == [(f"{ada}/award.json", "this award is gone")]
    write(root, SINCE, SINCE_BYTES.decode("ascii"))
    commit_all(root)
    assert problems(root) == []
    (root / f"{RECORDS}/revoked.yml").unlink()
    shutil.rmtree(root / grace)
    assert (f"{grace}/award.json", "this award is gone") in said(root)
    # A change that brings it along is refused where anything is signed.
    assert [problem.code for problem in check_repository(root, base="HEAD~1").problems if problem.file == SINCE] == [
        "LED016"
    ]


def test_the_file_does_not_come_from_two_branches(root: Path) -> None:
    first = git(root, "rev-list", "--max-parents=0", "HEAD")
    tree = git(root, "rev-parse", f"{first}^{{tree}}")
    begun = git(root, "commit-tree", "-m", "Another beginning", tree)
    git(root, "merge", "--quiet", "--no-edit", "--allow-unrelated-histories", "-s", "ours", begun)
    (found,) = problems(root)
    assert (found.file, found.code) == (SINCE, "LED016") and begun[:12] in found.what and first[:12] in found.what


def test_a_copy_of_another_sites_repository_does_not_begin_later_by_adding_the_file_again(root: Path) -> None:
    """Its first commit has the file, and the other site's address. Two commits of one change could leave a revocation behind."""
    first = git(root, "rev-list", "--max-parents=0", "HEAD")
    site = (root / "mkdocs.yml").read_text("utf-8")
    tree = git(root, "rev-parse", "HEAD^{tree}")
    git(root, "reset", "--quiet", "--hard", first)
    write(root, "mkdocs.yml", site.replace(BASE, "https://other.example/"))
    git(root, "commit", "--quiet", "-a", "--amend", "-m", "The other site")
    step(root, {})
    write(root, "mkdocs.yml", site)
    commit_all(root)
    git(root, "reset", "--quiet", "--hard", git(root, "commit-tree", "-m", "Signed", "-p", "HEAD", tree))
    step(root, {"again.yml": f"revoke: {id_of(root, 'Ada')}\ndate: 2026-06-01\nreason: other\n"}, hours=1)
    git(root, "revert", "--no-edit", "HEAD")
    (root / SINCE).unlink()
    commit_all(root)
    write(root, SINCE, SINCE_BYTES.decode("ascii"))
    commit_all(root)
    assert found(root) == [
        (f"{folder(root, 'Ada')}/award.json", "version 1 of this award was revoked and is active again")
    ]


def test_a_new_issuer_in_a_new_repository_brings_the_file_along(tmp_path: Path) -> None:
    options = ["--name", "x", "--url", "https://x.example/", "--email", "a@example.org", "--time-zone", "Europe/Lisbon"]
    write(tmp_path, "mkdocs.yml", "")
    run = CliRunner().invoke
    for slug, expected in (("one", True), ("two", False)):
        done = run(main, ["-C", str(tmp_path), "new", "issuer", slug, *options, "--language", "en"])
        assert done.exit_code == 0 and (f"wrote {SINCE}" in done.output) == expected, done.output
    assert (tmp_path / SINCE).read_bytes() == SINCE_BYTES


# --- how the history is read ------------------------------------------------------------------------------------------


def test_the_walk_is_kept_and_goes_on_from_there(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(root, "reset", "--quiet", "--hard", "HEAD~1")
    read_past(root, base=BASE)
    git(root, "reset", "--quiet", "--hard", "ORIG_HEAD")
    continued = read_past(root, base=BASE)
    kept = root / ".git/laurels/past.json"
    for damage in (b"", b"{}", kept.read_bytes()[:-1]):
        kept.write_bytes(damage)
        anew = read_past(root, base=BASE)
        assert anew.held == continued.held and anew.left == continued.left
    monkeypatch.setattr(walking, "changes", lambda *arguments: pytest.fail("walked again"))
    assert read_past(root, base=BASE) == anew
    assert git(root, "status", "--porcelain") == ""


def test_a_check_of_what_is_known_asks_git_a_few_short_questions(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problems(root)
    asked: list[str] = []

    def counted(root: Path, *words: str, asked_for: bytes = b"") -> bytes:
        asked.append(words[0])
        return run_git(root, *words, asked=asked_for)

    monkeypatch.setattr(walking, "run_git", counted)
    problems(root)
    assert len(asked) <= 6 and set(asked) == {"rev-parse"}


def test_where_nothing_can_be_kept_nothing_is(root: Path) -> None:
    shutil.rmtree(root / ".git/laurels")
    (root / ".git/laurels").write_text("in the way", "utf-8")
    shutil.rmtree(root / folder(root, "Ada"))
    assert len(found(root)) == 1


def test_what_was_checked_is_not_believed_once_head_has_moved(root: Path) -> None:
    known = check_repository(root)
    assert reuse_unchanged(root, known) is known
    commit_all(root, "Nothing")
    assert reuse_unchanged(root, known) is None


def test_wherever_the_site_lies_in_git_its_own_history_is_read(root: Path, tmp_path: Path) -> None:
    ada = folder(root, "Ada")
    outer = tmp_path / "outer"
    (outer / "sites").mkdir(parents=True)
    inner = Path(shutil.copytree(root, outer / "sites/bädges", ignore=shutil.ignore_patterns(".git")))
    commit_all(outer)
    git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "beside"))
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(root), "module")
    for place in (inner, tmp_path / "beside", outer / "module"):
        assert found(place) == []
        shutil.rmtree(place / ada)
        assert found(place) == [(f"{ada}/award.json", "this award is gone")]
    git(root, "checkout", "--quiet", "--orphan", "empty")
    shutil.rmtree(root / ada)
    assert problems(root) == []


def test_a_shallow_clone_says_what_it_cannot_see_and_signs_nothing(
    root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(root, f"{RECORDS}/mary.yml", row("Mary"))
    commit_all(root)
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{root}", "shallow")
    shallow, run = tmp_path / "shallow", CliRunner().invoke
    done = run(main, ["-C", str(shallow), "check"])
    assert done.exit_code == 0 and "fetch-depth: 0" in done.output
    done = run(main, ["-C", str(shallow), "build"])
    assert done.exit_code == 0 and "git fetch --unshallow" in done.output
    for command in ("check", "build", "site"):
        done = run(main, ["-C", str(shallow), command, "--history", "required"])
        assert done.exit_code == 1 and "git fetch --unshallow" in done.output + caplog.text
        caplog.clear()
    with pytest.raises(Error, match=r"nothing was issued.*fetch-depth: 0"):
        issue_all(shallow)
    shutil.rmtree(shallow / ".git")
    assert run(main, ["-C", str(shallow), "check"]).exit_code == 0
    done = run(main, ["-C", str(shallow), "check", "--history", "required"])
    assert done.exit_code == 1 and "git keeps no history of this folder" in done.output


def test_a_clone_that_lacks_what_must_be_compared_says_so(root: Path, tmp_path: Path) -> None:
    git(root, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{root}", "partial")
    partial = tmp_path / "partial"
    remembered = check_repository(partial).remembered
    assert "partial clone" in remembered.unseen
    with pytest.raises(Error, match=r"nothing was issued.*whole clone"):
        issue_all(partial)


def test_somebody_elses_repository_is_not_read_and_that_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "run_git", lambda *arguments, **options: (_ for _ in ()).throw(_dubious()))
    assert "safe.directory" in read_past(root, base=BASE).unseen


def _dubious() -> Exception:
    return GitRefused("fatal: detected dubious ownership in repository")


def test_replaced_commits_and_grafts_hide_nothing(root: Path) -> None:
    ada, tip = folder(root, "Ada"), git(root, "rev-parse", "HEAD")
    git(root, "rm", "--quiet", "-r", ada)
    (root / f"{RECORDS}/ada.yml").unlink()
    commit_all(root)
    expected = [(f"{ada}/award.json", "this award is gone")]
    orphan = git(root, "commit-tree", "-m", "Nothing before", "HEAD^{tree}")
    git(root, "replace", tip, orphan)
    assert found(root) == expected
    git(root, "replace", "--delete", tip)
    (root / ".git/info/grafts").write_text(f"{git(root, 'rev-parse', 'HEAD')} {orphan}\n", "ascii")
    shutil.rmtree(root / ".git/laurels")
    assert found(root) == expected


# --- status lists -----------------------------------------------------------------------------------------------------


def test_a_list_that_was_put_back_is_a_problem_for_check_as_it_is_for_build(root: Path) -> None:
    git(root, "checkout", "HEAD~1", "--", "issuers/school/status")
    done = CliRunner().invoke(main, ["-C", str(root), "check"])
    assert done.exit_code == 1 and "issuers/school/status/1.json: LED017" in done.output and "1 problem;" in done.output
    issue_all(root, seed="again")
    done = CliRunner().invoke(main, ["-C", str(root), "check"])
    assert done.exit_code == 0, done.output
