"""The manual, followed as it is written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from site_builder.cli import main
from site_builder.ledger.checks import check_repository
from site_builder.ledger.links import learner_links
from tests.support import DRAWING, publish_to

ROOT = Path(__file__).parents[1]
MANUAL = ROOT / "content" / "pages" / "manual"
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def lines_of(block: str) -> list[str]:
    """The commands of a block; one that ends in a backslash goes on in the next line."""
    return re.sub(r"\\\n *", "", block).splitlines()


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


@pytest.mark.parametrize("page", sorted(MANUAL.glob("*.md")), ids=lambda page: page.name)
def test_every_laurels_line_in_the_manual_is_a_command_with_options_that_exist(page: Path) -> None:
    known = dict(commands(main))
    for language, text in BLOCK.findall(page.read_text("utf-8")):
        for line in lines_of(text) if language == "sh" else []:
            if not line.startswith("laurels "):
                continue
            name = next((name for name in known if f"{line} ".startswith(f"{name} ")), None)
            assert name, line
            options = {option for parameter in known[name].params for option in parameter.opts}
            assert {word for word in line.split() if word.startswith("--")} <= options, line


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """The demo's records and signed files, with its site in the folder that the manual names."""
    folder = tmp_path / "demo"
    for name in ("content", "badges", "issuers"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copyfile(ROOT / "mkdocs.yml", folder / "mkdocs.yml")
    publish_to(folder, folder / "site")
    return folder


def test_every_command_of_the_tools_page_runs_as_written_in_the_demo(demo: Path) -> None:
    """But for the id of a page, which is another when the demo is issued anew."""
    record = "content/records/harbour/2026-05-first-aid.yml"
    links = learner_links(check_repository(demo), record=record)
    page = next(link.url.partition("#")[0] for link in links if link.name == "Ada Lovelace")
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"}
    for language, block in BLOCK.findall((MANUAL / "tools.md").read_text("utf-8")):
        if language == "csv":
            (demo / "participants.csv").write_text(block, "utf-8")
        block = re.sub(r"https://badges\.example\.org/c/[a-z2-7]{26}/", page, block)
        for line in lines_of(block) if language == "sh" else []:
            done = subprocess.run(["sh", "-c", line], cwd=demo, env=environment, capture_output=True, text=True)
            is_demo = line.startswith("laurels verify") and "signed with a demo key" in done.stdout
            assert done.returncode == is_demo and done.stdout + done.stderr, f"{line}\n{done.stdout}{done.stderr}"


def test_a_newcomer_who_follows_the_start_page_has_a_site_that_verifies(tmp_path: Path) -> None:
    """Every block of the Start page but the demo's own, in order: files written where it says, commands run as written."""
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "content", folder / "content")
    for name in ("badges", "issuers"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copyfile(ROOT / "mkdocs.yml", folder / "mkdocs.yml")
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(tmp_path / "home"), "CI": ""}
    environment |= {
        f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    text = (MANUAL / "index.md").read_text("utf-8")
    start = text.index("## Make it yours")
    for match in BLOCK.finditer(text, start):
        language, block = match.groups()
        if language == "yaml":
            named = re.findall(r"`([\w./-]+\.yml)`", text[: match.start()])
            file = folder / named[-1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block, "utf-8")
            if file.name == "badge.yml":
                file.with_name("image.svg").write_text(DRAWING)
        else:
            done = subprocess.run(
                ["sh", "-e", "-c", block], cwd=folder, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
    laurels = str(BIN / "laurels")
    pages = sorted((folder / "site" / "c").iterdir())
    assert len(pages) == 2
    for page in pages:
        command = [
            laurels,
            "verify",
            "--site",
            "site",
            "--at",
            "2026-06-01",
            str(page / "badge.png"),
            str(page / "credential.json"),
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
        assert "signed by badges.quayside.example, unchanged, not revoked" in done.stdout
    links = subprocess.run([laurels, "links"], cwd=folder, capture_output=True, text=True, check=True).stdout
    assert links.count("https://badges.quayside.example/c/") == 2 and "Ada Lovelace <ada.l@example.org>" in links
