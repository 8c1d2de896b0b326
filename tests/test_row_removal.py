"""Taking one row out of a file: every other byte stays, and every other row reads as before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.authoring.row_removal import NotRemovable, remove_row
from site_builder.records.load.award_files import read_csv, read_record

HEAD = "badge: knots\nawarded: 2026-05-14\nrecipients:\n"
CSV = "badge,awarded,name,email\n"


def left(text: str, place: int, *, kind: str = "yml") -> str | None:
    removal = remove_row(text.encode("utf-8"), place, file=f"record.{kind}", issuer="school")
    return None if removal.left is None else removal.left.decode("utf-8")


BLOCK = f"""\
# The evening course.
{HEAD}  # Came late.
  - {{name: Ada, email: ada@example.org}}  # paid
  -
    # of the second group
    name: Émilie
    narrative: |
      Tied knots.

      Six of them.
  - name: Grace
    evidence:
      - https://school.example/1
      - {{url: https://school.example/2, name: Log}}
    role: "Team
      leader"   # since May

  # The last one.
  - name: O
# The end.
"""


@pytest.mark.parametrize(
    ("place", "gone"),
    [
        (0, "  - {name: Ada, email: ada@example.org}  # paid\n"),
        (
            1,
            "  -\n    # of the second group\n    name: Émilie\n    narrative: |\n      Tied knots.\n\n      Six of them.\n",
        ),
        (
            2,
            "  - name: Grace\n    evidence:\n      - https://school.example/1\n      - {url: https://school.example/2, name: Log}\n"
            '    role: "Team\n      leader"   # since May\n',
        ),
        (3, "  - name: O\n"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_item_of_a_block_list_goes_with_its_lines_and_nothing_else(place: int, gone: str, line_end: str) -> None:
    text, gone = BLOCK.replace("\n", line_end), gone.replace("\n", line_end)
    assert text.count(gone) == 1
    assert left(text, place) == text.replace(gone, "")


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("[{name: A}, {name: B}]", 0, "[{name: B}]"),
        ("[{name: A}, {name: B}]", 1, "[{name: A}]"),
        ("[\n  {name: A},\n  {name: B, role: x},\n  {name: C},\n]", 1, "[\n  {name: A},\n  {name: C},\n]"),
        ("[\n  {name: A},\n  {name: B},\n]", 1, "[\n  {name: A},\n]"),
    ],
)
def test_item_in_brackets_goes_with_its_comma(text: str, place: int, expected: str) -> None:
    head = HEAD.removesuffix("\n") + " "
    assert left(f"{head}{text}\n", place) == f"{head}{expected}\n"


def test_whole_record_in_brackets() -> None:
    text = '{badge: knots, awarded: 2026-05-14, recipients: [{name: A}, {"name": B, email: b@example.org}]}'
    assert left(text, 1) == "{badge: knots, awarded: 2026-05-14, recipients: [{name: A}]}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("badge: knots\nawarded: 2026-05-14\nname: Ada\n", "yml"),
        (f"{HEAD}  - name: Ada\n", "yml"),
        (f"{CSV}knots,2026-05-14,Ada,\n", "csv"),
    ],
)
def test_file_that_held_nothing_else_goes_whole(text: str, kind: str) -> None:
    assert left(text, 0, kind=kind) is None


TABLE = (
    f"{CSV}knots,2026-05-14,Ada,ada@example.org\n\n"
    'knots,2026-05-14,"Émilie\t",emilie@example.org\nknots,2026-05-14,Grace,\n'
)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_row_of_a_table_goes_with_its_line(line_end: str, mark: str) -> None:
    text = mark + TABLE.replace("\t", "").replace("\n", line_end)
    gone = f'knots,2026-05-14,"Émilie",emilie@example.org{line_end}'
    assert left(text, 1, kind="csv") == text.replace(gone, "")


def test_row_whose_quoted_cell_has_line_breaks_goes_with_all_its_lines() -> None:
    head = "badge;awarded;narrative;name\n"
    before, gone, after = (
        "knots;2026-05-14;;Ada\n",
        'knots;2026-05-14;"One.\n\n""Two"".\n";Grace\n',
        "knots;2026-05-14;;O",
    )
    removal = remove_row((head + before + gone + after).encode(), 1, file="a.csv", issuer="school")
    assert removal.left == (head + before + after).encode()
    assert (removal.first_line, removal.last_line) == (3, 6)


@pytest.mark.parametrize(
    ("text", "place", "kind"),
    [
        (f"{HEAD}  - name: Ada\n  - name: Grace\n    rank: 3\n", 0, "yml"),
        (f"{HEAD}  - name: Ada\n  - name: Grace\n", 2, "yml"),
        (f"{CSV}knots,2026-05-14,Ada\n", 0, "csv"),
        ("revoke: abcdefghijklmnopqrstuvwxyz\ndate: 2026-05-14\nreason: other\n", 0, "yml"),
    ],
    ids=["another row has a problem", "no such row", "a row that cannot be read", "not a row"],
)
def test_file_that_is_not_understood_is_left_alone(text: str, place: int, kind: str) -> None:
    with pytest.raises(NotRemovable):
        left(text, place, kind=kind)


def test_file_with_an_odd_line_break_is_left_alone() -> None:
    """YAML takes a lone carriage return for a line break; taking out what stands up to the next line feed would take the next row too."""
    with pytest.raises(NotRemovable):
        left(HEAD + "  - name: Ada\r  - name: Grace\r  - name: O\n", 1)


_NAMES = st.lists(st.sampled_from(["Ada", "Émilie", "張仲景", "O: 1", "A, B", '"Q"', "x # y"]), min_size=2, max_size=6)


@given(names=_NAMES, place=st.integers(0, 5), style=st.sampled_from(["flow", "block", "brackets", "csv"]))
def test_all_other_rows_stay_in_every_form_that_a_cohort_can_have(names: list[str], place: int, style: str) -> None:
    place %= len(names)
    quoted = ["'" + name + "'" for name in names]
    people = [f"{{name: {name}, ref: {i}}}" for i, name in enumerate(quoted)]
    text = {
        "flow": HEAD + "".join(f"  - {person}\n" for person in people),
        "block": HEAD + "".join(f"  - name: {name}\n    ref: {i}\n" for i, name in enumerate(quoted)),
        "brackets": f"{HEAD}  [{', '.join(people)}]\n",
        "csv": "badge,awarded,name,ref\n"
        + "".join(f'knots,2026-05-14,"{n.replace(chr(34), chr(34) * 2)}",{i}\n' for i, n in enumerate(names)),
    }[style]
    file, read = ("a.csv", read_csv) if style == "csv" else ("a.yml", read_record)
    removal = remove_row(text.encode(), place, file=file, issuer="school")
    assert removal.left is not None
    rows = read(removal.left, file=file, issuer="school").rows
    assert [row.award.name for row in rows] == names[:place] + names[place + 1 :]
