"""A commit of the repository, read with git's plumbing: which files of the site it holds, and their bytes. Nothing is written.

Two branches can only be compared by what each holds, so this is the one place that asks git for more than names of files."""

from __future__ import annotations

import hashlib
import os
import posixpath
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from site_builder.errors import Error, UsageError
from site_builder.ledger.history.git import GIT, environment_without_keys

__all__ = [
    "LACKING",
    "GitRefused",
    "GitTree",
    "blob_id",
    "git_environment",
    "is_merged",
    "other_trees",
    "read_tree",
    "run_git",
    "tree_at",
    "uncommitted_files",
    "with_all_files",
]

# Everything that `check --base` holds against the work tree lies below these.
_PATHS = ("mkdocs.yml", "content/signed", "content/records", "issuers", "badges")
_TIMEOUT_S = 120
_BLOBS_AT_ONCE = 256
LACKING = (
    "git lacks a part of the commit to compare with, as a partial clone does: make a whole clone, and run it there"
)


@dataclass(frozen=True)
class GitTree:
    """The site's files in one commit. ref: the commit as it was asked for. blobs: git's digest of each regular file, by its path
    below the site's root."""

    root: Path
    ref: str
    commit: str
    blobs: dict[str, str]

    def holds(self, path: str, raw: bytes | None) -> bool:
        """Whether the commit has just these bytes at path; None: whether it has nothing there."""
        return self.blobs.get(path) == (None if raw is None else blob_id(raw, self.commit))

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The bytes of those of the paths that the commit has."""
        wanted = [path for path in paths if path in self.blobs]
        found: dict[str, bytes] = {}
        for first in range(0, len(wanted), _BLOBS_AT_ONCE):
            part = wanted[first : first + _BLOBS_AT_ONCE]
            found |= zip(part, _read_blobs(self.root, [self.blobs[path] for path in part]), strict=True)
        return found


def read_tree(root: Path, ref: str) -> GitTree:
    """The commit that ref names, as far as it is the site below root, which may be a subfolder of the git repository.

    Raises UsageError when there is no git, no git repository, no such commit, or no site in it."""
    tree = tree_at(root, ref, _commit(root, ref))
    if "mkdocs.yml" not in tree.blobs:
        raise UsageError(f"there is no site in {ref!r}: it has no mkdocs.yml where this site has one")
    return tree


def tree_at(root: Path, ref: str, commit: str) -> GitTree:
    """The site's files in a commit, by its digest. Raises Error when git lacks a part of it."""
    try:
        listed = run_git(root, "ls-tree", "-r", "-z", "--end-of-options", commit, *_PATHS)
    except GitRefused:
        raise Error(LACKING) from None
    blobs = {}
    for entry in listed.decode("utf-8", "surrogateescape").split("\0"):
        about, _, path = entry.partition("\t")
        # "100644 blob <digest>"; a link or a submodule has another mode.
        if about.startswith("100"):
            blobs[path] = about.split(" ")[2]
    return GitTree(root, ref, commit, blobs)


def with_all_files(tree: GitTree) -> tuple[GitTree, dict[str, str]]:
    """The commit with every file and link of its repository, and git's mode of each path, submodules included.

    What lies above the site's root begins with "../". A link's bytes are where it leads. Source: git-ls-tree, Output Format."""
    prefix = run_git(tree.root, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").strip("\n") or "."
    listed = run_git(tree.root, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", tree.commit)
    blobs, modes = {}, {}
    for entry in listed.decode("utf-8", "surrogateescape").split("\0"):
        about, _, path = entry.partition("\t")
        if not path:
            continue
        mode, kind, digest = about.split(" ")
        path = posixpath.relpath(path, prefix)
        modes[path] = mode
        if kind == "blob":
            blobs[path] = digest
    return replace(tree, blobs=blobs), modes


# Each file by itself, and nothing of another repository that lies in this one.
_PLAIN_STATUS = ("--no-renames", "--untracked-files=all", "--ignore-submodules=all")


def uncommitted_files(root: Path) -> list[str]:
    """The files that a site is made of which are not as in HEAD, by their path in git; none where git does not say."""
    try:
        found = run_git(root, "status", "--porcelain", "-z", *_PLAIN_STATUS, "--", *_PATHS)
    except (GitRefused, OSError):
        return []
    # "XY <path>", from the top of the git repository. Source: git-status, Short Format.
    return [entry[3:] for entry in found.decode("utf-8", "backslashreplace").split("\0") if entry]


def is_merged(tree: GitTree) -> bool:
    """Whether the commit is part of what lies in the work tree: of HEAD, or of a merge that is under way."""
    for head in ("HEAD", "MERGE_HEAD"):
        try:
            run_git(tree.root, "merge-base", "--is-ancestor", tree.commit, head)
        except GitRefused:
            continue
        return True
    return False


# What a merge, a rebase or a copy that is under way is about.
_UNDER_WAY = ("MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD")
_MAX_OTHERS = 100


def other_trees(tree: GitTree) -> Iterator[GitTree]:
    """The newest commits that are part of what lies in the work tree and not of the given one, the latest first."""
    heads = ["HEAD"]
    for name in _UNDER_WAY:
        try:
            heads.append(run_git(tree.root, "rev-parse", "--verify", "--quiet", name).decode("ascii").strip())
        except GitRefused:
            continue
    found = run_git(tree.root, "rev-list", f"--max-count={_MAX_OTHERS}", *heads, "--not", tree.commit)
    for commit in found.decode("ascii").split():
        yield tree_at(tree.root, commit[:12], commit)


class GitRefused(Error):
    """git ended with an error; the message is its own."""


def _commit(root: Path, ref: str) -> str:
    """The digest of the commit that ref names. Raises UsageError."""
    try:
        run_git(root, "rev-parse", "--show-prefix")
    except FileNotFoundError:
        raise UsageError("--base needs git, which is not installed here") from None
    except GitRefused as error:
        if "dubious ownership" in str(error):
            fix = "git config --global --add safe.directory followed by its path"
            raise UsageError(f"git does not read this repository, since it belongs to another user: {fix}") from None
        raise UsageError("--base needs a git repository, and this folder lies in none: run it in a clone") from None
    # What begins with a hyphen could be taken for an option by some git, and no branch has such a name.
    is_name = not ref.startswith("-") and "\0" not in ref
    try:
        wanted = ("--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        found = run_git(root, "rev-parse", *wanted) if is_name else b""
    except GitRefused:
        found = b""
    commit = found.decode("ascii", "replace").strip()
    if not commit.isalnum():
        raise UsageError(f"git knows no commit {ref!r} here: {_how_to_fetch(root, ref)}")
    return commit


def _how_to_fetch(root: Path, ref: str) -> str:
    remote, _, branch = ref.partition("/")
    fetch = f"git fetch {remote} {branch}" if branch.isalnum() and remote.isalnum() else "git fetch origin main"
    try:
        is_shallow = run_git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
    except GitRefused:
        is_shallow = False
    if is_shallow:
        return f"this clone has only the newest commits; in CI fetch all of them (fetch-depth: 0), else {fetch} --unshallow"
    return f"look at the name, or fetch it: {fetch}"


def blob_id(raw: bytes, commit: str) -> str:
    """git's digest of a file, with the hash function of its repository. Source: git-hash-object, gitformat-pack."""
    algorithm = "sha1" if len(commit) == 40 else "sha256"
    return hashlib.new(algorithm, b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


def _read_blobs(root: Path, blobs: list[str]) -> Iterator[bytes]:
    """The bytes of each blob in turn. The answer has the form "<digest> blob <size>\\n<bytes>\\n". Source: git-cat-file, --batch."""
    try:
        answer = run_git(root, "cat-file", "--batch", asked="".join(f"{blob}\n" for blob in blobs).encode("ascii"))
    except GitRefused:
        raise Error(LACKING) from None
    offset = 0
    for blob in blobs:
        end = answer.find(b"\n", offset)
        head = answer[offset:end].decode("ascii", "replace").split(" ")
        if head[:2] != [blob, "blob"]:
            raise Error(LACKING)
        size = int(head[2])
        yield answer[end + 1 : end + 1 + size]
        offset = end + 1 + size + 1


def run_git(root: Path, *arguments: str, asked: bytes = b"") -> bytes:
    """What git prints. Raises GitRefused when it fails, FileNotFoundError when there is none."""
    command = [*GIT, "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=_TIMEOUT_S, env=git_environment())  # noqa: S603
    except subprocess.TimeoutExpired:
        raise Error(f"git did not answer within {_TIMEOUT_S} seconds") from None
    if done.returncode != 0:
        raise GitRefused(done.stderr.decode("utf-8", "replace").strip())
    return done.stdout


def git_environment() -> dict[str, str]:
    """Variables for git: no key, nothing that points to another repository (a hook that runs us has such), and no network."""
    kept = {
        name: value
        for name, value in environment_without_keys().items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG_")
    }
    kept.pop("GIT_CONFIG_PARAMETERS", None)
    # A partial clone would fetch what it lacks; a replaced object would be another than the one that was published, and a graft would
    # hide commits.
    closed = {
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": os.devnull,
    }
    return kept | closed | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
