"""The release of the page that this program makes, as a file for verifiers: python -m scripts.generate_release [--check].

Writes verification/page/releases/<digest>.json, releases/current and releases/sources, and takes away the files of states that no
version was released with. The browser's scripts hold the digest, and the file holds theirs: it is written, they are bundled, and it is
written again (make release-files). --check: exit 1 when the files are not what the templates give."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib import resources
from pathlib import Path

from site_builder.site.page_release import release_parts, sources_digest
from site_builder.verification.page.release import release_digest

__all__ = ["expected_files", "main", "released_versions", "written_files"]

ROOT = Path(__file__).resolve().parents[1]
RELEASES = Path(str(resources.files("site_builder.verification.page"))) / "releases"
CURRENT = "current"
# What the current one was made from: a build by which this is still so need not make it again to know its name.
SOURCES = "sources"


def main() -> None:
    """Writes the files, or compares them."""
    expected, written = expected_files(), written_files()
    if "--check" in sys.argv:
        if written != expected:
            sys.exit("the release of the page is not what the templates give: run make release-files")
        return
    RELEASES.mkdir(exist_ok=True)
    for name in written.keys() - expected.keys():
        (RELEASES / name).unlink()
    for name, text in expected.items():
        (RELEASES / name).write_text(text, "utf-8")


def written_files() -> dict[str, str]:
    """The files of page/releases/ as they are, by name."""
    return {file.name: file.read_text("utf-8") for file in RELEASES.iterdir()} if RELEASES.is_dir() else {}


def expected_files() -> dict[str, str]:
    """The files of page/releases/ as they should be, by name: those of released versions are kept for ever."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    released = released_versions(changelog)
    kept = {
        name: text
        for name, text in written_files().items()
        if name.endswith(".json") and json.loads(text).get("version") in released
    }
    made, made_version = _made(version), version
    # With lines under Unreleased, another page than that of the version is one of the version to come.
    if version in released and made[0] not in kept and re.search(r"^## Unreleased\n+- ", changelog, re.MULTILINE):
        made_version = f"after {version}"
        made = _made(made_version)
    current = {CURRENT: made[0].removesuffix(".json") + "\n", SOURCES: sources_digest(made_version) + "\n"}
    return kept | dict([made]) | current


def _made(version: str) -> tuple[str, str]:
    """Name and text of the file of a version."""
    parts = release_parts(version)
    return f"{release_digest(parts)}.json", json.dumps(parts, ensure_ascii=False, separators=(",", ":")) + "\n"


def released_versions(changelog: str) -> set[str]:
    """The versions that the changelog has."""
    return set(re.findall(r"^## (\d\S*) ", changelog, re.MULTILINE))


if __name__ == "__main__":
    main()
