"""What a page is made of: a frozen value for each page, and a digest of it, by which a page that was made before can be found again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cached_property
from typing import Any

from site_builder.ledger.store.ledger import SignedFile

__all__ = ["Blob", "Files", "PageInput", "digest_of"]

# Of each file its path below the site's root and its bytes.
Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True)
class Blob:
    """The bytes of a file, hashed once however many pages carry them."""

    raw: bytes

    @cached_property
    def sha256(self) -> str:
        """64 hex digits."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True)
class PageInput:
    """All that a page and the files beside it are made of: the same input gives the same bytes.

    path: of the page's folder below the site's root, with a trailing slash; "" for the root.
    What is not here, but for templates and code, can't change the page."""

    path: str

    @cached_property
    def digest(self) -> str:
        """64 hex digits that differ whenever any part of the input does."""
        return digest_of(self)


def digest_of(value: Any) -> str:
    """SHA-256 of a value made of dataclasses, texts, numbers, dates, bytes, sequences and mappings; 64 hex digits.

    The same on every machine and in every run. Raises TypeError for anything else: it could hide something that changes a page."""
    text = json.dumps(_plain(value), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: Any) -> Any:
    """A value as JSON in which different values never look alike."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        # Markup is text that needs no escaping, which makes another page.
        return str(value) if type(value) is str else {type(value).__name__: str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, bytes):
        return {"bytes": hashlib.sha256(value).hexdigest()}
    if isinstance(value, Blob | SignedFile):
        return {"bytes": value.sha256}
    if is_dataclass(value) and not isinstance(value, type):
        return {type(value).__name__: {field.name: _plain(getattr(value, field.name)) for field in fields(value)}}
    if isinstance(value, Mapping):
        return {"mapping": [[_plain(key), _plain(inner)] for key, inner in value.items()]}
    if isinstance(value, Sequence):
        return [_plain(inner) for inner in value]
    raise TypeError(f"a page may not depend on a {type(value).__name__}")
