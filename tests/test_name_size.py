"""The class of length of a name, which decides how large it is set."""

from __future__ import annotations

import pytest

from site_builder.site.parts.name_size import name_size

LONG_WORD = "Wolfeschlegelsteinhausenbergerdorff"
CASES = [
    ("", "short"),
    ("O", "short"),
    ("ابن سينا", "short"),
    ("楠本イネ", "short"),
    ("सुश्रुत", "short"),
    ("Ada Lovelace", "usual"),
    ("楠本 イネ子", "usual"),
    ("楠本イネ楠本イネ", "long"),
    # Marks take no place of their own.
    ("a\u0301" * 8, "short"),
    ("Émilie du Châtelet", "long"),
    # One word must fit in a line, however short the name is.
    ("Konstantinopolitan", "long"),
    ("Hubert Featherstonehaughsonsmith", "longer"),
    (f"Hubert {LONG_WORD}", "longest"),
    ("Maria Anna Walburga Ignatia Konstanze von und zu Hohenstein", "longest"),
    ("一二三四五六七八九十" * 4, "longest"),
]


@pytest.mark.parametrize(("name", "size"), CASES)
def test_the_width_of_a_name_and_of_its_longest_word_decide(name: str, size: str) -> None:
    assert name_size(name) == size
