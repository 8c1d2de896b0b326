"""The kinds of value in records: what each accepts, and what it refuses with which code."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from site_builder.records.fields import kinds as fields

KINDS = {
    name: TypeAdapter[Any](getattr(fields, name))
    for name in "Accent BadgeSlug Day Days Email HttpsUrl Language Line Narrative Number RecipientId Slug TimeZone Validity".split()
}
ACCEPTED = [
    ("Day", "2024-02-29", datetime.date(2024, 2, 29)),
    ("Day", " 1900-01-01 ", datetime.date(1900, 1, 1)),
    ("Days", "never", "never"),
    ("Days", "Never ", "never"),
    ("Days", "2026-05-14", datetime.date(2026, 5, 14)),
    ("Number", "7.50", Decimal("7.50")),
    ("Number", "0", Decimal(0)),
    ("Email", "ada@example.org", "ada@example.org"),
    ("Email", "a.b+c@sub.example.org", "a.b+c@sub.example.org"),
    ("HttpsUrl", "https://example.org", "https://example.org"),
    ("HttpsUrl", "https://example.org:8443/a%20b?c=d#e", "https://example.org:8443/a%20b?c=d#e"),
    ("HttpsUrl", "https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
    ("RecipientId", "did:web:ada.example", "did:web:ada.example"),
    ("RecipientId", "urn:uuid:00000000-0000-4000-8000-000000000000", "urn:uuid:00000000-0000-4000-8000-000000000000"),
    ("Slug", "first-aid-2", "first-aid-2"),
    ("Language", "zh-Hant", "zh-Hant"),
    ("Language", "es-419", "es-419"),
    ("Accent", "#0B5563", "#0b5563"),
    ("TimeZone", "Europe/Amsterdam", "Europe/Amsterdam"),
    ("Validity", "P1Y6M", "P1Y6M"),
    ("Line", "  a  b ", "a  b"),
    ("Narrative", "a\r\nb\rc", "a\nb\nc"),
]
REFUSED = [
    ("Day", "2023-02-29", "REC004"),
    ("Day", "2026-05-14T00:00", "REC004"),
    ("Day", "٢٠٢٦-٠٥-١٤", "REC004"),
    ("Day", "1899-12-31", "REC004"),
    ("Number", "7,5", "REC008"),
    ("Number", "1e3", "REC008"),
    ("Number", "-1", "REC008"),
    ("Number", "0.1234", "REC008"),
    ("Number", "٧", "REC008"),
    ("Number", "1" * 10, "REC008"),
    ("Email", "ada", "REC005"),
    ("Email", "ada@localhost", "REC005"),
    ("Email", "björk@example.org", "REC005"),
    ("Email", "ada@@example.org", "REC005"),
    ("Email", "Ada <ada@example.org>", "REC005"),
    ("Email", "ada@example.org.", "REC005"),
    ("HttpsUrl", "https://", "REC006"),
    ("HttpsUrl", "HTTPS://example.org", "REC006"),
    ("HttpsUrl", "https:example.org", "REC006"),
    ("HttpsUrl", "https:///example.org", "REC006"),
    ("HttpsUrl", "https://exam ple.org", "REC006"),
    ("HttpsUrl", "https://bücher.example/", "REC006"),
    ("HttpsUrl", "https://example\u017f.org/", "REC006"),
    ("HttpsUrl", "https://ⓔxample.org/", "REC006"),
    ("HttpsUrl", "https://example.org\\@evil.example/", "REC006"),
    ("HttpsUrl", "https://user:pw@example.org/", "REC006"),
    ("HttpsUrl", "https://example.org:0/", "REC006"),
    ("HttpsUrl", "https://example.org:99999/", "REC006"),
    ("HttpsUrl", "https://[::1]/", "REC006"),
    ("HttpsUrl", "https://[::1/", "REC006"),
    ("HttpsUrl", "https://0x7f.1/", "REC006"),
    ("HttpsUrl", "https://2130706433/", "REC006"),
    ("HttpsUrl", "https://example.org/<script>", "REC006"),
    ("HttpsUrl", "https://example.org/%zz", "REC006"),
    ("HttpsUrl", "javascript://example.org/%0aalert(1)", "REC006"),
    ("RecipientId", "mailto:ada@example.org", "REC006"),
    ("RecipientId", "tel:123", "REC006"),
    ("RecipientId", "https://localhost/", "REC006"),
    ("RecipientId", "did:web:a b", "REC006"),
    ("Slug", "First-Aid", "FIL005"),
    ("Slug", "a--b", "FIL005"),
    ("Slug", "-a", "FIL005"),
    ("Slug", "a-", "FIL005"),
    ("Slug", "a" * 64, "FIL005"),
    ("Slug", "..", "FIL005"),
    ("Slug", "con", "FIL005"),
    ("Slug", "rendered", "FIL005"),
    ("Slug", "a/b", "FIL005"),
    ("Language", "EN", "REC010"),
    ("Language", "english", "REC010"),
    ("Accent", "#fff", "REC010"),
    ("Accent", "red;}", "REC010"),
    ("TimeZone", "../../etc/passwd", "REC010"),
    ("TimeZone", "europe/amsterdam", "REC010"),
    ("Validity", "P", "REC010"),
    ("Validity", "P1H", "REC010"),
    ("Validity", "p1y", "REC010"),
    ("Validity", "P1.5Y", "REC010"),
    ("Line", "a\nb", "REC007"),
    ("Line", ["a"], "REC003"),
    ("Line", {}, "REC003"),
    ("Line", None, "REC003"),
    ("Narrative", "a" * 20_001, "REC009"),
]


@pytest.mark.parametrize(("kind", "text", "value"), ACCEPTED)
def test_a_value_is_accepted(kind: str, text: str, value: object) -> None:
    assert KINDS[kind].validate_python(text) == value


@pytest.mark.parametrize(("kind", "text", "code"), REFUSED)
def test_a_value_is_refused(kind: str, text: object, code: str) -> None:
    assert _refusal(kind, text)["code"] == code


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("03/04/26", "write 2026-03-04 or 2026-04-03, whichever is meant"),
        ("31-12-2025", "write 2025-12-31"),
        ("12/31/2025", "write 2025-12-31"),
        ("04.04.2026", "write 2026-04-04"),
        ("2026-5-1", "write 2026-05-01"),
        ("2026/05/01", "write 2026-05-01"),
        ("20260501", "write 2026-05-01"),
        ("30/30/26", "write the year, the month and the day, such as 2026-05-14"),
        ("May 14", "write the year, the month and the day, such as 2026-05-14"),
    ],
)
def test_a_date_in_another_form_is_answered_with_what_may_be_meant(text: str, fix: str) -> None:
    assert _refusal("Day", text)["fix"] == fix


@pytest.mark.parametrize("kind", KINDS)
@given(text=st.text(max_size=60) | st.sampled_from([case[1] for case in ACCEPTED]).map(lambda text: text + "x"))
def test_any_text_is_a_value_or_our_own_refusal(kind: str, text: str) -> None:
    try:
        KINDS[kind].validate_python(text)
    except ValidationError as error:
        found = error.errors()[0]
        assert found["type"] == "laurels"
        assert found["ctx"]["what"]
        assert found["ctx"]["fix"]


@given(st.text(max_size=80) | st.text(alphabet="ab-./\\ 0%~", max_size=70))
def test_a_slug_is_one_plain_step_of_a_path(text: str) -> None:
    if fields.is_slug(text):
        assert text.isascii()
        assert text == text.lower()
        assert not set(text) & set("/\\.%~: \0")


def _refusal(kind: str, value: object) -> dict[str, Any]:
    with pytest.raises(ValidationError) as refused:
        KINDS[kind].validate_python(value)
    return refused.value.errors()[0]["ctx"]
