"""Whether an address (URL) can be published as it is written, and what to write in its place."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from site_builder.records.fields.addresses import bare_address, split_addresses

__all__ = ["address_refusal", "check_https"]

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}", re.IGNORECASE | re.ASCII)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_URL_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")


def check_https(text: str) -> str:
    """Why an address cannot be published, or ""."""
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return "cannot be read"
    if not text.startswith("https://"):
        return "does not begin with https://"
    if "@" in parts.netloc or (port is not None and not 0 < port < 65536):
        return "has a user name or an odd port in it"
    if not host.isascii():
        return f"has letters beyond a-z in its host name{_for_machines(host)}"
    if _HOST.fullmatch(host):
        return ""
    return "has a dot behind its host name" if host.endswith(".") else "has no host name that can be looked up"


def _is_address(text: str) -> bool:
    return not check_https(text) and _is_plain(text) and "@" not in text


def _is_plain(text: str) -> bool:
    return _URL_CHARACTERS.fullmatch(text) is not None and not _STRAY_PERCENT.search(text)


def _for_machines(host: str) -> str:
    form = _ascii_host(host)
    return f", which is written {form}" if form else ""


def _ascii_host(host: str) -> str:
    """How an international host name is looked up; "" where two standards differ, or for no such name.

    Sources: RFC 3490, ToASCII; RFC 5894, 7.2, for the four characters that IDNA 2008 writes otherwise."""
    try:
        form = "" if set(host) & set("ßς\u200c\u200d") else host.encode("idna").decode("ascii")
    except UnicodeError:
        form = ""
    return form if not host.isascii() and _HOST.fullmatch(form) else ""


def address_refusal(text: str) -> tuple[str, str] | None:
    """What is wrong with an address and how to mend it; None for one that can be published. What is no address is never repeated."""
    reason = check_https(text)
    return None if not reason and _is_plain(text) else (_around(text) or _itself(text, reason))


def _around(text: str) -> tuple[str, str] | None:
    """What stands around an address, such as another one."""
    several, bare = [part for part in split_addresses(text) if _is_address(part)], bare_address(text)
    if len(several) > 1:
        named = f", {' or '.join(several)}" if len(text) <= 300 else ""
        return (
            "this is more than one address",
            f"write one of them{named}; evidence may have several, each in an entry of its own",
        )
    if several:
        return "this address has words around it", _write(several[0]) or _WHOLE
    if bare != text and _is_address(bare):
        return "this address has signs around it", _write(bare) or _WHOLE
    return None


def _itself(text: str, reason: str) -> tuple[str, str]:
    if reason:
        what = f"this address {reason}" if _LIKE_AN_ADDRESS.search(text) else "this is no address"
        return what, _write(_meant(text)) or _WHOLE
    first, *words = text.split()
    if words and _write(first := bare_address(first)):
        fix = f"write {first}; where the words behind it belong to the address, write %20 for each space"
    else:
        coded = quote(_STRAY_PERCENT.sub("%25", text), safe=":/?#[]@!$&'()*+,;=%-._~")
        fix = _write(coded) or "copy the address from a browser"
    return "this address has characters that must be written as %xx", fix


_WHOLE = "write the whole address, such as https://example.org/course"
_LIKE_AN_ADDRESS = re.compile(r"[/@]|\w[.:]\w")
_SCHEME = re.compile(r"https?:/{1,3}|//|(?=www\.)", re.IGNORECASE)


def _write(address: str) -> str:
    """How to mend an address; "" where it is too long to be shown or may hold somebody's e-mail address."""
    return f"write {address}" if address and len(address) <= 300 and "@" not in address else ""


def _meant(text: str) -> str:
    """The address that a text is but for its beginning or the form of its host; "" when it is none."""
    found = _SCHEME.match(text)
    if not found:
        return ""
    host, slash, rest = text[found.end() :].partition("/")
    host = _ascii_host(host) or host
    address = f"https://{host.rstrip('.')}{slash}{rest}"
    return address if _is_address(address) else ""
