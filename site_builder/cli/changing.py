"""Commands that write records of change: correct, revoke, renew, erase. Each shows what it found and what it will write, and asks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from site_builder.cli.options import STATED_HELPS, parse_results, text_options
from site_builder.cli.shell import as_json_option, checked, print_json, say
from site_builder.errors import Error, UsageError
from site_builder.wording import plural

__all__ = ["correct", "erase", "renew", "revoke"]

_DATE = {"date": "The day that the page states; today without this."}
_NOTE = {"note": "A sentence on it; it is published."}
_DETAILS = {
    "expires": "The last valid day, or 'never'.",
    **STATED_HELPS,
}
_LISTS = (
    click.option("--evidence", multiple=True, help="An https address; may be given several times, and replaces all."),
    click.option(
        "--result", "results", multiple=True, metavar="KEY=VALUE", help="A result; may be given several times."
    ),
)
_REASONS = ["issued-in-error", "requirements-not-met", "misconduct", "withdrawn-by-recipient", "other"]


def _changing(command: Callable[..., Any]) -> Callable[..., Any]:
    """What all four take: the credential that is meant, and how it is asked, printed and written."""
    for mark in (
        click.pass_obj,
        click.argument("which", nargs=-1, required=True),
        click.option("--yes", is_flag=True, help="Write without asking, for scripts."),
        click.option("--dry-run", is_flag=True, help="Only show what would be written."),
        as_json_option("What was found and written"),
    ):
        command = mark(command)
    return command


def _with_lists(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_LISTS):
        command = option(command)
    return command


@click.command()
@text_options(
    name="The recipient, as the name should be.",
    email="The recipient's address, as it should be; never published.",
    id="The recipient's own identifier, such as a DID.",
    awarded="The day of the award, YYYY-MM-DD.",
    **_DETAILS,
)
@_with_lists
@click.option("--remove", multiple=True, metavar="FIELD", help="A field that goes; may be given several times.")
@click.option(
    "--withhold-previous", is_flag=True, help="Take back the file signed before, such as one with a former name."
)
@text_options(**_NOTE, **_DATE)
@_changing
def correct(
    root: Path, /, which: tuple[str, ...], remove: Sequence[str], withhold_previous: bool, **given: Any
) -> None:
    """Correct an award, at the same address: laurels correct lovelace --name 'Ada Lovelace'

    WHICH is the address of its page, its id, or words that fit no other. Give each field as it should be; the row stays as it is."""
    from site_builder.authoring.corrections import propose_correction

    def propose(state: Any, target: Any, fields: dict[str, Any]) -> Any:
        flags = {"withhold_previous": "true"} if withhold_previous else {}
        return propose_correction(state, target, fields | flags, remove=remove)

    _change(root, which, propose, **given)


@click.command()
@click.option("--reason", type=click.Choice(_REASONS), required=True, help="Why; it is published.")
@text_options(**_NOTE, **_DATE)
@_changing
def revoke(root: Path, /, which: tuple[str, ...], **given: Any) -> None:
    """Withdraw an award for good: laurels revoke lovelace --reason issued-in-error

    WHICH is the address of its page, its id, or words that fit no other."""
    from site_builder.authoring.change_records import propose_revocation

    _change(root, which, propose_revocation, **given)


@click.command()
@text_options(**_DETAILS, listed="The day on which the recipient agreed to have the new award listed.")
@_with_lists
@text_options(note="A sentence for whoever reads the record.", date="The day of the new award; today without this.")
@_changing
def renew(root: Path, /, which: tuple[str, ...], **given: Any) -> None:
    """Renew an award that ends: laurels renew lovelace --evidence https://example.org/refreshers/2028

    WHICH is the address of its page, its id, or words that fit no other. The new award has a page of its own; the old page links it."""
    from site_builder.authoring.corrections import propose_renewal

    def propose(state: Any, target: Any, fields: dict[str, Any]) -> Any:
        return propose_renewal(state, target, _with_last_day(target, fields, given["yes"]))

    _change(root, which, propose, **given)


@click.command()
@text_options(**_DATE)
@_changing
def erase(root: Path, /, which: tuple[str, ...], **given: Any) -> None:
    """Remove an award and all that leads to its recipient: laurels erase lovelace

    WHICH is the address of its page, its id, or words that fit no other. Takes the row out of its file, says what it cannot reach, and
    prints the commands that take the person out of the repository's history."""
    from site_builder.authoring.erasing import propose_erasure

    _change(root, which, lambda state, target, fields: propose_erasure(state, target, fields["date"]), **given)


# --- what all four do -------------------------------------------------------------------------------------------------


def _change(
    root: Path,
    which: Sequence[str],
    propose: Callable[[Any, Any, dict[str, Any]], Any],
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Finds the credential, proposes the record, shows it, asks, writes it, and says what comes next."""
    from site_builder.authoring.change_records import day_of_issuer, write_proposal

    now = datetime.now(UTC)
    state = checked(root, purpose="change", warning=" in this repository: 'laurels check' lists them")
    target = _found(state, " ".join(which), now, as_json=as_json)
    day = given.pop("date", None) or day_of_issuer(state, target, now).isoformat()
    given["results"] = parse_results(given.get("results") or ())
    fields = {name: list(v) if isinstance(v, tuple) else v for name, v in given.items() if v not in (None, (), {})}
    proposal = propose(state, target, {"date": day} | fields)
    if not as_json:
        _show(proposal)
    if not dry_run:
        _confirm(yes, as_json=as_json)
        write_proposal(root, proposal)
    if as_json:
        print_json(proposal.as_json() | {"written": not dry_run})
    _say_next(proposal, dry_run=dry_run, as_json=as_json)


def _found(state: Any, which: str, now: datetime, *, as_json: bool) -> Any:
    """The credential that is meant. Words that fit several: these are printed with their ids, and on a terminal one is asked for."""
    from site_builder.authoring.targets import SeveralFound, find_target

    try:
        return find_target(state, which, now=now)
    except SeveralFound as several:
        if as_json:
            print_json({"found": [award.as_json() for award in several.awards], "written": False})
        else:
            _print_found(several.awards)
        ids = [award.id for award in several.awards if award.id]
        if as_json or not ids or not sys.stdin.isatty():
            raise
        chosen = click.prompt("Id of the one that is meant", type=click.Choice(ids), show_choices=False, err=True)
        return find_target(state, chosen, now=now)


def _print_found(awards: Sequence[Any]) -> None:
    for award in awards:
        click.echo(f"{award.name}: {award.badge}, {award.awarded}, {award.state}")
        click.echo(f"  {award.id or f'not issued yet, {award.record}'}")


def _with_last_day(target: Any, fields: dict[str, Any], yes: bool) -> dict[str, Any]:
    """On a terminal the last day is asked for where the achievement does not say how long it holds."""
    from site_builder.authoring.corrections import proposed_last_day

    if "expires" in fields or yes or not sys.stdin.isatty():
        return fields
    try:
        day = proposed_last_day(target, date.fromisoformat(fields["date"]))
    except ValueError:
        return fields  # what is wrong with the date is said with the record
    if day is None:
        return fields
    return fields | {"expires": click.prompt("Last valid day, or never", default=day.isoformat(), err=True)}


def _confirm(yes: bool, *, as_json: bool) -> None:
    """Raises UsageError where nobody can be asked, and Error when the answer is no."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nothing was written: on a terminal you are asked; in a script, say --yes")
    if not click.confirm("Write this?", err=True):
        raise Error("nothing was written")


# --- printing ---------------------------------------------------------------------------------------------------------


def _show(proposal: Any) -> None:
    """What was found, what changes, and the record, for people."""
    award = proposal.target.listed
    click.echo(f"{award.name}: {award.achievement}, awarded {award.awarded}, {award.state}")
    click.echo(f"  {award.url}" + (f"\n  {award.record}" if award.record else ""))
    if proposal.differences:
        click.echo("")
        _print_differences(proposal.differences)
    click.echo(f"\n{proposal.file}")
    for line in proposal.text.splitlines():
        click.echo(f"  {line}".rstrip())
    click.echo("")
    for note in proposal.notes:
        say(note)


def _print_differences(differences: Sequence[Any]) -> None:
    for difference in differences:
        click.echo(f"{difference.field}:")
        click.echo(f"  old  {difference.old or '(nothing)'}")
        click.echo(f"  new  {difference.new or '(nothing)'}")


_MAX_LINES = 20
_HEADINGS = {
    "still_named_in": "Still named today, in files that stay (for you to look at: other awards, comments, pages):",
    "out_of_reach": "What this cannot reach:",
}


def _say_next(proposal: Any, *, dry_run: bool, as_json: bool) -> None:
    if not as_json and not dry_run:
        click.echo(f"wrote {proposal.file}")
        for path, content in proposal.edits.items():
            click.echo(f"{'deleted' if content is None else 'changed'} {path}")
    if not as_json:
        _print_afterwards(proposal.afterwards)
    if dry_run:
        return say("Nothing was written (--dry-run).")
    say(f"Next: {', then '.join(proposal.next_steps)}")


def _print_afterwards(afterwards: Mapping[str, Sequence[str]]) -> None:
    for name, heading in _HEADINGS.items():
        if afterwards.get(name):
            click.echo(f"\n{heading}")
            more = len(afterwards[name]) - _MAX_LINES
            for line in [*afterwards[name][:_MAX_LINES], *([f"and {plural(more, 'place')} more"] if more > 0 else [])]:
                click.echo(f"- {line}")
    if afterwards.get("history"):
        click.echo("\nTo take it out of the history, once 'laurels issue' has run and all is committed and pushed:")
        for line in afterwards["history"]:
            click.echo(f"  {line}")
