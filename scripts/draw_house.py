"""Draws content/pages/maintaining/house.svg, the wings of site_builder/ and what they import: python -m scripts.draw_house (make manual).

Everything but the phrases comes from the files: order from the imports, figures from counting. A test draws it again and compares."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

__all__ = ["GROUND", "HOUSE", "SHELL", "Wing", "draw", "read_wings", "without_figures"]

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "content" / "pages" / "maintaining" / "house.svg"
# Single modules at the top of the package: what starts everything, and what everything may use.
SHELL, GROUND = "cli, plugin", "ground"
WHAT = {
    SHELL: "the command, the MkDocs plugin",
    "site": "records and signed files become pages",
    "issuing": "pending records become signed files",
    "authoring": "writes people's files: new, correct, erase",
    "ledger": "what was ever signed, and the rules over it",
    "verification": "named checks of a credential",
    "credentials": "one specification a module",
    "records": "what people write",
    GROUND: "errors, encoding, wording, disk, secrets",
}

INK, MUTED, PAPER, ACCENT, LINE = "#1c1b18", "#5d594f", "#fcfaf5", "#0b5563", "#d8d2c4"
WIDTH, ROW, TOP, BOTTOM, LEFT, MATRIX, CELL = 720, 66, 108, 44, 20, 424, 34


@dataclass(frozen=True)
class Wing:
    """One row of the picture. parts: its sub-packages. lines: of Python. uses: imported wings, with the number of importing modules."""

    name: str
    parts: tuple[str, ...]
    modules: int
    lines: int
    uses: Mapping[str, int]


def main() -> None:
    """Writes the picture again."""
    HOUSE.write_text(draw(read_wings(ROOT / "site_builder")), "utf-8")


# --- reading ----------------------------------------------------------------------------------------------------------


def read_wings(package: Path) -> list[Wing]:
    """The wings of a package, from the ground up: each above all that it imports, and by name where that leaves a choice."""
    files: dict[str, list[Path]] = {}
    for file in sorted(package.rglob("*.py")):
        if file.read_bytes():
            first, *rest = file.relative_to(package).parts
            files.setdefault(_wing_of(first.removesuffix(".py"), is_module=not rest), []).append(file)
    wings = {name: _wing(name, members, package) for name, members in files.items()}
    return sorted(wings.values(), key=lambda wing: (_height(wing.name, wings), wing.name))


def _wing_of(first: str, *, is_module: bool) -> str:
    """The wing that begins with this part of a path. is_module: it is a file at the top of the package, not a folder."""
    if first in ("cli", "plugin"):
        return SHELL
    return GROUND if is_module else first


def _wing(name: str, files: list[Path], package: Path) -> Wing:
    inner = (file.relative_to(package).parts for file in files)
    return Wing(
        name,
        parts=tuple(sorted({parts[1] for parts in inner if len(parts) > 2})),
        modules=len(files),
        lines=sum(len(file.read_text("utf-8").splitlines()) for file in files),
        uses=Counter(used for file in files for used in _imported_wings(file, package) - {name}),
    )


def _imported_wings(file: Path, package: Path) -> set[str]:
    firsts = {module.split(".")[0] for module in _imports(file, package.name)}
    return {_wing_of(first, is_module=(package / f"{first}.py").is_file()) for first in firsts}


def _imports(file: Path, package: str) -> Iterator[str]:
    """The modules of the package that a file imports, without the package's name."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{package}."):
            yield node.module.removeprefix(f"{package}.")


def _height(name: str, wings: Mapping[str, Wing]) -> int:
    """How many floors lie below a wing: one more than below the highest that it imports."""
    return 1 + max((_height(used, wings) for used in wings[name].uses), default=-1)


# --- drawing ----------------------------------------------------------------------------------------------------------


def draw(wings: list[Wing]) -> str:
    """The picture as SVG text: the roof first, and on the right which row imports which column."""
    rows = wings[::-1]
    height = TOP + ROW * len(rows) + BOTTOM
    inner = [
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        *_columns(rows),
        *(part for number, wing in enumerate(rows) for part in _row(wing, number, rows)),
        _text(
            LEFT, height - 18, "A number counts the modules of the row that import the wing of the column.", MUTED, 13
        ),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(_label(rows))}" font-family="Commissioner, system-ui, sans-serif">'
    )
    return "\n".join([head, *inner, "</svg>", ""])


def _label(rows: list[Wing]) -> str:
    return f"The wings of site_builder from the roof to the ground: {'; '.join(wing.name for wing in rows)}. Imports point down."


def _columns(rows: list[Wing]) -> Iterator[str]:
    """The names above the matrix. The roof has none: nothing imports it."""
    for number, wing in enumerate(rows[1:]):
        x = MATRIX + CELL * number + CELL // 2
        yield _text(x, TOP - 12, wing.name, INK, 13, f' transform="rotate(-50 {x} {TOP - 12})"')


def _row(wing: Wing, number: int, rows: list[Wing]) -> Iterator[str]:
    y = TOP + ROW * number
    yield f'<rect x="8" y="{y}" width="{MATRIX - 24}" height="{ROW - 6}" rx="3" fill="#fff" stroke="{LINE}"/>'
    yield f'<path d="M8 {y}v{ROW - 6}" stroke="{ACCENT}" stroke-width="4"/>'
    yield _text(LEFT, y + 20, wing.name, INK, 16, ' font-weight="600"')
    yield _text(MATRIX - 28, y + 20, _figures(wing), MUTED, 13, ' text-anchor="end"')
    yield _text(LEFT, y + 38, WHAT[wing.name], INK, 13)
    yield _text(LEFT, y + 54, " · ".join(wing.parts), MUTED, 11.5)
    for column, other in enumerate(rows[1:]):
        yield from _cell(wing, other, MATRIX + CELL * column, y)


def _cell(wing: Wing, other: Wing, x: int, y: int) -> Iterator[str]:
    count = wing.uses.get(other.name, 0)
    fill = LINE if wing is other else "none"
    yield f'<rect x="{x + 1}" y="{y}" width="{CELL - 2}" height="{ROW - 6}" fill="{fill}" stroke="{LINE}"/>'
    if count:
        yield _text(x + CELL // 2, y + 35, str(count), ACCENT, 14, ' text-anchor="middle" font-weight="600"')


def _figures(wing: Wing) -> str:
    """Modules, and lines to the nearest hundred."""
    return f"{wing.modules} modules, {max(1, round(wing.lines / 100)) * 100:,} lines"


def _text(x: int, y: int, text: str, fill: str, size: float, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size:g}" fill="{fill}"{more}>{escape(text)}</text>' if text else ""


def without_figures(picture: str) -> str:
    """A picture without its numbers of lines, which each edit changes a little."""
    return re.sub(r"[\d,]+ lines", "lines", picture)


if __name__ == "__main__":
    main()
