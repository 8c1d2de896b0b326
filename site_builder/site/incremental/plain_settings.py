"""Whether what MkDocs renders depends on the files of the repository and on the program alone.

Only then can a build be left out when none of them has changed: a plugin, a hook or an extension may read the clock, the network, or
files elsewhere, and so may a template of the repository's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

__all__ = ["depends_on_files_alone"]

_PLUGINS = {"search", "laurels"}
# Those of Python-Markdown that read nothing but the page. Source: Python-Markdown 3, Officially Supported Extensions.
_EXTENSIONS = {
    "abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code", "footnotes", "legacy_attrs", "legacy_em",
    "md_in_html", "meta", "nl2br", "sane_lists", "smarty", "tables", "toc", "wikilinks",
}  # fmt: skip
# A tag, such as one that puts in a variable of the environment; or another file of settings.
_ELSEWHERE = re.compile(rb"(^|[\s\[{,:-])!|INHERIT|<<", re.MULTILINE)


def depends_on_files_alone(config: Any, *, own_templates: Path | None) -> bool:
    """config: MkDocs' settings as they are in use. own_templates: the folder of a theme of the repository's own, if there is one."""
    extensions = {str(name).removeprefix("markdown.extensions.") for name in config.markdown_extensions}
    return (
        own_templates is None
        and set(config.plugins) <= _PLUGINS
        and extensions <= _EXTENSIONS
        and not config.hooks
        and not config.extra_templates
        and not config.mdx_configs
        and _ELSEWHERE.search(Path(config.config_file_path).read_bytes()) is None
    )
