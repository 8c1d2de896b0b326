"""What may not stand in the settings, whatever else they say: a secret of the environment.

MkDocs puts the value of the variable that `!ENV` names into its settings, and whatever is in them can end up on a page or in a message.
Sources: MkDocs, Configuration, Environment variables; pyyaml-env-tag 1.1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from site_builder.errors import Problem, sorted_problems
from site_builder.records.load.settings_files import SettingsFile, settings_below
from site_builder.secret_variables import secret_named_in

__all__ = ["check_settings", "secrets_in_settings"]


def check_settings(root: Path) -> list[Problem]:
    """The problems for which MkDocs may not read the settings of a repository at all."""
    problems: list[Problem] = []
    chain = settings_below(root, problems)
    return sorted_problems([*problems, *secrets_in_settings(chain)])


def secrets_in_settings(chain: Iterable[SettingsFile]) -> Iterator[Problem]:
    """A problem for each value with a tag that names a secret variable, or holds a value that does.

    `!ENV` is what gives a variable's value; a `!!python/…` tag can. Text without a tag is text, whatever it says."""
    for settings in chain:
        for setting in settings.content.settings:
            named = secret_named_in(setting.text) if setting.tags else None
            if named:
                what = f"this would publish the variable {named[0]}, which holds {named[1]}"
                fix = "delete it: settings are read by every page and program of the site, and need no secret"
                yield Problem(settings.file, setting.line, "CFG003", what, fix)
