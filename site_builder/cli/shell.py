"""What all commands share: how errors end, which stream a line goes to, and the bar that shows how far a long act has come."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from site_builder.errors import Error, Problem, UsageError, no_progress
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.issuing.surroundings import Machine, Output

__all__ = [
    "EXAMPLE_RECORD",
    "LaurelsGroup",
    "as_json_option",
    "ask_at_terminal",
    "checked",
    "known_record",
    "print_json",
    "print_problems",
    "progress",
    "say",
    "shell_output",
    "this_machine",
]

EXAMPLE_RECORD = "content/records/harbour/2026-05-first-aid.yml"


class LaurelsGroup(click.Group):
    """Turns our errors into one line and an exit code: 1 for problems, 2 for wrong usage."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except UsageError as error:
            _stop(str(error), code=2)
        except (Error, OSError) as error:
            # OSError: a disk, a folder or a pipe that refuses, whatever was being done.
            if context.params.get("verbose") or getattr(error, "errno", None) == errno.EPIPE:
                raise
            _stop(str(error), code=1)


def _stop(message: str, *, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


def as_json_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option --json of a command. what: what is printed."""
    return click.option("--json", "as_json", is_flag=True, help=f"{what} as JSON on standard output.")


def ask_at_terminal() -> Callable[[str], str] | None:
    """What asks a person for a passphrase without showing it; None where nobody sits at a terminal."""
    if not sys.stdin.isatty():
        return None
    return lambda question: str(click.prompt(question, hide_input=True, err=True))


def this_machine() -> Machine:
    """The environment, clock, random source and terminal of this process."""
    from site_builder.issuing.surroundings import Machine

    now = datetime.now(UTC).replace(microsecond=0)
    return Machine(os.environ, now, os.urandom, ask_at_terminal())


def shell_output(label: str = "", *, lines_to_stderr: bool = True) -> Output:
    """How a command of issuing talks here. label: of the bar; without it there is none."""
    from site_builder.issuing.surroundings import Output

    bar = progress(label) if label else no_progress
    return Output(lambda line: click.echo(line, err=lines_to_stderr), print_problems, bar)


def say(line: str) -> None:
    """A line for people, on standard error: results alone go to standard output."""
    click.echo(line, err=True)


def print_problems(problems: Iterable[Problem]) -> None:
    """Each problem with its place and its remedy."""
    for problem in problems:
        say(str(problem))


def print_json(value: Any) -> None:
    """A result for programs. Letters stay letters where the stream can carry them; elsewhere they are JSON's own escapes."""
    is_utf8 = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    click.echo(json.dumps(value, indent=2, ensure_ascii=not is_utf8))


def known_record(root: Path, named: str | None, files: Iterable[str]) -> str | None:
    """A file of records as problems name it, whether it was named from the root or from the folder where somebody stands.

    files: those that hold rows. Raises UsageError for any other."""
    if named is None:
        return None
    below = Path(named).resolve()
    top = root.resolve()
    names = [named, below.relative_to(top).as_posix() if below.is_relative_to(top) else named]
    found = next((name for name in names if name in set(files)), None)
    if found is None:
        raise UsageError(f"{named} holds no rows: name it as 'laurels check' does, such as {EXAMPLE_RECORD}")
    return found


def checked(root: Path, *, purpose: str, warning: str) -> Any:
    """The repository, though it may have problems: these are mended by looking at what there is.

    purpose: what cannot be done where there is no repository at all. warning: what problems mean for what is done."""
    from site_builder.ledger.checks.repository import check_repository

    state = check_repository(root, progress=progress("check"))
    if not state.repository.config.base:
        print_problems(state.problems)
        raise Error(f"there is nothing to {purpose}")
    if state.problems:
        say(f"{plural(len(state.problems), 'problem')}{warning}")
    return state


def progress(label: str) -> Callable[[int, int], None]:
    """A callback (done, total) that draws a bar on a terminal; it does nothing in a pipe and with --quiet."""
    context = click.get_current_context()
    if context.find_root().params.get("quiet") or not sys.stderr.isatty():
        return lambda done, total: None
    bar = _Bar(label)
    context.call_on_close(bar.stop)
    return bar


class _Bar:
    """A bar that appears with the first step and leaves with the last, so that no line is written across it."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown: Any = None

    def __call__(self, done: int, total: int) -> None:
        if self._shown is None and done < total:
            self._shown = _started()
            self._task = self._shown.add_task(self._label, total=total)
        if self._shown is not None:
            self._shown.update(self._task, completed=done, total=total)
        if done >= total:
            self.stop()

    def stop(self) -> None:
        if self._shown is not None:
            self._shown.stop()
            self._shown = None


def _started() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Standard output is left alone: it may be a file.
    shown = Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
    )
    shown.start()
    return shown
