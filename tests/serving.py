"""A real web server over TLS for one folder, and a real browser that finds it under the site's own host name."""

from __future__ import annotations

import datetime
import functools
import http.server
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import sync_playwright

BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def write_certificate(folder: Path, hosts: list[str]) -> Path:
    """A self-signed certificate and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), begin, begin.replace(year=2120)
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    file = folder / "server.pem"
    file.write_bytes(pem)
    return file


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".json": "application/json"}

    def log_message(self, format: str, *values: object) -> None:
        pass


class _Open(_Quiet):
    """A host that lets the pages of every other site read its files."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


class _Leaving(_Open):
    """A host that leads each request elsewhere, or answers none at all, when the test says so."""

    def __init__(self, *values: Any, leads_to: Callable[[str], str | None], **more: Any) -> None:
        self._leads_to = leads_to
        super().__init__(*values, **more)

    def do_GET(self) -> None:
        target = self._leads_to(self.path)
        if target is None:
            self.close_connection = True
        elif target:
            self.send_response(301)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            super().do_GET()


@contextmanager
def served(
    folder: Path, certificate: Path, *, is_open: bool = False, leads_to: Callable[[str], str | None] | None = None
) -> Iterator[int]:
    """The port on which a folder is served over TLS on loopback. is_open: to the scripts of other sites.

    leads_to: the address to which a path is redirected, "" to answer it from the folder, None to answer nothing."""
    kind = functools.partial(_Leaving, leads_to=leads_to) if leads_to else _Open if is_open else _Quiet
    handler = functools.partial(kind, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def chromium(hosts: dict[str, int]) -> Iterator[Any]:
    """Headless Chromium in which each host name leads to a port of this machine, and every other name nowhere."""
    rules = resolver_rules(hosts)
    with sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*BROWSER_ARGUMENTS, f"--host-resolver-rules={rules}"]
        )
        yield browser
        browser.close()


def resolver_rules(hosts: dict[str, int]) -> str:
    """Chromium's own words for: these host names lead to these ports of this machine, and every other name nowhere."""
    return ", ".join([*(f"MAP {host} 127.0.0.1:{port}" for host, port in hosts.items()), "MAP * ~NOTFOUND"])
