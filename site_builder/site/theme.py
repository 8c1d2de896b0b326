"""Where the theme is, and how its templates are rendered."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError

from site_builder.site.compiled_templates import CompiledTemplates
from site_builder.verification.catalogue import wording

__all__ = [
    "SAID",
    "UndefinedError",
    "archive_script",
    "compiled_templates",
    "current_templates",
    "render",
    "template_environment",
    "theme_assets",
    "theme_folder",
]

_PACKAGE = Path(__file__).resolve().parent.parent
_VERIFIER = "verification/browser/dist"
# What stands inside of an archive's page, and so on no site.
_IN_ARCHIVES = ("archive.js", "archive.LICENSES.txt")


def theme_folder() -> Path:
    """The folder of templates and assets: package data in an installed Laurels, themes/laurels/ in a clone."""
    packaged = _PACKAGE / "theme"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "themes" / "laurels"


# Names of templates that stand for groups of sentences of the catalogue.
SAID = {"say": "layout", "say_past": "past"}


def compiled_templates() -> CompiledTemplates:
    """What is kept of the theme's templates, for an environment that loads them."""
    return CompiledTemplates(theme_folder())


@cache
def template_environment() -> Environment:
    """Jinja with everything escaped and every unknown name an error. A template that changes is read again."""
    environment = Environment(
        loader=FileSystemLoader(theme_folder()),
        bytecode_cache=compiled_templates(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {name: wording()[group] for name, group in SAID.items()}
    return environment


def render(template: str, **values: Any) -> bytes:
    """A page, as the bytes that are published. values: the names that the template knows."""
    return template_environment().get_template(template).render(values).encode("utf-8")


def current_templates() -> Callable[[], bool]:
    """Says later on whether the templates that were read up to now are still what they were."""
    templates = list((template_environment().cache or {}).values())
    return lambda: all(template.is_up_to_date for template in templates)


def theme_assets() -> list[tuple[str, bytes]]:
    """(path, bytes) of the files that pages load: style, fonts, marks, the browser verifier and the licences of what is in it."""
    folder = theme_folder()
    files = sorted(path for path in (folder / "assets").rglob("*") if path.is_file())
    assets = [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in files]
    folders = (_VERIFIER, "site/browser/dist")
    scripts = [path for folder in folders for path in sorted((_PACKAGE / folder).iterdir())]
    scripts = [path for path in scripts if path.name not in _IN_ARCHIVES]
    return [*assets, *((f"assets/{path.name}", path.read_bytes()) for path in scripts)]


def archive_script() -> tuple[str, str]:
    """The script of an archive's page, and the licences of what is in it."""
    script, licences = (_PACKAGE / _VERIFIER / name for name in _IN_ARCHIVES)
    return script.read_text("ascii"), licences.read_text("utf-8")
