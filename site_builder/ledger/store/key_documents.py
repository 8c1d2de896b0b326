"""Where each issuer's key document lies: in the site, and at the one address at which verifiers look for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.credentials.identifiers.did_web import did_document_url, is_did_web
from site_builder.credentials.urls import signed_path
from site_builder.ledger.store.definitions import issuer_did
from site_builder.records.load.pages_folder import PAGES_FOLDER, is_taken
from site_builder.records.load.repository import Issuer, Repository

__all__ = ["KeyDocument", "copying_lines", "key_document", "key_documents_elsewhere", "reason_against_place"]

# Files in the site's root: no folder can have such a name too.
_FILES = {"index.html", "404.html", "robots.txt", "sitemap.xml", "_headers", "_redirects"}


@dataclass(frozen=True)
class KeyDocument:
    """The key document of an issuer, both paths below the site's root.

    url: where its DID leads, and so where verifiers look, and nowhere else. copy: where every issuer's lies beside its page.
    place: what url leads to, "" when that is not one of the site's addresses, so that somebody must put the file there."""

    issuer: str
    did: str
    url: str
    copy: str
    place: str

    def advice(self, *, site: str = "site") -> str:
        """What is to be done, as a part of a sentence; "" when the site answers at the address. site: the built site's folder."""
        return "" if self.place else f"copy {site}/{self.copy} to {self.url}, where verifiers look"

    def as_json(self) -> dict[str, str]:
        """Plain data for --json. file: below the site's root."""
        return {"issuer": self.issuer, "did": self.did, "file": self.copy, "url": self.url}


def key_document(issuer: Issuer, base: str) -> KeyDocument:
    """The key document of an issuer. base: the site's address, with a trailing slash. Raises DidError."""
    did = issuer_did(issuer, base)
    url = did_document_url(did)
    place = url.removeprefix(base) if url.startswith(base) else ""
    return KeyDocument(issuer.slug, did, url, signed_path("issuer", issuer=issuer.slug) + "did.json", place)


def key_documents_elsewhere(repository: Repository) -> Iterator[KeyDocument]:
    """The key documents that somebody must put where verifiers look, since the site does not answer there.

    A `did` that is none is left out: `check` has a problem for it."""
    base = repository.config.base
    for issuer in repository.issuers.values():
        own = issuer.record.did
        if base and own is not None and is_did_web(own):
            document = key_document(issuer, base)
            if not document.place:
                yield document


def copying_lines(repository: Repository, *, site: str = "site") -> list[str]:
    """What must be copied elsewhere after a build, a line for each issuer. site: the built site's folder."""
    return [f"{keys.issuer}: {keys.advice(site=site)}" for keys in key_documents_elsewhere(repository)]


def reason_against_place(repository: Repository, document: KeyDocument) -> str:
    """Why the site cannot publish a key document at its place, as the end of a sentence; "" when it can."""
    *folders, _ = document.place.split("/")
    if not folders or document.place == document.copy:
        return ""
    slug = folders[-1].casefold()
    if folders[0].casefold() == "issuers" and len(folders) == 2:
        return f"the keys of the issuer {slug!r} lie there" if slug in repository.issuers else ""
    if is_taken(folders[0]):
        return f"the site keeps {folders[0]}/ for itself"
    paths = ["/".join(folders[:depth]) for depth in range(1, len(folders) + 1)]
    in_the_way = next((path for path in paths if path.casefold() in _FILES or _is_picture(repository, path)), "")
    return f"{in_the_way} is a file" if in_the_way else ""


def _is_picture(repository: Repository, path: str) -> bool:
    """Whether a file of content/pages is published at a path; a page becomes a folder, in which there is room."""
    file = repository.root / PAGES_FOLDER / path
    return file.is_file() and file.suffix != ".md"
