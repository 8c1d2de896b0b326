"""What became of each file of a folder: compared, verified, or only counted, each by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from site_builder.verification.finding import Outcome
from site_builder.verification.inventory.kinds import KINDS, kind_of
from site_builder.verification.inventory.walk import Found, walk
from site_builder.verification.page.compare import UNKNOWN_RELEASE
from site_builder.verification.page.reader import StatementPage
from site_builder.verification.page.release import find_release
from site_builder.verification.report import Report, Verdict
from site_builder.verification.versions import version_number
from site_builder.wording import plural

__all__ = ["FileOutcome", "files_line", "outcomes_in_site"]


@dataclass(frozen=True)
class FileOutcome:
    """A file and what became of it. kind: what it is, in words. result: not_checked when it was only counted."""

    file: str
    kind: str
    result: Outcome

    def as_json(self) -> dict[str, str]:
        """Plain data for --json."""
        return {"file": self.file, "kind": self.kind, "result": self.result}


def outcomes_in_site(
    folder: Path,
    reports: Iterable[tuple[str, Report]],
    *,
    everything: list[Found] | None = None,
    releases: Mapping[str, str] | None = None,
) -> list[FileOutcome]:
    """Every file of a site by path, and what is missing. reports: of verify_site, on which it rests.

    everything: what walk finds in the folder, if somebody has looked already. releases: names of releases of pages that were compared,
    by the path of their credential (LearnedPages.releases)."""
    known = _Known(folder, reports, releases or {})
    found = {found.path: found for found in (walk(folder) if everything is None else everything)}
    return [known.outcome(found.get(path, Found(path))) for path in sorted(found.keys() | known.failed)]


def files_line(outcomes: list[FileOutcome]) -> str:
    """How many files of a site were compared, and what the others are, in one line."""
    counted = Counter(outcome.kind for outcome in outcomes if outcome.result == "not_checked")
    plurals = {kind.name: kind.plural for kind in KINDS}
    names = [f"{number:,} {name if number == 1 else plurals.get(name, f'{name}s')}" for name, number in counted.items()]
    compared = f"{plural(len(outcomes) - counted.total(), 'file')} compared"
    return f"{compared}; not a credential, and only counted: {', '.join(names)}" if names else compared


# Of a verdict in a site, the result; all others say that the file is what its issuer signed.
_RESULTS: dict[Verdict, Outcome] = {
    "fails": "failed",
    "unknown": "could_not_check",
    "not_supported": "not_supported",
}
# The checks that rest on a file of the issuer's, and what they say of it when they fail over something else.
_GENUINE = {"passed", "revoked", "superseded", "undated"}


class _Known:
    """What reports say of files, also of those beside a credential and of those that they rest on."""

    def __init__(self, folder: Path, reports: Iterable[tuple[str, Report]], releases: Mapping[str, str]) -> None:
        self._folder = folder
        self._names = releases
        # All credentials rest on the same few files.
        self._path_of = lru_cache(maxsize=256)(self._path_of_source)
        self._results: dict[str, Outcome] = {}
        # The folders of which something was said, and those whose files were compared with a credential.
        self._spoken_of: set[str] = set()
        self._compared: set[str] = set()
        self._releases: set[str] = set()
        for path, report in reports:
            self._note(path, _RESULTS.get(report.verdict, "passed"))
            self._spoken_of.add(_folder_of(path))
            self._read(path, _folder_of(path), report)

    def _note(self, path: str, result: Outcome) -> None:
        """What failed once stays so."""
        if self._results.get(path) != "failed":
            self._results[path] = result

    def _read(self, path: str, beside: str, report: Report) -> None:
        for check in report.checks:
            if check.name == "page" and check.result == "failed":
                self._note(f"{beside}index.html", "failed")
            elif check.name == "page" and check.result == "passed":
                self._note_release(path, beside)
            elif check.name == "page" and check.reason == UNKNOWN_RELEASE:
                self._note(f"{beside}index.html", "not_checked")
            elif check.name == "images":
                self._compared.add(beside)
                if check.source:
                    self._note(beside + check.source, "failed")
            elif check.name in ("key", "status") and check.reason in _GENUINE and check.source:
                self._note(self._path_of(check.source), "passed")

    def _note_release(self, path: str, beside: str) -> None:
        """What a page loads was compared with its release, if the page was."""
        name = self._names.get(path) or _release_of(self._folder / beside / "index.html")
        if name in self._releases:
            return
        self._releases.add(name)
        release = find_release(name)
        for path in release.assets if release else ():
            self._note(path, "passed")

    def _path_of_source(self, source: str) -> str:
        file = Path(source)
        return file.relative_to(self._folder).as_posix() if file.is_relative_to(self._folder) else source

    def outcome(self, found: Found) -> FileOutcome:
        """What became of a file."""
        kind, path = kind_of(found.path), found.path
        if path in self._results:
            return FileOutcome(path, kind.name, self._results[path])
        if kind.is_unexpected:
            return FileOutcome(path, kind.name, "failed")
        if found.is_link:
            return FileOutcome(path, "link", "not_checked")
        return FileOutcome(path, kind.name, "passed" if kind.is_compared and self._is_compared(path) else "not_checked")

    @property
    def failed(self) -> set[str]:
        """The paths of which something bad was said, whether a file is there or not."""
        return {path for path, result in self._results.items() if result == "failed"}

    def _is_compared(self, path: str) -> bool:
        """Whether a file was looked at: beside a credential that cannot be read there is nothing to compare its page and images with.

        Of versions and their notes that are in order nothing is said, nor of a folder in which a credential was erased."""
        beside, name = _folder_of(path), path.rpartition("/")[2]
        if not path.startswith("c/") or name == "versions.json" or version_number(name):
            return True
        return beside in self._compared or beside not in self._spoken_of


def _release_of(page: Path) -> str:
    return StatementPage(page.read_text("utf-8")).release


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0] + "/"
