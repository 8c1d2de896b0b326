"""Every workflow, of the repository and of the manual: the actions in it, named by commits that were seen elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [*sorted(ROOT.glob(".github/**/*.yml")), *sorted(ROOT.glob("content/pages/**/*.md"))]
_USES = re.compile(r"^ *(?:- )?uses: *(.*)$", re.MULTILINE)
_PINNED = re.compile(r"([\w.-]+/[\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)")
_ROW = re.compile(r"^\| `([\w./-]+)` \| (v\d+\.\d+\.\d+) \| `([0-9a-f]{40})` \| (.*) \|$", re.MULTILINE)
SEEN = {
    (name, commit, release): re.findall(r"\(https://github\.com/([^/]+/[^/]+)/", where)
    for name, release, commit, where in _ROW.findall((ROOT / "content/pages/decisions/actions.md").read_text("utf-8"))
}
USED = [(file, used) for file in FILES for used in _USES.findall(file.read_text("utf-8"))]


@pytest.mark.parametrize(("file", "used"), USED, ids=[f"{file.name} {used[:24]}" for file, used in USED])
def test_an_action_is_named_by_a_commit_that_was_seen_beside_its_release(file: Path, used: str) -> None:
    pinned = _PINNED.fullmatch(used)
    assert pinned, f"{file}: {used}: write uses: owner/name@<40 digits of the commit> # v1.2.3"
    assert pinned.groups() in SEEN, f"{used} has no row in content/pages/decisions/actions.md"


def test_each_commit_was_seen_in_two_repositories_and_is_used() -> None:
    assert all(len(set(where)) >= 2 for where in SEEN.values())
    used = [_PINNED.fullmatch(used) for _, used in USED]
    assert set(SEEN) == {pinned.groups() for pinned in used if pinned}
