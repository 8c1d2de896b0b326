"""Problems (mistakes in a user's files, collected) and errors (what the program cannot go on with)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from site_builder.wording import in_one_line

__all__ = ["CODES", "Error", "Problem", "Progress", "UsageError", "no_progress", "nothing_written", "sorted_problems"]

# Told (done, total) after each step of what takes long; how it is shown is the shell's concern.
Progress = Callable[[int, int], None]


class Error(Exception):
    """What the program cannot go on with; the message is written for the person who runs it."""


class UsageError(Error):
    """A command was asked for something that it cannot do as asked (exit code 2)."""


@dataclass(frozen=True, order=True)
class Problem:
    """A mistake in one of the user's files.

    file: path below the repository's root, "/" as separator. line: 1-based, 0 when the whole file is meant.
    what and fix never contain a recipient's name or address."""

    file: str
    line: int
    code: str
    what: str
    fix: str = ""

    def __post_init__(self) -> None:
        assert self.code in CODES, self.code

    def __str__(self) -> str:
        # A file's name and its values are a stranger's text, which must not make lines of its own.
        position = f"{self.file}:{self.line}" if self.line else self.file
        text = in_one_line(f"{position}: {self.code} {self.what}")
        return f"{text}\n  fix: {in_one_line(self.fix)}" if self.fix else text


def no_progress(done: int, total: int) -> None:
    """The progress that nobody looks at."""


def sorted_problems(problems: Iterable[Problem]) -> list[Problem]:
    """The problems by file and line, each once."""
    return sorted(set(problems))


def nothing_written(problems: Iterable[Problem]) -> Error:
    """What a command says that writes nothing, because of these problems."""
    return Error("\n".join([*map(str, sorted_problems(problems)), "nothing was written"]))


# A code never changes its meaning; a new meaning takes a new code.
CODES: dict[str, str] = {
    "FIL001": "a file or folder that may not be here",
    "FIL002": "a symbolic link, or something else that is not a regular file",
    "FIL003": "a file that is too large",
    "FIL004": "a private key in the repository",
    "FIL005": "a file or folder name that cannot be used in an address",
    "FIL006": "a file that is needed is missing",
    "FIL007": "a name that not every computer can check out, or that not every reader sees as it is",
    "FIL010": "a page that asks for a template that cannot show it",
    "YML001": "not valid YAML",
    "YML002": "YAML with an anchor, an alias or a tag",
    "YML003": "YAML that is nested too deeply",
    "YML004": "YAML with too many entries",
    "YML005": "the same key twice",
    "YML006": "text that is not UTF-8",
    "YML007": "a YAML file that is not one mapping",
    "CSV001": "a CSV file that is not UTF-8",
    "CSV002": "a CSV header that is not understood",
    "CSV003": "a CSV row with too few or too many columns",
    "CSV004": "not valid CSV",
    "REC001": "a field that does not exist",
    "REC002": "a required field is missing",
    "REC003": "a value of the wrong kind",
    "REC004": "a date that does not exist or is not YYYY-MM-DD",
    "REC005": "an e-mail address that is not one",
    "REC006": "an address (URL) that cannot be published",
    "REC007": "text with characters that may not be published",
    "REC008": "a number that is not one",
    "REC009": "text that is too long",
    "REC010": "a value that is not one of the allowed ones",
    "REC011": "Markdown that cannot be compared with its page",
    "REC012": "dates in the wrong order",
    "REC013": "a record in another issuer's folder",
    "REC014": "the named achievement does not exist",
    "REC015": "two equal awards",
    "REC016": "credits earned without credits available",
    "REC018": "an e-mail address where it would be published",
    "REC019": "a result that its achievement does not allow",
    "REC020": "a result that its achievement does not have",
    "REC021": "what a program wrote in place of a name or a text",
    "ISS001": "the named issuer does not exist",
    "ISS002": "two issuers with one identifier",
    "ISS003": "an identifier whose keys would lie where the site publishes something else",
    "BAD001": "the unit of credits is not a word of the criteria",
    "BAD002": "criteria without a narrative or an address",
    "ART001": "artwork that is not a drawing or a picture that can be published",
    "ART002": "artwork that is too large or too complicated",
    "ART003": "a drawing and a picture where there may be one of them",
    "ART004": "a drawing beside a page that could run or fetch something",
    "KEY001": "a list of keys that contradicts itself",
    "KEY002": "a public key that is not a usable Ed25519 key",
    "CFG001": "mkdocs.yml lacks something that the site needs",
    "CFG002": "site_url does not fit what was signed",
    "CFG003": "settings that name a secret of the environment",
    "CFG004": "settings that inherit a file that cannot be read",
    "CFG005": "a theme in a folder that may not be published",
    "LED001": "a signed file was changed or removed",
    "LED002": "an issued award has no row any more",
    "LED003": "a row was changed after it was issued",
    "LED004": "a signed folder that is not complete",
    "LED005": "a status list index used twice",
    "LED006": "a change names a credential that is not there",
    "LED007": "an applied change was altered or removed",
    "LED008": "something that a signature names is missing",
    "LED009": "a status list that disagrees with what was issued",
    "LED010": "one row that was issued twice",
    "LED011": "something that was published is gone or another",
    "LED012": "an interrupted run of 'laurels issue'",
    "LED013": "a correction or a renewal that changes nothing or cannot be made",
    "LED014": "an erasure that leaves something behind",
    "LED015": "something that the history of this repository published is gone or another",
    "LED016": "the file that says since when a repository remembers was changed, removed or added late",
    "LED017": "a status list that is out of date",
}
