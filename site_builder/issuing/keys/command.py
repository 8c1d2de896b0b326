"""What the commands of `laurels keys` do that make a key or end one, in the order in which they may refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from site_builder.authoring.key_list import set_key_state
from site_builder.errors import Error, UsageError
from site_builder.issuing.durable.files import write_file
from site_builder.issuing.keys.check import KeyCheck, check_keys
from site_builder.issuing.keys.signing_keys import NewKey, keys_file, new_key, next_key_id, refuse_new_key
from site_builder.issuing.keys.sources import default_key_file, new_passphrase, refuse_place, variable_name
from site_builder.issuing.surroundings import Machine, Output
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.queries.key_use import KeyUse, key_uses
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.key_documents import key_documents_elsewhere
from site_builder.records.formats.explain import nearest
from site_builder.records.load.repository import Issuer
from site_builder.wording import plural

__all__ = [
    "EndedKey",
    "KeySource",
    "end_key_command",
    "keys_check_command",
    "keys_list_command",
    "keys_new_command",
    "known_issuer",
    "require_sound_keys",
]


@dataclass(frozen=True)
class KeySource:
    """Where a new private key goes: a file (None: the usual one) or the terminal; locked unless it is open."""

    file: Path | None = None
    to_terminal: bool = False
    is_open: bool = False


@dataclass(frozen=True)
class EndedKey:
    """A key whose state was changed, as it was before, with what it signed. needs_new_key: whether no other one is active.

    copying: what is to be done with the key document after a build, "" when the site itself answers for it."""

    use: KeyUse
    needs_new_key: bool
    copying: str = ""


def require_sound_keys(root: Path, issuer: str | None, *, output: Output) -> CheckedRepository:
    """The repository, with sound lists of keys. Raises Error when the list of the issuer (or of any) has problems.

    A list that cannot be read, or lacks a key that signed, would give an old key's name to a new one."""
    checked = check_repository(root)
    files = [keys_file(slug) for slug in ([issuer] if issuer else checked.repository.issuers)]
    unsound = [problem for problem in checked.problems if problem.file in files]
    if issuer is not None:
        known_issuer(checked, issuer)
    if unsound:
        output.report_problems(unsound)
        raise Error(f"{plural(len(unsound), 'problem')} in the list of keys; nothing was done")
    return checked


def known_issuer(checked: CheckedRepository, slug: str) -> Issuer:
    """The issuer of that name. Raises UsageError."""
    issuers = checked.repository.issuers
    if slug not in issuers:
        similar = nearest(slug, issuers)
        hint = f"did you mean {similar!r}?" if similar else "its issuer.yml is missing or has problems (laurels check)"
        raise UsageError(f"there is no issuer {slug!r}: {hint}")
    return issuers[slug]


def keys_new_command(
    root: Path,
    issuer: str,
    *,
    destination: KeySource,
    machine: Machine,
    output: Output,
    rotate: bool = False,
) -> NewKey:
    """Makes an issuer's next key and says where its halves went. rotate: in place of the active one, which is retired."""
    checked = require_sound_keys(root, issuer, output=output)
    if destination.file is not None and destination.to_terminal:
        raise UsageError("either --file or --print, not both")
    entry = known_issuer(checked, issuer)
    refuse_new_key(entry, rotate=rotate)
    usual = default_key_file(
        issuer, next_key_id(entry), base=checked.repository.config.base, environment=machine.environment
    )
    file = None if destination.to_terminal else destination.file or usual
    if file is not None:
        refuse_place(file, root)  # before anything is asked
    is_open = destination.is_open or destination.to_terminal
    passphrase = None if is_open else new_passphrase(issuer, environment=machine.environment, ask=machine.ask)
    made = new_key(
        root,
        entry,
        random_bytes=machine.random_bytes,
        today=machine.now.date(),
        file=file,
        passphrase=passphrase,
        rotate=rotate,
    )
    for line in _what_was_made(made, issuer, file, is_locked=passphrase is not None):
        output.say(line)
    copying = _copying(checked, issuer)
    if copying:
        output.say(f"After the next build {copying}: until then nobody can check what {made.key_id} signs.")
    return made


def _copying(checked: CheckedRepository, issuer: str) -> str:
    """What is to be done with an issuer's key document after a build, as a part of a sentence; "" when the site answers for it."""
    found = (keys for keys in key_documents_elsewhere(checked.repository) if keys.issuer == issuer)
    return next((keys.advice() for keys in found), "")


def _what_was_made(made: NewKey, issuer: str, file: Path | None, *, is_locked: bool) -> Iterable[str]:
    yield f"{made.key_id} was added to {made.keys_file}: commit that file."
    yield f"Fingerprint (SHA-256): {made.fingerprint}"
    if file is None:
        yield f"The line on standard output is the private key: store it as the secret {variable_name(issuer)} and nowhere else."
    else:
        lock = ", locked with the passphrase" if is_locked else ""
        what = "without it" if not is_locked else "without both"
        yield f"The private key lies in {file}{lock}. Make a copy on another device: {what} nothing more can be signed."
    if made.retired:
        yield f"{made.retired} is retired: what it signed keeps verifying. Keep its file, or destroy it: it signs nothing more."
        yield f"Where {issuer} signs in CI, store the new key there as well, before the next run."


def keys_list_command(root: Path, issuer: str | None, *, output: Output) -> list[KeyUse]:
    """Every key of an issuer, or of all of them, and what it signed."""
    checked = require_sound_keys(root, issuer, output=output)
    issuers = [known_issuer(checked, issuer)] if issuer else checked.repository.issuers.values()
    return [use for entry in issuers for use in key_uses(checked, entry)]


def keys_check_command(
    root: Path,
    issuer: str,
    *,
    site: Path,
    key_file: Path | None,
    fetch: Callable[[str], bytes] | None,
    machine: Machine,
    output: Output,
) -> list[KeyCheck]:
    """Whether the issuer's key can sign, and whether the key document says what keys.yml says. site: the built site's folder."""
    checked = require_sound_keys(root, issuer, output=output)
    found = check_keys(
        known_issuer(checked, issuer),
        base=checked.repository.config.base,
        site=site,
        key_file=key_file,
        fetch=fetch,
        machine=machine,
    )
    return list(found)


def end_key_command(
    root: Path,
    issuer: str,
    key_id: str,
    *,
    state: str,
    today: date,
    dry_run: bool,
    output: Output,
) -> EndedKey:
    """Sets a key to 'retired' or 'compromised'. No state ever goes back."""
    found = require_sound_keys(root, issuer, output=output)
    entry = known_issuer(found, issuer)
    use = next((use for use in key_uses(found, entry) if use.key.id == key_id), None)
    if use is None:
        known = ", ".join(key.id for key in entry.keys) or "none"
        raise UsageError(f"{issuer} has no key {key_id!r}; it has {known}")
    _refuse_way_back(use.key.state, state, key_id)
    # The day stands for the end of signing; a key that was retired ended then.
    until = max(today, use.key.created) if use.key.state == "active" else None
    listed = keys_file(issuer)
    raw = set_key_state((root / listed).read_bytes(), key_id, state=state, until=until, file=listed)
    if dry_run:
        output.say(f"{key_id} would be {state} in {listed}. Nothing was written (--dry-run).")
    else:
        write_file(root / listed, raw)
        output.say(f"{key_id} is {state} in {listed}: commit that file.")
    return EndedKey(use, needs_new_key=entry.active_key in (None, use.key), copying=_copying(found, issuer))


def _refuse_way_back(before: str, after: str, key_id: str) -> None:
    if before == after:
        raise UsageError(f"{key_id} is {before} already")
    if before == "compromised":
        raise UsageError(f"{key_id} is compromised, and stays so: whoever has it can still sign with it")
