"""Every script is checked for types and style, and the style refuses what would be unsafe in a page."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.vector_files import ROOT

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js 20")

BIN = ROOT / "node_modules" / ".bin"
SOURCES = ["scripts", "site_builder", "tests", "themes"]
VERIFIER = "site_builder/verification/browser/src"
# What is built, and what is other people's.
NOT_OURS = {"dist", "vectors"}


def run(*command: str | Path, given: str = "") -> str:
    return subprocess.run(command, input=given, capture_output=True, text=True, cwd=ROOT).stdout


def our_scripts() -> set[Path]:
    found = [path for folder in SOURCES for suffix in ("*.js", "*.mjs") for path in (ROOT / folder).rglob(suffix)]
    return {path for path in found if not NOT_OURS & set(path.relative_to(ROOT).parts)}


def test_every_script_is_checked_for_types() -> None:
    checked = {Path(line) for line in run(BIN / "tsc", "--listFilesOnly").splitlines()}
    assert our_scripts() <= checked
    assert len(our_scripts()) > 40


def rules_broken(code: str, path: str) -> list[str]:
    report = json.loads(run(BIN / "eslint", "--format=json", "--stdin", f"--stdin-filename={path}", given=code))
    return [message["ruleId"] for message in report[0]["messages"]]


REFUSED = {
    'document.body.innerHTML = "text";': "no-restricted-properties",
    'document.write("text");': "no-restricted-properties",
    'parseInt("12 apples", 10);': "no-restricted-globals",
    'eval("1");': "no-eval",
    "process.exit();": "no-undef",
    "isNaN(1 == 2);": "eqeqeq",
}


def test_style_refuses_markup_from_text_loose_parsing_and_what_no_browser_has() -> None:
    assert rules_broken("\n".join(REFUSED), f"{VERIFIER}/ui/new.js") == list(REFUSED.values())


def test_imports_of_the_verifier_point_down() -> None:
    code = 'import "../encoding.js";\nimport "../ui/dom.js";\n'
    assert rules_broken(code, f"{VERIFIER}/entry/new.js") == []
    assert rules_broken(code, f"{VERIFIER}/verification/new.js") == ["no-restricted-imports"]
