"""Where an erased credential may still be found, and the commands that take it out of a repository's history."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

__all__ = ["UNREACHABLE", "is_distinct", "rewrite_commands"]

UNREACHABLE = (
    "the history of this repository: earlier commits still hold the row and the signed files (the commands below remove them)",
    "clones and forks of it, on other machines and at the host",
    "pull requests: the host keeps their commits and shows them though branches are gone; its support removes them",
    "logs, caches and artifacts of CI runs",
    "earlier deployments of the site and its caches, at the web host and on the way",
    "backups and archives of the repository or the site, yours and public ones such as the Wayback Machine",
    "copies that the recipient or anybody else downloaded, printed or keeps in a wallet",
    "search engines, until they visit the page again; each has a form to ask for it sooner",
    "spreadsheets, mails and learning platforms from which the list of people came",
)

_MIN_BYTES = 6


def is_distinct(word: str) -> bool:
    """Whether a name or an address can be looked for as text: "O" or "Ada" would be found in the middle of other words.

    In bytes, since two or three letters of Chinese are a whole name."""
    return len(word.encode("utf-8")) >= _MIN_BYTES


def rewrite_commands(paths: Sequence[str], words: Iterable[str], *, in_files: bool) -> list[str]:
    """Lines for a shell in the repository's folder, once the erasure is committed and pushed. They need git 2.36 and git-filter-repo 2.47.

    paths: of everything that ever held the row or the credential; what they hold now stays. words: the names and addresses, which go from
    the messages of commits and, with in_files, from every file: only where no file of today has them. All in one pass, after which each
    look shows where a word is left. Source: git-filter-repo's manual, "Sensitive data removal"."""
    quoted = " ".join(map(shlex.quote, paths))
    distinct = [word for word in words if is_distinct(word)]
    lines = [
        f"git --literal-pathspecs rev-list --objects --no-object-names --full-history --all -- {quoted} > ../erased-all.txt",
        "git ls-tree -r --object-only HEAD | grep -vxFf - ../erased-all.txt > ../erased-ids.txt",
    ]
    rewrite = "git filter-repo --force --sensitive-data-removal --strip-blobs-with-ids ../erased-ids.txt"
    if distinct:
        replaced = " ".join(shlex.quote(f"literal:{word}==>erased") for word in distinct)
        lines.append(f"printf '%s\\n' {replaced} > ../erased-words.txt")
        rewrite += " --replace-message ../erased-words.txt"
        rewrite += " --replace-text ../erased-words.txt" if in_files else ""
    looks = [f"git --no-pager log --all --oneline --name-only -S {shlex.quote(word)}" for word in distinct]
    return [*lines, rewrite, "rm ../erased-*.txt", *looks, "git push --force --mirror origin"]
