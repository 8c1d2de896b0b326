"""What was read and checked once in a run is not read and checked again, unless a file has changed since."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from site_builder import encoding
from site_builder.cli import main
from site_builder.errors import Error
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import Issued, issue
from site_builder.ledger.checks.repository import check_repository, reuse_unchanged
from site_builder.ledger.store.checked_repository import CheckedRepository
from tests.drawn import write_drawn_repository
from tests.support import BADGE, NOW, fake_key, repeatable_random

ROOT = Path(__file__).parents[1]
RECORDS = "content/records/school"
LATER = "badge: knots\nawarded: 2026-05-30\nname: Mary Anning\n"


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A copy of the demo with one more row, which is not signed yet."""
    root = tmp_path / "demo"
    for name in ("content", "issuers", "badges"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "mkdocs.yml", root)
    row = "badge: first-aid-basic\nawarded: 2026-05-30\nname: Mary Somerville\n"
    (root / "content/records/harbour/one-more.yml").write_text(row, "utf-8")
    return root


@pytest.fixture(autouse=True)
def at_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own surroundings: in CI nothing is signed before the branch is known."""
    for name in [name for name in os.environ if name.startswith(("LAURELS_", "CI", "GITHUB_", "GITLAB_"))]:
        monkeypatch.delenv(name)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The root of each check, as one after the other begins."""
    roots: list[Path] = []

    def counted(root: Path, **options: Any) -> CheckedRepository:
        roots.append(root)
        return check_repository(root, **options)

    import site_builder.issuing.command
    import site_builder.plugin  # noqa: F401

    for module in [module for name, module in sys.modules.items() if name.startswith("site_builder.")]:
        if getattr(module, "check_repository", None) is check_repository:
            monkeypatch.setattr(module, "check_repository", counted)
    return roots


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each JSON text was parsed, by the SHA-256 of its bytes."""
    found: Counter[str] = Counter()
    parse = encoding._parse_published

    def counted(raw: bytes) -> Any:
        found[hashlib.sha256(raw).hexdigest()] += 1
        return parse(raw)

    # Every parsing of JSON begins with it.
    monkeypatch.setattr(encoding, "_parse_published", counted)
    return found


def test_site_checks_once_and_parses_each_signed_file_once_to_check_and_once_to_verify(
    demo: Path, checks: list[Path], parses: Counter[str]
) -> None:
    ended = CliRunner().invoke(main, ["-q", "-C", str(demo), "site"])
    assert ended.exit_code == 0, ended.output
    assert checks == [demo]
    signed = [
        hashlib.sha256(file.read_bytes()).hexdigest() for file in demo.glob("content/signed/*/*/credential*.json")
    ]
    assert len(signed) > 100
    assert {parses[digest] for digest in signed} == {2}
    assert check_repository(demo).pending_rows == []


# --- what is believed under the lock ----------------------------------------------------------------------------------


def run(root: Path, known: CheckedRepository, *, on_step: Callable[[str], None] = lambda point: None) -> Issued:
    keys, seed = {"school": SigningKey("key-1", fake_key())}, str(len(known.ledger.awards))
    return issue(root, now=NOW, random_bytes=repeatable_random(seed), signing_keys=keys, known=known, on_step=on_step)


def test_what_was_checked_is_believed_under_the_lock(tmp_path: Path, checks: list[Path]) -> None:
    root = write_drawn_repository(tmp_path)
    assert len(run(root, check_repository(root)).awards) == 2
    assert checks == []


def test_a_row_that_was_written_after_the_check_is_signed_as_well(tmp_path: Path, checks: list[Path]) -> None:
    root = write_drawn_repository(tmp_path)
    known = check_repository(root)
    (root / f"{RECORDS}/later.yml").write_text(LATER, "utf-8")
    assert len(run(root, known).awards) == 3
    assert checks == [root]


def test_a_mistake_that_was_made_after_the_check_is_found(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    known = check_repository(root)
    (root / "badges/knots/badge.yml").write_text(f"{BADGE}no_such_field: 1\n", "utf-8")
    with pytest.raises(Error, match="nothing was issued"):
        run(root, known)


def _append(root: Path) -> None:
    with (root / f"{RECORDS}/2026-05.yml").open("a", encoding="utf-8") as stream:
        stream.write("# a comment\n")


def _replace_equal(root: Path) -> None:
    file = root / f"{RECORDS}/2026-05.yml"
    beside = file.with_name("beside")
    shutil.copy2(file, beside)
    beside.replace(file)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file that is longer": _append,
    "another file with the same bytes and times": _replace_equal,
    "a new record": lambda root: (root / f"{RECORDS}/new.yml").write_text(LATER, "utf-8"),
    "an empty folder": lambda root: (root / "badges/splices").mkdir(),
    "a hidden file": lambda root: (root / "content/.hidden").write_text("", "utf-8"),
    "a file that is gone": lambda root: (root / "issuers/school/keys.yml").unlink(),
    "a link in the place of a folder": lambda root: (root / "badges/splices").symlink_to(root / "badges/knots"),
    "a file elsewhere, which may hold a key": lambda root: (root / "notes.txt").write_text("", "utf-8"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_is_believed_once_a_file_has_changed(tmp_path: Path, change: Callable[[Path], object]) -> None:
    root = write_drawn_repository(tmp_path)
    known = check_repository(root)
    assert reuse_unchanged(root, known) is known
    change(root)
    assert reuse_unchanged(root, known) is None


# --- what is known after signing --------------------------------------------------------------------------------------


def changed_repository(root: Path) -> Path:
    """Two awards are signed; one is to be corrected, one to be revoked, and a third is to be signed."""
    write_drawn_repository(root)
    ada, grace = (award.id for award in run(root, check_repository(root)).awards)
    later = {
        "later": LATER,
        "corrected": f"correct: {ada}\ndate: 2026-06-01\nname: Ada King\n",
        "revoked": f"revoke: {grace}\ndate: 2026-06-01\nreason: misconduct\n",
    }
    for name, text in later.items():
        (root / f"{RECORDS}/{name}.yml").write_text(text, "utf-8")
    return root


def facts(checked: CheckedRepository) -> Iterator[tuple[str, Any]]:
    """Each fact by its name; of files that were parsed or not, what is in them."""
    for field in fields(checked):
        value = getattr(checked, field.name)
        yield field.name, replace(value, files={}) if field.name == "ledger" else value


def test_what_is_known_after_signing_is_what_a_new_check_finds(tmp_path: Path, checks: list[Path]) -> None:
    root = changed_repository(tmp_path)
    issued = run(root, check_repository(root))
    assert (len(issued.awards), issued.changes, checks) == (1, 2, [])
    after, anew = issued.checked_after(), check_repository(root)
    assert after is not None and reuse_unchanged(root, after) is after
    assert dict(facts(after)) == dict(facts(anew))
    assert after.problems == [] and after.ledger.files.keys() == anew.ledger.files.keys()
    assert all(file.raw == anew.ledger.files[path].raw for path, file in after.ledger.files.items())


def test_the_first_run_of_a_repository_draws_its_pictures_and_knows_them_after(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    after = run(root, check_repository(root)).checked_after()
    assert after is not None and reuse_unchanged(root, after) is after
    assert dict(facts(after)) == dict(facts(check_repository(root)))


def test_nothing_is_known_after_signing_when_somebody_else_wrote_meanwhile(tmp_path: Path) -> None:
    root = changed_repository(tmp_path)

    def on_step(point: str) -> None:
        if point == "before-lists":
            (root / f"{RECORDS}/latest.yml").write_text(LATER.replace("Mary", "Joan"), "utf-8")

    issued = run(root, check_repository(root), on_step=on_step)
    assert len(issued.awards) == 1 and issued.checked_after() is None
