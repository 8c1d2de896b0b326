"""Where a verifier gets its evidence: a folder that holds a site, or the web, with the care that strangers' addresses need.

Source: did:web, Security considerations; the addresses in a credential are its author's choice, so each is treated as hostile."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from site_builder.credentials.didweb import DidError, did_document_url
from site_builder.encoding import EncodingError, parse_json
from site_builder.verification.signed import Fetch, FetchError

__all__ = ["base_of_site", "fetch_https", "site_fetch"]

_MAX_BYTES = 5 * 1_048_576
_TIMEOUT_SECONDS = 20


def base_of_site(folder: Path) -> str:
    """The address that the signed files of a site's folder say it has; "" when it holds none."""
    for pattern in ("c/*/credential.json", "badges/*/achievement.json"):
        for file in sorted(folder.glob(pattern)):
            try:
                identifier = str(parse_json(file.read_bytes())["id"])
            except (EncodingError, KeyError, TypeError, OSError):
                continue
            path = file.relative_to(folder).as_posix()
            if identifier.endswith("/" + path):
                return identifier.removesuffix(path)
    return ""


def site_fetch(folder: Path, *, base: str) -> Fetch:
    """A fetch that answers a site's addresses from its folder, and nothing else.

    An issuer with a DID of its own is answered from the copy of its document that every site holds."""
    copies = {}
    for file in sorted(folder.glob("issuers/*/did.json")):
        try:
            copies[did_document_url(str(parse_json(file.read_bytes())["id"]))] = file
        except (EncodingError, DidError, KeyError, TypeError):
            continue

    def fetch(url: str) -> bytes:
        file = copies.get(url)
        if file is None and base and url.startswith(base):
            path = urlsplit(url).path.removeprefix(urlsplit(base).path)
            file = folder / path
            if ".." in path.split("/") or not file.resolve().is_relative_to(folder.resolve()):
                raise FetchError(f"{url} lies outside of the folder")
        if file is None or not file.is_file() or file.stat().st_size > _MAX_BYTES:
            raise FetchError(f"{url} is not in the folder")
        return file.read_bytes()

    return fetch


def fetch_https(url: str) -> bytes:
    """The bytes at an https address: no redirects, no private addresses, 5 MB and 20 seconds at most. Raises FetchError."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        raise FetchError(f"{url} cannot be read") from None
    if parts.scheme != "https" or not host or parts.username is not None:
        raise FetchError(f"{url} is not a plain https address")
    connection = _PinnedConnection(host, port, address=_public_address(host, port))
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Accept": "application/json, */*", "User-Agent": "laurels"})
        response = connection.getresponse()
        raw = response.read(_MAX_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise FetchError(f"{host} does not answer") from error
    finally:
        connection.close()
    if response.status != 200 or len(raw) > _MAX_BYTES:
        raise FetchError(f"{host} answered {response.status}")
    return raw


def _public_address(host: str, port: int, *, resolve: Callable[..., Any] = socket.getaddrinfo) -> str:
    """One public IP address of a host. All must be public, so that a name cannot lead into the reader's own network."""
    try:
        found = resolve(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise FetchError(f"{host} has no address") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(ipaddress.ip_address(address.partition("%")[0]).is_global for address in addresses):
        raise FetchError(f"{host} has no public address")
    return addresses[0]


class _PinnedConnection(http.client.HTTPSConnection):
    """A connection to the address that was looked at, under the host's name: a second look-up could give another."""

    def __init__(self, host: str, port: int, *, address: str) -> None:
        super().__init__(host, port, timeout=_TIMEOUT_SECONDS, context=ssl.create_default_context())
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
