"""The picture of the package in the maintainers' page: it shows what the files say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.draw_house import GROUND, HOUSE, SHELL, draw, read_wings, without_figures

PACKAGE = Path(__file__).parents[1] / "site_builder"
AGAIN = "run 'python -m scripts.draw_house'"


def package(folder: Path, files: dict[str, str]) -> Path:
    """A package `house` of these files."""
    for path, text in files.items():
        (folder / "house" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "house" / path).write_text(text, "utf-8")
    return folder / "house"


def test_the_picture_is_the_one_that_the_imports_give() -> None:
    assert without_figures(HOUSE.read_text("utf-8")) == without_figures(draw(read_wings(PACKAGE))), AGAIN


def test_the_numbers_of_lines_are_right_within_a_quarter() -> None:
    """Each edit changes them a little; nobody should have to draw again for that."""
    shown = [int(figure.replace(",", "")) for figure in re.findall(r"([\d,]+) lines", HOUSE.read_text("utf-8"))]
    counted = [wing.lines for wing in reversed(read_wings(PACKAGE))]
    assert len(shown) == len(counted)
    assert all(abs(there - here) <= 50 + here / 4 for there, here in zip(shown, counted, strict=True)), AGAIN


def test_each_wing_stands_above_all_that_it_imports_with_the_shell_as_the_roof() -> None:
    wings = read_wings(PACKAGE)
    order = [wing.name for wing in wings]
    assert order[0] == GROUND and order[-1] == SHELL
    assert all(order.index(used) < order.index(wing.name) for wing in wings for used in wing.uses)


def test_a_wing_is_counted_with_its_parts_and_importers(tmp_path: Path) -> None:
    root = package(
        tmp_path,
        {
            "__init__.py": "",
            "errors.py": "x = 1\n",
            "records/load.py": "from house.errors import x\n\n",
            "records/fields/dates.py": "from house.errors import x\n",
            "cli/main.py": "from house.records.load import x\n",
        },
    )
    ground, records, shell = read_wings(root)
    assert (ground.name, records.name, shell.name) == (GROUND, "records", SHELL)
    assert (records.parts, records.modules, records.lines, dict(records.uses)) == (("fields",), 2, 3, {GROUND: 2})
    assert dict(shell.uses) == {"records": 1}


def test_a_circle_of_wings_has_no_picture(tmp_path: Path) -> None:
    files = {"records/a.py": "from house.site.b import x\n", "site/b.py": "from house.records.a import x\n"}
    with pytest.raises(RecursionError):
        read_wings(package(tmp_path, files))
