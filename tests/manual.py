"""The manual's pages as tests read them: their code blocks in order, with what stands before each."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support import publish_to

__all__ = ["BIN", "MANUAL", "PAGES", "ROOT", "Block", "blocks_of", "demo_repository", "environment", "run", "set_up"]

ROOT = Path(__file__).parents[1]
MANUAL = ROOT / "content" / "pages" / "manual"
PAGES = sorted(MANUAL.glob("*.md"))
BIN = Path(sys.executable).parent
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# A sentence that ends in "in `content/records/….yml`:" names the file that the block below it is.
_FILE_ABOVE = re.compile(r"`([\w./-]+\.(?:yml|toml|csv))`[^`\n]*:\n\n\Z")
_ELSEWHERE = re.compile(r"<!-- elsewhere: ([^>]+) -->\n\Z")


@dataclass(frozen=True)
class Block:
    """A code block. file: where the page says that it belongs, "" for none. elsewhere: why it cannot run here, "" when it can."""

    language: str
    text: str
    file: str = ""
    elsewhere: str = ""

    @property
    def commands(self) -> list[str]:
        """The lines of a block for the shell; one that ends in a backslash goes on in the next."""
        return re.sub(r" *\\\n *", " ", self.text).splitlines() if self.language == "sh" else []


def blocks_of(page: Path) -> list[Block]:
    """Every code block of a page, from top to bottom."""
    text = page.read_text("utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        above, elsewhere = _FILE_ABOVE.search(text[: match.start()]), _ELSEWHERE.search(text[: match.start()])
        found.append(Block(match[1], match[2], above[1] if above else "", elsewhere[1] if elsewhere else ""))
    return found


def environment(home: Path) -> dict[str, str]:
    """The variables of a person at a terminal of their own: the commands on PATH, a name for git, no key, no CI.

    A passphrase is typed there; here it stands in its variable."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("LAURELS_", "XDG_", "GIT_"))}
    git = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    typed = {f"LAURELS_PASSPHRASE_{name}": "made up for this test" for name in ("HARBOUR", "QUAYSIDE")}
    return own | git | typed | {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(home), "CI": ""}


def demo_repository(folder: Path) -> Path:
    """A fresh copy of the repository as a reader has it after `make site`: committed, set up, the site in its folder."""
    for name in ("content", "badges", "issuers", "scripts", ".github"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".lock", "__pycache__"))
    for name in (
        "mkdocs.yml",
        "Makefile",
        "requirements.lock",
        "pyproject.toml",
        ".gitignore",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ):
        shutil.copyfile(ROOT / name, folder / name)
    set_up(folder)
    publish_to(folder, folder / "site")
    for command in ("git init --quiet -b main", "git add -A", "git commit --quiet -m Demo"):
        subprocess.run(command.split(), cwd=folder, check=True, env=environment(folder.parent / "home"))
    return folder


def set_up(folder: Path) -> None:
    """What scripts/setup.sh leaves behind in a folder of the repository when everything is installed."""
    (folder / ".venv").mkdir()
    for name in ("bin", "lib"):
        (folder / ".venv" / name).symlink_to(BIN.parent / name)
    done = (folder / "requirements.lock").read_text("utf-8") + (folder / "pyproject.toml").read_text("utf-8")
    (folder / ".venv" / ".ready-requirements.lock").write_text(done, "utf-8")


def run(command: str, folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What a shell makes of one or several lines; the first that fails ends it."""
    return subprocess.run(["sh", "-e", "-c", command], cwd=folder, env=variables, capture_output=True, text=True)
