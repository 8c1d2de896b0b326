"""The manual, followed as it is written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import click
import pytest

from scripts.generate_manual import PAGES as GENERATED
from scripts.generate_manual import generated
from site_builder.cli import main
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.queries.links import learner_links
from tests.manual import MANUAL, PAGES, ROOT, Block, blocks_of, environment, run
from tests.support import DRAWING

# What cannot run on the machine of a test, and why. Nothing else may be left out.
ELSEWHERE = {
    "git push --force --mirror origin": "needs a server",
    "curl -sI https://badges.example.org/issuers/harbour/did.json": "asks the host",
    "laurels verify https://badges.example.org/ --against .": "asks the host",
    "aws s3 sync site s3://badges.example.org --delete --exclude _headers "
    '--cache-control "public, max-age=300"': "needs a bucket",
    "rsync -a --delete --exclude _headers site/ badges.example.org:/srv/badges/": "needs a server",
    "laurels verify badge.png": "asks the issuer's domain",
    "laurels verify credential.json --json": "asks the issuer's domain",
}
# Their readers have no key yet; the demo's issuer has one.
WITHOUT_KEY = ("issue.md", "keys.md")
START = "index.md"


def commands(group: click.Group, path: str = "laurels") -> list[tuple[str, click.Command]]:
    """Every command that does something, by its full name."""
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        full = f"{path} {name}"
        found += commands(command, full) if isinstance(command, click.Group) else [(full, command)]
    return found


@pytest.mark.parametrize(("name", "command"), commands(main))
def test_every_command_has_help_with_an_example_and_stands_in_the_manual(name: str, command: click.Command) -> None:
    assert command.help and name in command.help.split("\n")[0]
    assert any(name in page.read_text("utf-8") for page in MANUAL.glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_laurels_line_in_the_manual_is_a_command_with_options_that_exist(page: Path) -> None:
    known = dict(commands(main))
    for line in (line for block in blocks_of(page) for line in block.commands if line.startswith("laurels ")):
        name = next((name for name in known if f"{line} ".startswith(f"{name} ")), None)
        assert name, line
        options = {option for parameter in known[name].params for option in parameter.opts}
        assert {word for word in line.split() if word.startswith("--")} <= options, line


def test_what_cannot_run_here_is_just_what_is_listed_with_its_reason() -> None:
    marked = {
        line: block.elsewhere
        for page in PAGES
        for block in blocks_of(page)
        if block.elsewhere
        for line in block.commands
    }
    assert marked == ELSEWHERE


@pytest.fixture
def demo(committed_demo: Path, tmp_path: Path) -> Path:
    """The demo's repository, fresh for each page, with its site in the folder that the manual names."""
    return Path(shutil.copytree(committed_demo, tmp_path / "repository", symlinks=True))


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != START], ids=lambda page: page.name)
def test_every_command_of_a_page_runs_as_written_in_the_demo(page: Path, demo: Path, tmp_path: Path) -> None:
    """Files are written where the page says, commands run line by line, from top to bottom."""
    if page.name in WITHOUT_KEY:
        keys = demo / "issuers" / "harbour" / "keys.yml"
        keys.write_text(keys.read_text("utf-8").replace("state: active", "state: retired"), "utf-8")
    lovelace = id_of_lovelace(demo)
    variables = environment(tmp_path / "home")
    if page.name == "merging.md":
        issue_in_another_clone(demo, variables)
    for block in blocks_of(page):
        # The id of a page is another when the demo is issued anew.
        text = re.sub(r"\b[a-z2-7]{26}\b", lovelace, block.text)
        if file := block.file or ("participants.csv" if block.language == "csv" else ""):
            (demo / file).parent.mkdir(parents=True, exist_ok=True)
            (demo / file).write_text(text, "utf-8")
        for line in Block(block.language, text).commands if not block.elsewhere else []:
            done = run(line, demo, variables)
            is_demo = line.startswith("laurels verify https:") and "\nDemonstration: " in done.stdout
            assert done.returncode == is_demo, f"{line}\n{done.stdout}{done.stderr}"


def issue_in_another_clone(folder: Path, variables: dict[str, str]) -> None:
    """What a colleague did meanwhile: a course that is pending here was issued elsewhere, and pushed."""
    cohort = "badge: first-aid-basic\nawarded: 2026-12-03\nrecipients: [{name: Mary Seacole}, {name: Henri Dunant}]\n"
    (folder / "content/records/harbour/2026-12-evening.yml").write_text(cohort, "utf-8")
    elsewhere = folder.parent / "elsewhere"
    for lines, place in [
        ("git add -A && git commit --quiet -m Cohort && git clone --quiet --bare . ../origin.git", folder),
        ("git remote add origin ../origin.git && git clone --quiet ../origin.git ../elsewhere", folder),
        ("laurels issue && git add -A && git commit --quiet -m Issue && git push --quiet origin main", elsewhere),
    ]:
        done = run(lines, place, variables)
        assert done.returncode == 0, done.stderr


def id_of_lovelace(folder: Path) -> str:
    """The id of Ada Lovelace's first aid, which the manual uses as its example."""
    record = "content/records/harbour/2026-05-first-aid.yml"
    links = learner_links(check_repository(folder), record=record)
    url = next(link.url.partition("#")[0] for link in links if link.name == "Ada Lovelace")
    return url.rstrip("/").rpartition("/")[2]


def test_a_newcomer_who_follows_the_start_page_has_a_site_that_verifies(demo: Path, tmp_path: Path) -> None:
    """Every block of the Start page, in order: files written where it says, commands run as written."""
    variables = environment(tmp_path / "home")
    text = (MANUAL / START).read_text("utf-8")
    for block in blocks_of(MANUAL / START):
        if block.language == "yaml":
            named = re.findall(r"`([\w./-]+\.yml)`", text[: text.index(block.text)])
            file = demo / named[-1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, "utf-8")
            if file.name == "badge.yml":
                file.with_name("image.svg").write_text(DRAWING)
        else:
            done = run(block.text, demo, variables)
            assert done.returncode == 0, f"{block.text}\n{done.stdout}{done.stderr}"
    pages = sorted((demo / "site" / "c").iterdir())
    assert len(pages) == 2
    for page in pages:
        files = f"{page / 'badge.png'} {page / 'credential.json'}"
        done = run(f"laurels verify --site site --at 2026-06-01 {files}", demo, variables)
        assert done.returncode == 0, done.stdout
        assert "signed by badges.quayside.example, unchanged, not revoked" in done.stdout
    links = run("laurels links", demo, variables).stdout
    assert links.count("https://badges.quayside.example/c/") == 2 and "Ada Lovelace <ada.l@example.org>" in links
    # What is kept of the manual leads nowhere that is gone.
    strict = run("laurels build --strict", demo, variables)
    assert strict.returncode == 0 and "WARNING" not in strict.stderr, strict.stderr


@pytest.mark.parametrize("page", GENERATED)
def test_what_the_code_knows_best_stands_in_the_manual_as_it_is_now(page: str) -> None:
    text = (MANUAL / page).read_text("utf-8")
    assert text == generated(text), "run 'make manual'"


def test_the_manual_is_built_without_a_warning_and_without_a_dead_link(demo: Path, tmp_path: Path) -> None:
    done = run("laurels build --strict", demo, environment(tmp_path / "home"))
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if "WARNING" in line or "link" in line], done.stderr


def test_every_page_of_the_manual_stands_in_its_contents_and_says_what_it_is_about() -> None:
    contents = (ROOT / "mkdocs.yml").read_text("utf-8")
    for page in PAGES:
        assert f"manual/{page.name}" in contents
        text = page.read_text("utf-8")
        # A colon and a space would make it no YAML, and all of it text of the page.
        assert re.match(r"---\ndescription: (?:(?!: )[^\n]){20,120}\n---\n# [^\n]{3,20}\n\n", text), page.name


def test_the_readme_leads_only_to_files_that_exist_and_is_short() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("https://")]
    assert len(links) > 5 and all((ROOT / link).is_file() for link in links)
    assert len(text.splitlines()) <= 60
