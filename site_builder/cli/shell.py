"""What all commands share: how errors end, how each line is printed and on which stream, and the bar of a long act.

Here alone is printed, so that no text of a file can move the cursor, forge a line or give an order to a CI."""

from __future__ import annotations

import errno
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn

import click

from site_builder.disk import refused
from site_builder.errors import Error, Problem, Progress, UsageError, no_progress
from site_builder.wording import visible, visible_json

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress as RichProgress

    from site_builder.issuing.surroundings import Machine, Output

__all__ = [
    "LaurelsGroup",
    "as_json_option",
    "ask_at_terminal",
    "print_drawn",
    "print_file",
    "print_json",
    "print_problems",
    "progress",
    "say",
    "shell_output",
    "show",
    "this_machine",
]


class LaurelsGroup(click.Group):
    """Turns our errors into one line and an exit code: 1 for problems, 2 for wrong usage."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except UsageError as error:
            _stop(str(error), code=2)
        except click.ClickException as error:
            # It repeats what was given, such as a file's name that the shell put in for *.
            vars(error)["message"] = visible(error.message)
            raise
        except (Error, OSError) as error:
            # OSError: a disk, a folder or a pipe that refuses, whatever was being done.
            if getattr(error, "errno", None) == errno.EPIPE:
                raise
            said = refused(error) if isinstance(error, OSError) else str(error)
            _stop(traceback.format_exc().rstrip() if context.params.get("verbose") else said, code=1)


def _stop(message: str, *, code: int) -> NoReturn:
    say(message)
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
    return Output(say if lines_to_stderr else show, print_problems, bar)


def say(line: str) -> None:
    """A line for people, on standard error: results alone go to standard output."""
    click.echo(visible(line), err=True)


def show(line: str) -> None:
    """A line of a result, on standard output."""
    click.echo(visible(line))


def print_file(content: str | bytes) -> None:
    """A result that is a file for another program, such as CSV or a page: as it is, since its own format says what may stand in it."""
    click.echo(content, nl=False)


def print_drawn(*parts: RenderableType) -> None:
    """Results with colours or columns, which are left out where they are not wanted (NO_COLOR, a file, a pipe).

    parts: made of rich's Text, which reads no words of a file as markup; each word of it was made visible."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    for part in parts:
        # A line is as long as it is; a table fits the terminal.
        console.print(part, soft_wrap=isinstance(part, Text))


def print_problems(problems: Iterable[Problem]) -> None:
    """Each problem with its place and its remedy."""
    for problem in problems:
        say(str(problem))


def print_json(value: Any) -> None:
    """A result for programs. Letters stay letters where the stream can carry them; elsewhere they are JSON's own escapes."""
    is_utf8 = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    click.echo(visible_json(json.dumps(value, indent=2, ensure_ascii=not is_utf8)))


def progress(label: str) -> Progress:
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
        self._shown: RichProgress | None = None

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


def _started() -> RichProgress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Standard output is left alone: it may be a file.
    shown = RichProgress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
    )
    shown.start()
    return shown
