"""The MkDocs plugin: a shell around `publish`. MkDocs renders content/pages, Laurels everything else."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException, PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Link, Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.theme import Theme
from mkdocs.utils import CountHandler

from site_builder.disk import named
from site_builder.errors import Error, Problem, Progress, no_progress
from site_builder.ledger.checks.repository import check_repository, reuse_unchanged
from site_builder.ledger.checks.status_lists import outdated_lists
from site_builder.ledger.history.inputs import Inputs, read_inputs
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.key_documents import copying_lines, key_documents_elsewhere
from site_builder.ledger.verified.cache import VerifiedCache
from site_builder.records.load.page_templates import PAGE_TEMPLATES, template_line, wrong_template
from site_builder.records.load.pages_folder import may_be_published
from site_builder.records.settings.theme_folders import check_custom_theme
from site_builder.secret_variables import secrets_in, secrets_kept_back
from site_builder.site.context import Site
from site_builder.site.incremental.generation import Incremental
from site_builder.site.incremental.inputs import code_digest
from site_builder.site.incremental.pages_made import PagesMade
from site_builder.site.incremental.plain_settings import depends_on_files_alone
from site_builder.site.incremental.previews import wants_drafts
from site_builder.site.manual_text import Neighbour, make_scrollable, split_title
from site_builder.site.output.search import search_output
from site_builder.site.output.staged_site import LastGood, StagedSite, not_built, write_files
from site_builder.site.pages.drafts import DRAFTS
from site_builder.site.pages.home import home_input
from site_builder.site.publish import publish
from site_builder.site.serve.live_reload import EMPTY_PAGE, LiveReload
from site_builder.site.theme import compiled_templates, template_environment, theme_folder
from site_builder.wording import VisibleLog, visible

__all__ = ["LaurelsPlugin"]

log = logging.getLogger("mkdocs.plugins.laurels")
_VISIBLE = VisibleLog()
# What a command gives the plugin.
_GIVEN = (
    "drafts_wanted",
    "known",
    "cache",
    "history_required",
    "inputs",
    "may_be_last",
    "is_incremental",
    "progress",
    "say",
)
_WATCHED = ("content/records", "content/signed", "issuers", "badges")


class LaurelsOptions(Config):  # type: ignore[no-untyped-call]
    """Laurels has no options of its own: it is set by the records, and by the site's name and address."""


class _Look(Theme):
    """Our theme. asked: the one that mkdocs.yml names: its own plugins look there for words and options, and nothing of it is copied."""

    def __init__(self, asked: Theme) -> None:
        super().__init__(
            name=None,
            custom_dir=str(theme_folder()),
            static_templates=["404.html"],
            search_index_only=True,
            include_search_page=False,
        )
        for name, value in asked.items():
            self.setdefault(name, value)
        self._asked = [folder for folder in asked.dirs if folder != asked.custom_dir]

    def get_env(self) -> Environment:
        """The environment of the templates; ours come first."""
        env = super().get_env()
        env.loader = FileSystemLoader([*self.dirs, *self._asked])
        return env


class LaurelsPlugin(BasePlugin[LaurelsOptions]):  # type: ignore[no-untyped-call]
    """Builds the whole site into a new folder and swaps it in when it is complete."""

    is_serving = False
    with_drafts = False
    # Set by a command that has an option for it; else the environment decides.
    drafts_wanted: bool | None = None
    # What a command that has checked the repository knows of it; believed if no file has changed since.
    known: CheckedRepository | None = None
    # What was verified before; `laurels build` gives it, `mkdocs build` verifies everything.
    cache: VerifiedCache | None = None
    # Whether it is a mistake that not all of what was published can be compared.
    history_required = False
    progress: Progress = staticmethod(no_progress)
    say: Callable[[str], None] = staticmethod(log.info)
    checked: CheckedRepository
    site: Site
    generation: StagedSite | None = None
    # All that lies in the repository, read before it was checked; None while nothing is known of it.
    inputs: Inputs | None = None
    # Whether the next build may be left out when nothing has changed: set by the command that knows how to do that.
    may_be_last = False
    # Whether pages may be taken from the last build, and the next one may go on from this.
    is_incremental = True
    navigation: Navigation
    # The folder of a theme of the repository's own, whose templates a page may ask for.
    own_templates: Path | None = None
    failure = ""
    # Nothing could be built since `mkdocs serve` began: an empty site is served until the problems are mended.
    is_waiting = False
    was_built = False

    @cached_property
    def last_good(self) -> LastGood:
        """The site that was served before, kept while a new one is built."""
        return LastGood()

    def load_config(self, options: dict[str, Any], config_file_path: str | None = None) -> Any:
        """Refuses to be there where keys are: MkDocs gives a variable to whoever names it in mkdocs.yml.

        This is the first that MkDocs asks of a plugin, before it says what is in its settings."""
        for name in _GIVEN:
            # MkDocs keeps the plugin for every build of a process; what a command gave it was for one.
            self.__dict__.pop(name, None)
        if names := ", ".join(sorted(name for name, value in secrets_in(os.environ).items() if value)):
            raise PluginError(
                f"the environment has {names}, which MkDocs could publish: run 'laurels build' or 'laurels serve' instead, which keep "
                "secrets from it, or run this without them"
            )
        return super().load_config(options, config_file_path)

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remembers whether this is `mkdocs serve`, which keeps its own temporary folder."""
        for handler in logging.getLogger("mkdocs").handlers:
            # MkDocs names pages and what stands in them as a stranger wrote it.
            handler.addFilter(_VISIBLE)
        self.is_serving = command == "serve"
        self.with_drafts = (
            wants_drafts(os.environ, is_serving=self.is_serving) if self.drafts_wanted is None else self.drafts_wanted
        )

    # Before every other plugin: search looks at the theme in its own on_config.
    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Checks the repository, puts the theme in place, and redirects the build before MkDocs empties the old site."""
        root = Path(config.config_file_path).parent
        if Path(config.config_file_path).name != "mkdocs.yml":
            raise PluginError("the settings must stand in mkdocs.yml: what is signed depends on that file alone")
        self._use_theme(config, root)
        if not self.is_serving:
            # Before the records are read: whoever builds after another builds from what stands in them then.
            # Of the program as it is loaded: what is changed while it runs draws the next site.
            code_digest()
            self._begin_generation(config, root)
            if self.generation and self.may_be_last and self.inputs is None:
                self.inputs = read_inputs(root)
        try:
            self._check(root, config)
            self.is_waiting = False
        except PluginError as error:
            if not self.is_serving or self.was_built:
                raise
            self._wait_for_mending(str(error), config)
        return config

    def _begin_generation(self, config: MkDocsConfig, root: Path) -> None:
        def waiting() -> None:
            self.say("Another build of this site is at work; this one begins when it has ended")
            self.inputs = None

        try:
            self.generation = StagedSite(Path(config.site_dir), root=root, waiting=waiting)
        except Error as error:
            raise PluginError(visible(str(error))) from error
        except OSError as error:
            raise PluginError(visible(not_built(error))) from error
        config.site_dir = str(self.generation.folder)

    def _wait_for_mending(self, problems: str, config: MkDocsConfig) -> None:
        """Has MkDocs build nothing, so that its server begins although the records have problems."""
        log.error("%s\nThere is no site yet: mend the problems, and it appears", problems)
        self.is_waiting, self.failure = True, problems
        config.nav, config.theme.static_templates = None, set()

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """No pages while there is nothing to build them from, and no file of theirs that a check has not seen, such as a hidden one."""
        pages = Path(config.docs_dir)
        # A hidden file, such as a file manager leaves, is excluded unless exclude_docs says otherwise.
        for file in (file for file in files if file.inclusion is not InclusionLevel.EXCLUDED):
            if file.src_dir and Path(file.src_dir) == pages and not may_be_published(file.src_uri):
                what = "this would be published: everything in content/pages is"
                fix = (
                    "move it elsewhere, also if its name begins with a dot: only pages and their pictures may lie here"
                )
                raise PluginError(str(Problem(f"content/pages/{file.src_uri}", 0, "FIL001", what, fix)))
        return Files([]) if self.is_waiting else files

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Keeps what is served, in case that this build fails: MkDocs empties the folder next."""
        if self.is_serving:
            self.last_good.set_aside(Path(config.site_dir))

    def _check(self, root: Path, config: MkDocsConfig) -> None:
        if not config.use_directory_urls:  # also an option of the command line
            raise PluginError("use_directory_urls may not be switched off: published addresses end in a slash")
        self.checked = reuse_unchanged(root, self.known) or check_repository(root, inputs=self.inputs, cache=self.cache)
        if self.cache is not None:
            self.cache.save()
        remembered = self.checked.remembered
        if self.history_required and remembered.lacking:
            raise PluginError(remembered.lacking)
        if remembered.unseen:
            self.say(remembered.unseen)
        problems = [str(problem) for problem in [*self.checked.problems, *outdated_lists(self.checked)]]
        if problems:
            raise PluginError("\n".join(["the records have problems", *problems]))
        self.site = Site(self.checked)

    def _use_theme(self, config: MkDocsConfig, root: Path) -> None:
        own = config.theme.custom_dir
        self.own_templates = Path(own) if own else None
        config.theme = _Look(config.theme)
        if own:
            # The folder that it is in the end: the check of the repository reads no tags.
            problems = check_custom_theme(root, os.path.relpath(own, root))
            if problems:
                raise PluginError("\n".join(map(str, problems)))
            config.theme.dirs.insert(0, own)

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Templates escape everything and know every name, as those of `publish` do; a page asks for none that cannot show it."""
        for file in files.documentation_pages():
            self._check_template(file)
        env.autoescape, env.undefined = True, StrictUndefined
        env.trim_blocks = env.lstrip_blocks = True
        env.bytecode_cache = env.bytecode_cache or compiled_templates()
        env.globals |= template_environment().globals
        return env

    def _check_template(self, file: File) -> None:
        named = file.page.meta.get("template", PAGE_TEMPLATES[0]) if file.page else PAGE_TEMPLATES[0]
        is_own = isinstance(named, str) and self.own_templates and (self.own_templates / named).is_file()
        if named not in PAGE_TEMPLATES and not is_own:
            _, line = template_line(file.content_bytes) or ("", 0)
            raise PluginError(str(wrong_template(f"content/pages/{file.src_uri}", line, str(named))))

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Remembers the manual's contents."""
        self.navigation = nav
        return nav

    def on_page_context(  # type: ignore[override]  # MkDocs' own type knows only its own names
        self, context: dict[str, Any], *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> dict[str, Any]:
        """What the templates of the manual and the home page need."""
        title = str(page.title or config.site_name)
        name = config.site_name
        context["frame"] = self.site.facts.frame(
            page.url if page.url != "./" else "",
            title=name if page.is_homepage else f"{title} · {name}",
            description=str(page.meta.get("description", name)),
        )
        # MkDocs has rendered the page from the repository's own Markdown.
        heading, text = split_title(make_scrollable(page.content or ""))
        context["heading"], context["text"] = Markup(heading), Markup(text)  # noqa: S704
        context["nav_items"] = [_nav_item(item, page) for item in nav.items if not getattr(item, "is_homepage", False)]
        context["contents"] = [(unescape(item.title), item.url) for top in page.toc for item in top.children]
        context["previous"], context["next"] = (
            _neighbour(other, page) for other in (page.previous_page, page.next_page)
        )
        if page.meta.get("template") == "home.html":
            context["home"] = home_input(self.site)
        return context

    def on_template_context(  # type: ignore[override]
        self, context: dict[str, Any], *, template_name: str, config: MkDocsConfig
    ) -> dict[str, Any]:
        """The frame of the page for addresses that do not exist: shown at any depth, so its links begin at the host's root."""
        frame = self.site.facts.frame(
            "404.html", title=f"No page here · {config.site_name}", description="", indexed=False
        )
        context["frame"] = replace(frame, root=urlsplit(self.site.base).path)
        return context

    # After every other plugin: what one adds belongs to the generation, and nothing is written into a file that is linked.
    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Adds everything that MkDocs does not render, and swaps the site in unless --strict will refuse it."""
        if self.is_waiting:
            write_files(Path(config.site_dir), [("index.html", EMPTY_PAGE)])
            self.last_good.forget()
            return
        try:
            if self.generation is None:
                write_files(Path(config.site_dir), self._files(config))
            else:
                self._finish(self.generation, config)
                self.generation = None
        except OSError as error:
            raise PluginError(visible(not_built(error))) from error
        except Error as error:
            raise PluginError(str(error)) from error
        self._say_drafts(config)
        self.last_good.forget()
        self.failure, self.was_built = "", True

    def _files(self, config: MkDocsConfig, made: PagesMade | None = None) -> Iterable[tuple[str, bytes]]:
        """All that is to be written, looked through for secrets, as what MkDocs has written is before the first of it."""
        pages = [str(page.url).removeprefix("./") for page in self.navigation.pages]
        drafts = self.with_drafts
        files = publish(self.checked, extra_pages=pages, with_drafts=drafts, progress=self.progress, made=made)
        return search_output(Path(config.site_dir), files, secrets=secrets_kept_back())

    def _finish(self, generation: StagedSite, config: MkDocsConfig) -> None:
        (generation.folder / "sitemap.xml.gz").unlink(missing_ok=True)
        keeps = self.is_incremental and not self.with_drafts
        # Every file must be looked through for a secret that was not there at the last build.
        reuses = keeps and not any(secrets_kept_back().values())
        build = Incremental(Path(config.config_file_path).parent, generation, reuses=reuses)
        generation.write(self._files(config, build.made))
        config.site_dir = str(generation.site)
        if config.strict and _warnings():
            log.warning("the old site stays in place")
            generation.discard()
            return
        said = copying_lines(self.checked.repository, site=generation.site.name)
        if keeps:
            build.finish(inputs=self._all_inputs(config), said=said, **self.facts())
        else:
            build.finish_for_a_look()
        for line in said:
            self.say(line)

    def _all_inputs(self, config: MkDocsConfig) -> Inputs | None:
        """What was read, if this build depends on nothing else and had nothing to tell that the next one would tell again."""
        is_all = self.may_be_last and depends_on_files_alone(config, own_templates=self.own_templates)
        is_all = is_all and not self.checked.remembered.lacking
        return self.inputs if is_all and not _warnings() else None

    def facts(self) -> dict[str, Any]:
        """What the command tells of a build, for one that finds nothing to do."""
        keys = [document.as_json() for document in key_documents_elsewhere(self.checked.repository)]
        pending = {"rows": len(self.checked.pending_rows), "changes": len(self.checked.pending_changes)}
        return {"pending": pending, "key_documents": keys}

    def _say_drafts(self, config: MkDocsConfig) -> None:
        if self.with_drafts and self.is_serving:
            log.info("Drafts of what is not signed yet: %s%s", config.site_url, DRAFTS)
        elif self.with_drafts:
            log.info("This site holds drafts: it is for a look, and not to be published")

    def on_build_error(self, *, error: Exception) -> None:
        """A build that failed leaves nothing behind but the old site."""
        self.failure = str(error)
        self.last_good.put_back()
        if self.generation is not None:
            folder = self.generation.folder
            self.generation.discard()
            self.generation = None
            if isinstance(error, OSError):
                # MkDocs was writing a page, and would end in a traceback that does not say where.
                raise PluginError(visible(not_built(named(error, folder)))) from error

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> Any:
        """Builds again when a record, an issuer, an achievement or the look changes, and goes on when that fails."""
        root = Path(config.config_file_path).parent
        # The last of a theme's folders is MkDocs' own.
        folders = [*(root / folder for folder in _WATCHED), *map(Path, config.theme.dirs[:-1])]
        for folder in folders:
            if folder.is_dir():
                server.watch(str(folder))
        live = LiveReload(server.serve_request)
        live.problems = self.failure
        server.set_app(live)
        server.builder = self._patient(builder, live)
        return server

    def _patient(self, builder: Callable[[], None], live: LiveReload) -> Callable[[], None]:
        """A builder that a mistake in a file does not stop: it says what is wrong, and the last good site stays."""

        def build() -> None:
            try:
                builder()
                live.problems = self.failure
            except Exception as error:  # whatever it is, the next change may mend it
                if not isinstance(error, MkDocsException):
                    log.exception("the site could not be built")
                live.problems = self.failure or str(error)
                log.error("The site stays as it was before this change, until the problems are mended")

        return build

    def on_shutdown(self) -> None:
        """Leaves nothing behind."""
        self.last_good.forget()


def _warnings() -> bool:
    handlers = [handler for handler in logging.getLogger("mkdocs").handlers if isinstance(handler, CountHandler)]
    return any(handler.get_counts() for handler in handlers)


def _nav_item(item: Any, page: Page) -> dict[str, Any]:
    if isinstance(item, Section):
        return {
            "title": item.title,
            "path": None,
            "current": False,
            "children": [_nav_item(child, page) for child in item.children],
        }
    path = item.url if isinstance(item, Link) else _relative(str(item.url), page)
    return {"title": item.title or "", "path": path, "current": item is page, "children": []}


def _neighbour(other: Page | None, page: Page) -> Neighbour | None:
    if other is None or other.is_homepage:
        return None
    return Neighbour(str(other.title or ""), _relative(str(other.url), page))


def _relative(url: str, page: Page) -> str:
    depth = str(page.url).removeprefix("./").count("/")
    return ("../" * depth or "./") + url.removeprefix("./")
