"""The command archive: the whole site in one zip, with a page that checks its credentials."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from site_builder.cli.building.build import build_site
from site_builder.cli.shell import as_json_option, print_json, say, show

if TYPE_CHECKING:
    from site_builder.site.archive.folder import Archive

__all__ = ["archive"]


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@as_json_option("The zip, its size and its SHA-256")
@click.pass_obj
def archive(root: Path, file: Path | None, as_json: bool) -> None:
    """Put the whole site into one zip that outlives it: laurels archive

    Builds the site, and writes it with the public keys, the revocation lists and verify.html, a page that checks the site's
    credentials with no network, into FILE or <host>-archive.zip. The same commit gives the same bytes. Drafts are left out."""
    made = _archive(root, file)
    if as_json:
        print_json(_as_json(made))
        return
    zipped = made.zipped
    show(f"{zipped.file}: {zipped.files:,} files, {zipped.size_bytes:,} bytes, SHA-256 {zipped.sha256}")
    say(f"As of {made.as_of}. It holds the addresses of unlisted pages: hand it to a successor, and do not publish it.")


def _archive(root: Path, file: Path | None) -> Archive:
    from site_builder.site.archive.folder import archive_file, write_archive

    built = build_site(root, drafts=False)
    base = built.checked.repository.config.base
    file = archive_file(file, root=root, base=base, site=built.folder)
    if file.parent.resolve() == root.resolve():
        say(f"{file.name} lies in the repository: do not commit it")
    return write_archive(file, built.checked, site=built.folder)


def _as_json(made: Archive) -> dict[str, Any]:
    zipped = made.zipped
    return {
        "archive": str(zipped.file),
        "as_of": made.as_of,
        "credentials": made.credentials,
        "files": zipped.files,
        "size_bytes": zipped.size_bytes,
        "sha256": zipped.sha256,
    }
