"""What a command of issuing is given from outside: the machine that it runs on, and how it talks to the person who runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from site_builder.errors import Problem, Progress, no_progress

__all__ = ["Ask", "Machine", "Output"]

# Asks a person a question and gives back the answer, which is not shown while it is typed.
Ask = Callable[[str], str]


@dataclass(frozen=True)
class Machine:
    """Where a command runs.

    now: the one reading of the clock, UTC, to the second. random_bytes: as many unpredictable bytes as are asked for.
    ask: for the passphrase of a key; None where nobody can be asked."""

    environment: Mapping[str, str]
    now: datetime
    random_bytes: Callable[[int], bytes]
    ask: Ask | None = None


@dataclass(frozen=True)
class Output:
    """How a command talks: a line for people, problems with their places, and how far a long act has come."""

    say: Callable[[str], None]
    report_problems: Callable[[Iterable[Problem]], None]
    progress: Progress = no_progress
