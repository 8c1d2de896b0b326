"""Repositories to measure on: one school, one achievement, a git repository, and as many records in CSV as wanted."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from site_builder.credentials.demo import is_demo_key

__all__ = ["RECORDS", "add_record", "commit", "copied", "write_repository"]

RECORDS = "content/records/school"
HEAD = "badge,awarded,name,email\n"
# The private half is published with Laurels, so that nothing secret is needed to sign.
KEY = "z6MkfRvWiQBr66LjT9Z5xdcc61n4yPJiH64QyjuL9LCMegt2"
FILES = {
    "mkdocs.yml": "site_name: Test Badges\nsite_url: https://badges.laurels.example/\ndocs_dir: content/pages\n"
    "plugins: [search, laurels]\n",
    ".gitignore": "/site/\n",
    "content/pages/index.md": "---\ntemplate: home.html\n---\n# Test Badges\n",
    "issuers/school/issuer.yml": "name: Test School\nurl: https://school.example/\nemail: office@school.example\n"
    "time_zone: Europe/Amsterdam\nlanguage: en\n",
    "issuers/school/keys.yml": f"keys:\n  - {{id: key-1, publicKeyMultibase: {KEY}, created: 2026-05-01, state: active}}\n",
    "badges/knots/badge.yml": "issuer: school\nname: Knots\ndescription: Ties the six knots that matter.\n"
    'criteria: {narrative: "Tied *six knots* in ten minutes, see [the list](https://school.example/knots)."}\n'
    "image_alt: A knot\nvalidity: P2Y\n",
    "badges/knots/image.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
    '<circle cx="50" cy="50" r="45" fill="#0b5563"/></svg>\n',
}


def write_repository(root: Path, *, records: int, files: int = 1) -> Path:
    """A git repository below root with so many records in so many files of equal length, all committed, none signed."""
    if not is_demo_key(KEY):
        raise ValueError("the key of the measurements is no demo key any more")
    shutil.rmtree(root, ignore_errors=True)
    each = records // files
    tables = {
        f"{RECORDS}/{number:03}.csv": HEAD + "".join(map(_row, range(number * each, (number + 1) * each)))
        for number in range(files)
    }
    for path, text in {**FILES, **tables}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root)
    return root


def _row(number: int) -> str:
    return f"knots,2026-05-14,Ada Lovelace the {number}th,person{number}@example.org\n"


def add_record(root: Path) -> None:
    """Appends one record to one file."""
    file = sorted((root / RECORDS).iterdir())[0]
    with file.open("a", encoding="utf-8") as stream:
        stream.write("knots,2026-05-15,Grace Hopper,grace@example.org\n")


def commit(root: Path) -> None:
    """Commits whatever is new, as somebody does between two commands."""
    git(root, "add", "--all")
    git(root, "-c", "user.name=Bench", "-c", "user.email=bench@example.org", "commit", "--quiet", "--message=Bench")


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)  # noqa: S603, S607


def copied(root: Path, target: Path) -> Path:
    """A copy of a repository in the place of what is there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(root, target, symlinks=True)
    return target
