"""The release of the page that this program makes, as a file for verifiers: python -m scripts.generate_release [--check].

Writes verification/page/releases/<digest>.json and releases/current, and takes the file of a state before away while its version is not
released. The browser's scripts hold the digest, and the file holds theirs: it is written, they are bundled, and it is written again
(make release-files). --check: exit 1 when the files are not what the templates give."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib import resources
from pathlib import Path

from site_builder.site.page_release import release_parts
from site_builder.verification.page.release import release_digest

__all__ = ["is_current", "main"]

ROOT = Path(__file__).resolve().parents[1]
RELEASES = Path(str(resources.files("site_builder.verification.page"))) / "releases"
CURRENT = RELEASES / "current"


def main() -> None:
    """Writes the files, or compares them."""
    if "--check" in sys.argv:
        if not is_current():
            sys.exit("the release of the page is not what the templates give: run python -m scripts.generate_release")
        return
    name, text = _made()
    RELEASES.mkdir(exist_ok=True)
    old = RELEASES / f"{CURRENT.read_text('ascii').strip()}.json" if CURRENT.is_file() else None
    if old and old.is_file() and old.name != name and not _is_released(json.loads(old.read_text("utf-8"))["version"]):
        old.unlink()
    (RELEASES / name).write_text(text, "utf-8")
    CURRENT.write_text(name.removesuffix(".json") + "\n", "ascii")


def is_current() -> bool:
    """Whether the files are what the templates give."""
    name, text = _made()
    file = RELEASES / name
    return CURRENT.read_text("ascii").strip() == file.stem and file.is_file() and file.read_text("utf-8") == text


def _made() -> tuple[str, str]:
    """The file of the release, by its name."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    parts = release_parts(version)
    return f"{release_digest(parts)}.json", json.dumps(parts, ensure_ascii=False, separators=(",", ":")) + "\n"


def _is_released(version: str) -> bool:
    """Whether the changelog has a version: its file is kept for ever."""
    return (
        re.search(rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE) is not None
    )


if __name__ == "__main__":
    main()
