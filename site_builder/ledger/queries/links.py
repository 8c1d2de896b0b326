"""The learners' own links: each award's page, with the key that lets whoever holds the link match the e-mail address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from site_builder.credentials.urls import signed_url
from site_builder.ledger.queries.spreadsheet import format_csv
from site_builder.ledger.store.award_json import StoredAward
from site_builder.ledger.store.checked_repository import CheckedRepository

__all__ = ["LearnerLink", "learner_links", "links_as_csv"]


@dataclass(frozen=True)
class LearnerLink:
    """Whom to write to, and what to send. record: file and line of the row."""

    name: str
    email: str
    url: str
    record: str
    badge: str = ""
    issuer: str = ""

    @property
    def page(self) -> str:
        """The address that may be shared: without the key."""
        return self.url.partition("#")[0]


def learner_links(checked: CheckedRepository, *, record: str | None = None) -> list[LearnerLink]:
    """The links of all issued awards that are not revoked, in the order of their rows, with names and addresses as corrected.

    record: only rows of that file."""
    base = checked.repository.config.base
    links = []
    for award_id, row in sorted(checked.rows.items(), key=lambda item: (item[1].file.split("/"), item[1].line)):
        award = checked.ledger.awards[award_id]
        if award.current.state != "active" or record not in (None, row.file):
            continue
        # The part behind # never reaches a server. It stands in no address but this one.
        key = f"#m={award.current.salt}" if _salt_is_private(checked, award) else ""
        url = signed_url(base, "page", id=award.id) + key
        links.append(
            LearnerLink(row.award.name, row.award.email or "", url, f"{row.file}:{row.line}", award.badge, row.issuer)
        )
    return links


def _salt_is_private(checked: CheckedRepository, award: StoredAward) -> bool:
    """Whether there is a salt that the credential itself does not carry: issuer.yml may say something else by now."""
    salt = award.current.salt
    return salt is not None and salt.encode() not in checked.raw(award, award.current)


def links_as_csv(links: Sequence[LearnerLink]) -> str:
    """The links as CSV for a mail merge. A cell that a spreadsheet would run as a formula begins with an apostrophe."""
    return format_csv(["name", "email", "url"], ([link.name, link.email, link.url] for link in links))
