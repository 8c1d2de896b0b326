"""What the commits below HEAD ever held of a site: one walk over its history, of which only what is new is done again."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from site_builder.errors import Error
from site_builder.ledger.history.git_tree import LACKING, GitRefused, run_git, tree_at
from site_builder.ledger.history.past_cache import load_walk, save_walk
from site_builder.ledger.history.walk import Walk, changes
from site_builder.ledger.store.since import SINCE
from site_builder.records.formats.yaml_events import YamlRefused
from site_builder.records.formats.yaml_nodes import read_tagged_yaml

__all__ = ["Past", "current_head", "read_address", "read_past"]

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
    since: the commit in which the file SINCE appeared first, if any; again: all in which it did first, where there is more than one.
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
    # What is seen of a history that is not whole is no beginning for the next time.
    cache = None if past.unseen else root / _line(root, "rev-parse", "--git-path", "laurels/past.json")
    known = load_walk(cache, past.base, past.prefix) if cache else None
    if known and known.head != past.head and not _is_ancestor(root, known.head, past.head):
        known = None  # another branch, or a history that was written anew
    walk = known if known and tips == [known.head] else _walk_on(past, tips, known)
    if cache and walk is not known and tips == [past.head]:
        save_walk(cache, past.base, past.prefix, walk)
    again = [] if walk.since else _own(past, walk.appeared)
    return replace(past, tips=tips, held=walk.held, left=walk.left, since=walk.since, again=again)


def _walk_on(past: Past, tips: Sequence[str], known: Walk | None) -> Walk:
    """The walk from the tips down, of which the part below a known one is taken from there."""
    root, prefix = past.root, past.prefix
    hidden = [known.head] if known else []
    appeared = _first_of(root, tips, [*_appearances(root, prefix, tips, hidden), *(known.appeared if known else [])])
    own = _own(past, appeared)
    since = own[0] if len(own) == 1 else ""
    if known and known.since != since:
        known, hidden = None, []
    walk = Walk(past.head, since, appeared)
    walk.go(root, prefix, tips, [*hidden, *([f"{since}^@"] if since else [])])
    if known:
        walk.add(known.held, known.left)
    elif since:
        walk.add_all(tree_at(root, since, since).blobs, since)
    return walk


def _appearances(root: Path, prefix: str, tips: Sequence[str], hidden: Sequence[str]) -> list[str]:
    """The commits in which the file SINCE appears where no parent has it."""
    found = changes(root, prefix, tips, hidden, [SINCE])
    return [commit for commit, _, before, after in found if after and not any(before)]


def _own(past: Past, commits: Sequence[str]) -> list[str]:
    """Those of the commits in which the site has today's address: another site's would hide what came before them."""
    return [commit for commit in commits if _address_in(past.root, commit, past.prefix) == past.base]


def _first_of(root: Path, tips: Sequence[str], appeared: Sequence[str]) -> list[str]:
    """The appearances that come after no other, of whatever site: to take the file out and add it again begins nothing."""
    if len(appeared) < 2:
        return list(appeared)
    lines = run_git(root, "rev-list", "--topo-order", "--reverse", "--parents", *tips).decode("ascii").splitlines()
    counted, later = set(appeared), set[str]()
    for commit, *parents in map(str.split, lines):  # parents come first
        if any(parent in counted or parent in later for parent in parents):
            later.add(commit)
    return [commit for commit in appeared if commit not in later]


def _address_in(root: Path, commit: str, prefix: str) -> str:
    """The address of the site in a commit, with a trailing slash; "" where it has none. Raises GitRefused without such a commit."""
    listed = run_git(root, "ls-tree", "-z", "--full-tree", "--end-of-options", commit, f"{prefix}mkdocs.yml")
    if not listed.startswith(b"100"):
        return ""
    return read_address(run_git(root, "cat-file", "blob", listed.split(b"\t")[0].split()[2].decode("ascii")))


def read_address(raw: bytes) -> str:
    """The address that a mkdocs.yml names, with a trailing slash; "" where it names none."""
    try:
        address = read_tagged_yaml(raw, file="mkdocs.yml").value.get("site_url")
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
