"""An archive: the built site with all that is needed to check its credentials when the site is gone, in one zip."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from site_builder.credentials.identifiers.multikey import fingerprint
from site_builder.credentials.status.bitstring import issued_at
from site_builder.encoding import parse_json
from site_builder.errors import Error, UsageError
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.definitions import issuer_did
from site_builder.ledger.store.ledger import Ledger
from site_builder.site.archive.page import archive_page
from site_builder.site.archive.zip_file import Zipped, write_zip
from site_builder.wording import format_date, plural

__all__ = ["Archive", "archive_file", "write_archive"]

# What lies beside the site's folder in every archive.
_OWN = {"README.txt", "keys.txt", "verify.html"}
_NOT_INTO = ("content", "issuers", "badges", "themes", ".git")


@dataclass(frozen=True)
class Archive:
    """An archive that was written. as_of: the last day on which something of it was signed, YYYY-MM-DD."""

    zipped: Zipped
    host: str
    as_of: str
    credentials: int


def archive_file(target: Path | None, *, root: Path, base: str, site: Path) -> Path:
    """Where the zip goes: as named, or `<host>-archive.zip` in the folder where somebody stands.

    Raises UsageError for a place among what is published or signed, and for a file that is no archive."""
    file = (target or Path(f"{_host(base).replace(':', '-')}-archive.zip")).absolute()
    inside = [*(root / name for name in _NOT_INTO), site]
    if any(file.resolve().is_relative_to(folder.resolve()) for folder in inside):
        raise UsageError(f"{file} lies among the site's own files: name a file elsewhere, such as ../{file.name}")
    if file.is_dir():
        raise UsageError(f"{file} is a folder: name a file in it, such as {file.name}/archive.zip")
    if file.exists() and not _is_archive(file):
        raise UsageError(f"{file} holds something else, which would be lost: name another file")
    return file


def _host(base: str) -> str:
    return urlsplit(base).netloc


def _is_archive(file: Path) -> bool:
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return set(archive.namelist()) >= _OWN


def write_archive(file: Path, checked: CheckedRepository, *, site: Path) -> Archive:
    """Writes the archive of a site that was just built into a folder. Raises Error when nothing of it is signed."""
    as_of = _last_signed(checked.ledger)
    if not as_of:
        raise Error("nothing is signed yet, so there is nothing that an archive could prove: run 'laurels issue'")
    keys = list(_keys(checked))
    base, day = checked.repository.config.base, format_date(as_of)
    host, count = _host(base), sum(len(award.kept) for award in checked.ledger.awards.values())
    page = archive_page(site, checked.ledger, base=base, host=host, as_of=day, keys=keys)
    own = {
        "README.txt": _README.format(host=host, day=day, base=base, credentials=plural(count, "signed file")).encode(),
        "keys.txt": _keys_text(keys, host=host, day=day).encode(),
        "verify.html": page,
    }
    files = {f"site/{file.relative_to(site).as_posix()}": file for file in site.rglob("*") if file.is_file()}
    entries: list[tuple[str, bytes | Path]] = [*own.items(), *files.items()]
    return Archive(write_zip(file, entries), host, as_of, count)


def _last_signed(ledger: Ledger) -> str:
    """The day of the last signature, of a credential or of a revocation list: as far as the archive can tell; "" for none."""
    credentials = (version.signed for award in ledger.awards.values() for version in award.versions)
    lists = (issued_at(parse_json(raw)) for raw in ledger.lists.values())
    return max((*credentials, *lists), default="")[:10]


def _keys(checked: CheckedRepository) -> Iterator[dict[str, str]]:
    """Every public key that an issuer of the site ever had."""
    for issuer in checked.repository.issuers.values():
        for key in issuer.keys:
            yield {
                "issuer": issuer.record.name,
                "did": issuer_did(issuer, checked.repository.config.base),
                "id": key.id,
                "state": key.state,
                "days": f"made on {key.created}" + (f", signed until {key.until}" if key.until else ""),
                "public_key": key.publicKeyMultibase,
                "fingerprint": fingerprint(key.publicKeyMultibase),
            }


def _keys_text(keys: list[dict[str, str]], *, host: str, day: str) -> str:
    """keys.txt: for people who compare, and for a print."""
    blocks = [
        f"{key['issuer']}\n"
        f"  key          {key['did']}#{key['id']}\n"
        f"  state        {key['state']}, {key['days']}\n"
        f"  public key   {key['public_key']}\n"
        f"  fingerprint  {key['fingerprint']}\n"
        for key in keys
    ]
    head = (
        f"Public keys of {host}, as of {day}\n\n"
        "active: it signs. retired: it signed once, and what it signed holds. compromised: what it signed proves nothing.\n"
        "The fingerprint is the SHA-256 of the 32 bytes of the public key.\n"
    )
    return "\n".join([head, *blocks])


_README = """\
Archive of {host}, as of {day}

This file holds a whole site as it was published, with {credentials}:

  {base}

and what is needed to check its credentials when that site is gone: the
public keys of the issuers and their revocation lists. No private key and no
recipient's e-mail address is in it.


What lies here

  verify.html   checks a credential on your own computer, with no network
  site/         the site, file by file, as a web host serves it
  keys.txt      the public keys with their fingerprints


To check a credential

  Open verify.html in a browser (a double click does it) and drop the file
  onto it: the image (PNG or SVG) or the JSON file. It says whether the keys
  in this archive signed it, whether it was changed since, and whether it was
  withdrawn by the day named above. What happened later it cannot know: while
  the site still answers, its own check says more.

  With Laurels installed, the same from a terminal:

    laurels verify site
    laurels verify --site site badge.png

  How far to trust it: whoever hands you an archive could have put other keys
  into it. Take it from somebody whom you trust, or compare the fingerprints
  in keys.txt with a copy from elsewhere.


To host it again

  Put the files of the folder site/ on any web host, as they are, and let the
  site's old name lead there over https. Then every link, every page and every
  check works as before: nothing has to be built or signed. The host must
  answer a folder's address with the index.html in it and list no folders, and
  it should let other sites read /c/, /badges/ and /issuers/ (the file
  _headers says how).

  At another address the pages still open. They say that they are copies,
  since the old name is what the signatures are bound to.


Who may have it

  verify.html names no recipient: it may be given to anybody, and learners do
  well to keep it beside their own credential.
  The folder site/c/ holds a page for each credential, also for those that
  only their recipients know the address of. So the whole archive is for the
  issuer and for whoever goes on with the site. Do not publish the zip.
"""
