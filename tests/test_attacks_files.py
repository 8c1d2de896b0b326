"""What a pull request or a stranger's folder brings along: links, hidden files and odd names lead no command out of the repository,
run no program of theirs, and are no reason to delete what was signed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.authoring.history_rewrite import rewrite_commands
from site_builder.cli import main
from site_builder.errors import Error, UsageError
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import _erased
from site_builder.issuing.transaction.reconcile import reconcile
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.history.git import tracked_files
from site_builder.ledger.history.git_tree import read_tree
from site_builder.ledger.store.award_json import StoredAward, award_bytes, read_award
from site_builder.site.output.staged_site import StagedSite
from tests.both_ways import checked_both_ways
from tests.branches import commit_all, git
from tests.drawn import write_drawn_repository
from tests.support import NOW, fake_key, issue_all, repeatable_random
from tests.trees import tree_of, write_tree

SIGNED = "content/signed/school"
MINE = {"id_ed25519": b"mine", ".cache.tmp": b"mine", "sub/.x.tmp": b"mine", ".tmp-work/file": b"mine"}
ROW = "badge: knots\nawarded: 2026-05-20\nname: Mary Somerville\nemail: mary@example.org\n"


@pytest.fixture(autouse=True)
def _both_ways() -> Iterator[None]:
    with checked_both_ways():
        yield


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with two awards and a revocation list, published as the branch main, and one more row that is pending."""
    root = write_drawn_repository(tmp_path_factory.mktemp("issued") / "site")
    grace = issue_all(root).awards[1]
    (root / "content/records/school/revoked.yml").write_text(
        f"revoke: {grace.id}\ndate: 2026-06-01\nreason: other\n", "utf-8"
    )
    issue_all(root, seed="revoke")
    (root / "content/records/school/mary.yml").write_text(ROW, "utf-8")
    return commit_all(root)


@pytest.fixture
def root(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued, tmp_path / "site", symlinks=True))


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of somebody's that is no part of the repository."""
    write_tree(tmp_path / "outside", MINE)
    return tmp_path / "outside"


def folder_of(root: Path, state: str) -> Path:
    """The folder of the award that is active, or of the one that is revoked."""
    return next(file.parent for file in (root / SIGNED).glob("*/award.json") if f'"{state}"' in file.read_text("ascii"))


def award_in(folder: Path) -> StoredAward:
    award = read_award((folder / "award.json").read_bytes(), issuer="school", name=folder.name)
    assert isinstance(award, StoredAward)
    return award


def said(root: Path) -> list[tuple[str, str]]:
    return [(problem.file, problem.code) for problem in check_repository(root).problems]


# --- issue ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["content/signed/.x", "content/signed/school/.x", "badges/.x", "issuers/school/.x"])
def test_hidden_link_does_not_lead_issue_to_files_outside_of_the_repository(
    root: Path, outside: Path, place: str
) -> None:
    (root / place).symlink_to(outside)
    assert len(issue_all(root, seed="more").awards) == 1
    assert tree_of(outside) == MINE


def test_leftover_of_any_kind_is_swept_away_and_does_not_stop_issue(root: Path, outside: Path) -> None:
    award = folder_of(root, "active")
    (root / SIGNED / ".tmp-link").symlink_to(outside)
    (root / SIGNED / ".tmp-file").write_text("x", "utf-8")
    for folder in (award / ".x.tmp", root / "issuers/school/status/.1.json.tmp"):
        folder.mkdir()
        (folder / "file").write_text("x", "utf-8")
    (award / ".credential-2.json.tmp").symlink_to(outside / "id_ed25519")
    assert len(issue_all(root, seed="more").awards) == 1
    assert tree_of(outside) == MINE
    assert not list((root / SIGNED).rglob(".*tmp*"))


@pytest.mark.parametrize("name", ["award.json", ".award.json.tmp"])
def test_erasure_that_no_record_asks_for_deletes_no_signed_file(root: Path, name: str) -> None:
    award, other = folder_of(root, "active"), folder_of(root, "revoked")
    (award / name).write_bytes(award_bytes(_erased(award_in(award))))
    # Something that looks like an interrupted run elsewhere, so that what lies ready is looked at.
    (other / ".award.json.tmp").write_bytes(b"{}")
    (other / "credential.json").unlink()
    before = (award / "credential.json").read_bytes()
    with pytest.raises(Error, match="problems were found, nothing was issued"):
        issue_all(root, seed="more")
    assert (award / "credential.json").read_bytes() == before


def test_withholding_that_no_correction_asks_for_deletes_no_signed_file(root: Path) -> None:
    folder = folder_of(root, "active")
    award = award_in(folder)
    old = award.current.model_copy(update={"state": "superseded", "change": "0" * 64, "withheld": True})
    new = award.current.model_copy(update={"file": "credential-2.json", "index": 7})
    (folder / "award.json").write_bytes(award_bytes(award.model_copy(update={"versions": (old, new)})))
    assert (str(folder.relative_to(root)), "LED012") in said(root)
    with pytest.raises(Error, match="problems were found, nothing was issued"):
        issue_all(root, seed="more")
    assert (folder / "credential.json").is_file()


def test_award_that_is_said_to_renew_somebody_elses_is_found(root: Path) -> None:
    active, revoked = folder_of(root, "active"), folder_of(root, "revoked")
    for target in (revoked.name, active.name, "k7pqhm65jobmlfbs5d37kjaici"):
        (active / "award.json").write_bytes(award_bytes(award_in(active).model_copy(update={"renews": target})))
        assert said(root) == [(f"{SIGNED}/{active.name}/award.json", "LED001")]


def test_moment_that_never_was_is_found_though_no_proof_bears_it_any_more(root: Path) -> None:
    folder = folder_of(root, "active")
    award = award_in(folder)
    moved = award.current.model_copy(update={"issued": "2026-13-01T12:00:00Z", "resigned": award.current.issued})
    (folder / "award.json").write_bytes(award_bytes(award.model_copy(update={"versions": (moved,)})))
    assert said(root) == [(f"{SIGNED}/{folder.name}/award.json", "LED001")]


# --- reconcile --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["award", "signed", "status", "rendered", "badge"])
def test_link_in_a_merged_branch_does_not_lead_reconcile_out_of_the_repository(
    root: Path, outside: Path, kind: str
) -> None:
    folders = {"award": folder_of(root, "active"), "signed": root / SIGNED, "status": root / "issuers/school/status"}
    folder = folders.get(kind) or root / {"rendered": "badges/knots/rendered", "badge": "badges/knots"}[kind]
    git(root, "checkout", "--quiet", "-b", "other")
    shutil.rmtree(folder)
    folder.symlink_to(outside)
    commit_all(root)
    with pytest.raises(Error, match="Delete it first, then run this again; nothing was reconciled"):
        reconcile(
            root,
            read_tree(root, "main"),
            now=NOW,
            random_bytes=repeatable_random("reconcile"),
            signing_keys={"school": SigningKey("key-1", fake_key())},
        )
    assert tree_of(outside) == MINE


# --- git --------------------------------------------------------------------------------------------------------------


def program(root: Path) -> tuple[Path, Path]:
    """A program, and the file that is there once it ran."""
    ran = root.parent / "ran"
    (root.parent / "program").write_text(f"#!/bin/sh\ntouch {ran}\n", "utf-8")
    (root.parent / "program").chmod(0o755)
    return root.parent / "program", ran


def test_check_runs_no_program_that_the_repositorys_configuration_names(root: Path) -> None:
    monitor, ran = program(root)
    git(root, "config", "core.fsmonitor", str(monitor))
    git(root, "ls-files", "--others")
    assert ran.exists()  # so does git itself
    ran.unlink()
    assert "mkdocs.yml" in tracked_files(root)
    assert check_repository(root, base="main").problems == []
    assert not ran.exists()


def test_folder_laid_out_as_a_repository_does_not_stand_in_for_the_one_that_it_lies_in(tmp_path: Path) -> None:
    root = tmp_path / "repository/site"
    write_tree(
        root, {"mkdocs.yml": b"site_name: x\n", "refs/x": b"", "objects/x": b"", "HEAD": b"ref: refs/heads/main\n"}
    )
    monitor, ran = program(root)
    config = f"[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = {root}\n\tfsmonitor = {monitor}\n"
    (root / "config").write_text(config, "utf-8")
    commit_all(root.parent)
    with pytest.raises(UsageError):
        read_tree(root, "main")
    assert "mkdocs.yml" in tracked_files(root)
    assert not ran.exists()


def test_file_name_is_no_pattern_where_history_is_rewritten() -> None:
    first, *_ = rewrite_commands(["content/records/school/*.yml"], [], in_files=False)
    assert first.startswith("git --literal-pathspecs rev-list ")


# --- build ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["*", "[a-z]*", "thesis", "x.new-y"])
def test_build_removes_no_folder_beside_the_site_that_no_build_made(tmp_path: Path, site: str) -> None:
    mine = {
        f"{name}/file": b"mine" for name in ("thesis.old-20240101", "thesis.new-chapters", "x.new-y.old-1", "a.new-b")
    }
    write_tree(tmp_path, mine)
    built = StagedSite(tmp_path / site, root=tmp_path / "repository")
    built.write([("assets/laurels.css", b"look")])
    built.swap_in()
    assert tree_of(tmp_path) == mine | {f"{site}/assets/laurels.css": b"look"}


@pytest.mark.parametrize("kind", ["new", "old"])
@pytest.mark.parametrize("what", ["link", "link to here", "file", "pipe"])
def test_odd_thing_with_the_name_of_a_build_neither_stops_one_nor_leads_it_away(
    tmp_path: Path, outside: Path, kind: str, what: str
) -> None:
    odd = tmp_path / f"site.{kind}-killed00.laurels"
    if what == "pipe":
        os.mkfifo(odd)
    elif what == "file":
        odd.write_text("x", "utf-8")
    else:
        odd.symlink_to(outside if what == "link" else ".")
    built = StagedSite(tmp_path / "site", root=tmp_path / "repository")
    built.write([("assets/laurels.css", b"look")])
    built.swap_in()
    assert tree_of(tmp_path / "site") == {"assets/laurels.css": b"look"}
    assert tree_of(outside) == MINE


# --- what a build copies ----------------------------------------------------------------------------------------------


def refusal(root: Path, command: str, logged: pytest.LogCaptureFixture) -> str:
    """What a command says that refuses; MkDocs tells its log."""
    logged.clear()
    done = CliRunner().invoke(main, ["-C", str(root), command])
    assert done.exit_code == 1 and not (root / "site").exists()
    return done.stderr + logged.text


@pytest.mark.parametrize(
    "place",
    ["content/pages/.a.md", "themes/laurels/assets/a.css", "look/.a.html", "look"],
)  # fmt: skip
def test_a_build_copies_nothing_through_a_link_and_says_which_it_is(
    root: Path, outside: Path, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as stream:
        stream.write("theme: {name: null, custom_dir: look}\nexclude_docs: '!.a.md'\n")
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    is_folder = place == "look"
    (root / place).symlink_to(outside if is_folder else outside / "id_ed25519")
    (root / "look").mkdir(exist_ok=True)
    for command in ("check", "build"):
        assert f"{place}: FIL002" in refusal(root, command, caplog)


@pytest.mark.parametrize("folder", [".", "..", "content/records", ".git"])
def test_a_theme_is_a_folder_of_its_own(root: Path, folder: str, caplog: pytest.LogCaptureFixture) -> None:
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as stream:
        stream.write(f"theme: {{name: null, custom_dir: {folder}}}\n")
    assert "mkdocs.yml:5: CFG005" in refusal(root, "check", caplog)
    assert "CFG005" in refusal(root, "build", caplog)


def test_a_theme_that_the_environment_names_is_looked_at_by_the_build(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as stream:
        stream.write("theme: {name: null, custom_dir: !ENV LOOK}\n")
    monkeypatch.setenv("LOOK", "content/records")
    assert "CFG005" in refusal(root, "build", caplog)
