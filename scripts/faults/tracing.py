"""A piece of work in a process of its own, watched by strace: which calls it makes, and what it does when one of them fails."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

__all__ = ["Call", "Ended", "TracingRefused", "calls_of", "parse_trace", "run_traced"]

# Calls by which files change; a name that this machine's kernel does not have is passed over (`?`). Source: strace 6.1, strace(1).
_WRITING = (
    "write pwrite64 writev pwritev pwritev2 sendfile copy_file_range splice fsync fdatasync syncfs sync sync_file_range msync "
    "rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat rmdir mkdir mkdirat mknod mknodat "
    "truncate ftruncate fallocate chmod fchmod fchmodat chown fchown fchownat utimensat setxattr fsetxattr"
).split()
# Calls that open: they count when they make a file or cut one off.
_OPENING = "open openat openat2 creat".split()
_MAKES = re.compile(r"O_CREAT|O_TRUNC|^creat\(")
_LINE = re.compile(r"^(?P<text>(?P<call>[a-z0-9_]+)\(.*)$")
_END_OF_ARGUMENTS = re.compile(r"\) += |<unfinished")
# The end of a new folder's name. Source: tempfile.mkdtemp.
_DRAWN = re.compile(r"(\.new|\.old)-[a-z0-9_]{8}")
_ATTACHED = re.compile(r"^strace: Process \d+ attached")
_REFUSED = re.compile(r"Operation not permitted|Permission denied|Function not implemented")
# Linux, prctl(2): lets any process trace this one, where the Yama module would let ancestors alone.
_PR_SET_PTRACER = 0x59616D61


class TracingRefused(Exception):
    """strace is missing, or the system does not let it watch a process. The message is its own."""


@dataclass(frozen=True)
class Call:
    """The number-th call of a kind, from 1, in a run; aim: the paths below the repository that it is about."""

    name: str
    number: int
    aim: str


class Ended(NamedTuple):
    """How a run ended. signal: that killed it, or 0; code: its exit code; said: what it said to people; trace: strace's lines."""

    signal: int
    code: int
    said: str
    trace: str


def calls_of(
    act: Callable[[], str], *, below: Path, scratch: Path, options: Sequence[str] = ()
) -> tuple[list[Call], Ended]:
    """The calls by which a run changes files below a folder, in their order. act: gives back what it said; Error ends it with code 1."""
    watched = ",".join(f"?{name}" for name in [*_WRITING, *_OPENING])
    ended = run_traced(act, options=[f"trace={watched}", *options], scratch=scratch)
    return [call for call in parse_trace(ended.trace, below) if call.aim], ended


def parse_trace(trace: str, below: Path) -> Iterator[Call]:
    """Every call of a trace; those that change nothing below the folder have no aim."""
    counts: Counter[str] = Counter()
    for line in trace.splitlines():
        found = _LINE.match(line)
        if found:
            name, text = found["call"], found["text"]
            counts[name] += 1
            changes = name not in _OPENING or _MAKES.search(text)
            yield Call(name, counts[name], _aim(text, below) if changes else "")


def _aim(text: str, below: Path) -> str:
    """The paths below the folder among the arguments of a call, from there; what is drawn in them is left out."""
    arguments = _END_OF_ARGUMENTS.split(text)[0]
    paths = re.findall(re.escape(str(below)) + r'(/[^">]*)', arguments)
    return " ".join(_DRAWN.sub(r"\1-", path) for path in paths)


def run_traced(act: Callable[[], str], *, options: Sequence[str], scratch: Path) -> Ended:
    """Runs act in a child process, under strace with these expressions (-e). Raises TracingRefused."""
    if shutil.which("strace") is None:
        raise TracingRefused("strace is not installed")
    output = scratch / "trace"
    begin_read, begin = os.pipe()
    said_read, said = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(begin)
        os.close(said_read)
        _work(act, begin_read, said)
    os.close(begin_read)
    os.close(said)
    with os.fdopen(said_read, "rb") as stream, _strace(child, options, output, ready=stream.read(1)) as tracer:
        refused = _wait_for(tracer)
        os.write(begin, b"?" if refused else b"!")
        os.close(begin)
        words = stream.read().decode()
        status = os.waitpid(child, 0)[1]
        tracer.communicate()
    if refused:
        raise TracingRefused(refused)
    killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return Ended(killed, -1 if killed else os.WEXITSTATUS(status), words, output.read_text("utf-8", errors="replace"))


def _strace(child: int, options: Sequence[str], output: Path, *, ready: bytes) -> subprocess.Popen[str]:
    assert ready, "the process that is to be watched did not begin"
    # Only the process itself, and not git, which it asks what files there are: strace counts in each by itself.
    command = ["strace", "-y", "-s", "0", "-o", str(output), "-p", str(child)]
    for option in options:
        command += ["-e", option]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # noqa: S603


def _wait_for(tracer: subprocess.Popen[str]) -> str:
    """ "" once the tracer is attached; why the system refuses it. Raises RuntimeError when it ends for another reason."""
    assert tracer.stderr
    said = ""
    for line in tracer.stderr:
        if _ATTACHED.match(line):
            return ""
        said += line
    if _REFUSED.search(said):
        return said.strip()
    raise RuntimeError(f"strace ended: {said}")


def _work(act: Callable[[], str], begin: int, said: int) -> None:
    """The child: waits for strace, works, says how it went, and ends."""
    code = 9
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(2**64 - 1), 0, 0, 0)
        os.write(said, b"!")
        if os.read(begin, 1) == b"!":
            code, words = _said(act)
            os.write(said, words.encode())
    finally:
        os._exit(code)


def _said(act: Callable[[], str]) -> tuple[int, str]:
    """Exit code and words: 0 done, 1 refused in a sentence, 3 ended as no program of ours may end."""
    from site_builder.errors import Error

    try:
        return 0, act()
    except Error as error:
        return 1, str(error)
    except BaseException as error:  # whatever it is, it is reported
        return 3, f"{type(error).__name__}: {error}"
