"""Imports point down the list of wings, and inside of a wing never in a circle."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "site_builder"
# From the ground up; a wing may import those before it.
WINGS = ["errors", "encoding", "records", "credentials", "ledger", "verification", "issuing", "site", "shell"]
HOMES = {
    "click": {"cli"},
    "mkdocs": {"cli.building", "plugin"},
    "rich": {"cli"},
    "pyld": {"credentials.canonical"},
    "yaml": {"records.yaml_events"},
    "cairosvg": {"issuing.images"},
    "PIL": {"issuing.images"},
    "jinja2": {"site.theme", "site.model", "plugin"},
    "pyrage": {"issuing.keys_at_rest"},
    "qrcode": {"site.qr"},
}
NEVER = {"site": {"issuing"}, "issuing": {"site"}}


def _name(file: Path) -> str:
    return ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def _wing(name: str) -> str:
    first = name.split(".")[0]
    return "shell" if first in ("cli", "plugin") else first


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


MODULES = {_name(file): _imports(file) for file in sorted(PACKAGE.rglob("*.py")) if file.read_bytes()}


def _inner(name: str) -> set[str]:
    return {module.removeprefix("site_builder.") for module in MODULES[name] if module.startswith("site_builder.")}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_from_wings_below_its_own(name: str) -> None:
    for other in _inner(name):
        assert WINGS.index(_wing(other)) <= WINGS.index(_wing(name)), f"{name} imports {other}"
        assert _wing(other) not in NEVER.get(_wing(name), set()), f"{name} imports {other}"


@pytest.mark.parametrize("name", MODULES)
def test_each_heavy_library_has_one_home(name: str) -> None:
    for module in MODULES[name]:
        home = HOMES.get(module.split(".")[0])
        assert home is None or {name, name.split(".")[0]} & home, f"{name} imports {module}"


def _commands(file: Path) -> list[ast.FunctionDef]:
    functions = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
    return [node for node in functions if any(".command(" in ast.unparse(mark) for mark in node.decorator_list)]


@pytest.mark.parametrize("file", sorted((PACKAGE / "cli").glob("*.py")), ids=lambda file: file.stem)
def test_a_command_reads_arguments_calls_one_function_and_prints(file: Path) -> None:
    """In fifteen lines, below its help."""
    for command in _commands(file):
        first, last = command.body[1], command.body[-1]
        assert (last.end_lineno or 0) - first.lineno < 15, command.name


def test_no_module_imports_itself_in_a_circle() -> None:
    def reached(name: str, seen: frozenset[str]) -> None:
        for other in _inner(name) & set(MODULES):
            assert other not in seen, f"{' → '.join([*seen, other])}"
            reached(other, seen | {other})

    for name in MODULES:
        reached(name, frozenset({name}))
