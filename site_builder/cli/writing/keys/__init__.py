"""The commands keys: new, rotate, list, check, retire, compromised, lost."""

from __future__ import annotations

import click

from site_builder.cli.writing.keys.check import keys_check
from site_builder.cli.writing.keys.compromised import keys_compromised
from site_builder.cli.writing.keys.list import keys_list
from site_builder.cli.writing.keys.lost import keys_lost
from site_builder.cli.writing.keys.new import keys_new
from site_builder.cli.writing.keys.retire import keys_retire
from site_builder.cli.writing.keys.rotate import keys_rotate

__all__ = ["keys"]


@click.group()
def keys() -> None:
    """Signing keys: laurels keys new harbour"""


for _command in (keys_new, keys_rotate, keys_list, keys_check, keys_retire, keys_compromised, keys_lost):
    keys.add_command(_command)
