"""award.json is written and read in a short way and in a long one, which give the same bytes, and refuse the same with the same words."""

from __future__ import annotations

import pytest

from site_builder.encoding import format_json, only_slow_roads
from site_builder.ledger.store.award_json import ErasedAward, StatusEntry, StoredAward, Version, award_bytes, read_award

ID = "a" * 25 + "e"
DIGEST = "0123456789abcdef" * 4
VERSION = Version(
    file="credential.json", sha256=DIGEST, row=DIGEST, list=1, index=94_567, key="key-1",
    issued="2026-05-14T09:00:00Z", state="active", salt="s" * 22,
)  # fmt: skip
AWARD = StoredAward(
    format="laurels-award-1", id=ID, issuer="school", badge="knots", awarded="2026-05-14", identity=DIGEST,
    versions=(VERSION,),
)  # fmt: skip
SUPERSEDED = VERSION.model_copy(update={"state": "superseded", "change": DIGEST, "withheld": True})
CORRECTED = AWARD.model_copy(
    update={
        "versions": (SUPERSEDED, VERSION.model_copy(update={"file": "credential-2.json", "salt": None})),
        "renews": ID,
    }
)
ERASED = ErasedAward(
    format="laurels-award-1", id=ID, issuer="school", badge="knots", awarded="2026-05-14",
    versions=(StatusEntry(list=1, index=0), StatusEntry(list=2, index=131_071)),
)  # fmt: skip
# Nothing that `issue` gives an award, but what somebody may have written.
ODD = {
    f"an id with {name}": AWARD.model_copy(update={"id": text})
    for name, text in {
        "braces": "{a}", "a tag": "<b>", "an ampersand": "&", "a backslash": "\\", "quotes": '"', "a delete": "\x7f",
        "a control": "\n", "an umlaut": "ü", "a sign beyond the BMP": "𝒳", "nothing": "",
    }.items()
}  # fmt: skip


@pytest.mark.parametrize("award", [AWARD, CORRECTED, ERASED, *ODD.values()], ids=["plain", "corrected", "erased", *ODD])
def test_both_ways_write_the_same_bytes(award: StoredAward | ErasedAward) -> None:
    short = award_bytes(award)
    with only_slow_roads():
        assert short == award_bytes(award) == format_json(award.model_dump(exclude_none=True))


def answer(raw: bytes) -> object:
    """The award that is read, or why it is refused."""
    try:
        return read_award(raw, issuer="school", name=ID)
    except ValueError as error:
        return str(error)


WRITTEN = award_bytes(AWARD)
MANY = tuple(
    SUPERSEDED.model_copy(update={"file": "credential.json" if number == 1 else f"credential-{number}.json"})
    for number in range(1, 300)
)
LONG = AWARD.model_copy(update={"versions": (*MANY, VERSION.model_copy(update={"file": "credential-300.json"}))})
CASES = {
    "as written": WRITTEN,
    "corrected": award_bytes(CORRECTED),
    "erased": award_bytes(ERASED),
    "very many versions": award_bytes(LONG),
    "versions that do not follow each other": award_bytes(LONG.model_copy(update={"versions": LONG.versions[1:]})),
    "another id": WRITTEN.replace(ID.encode(), b"b" * 25 + b"e"),
    "another issuer": WRITTEN.replace(b"school", b"club"),
    "a key twice": WRITTEN.replace(b'  "badge"', b'  "badge": "knots",\n  "badge"'),
    "another order": WRITTEN.replace(b'  "badge": "knots",\n', b"").replace(
        b'{\n  "f', b'{\n  "badge": "knots",\n  "f'
    ),
    "one more space": WRITTEN.replace(b": 1,", b":  1,"),
    "no final newline": WRITTEN[:-1],
    "a byte order mark": b"\xef\xbb\xbf" + WRITTEN,
    "an escaped letter": WRITTEN.replace(b'"knots"', b'"k\\u006eots"'),
    "half of a pair": WRITTEN.replace(b'"knots"', b'"\\ud800"'),
    "not UTF-8": WRITTEN.replace(b'"knots"', b'"\xff"'),
    "a number with a point": WRITTEN.replace(b": 1,", b": 1.0,"),
    "a number as text": WRITTEN.replace(b": 1,", b': "1",'),
    "true for one": WRITTEN.replace(b": 1,", b": true,"),
    "an index beyond the list": WRITTEN.replace(b"94567", b"131072"),
    "a number beyond 2^53": WRITTEN.replace(b"94567", b"9" * 30),
    "not a number": WRITTEN.replace(b"94567", b"NaN"),
    "null for what is left out": WRITTEN.replace(b'"salt": "' + b"s" * 22 + b'"', b'"salt": null'),
    "a member more": WRITTEN.replace(b'  "badge"', b'  "name": "Ada",\n  "badge"'),
    "no such day": WRITTEN.replace(b"2026-05-14", b"2026-02-30"),
    "digits of another script": WRITTEN.replace(b'awarded": "2026', 'awarded": "٢٠٢٦'.encode()),
    "nested deeply": b"[" * 100_000,
    "a list": b"[]\n",
    "nothing": b"",
}


@pytest.mark.parametrize("raw", CASES.values(), ids=CASES)
def test_both_ways_read_the_same_award_or_refuse_it_with_the_same_words(raw: bytes) -> None:
    short = answer(raw)
    with only_slow_roads():
        assert short == answer(raw)
    assert isinstance(short, str) != (raw in (WRITTEN, award_bytes(CORRECTED), award_bytes(ERASED), award_bytes(LONG)))
