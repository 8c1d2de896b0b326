"""What `laurels issue` does, in the order in which it may refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from site_builder.errors import Error, Problem, Progress, UsageError, no_progress
from site_builder.issuing.ci import is_ci, refusal_to_issue_here
from site_builder.issuing.durable.files import explain_os_errors, locked
from site_builder.issuing.keys.signing_keys import SigningKey, find_signing_key
from site_builder.issuing.keys.sources import Ask
from site_builder.issuing.transaction.issue import Issued, complete_and_check, is_interrupted, issue
from site_builder.issuing.transaction.plan import awards_of_keys, compromised_keys, plan_issue
from site_builder.issuing.transaction.reconcile import reconcile_command
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.records.formats.explain import nearest
from site_builder.records.load.name_hints import name_hints
from site_builder.wording import plural

__all__ = ["issue_command"]


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
    ask: Ask | None = None,
) -> dict[str, Any]:
    """Signs what is pending and says so line by line; plain data on what was done. Nothing pending: no key is looked for.

    ask: for the passphrase of a key that is locked.
    base: a commit whose published files must be here. reconcile: first let give way to it what another branch issued at once."""
    if key_file is not None and issuer is None:
        raise UsageError("--key-file needs --issuer, since a key belongs to one issuer")
    refusal = "" if here else refusal_to_issue_here(environment)

    found: dict[str, SigningKey] = {}

    def find_key(slug: str) -> SigningKey:
        # Once for each issuer, so that a passphrase is asked for once.
        if slug not in found:
            entry, address = state.repository.issuers[slug], state.repository.config.base
            found[slug] = find_signing_key(entry, base=address, environment=environment, key_file=key_file, ask=ask)
        return found[slug]

    state = check_repository(root, base=base, progress=progress)
    moved: list[str] = []
    if reconcile:
        if base is None:
            raise UsageError("--reconcile needs --base with the branch as it was published, such as origin/main")
        moved = reconcile_command(
            state,
            base=base,
            issuer=issuer,
            dry_run=dry_run,
            refusal=refusal,
            find_key=find_key,
            now=now,
            random_bytes=random_bytes,
            say=say,
            problems=problems,
        )
        if moved and dry_run:
            say("Then what is pending is signed. Nothing was changed (--dry-run).")
            return _DONE_NOTHING | {"plan": moved}
        state = check_repository(root, base=base) if moved else state
    if is_interrupted(state) and not dry_run and not refusal:
        with explain_os_errors(), locked(root):
            state = complete_and_check(root)
        say("What an interrupted run had begun was completed.")
    if state.problems:
        problems(state.problems)
        raise Error(f"{plural(len(state.problems), 'problem')}; nothing was issued")
    if issuer is not None and issuer not in state.repository.issuers:
        similar = nearest(issuer, state.repository.issuers)
        raise UsageError(f"there is no issuer {issuer!r}" + (f"; did you mean {similar!r}?" if similar else ""))
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
    signing_keys = {slug: find_key(slug) for slug in plan.issuers}
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


def _hint_at_resigning(state: CheckedRepository, say: Callable[[str], None]) -> None:
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
