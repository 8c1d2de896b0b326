"""The command keys list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.cli.shell import as_json_option, print_json, say, shell_output, show
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.ledger.queries.key_use import KeyUse

__all__ = ["keys_list"]


@click.command("list")
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
        show("\n".join(_key_lines(use)))
    say(plural(len(uses), "key"))


def _key_lines(use: KeyUse) -> list[str]:
    from site_builder.credentials.identifiers.multikey import fingerprint

    key = use.key
    days = f"{key.created} to {key.until}" if key.until else f"since {key.created}"
    signed = f"{plural(len(use.credentials), 'credential')}, {plural(len(use.lists), 'status list')}"
    return [f"{use.issuer} {key.id}: {key.state}, {days}; {signed}", f"  {fingerprint(key.publicKeyMultibase)}"]
