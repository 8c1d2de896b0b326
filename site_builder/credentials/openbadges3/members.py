"""Typed access to the members of a JSON object: one error for a member that is missing or of the wrong kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from site_builder.credentials.openbadges3.values import Number
from site_builder.errors import Error

__all__ = ["CredentialFormError", "each", "is_plain", "member", "moment", "number", "text", "texts"]

Json = dict[str, Any]
_T = TypeVar("_T")


class CredentialFormError(Error):
    """A document that is not in the form in which this program writes credentials. The message names the member, never a person."""

    def __init__(self, name: str) -> None:
        super().__init__(f"this is not a credential in the form that laurels writes: look at its {name!r}")


def member(parent: Any, name: str, kind: type[_T]) -> _T:
    """A member that must be there. Raises CredentialFormError, as all here do."""
    value = parent.get(name) if isinstance(parent, dict) else None
    if not isinstance(value, kind):
        raise CredentialFormError(name)
    return value


def text(parent: Json, name: str) -> str:
    """A text; "" where it is missing."""
    return member(parent, name, str) if name in parent else ""


def texts(parent: Json, name: str) -> tuple[str, ...]:
    """A list of texts; none where it is missing."""
    values = member(parent, name, list) if name in parent else []
    if not all(isinstance(value, str) for value in values):
        raise CredentialFormError(name)
    return tuple(values)


def number(parent: Json, name: str) -> Number | None:
    """A number; None where it is missing."""
    value = parent.get(name)
    if name in parent and (isinstance(value, str) or not is_plain(value)):
        raise CredentialFormError(name)
    return value


def each(parent: Json, name: str, read: Callable[[Json], _T]) -> tuple[_T, ...]:
    """The objects of a list, each as `read` reads it; none where the list is missing."""
    items = member(parent, name, list) if name in parent else []
    if not all(isinstance(item, dict) for item in items):
        raise CredentialFormError(name)
    return tuple(read(item) for item in items)


def moment(parent: Json, name: str) -> datetime:
    """A time as this program writes it: with its offset, to the second."""
    found = _moment(member(parent, name, str))
    if found is None:
        raise CredentialFormError(name)
    return found


# All who were awarded something on one day have the same.
@lru_cache(maxsize=1024)
def _moment(stamp: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return found if found.tzinfo is not None and found.isoformat() == stamp else None


def is_plain(value: Any) -> bool:
    """Whether a value is one text or one number; true and false are neither."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)
