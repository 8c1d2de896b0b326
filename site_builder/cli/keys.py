"""Commands for signing keys: keys new, list, check, rotate, retire, compromised, lost."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from site_builder.cli.shell import as_json_option, print_json, say, shell_output, this_machine
from site_builder.errors import UsageError
from site_builder.wording import plural

__all__ = ["keys"]


@click.group()
def keys() -> None:
    """Signing keys: laurels keys new harbour"""


def _placing(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where a new private key goes."""
    for option in (
        as_json_option("The public half"),
        click.option("--no-passphrase", "is_open", is_flag=True, help="Write a file that opens without a passphrase."),
        click.option("--print", "to_terminal", is_flag=True, help="Print the private key instead, for a CI secret."),
        click.option(
            "--file",
            type=click.Path(path_type=Path),
            help="Where to write the private key (outside of the repository).",
        ),
        click.argument("issuer"),
    ):
        command = option(command)
    return command


_dry_run = click.option("--dry-run", is_flag=True, help="Only show what would be done.")


@keys.command("new")
@_placing
@click.pass_obj
def keys_new(root: Path, /, issuer: str, **options: Any) -> None:
    """Make a signing key: laurels keys new harbour

    The public half is added to issuers/ISSUER/keys.yml. The private half goes to a file that only you can read, locked with a
    passphrase, which is asked for or stands in the variable LAURELS_PASSPHRASE_ISSUER."""
    _make(root, issuer, rotate=False, **options)


@keys.command("rotate")
@_placing
@click.pass_obj
def keys_rotate(root: Path, /, issuer: str, **options: Any) -> None:
    """Replace the active key by a new one: laurels keys rotate harbour

    The old key is retired: it signs nothing more, and what it signed keeps verifying. The old private key is not needed."""
    _make(root, issuer, rotate=True, **options)


def _make(root: Path, issuer: str, *, as_json: bool, rotate: bool, **where: Any) -> None:
    from site_builder.issuing.keys.command import KeySource, keys_new_command

    place = KeySource(**where)
    if place.to_terminal and as_json:
        raise UsageError("either --print or --json: the private key is one line, and stands in nothing else")
    made = keys_new_command(
        root,
        issuer,
        place=place,
        machine=this_machine(),
        output=shell_output(),
        rotate=rotate,
    )
    if place.to_terminal:
        click.echo(made.line)
    if as_json:
        print_json(made.as_json())


def _today() -> date:
    return datetime.now(UTC).date()


@keys.command("list")
@click.argument("issuer", required=False)
@as_json_option("The keys")
@click.pass_obj
def keys_list(root: Path, issuer: str | None, as_json: bool) -> None:
    """List public keys and what they signed: laurels keys list

    Of one issuer or of all: state, days, fingerprint, and how many credentials and revocation lists each key signed."""
    from site_builder.issuing.keys.command import keys_list_command

    uses = keys_list_command(root, issuer, output=shell_output())
    if as_json:
        print_json([use.as_json() for use in uses])
        return
    for use in uses:
        click.echo("\n".join(_key_lines(use)))
    say(plural(len(uses), "key"))


def _key_lines(use: Any) -> list[str]:
    from site_builder.credentials.identifiers.multikey import fingerprint

    key = use.key
    days = f"{key.created} to {key.until}" if key.until else f"since {key.created}"
    signed = f"{plural(len(use.credentials), 'credential')}, {plural(len(use.lists), 'status list')}"
    return [f"{use.issuer} {key.id}: {key.state}, {days}; {signed}", f"  {fingerprint(key.publicKeyMultibase)}"]


@keys.command("check")
@click.argument("issuer")
@click.option("--key-file", type=click.Path(path_type=Path), help="The file that holds the private key.")
@click.option("--site", type=click.Path(path_type=Path), help="The folder of the built site (usually: site).")
@click.option("--online", is_flag=True, help="Fetch the published key document too.")
@as_json_option("The checks")
@click.pass_obj
def keys_check(root: Path, /, issuer: str, as_json: bool, online: bool, **options: Any) -> None:
    """Check that the signing key is at hand and fits: laurels keys check harbour

    Signs a probe, and compares did.json with keys.yml. Exit code 1 when something does not fit."""
    checks = _checked(root, issuer, online=online, **options)
    if as_json:
        print_json([check.__dict__ for check in checks])
    else:
        for check in checks:
            click.echo(f"{check.name}, {check.result.replace('_', ' ')}: {check.sentence}")
    sys.exit(0 if all(check.result in ("passed", "not_checked") for check in checks) else 1)


def _checked(root: Path, issuer: str, *, online: bool, key_file: Path | None, site: Path | None) -> list[Any]:
    from site_builder.issuing.keys.command import keys_check_command
    from site_builder.verification.evidence import fetch

    return keys_check_command(
        root,
        issuer,
        site=site or root / "site",
        key_file=key_file,
        fetch=fetch.fetch_https if online else None,
        machine=this_machine(),
        output=shell_output(),
    )


@keys.command("retire")
@click.argument("issuer")
@click.argument("key")
@_dry_run
@click.pass_obj
def keys_retire(root: Path, issuer: str, key: str, dry_run: bool) -> None:
    """End a key that nobody else has: laurels keys retire harbour key-1

    It signs nothing more; what it signed keeps verifying. To have a new one at once: laurels keys rotate."""
    ended = _end(root, issuer, key, state="retired", dry_run=dry_run)
    say(f"What it signed keeps verifying: {plural(len(ended.use.credentials), 'credential')}.")
    if ended.needs_new_key:
        say(f"Until there is a new key nothing can be signed: laurels keys new {issuer}")


def _end(root: Path, issuer: str, key: str, *, state: str, dry_run: bool) -> Any:
    from site_builder.issuing.keys.command import end_key_command

    return end_key_command(root, issuer, key, state=state, today=_today(), dry_run=dry_run, output=shell_output())


@keys.command("compromised")
@click.argument("issuer")
@click.argument("key")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day from which somebody else may have had it; it only sorts.",
)
@_dry_run
@as_json_option("What the key signed")
@click.pass_obj
def keys_compromised(root: Path, issuer: str, key: str, since: datetime | None, dry_run: bool, as_json: bool) -> None:
    """End a key that somebody else may have: laurels keys compromised harbour key-1 --since 2026-05-01

    Nothing that it signed is accepted any more, whatever its date. Lists every credential that it signed, for you to look through;
    those that stand are signed anew with a new key. --since only sorts that list: a thief can write any date."""
    ended = _end(root, issuer, key, state="compromised", dry_run=dry_run)
    _print_review(ended, since.date() if since else None, as_json=as_json)


def _print_review(ended: Any, since: date | None, *, as_json: bool) -> None:
    from site_builder.issuing.keys.advice import next_steps, review_lines
    from site_builder.ledger.queries.key_use import for_review

    found = for_review(ended.use.credentials, since)
    steps = next_steps(ended.use, needs_new_key=ended.needs_new_key)
    if as_json:
        credentials = [entry.as_json() for entry in found]
        print_json({"key": ended.use.key.id, "credentials": credentials, "next": steps})
        return
    for line in review_lines(found):
        click.echo(line)
    _say_next(len(found), steps)


def _say_next(count: int, steps: list[str]) -> None:
    if count:
        say(
            f"Look through {'this credential' if count == 1 else f'these {count} credentials'}: did you issue each one?"
        )
        say("Revoke what you did not issue (laurels revoke). Then, so that the others are accepted again:")
    else:
        say("It signed no credential that lies here. Next:")
    for step in steps:
        say(f"  {step}")


@keys.command("lost")
@click.argument("issuer")
@click.pass_obj
def keys_lost(root: Path, issuer: str) -> None:
    """Say what to do when a private key is gone: laurels keys lost harbour

    Changes nothing: says what still verifies, what cannot be done, and which commands help."""
    from site_builder.issuing.keys.advice import lost_key_lines
    from site_builder.issuing.keys.command import known_issuer, require_sound_keys

    state = require_sound_keys(root, issuer, output=shell_output())
    for line in lost_key_lines(state, known_issuer(state, issuer), environment=os.environ):
        click.echo(line)
