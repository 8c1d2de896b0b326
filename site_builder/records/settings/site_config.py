"""What Laurels reads of mkdocs.yml: as plain text, since MkDocs' server overwrites site_url and the file may hold tags of others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from site_builder.errors import Problem
from site_builder.records.fields.web_address import check_https
from site_builder.records.settings.files import SETTINGS, Setting, settings_below
from site_builder.records.settings.rules import secrets_in_settings

__all__ = ["SiteConfig", "read_site_config", "unusable_base"]

_DOCS_DIR = "content/pages"


@dataclass(frozen=True)
class SiteConfig:
    """name: the site's. base: site_url, https, with a trailing slash. base_line: the line of site_url."""

    name: str = ""
    base: str = ""
    base_line: int = 1


def read_site_config(root: Path, problems: list[Problem]) -> SiteConfig:
    """The site's settings; what is missing or unusable becomes a problem."""
    known = len(problems)
    chain = settings_below(root, problems)
    problems += secrets_in_settings(chain)
    if not chain:
        if len(problems) == known:
            fix = "run this in the folder that holds mkdocs.yml"
            problems.append(Problem(SETTINGS, 0, "FIL006", "there is no mkdocs.yml here", fix))
        return SiteConfig()
    values, lines = chain[0].content.value, _lines(chain[0].content.settings)

    def complain(what: str, fix: str) -> None:
        line = lines.get(what.split(" ")[0].strip("'"), 1)
        problems.append(Problem(SETTINGS, line, "CFG001", what, fix))

    base = _base(values.get("site_url"), complain)
    name = values.get("site_name")
    if not isinstance(name, str) or not name:
        complain("site_name is missing", "add a line 'site_name: …'")
    if values.get("docs_dir") != _DOCS_DIR:
        complain("docs_dir must be content/pages", "write 'docs_dir: content/pages'; everything in it is published")
    if str(values.get("use_directory_urls", "true")).lower() in ("false", "no", "off"):
        complain("use_directory_urls may not be switched off", "delete the line; published addresses end in a slash")
    if "INHERIT" in values:
        complain("INHERIT may not be used", "write all settings into this file: what is signed depends on it alone")
    if not _names_laurels(values.get("plugins")):
        complain("plugins does not name laurels", "write 'plugins: [search, laurels]'")
    return SiteConfig(name if isinstance(name, str) else "", base, lines.get("site_url", 1))


def _base(url: Any, complain: Any) -> str:
    if not url:
        complain("site_url is missing", "add a line such as 'site_url: https://badges.example.org/'")
        return ""
    reason = unusable_base(url) if isinstance(url, str) else "is not an address but a list or a mapping"
    if reason:
        complain(
            f"site_url {reason}",
            "write the address at which the site will be read, such as https://badges.example.org/",
        )
        return ""
    return str(url) if url.endswith("/") else f"{url}/"


# What can stand in a did:web as well: lower case, plain path segments. Source: did:web Method Specification, Method-specific identifier.
_PATH = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?")


def unusable_base(url: str) -> str:
    """Why an address cannot be a site's, as the end of a sentence about it; "" when it can. A slash at its end is not needed."""
    reason = check_https(url)
    if reason:
        return reason
    if "?" in url or "#" in url:
        return "has a ? or # in it"
    if url.endswith(":443") or ":443/" in url:
        return "names the port that https has anyway, :443"
    host, slash, path = url.removeprefix("https://").partition("/")
    if host != host.lower() or host.endswith(":"):
        return "has capital letters in its host name, or ends it with a colon"
    is_plain = _PATH.fullmatch(slash + path) is not None
    return "" if is_plain else "has something else than letters, digits, - and _ behind the host"


def _names_laurels(plugins: Any) -> bool:
    """Whether a list or a mapping of plugins has ours, with options or without."""
    entries = plugins if isinstance(plugins, list | dict) else []
    return any("laurels" in entry if isinstance(entry, dict) else entry == "laurels" for entry in entries)


def _lines(settings: Iterable[Setting]) -> dict[str, int]:
    """The line of each name at the top of a file."""
    return {
        str(setting.path[0]): setting.line for setting in settings if setting.kind == "key" and len(setting.path) == 1
    }
