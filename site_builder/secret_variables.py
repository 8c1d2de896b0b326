"""Which variables of the environment are secret, and how they are kept from whatever is no business of theirs.

Other programs run without them, and so does MkDocs, which gives a variable's value to whoever names it in mkdocs.yml."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "KEY",
    "PASSPHRASE",
    "secret_named_in",
    "secrets_in",
    "secrets_kept_back",
    "secrets_set_aside",
    "without_secrets",
]


@dataclass(frozen=True)
class SecretVariables:
    """A kind of secret. prefix: how the names of its variables begin, or the whole name. holds: what is in them, in words."""

    prefix: str
    holds: str


KEY = SecretVariables("LAURELS_KEY", "a signing key")
PASSPHRASE = SecretVariables("LAURELS_PASSPHRASE", "the passphrase of a signing key")
# Every variable that a command reads as a secret; a new one is a row here.
_ALL = (KEY, PASSPHRASE)

_NAMED = re.compile("|".join(f"{re.escape(kind.prefix)}[A-Za-z0-9_]*" for kind in _ALL))
_PREFIXES = tuple(kind.prefix for kind in _ALL)


def secrets_in(environment: Mapping[str, str]) -> dict[str, str]:
    """The secret variables of an environment, by name."""
    return {name: value for name, value in environment.items() if name.startswith(_PREFIXES)}


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without its secret variables, for other programs."""
    return {name: value for name, value in environment.items() if not name.startswith(_PREFIXES)}


def secret_named_in(text: str) -> tuple[str, str] | None:
    """The first secret variable that a text names, and what it holds; None when it names none."""
    found = _NAMED.search(text)
    if found is None:
        return None
    return found[0], next(kind.holds for kind in _ALL if found[0].startswith(kind.prefix))


_kept_back: ContextVar[Mapping[str, str]] = ContextVar("_kept_back", default=MappingProxyType({}))


def secrets_kept_back() -> Mapping[str, str]:
    """The secret variables that this program had when it took them out of its environment; none where it did not."""
    return _kept_back.get()


@contextmanager
def secrets_set_aside() -> Iterator[None]:
    """Takes the secret variables out of this program's environment, and that of programs it starts, and puts them back after."""
    found = secrets_in(os.environ)
    token = _kept_back.set(MappingProxyType({**_kept_back.get(), **found}))
    for name in found:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(found)
        _kept_back.reset(token)
