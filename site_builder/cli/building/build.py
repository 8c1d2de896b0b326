"""The command build: the whole site into the folder site/."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from site_builder.cli.building.mkdocs_run import mkdocs_run
from site_builder.cli.building.safe_build import safe_config
from site_builder.cli.options import history_option
from site_builder.cli.shell import as_json_option, print_json, progress, say
from site_builder.cli.verified_cache import cache_options, opened_cache
from site_builder.errors import Error
from site_builder.secret_variables import secrets_in
from site_builder.site.incremental.previews import wants_drafts
from site_builder.site.incremental.standing import standing_site
from site_builder.wording import plural

if TYPE_CHECKING:
    from site_builder.ledger.store.checked_repository import CheckedRepository
    from site_builder.ledger.verified.cache import VerifiedCache
    from site_builder.plugin import LaurelsPlugin
    from site_builder.site.incremental.build_state import BuildState

__all__ = ["Built", "build", "build_site"]


@dataclass(frozen=True)
class Built:
    """A built site. pending: how much is not on it since it is not signed yet. drafts_page: the page that lists drafts, if any.

    key_documents: those that somebody must put where verifiers look, as `--json` has them. found: what the build has checked, None for
    one that found nothing to do."""

    root: Path
    folder: Path
    pending: dict[str, int]
    key_documents: list[dict[str, str]]
    drafts_page: str | None = None
    found: CheckedRepository | None = None

    @cached_property
    def checked(self) -> CheckedRepository:
        """The repository of the site."""
        from site_builder.ledger.checks.repository import check_repository

        return self.found or check_repository(self.root)


@click.command()
@click.option("--strict", is_flag=True, help="Refuse a site that MkDocs warns about.")
@click.option(
    "--drafts/--no-drafts",
    default=None,
    help="With pages of what is not signed yet, for a look before signing; not to be published. "
    "Without this, LAURELS_DRAFTS=1 or a host's preview asks for them.",
)
@click.option("--safe", is_flag=True, help="Run nothing of the repository, for a change that nobody has read yet.")
@history_option
@cache_options
@as_json_option("The folder of the site, and what is not on it yet,")
@click.pass_obj
def build(
    root: Path,
    strict: bool,
    drafts: bool | None,
    safe: bool,
    history: str | None,
    as_json: bool,
    cache_folder: Path | None,
    no_cache: bool,
) -> None:
    """Build the whole site into the folder site/: laurels build

    The same as `mkdocs build`, without your keys in its environment. Needs no key, no network and no clock."""
    cache = opened_cache(root, cache_folder, no_cache=no_cache)
    built = build_site(root, strict=strict, drafts=drafts, safe=safe, cache=cache, history_required=history is not None)
    if as_json:
        print_json(_as_json(built))


def _as_json(built: Built) -> dict[str, Any]:
    drafts_page = {"drafts": built.drafts_page} if built.drafts_page else {}
    return {"site": str(built.folder), "pending": built.pending, "key_documents": built.key_documents} | drafts_page


def build_site(
    root: Path,
    *,
    strict: bool = False,
    drafts: bool | None = None,
    safe: bool = False,
    known: CheckedRepository | None = None,
    cache: VerifiedCache | None = None,
    history_required: bool = False,
) -> Built:
    """Builds the site as `mkdocs build` does, and says what is left out of it.

    drafts: None leaves it to the environment. safe: without anything that the repository could run.
    known: what a check found a moment ago, believed if no file has changed since. cache: what was verified before.
    history_required: fail where not all that was published can be compared."""
    # Nothing of a site with drafts is taken over, nor of one that leaves something out; and a secret is looked for in every file.
    drafts = wants_drafts(os.environ, is_serving=False) if drafts is None else drafts
    standing = None if drafts or safe or any(secrets_in(os.environ).values()) else standing_site(root)
    if standing and standing.is_current:
        return _say_that_nothing_has_changed(root, standing.state)
    from mkdocs.commands.build import build as build_with_mkdocs
    from mkdocs.config import load_config

    with mkdocs_run(root) as settings, _counted_warnings():
        config = safe_config(root, strict=strict) if safe else load_config(config_file=settings, strict=strict)
        plugin = cast("LaurelsPlugin | None", config.plugins.get("laurels"))
        if plugin is None:
            raise Error("mkdocs.yml does not name the plugin laurels: write 'plugins: [search, laurels]'")
        plugin.progress, plugin.say, plugin.drafts_wanted = progress("build"), say, drafts
        plugin.cache = cache
        plugin.known, plugin.history_required = known, history_required
        plugin.is_incremental, plugin.may_be_last = not safe, not (safe or drafts)
        # MkDocs keeps the plugin for every build of a process.
        plugin.inputs = standing.inputs if standing else None
        config.plugins.on_startup(command="build", dirty=False)
        build_with_mkdocs(config)
        config.plugins.on_shutdown()
    folder, facts = Path(config.site_dir), plugin.facts()
    _say_what_is_left_out(facts["pending"])
    drafts_page = _say_where_drafts_are(folder) if plugin.with_drafts else None
    return Built(root, folder, facts["pending"], facts["key_documents"], drafts_page, plugin.checked)


def _say_that_nothing_has_changed(root: Path, state: BuildState) -> Built:
    say("Nothing has changed since the last build")
    for line in state.said:
        say(line)
    _say_what_is_left_out(state.pending)
    return Built(root, Path(state.site), dict(state.pending), [dict(each) for each in state.key_documents])


@contextmanager
def _counted_warnings() -> Iterator[None]:
    """Has MkDocs count its warnings, also where none is a mistake: a build that had any is not left out, so that they are said again."""
    from mkdocs.utils import CountHandler

    counter = CountHandler(level=logging.WARNING)
    logging.getLogger("mkdocs").addHandler(counter)
    try:
        yield
    finally:
        logging.getLogger("mkdocs").removeHandler(counter)


def _say_where_drafts_are(folder: Path) -> str:
    from site_builder.site.pages.drafts import DRAFTS

    page = f"{folder}/{DRAFTS}index.html"
    say(f"This site holds drafts, which nobody has signed: it is for a look, and not to be published.\nDrafts: {page}")
    return page


def _say_what_is_left_out(pending: Mapping[str, int]) -> None:
    rows, changes = pending["rows"], pending["changes"]
    if rows or changes:
        counts = f"{plural(rows, 'award')}, {plural(changes, 'change')}"
        say(f"not published, since not signed yet: {counts}; run 'laurels issue'")
