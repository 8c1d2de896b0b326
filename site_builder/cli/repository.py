"""The repository as commands need it: checked, in order, and with the files and names that were asked for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.cli.shell import print_problems, progress, say
from site_builder.errors import Error, UsageError
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.ledger.store.checked_repository import CheckedRepository

__all__ = ["EXAMPLE_RECORD", "known_record", "load_checked", "must_exist", "require_no_problems"]

EXAMPLE_RECORD = "content/records/harbour/2026-05-first-aid.yml"


def load_checked(root: Path, *, purpose: str, warning: str) -> CheckedRepository:
    """The repository, though it may have problems: these are mended by looking at what there is.

    purpose: what cannot be done where there is no repository at all. warning: what problems mean for what is done."""
    from site_builder.ledger.checks.repository import check_repository

    checked = check_repository(root, progress=progress("check"))
    if not checked.repository.config.base:
        print_problems(checked.problems)
        raise Error(f"there is nothing to {purpose}")
    if checked.problems:
        say(f"{plural(len(checked.problems), 'problem')}{warning}")
    return checked


def require_no_problems(root: Path, refusal: str) -> CheckedRepository:
    """The repository, checked and without problems. Raises Error with the refusal after the problems were said."""
    from site_builder.ledger.checks.repository import check_repository

    checked = check_repository(root, progress=progress("check"))
    if checked.problems:
        print_problems(checked.problems)
        raise Error(refusal)
    return checked


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


def must_exist(kind: str, slug: str | None, known: Iterable[str]) -> None:
    """Raises UsageError when an issuer or an achievement that was named is not there."""
    from site_builder.records.formats.explain import nearest

    if slug is not None and slug not in known:
        similar = nearest(slug, known)
        raise UsageError(f"there is no {kind} {slug!r}" + (f"; did you mean {similar!r}?" if similar else ""))
