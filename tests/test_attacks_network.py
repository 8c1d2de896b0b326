"""Strangers' addresses: a hostile server on loopback, and names that lead into the reader's own network."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from site_builder.verification.evidence.fetch import Network, fetch_https
from site_builder.verification.evidence.source import FetchError
from tests.serving import write_certificate

HOST = "badges.laurels.example"
PUBLIC = "93.184.216.34"
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("certificate"), [HOST])


@contextmanager
def server(certificate: Path, *pieces: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A port on loopback that answers one visitor with these pieces, each a TLS record of its own, and what it was asked."""
    asked: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        try:
            plain, _ = listening.accept()
            with context.wrap_socket(plain, server_side=True) as visitor:
                asked.append(visitor.recv(65_536))
                for piece in pieces:
                    visitor.sendall(piece)
        except OSError:
            pass  # The visitor left, as it should.

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], asked
    finally:
        listening.close()
        thread.join(timeout=5)


def network(certificate: Path, port: int, *, addresses: tuple[str, ...] = (PUBLIC,), **more: Any) -> Network:
    """A world in which every name has these addresses, and every connection leads to the port on loopback."""

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def connect(_address: tuple[str, int], timeout: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), timeout)

    return Network(resolve, connect, lambda: ssl.create_default_context(cafile=str(certificate)), **more)


def fetched(certificate: Path, *pieces: bytes, url: str = f"https://{HOST}/did.json", **more: Any) -> bytes:
    with server(certificate, *pieces) as (port, _asked):
        return fetch_https(url, network=network(certificate, port, **more))


def test_a_plain_answer_is_read(certificate: Path) -> None:
    assert fetched(certificate, OK + b"Content-Length: 2\r\n\r\n{}") == b"{}"


def test_nothing_about_the_reader_is_sent(certificate: Path) -> None:
    with server(certificate, OK + b"Content-Length: 2\r\n\r\n{}") as (port, asked):
        fetch_https(f"https://{HOST}/a//b?c#d", network=network(certificate, port))
    lines = asked[0].split(b"\r\n")
    assert lines[0] == b"GET /a//b?c HTTP/1.1"
    assert sorted(line.split(b":")[0] for line in lines[1:] if line) == [
        b"Accept",
        b"Accept-Encoding",
        b"Host",
        b"User-Agent",
    ]


ANSWERS: dict[str, tuple[bytes, ...]] = {
    "a redirect": (b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",),
    "a lasting redirect": (b"HTTP/1.1 308 Permanent Redirect\r\nLocation: /other\r\nContent-Length: 2\r\n\r\n{}",),
    "not found": (b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",),
    "a part": (b"HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\n{}",),
    "nothing": (),
    "no HTTP": (b"220 mail.example ESMTP\r\n",),
    "a header line without end": (OK, b"X: " + b"a" * 70_000),
    "too many headers": (OK, *(b"X-%d: a\r\n" % number for number in range(200)), b"\r\n{}"),
    "less than announced": (OK + b"Content-Length: 20\r\n\r\n{}",),
    "a chunk cut off": (OK + b"Transfer-Encoding: chunked\r\n\r\n20\r\n{}",),
    "a chunk of minus one": (OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}",),
    "more than five megabytes": (OK + b"\r\n", *[b" " * 1_048_576] * 6),
    "more than five megabytes announced": (OK + b"Content-Length: 99999999\r\n\r\n", *[b" " * 1_048_576] * 6),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_refused_that_is(name: str, certificate: Path) -> None:
    with pytest.raises(FetchError):
        fetched(certificate, *ANSWERS[name])


def test_what_is_packed_stays_packed(certificate: Path) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    answer = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb
    assert fetched(certificate, answer) == bomb


def ticking() -> Callable[[], float]:
    """A clock that each look moves on by a second."""
    ticks = count()
    return lambda: float(next(ticks))


def drops(text: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in text]


SLOW = {
    "the first line": drops(OK + b"Content-Length: 2\r\n\r\n{}"),
    "headers": [OK, *drops(b"X: y\r\n" * 20), b"Content-Length: 2\r\n\r\n{}"],
    "the body": [OK + b"Content-Length: 60\r\n\r\n", *drops(b" " * 60)],
    "chunks": [OK + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\n \r\n"] * 60, b"0\r\n\r\n"],
    "goings-on": [*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 60, OK + b"Content-Length: 2\r\n\r\n{}"],
}


@pytest.mark.parametrize("name", SLOW)
def test_an_answer_in_drops_must_end_with_the_time_for_the_whole(name: str, certificate: Path) -> None:
    """Each drop comes at once, and the clock says a second later: the limit is for all of them together."""
    assert fetched(certificate, *SLOW[name]).strip() in (b"", b"{}")
    with pytest.raises(FetchError):
        fetched(certificate, *SLOW[name], clock=ticking())


def test_another_host_s_certificate_is_not_taken(certificate: Path) -> None:
    with pytest.raises(FetchError):
        fetched(certificate, OK + b"Content-Length: 2\r\n\r\n{}", url="https://elsewhere.laurels.example/did.json")


def test_a_name_is_looked_up_once_and_the_connection_goes_there(certificate: Path) -> None:
    looked, connected = [], []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        looked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC if len(looked) == 1 else "127.0.0.1", port))]

    def connect(address: tuple[str, int], _timeout: float) -> socket.socket:
        connected.append(address)
        raise OSError("enough")

    with pytest.raises(FetchError):
        fetch_https(f"https://{HOST}/", network=Network(resolve, connect))
    assert looked == [HOST] and connected == [(PUBLIC, 443)]


PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1
198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::ffff:10.0.0.1
::ffff:127.0.0.1 ::ffff:93.184.216.34 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:20::1 2001:db8::1
2002:7f00:1:: 2002:a00:1:: 3fff::1 5f00::1 fc00::1 fd00::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1
""".split()


def refuse_connection(*_: Any) -> socket.socket:
    raise AssertionError("a connection was tried")


def named(*addresses: str) -> Network:
    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(None, None, 0, "", (address, port)) for address in addresses]

    return Network(resolve, refuse_connection)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_never_leads_to(address: str) -> None:
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC]):
        with pytest.raises(FetchError):
            fetch_https(f"https://{HOST}/", network=named(*addresses))


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_a_name_may_lead_to(address: str) -> None:
    with pytest.raises(AssertionError, match="a connection was tried"):
        fetch_https(f"https://{HOST}/", network=named(address))


NUMBERS = ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0x1", "0", "127.0.0.1"]


@pytest.mark.parametrize("host", NUMBERS)
def test_a_number_for_a_host_leads_nowhere(host: str) -> None:
    """With this machine's own look-up, which answers numbers by itself."""
    with pytest.raises(FetchError):
        fetch_https(f"https://{host}/", network=Network(connect=refuse_connection))


STRANGE = [
    "http://badges.laurels.example/",
    "https://user@badges.laurels.example/",
    "https://user:word@badges.laurels.example/",
    "https://badges.laurels.example\\@elsewhere.example/",
    "https://badges.laurels.example:0/",
    "https://badges.laurels.example:65536/",
    "https://badges.laurels.example:443x/",
    "https://badges.laurels.example/\u00fc",
    "https://badges.laurels.example/a b",
    "https://badges.laurels.example/\r\nHost: other",
    "https://badges.laurels.example/\0",
    "https://badges\n.laurels.example/",
    "https://\u00fcmlaut.example/",
    "https://exam\u2100ple.com/",
    "https://[::1]/",
    "https://[",
    "https://",
    "https:///x",
    "https://a..example/",
    "https://" + "a" * 64 + ".example/",
    "https://" + "a." * 5000 + "example/",
    "",
]


@pytest.mark.parametrize("url", STRANGE, ids=range(len(STRANGE)))
def test_a_strange_address_is_refused_in_words(url: str) -> None:
    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        host.encode("idna")
        return [(None, None, 0, "", (PUBLIC, port))]

    with pytest.raises(FetchError):
        fetch_https(url, network=Network(resolve, refuse_connection))
