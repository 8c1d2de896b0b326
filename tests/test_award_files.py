"""Records in YAML and CSV: every file is rows and changes, or problems at its own lines; nothing else happens."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.records.load.award_files import MAX_CSV_BYTES, RecordFile, read_csv, read_record
from tests.test_yaml_events import YAML_SHAPED

HEADER = b"badge,awarded,name,email\n"
FIELDS = "badge awarded name email id ref expires evidence narrative credits_earned license_number role activity_start activity_end results results.a results.B listed revoke date reason note recipients".split()
VALUES = [
    *"knots 2026-05-14 2026-02-31 never ada@example.org did:web:a.example https://a.example/ 7.5 -1 1e999 [] {} [[]] '' \u202e".split(),
    '"\\0"',
    "{url: https://a.example/, name: x}",
    "[https://a.example/, {url: x}]",
    "issued-in-error",
    "{a: 1, b: x}",
    "{A b: 1}",
    "{a: [1], b: {c: d}, '': x}",
]
LINES = st.tuples(st.sampled_from(FIELDS), st.sampled_from(VALUES) | st.text(max_size=20)).map(": ".join)
RECORD_SHAPED = st.lists(LINES, max_size=8).map(lambda lines: "\n".join(lines).encode("utf-8", "replace"))
COHORT_SHAPED = st.tuples(st.lists(LINES, max_size=4), st.lists(st.lists(LINES, max_size=3), max_size=4)).map(
    lambda parts: "\n".join([*parts[0], "recipients:", *("  - " + "\n    ".join(item) for item in parts[1])]).encode(
        "utf-8", "replace"
    )
)
CELLS = st.sampled_from([*FIELDS, *VALUES, "", '"', '""', "\n", "\r", "\0"]) | st.text(max_size=8)
CSV_SHAPED = st.lists(st.lists(CELLS, max_size=6).map(",".join), max_size=6).map(
    lambda rows: "\n".join(["badge,awarded,name,email,evidence,results.a", *rows]).encode("utf-8", "replace")
)


@given(st.binary(max_size=1_000) | YAML_SHAPED | RECORD_SHAPED | COHORT_SHAPED)
def test_any_yaml_is_rows_changes_or_problems(raw: bytes) -> None:
    _check_lines(read_record(raw, file="f.yml", issuer="school"), raw)


@given(st.binary(max_size=1_000) | CSV_SHAPED | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_csv_is_rows_or_problems(raw: bytes) -> None:
    _check_lines(read_csv(raw, file="f.csv", issuer="school"), raw)
    _check_lines(read_csv(HEADER + raw, file="f.csv", issuer="school"), HEADER + raw)


def _check_lines(found: RecordFile, raw: bytes) -> None:
    count = len(raw.decode("utf-8", "replace").replace("\r", "\n").splitlines()) + 2
    assert all(0 <= problem.line <= count for problem in found.problems)
    assert all(1 <= row.line <= count for row in found.rows)


ADA, EVE = "knots,2026-05-14,Ada", "knots,2026-05-14,Eve"


@pytest.mark.parametrize(
    "table",
    [
        f"badge,awarded,name\n{EVE}\r{ADA}\n",
        f"badge,awarded,name\r{EVE}\n{ADA}\n",
        f"badge,awarded,name\n{ADA}\r\n{ADA}\r{EVE}",
    ],
)
def test_a_row_that_follows_a_carriage_return_alone_cannot_hide_among_others(table: str) -> None:
    [problem] = read_csv(table.encode(), file="f.csv", issuer="school").problems
    assert problem.code == "CSV004" and "(U+000D)" in problem.what


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_one_kind_of_line_ends_is_read_whatever_a_cell_holds(end: str) -> None:
    rows = ["badge,awarded,name,narrative", *(f'{row},"one\rtwo\nthree\r\nfour"' for row in (ADA, EVE)), ""]
    found = read_csv(end.join(rows).encode(), file="f.csv", issuer="school")
    assert found.problems == [] and [row.award.narrative for row in found.rows] == ["one\ntwo\nthree\nfour"] * 2


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (read_csv, b"badge," * (MAX_CSV_BYTES // 6)),
        (read_csv, b"bodge," * (MAX_CSV_BYTES // 6)),
        (read_csv, HEADER + b"\n" * MAX_CSV_BYTES),
        (read_csv, HEADER + b'"' * MAX_CSV_BYTES),
        (read_csv, HEADER + b"," * MAX_CSV_BYTES),
        (read_csv, HEADER + b"knots,2026-05-14," + "\u0301\u0323".encode() * 60_000 + b","),
        (read_csv, b"badge,awarded,name\n" + b"x,2026-05-14,y\n" * 20_000),
        (read_csv, b"badge,awarded,narrative,name\nknots,2026-05-14," + b"*a _b " * 20_000 + b",y"),
        (read_record, b"badge: k\nname: " + "\u0301\u0323".encode() * 16_000),
        (read_record, b"badge: k\nrecipients: [" + b"{name: a}," * 1_200 + b"]"),
        (read_record, b"\n".join(b"field%d: a" % number for number in range(2_400))),
        (read_record, b"? " + b"bad" * 20_000 + b"\n: a"),
    ],
    ids=range(12),
)
def test_pathological_files_are_done_with_soon(read: Callable[..., RecordFile], raw: bytes) -> None:
    started = time.process_time()
    read(raw, file="f", issuer="school")
    assert time.process_time() - started < 5
