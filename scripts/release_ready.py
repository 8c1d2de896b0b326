"""Says what a release still lacks: python -m scripts.release_ready v0.1.0. Exit code 1 if anything does.

The release workflow runs it before it builds. It uses the standard library only, so that it runs before anything is installed."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

__all__ = ["lacking"]

ROOT = Path(__file__).parents[1]
_ADDRESSES = ("Homepage", "Repository", "Changelog", "Issues")


def main() -> int:
    """Prints each thing that is missing, and says by the exit code whether there is one."""
    found = list(lacking(ROOT, tag=sys.argv[1] if len(sys.argv) > 1 else ""))
    print("\n".join(found) if found else "ready")
    return bool(found)


def lacking(root: Path, *, tag: str) -> Iterator[str]:
    """A sentence for each thing that a release under this tag lacks."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    if tag != f"v{project['version']}":
        yield f"the tag is {tag or 'missing'}, and pyproject.toml has version {project['version']}"
    if missing := [name for name in _ADDRESSES if name not in project.get("urls", {})]:
        yield f"[project.urls] in pyproject.toml lacks {', '.join(missing)}: people must know where to report a problem"
    yield from _lacking_in_changelog((root / "CHANGELOG.md").read_text("utf-8"), project["version"])
    yield from _lacking_in_pages(root / "site_builder/verification/page/releases", project["version"])


def _lacking_in_changelog(text: str, version: str) -> Iterator[str]:
    sections = dict(re.findall(r"^## (.+)\n\n?((?:(?!## ).*\n)*)", text, re.MULTILINE))
    dated = [title for title in sections if re.fullmatch(re.escape(version) + r" – \d{4}-\d\d-\d\d", title)]
    if not dated or not sections[dated[0]].strip():
        yield f"CHANGELOG.md has no section '## {version} – YYYY-MM-DD' that says what changed"
    if sections.get("Unreleased", "").strip():
        yield f"CHANGELOG.md still has lines under Unreleased: move them to {version}"


def _lacking_in_pages(releases: Path, version: str) -> Iterator[str]:
    """Of the file by which every later verifier knows the pages of this version: that its templates give it, lint checks."""
    files = {file.stem: file for file in releases.glob("*.json")}
    made = [name for name, file in files.items() if json.loads(file.read_text("utf-8"))["version"] == version]
    current = releases / "current"
    if not made or made != [current.read_text("ascii").strip() if current.is_file() else ""]:
        yield f"page/releases/ lacks the one file of {version}, which `current` names: run make release-files and commit what it writes"


if __name__ == "__main__":
    sys.exit(main())
