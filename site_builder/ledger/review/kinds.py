"""The kinds of things that a reviewer of a change is told of. To look for one more: a row here, and the function that finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from site_builder.ledger.review.file_findings import (
    HOST_SETTINGS,
    LAURELS,
    PACKAGES,
    PYTHON,
    REVIEWERS,
    SCRIPTS,
    THEMES,
    WORKFLOWS,
    find_hidden_diffs,
    find_named,
    find_outward_links,
    find_submodules,
    find_templates,
)
from site_builder.ledger.review.found import Finding, State
from site_builder.ledger.review.page_findings import SCRIPTED, find_including_pages, find_scripted_pages
from site_builder.ledger.review.settings_findings import (
    find_extensions,
    find_html,
    find_items,
    find_plugins,
    find_published,
    find_tags,
    find_theme,
)

__all__ = ["KINDS", "Kind"]


@dataclass(frozen=True)
class Kind:
    """name: what one of them is called. why: a sentence on why it matters. guards: whether taking one away matters as well."""

    name: str
    why: str
    find: Callable[[State], Iterable[Finding]]
    guards: bool = False


KINDS = (
    Kind("hook", "MkDocs runs these Python files while it builds", partial(find_items, name="hooks")),
    Kind("plugin", "A plugin is a program that runs in every build", find_plugins),
    Kind("Markdown extension", "An extension is a program that runs in every build", find_extensions),
    Kind("theme setting", "A theme's templates run in every build and make every page", find_theme),
    Kind(
        "browser script",
        "A script runs in the browser of each reader",
        partial(find_items, name="extra_javascript"),
    ),
    Kind("extra template", "A template runs in every build", partial(find_items, name="extra_templates")),
    Kind(
        "tagged value", "A tag takes a value from the environment or imports Python while settings are read", find_tags
    ),
    Kind("inherited file", "These settings take further ones from another file", partial(find_items, name="INHERIT")),
    Kind(
        "publishing setting",
        "This decides which files are published, where to, and who sees them before",
        find_published,
        guards=True,
    ),
    Kind(
        "HTML setting",
        "HTML in a setting can run, fetch or lead elsewhere on every page",
        partial(find_html, wanted=SCRIPTED),
    ),
    Kind(
        "workflow",
        "The git host or a robot runs this, some of it before anybody merges",
        partial(find_named, names=WORKFLOWS),
        guards=True,
    ),
    Kind(
        "host setting",
        "The host of the site obeys this: what it runs, sends and answers",
        partial(find_named, names=HOST_SETTINGS, others=(WORKFLOWS,)),
        guards=True,
    ),
    Kind("reviewer list", "This says who must look at a change", partial(find_named, names=REVIEWERS), guards=True),
    Kind(
        "package list",
        "What this names is installed and then runs",
        partial(find_named, names=PACKAGES, others=(WORKFLOWS,)),
    ),
    Kind("Python file", "Python that a build, a test or an installation may import", partial(find_named, names=PYTHON)),
    Kind(
        "script",
        "A program that people or other programs start",
        partial(find_named, names=SCRIPTS, others=(WORKFLOWS, HOST_SETTINGS, PYTHON, THEMES)),
    ),
    Kind(
        "Laurels file",
        "Laurels reads this to decide what it signs, shows and checks",
        partial(find_named, names=LAURELS, others=(WORKFLOWS, HOST_SETTINGS, PACKAGES, PYTHON, SCRIPTS)),
    ),
    Kind("theme file", "A theme's templates run in every build and make every page", find_templates),
    Kind(
        "hidden difference",
        "By such a line or name git or its host hides, folds or alters what a change does to a file",
        find_hidden_diffs,
    ),
    Kind("submodule", "This brings in another repository, which can change without a change here", find_submodules),
    Kind(
        "scripted page",
        "HTML in a page that runs a script or fetches something, unless the page only quotes it",
        find_scripted_pages,
    ),
    Kind(
        "ordering page",
        "An extension, a plugin or a hook may take this for an order to include a file or to run something",
        find_including_pages,
    ),
    Kind("outward link", "A link that leads out of its folder can show a file from another place", find_outward_links),
)
