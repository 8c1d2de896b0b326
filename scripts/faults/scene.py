"""The repositories that faults are tried on: small, with every kind of work pending, and the commands that do it."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from site_builder import syncing
from site_builder.cli import main
from site_builder.credentials.identifiers.multikey import format_private_key, format_public_key
from site_builder.errors import Error
from site_builder.issuing.command import IssueOptions, issue_command
from site_builder.issuing.durable import award_batch
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.surroundings import Machine, Output
from site_builder.issuing.transaction.images import render_png
from site_builder.issuing.transaction.issue import issue
from site_builder.ledger.checks.repository import check_repository
from site_builder.site.incremental import generation
from tests.drawn import write_drawn_repository
from tests.support import BADGE, DRAWING, ISSUER, NOW, fake_key, repeatable_random

__all__ = ["Scene", "build_scene", "issue_scene", "waiting_once"]

_SCHOOL, _CLUB = "content/records/school", "content/records/club"
_OLD_KEY, _NEW_KEY = fake_key("club, in wrong hands"), fake_key("club")
_LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="8" height="8"/></svg>'
_COMPASS = DRAWING.replace("circle", "ellipse").replace('r="45"', 'rx="40" ry="20"')
_NAMES = ["Ada Lovelace", "Grace Hopper", "Mary Anning", "Al-Biruni", "Hypatia", "Maria Sibylla Merian"]
_ROW = "badge: knots\nawarded: 2026-05-14\nname: {name}\nemail: {email}@example.org\n"


@dataclass(frozen=True)
class Scene:
    """A repository before a command runs. act: runs the command in a copy of it, and gives back what it said."""

    name: str
    folder: Path
    act: Callable[[Path, str], str]

    def copy(self, folder: Path) -> Path:
        """Another such repository, in a folder that does not exist; no file has two names."""
        return Path(shutil.copytree(self.folder, folder, symlinks=True))


def _keys_yml(*keys: tuple[str, str, str]) -> str:
    entries = "".join(
        f"  - {{id: {name}, publicKeyMultibase: {key}, created: 2026-05-01, state: {state}}}\n"
        for name, key, state in keys
    )
    return f"keys:\n{entries}"


def _write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def _issued(root: Path) -> dict[str, str]:
    """Two issuers whose first awards are signed; the ids by the names of the people."""
    old = format_public_key(_OLD_KEY.public_key())
    rows = {f"{_SCHOOL}/{number}.yml": _ROW.format(name=name, email=f"p{number}") for number, name in enumerate(_NAMES)}
    files = rows | {
        f"{_SCHOOL}/2026-05.yml": "",
        "issuers/school/logo.svg": _LOGO,
        "issuers/club/issuer.yml": ISSUER.replace("Test School", "Test Club"),
        "issuers/club/keys.yml": _keys_yml(("key-1", old, "active")),
        "badges/rowing/badge.yml": BADGE.replace("issuer: school", "issuer: club"),
        "badges/rowing/image.svg": DRAWING,
        f"{_CLUB}/2026.yml": "badge: rowing\nawarded: 2026-05-20\nname: Emmy Noether\nemail: emmy@example.org\n",
    }
    write_drawn_repository(root, files=files)
    keys = {"school": SigningKey("key-1", fake_key()), "club": SigningKey("key-1", _OLD_KEY)}
    issue(root, now=NOW, random_bytes=repeatable_random("before"), signing_keys=keys)
    checked = check_repository(root)
    assert checked.problems == [], checked.problems
    return {row.award.name: award_id for award_id, row in checked.rows.items()}


def _make_pending(root: Path, ids: dict[str, str]) -> None:
    """Rows, one change of each kind, and a key of the club that fell into wrong hands."""
    old, new = (format_public_key(key.public_key()) for key in (_OLD_KEY, _NEW_KEY))
    ada, grace, mary, biruni, hypatia, merian = (ids[name] for name in _NAMES)
    more = "badge: knots\nawarded: 2026-05-30\nrecipients: [{name: Mary Somerville}, {name: Ibn al-Haytham}]\n"
    _write(
        root,
        {
            f"{_SCHOOL}/more.yml": more,
            f"{_SCHOOL}/revoke.yml": f"revoke: {ada}\ndate: 2026-06-01\nreason: misconduct\n",
            f"{_SCHOOL}/correct.yml": f"correct: {grace}\ndate: 2026-06-01\nname: Grace B. Hopper\n",
            f"{_SCHOOL}/withhold.yml": f"correct: {mary}\ndate: 2026-06-01\nname: Mary A.\nemail: mary@example.org\n"
            "withhold_previous: true\n",
            f"{_SCHOOL}/renew.yml": f"renew: {biruni}\ndate: 2026-05-31\n",
            f"{_SCHOOL}/erase.yml": f"erase: {hypatia}\ndate: 2026-06-01\n",
            f"{_SCHOOL}/twice.yml": f"correct: {merian}\ndate: 2026-06-01\nevidence: https://school.example/merian\n",
            f"{_CLUB}/more.yml": "badge: compass\nawarded: 2026-05-30\nname: Sophie Germain\n",
            "issuers/club/keys.yml": _keys_yml(("key-1", old, "compromised"), ("key-2", new, "active")),
            "badges/compass/badge.yml": BADGE.replace("issuer: school", "issuer: club").replace("Knots", "Compass"),
            "badges/compass/image.svg": _COMPASS,
        },
    )
    (root / f"{_SCHOOL}/{_NAMES.index('Hypatia')}.yml").unlink()


def issue_scene(folder: Path) -> Scene:
    """Everything that `laurels issue --resign` can have to do, a picture that must be drawn among it."""
    _make_pending(folder, _issued(folder))
    checked = check_repository(folder)
    assert checked.problems == [] and len(checked.pending_rows) == 4 and len(checked.pending_changes) == 5, (
        checked.problems
    )
    # The drawing itself is made in a process of its own, which writes no file: once is enough.
    drawn = render_png(_COMPASS.encode())

    def act(root: Path, seed: str) -> str:
        with patch("site_builder.issuing.transaction.drawing.render_png", return_value=drawn):
            return _issue(root, seed)

    return Scene("issue", folder, act)


def waiting_once(scene: Scene) -> Scene:
    """The same, where the disk is waited for as when there are many awards: once for two of them."""

    def act(root: Path, seed: str) -> str:
        with patch.object(syncing, "FEWEST_FOR_ONE_WAIT", 1), patch.object(award_batch, "MOST_IN_A_BATCH", 2):
            return scene.act(root, seed)

    return replace(scene, act=act)


def _issue(root: Path, seed: str) -> str:
    """`laurels issue --resign`, with a clock and a random source that repeat."""
    said: list[str] = []
    environment = {
        f"LAURELS_KEY_{name}": format_private_key(key) for name, key in (("SCHOOL", fake_key()), ("CLUB", _NEW_KEY))
    }
    issue_command(
        root,
        IssueOptions(resign=True, here=True),
        machine=Machine(environment, NOW, repeatable_random(seed)),
        output=Output(said.append, lambda problems: said.extend(map(str, problems))),
    )
    return "\n".join(said)


def build_scene(folder: Path, issued: Scene) -> Scene:
    """A site that was built before the last run of `issue`, to be replaced by one built after it."""
    ids = _issued(folder)
    _write(folder, {"content/pages/manual.md": "# Manual\n\nHow it was.\n"})
    _build(folder, "")
    _make_pending(folder, ids)
    issued.act(folder, "clean")
    _write(folder, {"content/pages/manual.md": "# Manual\n\nHow it is.\n", "content/pages/more.md": "# More\n"})
    return Scene("build", folder, _build)


def _build(root: Path, seed: str) -> str:
    """`laurels build`, with the same calls every time: nothing is remembered, and no clock of a disk is waited for."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said), patch.object(generation, "_another_time"):
        try:
            main(["-q", "-C", str(root), "build", "--no-cache"], standalone_mode=False)
        except SystemExit as ended:
            if ended.code:
                raise Error(said.getvalue()) from None
    return said.getvalue()
