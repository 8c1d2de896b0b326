"""Evidence from a folder that holds a published site, under the addresses that its signed files say it has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from site_builder.credentials.identifiers.did_web import DidError, did_document_url, did_of
from site_builder.credentials.openbadges3.read import credential_id_of
from site_builder.encoding import EncodingError, parse_json
from site_builder.verification.evidence.source import FetchError

__all__ = ["SiteFolder", "is_site"]

_MAX_BYTES = 5 * 1_048_576
_MOST_READ = 256


def is_site(folder: Path) -> bool:
    """Whether a folder holds a published site."""
    return (folder / "c").is_dir() and (folder / "issuers").is_dir()


class SiteFolder:
    """A site's folder in the place of the web: it answers the site's addresses, and those of its issuers' key documents.

    What it holds proves what the folder says, not what a domain says today; `where` and `source` keep a report honest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, bytes] = {}
        # The JSON value in bytes, which is not to be changed: what is asked about one credential is asked together.
        self.read: Callable[[bytes], Any] = lru_cache(maxsize=_MOST_READ)(parse_json)

    @property
    def where(self) -> str:
        """For headlines: what a verdict rests on."""
        return f"on this computer, with the keys and lists in the folder {self.folder},"

    @cached_property
    def base(self) -> str:
        """The address that the signed files say the site has; "" when there are none."""
        for pattern in ("c/*/credential.json", "badges/*/achievement.json"):
            for file in sorted(self.folder.glob(pattern)):
                try:
                    identifier = credential_id_of(self.read(file.read_bytes()))
                except (EncodingError, OSError):
                    continue
                path = file.relative_to(self.folder).as_posix()
                if identifier.endswith("/" + path):
                    return identifier.removesuffix(path)
        return ""

    @cached_property
    def _key_documents(self) -> dict[str, Path]:
        """The copy that every site holds of its issuers' key documents, by the address of the original."""
        copies = {}
        for file in sorted(self.folder.glob("issuers/*/did.json")):
            try:
                copies[did_document_url(did_of(self.read(file.read_bytes())))] = file
            except (EncodingError, DidError, OSError):
                continue
        return copies

    def fetch(self, url: str) -> bytes:
        """The bytes that the folder has for an address. Raises FetchError."""
        if url not in self._known:
            try:
                file = self._file(url)
                if file is None or not file.is_file() or file.stat().st_size > _MAX_BYTES:
                    raise FetchError(f"{url[:200]} is not in the folder")
                self._known[url] = file.read_bytes()
            except (OSError, ValueError) as error:
                # A name that no file can have: too long, or with a zero byte.
                raise FetchError(f"{url[:200]} is not in the folder") from error
        return self._known[url]

    def fetch_page(self, url: str) -> bytes:
        """As fetch; a folder's address is that of its index.html. Raises FetchError."""
        return self.fetch(f"{url}index.html" if url.endswith("/") else url)

    def ask(self, path: str) -> bytes:
        """The bytes of a file below the site's root, whatever address the site has. Raises FetchError, with status 404 for no file."""
        try:
            file = self._below(path)
            if not file.is_file():
                raise FetchError(f"{path} is not in the folder", status=404)
            if file.stat().st_size > _MAX_BYTES:
                raise FetchError(f"{path} is longer than {_MAX_BYTES:,} bytes")
            return file.read_bytes()
        except OSError as error:
            raise FetchError(f"{path} cannot be read") from error

    def source(self, url: str) -> str:
        """Where in the folder an address was looked for."""
        try:
            file = self._file(url)
        except (FetchError, OSError, ValueError):
            file = None
        return str(file) if file else f"{self.folder} (not {url})" if url else ""

    def _file(self, url: str) -> Path | None:
        if url in self._key_documents:
            return self._key_documents[url]
        if not self.base or not url.startswith(self.base):
            return None
        return self._below(urlsplit(url).path.removeprefix(urlsplit(self.base).path))

    def _below(self, path: str) -> Path:
        """A file of the folder by its path. Raises FetchError for one that a link or a dot leads out of it."""
        file = self.folder / path
        if ".." in path.split("/") or not file.resolve().is_relative_to(self.folder.resolve()):
            raise FetchError(f"{path[:200]} lies outside of the folder")
        return file
