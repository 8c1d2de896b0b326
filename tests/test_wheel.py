"""An installed Laurels: a wheel is built, unpacked elsewhere, and a repository that is not this one is issued and built with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from site_builder.credentials.identifiers.multikey import format_private_key
from tests.support import fake_key, write_repository

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "site_builder"


def build_wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("laurels-*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel holds, as an installation would: the wheel in LAURELS_WHEEL, or one that is built here."""
    scratch = tmp_path_factory.mktemp("wheel")
    wheel = Path(os.environ["LAURELS_WHEEL"]) if "LAURELS_WHEEL" in os.environ else build_wheel(scratch)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(scratch / "installed")
    return scratch / "installed"


def run(installed: Path, repository: Path, command: Sequence[str], *, key: str = "") -> str:
    """What a program of the installation prints; -P keeps the current folder out of what it imports."""
    environment = os.environ | {
        "PYTHONPATH": str(installed),
        "LAURELS_KEY_SCHOOL": key,
        "CI": "",
    }
    done = subprocess.run(
        [sys.executable, "-P", *command], cwd=repository, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


LAURELS = ["-c", "import sys; from site_builder.cli import main; sys.argv[0] = 'laurels'; main()"]


def test_the_wheel_holds_the_theme_the_scripts_the_fonts_and_their_licences(installed: Path) -> None:
    for path in (
        "site_builder/theme/statement.html",
        "site_builder/theme/assets/laurels.css",
        "site_builder/theme/assets/verdict.css",
        "site_builder/theme/assets/fonts/serif-latin.woff2",
        "site_builder/theme/assets/fonts/LICENCE-OFL.txt",
        "site_builder/verification/browser/dist/statement.js",
        "site_builder/verification/browser/dist/rdfc.LICENSES.txt",
        "site_builder/records/schemas/badge.json",
        "site_builder/py.typed",
        "site_builder/verification/browser/dist/page.js",
        "site_builder/verification/page/claims.json",
        "site_builder/verification/page/releases/current",
        "site_builder/verification/page/releases/sources",
        *(f"site_builder/{file.relative_to(PACKAGE)}" for file in PACKAGE.glob("verification/page/releases/*.json")),
        *(f"site_builder/{file.relative_to(PACKAGE)}" for file in PACKAGE.glob("verification/wording/*.json")),
    ):
        assert (installed / path).is_file(), path
    assert not (installed / "tests").exists() and not list(installed.rglob("browser/src"))


def test_a_foreign_repository_is_issued_built_and_verified_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    repository = write_repository(tmp_path / "repository")
    place = run(installed, repository, ["-c", "import site_builder; print(site_builder.__file__)"])
    assert place.startswith(str(installed))
    run(installed, repository, [*LAURELS, "issue"], key=format_private_key(fake_key()))
    run(installed, repository, [*LAURELS, "build"])
    assert (repository / "site/assets/fonts/serif-latin.woff2").is_file()
    assert (repository / "site/index.html").is_file() and (repository / "site/badges/knots/index.html").is_file()
    (page,) = {
        file.parent for file in (repository / "site/c").glob("*/badge.png") if b"Ada Lovelace" in file.read_bytes()
    }
    command = [*LAURELS, "verify", "--site", "site", "--at", "2026-06-01", str(page / "badge.png")]
    assert "signed by badges.laurels.example, unchanged, not revoked" in run(installed, repository, command)
    pages = run(installed, repository, [*LAURELS, "verify", "site", "--at", "2026-06-01", "--json"])
    checks = [check for report in json.loads(pages) for check in report.get("checks", ())]
    assert [check["result"] for check in checks if check["name"] == "page"] == ["passed", "passed"]


def test_mkdocs_finds_the_plugin_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    repository = write_repository(tmp_path / "repository")
    run(installed, repository, [*LAURELS, "issue"], key=format_private_key(fake_key()))
    run(installed, repository, ["-m", "mkdocs", "build", "--strict", "--quiet"])
    assert len(list((repository / "site/c").iterdir())) == 2


def test_the_same_source_gives_the_same_wheel(tmp_path: Path) -> None:
    """The job that publishes builds again, and compares with what was tested."""
    first, second = (build_wheel(tmp_path / name) for name in ("first", "second"))
    assert first.name == second.name and first.read_bytes() == second.read_bytes()
