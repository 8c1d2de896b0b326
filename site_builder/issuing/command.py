"""What `laurels issue` does, in the order in which it may refuse."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from site_builder.errors import Error, UsageError
from site_builder.issuing.ci import is_ci, refusal_to_issue_here
from site_builder.issuing.durable.files import explain_os_errors, locked
from site_builder.issuing.keys.signing_keys import SigningKey, find_signing_key
from site_builder.issuing.surroundings import Machine, Output
from site_builder.issuing.transaction.issue import Issued, complete_and_check, is_interrupted, issue
from site_builder.issuing.transaction.plan import IssuePlan, awards_of_keys, compromised_keys, plan_issue
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.verified.cache import VerifiedCache
from site_builder.records.formats.explain import nearest
from site_builder.records.load.name_hints import name_hints
from site_builder.wording import plural

__all__ = ["IssueOptions", "IssueOutcome", "issue_command", "run_issue"]


_DONE_NOTHING: dict[str, Any] = {
    "plan": [],
    "hints": [],
    "notices": [],
    "renderings": [],
    "issued": [],
    "changes": 0,
    "resigned": 0,
    "lists": [],
}


@dataclass(frozen=True)
class IssueOptions:
    """What was asked for.

    issuer: what is pending of this one alone. resign: also replace the proofs that compromised keys made.
    base: a commit whose published files must be here. reconcile: first let give way to it what another branch issued at once.
    here: also in a CI run, whatever its branch. key_file: holds the issuer's signing key.
    history_required: fail at once where not all that was published can be compared; nothing is signed there anyway."""

    dry_run: bool = False
    issuer: str | None = None
    resign: bool = False
    base: str | None = None
    reconcile: bool = False
    here: bool = False
    key_file: Path | None = None
    history_required: bool = False


@dataclass(frozen=True)
class IssueOutcome:
    """What came of a run. done: plain data. checked: the repository as it was found. issued: None when nothing was signed."""

    done: dict[str, Any]
    checked: CheckedRepository
    issued: Issued | None = None

    def checked_after(self) -> CheckedRepository | None:
        """The repository after the run; None when it must be read again, since somebody else changed it meanwhile."""
        return self.issued.checked_after() if self.issued else self.checked


def issue_command(root: Path, asked: IssueOptions, *, machine: Machine, output: Output) -> dict[str, Any]:
    """As run_issue; plain data on what was done."""
    return run_issue(root, asked, machine=machine, output=output).done


def run_issue(
    root: Path, asked: IssueOptions, *, machine: Machine, output: Output, cache: VerifiedCache | None = None
) -> IssueOutcome:
    """Signs what is pending and says so line by line. Nothing pending: no key is looked for.

    cache: what was verified before, which is not verified again."""
    if asked.key_file is not None and asked.issuer is None:
        raise UsageError("--key-file needs --issuer, since a key belongs to one issuer")
    run = _Run(root, asked, machine, output)
    checked = check_repository(root, base=asked.base, cache=cache, progress=output.progress)
    if cache is not None:
        cache.save()
    if asked.history_required and checked.remembered.lacking:
        raise Error(checked.remembered.lacking)
    moved = run.reconcile(checked) if asked.reconcile else []
    if moved and asked.dry_run:
        output.say("Then what is pending is signed. Nothing was changed (--dry-run).")
        return IssueOutcome(_DONE_NOTHING | {"plan": moved}, checked)
    checked = run.complete(check_repository(root, base=asked.base) if moved else checked)
    run.require_no_problems(checked)
    run.require_known_issuer(checked)
    plan = plan_issue(checked, issuer=asked.issuer, resign=asked.resign)
    notices = [*plan.describe_first_signatures(checked), *plan.days_to_come(checked, now=machine.now)]
    planned = _DONE_NOTHING | _as_json(plan, moved) | {"notices": notices}
    if not plan.issuers:
        run.say_nothing_is_pending(checked)
        return IssueOutcome(planned, checked)
    run.say_lines([*plan.describe(), *notices])
    if asked.dry_run:
        run.show(plan, checked)
        return IssueOutcome(planned, checked)
    run.require_permission(checked)
    issued = run.sign(plan, checked)
    return IssueOutcome(planned | _done(issued), checked, issued)


def _as_json(plan: IssuePlan, moved: list[str]) -> dict[str, Any]:
    return {
        "plan": [*moved, *plan.describe()],
        "hints": name_hints(plan.rows),
        "renderings": list(plan.renderings),
    }


def _done(issued: Issued) -> dict[str, Any]:
    ids = [award.id for award in issued.awards]
    return {"issued": ids, "changes": issued.changes, "resigned": issued.resigned, "lists": issued.lists}


@dataclass
class _Run:
    """The steps of one run, in the order in which they come. keys: by issuer; find_key adds each that it finds."""

    root: Path
    asked: IssueOptions
    machine: Machine
    output: Output
    keys: dict[str, SigningKey] = field(default_factory=dict)

    @property
    def refusal(self) -> str:
        """Why nothing may be signed on this machine; "" when it may."""
        return "" if self.asked.here else refusal_to_issue_here(self.machine.environment)

    def reconcile(self, checked: CheckedRepository) -> list[str]:
        """Lets give way to the base what was issued beside it; a line for each thing that does."""
        if self.asked.base is None:
            raise UsageError("--reconcile needs --base with the branch as it was published, such as origin/main")
        # A merge is seldom; what it needs takes longer to load than a row to sign.
        from site_builder.issuing.transaction.reconcile import reconcile_command

        return reconcile_command(
            checked,
            base=self.asked.base,
            issuer=self.asked.issuer,
            dry_run=self.asked.dry_run,
            refusal=self.refusal or checked.remembered.unseen,
            find_key=partial(self.find_key, checked),
            machine=self.machine,
            output=self.output,
        )

    def complete(self, checked: CheckedRepository) -> CheckedRepository:
        """The repository after what a killed run had begun was completed, where something may be written."""
        if not is_interrupted(checked) or self.asked.dry_run or self.refusal:
            return checked
        with explain_os_errors(), locked(self.root):
            checked = complete_and_check(self.root)
        self.output.say("What an interrupted run had begun was completed.")
        return checked

    def require_no_problems(self, checked: CheckedRepository) -> None:
        if checked.problems:
            self.output.report_problems(checked.problems)
            raise Error(f"{plural(len(checked.problems), 'problem')}; nothing was issued")

    def require_known_issuer(self, checked: CheckedRepository) -> None:
        issuer, known = self.asked.issuer, checked.repository.issuers
        if issuer is not None and issuer not in known:
            similar = nearest(issuer, known)
            raise UsageError(f"there is no issuer {issuer!r}" + (f"; did you mean {similar!r}?" if similar else ""))

    def say_nothing_is_pending(self, checked: CheckedRepository) -> None:
        """Says so, and that proofs by a compromised key could be replaced, where there are any."""
        self.output.say("Nothing to issue.")
        awards = awards_of_keys(checked, compromised_keys(checked))
        if awards:
            count = plural(len(awards), "credential")
            self.output.say(f"{count} carry proofs by a compromised key: 'laurels issue --resign' replaces them.")

    def show(self, plan: IssuePlan, checked: CheckedRepository) -> None:
        """What --dry-run adds to the plan: each row with its name, and the names that look odd."""
        # Names are for a person's eyes; a CI log may be anybody's.
        if not is_ci(self.machine.environment):
            self.say_lines(plan.describe_rows(checked, now=self.machine.now))
        self.say_lines([*name_hints(plan.rows), "Nothing was signed (--dry-run)."])

    def require_permission(self, checked: CheckedRepository) -> None:
        refusal = self.refusal or checked.remembered.unseen
        if refusal:
            raise Error(f"nothing was issued: {refusal}")

    def sign(self, plan: IssuePlan, checked: CheckedRepository) -> Issued:
        """Finds the keys, signs, and says what was done and what comes next."""
        issued = issue(
            self.root,
            now=self.machine.now,
            random_bytes=self.machine.random_bytes,
            signing_keys={slug: self.find_key(checked, slug) for slug in plan.issuers},
            issuer=self.asked.issuer,
            resign=self.asked.resign,
            known=checked,
            progress=self.output.progress,
        )
        self.say_lines([_summarize(issued), *_NEXT_STEPS])
        return issued

    def find_key(self, checked: CheckedRepository, slug: str) -> SigningKey:
        """The signing key of an issuer, looked for once, so that a passphrase is asked for once."""
        if slug not in self.keys:
            self.keys[slug] = find_signing_key(
                checked.repository.issuers[slug],
                base=checked.repository.config.base,
                environment=self.machine.environment,
                key_file=self.asked.key_file,
                ask=self.machine.ask,
            )
        return self.keys[slug]

    def say_lines(self, lines: list[str]) -> None:
        for line in lines:
            self.output.say(line)


_NEXT_STEPS = (
    "Keep it: git add content issuers badges && git commit -m 'Issue credentials'",
    "Build and publish the site (laurels build), then send each learner their link: laurels links",
)


def _summarize(issued: Issued) -> str:
    """What was done, in a line."""
    parts = [f"{plural(len(issued.awards), 'award')} signed", f"{plural(issued.changes, 'change')} applied"]
    parts += [f"{plural(issued.resigned, 'credential')} signed anew"] if issued.resigned else []
    return ", ".join([*parts, f"{plural(len(issued.lists), 'status list')} written"]) + "."
