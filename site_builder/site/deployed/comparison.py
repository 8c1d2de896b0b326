"""Holding a deployed site against the repository: each file is asked for, and compared byte for byte with what `publish` makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from site_builder.errors import Progress, no_progress
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.site.deployed.differences import Difference, Kind, explain_difference
from site_builder.site.deployed.expected import Expected, expected_files
from site_builder.site.deployed.halves import Halves
from site_builder.verification.evidence.source import FetchError

__all__ = ["Ask", "Comparison", "Finding", "compare_site"]

# The bytes of a file of the deployed site by its path below the root. Raises FetchError, with the status that a host answered.
Ask = Callable[[str], bytes]

# Few enough that no small host feels it.
_AT_ONCE = 4
_BATCH = 32
# A host that leaves so much of a batch unanswered will not answer the next one.
_MOST_UNKNOWN = 1 / 3
# The id of no award: what a host answers there, it answers for everything that is not there.
_NOBODY = "a" * 26


@dataclass(frozen=True)
class Finding:
    """A file that is not as in the repository. path: below the site's root."""

    path: str
    difference: Difference

    @property
    def kind(self) -> Kind:
        """Which of the two is the later."""
        return self.difference.kind


@dataclass(frozen=True)
class Comparison:
    """compared: how many files were asked for, those among them that may not be there; same: how many are there, byte for byte.

    is_half: whether only a part of a deploy is there. has_stopped: whether it was given up, since the host no longer answered."""

    compared: int
    same: int
    findings: tuple[Finding, ...]
    is_half: bool = False
    has_stopped: bool = False

    @property
    def is_same(self) -> bool:
        """Whether everything is as in the repository."""
        return bool(self.compared) and not self.findings


def compare_site(
    checked: CheckedRepository,
    ask: Ask,
    *,
    awards: Collection[str] | None = None,
    nobody: str = _NOBODY,
    progress: Progress = no_progress,
) -> Comparison:
    """What of a deployed site is not as the repository has it. Several threads ask.

    awards: the ids of those that are looked at, None for all. nobody: an id of no award, best one that was just drawn: whoever knows
    it can put there what should not be on the site, and it would pass for the answer to everything that is not there."""
    nothing = _answer(ask, f"c/{nobody}/nothing.json")
    findings: list[Finding] = []
    halves, compared, same, has_stopped = Halves(checked), 0, 0, False
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for batch in _batches(expected_files(checked, awards=awards, progress=progress)):
            answers = list(pool.map(lambda expected: _answer(ask, expected.path), batch))
            differences = [
                _judge(checked, expected, answer, nothing=nothing)
                for expected, answer in zip(batch, answers, strict=True)
            ]
            for expected, answer, difference in zip(batch, answers, differences, strict=True):
                findings += [Finding(expected.path, difference)] if difference else []
                halves.note(expected.path, difference)
                same += answer == expected.raw
            compared += len(batch)
            unknown = sum(difference is not None and difference.kind == "unknown" for difference in differences)
            if has_stopped := unknown > len(batch) * _MOST_UNKNOWN:
                break
    return Comparison(compared, same, tuple(findings), halves.are_there(), has_stopped)


def _batches(files: Iterator[Expected]) -> Iterator[list[Expected]]:
    """The files, a few first and then so many at a time: a site is never in memory as a whole."""
    size = _AT_ONCE
    while batch := list(islice(files, size)):
        yield batch
        size = _BATCH


def _answer(ask: Ask, path: str) -> bytes | FetchError:
    try:
        return ask(path)
    except FetchError as error:
        return error


def _judge(
    checked: CheckedRepository, expected: Expected, answer: bytes | FetchError, *, nothing: bytes | FetchError
) -> Difference | None:
    """What is wrong with an answer; None when it is as it should be. nothing: the answer for what is not there."""
    if isinstance(answer, FetchError):
        return _judge_refusal(answer) if expected.raw is not None else _judge_empty_place(answer, nothing=nothing)
    if answer == expected.raw:
        return None
    if answer == nothing:
        what = "is not there: the host answers with the page for what it does not find"
        return None if expected.raw is None else Difference("missing", what)
    if expected.raw is None:
        return Difference("left", "should not be there")
    return explain_difference(checked, expected.path, expected.raw, answer)


def _judge_refusal(error: FetchError) -> Difference:
    """What is wrong where a file should be."""
    if error.status in (404, 410):
        return Difference("missing", "is not there")
    if _is_redirect(error):
        return Difference("other", f"leads to another address (status {error.status}), which is not followed")
    return Difference("unknown", f"could not be fetched: {error}")


def _judge_empty_place(error: FetchError, *, nothing: bytes | FetchError) -> Difference | None:
    """What is wrong where nothing should be: a browser goes where it is sent, and finds there what was taken away here."""
    if _is_redirect(error) and not _is_redirect(nothing):
        return Difference("left", f"leads to another address (status {error.status}), and nothing should be there")
    if 300 <= error.status < 500 and error.status not in _LATER:
        return None
    return Difference("unknown", f"could not be fetched: {error}")


def _is_redirect(answer: bytes | FetchError) -> bool:
    return isinstance(answer, FetchError) and 300 <= answer.status < 400


# The host asks for patience. Source: RFC 9110, 15.5.9 (408), RFC 8470, 5.2 (425), RFC 6585, 4 (429).
_LATER = (408, 425, 429)
