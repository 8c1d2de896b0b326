"""Where the theme lies, and the environment that renders its templates."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["archive_script", "make_environment", "theme_assets", "theme_folder"]

_PACKAGE = Path(__file__).resolve().parent.parent
_VERIFIER = "verification/browser/dist"
# What stands inside of an archive's page, and so on no site.
_IN_ARCHIVES = ("archive.js", "archive.LICENSES.txt")


def theme_folder() -> Path:
    """The folder of templates and assets: package data in an installed Laurels, themes/laurels/ in a clone."""
    packaged = _PACKAGE / "theme"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "themes" / "laurels"


def make_environment() -> Environment:
    """Jinja with everything escaped and every unknown name an error."""
    return Environment(
        loader=FileSystemLoader(theme_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


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
