"""The settings of a build that runs nothing of the repository: those that a site needs, as plain data, and no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from site_builder.ledger.review.settings_findings import (
    HARMLESS_EXTENSIONS,
    OWN_PLUGINS,
    SEARCH_OPTIONS,
    items_of,
    tag_name,
)
from site_builder.records.settings.files import SettingsFile
from site_builder.wording import in_one_line

__all__ = ["SafeSettings", "safe_settings"]

# Words and lists of words that neither start a program nor name a file outside of content/pages.
_PLAIN = (
    "nav",
    "exclude_docs",
    "site_description",
    "site_author",
    "copyright",
    "not_in_nav",
    "draft_docs",
    "validation",
)
# Those that a build has whatever the file says, or that mean nothing to one.
_FIXED = ("site_name", "site_url", "docs_dir", "use_directory_urls", "strict", "dev_addr", "watch")
_YES = ("true", "yes", "on")


@dataclass(frozen=True)
class SafeSettings:
    """values: for MkDocs, as its own loader would give them. left_out: a line for each thing that the file says and is not done."""

    values: Mapping[str, Any]
    left_out: tuple[str, ...]


def safe_settings(settings: SettingsFile, *, name: str, base: str) -> SafeSettings:
    """What of mkdocs.yml a build may take that was written by anybody. name, base: the site's, as the check reads them."""
    said = settings.content.value
    tags = _tags(settings)
    values: dict[str, Any] = {"site_name": name, "site_url": base, "docs_dir": "content/pages"}
    values |= {key: said[key] for key in _PLAIN if said.get(key) and key not in tags and _is_harmless(key, said[key])}
    plugins, extensions = _kept(settings, "plugins"), _kept(settings, "markdown_extensions")
    values["strict"] = str(said.get("strict", "")).lower() in _YES
    values["plugins"] = [{item: _search_options(plugins[item])} if item == "search" else item for item in plugins]
    values["markdown_extensions"] = [{item: options} if options else item for item, options in extensions.items()]
    return SafeSettings(values, tuple(dict.fromkeys(_left_out(settings, tags, values))))


def _is_harmless(name: str, value: Any) -> bool:
    """Whether a plain setting may be taken: a pattern with ! would publish hidden files."""
    return name != "exclude_docs" or "!" not in value


def _tags(settings: SettingsFile) -> dict[str, str]:
    """The first tag within each setting at the top of the file."""
    found: dict[str, str] = {}
    for setting in settings.content.settings:
        if setting.tags and setting.path:
            found.setdefault(str(setting.path[0]), tag_name(setting.tags[-1]))
    return found


def _is_kept(name: str, item: str) -> bool:
    if name == "plugins":
        return item in OWN_PLUGINS
    return item.removeprefix("markdown.extensions.") in HARMLESS_EXTENSIONS


def _kept(settings: SettingsFile, name: str) -> dict[str, Any]:
    """The entries of a list that run no program of others, in their order, with their options; none for one with a tag."""
    kept: dict[str, Any] = {}
    for item, said in items_of(settings, name):
        if _is_kept(name, item):
            has_tag = any(setting.tags for setting in said)
            kept[item] = {} if has_tag else _options(settings.content.value[name], item)
    return kept


def _options(entries: Any, item: str) -> Any:
    """What a list or a mapping of names says of one of them."""
    found = [entries] if isinstance(entries, dict) else [entry for entry in entries if isinstance(entry, dict)]
    return next((entry[item] for entry in found if entry.get(item)), {})


def _search_options(options: Any) -> dict[str, Any]:
    known = {key: options[key] for key in SEARCH_OPTIONS if key in options} if isinstance(options, dict) else {}
    length = known.get("min_search_length")
    return known | ({"min_search_length": int(length)} if isinstance(length, str) and length.isdecimal() else {})


def _left_out(settings: SettingsFile, tags: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[str]:
    lines = {setting.path[0]: setting.line for setting in settings.content.settings if len(setting.path) == 1}
    for name in settings.content.value:
        place = f"{settings.file}:{lines.get(name, 1)}: {in_one_line(name)}"
        if name in ("plugins", "markdown_extensions"):
            yield from (f"{place}: {in_one_line(what)}" for what in _left_out_items(settings, name))
        elif name in tags:
            yield f"{place}: {in_one_line(tags[name])} is not followed"
        elif name not in values and name not in _FIXED and not _says_nothing(name, settings.content.value[name]):
            yield place


def _left_out_items(settings: SettingsFile, name: str) -> Iterable[str]:
    for item, said in items_of(settings, name):
        if not _is_kept(name, item):
            yield item
        elif any(setting.tags for setting in said):
            yield f"the options of {item}, for a tag in them"
        elif item == "search" and "prebuild_index" in {step for setting in said for step in setting.path}:
            yield "prebuild_index of search"


def _says_nothing(name: str, value: Any) -> bool:
    """Whether a setting changes nothing: the look is Laurels' own, and the site's folder site/."""
    theme = value.get("name", "") if isinstance(value, dict) else value
    is_plain_theme = (
        name == "theme" and theme in ("mkdocs", "null", "") and (not isinstance(value, dict) or len(value) == 1)
    )
    return not value or is_plain_theme or (name == "site_dir" and str(value).rstrip("/") == "site")
