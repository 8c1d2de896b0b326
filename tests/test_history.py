"""After the printed commands ran, a repository's history holds the erased person no more, and all else as it was."""

from __future__ import annotations

import shutil
import subprocess
from functools import cached_property
from pathlib import Path

import pytest

from site_builder.authoring.history_rewrite import is_distinct, rewrite_commands
from site_builder.ledger.checks.repository import check_repository
from tests.drawn import write_drawn_repository
from tests.manual import environment
from tests.manual import run as shell
from tests.support import issue_all
from tests.test_changing import RECORDS, done, id_of


class Repository:
    """A repository with a branch, a tag, a stash and a server, whose history names Ada in every way that it can."""

    def __init__(self, folder: Path) -> None:
        self.root, self.server = folder / "work", folder / "server.git"
        self.variables = environment(folder / "home")

    def fill(self) -> None:
        """Issues, commits, renames, merges, corrects and stashes."""
        write_drawn_repository(self.root)
        issue_all(self.root)
        (self.root / ".gitignore").write_text("/site/\n.lock\n")
        self.git(
            "git init -q -b main",
            "git add -A",
            "git commit -q -m 'Issue for Ada Lovelace'",
            "git tag -a v1 -m 'with Ada Lovelace'",
        )
        self.git(f"git mv {RECORDS}/2026-05.yml {RECORDS}/knots.yml", "git commit -q -m Rename")
        self.git("git switch -q -c evening", "echo Ada Lovelace > notes.txt", "git add -A", "git commit -q -m Notes")
        self.git(
            "git switch -q main", "git merge -q --no-ff -m 'Merge for ada@example.org' evening", "git rm -q notes.txt"
        )
        done(self.root, "correct", self.ada, "--name", "Ada King-Noel", "--date", "2026-06-03")
        issue_all(self.root, seed="second")
        self.git("git add -A", "git commit -q -m Correct", "echo x >> mkdocs.yml", "git stash -q")
        self.git("git init -q --bare -b main ../server.git", "git remote add origin ../server.git")

    @property
    def traces(self) -> list[str]:
        """What leads to Ada: names, address, and the digests and salts that let a guess be tested."""
        award = check_repository(self.root).ledger.awards[self.ada]
        texts = [award.identity, *(text for v in award.versions for text in (v.salt, v.row, v.sha256) if text)]
        return ["Ada Lovelace", "Ada King-Noel", "ada@example.org", *texts]

    @cached_property
    def ada(self) -> str:
        """The id of Ada's award."""
        return id_of(self.root, "ada@example.org")

    def git(self, *commands: str) -> str:
        ended = shell("\n".join(commands), self.root, self.variables)
        assert ended.returncode == 0, f"{commands}\n{ended.stdout}{ended.stderr}"
        return ended.stdout

    def everything(self) -> str:
        """Every object that git still has, reachable or not, and whatever log and reflogs say."""
        logs = self.git("git log -p --all", "git reflog --all", "git for-each-ref --format='%(contents)'")
        command = ["git", "cat-file", "--batch-all-objects", "--batch", "--buffer", "--unordered"]
        objects = subprocess.run(command, cwd=self.root, env=self.variables, capture_output=True, check=True).stdout
        return logs + objects.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    Repository(folder).fill()
    return folder


@pytest.fixture
def repository(filled: Path, tmp_path: Path) -> Repository:
    return Repository(Path(shutil.copytree(filled, tmp_path / "copy")))


def test_history_holds_the_person_no_more_and_check_passes(repository: Repository) -> None:
    before, traces = repository.everything(), repository.traces
    assert all(trace in before for trace in traces)
    written = done(repository.root, "erase", repository.ada, "--date", "2027-01-02")
    issue_all(repository.root, seed="third")
    kept = "git ls-tree -r HEAD"
    repository.git("git add -A", "git commit -q -m Erase", "git push -q --mirror origin")
    tree = repository.git(kept)
    repository.git(*written["history"])
    after = repository.everything()
    assert [trace for trace in traces if trace in after] == []
    assert repository.git(kept) == tree
    patterns = " ".join(f"-e '{trace}'" for trace in traces)
    searched = shell(f"git grep -c {patterns} $(git rev-list --all)", repository.root, repository.variables)
    assert (searched.returncode, searched.stdout) == (1, "")
    assert "Grace Hopper" in after and "Merge for erased" in repository.git("git log --all")
    assert check_repository(repository.root).problems == []
    fresh = repository.root.parent / "fresh"
    repository.git(f"git clone -q {repository.server} {fresh}")
    assert check_repository(fresh).problems == [] and repository.ada in check_repository(fresh).ledger.erased
    logs = subprocess.run(["git", "log", "-p", "--all"], cwd=fresh, capture_output=True, text=True, check=True).stdout
    assert logs and not any(trace in logs for trace in traces)
    assert not list(repository.root.parent.glob("erased-*"))


def test_other_award_of_the_same_person_stays_as_it_was(repository: Repository) -> None:
    other = "badge: knots\nawarded: 2027-05-14\nname: Ada Lovelace\nemail: ada.l@example.org\n"
    (repository.root / RECORDS / "2027.yml").write_text(other)
    issue_all(repository.root, seed="third")
    kept, traces = id_of(repository.root, "ada.l@"), repository.traces
    repository.git("git add -A", "git commit -q -m Again")
    written = done(repository.root, "erase", repository.ada, "--date", "2027-06-02")
    issue_all(repository.root, seed="fourth")
    repository.git("git add -A", "git commit -q -m Erase", "git push -q --mirror origin", *written["history"])
    after = repository.everything()
    assert check_repository(repository.root).problems == [] and kept in check_repository(repository.root).ledger.awards
    assert (repository.root / RECORDS / "2027.yml").read_text() == other
    assert [t for t in traces if t in after] == ["Ada Lovelace"]


def test_words_that_a_shell_would_read_and_words_too_short_to_look_for() -> None:
    lines = rewrite_commands(["content/a b/"], ["O", "Ada", "Grace O'Malley"], in_files=True)
    assert "-- 'content/a b/' >" in lines[0]
    printed = subprocess.run(
        ["sh", "-c", lines[2].partition(" > ")[0]], capture_output=True, text=True, check=True
    ).stdout
    assert printed == "literal:Grace O'Malley==>erased\n"
    assert is_distinct("張仲景") and not is_distinct("Ada")
    only_short = rewrite_commands(["content/a/"], ["O"], in_files=True)
    assert not any("words" in line for line in only_short if line.startswith(("printf", "git filter-repo")))
