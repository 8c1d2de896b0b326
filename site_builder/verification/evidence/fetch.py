"""Evidence from the web, fetched with the care that strangers' addresses need.

Source: did:web, Security considerations; the addresses in a credential are its author's choice, so each is treated as hostile."""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from site_builder.verification.evidence.source import FetchError

__all__ = ["THIS_MACHINE", "Network", "PinnedConnection", "ask", "fetch_https", "open_connection"]

_MAX_BYTES = 5 * 1_048_576
_TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Network:
    """What fetch_https reaches the world through, and the clock that it hurries by: those of this machine."""

    resolve: Callable[..., Any] = socket.getaddrinfo
    connect: Callable[..., socket.socket] = socket.create_connection
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    clock: Callable[[], float] = time.monotonic


THIS_MACHINE = Network()
# No user name, no brackets, nothing that two programs read in two ways.
_PLAIN_URL = re.compile(r"https://([A-Za-z0-9.-]{1,253})(?::([0-9]{1,5}))?(/[!-~]*|\?[!-~]*)?")


def fetch_https(url: str, *, network: Network = THIS_MACHINE) -> bytes:
    """The bytes at an https address: no redirects, no private addresses, 5 MB and 20 seconds in all. Raises FetchError."""
    found = _PLAIN_URL.fullmatch(url.partition("#")[0])
    port = int((found and found[2]) or "443")
    if not found or not 0 < port < 65_536:
        raise FetchError(f"{url[:200]} is not a plain https address")
    connection = open_connection(found[1], port, network=network)
    try:
        return ask(connection, "/" + (found[3] or "").removeprefix("/"))
    finally:
        connection.close()


def open_connection(host: str, port: int, *, network: Network = THIS_MACHINE) -> PinnedConnection:
    """A connection to one public address of a host, not yet made. Raises FetchError."""
    return PinnedConnection(host, port, address=_public_address(host, port, network.resolve), network=network)


def ask(connection: http.client.HTTPConnection, path: str) -> bytes:
    """The bytes at a path of the connected host, within 5 MB. Raises FetchError, with the status of an answer that is not 200."""
    host = connection.host
    try:
        connection.request("GET", path, headers={"Accept": "application/json, */*", "User-Agent": "laurels"})
        response = connection.getresponse()
        raw = response.read(_MAX_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise FetchError(f"{host} does not answer") from error
    # length: what was announced and did not come, or what is beyond the limit.
    if len(raw) > _MAX_BYTES or response.length:
        raise FetchError(
            f"{host} answered {response.status}, with more than {_MAX_BYTES:,} bytes or with less than it said"
        )
    if response.status != 200:
        raise FetchError(f"{host} answered {response.status}", status=response.status)
    return raw


def _public_address(host: str, port: int, resolve: Callable[..., Any]) -> str:
    """One public IP address of a host. All must be public, so that a name cannot lead into the reader's own network."""
    try:
        found = resolve(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{host} has no address") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(map(_is_public, addresses)):
        raise FetchError(f"{host} has no public address")
    return addresses[0]


# Source: IANA, IPv6 Global Unicast Address Assignments; RFC 6052, 2.1 (an IPv4 address behind a translator).
_UNICAST, _TRANSLATED = ipaddress.ip_network("2000::/3"), ipaddress.ip_network("64:ff9b::/96")
# Relays, protocols and documentation, which is_global of some Pythons lets through. Source: RFC 2928, 3056, 7526, 6890, 9637.
_SPECIAL = [
    ipaddress.ip_network(name) for name in ("2001::/23", "2002::/16", "192.88.99.0/24", "192.0.0.0/24", "3fff::/20")
]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if address in _TRANSLATED:
        address = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.version == 6 and address not in _UNICAST:
        return False
    return address.is_global and not address.is_multicast and not any(address in special for special in _SPECIAL)


class _HurriedSocket(ssl.SSLSocket):
    """A socket of which every read must end by one moment: a limit for each read alone lets drops fall for ever."""

    remaining: Callable[[], float]

    def recv_into(self, *values: Any, **more: Any) -> int:
        self.settimeout(self.remaining())
        return super().recv_into(*values, **more)


class PinnedConnection(http.client.HTTPSConnection):
    """A connection to the address that was looked at, under the host's name: a second look-up could give another."""

    def __init__(self, host: str, port: int, *, address: str, network: Network) -> None:
        self._trust = network.trust()
        super().__init__(host, port, context=self._trust)
        self._address, self._network = address, network
        self.begin()

    def begin(self) -> None:
        """Starts the time anew, for the next thing that is asked."""
        self._end = self._network.clock() + _TIMEOUT_SECONDS

    def _remaining(self) -> float:
        left = self._end - self._network.clock()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        return left

    def connect(self) -> None:
        plain = self._network.connect((self._address, self.port), self._remaining())
        plain.settimeout(self._remaining())
        self._trust.sslsocket_class = _HurriedSocket
        hurried = self._trust.wrap_socket(plain, server_hostname=self.host)
        assert isinstance(hurried, _HurriedSocket)
        hurried.remaining = self._remaining
        self.sock = hurried
