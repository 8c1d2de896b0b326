"""A site at its address, asked for many files: a few connections that stay open, each answer within limits of size and time."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from queue import Empty, SimpleQueue

from site_builder.verification.evidence.fetch import THIS_MACHINE, Network, PinnedConnection, ask, open_connection
from site_builder.verification.evidence.source import FetchError

__all__ = ["LiveSite", "is_loopback"]

_TIMEOUT_SECONDS = 20
_ADDRESS = re.compile(r"https://([A-Za-z0-9.-]{1,253})(?::([0-9]{1,5}))?(/[!->@-~]*)?")
# This machine, where a site can be looked at before anybody else sees it: nobody stands between.
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost)(?::([0-9]{1,5}))?(/[!->@-~]*)?")


def is_loopback(address: str) -> bool:
    """Whether an address is http on this machine."""
    return _LOOPBACK.fullmatch(address) is not None


class LiveSite:
    """The files of the site at an address. Threads may ask at once; each has a connection to itself while it asks.

    address: https, or http on this machine; a slash at its end is not needed. Raises FetchError for any other."""

    def __init__(self, address: str, *, network: Network = THIS_MACHINE) -> None:
        found = _ADDRESS.fullmatch(address) or _LOOPBACK.fullmatch(address)
        port = int((found and found[2]) or (443 if address.startswith("https:") else 80))
        if not found or not 0 < port < 65_536:
            raise FetchError(f"{address[:200]} is not a plain https address")
        self.address = address.rstrip("/") + "/"
        self._path = (found[3] or "").rstrip("/") + "/"
        self._open: Callable[[], http.client.HTTPConnection] = lambda: open_connection(found[1], port, network=network)
        if is_loopback(address):
            self._open = lambda: http.client.HTTPConnection(found[1], port, timeout=_TIMEOUT_SECONDS)
        self._idle: SimpleQueue[http.client.HTTPConnection] = SimpleQueue()

    def ask(self, path: str) -> bytes:
        """The bytes of a file below the site's root; an index.html is asked for by the address of its folder. Raises FetchError."""
        name = path.rpartition("/")[2]
        address = self._path + (path.removesuffix("index.html") if name == "index.html" else path)
        try:
            connection = self._idle.get_nowait()
        except Empty:
            return self._ask(self._open(), address)
        if isinstance(connection, PinnedConnection):
            connection.begin()
        try:
            return self._ask(connection, address)
        except FetchError as error:
            if error.status or not isinstance(error.__cause__, ConnectionError):
                raise
        # Hosts close a connection that was idle for a while.
        return self._ask(self._open(), address)

    def _ask(self, connection: http.client.HTTPConnection, address: str) -> bytes:
        try:
            raw = ask(connection, address)
        except FetchError as error:
            if error.status:
                self._idle.put(connection)
            else:
                connection.close()
            raise
        self._idle.put(connection)
        return raw

    def close(self) -> None:
        """Closes the connections."""
        while not self._idle.empty():
            self._idle.get().close()
