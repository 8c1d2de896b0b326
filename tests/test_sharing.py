"""What a page offers to take along: each names the canonical address, and the mail to the office names nobody."""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urlsplit

from site_builder.credentials.openbadges3.values import Credential, Issuer, SignedAchievement, StatusListEntry, Subject
from site_builder.site.parts.sharing import complaint_mail, embed_snippet, linkedin_link

BASE = "https://badges.laurels.example/"
PAGE = "https://badges.laurels.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa/"
NAME = 'Ada "Countess" <Lovelace> & Co'
CREDENTIAL = Credential(
    id=f"{PAGE}credential.json",
    name="Knots & splices",
    issuer=Issuer("did:web:school.example", "Test School", "https://school.example/"),
    valid_from=datetime.fromisoformat("2026-05-14T00:00:00+02:00"),
    awarded=datetime.fromisoformat("2026-05-14T00:00:00+02:00"),
    valid_until=datetime.fromisoformat("2028-11-30T23:59:59+01:00"),
    subject=Subject(NAME, SignedAchievement("", "Knots & splices", "", "", "", "en")),
    status=StatusListEntry("", 0),
)


def test_linkedins_form_is_filled_in_with_the_canonical_address() -> None:
    link = urlsplit(linkedin_link(CREDENTIAL, base=BASE, organization=None))
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
    fields = parse_qs(urlsplit(linkedin_link(CREDENTIAL, base=BASE, organization="1234")).query)
    assert fields["organizationId"] == ["1234"] and "organizationName" not in fields


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_snippet_is_an_image_with_words_that_leads_to_the_page() -> None:
    elements = _Elements()
    elements.feed(embed_snippet(CREDENTIAL, base=BASE))
    words = f"Knots & splices, awarded to {NAME} by Test School"
    image = {"src": f"{PAGE}badge.png", "alt": words, "width": "160", "height": "160"}
    assert elements.found == [("a", {"href": PAGE}), ("img", image)]


def test_the_mail_to_the_office_names_the_credential_and_nobody() -> None:
    mail = complaint_mail(CREDENTIAL.award_id, base=BASE, office="office+badges@school.example")
    address, _, fields = mail.partition("?")
    assert address == "mailto:office%2Bbadges@school.example"
    # A plus sign is one in a mail address's fields, not a space (RFC 6068, 5).
    assert "+" not in fields
    assert "aaaaaaaaaaaaaaaaaaaaaaaaaa" in parse_qs(fields)["subject"][0]
    assert parse_qs(fields)["body"][0].startswith(f"Credential: aaaaaaaaaaaaaaaaaaaaaaaaaa\r\nPage: {PAGE}\r\n")
    assert "Ada" not in unquote(mail) and "Lovelace" not in unquote(mail)
