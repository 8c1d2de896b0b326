"""Whatever people do to credentials, in whatever order: nothing published is ever changed or lost.

Random histories of awards and changes. HISTORIES in the environment asks for more of them (`make histories`)."""

from __future__ import annotations

import json
import os
import random
import shutil
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from site_builder.credentials.carriers.table import unbake
from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.credentials.securing import data_integrity as proof
from site_builder.credentials.securing.rdfc import canonicalize_rdf
from site_builder.credentials.status.bitstring import read_list, set_bits
from site_builder.credentials.urls import credential_file
from site_builder.encoding import parse_json
from site_builder.issuing.transaction import status_indexes as places
from site_builder.issuing.transaction.issue import Issued
from site_builder.ledger.checks import repository as checks
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.output.staged_site import write_files
from site_builder.site.publish import publish
from site_builder.verification.whole_site import verify_site
from tests.drawn import write_drawn_repository
from tests.histories import Award, History, Version
from tests.support import BASE, fake_key
from tests.trees import tree_of

HISTORIES = int(os.environ.get("HISTORIES", "120"))
_CHUNKS = 10
NOW = datetime(2026, 6, 20, 12, 0, 0, tzinfo=UTC)
_LASTING = ("index.html", "versions.json", "did.json", "achievement.json")
KEYS = f"keys:\n  - {{id: key-1, publicKeyMultibase: {format_public_key(fake_key('key-1').public_key())}, created: 2026-05-01, state: active}}\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A repository with a key and an achievement, and no award."""
    files = {"issuers/school/keys.yml": KEYS, "content/records/school/2026-05.yml": ""}
    root = write_drawn_repository(tmp_path_factory.mktemp("template") / "repository", files=files)
    (root / "content/records/school").mkdir(parents=True)
    with in_a_hurry():
        yield root


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Leaves out what only costs time: waiting for the disk, asking git, and working the same thing out again.

    A status list is full with six places, so that small histories come to the next one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(places, "_LIST_IS_FULL", 6)
        patched.setattr(os, "fsync", lambda descriptor: None)
        patched.setattr(checks, "tracked_files", lambda root: [])
        patched.setattr(proof, "canonicalize_rdf", cached(canonicalize_rdf))
        yield


def cached(canonicalize: Callable[..., bytes]) -> Callable[..., bytes]:
    """The same function, for each document once: what was signed a moment ago is verified soon."""
    known: dict[str, bytes] = {}

    def canonicalized(document: Any, **options: Any) -> bytes:
        text = json.dumps(document)
        if text not in known:
            known[text] = canonicalize(document, **options)
        return known[text]

    return canonicalized


def steps_of(seed: str) -> list[int]:
    """A history, as the seeds of its steps."""
    numbers = random.Random(seed)
    return [numbers.getrandbits(32) for _ in range(numbers.randint(6, 14))]


@pytest.mark.parametrize("chunk", range(_CHUNKS))
def test_nothing_published_is_ever_changed_or_lost(chunk: int, template: Path, tmp_path: Path) -> None:
    for number in range(chunk, HISTORIES, _CHUNKS):
        steps = steps_of(f"history {number}")
        try:
            live(template, tmp_path / f"{number}", steps)
        except Exception as error:
            steps, error, told = smallest(template, tmp_path / "smaller", steps, error)
            pytest.fail(f"history {number}, as short as it gets: {steps}\n  " + "\n  ".join([*told, repr(error)]))
        shutil.rmtree(tmp_path / f"{number}")


def smallest(
    template: Path, scratch: Path, steps: list[int], error: Exception
) -> tuple[list[int], Exception, list[str]]:
    """The history without each step that it does not take to fail, how it fails then, and what is done in it."""
    told: list[str] = []
    for place in reversed(range(len(steps) + 1)):
        fewer = [*steps[:place], *steps[place + 1 :]]
        shutil.rmtree(scratch, ignore_errors=True)
        history = History(scratch / "repository")
        try:
            live(template, scratch, fewer, history)
        except Exception as other:
            if kind_of(other) == kind_of(error):
                steps, error, told = fewer, other, history.done
    return steps, error, told


def kind_of(error: Exception) -> tuple[str, int]:
    """Where a history failed: the line of this module."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == __file__]
    return type(error).__name__, frames[-1].lineno or 0


def live(template: Path, scratch: Path, steps: list[int], history: History | None = None) -> None:
    """Goes through a history from the first step to a last `issue`, and looks at everything on the way."""
    root = Path(shutil.copytree(template, scratch / "repository"))
    history = history or History(root)
    seen = Seen()
    for seed in steps:
        issues = history.issues
        history.step(seed)
        if history.issues > issues:
            seen.look(history)
            if seed % 3 == 0:
                seen.look_at_site(history, dict(publish(check_repository(root))))
    history.issue(resign=bool(sum(steps) % 2))
    history.done.append("issue")
    checked = seen.look(history)
    before = tree_of(root)
    assert history.issue(resign=not history.compromised()) == Issued()
    assert tree_of(root) == before, "a second issue changed something"
    files = dict(publish(checked))
    seen.look_at_site(history, files)
    # Without a single credential there is no such folder.
    (scratch / "site/c").mkdir(parents=True)
    write_files(scratch / "site", files.items())
    assert verdicts_of(scratch / "site") == expected_verdicts(history)


def verdicts_of(folder: Path) -> dict[str, str]:
    return {path: report.verdict for path, report in verify_site(folder, now=NOW)}


@dataclass
class Seen:
    """What was there once: it stays. places: whose each is. documents: what each credential says without its proofs."""

    places: dict[tuple[int, int], tuple[str, int]] = field(default_factory=dict)
    documents: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)

    def look(self, history: History) -> CheckedRepository:
        """The repository after `issue`: sound, nothing left to do, and each award as it must be."""
        checked = check_repository(history.root)
        assert [str(problem) for problem in checked.problems] == []
        assert not checked.pending_rows and not checked.pending_changes and not checked.stale
        wanted = {award.id: award for award in history.awards if award.versions}
        assert {id for id, award in wanted.items() if not award.erased} == checked.ledger.awards.keys()
        assert {id for id, award in wanted.items() if award.erased} == checked.ledger.erased.keys()
        for id, award in wanted.items():
            stored = checked.ledger.erased[id] if award.erased else checked.ledger.awards[id]
            places = [(version.list, version.index) for version in stored.versions]
            for number, place in enumerate(places, 1):
                owner = self.places.setdefault(place, (id, number))
                assert owner == (id, number), f"the place {place} was {owner}'s"
            assert len(places) == len(award.versions)
            if not award.erased:
                self._look_at_award(checked, award)
        assert len(self.places) == sum(len(award.versions) for award in wanted.values())
        return checked

    def _look_at_award(self, checked: CheckedRepository, award: Award) -> None:
        stored = checked.ledger.awards[award.id]
        assert [(v.state, bool(v.withheld), v.key) for v in stored.versions if not v.withheld] == [
            (v.state, v.withheld, v.key) for v in award.versions if not v.withheld
        ]
        assert [v.state for v in stored.versions].count("superseded") == len(award.versions) - 1
        for number, (kept, version) in enumerate(zip(stored.versions, award.versions, strict=True), 1):
            assert bool(kept.withheld) == version.withheld
            if not kept.withheld:
                document = checked.document(stored, kept)
                unsigned = {name: value for name, value in document.items() if name != "proof"}
                assert self.documents.setdefault((award.id, number), unsigned) == unsigned, (
                    "a signed credential changed"
                )
                assert said_by(document) == said_of(version)

    def look_at_site(self, history: History, files: dict[str, bytes]) -> None:
        """Every address that there ever was, the lists, and what each credential's folder holds."""
        lasting = {
            path
            for path in files
            if path.rpartition("/")[2].startswith(_LASTING) or "/credential" in path or "/status/" in path
        }
        assert self.addresses <= lasting, f"gone: {self.addresses - lasting}"
        self.addresses = lasting
        pictures = {
            image
            for (id, _), document in self.documents.items()
            for image in pictures_of(document)
            if not erased(history, id)
        }
        assert pictures <= files.keys(), f"gone: {pictures - files.keys()}"
        for award in [award for award in history.awards if award.versions]:
            self._look_at_folder(award, {path: raw for path, raw in files.items() if path.startswith(f"c/{award.id}/")})
        assert bits_of(files) == {
            place
            for place, (id, number) in self.places.items()
            if version_of(history, id, number).state != "active" or erased(history, id)
        }
        self._look_for_people(history, files)

    def _look_at_folder(self, award: Award, files: dict[str, bytes]) -> None:
        folder, count = f"c/{award.id}/", len(award.versions)
        withheld = [award.erased or version.withheld for version in award.versions]
        versions: Any = parse_json(files[f"{folder}versions.json"])
        assert versions["current"] == (None if award.erased else count)
        assert [(v["version"], v["file"], v.get("withheld", False)) for v in versions["versions"]] == [
            (number, credential_file(number), is_withheld) for number, is_withheld in enumerate(withheld, 1)
        ]
        for number, is_withheld in enumerate(withheld, 1):
            document: Any = parse_json(files[folder + credential_file(number)])
            stub = {"withheld": True, "page": BASE + folder, "note": "The issuer has withdrawn this file."}
            assert document == stub if is_withheld else document["id"] == BASE + folder + credential_file(number)
        images = {f"{folder}{name}" for name in ("badge.png", "badge.svg", "qr.svg")} | (
            {f"{folder}rosette.svg"} if award.state == "active" else set()
        )
        found = {path for path in files if path.endswith((".png", ".svg"))}
        assert found == (set() if award.erased else images)
        for image in [path for path in found if "/badge." in path]:
            assert unbake(files[image]) == files[folder + credential_file(count)]

    def _look_for_people(self, history: History, files: dict[str, bytes]) -> None:
        """No address at all; no word of whoever was erased, nor of a name that was withheld, anywhere on the site."""
        kept = {
            str(version.said["name"])
            for award in history.awards
            if not award.erased
            for version in award.versions
            if not version.withheld
        }
        gone = {name for award in history.awards if award.versions for name in award.names} - kept
        site = b"\0".join(raw for path, raw in files.items() if path.endswith((".html", ".json", ".xml", ".svg")))
        assert b"@example.org" not in site
        assert [name for name in gone if name.encode() in site] == []
        stays = kept | {name for award in history.awards if not award.erased for name in award.names}
        tree = b"\0".join(tree_of(history.root / "content").values())
        forgotten = {name for award in history.awards if award.erased for name in award.names} - stays
        assert [name for name in forgotten if name.encode() in tree] == []


def erased(history: History, id: str) -> bool:
    return next(award for award in history.awards if award.id == id).erased


def version_of(history: History, id: str, number: int) -> Version:
    return next(award for award in history.awards if award.id == id).versions[number - 1]


def pictures_of(document: dict[str, Any]) -> list[str]:
    return [document["credentialSubject"]["achievement"]["image"]["id"].removeprefix(BASE)]


def bits_of(files: dict[str, bytes]) -> set[tuple[int, int]]:
    """Every place that a published list has set."""
    lists = {path: parse_json(raw) for path, raw in files.items() if "/status/" in path}
    return {
        (int(Path(path).stem), index)
        for path, document in lists.items()
        for index in set_bits(read_list(document, url=BASE + path))
    }


def said_by(document: Any) -> dict[str, Any]:
    """What a credential says, in the words of records."""
    subject = document["credentialSubject"]
    return {
        "name": subject["identifier"][0]["identityHash"],
        "awarded": document["awardedDate"][:10],
        "until": document.get("validUntil", "")[:10],
        "evidence": [item["id"] for item in document.get("evidence", [])],
        "narrative": subject.get("narrative", ""),
        "license_number": subject.get("licenseNumber", ""),
        "role": subject.get("role", ""),
        "id": subject.get("id", ""),
    }


def said_of(version: Version) -> dict[str, Any]:
    said = version.said
    return {
        "name": said["name"],
        "awarded": said["awarded"],
        "until": version.until.isoformat() if version.until else "",
        "evidence": said.get("evidence", []),
    } | {name: said.get(name, "") for name in ("narrative", "license_number", "role", "id")}


def expected_verdicts(history: History) -> dict[str, str]:
    """The verdict on each credential file of the site."""
    compromised = history.compromised()
    found = {}
    for award in [award for award in history.awards if award.versions and not award.erased]:
        current = _verdict(award.versions[-1], compromised)
        for number, version in enumerate(award.versions, 1):
            if not version.withheld:
                verdict = _verdict(version, compromised)
                is_replaced = (
                    version.state == "superseded" and verdict == "revoked" and current not in ("fails", "revoked")
                )
                found[f"c/{award.id}/{credential_file(number)}"] = "superseded" if is_replaced else verdict
    return found


def _verdict(version: Version, compromised: set[str]) -> str:
    if version.key in compromised:
        return "fails"
    if version.state != "active":
        return "revoked"
    if date.fromisoformat(str(version.said["awarded"])) > NOW.date():
        return "not_yet_valid"
    return "expired" if version.until and version.until < NOW.date() else "holds"
