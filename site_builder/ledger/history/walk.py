"""Commits, one after the other, with what each brought and took away of a site.

A merge shows only what it has from none of its parents: all else came with a commit of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from site_builder.ledger.history.git_tree import run_git
from site_builder.ledger.store.since import SINCE

__all__ = ["Held", "Walk", "changes"]

# By the path of a file below the site's root and by git's digest of its bytes: the commits that brought it, the newest first.
Held = dict[str, dict[str, list[str]]]

_WALKED = (
    ":(glob)content/signed/*/*/*.json",
    SINCE,
    ":(glob)issuers/*/*.yml",
    ":(glob)issuers/*/status/*",
    ":(glob)issuers/*/rendered/*",
    ":(glob)badges/*/rendered/*",
)
# Names as `issue` and people give them. What is named otherwise was never published, and could mislead whoever asks git for it.
_KNOWN = re.compile(
    r"content/signed/(?:[a-z0-9-]+/[a-z2-7]{26}/(?:award|credential(?:-[1-9][0-9]{0,3})?)|since)\.json"
    r"|issuers/[a-z0-9-]+/(?:keys\.yml|issuer\.yml|status/[1-9][0-9]{0,3}\.json)"
    r"|(?:issuers|badges)/[a-z0-9-]+/rendered/[a-z]+-[0-9a-f]+\.(?:png|svg|source)"
)


@dataclass
class Walk:
    """What a walk from a commit down found. head: the commit. since: where it ended, if it did.
    appeared: where the file SINCE appeared first.

    held, left: as Past has them."""

    head: str
    since: str = ""
    appeared: list[str] = field(default_factory=list)
    held: Held = field(default_factory=dict)
    left: Held = field(default_factory=dict)

    def go(self, root: Path, prefix: str, tips: Sequence[str], hidden: Sequence[str]) -> None:
        """Notes what the commits below tips, and not below hidden, brought and took away."""
        for commit, path, before, after in changes(root, prefix, tips, hidden, _WALKED):
            if not _KNOWN.fullmatch(path):
                continue
            if after:
                self.held.setdefault(path, {}).setdefault(after, []).append(commit)
            if path.endswith(".yml"):
                for number, blob in enumerate(before, 1):
                    if blob not in ("", after):
                        self.left.setdefault(path, {}).setdefault(blob, []).append(f"{commit}^{number}")

    def add(self, held: Held, left: Held) -> None:
        """Notes what older commits did."""
        for noted, older in ((self.held, held), (self.left, left)):
            for path, blobs in older.items():
                for blob, commits in blobs.items():
                    noted.setdefault(path, {}).setdefault(blob, []).extend(commits)

    def add_all(self, blobs: Mapping[str, str], commit: str) -> None:
        """Notes all that a commit holds, as if it had brought it. blobs: by path."""
        self.add({path: {blob: [commit]} for path, blob in blobs.items() if _KNOWN.fullmatch(path)}, {})


def changes(
    root: Path, prefix: str, tips: Sequence[str], hidden: Sequence[str], paths: Sequence[str]
) -> Iterator[tuple[str, str, list[str], str]]:
    """(commit, path below the site, blob in each parent, blob) of what each commit changed, newest first; "" for no regular file.

    Source: git-diff-tree, "Raw output format" and "diff format for merges"."""
    commits = run_git(root, "rev-list", "--full-history", "--topo-order", *tips, "--not", *hidden, "--", *paths)
    command = (
        "diff-tree",
        "--stdin",
        "-r",
        "-c",
        "--root",
        "--raw",
        "-z",
        "--no-renames",
        "--no-abbrev",
        "--no-relative",
    )
    if not commits:
        return
    words = iter(run_git(root, *command, "--", *paths, asked=commits).decode("utf-8", "surrogateescape").split("\0"))
    commit = ""
    for word in words:
        if not word.startswith(":"):
            commit = word
            continue
        count = len(word) - len(word.lstrip(":"))
        fields = word[count:].split(" ")
        blobs = [
            blob if mode.startswith("100") else ""
            for mode, blob in zip(fields[: count + 1], fields[count + 1 : 2 * count + 2], strict=True)
        ]
        path = next(words)
        yield commit, path.removeprefix(prefix), blobs[:-1], blobs[-1]
