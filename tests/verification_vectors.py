"""The cases of both verifiers as files, for every other implementation: python -m tests.verification_vectors [--check]

Written from the tables of test_verifiers_agree.py, test_contexts.py, test_successor.py and issued_elsewhere.py into
tests/vectors/verification, whose README.md says what each member means. The keys are fixed and Ed25519 is deterministic, so the same tables
give the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from site_builder.verification.evidence.source import FetchError
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.successor import verify_and_follow
from tests import issued_elsewhere as elsewhere
from tests import test_contexts as contexts
from tests import test_successor as successor
from tests import test_verifiers_agree as agree
from tests.test_verifiers_agree import Case
from tests.vector_files import VECTORS

FOLDER = VECTORS / "verification"
# A megabyte of spaces is no file to keep; test_verification_vectors.py asks both verifiers about such cases directly.
MAX_DOCUMENT_BYTES = 65_536

Json = dict[str, Any]
Change = Callable[[Case], Any]


def _changes(table: Mapping[str, tuple[Change, Any]]) -> dict[str, Change]:
    return {name: change for name, (change, _) in table.items()}


# By group: the case to begin with, and what is changed in it.
GROUPS: dict[str, tuple[Callable[[], Case], dict[str, Change]]] = {
    "sound": (agree.sound, agree.SOUND),
    "lived": (agree.sound, _changes(agree.LIVED)),
    "unsound": (agree.sound, agree.UNSOUND),
    "seen-by-rdfc": (agree.sound, agree.SEEN_BY_RDFC),
    "superseded": (successor.replaced, _changes(successor.SUPERSEDED)),
    "revoked": (successor.replaced, successor.REVOKED),
    "replaced-and-unsound": (successor.replaced, _changes(successor.UNSOUND)),
    "vocabularies": (agree.sound, _changes(contexts.VOCABULARIES)),
    "of-others": (agree.sound, _changes(contexts.OTHERS)),
    "elsewhere": (elsewhere.begin, {name: change for name, (change, *_) in elsewhere.ELSEWHERE.items()}),
    "not-signed-anew": (lambda: successor.after_rotation("compromised"), successor.NOT_ANEW),
}


def all_cases() -> Iterator[tuple[str, str, Case]]:
    """(group, name, case) of every case in the tables."""
    for group, (begin, changes) in GROUPS.items():
        for name, change in changes.items():
            case = begin()
            change(case)
            yield group, name, case


def is_too_large(case: Case) -> bool:
    """Whether a document of the case is too large for a file."""
    return max(map(len, (case.encoded(), *case.answers().values()))) > MAX_DOCUMENT_BYTES


# -- reading -----------------------------------------------------------------------------------------------------------


def case_files() -> list[Path]:
    """Every case, one a file."""
    return sorted(FOLDER.glob("cases/*/*.json"))


def case_file(group: str, name: str) -> Path:
    """Where a case lies: its name in the letters of a file name."""
    return FOLDER / "cases" / group / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.json"


def report_in_python(case: Json, suites: list[str]) -> Json:
    """What the Python verifier reports of a case as its file has it."""

    def fetch(url: str) -> bytes:
        if url not in case["responses"]:
            raise FetchError("not among the responses")
        path: str = case["responses"][url]
        return (FOLDER / path).read_bytes()

    report = verify_and_follow(
        (FOLDER / case["raw"]).read_bytes(),
        fetch=fetch,
        now=datetime.fromisoformat(case["now"]),
        page=_page_of(case["page"]),
        suites=tuple(suites),
    )
    plain: Json = json.loads(json.dumps(report.as_json()))
    return plain


def _page_of(page: dict[str, str] | None) -> StatementPage | None:
    if page is None:
        return None
    html = (FOLDER / page["html"]).read_text("utf-8")
    return StatementPage(html.replace(page["old"], page["new"], 1), page["address"])


# -- writing -----------------------------------------------------------------------------------------------------------


def files_of(group: str, name: str, case: Case) -> dict[Path, bytes]:
    """The case without its reports, and the documents that it names, by their paths."""
    documents = {url: (_document_path(raw), raw) for url, raw in case.answers().items()}
    raw = case.encoded()
    stated = {
        "name": name,
        "raw": _document_path(raw),
        "responses": {url: path for url, (path, _) in documents.items()},
        "now": f"{case.now:%Y-%m-%dT%H:%M:%SZ}",
        "page": None if case.page is None else _as_edited(case.page),
    }
    files = {FOLDER / _document_path(raw): raw, **{FOLDER / path: body for path, body in documents.values()}}
    return {case_file(group, name): _pretty(stated), **files}


def _as_edited(page: StatementPage) -> Json:
    """A page as what is changed in one of the sound ones: a change to the templates or styles then changes those alone."""
    changes = [(*_change(sound, page.html), name) for name, sound in agree.sound_pages().items()]
    old, new, name = min(changes, key=lambda change: len(change[0]) + len(change[1]))
    return {"address": page.address, "html": f"pages/{name}.html", "old": old, "new": new}


def _change(sound: str, html: str) -> tuple[str, str]:
    """The text to replace in a page, which has it in this one place, and what to replace it with, for another page."""
    if sound == html:
        return "", ""
    start = _shared(sound, html)
    end = _shared(sound[start:][::-1], html[start:][::-1])
    while sound.count(sound[start : len(sound) - end]) != 1:
        start -= 1
    return sound[start : len(sound) - end], html[start : len(html) - end]


def _shared(first: str, second: str) -> int:
    """How many letters two texts have in common at their beginning."""
    longest = min(len(first), len(second))
    return bisect_left(range(1, longest + 1), True, key=lambda length: first[:length] != second[:length])


def _document_path(raw: bytes) -> str:
    """By its digest, so that what many cases share lies here once. What is no JSON in UTF-8 has another suffix."""
    try:
        json.loads(raw.decode("utf-8"))
        suffix = "json"
    except (ValueError, RecursionError):
        suffix = "bin"
    return f"documents/{_digest(raw)}.{suffix}"


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:16]


def _pretty(value: Any) -> bytes:
    return json.dumps(value, indent=1).encode("ascii") + b"\n"


def inputs() -> dict[Path, bytes]:
    """Every file that the tables give, the cases without their reports."""
    found = {FOLDER / f"pages/{name}.html": html.encode("utf-8") for name, html in agree.sound_pages().items()}
    for group, name, case in all_cases():
        if not is_too_large(case):
            made = files_of(group, name, case)
            assert case_file(group, name) not in found, f"two cases have the file name of {name!r}"
            found |= made
    return found


def without_runs(raw: bytes) -> bytes:
    """A case as it is before it was run."""
    case = json.loads(raw)
    case.pop("runs", None)
    return _pretty(case)


def _with_runs(raw: bytes) -> bytes:
    case = json.loads(raw)
    runs = [{"suites": list(suites), "report": report_in_python(case, list(suites))} for suites in agree.SUITE_SETS]
    return _pretty({**case, "runs": runs})


def differences() -> list[str]:
    """The paths of files that the tables do not give as they lie there, that are missing, or that nothing names."""
    made, kept = inputs(), {path for path in FOLDER.glob("*/**/*") if path.is_file()}
    cases = set(case_files())
    wrong = {
        path
        for path, raw in made.items()
        if path not in kept or (without_runs(path.read_bytes()) if path in cases else path.read_bytes()) != raw
    }
    return sorted(str(path.relative_to(FOLDER)) for path in wrong | (kept - set(made)))


def write() -> None:
    """Writes every file, and removes those that no table gives any more."""
    made = inputs()
    for path in set(FOLDER.glob("*/**/*")) - set(made):
        if path.is_file():
            path.unlink()
    for path, raw in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    for path in case_files():
        path.write_bytes(_with_runs(path.read_bytes()))


if __name__ == "__main__":
    if sys.argv[1:] != ["--check"]:
        write()
    elif found := differences():
        sys.exit(f"not as the tables give them: {', '.join(found)}; run python -m tests.verification_vectors")
