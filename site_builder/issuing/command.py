"""What `laurels issue` and `laurels keys new` do, in the order in which they may refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from site_builder.errors import Error, Problem, Progress, UsageError, no_progress, plural
from site_builder.issuing.ci import is_ci, refusal_to_issue_here
from site_builder.issuing.disk import locked, said_of_disk
from site_builder.issuing.issue import Issued, checked, is_interrupted, issue
from site_builder.issuing.keys import NewKey, default_key_file, find_signing_key, new_key, variable_name
from site_builder.issuing.plan import awards_of_keys, compromised_keys, plan_issue
from site_builder.issuing.reconcile import reconcile_command
from site_builder.ledger.checks import check_repository
from site_builder.ledger.state import State
from site_builder.records.explain import nearest
from site_builder.records.name_hints import name_hints

__all__ = ["issue_command", "keys_new_command"]


_DONE_NOTHING: dict[str, Any] = {
    "plan": [],
    "hints": [],
    "renderings": [],
    "issued": [],
    "changes": 0,
    "resigned": 0,
    "lists": [],
}


def issue_command(
    root: Path,
    *,
    dry_run: bool,
    issuer: str | None,
    resign: bool = False,
    base: str | None = None,
    reconcile: bool = False,
    here: bool,
    key_file: Path | None,
    environment: Mapping[str, str],
    now: datetime,
    random_bytes: Callable[[int], bytes],
    say: Callable[[str], None],
    problems: Callable[[Iterable[Problem]], None],
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Signs what is pending and says so line by line; plain data on what was done. Nothing pending: no key is looked for.

    base: a commit whose published files must be here. reconcile: first let give way to it what another branch issued at once."""
    refusal = "" if here else refusal_to_issue_here(environment)
    moved: list[str] = []
    if reconcile:
        if base is None or issuer is not None:
            raise UsageError("--reconcile needs --base with the branch as it was published, and goes without --issuer")
        moved = reconcile_command(
            root,
            base=base,
            dry_run=dry_run,
            refusal=refusal,
            find_key=lambda entry, address: find_signing_key(entry, base=address, environment=environment),
            now=now,
            random_bytes=random_bytes,
            say=say,
            problems=problems,
        )
        if moved and dry_run:
            say("Then what is pending is signed. Nothing was changed (--dry-run).")
            return _DONE_NOTHING | {"plan": moved}
    state = check_repository(root, base=base, progress=progress)
    if is_interrupted(state) and not dry_run and not refusal:
        with said_of_disk(), locked(root):
            state = checked(root)
        say("What an interrupted run had begun was completed.")
    if state.problems:
        problems(state.problems)
        raise Error(f"{plural(len(state.problems), 'problem')}; nothing was issued")
    if issuer is not None and issuer not in state.repository.issuers:
        similar = nearest(issuer, state.repository.issuers)
        raise UsageError(f"there is no issuer {issuer!r}" + (f"; did you mean {similar!r}?" if similar else ""))
    if key_file is not None and issuer is None:
        raise UsageError("--key-file needs --issuer, since a key belongs to one issuer")
    plan = plan_issue(state, issuer=issuer, resign=resign)
    done = _DONE_NOTHING | {
        "plan": [*moved, *plan.describe()],
        "hints": name_hints(plan.rows),
        "renderings": list(plan.renderings),
    }
    if not plan.issuers:
        say("Nothing to issue.")
        _hint_at_resigning(state, say)
        return done
    for line in plan.describe():
        say(line)
    if dry_run:
        # Names are for a person's eyes; a CI log may be anybody's.
        for line in [] if is_ci(environment) else plan.describe_rows(state, today=now.date()):
            say(line)
        for hint in done["hints"]:
            say(hint)
        say("Nothing was signed (--dry-run).")
        return done
    if refusal:
        raise Error(f"nothing was issued: {refusal}")
    address = state.repository.config.base
    signing_keys = {
        slug: find_signing_key(state.repository.issuers[slug], base=address, environment=environment, key_file=key_file)
        for slug in plan.issuers
    }
    issued = issue(
        root,
        now=now,
        random_bytes=random_bytes,
        signing_keys=signing_keys,
        issuer=issuer,
        resign=resign,
        progress=progress,
    )
    say(_told(issued))
    say("Keep it: git add content issuers badges && git commit -m 'Issue credentials'")
    say("Build and publish the site (laurels build), then send each learner their link: laurels links")
    ids = [award.id for award in issued.awards]
    return done | {"issued": ids, "changes": issued.changes, "resigned": issued.resigned, "lists": issued.lists}


def _hint_at_resigning(state: State, say: Callable[[str], None]) -> None:
    awards = awards_of_keys(state, compromised_keys(state))
    if awards:
        say(
            f"{plural(len(awards), 'credential')} carry proofs by a compromised key: 'laurels issue --resign' replaces them."
        )


def _told(issued: Issued) -> str:
    """What was done, in a line."""
    parts = [f"{plural(len(issued.awards), 'award')} signed", f"{plural(issued.changes, 'change')} applied"]
    parts += [f"{plural(issued.resigned, 'credential')} signed anew"] if issued.resigned else []
    return ", ".join([*parts, f"{plural(len(issued.lists), 'status list')} written"]) + "."


def keys_new_command(
    root: Path,
    issuer: str,
    *,
    file: Path | None,
    to_terminal: bool,
    environment: Mapping[str, str],
    random_bytes: Callable[[int], bytes],
    today: date,
    say: Callable[[str], None],
    problems: Callable[[Iterable[Problem]], None],
) -> NewKey:
    """Makes an issuer's next key and says where its halves went."""
    state = check_repository(root)
    if issuer not in state.repository.issuers:
        raise UsageError(
            f"there is no issuer {issuer!r}: issuers/{issuer}/issuer.yml is missing or has problems (laurels check)"
        )
    # A list that cannot be read, or lacks a key that signed, would give an old key's name to the new one.
    unsound = [problem for problem in state.problems if problem.file == f"issuers/{issuer}/keys.yml"]
    if unsound:
        problems(unsound)
        raise Error(f"{plural(len(unsound), 'problem')} in the list of keys; no key was made")
    if file is not None and to_terminal:
        raise UsageError("either --file or --print, not both")
    entry, base = state.repository.issuers[issuer], state.repository.config.base
    place = None if to_terminal else file or default_key_file(issuer, base=base, environment=environment)
    made = new_key(root, entry, random_bytes=random_bytes, today=today, file=place)
    say(f"{made.key_id} was added to {made.keys_file}: commit that file.")
    say(f"Fingerprint (SHA-256): {made.fingerprint}")
    if place is not None:
        say(
            f"The private key lies in {place}. Make a copy on paper or on another device: without it nothing more can be signed."
        )
    else:
        say(
            f"The line on standard output is the private key: store it as the secret {variable_name(issuer)} and nowhere else."
        )
    return made
