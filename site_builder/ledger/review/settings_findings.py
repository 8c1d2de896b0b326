"""Settings that run code, in mkdocs.yml and the files that it inherits. Source: MkDocs 1.6, Configuration, and mkdocs.config.defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator

from site_builder.ledger.review.found import Finding, State, quoted
from site_builder.records.settings.files import Setting, SettingsFile

__all__ = [
    "HARMLESS_EXTENSIONS",
    "OWN_PLUGINS",
    "SEARCH_OPTIONS",
    "find_extensions",
    "find_html",
    "find_items",
    "find_plugins",
    "find_programs",
    "find_published",
    "find_tags",
    "find_theme",
    "items_of",
    "tag_name",
]

OWN_PLUGINS = ("search", "laurels")
# Options of search that are words for the reader's browser; prebuild_index would start a program.
SEARCH_OPTIONS = ("lang", "separator", "min_search_length", "indexing")
# What comes with Python-Markdown and needs no other program. Source: Python-Markdown, Officially Supported Extensions.
HARMLESS_EXTENSIONS = frozenset(
    "abbr admonition attr_list codehilite def_list extra fenced_code footnotes legacy_attrs legacy_em md_in_html meta nl2br "
    "sane_lists smarty tables toc wikilinks".split()
)
_CORE = "tag:yaml.org,2002:"
_OWN_THEMES = ("", "mkdocs", "readthedocs", "null", "~")


def items_of(file: SettingsFile, name: str) -> Iterator[tuple[str, tuple[Setting, ...]]]:
    """(name, all that is said of it) of each entry of a setting that is a list or a mapping of names, with options or without; of a
    single word, that. What a merge key brings is among them, although another value may count."""
    items: list[list[Setting]] = []
    for setting in file.content.settings:
        if setting.path[:1] != (name,) or setting.kind == "key":
            continue
        if len(setting.path) == 2 or (len(setting.path) == 1 and setting.text):
            items.append([setting])
        elif len(setting.path) > 2:
            items[-1].append(setting)
    for item in items:
        yield _name_of(item), tuple(item)


def _name_of(item: list[Setting]) -> str:
    first = item[0]
    if len(first.path) == 2 and isinstance(first.path[1], str):
        return first.path[1]
    # In a list an entry with options is a mapping of its name to them.
    keys = (str(setting.path[2]) for setting in item if len(setting.path) > 2)
    return first.text if first.kind == "text" else next(keys, "")


def _finding(file: SettingsFile, name: str, item: str, settings: tuple[Setting, ...]) -> Finding:
    return Finding(file.file, settings[0].line, f"{name}: {quoted(item)}", _value(settings))


def _value(settings: tuple[Setting, ...]) -> str:
    """All that is said of an item, wherever in its list it is."""
    own = [tuple(step for step in setting.path[1:] if isinstance(step, str)) for setting in settings]
    return repr([(path, s.kind, s.text, s.tags) for path, s in zip(own, settings, strict=True)])


def find_items(state: State, *, name: str) -> Iterator[Finding]:
    """Each entry of a setting."""
    for file in state.settings:
        for item, settings in items_of(file, name):
            yield _finding(file, name, item, settings)


def find_plugins(state: State) -> Iterator[Finding]:
    """Each plugin of others, and what lets the plugin search start a program."""
    for file in state.settings:
        for item, settings in items_of(file, "plugins"):
            words = {str(step) for setting in settings for step in setting.path}
            if item not in OWN_PLUGINS or "prebuild_index" in words:
                yield _finding(file, "plugins", item, settings)


def find_extensions(state: State) -> Iterator[Finding]:
    """Each extension of Markdown that does not come with Python-Markdown; a harmless one with a tag is found by its tag."""
    for file in state.settings:
        for item, settings in items_of(file, "markdown_extensions"):
            if item.removeprefix("markdown.extensions.") not in HARMLESS_EXTENSIONS:
                yield _finding(file, "markdown_extensions", item, settings)


def find_programs(state: State) -> Iterator[Finding]:
    """Each hook, plugin and extension of others: programs that read the pages."""
    yield from find_items(state, name="hooks")
    yield from find_plugins(state)
    yield from find_extensions(state)


def find_theme(state: State) -> Iterator[Finding]:
    """A theme of others by its name, and a folder of templates of one's own."""
    for file in state.settings:
        for setting in file.content.settings:
            is_name = setting.path in (("theme",), ("theme", "name")) and setting.text not in _OWN_THEMES
            if setting.kind == "text" and (is_name or setting.path == ("theme", "custom_dir")):
                yield _finding(file, ".".join(map(str, setting.path)), setting.text, (setting,))


def find_tags(state: State) -> Iterator[Finding]:
    """Each value that is no plain text: from the environment (!ENV), a name of Python, or whatever a tag means to a plugin."""
    for file in state.settings:
        # The container that was met last: a merge key brings another one to the same place.
        around: dict[tuple[str | int, ...], tuple[str, ...]] = {}
        for setting in file.content.settings:
            outer = around.get(setting.path[:-1], ()) if setting.path else ()
            if setting.kind in ("list", "mapping"):
                around[setting.path] = setting.tags
            for tag in setting.tags[len(outer) :]:
                place = ".".join(map(str, setting.path))
                value = repr((place, setting.kind, setting.text, setting.tags, *_inside(file, setting)))
                yield Finding(
                    file.file, setting.line, quoted(f"{place}: {tag_name(tag)} {setting.text}".strip()), value
                )


def _inside(file: SettingsFile, outer: Setting) -> list[str]:
    """The texts within a tagged list or mapping."""
    depth = len(outer.path)
    return [s.text for s in file.content.settings if s.path[:depth] == outer.path and len(s.path) > depth]


def tag_name(tag: str) -> str:
    """A tag as people write it: ``!ENV``, ``!!python/name:a.b``."""
    return f"!!{tag.removeprefix(_CORE)}" if tag.startswith(_CORE) else tag


# Settings that decide what others can read: which files are published, where the site is written, who can see it while it is served,
# and where `mkdocs gh-deploy` sends it.
_PUBLISHING = ("site_dir", "exclude_docs", "draft_docs", "dev_addr", "remote_name", "remote_branch", "watch")
_USUAL = {"site_dir": re.compile("site/?"), "dev_addr": re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\]):\d+")}


def find_published(state: State) -> Iterator[Finding]:
    """Each setting that decides what others can read, unless it says what holds without it."""
    for file in state.settings:
        for setting in file.content.settings:
            name = str(setting.path[0]) if setting.path else ""
            usual = _USUAL.get(name)
            is_usual = usual is not None and usual.fullmatch(setting.text)
            if setting.kind == "text" and name in _PUBLISHING and not is_usual:
                yield _finding(file, name, setting.text, (setting,))


def find_html(state: State, *, wanted: re.Pattern[str]) -> Iterator[Finding]:
    """Each value with HTML that runs or fetches something: an extension may put it on every page. wanted: such HTML."""
    for file in state.settings:
        for setting in file.content.settings:
            found = wanted.search(setting.text)
            if found and setting.kind != "key":
                place = ".".join(map(str, setting.path))
                yield Finding(
                    file.file, setting.line, f"{quoted(place)}: {quoted(found[0])}", repr((place, setting.text))
                )
