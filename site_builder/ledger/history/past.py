"""What the commits below HEAD ever held of a site: one walk over its history, of which only what is new is done again.

A merge shows only what it has from none of its parents: all else came with a commit of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from site_builder.errors import Error
from site_builder.ledger.history.git_tree import LACKING, GitRefused, run_git, tree_at
from site_builder.ledger.history.past_cache import load_walk, save_walk
from site_builder.ledger.store.since import SINCE
from site_builder.records.formats.yaml_events import YamlRefused, read_text_values

__all__ = ["Held", "Past", "current_head", "read_address", "read_past"]

# By the path of a file below the site's root and by git's digest of its bytes: the commits that brought it, the newest first.
Held = dict[str, dict[str, list[str]]]

_WALKED = (
    ":(glob)content/signed/*/*/award.json",
    SINCE,
    ":(glob)issuers/*/*.yml",
    ":(glob)issuers/*/status/*",
    ":(glob)issuers/*/rendered/*",
    ":(glob)badges/*/rendered/*",
)
# Names as `issue` and people give them. What is named otherwise was never published, and could mislead whoever asks git for it.
_KNOWN = re.compile(
    r"content/signed/(?:[a-z0-9-]+/[a-z2-7]{26}/award|since)\.json"
    r"|issuers/[a-z0-9-]+/(?:keys\.yml|issuer\.yml|status/[1-9][0-9]{0,3}\.json)"
    r"|(?:issuers|badges)/[a-z0-9-]+/rendered/[a-z]+-[0-9a-f]+\.(?:png|svg|source)"
)
_SHALLOW = (
    "this clone has only the newest commits, so what older ones published cannot be compared: "
    "run 'git fetch --unshallow', in CI fetch all commits (fetch-depth: 0)"
)
_OWNER = (
    "git does not read this repository, since it belongs to another user, so what was published cannot be compared: "
    "run 'git config --global --add safe.directory' followed by its path"
)


@dataclass(frozen=True)
class Past:
    """What the history below HEAD held. base: the site's address, of which credentials count. is_kept: whether git keeps this folder.

    head: the commit; "" when there is none yet. tips: the commits whose history it is: HEAD, and those that are being merged.
    prefix: the site's folder in the repository, with a trailing slash. held: what counts.
    left: of lists of keys and files of issuers, a revision that had the bytes while the commit after it had not.
    since: the commit in which the file SINCE appeared first, if any; again: all in which it did, where none of them was the first.
    unseen: why not all of it could be read, as a sentence; "" when it was."""

    root: Path
    base: str = ""
    is_kept: bool = False
    head: str = ""
    tips: Sequence[str] = ()
    prefix: str = ""
    held: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    left: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    since: str = ""
    again: Sequence[str] = ()
    unseen: str = ""


def current_head(root: Path) -> str:
    """The commit that is HEAD; "" where there is none, or no git."""
    if not _is_below_git(root):
        return ""
    try:
        return _line(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    except (GitRefused, OSError):
        return ""


def read_past(root: Path, *, base: str) -> Past:
    """What the history below HEAD held of the site below root; nothing where there is no git. Never an error: see unseen.

    base: the site's address."""
    if not _is_below_git(root):
        return Past(root, base)
    try:
        is_shallow = _line(root, "rev-parse", "--is-shallow-repository") == "true"
    except OSError:
        return Past(root, base)  # git is not installed
    except GitRefused as error:
        return Past(root, base, is_kept=True, unseen=_OWNER) if "dubious ownership" in str(error) else Past(root, base)
    past = Past(root, base, is_kept=True, unseen=_SHALLOW if is_shallow else "")
    try:
        head = current_head(root)
        return _walked(replace(past, head=head, prefix=_line(root, "rev-parse", "--show-prefix"))) if head else past
    except GitRefused:
        return replace(past, unseen=past.unseen or LACKING)
    except Error as error:
        return replace(past, unseen=past.unseen or str(error))


def _walked(past: Past) -> Past:
    root, tips = past.root, [past.head, *_being_merged(past.root)]
    cache = None if past.unseen else root / _line(root, "rev-parse", "--git-path", "laurels/past.json")
    known = load_walk(cache, past.base, past.prefix) if cache else None
    if known and known.head != past.head and not _is_ancestor(root, known.head, past.head):
        known = None  # another branch, or a history that was written anew
    if known and tips == [known.head]:
        since, again = _first_of(past, known.appeared)
        return replace(past, tips=tips, held=known.held, left=known.left, since=since, again=again)
    hidden = [known.head] if known else []
    appeared = [*_appearances(root, past.prefix, tips, hidden), *(known.appeared if known else [])]
    since, again = _first_of(past, appeared)
    if known and known.since != since:
        known, hidden = None, []
    walk = _Walk(root, past.prefix)
    walk.go(tips, [*hidden, *([f"{since}^@"] if since else [])])
    if known:
        walk.add(known.held, known.left)
    elif since:
        walk.add(
            {
                path: {blob: [since]}
                for path, blob in tree_at(root, since, since).blobs.items()
                if _KNOWN.fullmatch(path)
            },
            {},
        )
    if cache and tips == [past.head] and (not known or known.head != past.head):
        save_walk(
            cache,
            past.base,
            past.prefix,
            head=past.head,
            since=since,
            appeared=appeared,
            held=walk.held,
            left=walk.left,
        )
    return replace(past, tips=tips, held=walk.held, left=walk.left, since=since, again=again)


@dataclass
class _Walk:
    root: Path
    prefix: str
    held: Held = field(default_factory=dict)
    left: Held = field(default_factory=dict)

    def go(self, tips: Sequence[str], hidden: Sequence[str]) -> None:
        """Notes what the commits below tips, and not below hidden, brought and took away."""
        for commit, path, before, after in _changes(self.root, self.prefix, tips, hidden, _WALKED):
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


def _changes(
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


def _appearances(root: Path, prefix: str, tips: Sequence[str], hidden: Sequence[str]) -> list[str]:
    """The commits in which the file SINCE appears where no parent has it."""
    return [
        commit
        for commit, _, before, after in _changes(root, prefix, tips, hidden, [SINCE])
        if after and not any(before)
    ]


def _first_of(past: Past, appeared: Sequence[str]) -> tuple[str, list[str]]:
    """The appearance that all others come after; where there is none, "" and all of them.

    Those of another site, of which this one was made, do not count: they would hide what came before them."""
    own = [commit for commit in appeared if _address_in(past.root, commit, past.prefix) == past.base]
    # Newest first: only the last can be the first of all.
    *others, first = own or [""]
    if all(_is_ancestor(past.root, first, commit) for commit in others):
        return first, []
    return "", own


def _address_in(root: Path, commit: str, prefix: str) -> str:
    """The address of the site in a commit, with a trailing slash; "" where it has none. Raises GitRefused without such a commit."""
    listed = run_git(root, "ls-tree", "-z", "--full-tree", "--end-of-options", commit, f"{prefix}mkdocs.yml")
    if not listed.startswith(b"100"):
        return ""
    return read_address(run_git(root, "cat-file", "blob", listed.split(b"\t")[0].split()[2].decode("ascii")))


def read_address(raw: bytes) -> str:
    """The address that a mkdocs.yml names, with a trailing slash; "" where it names none."""
    try:
        address = read_text_values(raw, file="mkdocs.yml").get("site_url")
    except YamlRefused:
        return ""
    return f"{address.rstrip('/')}/" if isinstance(address, str) and address else ""


def _being_merged(root: Path) -> list[str]:
    """The commits that a merge under way brings."""
    try:
        file = root / _line(root, "rev-parse", "--git-path", "MERGE_HEAD")
        return [word for word in file.read_text("ascii").split() if word.isalnum()]
    except (OSError, UnicodeDecodeError):
        return []


def _is_ancestor(root: Path, old: str, new: str) -> bool:
    try:
        run_git(root, "merge-base", "--is-ancestor", old, new)
    except GitRefused:
        return False
    return True


def _line(root: Path, *arguments: str) -> str:
    return run_git(root, *arguments).decode("utf-8", "surrogateescape").removesuffix("\n")


def _is_below_git(root: Path) -> bool:
    """Whether a folder lies in what may be a git repository: where it does not, no program need be asked."""
    here = root.resolve()
    return any(os.path.lexists(folder / ".git") for folder in (here, *here.parents))
