"""What a page is made of: a frozen value for each page, and its fingerprint, by which a page that was made before can be found again."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from markupsafe import Markup

from site_builder.ledger.store.ledger import SignedFile

__all__ = ["Blob", "Files", "PageInput", "fingerprint_of"]

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


def fingerprint_of(page: Any) -> bytes:
    """SHA-256 of a page's input: 32 bytes that differ whenever any part of it does, the same on every machine and in every run.

    page: a value made of frozen dataclasses, tuples, texts, bytes, numbers, dates and None. Raises TypeError for anything else: it could
    hide something that changes the page."""
    # Of all forms of this version different values differ, and equal ones do not: it has no references to what came before.
    return hashlib.sha256(marshal.dumps(_plain(page), _WITHOUT_REFERENCES)).digest()


_WITHOUT_REFERENCES = 2
_PLAIN = frozenset([str, bool, int, float, type(None)])


def _plain(value: Any) -> Any:
    """A value as one of Python's own: a tuple stays one, and a list stands for what is no plain value, its kind first."""
    kind = type(value)
    return value if kind in _PLAIN else _FORMS[kind](value)


def _all_plain(values: Sequence[Any]) -> Sequence[Any]:
    # Most are: to see that of all at once costs less than a look at each.
    if _PLAIN.issuperset(map(type, values)):
        return values
    return [value if (kind := type(value)) in _PLAIN else _FORMS[kind](value) for value in values]


def _form_of(kind: type) -> Callable[[Any], Any]:
    """How the values of a dataclass become lists: its name and those of its fields, and then the values of these."""
    # One that can change would be remembered as it was.
    if not is_dataclass(kind) or not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise TypeError(f"a page may not depend on a {kind.__name__}")
    names = [field.name for field in fields(kind)]
    head = f"{kind.__module__}.{kind.__qualname__}({','.join(names)})"

    def form(value: Any) -> Any:
        known: dict[str, Any] = value.__dict__
        # Beside its fields, as a cached property is: what thousands of pages share, such as the facts of their site, is made once.
        if _REMEMBERED not in known:
            known[_REMEMBERED] = [head, *_all_plain([known[name] for name in names])]
        return known[_REMEMBERED]

    return form


_REMEMBERED = "_plain"


class _Forms(dict[type, Callable[[Any], Any]]):
    """What a value that is not plain becomes, by its very type: Markup is a text that a page prints otherwise."""

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        self[kind] = _form_of(kind)
        return self[kind]


_FORMS = _Forms(
    {
        Markup: lambda value: ["Markup", str(value)],
        bytes: lambda value: ["bytes", hashlib.sha256(value).hexdigest()],
        date: lambda value: ["date", value.isoformat()],
        datetime: lambda value: ["datetime", value.isoformat()],
        tuple: lambda value: tuple(_all_plain(value)),
        Blob: lambda value: ["bytes", value.sha256],
        SignedFile: lambda value: ["bytes", value.sha256],
    }
)
