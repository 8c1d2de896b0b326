"""YAML for records: mappings, lists and text with their lines, and nothing else."""

from __future__ import annotations

import re
import time
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.records.formats.yaml_events import MAX_YAML_BYTES, YamlRefused, parse_yaml
from site_builder.records.formats.yaml_nodes import read_tagged_yaml

# Pieces that YAML is made of: put together at random they reach more of a parser than random bytes do.
PIECES = st.sampled_from(
    "a b: : - ? | > & * ! !! << --- ... % # ' \" [ ] { } , \n \n  \t 010 no ~ null 1e3 2026-05-14 \\ \ufeff \0 \x85 \u2028 &a *a !!map |2- @ `".split(
        " "
    )
)
YAML_SHAPED = st.lists(PIECES, max_size=60).map(lambda pieces: " ".join(pieces).encode())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 010", {"a": "010"}),
        ("a: no", {"a": "no"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 2026-05-14", {"a": "2026-05-14"}),
        ("a: ~", {"a": "~"}),
        ("a:", {"a": ""}),
        ("1: a", {"1": "a"}),
        ("a: [b, {c: d}]", {"a": ["b", {"c": "d"}]}),
        ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
        ("\ufeffa: b", {"a": "b"}),
        ("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
    ],
)
def test_every_value_stays_the_text_that_was_written(text: str, value: dict[str, Any]) -> None:
    assert parse_yaml(text.encode(), file="f.yml").value == value


@pytest.mark.parametrize("sign", ["\r", "\x85", "\u2028", "\u2029"])
def test_a_line_break_that_nobody_sees_cannot_hide_a_recipient_behind_a_comment(sign: str) -> None:
    raw = f"recipients:\n  - {{name: Ada}}  # looked at{sign}  - {{name: Eve}}\n".encode()
    for read in (parse_yaml, read_tagged_yaml):
        with pytest.raises(YamlRefused) as refused:
            read(raw, file="f.yml")
        problem = refused.value.problem
        assert (problem.line, problem.code) == (2, "YML001") and f"(U+{ord(sign):04X})" in problem.what


def test_a_narrative_is_the_same_once_an_ordinary_break_is_in_its_place() -> None:
    with patch("site_builder.records.formats.yaml_events._UNSEEN_BREAK", re.compile("(?!)")):
        before = [parse_yaml(f"a: |\n  b{sign}  c\nd: e{sign}  f\n".encode(), file="f.yml").value for sign in "\r\x85"]
    assert before == [parse_yaml(b"a: |\n  b\n  c\nd: e\n  f\n", file="f.yml").value] * 2


def test_each_value_knows_its_line() -> None:
    lines = parse_yaml(b"a: 1\nb:\n  - c: 2\n    d: 3\n  - {c: 4}\n", file="f.yml").lines
    assert [lines.find(path) for path in [("a",), ("b",), ("b", 0, "d"), ("b", 1), ("b", 1, "zz")]] == [1, 2, 4, 5, 5]
    assert lines.find(("nothing",)) == 1


def test_a_file_of_others_is_read_with_its_tags_and_past_its_aliases() -> None:
    raw = b"a: !!python/name:os.system\nb: &x [1, !ENV [C, d]]\ne: *x\n<<: {f: g, a: h}\n"
    found = read_tagged_yaml(raw, file="mkdocs.yml")
    assert found.value == {"f": "g", "a": "", "b": ["1", ["C", "d"]], "e": ["1", ["C", "d"]]}
    assert [(s.path, s.text, s.line) for s in found.settings if s.tags == ("!ENV",) and s.kind == "text"] == [
        (("b", 1, 0), "C", 2),
        (("b", 1, 1), "d", 2),
        (("e", 1, 0), "C", 2),
        (("e", 1, 1), "d", 2),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x {b: *x}", "YML003"),
        ("a: &x {<<: *x}", "YML003"),
        (
            "a: &x [1, 1, 1, 1, 1]\nb: &y [*x, *x, *x, *x]\n" + "c: [" + "*y, " * 250 + "]",
            "YML004",
        ),
        ("a: *nothing", "YML001"),
        ("<<: text", "YML001"),
        ("a: 1\na: 2", "YML005"),
        ("? [a]\n: b", "YML001"),
        ("a: 1\n---\nb: 2", "YML007"),
    ],
)
def test_a_file_of_others_that_would_never_end_is_refused(text: str, code: str) -> None:
    with pytest.raises(YamlRefused) as refused:
        read_tagged_yaml(text.encode(), file="mkdocs.yml")
    assert refused.value.problem.code == code


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * MAX_YAML_BYTES,
        b"{a: " * (MAX_YAML_BYTES // 4),
        b"- " * (MAX_YAML_BYTES // 2),
        b"? " * (MAX_YAML_BYTES // 2),
        b"a: " + b"&a " * 20_000,
        b"a: !" + b"x" * 60_000,
        b"%TAG ! " + b"x" * 60_000,
        b"a: '" + b"''" * 30_000,
        b"a: >" + b"\n" * 60_000,
        b"a" * 60_000 + b": b",
        b"\n".join(b" " * depth + b"a:" for depth in range(300)),
        b"--- a\n" * 10_000,
        b"#" * 60_000,
    ],
    ids=range(13),
)
def test_pathological_files_are_done_with_at_once(raw: bytes) -> None:
    started = time.process_time()
    for read in (parse_yaml, read_tagged_yaml):
        _read(read, raw)
    assert time.process_time() - started < 2


@given(
    st.binary(max_size=2_000) | YAML_SHAPED | st.text(max_size=500).map(lambda text: text.encode("utf-8", "replace"))
)
@example(b"\xff\xfe")
@example(b"a: \x00")
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for read in (parse_yaml, read_tagged_yaml):
        _read(read, raw)


def _read(read: Any, raw: bytes) -> None:
    try:
        found = read(raw, file="f.yml")
    except YamlRefused as refused:
        lines = raw.decode("utf-8", "replace").replace("\r", "\n")
        assert 0 <= refused.problem.line <= len(lines.splitlines()) + 2
    else:
        assert isinstance(getattr(found, "value", found), dict)
