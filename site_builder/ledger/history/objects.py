"""Objects of a git repository, one after the other, from a single process that is begun when it is needed first."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from types import TracebackType

from site_builder.errors import Error
from site_builder.ledger.history.git import GIT
from site_builder.ledger.history.git_tree import LACKING, git_environment

__all__ = ["Objects"]

_TIMEOUT_S = 600
_MAX_BYTES = 1_048_576


class Objects:
    """Reads blobs and commits below root. To be closed, as with `with`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: threading.Timer | None = None

    def __enter__(self) -> Objects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watch is not None:
            self._watch.cancel()
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def read(self, name: str, *, max_bytes: int = _MAX_BYTES) -> bytes | None:
        """The bytes of an object, by its digest or as ``<commit>:<path>``; None when there is none, no bytes of one that is larger.

        Raises Error when git ends before it has answered. Source: git-cat-file, --batch."""
        if "\n" in name:
            raise Error(
                "a folder above this one has a line break in its name, so git's history of it cannot be asked for"
            )
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(name.encode("utf-8", "surrogateescape") + b"\n")
            process.stdin.flush()
        except OSError:
            raise Error(LACKING) from None
        head = process.stdout.readline()
        if not head:
            raise Error(LACKING)
        *_, kind, size = [b"", *head.split()]
        if kind not in (b"blob", b"commit", b"tree"):
            return None  # "<name> missing"
        raw = process.stdout.read(int(size) + 1)
        if len(raw) != int(size) + 1:
            raise Error(LACKING)
        return raw[:-1] if int(size) <= max_bytes else b""

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            command = [*GIT, "-C", str(self.root), "cat-file", "--batch"]
            pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing, env=git_environment())  # noqa: S603
            self._watch = threading.Timer(_TIMEOUT_S, self._process.kill)
            self._watch.daemon = True
            self._watch.start()
        return self._process
