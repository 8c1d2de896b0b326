"""How our commands start MkDocs: with settings whose text was read first, without secrets, and with its errors as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from site_builder.errors import Error
from site_builder.secret_variables import secrets_set_aside

__all__ = ["mkdocs_run"]


@contextmanager
def mkdocs_run(root: Path) -> Iterator[str]:
    """The path of the settings, for as long as MkDocs runs.

    Raises Error for settings that it may not read: what a tag says happens while they are read, before any plugin is asked."""
    from mkdocs.exceptions import Abort, MkDocsException

    from site_builder.records.load.settings_files import SETTINGS
    from site_builder.records.load.settings_rules import check_settings
    from site_builder.site.output.staged_site import not_built

    if not (root / SETTINGS).is_file():
        raise Error("there is no mkdocs.yml here: run this in the folder that holds it, or name that folder with -C")
    problems = check_settings(root)
    if problems:
        raise Error("\n".join([*map(str, problems), "nothing was built: MkDocs does not read such settings"]))
    try:
        with secrets_set_aside():
            yield str(root / SETTINGS)
    except (MkDocsException, Abort) as error:
        raise Error(str(error)) from error
    except OSError as error:
        raise Error(not_built(error)) from error
