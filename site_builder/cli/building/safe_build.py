"""A build that runs nothing of the repository: for a change that nobody has read yet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.cli.shell import say
from site_builder.errors import Error, Problem

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

__all__ = ["safe_config"]


def safe_config(root: Path, *, strict: bool) -> MkDocsConfig:
    """The settings for MkDocs, made of plain data: its own loader never sees the file. Says what is left out.

    Raises Error when this very program is one of the repository's files, or when its settings cannot be read."""
    from mkdocs.config.defaults import MkDocsConfig

    from site_builder.ledger.review.safe_settings import safe_settings
    from site_builder.records.settings.files import settings_below
    from site_builder.records.settings.site_config import read_site_config

    _require_other_program(root)
    problems: list[Problem] = []
    site, chain = read_site_config(root, problems), settings_below(root, [])
    if problems:
        raise Error("\n".join(["nothing was built: the settings have problems", *map(str, problems)]))
    safe = safe_settings(chain[0], name=site.name, base=site.base)
    for line in safe.left_out:
        say(f"left out of a safe build: {line}")
    config = MkDocsConfig(config_file_path=str(root.resolve() / "mkdocs.yml"))
    config.load_dict({**safe.values, "strict": strict or safe.values["strict"]})
    errors, warnings = config.validate()
    if errors or (config.strict and warnings):
        raise Error("\n".join(f"mkdocs.yml: {name}: {what}" for name, what in [*errors, *warnings]))
    return config


def _require_other_program(root: Path) -> None:
    """Refuses to go on if Python would take modules from the repository: then its code runs already."""
    here = _top_of_repository(root.resolve())
    # "" is the folder in which the command was started.
    inside = next((path for path in (*sys.path, __file__) if Path(path or ".").resolve().is_relative_to(here)), None)
    if inside is not None:
        what = f"a safe build runs no code of the repository, and this program takes code from it ({inside or 'this folder'})"
        fix = (
            "run Laurels from elsewhere, such as a second folder with the published branch: manual, Host, The workflows"
        )
        raise Error(f"{what}\n  fix: {fix}")


def _top_of_repository(root: Path) -> Path:
    """The folder of the git repository in which a site lies: a stranger's change may bring files to all of it."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
