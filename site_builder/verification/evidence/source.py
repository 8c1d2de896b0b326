"""What every source of evidence is: a function that answers an address with bytes, or says that it cannot."""

from __future__ import annotations

from collections.abc import Callable

from site_builder.errors import Error

__all__ = ["Fetch", "FetchError", "NotInFolderError", "cached"]


class FetchError(Error):
    """Something could not be fetched. It says nothing about the credential.

    status: what the host answered, by HTTP's numbers; 0 when no answer came."""

    def __init__(self, text: str, *, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


class NotInFolderError(FetchError):
    """A folder that stands for a site does not hold it, and nobody else was asked."""


Fetch = Callable[[str], bytes]


def cached(fetch: Fetch) -> Fetch:
    """The same fetch, asking once for each address: a credential and its list name one key document."""
    known: dict[str, bytes] = {}

    def fetch_once(url: str) -> bytes:
        if url not in known:
            known[url] = fetch(url)
        return known[url]

    return fetch_once
