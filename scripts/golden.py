"""Golden credentials of this release: python -m scripts.golden [RELEASE] (make golden).

Writes tests/golden/RELEASE: what a small site of this release publishes after two years of life, what its holders have kept, and what
both verifiers must say of each file for ever. A folder that is there is never written again: later releases verify it as it is."""

from __future__ import annotations

import hashlib
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.encoding import format_json
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import Issued, issue
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.publish import publish
from tests.drawn import write_drawn_repository
from tests.support import BADGE, BASE, fake_key, repeatable_random

FOLDER = Path(__file__).parents[1] / "tests" / "golden"
RECORDS = "content/records/school"
# Nobody's keys: anybody can work them out (tests/support.py).
KEYS = {f"key-{number}": fake_key(f"golden {number}") for number in (1, 2, 3)}
FULL_BADGE = BADGE.replace("validity", "version: '3'\ncredits: {available: 1.5, unit: minutes}\nvalidity") + (
    "skills:\n  - {name: Splicing, url: 'https://skills.example.org/splices', framework: Open Skills, code: S1.2}\n"
    "results:\n  written: {name: Written test, type: RawScore, minimum: 0, maximum: 30, required: 24}\n"
)
FIRST = """\
badge: knots
awarded: 2026-05-14
evidence: https://school.example/cohort
recipients:
  - {name: Ὑπατία 張仲景, email: plain@example.org, expires: 2050-12-31, narrative: "With *distinction*.", results: {written: 27}}
  - {name: Emmy Noether, email: endless@example.org, expires: never}
  - {name: Ada Lovelace, email: expired@example.org}
  - {name: Grace Hopper, email: revoked@example.org, expires: never}
  - {name: Mary Seacole, email: corrected@example.org, expires: never}
  - {name: Lise Meitner, email: withheld@example.org, expires: never}
"""
ERASED = "badge: knots\nawarded: 2026-05-15\nname: Sofia Kovalevskaya\nemail: erased@example.org\nexpires: never\n"
SECOND = "badge: knots\nawarded: 2026-06-20\nname: Rosalind Franklin\nemail: anew@example.org\nexpires: never\n"
README = """\
# Golden credentials of Laurels {release}

What a small site published that Laurels {version} made: `site/`, with the addresses below https://badges.laurels.example/,
and what holders have kept of it: `kept/`. `expected.json` says what each file is, and what a verifier must find on
1 January 2046. `SHA256SUMS` has the digest of every other file.

Both verifiers of every later release verify these files as they are (`tests/test_golden.py`), so that whatever was once
signed can be verified. Nothing in this folder is ever changed. `python -m scripts.golden {release}` wrote it, which writes
the folder of a release once.

The people are long dead, the school never was, and the signing keys are obviously fake: each is the SHA-256 of a line of
text (`fake_key` in `tests/support.py`).

The school's life: a cohort signed with key-1, which was retired; one award signed with key-2, which fell into wrong hands;
then, with key-3, one award revoked, two corrected (of one the first version was withheld), one erased, and what key-2 had
signed signed anew.
"""


def main() -> None:
    """Writes the folder of a release, once."""
    full = version("laurels")
    release = sys.argv[1] if len(sys.argv) > 1 else ".".join(full.split(".")[:2])
    if not re.fullmatch(r"[0-9]+\.[0-9]+", release):
        sys.exit(f"{release} is not a release, like 0.1")
    if (FOLDER / release).exists():
        sys.exit(f"tests/golden/{release} is there already, and golden credentials are never written again")
    write_release(FOLDER / release, release=release, full=full)
    digest = hashlib.sha256((FOLDER / release / "SHA256SUMS").read_bytes()).hexdigest()
    print(f'written; the line for RELEASES in tests/test_golden.py: "{release}": "{digest}"')


def write_release(folder: Path, *, release: str, full: str) -> None:
    """Lives the school's life in a repository of its own, and keeps what came of it. folder: does not exist yet."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        awards = _first_year(root)
        kept = {name: _signed(root, awards[name]) for name in ("withheld", "erased", "anew")}
        _second_year(root, awards)
        checked = _sound(root)
        for path, raw in _site_files(checked, pictures_of=awards["plain"]):
            _write(folder / "site" / path, raw)
    for name, raw in kept.items():
        _write(folder / "kept" / f"{name}.json", raw)
    _write(folder / "expected.json", format_json({"now": "2046-01-01T00:00:00Z", "files": _expected(awards)}))
    _write(folder / "README.md", README.format(release=release, version=full).encode("utf-8"))
    _write(folder / "SHA256SUMS", "".join(sums_of(folder)).encode("ascii"))


def sums_of(folder: Path) -> list[str]:
    """The lines of SHA256SUMS for the files of a folder, as sha256sum writes and reads them."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != "SHA256SUMS")
    return [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder).as_posix()}\n" for file in files
    ]


def _first_year(root: Path) -> dict[str, str]:
    """Two keys, eight awards. Returns their ids, by what becomes of them."""
    files = {"badges/knots/badge.yml": FULL_BADGE, "issuers/school/keys.yml": _keys("active")}
    files |= {f"{RECORDS}/2026-05.yml": FIRST, f"{RECORDS}/erased.yml": ERASED}
    write_drawn_repository(root, files=files)
    done = [*_issue(root, "2026-06-01", "key-1").awards]
    _replace(root, "issuers/school/keys.yml", _keys("retired", "active"))
    _replace(root, f"{RECORDS}/2026-06.yml", SECOND)
    done += _issue(root, "2026-07-01", "key-2").awards
    rows = _sound(root).rows
    return {(rows[award.id].award.email or "").partition("@")[0]: award.id for award in done}


def _second_year(root: Path, awards: dict[str, str]) -> None:
    """A key in wrong hands, and everything that can befall an award."""
    _replace(root, "issuers/school/keys.yml", _keys("retired", "compromised", "active"))
    (root / RECORDS / "erased.yml").unlink()
    day = "date: 2027-02-03\n"
    _replace(root, f"{RECORDS}/revoke.yml", f"revoke: {awards['revoked']}\n{day}reason: issued-in-error\n")
    _replace(root, f"{RECORDS}/correct.yml", f"correct: {awards['corrected']}\n{day}name: Mary Jane Seacole\n")
    withheld = f"correct: {awards['withheld']}\n{day}name: Elise Meitner\nwithhold_previous: true\n"
    _replace(root, f"{RECORDS}/withhold.yml", withheld)
    _replace(root, f"{RECORDS}/erase.yml", f"erase: {awards['erased']}\n{day}")
    _issue(root, "2027-02-04", "key-3", resign=True)


def _expected(awards: dict[str, str]) -> list[dict[str, str]]:
    """What each file is, and what a verifier must say of it. successor: the page to which it must lead."""

    def line(what: str, file: str, verdict: str, successor: str = "") -> dict[str, str]:
        return {"what": what, "file": file, "verdict": verdict} | ({"successor": successor} if successor else {})

    places = {name: f"site/c/{award}/" for name, award in awards.items()}
    pages = {name: f"{BASE}c/{award}/" for name, award in awards.items()}
    return [
        *(line(f"with an end in 2050: {name}", places["plain"] + name, "holds") for name in _FORMS),
        line("without an end, by a retired key", places["endless"] + "credential.json", "holds"),
        line("valid for two years", places["expired"] + "credential.json", "expired"),
        line("revoked", places["revoked"] + "credential.json", "revoked"),
        line("replaced by a correction", places["corrected"] + "credential.json", "superseded", pages["corrected"]),
        line("the correction", places["corrected"] + "credential-2.json", "holds"),
        line("replaced and withheld, as its holder kept it", "kept/withheld.json", "superseded", pages["withheld"]),
        line("the correction of what is withheld", places["withheld"] + "credential-2.json", "holds"),
        line("erased, as its holder kept it", "kept/erased.json", "revoked"),
        line("signed anew after its key fell into wrong hands", places["anew"] + "credential.json", "holds"),
        line("the same before, as its holder kept it", "kept/anew.json", "fails", pages["anew"]),
    ]


_FORMS = ("credential.json", "badge.png", "badge.svg")


def _site_files(checked: CheckedRepository, *, pictures_of: str) -> Iterator[tuple[str, bytes]]:
    """What a verifier asks a site for, and the pictures of one credential."""
    wanted = re.compile(
        r"issuers/school/(?:did|status/[0-9]+)\.json|c/[a-z2-7]+/(?:credential(?:-[0-9]+)?|versions)\.json"
        rf"|c/{pictures_of}/badge\.(?:png|svg)"
    )
    return ((path, raw) for path, raw in publish(checked) if wanted.fullmatch(path))


def _keys(*states: str) -> str:
    lines = [
        f"  - {{id: {name}, publicKeyMultibase: {format_public_key(key.public_key())}, created: 2026-05-01, state: {state}}}\n"
        for (name, key), state in zip(KEYS.items(), states, strict=False)
    ]
    return "keys:\n" + "".join(lines)


def _issue(root: Path, day: str, key: str, *, resign: bool = False) -> Issued:
    now = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    signing = {"school": SigningKey(key, KEYS[key])}
    return issue(root, now=now, random_bytes=repeatable_random(day), signing_keys=signing, resign=resign)


def _sound(root: Path) -> CheckedRepository:
    checked = check_repository(root)
    if checked.problems or checked.pending_rows or checked.pending_changes:
        sys.exit(f"the school's life went wrong: {[str(problem) for problem in checked.problems]}")
    return checked


def _signed(root: Path, award: str) -> bytes:
    return (root / "content/signed/school" / award / "credential.json").read_bytes()


def _replace(root: Path, path: str, text: str) -> None:
    (root / path).write_text(text, "utf-8")


def _write(file: Path, raw: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw)


if __name__ == "__main__":
    main()
