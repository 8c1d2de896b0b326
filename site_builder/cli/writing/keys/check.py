"""The command keys check."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.shell import as_json_option, print_json, shell_output, show, this_machine

if TYPE_CHECKING:
    from site_builder.issuing.keys.check import KeyCheck

__all__ = ["keys_check"]


@click.command("check")
@click.argument("issuer")
@click.option("--key-file", type=click.Path(path_type=Path), help="The file that holds the private key.")
@click.option("--site", type=click.Path(path_type=Path), help="The folder of the built site (usually: site).")
@click.option("--online", is_flag=True, help="Fetch the published key document too.")
@as_json_option("The checks")
@click.pass_obj
def keys_check(root: Path, /, issuer: str, as_json: bool, online: bool, **options: Any) -> None:
    """Check that the signing key is at hand and fits: laurels keys check harbour

    Signs a probe, and compares did.json with keys.yml. Exit code 1 when something does not fit."""
    checks = _check(root, issuer, online=online, **options)
    if as_json:
        print_json([check.__dict__ for check in checks])
    else:
        for check in checks:
            show(f"{check.name}, {check.result.replace('_', ' ')}: {check.sentence}")
    sys.exit(0 if all(check.result in ("passed", "not_checked") for check in checks) else 1)


def _check(root: Path, issuer: str, *, online: bool, key_file: Path | None, site: Path | None) -> list[KeyCheck]:
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
