"""What a page offers to take along: each names the canonical address, and the mail to the office names nobody."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from site_builder.verification.page.expected import complaint_mail
from site_builder.verification.page.statement import linkedin_link, statement

BASE = "https://badges.laurels.example/"
PATH = "c/aaaaaaaaaaaaaaaaaaaaaaaaaa/"
PAGE = BASE + PATH
NAME = 'Ada "Countess" <Lovelace> & Co'
CREDENTIAL: dict[str, Any] = {
    "id": f"{PAGE}credential.json",
    "name": "Knots & splices",
    "issuer": {"id": "did:web:school.example", "name": "Test School", "url": "https://school.example/"},
    "awardedDate": "2026-05-14T00:00:00+02:00",
    "validUntil": "2028-11-30T23:59:59+01:00",
    "credentialSubject": {
        "identifier": [{"identityHash": NAME}],
        "achievement": {"name": "Knots & splices", "inLanguage": "en"},
    },
}


def test_linkedins_form_is_filled_in_with_the_canonical_address() -> None:
    link = urlsplit(linkedin_link(CREDENTIAL, organization=None))
    assert f"{link.scheme}://{link.netloc}{link.path}" == "https://www.linkedin.com/profile/add"
    assert parse_qs(link.query) == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["Knots & splices"],
        "organizationName": ["Test School"],
        "issueYear": ["2026"],
        "issueMonth": ["5"],
        "expirationYear": ["2028"],
        "expirationMonth": ["11"],
        "certUrl": [PAGE],
        "certId": ["aaaaaaaaaaaaaaaaaaaaaaaaaa"],
    }


def test_an_organisation_of_linkedin_takes_the_place_of_the_name() -> None:
    fields = parse_qs(urlsplit(linkedin_link(CREDENTIAL, organization="1234")).query)
    assert fields["organizationId"] == ["1234"] and "organizationName" not in fields


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_snippet_is_an_image_with_words_that_leads_to_the_page() -> None:
    elements = _Elements()
    elements.feed(statement(CREDENTIAL, claims=(), base=BASE)["embed"])
    words = f"Knots & splices, awarded to {NAME} by Test School"
    image = {"src": f"{PAGE}badge.png", "alt": words, "width": "160", "height": "160"}
    assert elements.found == [("a", {"href": PAGE}), ("img", image)]


def test_the_mail_to_the_office_names_the_credential_and_nobody() -> None:
    mail = complaint_mail(PATH, base=BASE, office="office+badges@school.example")
    address, _, fields = mail.partition("?")
    assert address == "mailto:office%2Bbadges@school.example"
    # A plus sign is one in a mail address's fields, not a space (RFC 6068, 5).
    assert "+" not in fields
    assert "aaaaaaaaaaaaaaaaaaaaaaaaaa" in parse_qs(fields)["subject"][0]
    assert parse_qs(fields)["body"][0].startswith(f"Credential: aaaaaaaaaaaaaaaaaaaaaaaaaa\r\nPage: {PAGE}\r\n")
    assert "Ada" not in unquote(mail) and "Lovelace" not in unquote(mail)
