"""Evidence from a folder that holds a published site, under the addresses that its signed files say it has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from site_builder.credentials.identifiers.did_web import DidError, did_document_url, did_of
from site_builder.credentials.openbadges3.read import credential_id_of
from site_builder.credentials.rosette.drawing import rosette_digest
from site_builder.encoding import EncodingError, parse_json
from site_builder.verification.evidence.memory import Memory
from site_builder.verification.evidence.plain_file import PlainFiles
from site_builder.verification.evidence.source import Fetch, FetchError, NotInFolderError

__all__ = ["SiteFolder", "is_site"]

_MAX_BYTES = 5 * 1_048_576
_MOST_READ = 256
# What lies beside the site's folder in an unpacked archive (site/archive/folder.py).
_ARCHIVE = ("keys.txt", "verify.html")


def is_site(folder: Path) -> bool:
    """Whether a folder holds a published site."""
    return (folder / "c").is_dir() and (folder / "issuers").is_dir()


class SiteFolder:
    """A site's folder in the place of the web: it answers the site's own addresses, as the site's host would, and no others.

    What it holds proves what the folder says, not what a domain says today; `where` and `source` keep a report honest.
    others: answers every other address, such as that of an issuer's key on another host; None: nobody does.
    memory: what was worked out of its files so far, which belongs to this site alone."""

    def __init__(self, folder: Path, *, others: Fetch | None = None) -> None:
        self.folder = folder
        self.others = others
        self._known: dict[str, bytes | FetchError] = {}
        self._plain = PlainFiles(folder)
        self.memory = Memory()
        # The JSON value in bytes, which is not to be changed: what is asked about one credential is asked together.
        self.read: Callable[[bytes], Any] = lru_cache(maxsize=_MOST_READ)(parse_json)
        # All credentials name the same few addresses.
        self.path_of: Callable[[str], str] = lru_cache(maxsize=_MOST_READ)(self._path_of)
        self.source: Callable[[str], str] = lru_cache(maxsize=_MOST_READ)(self._source)
        self.look_into = self._plain.look_into
        self._digested: tuple[Any, bytes] = (None, b"")

    @property
    def where(self) -> str:
        """For headlines: what a verdict rests on."""
        beside = " and what other hosts answer" if self.others else ""
        return f"on this computer, with the keys and lists in the folder {self.folder}{beside},"

    @cached_property
    def base(self) -> str:
        """The address that the signed files say the site has; "" when there are none."""
        for pattern in ("c/*/credential.json", "badges/*/achievement.json"):
            for file in sorted(self.folder.glob(pattern)):
                path = file.relative_to(self.folder).as_posix()
                try:
                    identifier = credential_id_of(self.read(self.ask(path)))
                except (EncodingError, FetchError):
                    continue
                if identifier.endswith("/" + path):
                    return identifier.removesuffix(path)
        return ""

    @cached_property
    def _archived_keys(self) -> dict[str, Path]:
        """In an archive, which is for the time when hosts are gone: the issuers' key documents by the address of the original.

        Anywhere else such a copy proves nothing: whoever checks a credential looks at the original alone."""
        around = self.folder.resolve().parent
        if not all((around / name).is_file() for name in _ARCHIVE):
            return {}
        copies = {}
        for file in sorted(self.folder.glob("issuers/*/did.json")):
            try:
                raw = self.ask(file.relative_to(self.folder).as_posix())
                copies[did_document_url(did_of(self.read(raw)))] = file
            except (EncodingError, DidError, FetchError):
                continue
        return copies

    def fetch(self, url: str) -> bytes:
        """The bytes that the folder has for an address. Raises FetchError."""
        if url not in self._known:
            try:
                self._known[url] = self._read(url)
            except FetchError as error:
                # A host that does not answer is asked once, however many credentials name it.
                self._known[url] = error
        known = self._known[url]
        if isinstance(known, FetchError):
            raise known
        return known

    def _read(self, url: str) -> bytes:
        try:
            file = self._file(url)
            if file is None and self.others is not None:
                return self.others(url)
            if file is not None and file.is_file() and file.stat().st_size <= _MAX_BYTES:
                return file.read_bytes()
        except (OSError, ValueError) as error:
            # A name that no file can have: too long, or with a zero byte.
            raise NotInFolderError(f"{url[:200]} is not in the folder") from error
        raise NotInFolderError(f"{url[:200]} is not in the folder")

    def _path_of(self, url: str) -> str:
        """The path below the site's root that an address stands for; "" for one that is not the site's."""
        if not self.base or not url.startswith(self.base):
            return ""
        try:
            return urlsplit(url).path.removeprefix(urlsplit(self.base).path)
        except ValueError:
            return ""

    def fetch_own(self, url: str) -> bytes:
        """As fetch, of the site's own addresses alone, whoever answers others. Raises FetchError."""
        if not self.path_of(url):
            raise NotInFolderError(f"{url[:200]} is not in the folder")
        return self.fetch(url)

    def fetch_page(self, url: str) -> bytes:
        """As fetch; a folder's address is that of its index.html. Raises FetchError."""
        return self.fetch(f"{url}index.html" if url.endswith("/") else url)

    def ask(self, path: str) -> bytes:
        """The bytes of a file below the site's root, whatever address the site has. Raises FetchError, with status 404 for no file."""
        plain = self._plain.read(path, most=_MAX_BYTES)
        if plain is not None:
            return plain
        try:
            file = self._below(path)
            if not file.is_file():
                raise FetchError(f"{path} is no file of the folder", status=404)
            if file.stat().st_size > _MAX_BYTES:
                raise FetchError(f"{path} is longer than {_MAX_BYTES:,} bytes")
            return file.read_bytes()
        except (OSError, ValueError) as error:
            raise FetchError(f"{path} cannot be read") from error

    def digest_of(self, document: Any) -> bytes:
        """rosette_digest of a value that read gave: its page and its drawing both show it. Raises EncodingError."""
        if self._digested[0] is not document:
            self._digested = document, rosette_digest(document)
        return self._digested[1]

    def _source(self, url: str) -> str:
        """Where in the folder an address was looked for."""
        try:
            file = self._file(url)
        except (FetchError, OSError, ValueError):
            file = None
        if file is not None or not url:
            return str(file or "")
        return url if self.others else f"{self.folder} (not {url})"

    def _file(self, url: str) -> Path | None:
        """The file that answers an address; None for an address that is not the site's."""
        if not self.base or not url.startswith(self.base):
            return self._archived_keys.get(url)
        return self._below(urlsplit(url).path.removeprefix(urlsplit(self.base).path))

    def _below(self, path: str) -> Path:
        """A file of the folder by its path. Raises FetchError for one that a link or a dot leads out of it."""
        file = self.folder / path
        if ".." in path.split("/") or not file.resolve().is_relative_to(self.folder.resolve()):
            raise FetchError(f"{path[:200]} lies outside of the folder")
        return file
