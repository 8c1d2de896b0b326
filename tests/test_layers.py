"""Imports point down the list of wings and down the list inside of each wing, and never in a circle."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "site_builder"
# From the ground up; a wing may import those before it.
WINGS = [
    "wording",
    "errors",
    "disk",
    "syncing",
    "encoding",
    "kept",
    "secret_variables",
    "records",
    "credentials",
    "verification",
    "ledger",
    "authoring",
    "issuing",
    "site",
    "shell",
]
# The same inside of a wing: its modules and sub-packages, from the ground up. Those in one text may import each other.
ORDER = {
    "records": ["fields", "formats", "artwork", "models", "settings", "load"],
    "credentials": [
        "demo urls timestamps qr_symbol",
        "qr",
        "securing",
        "identifiers",
        "status",
        "openbadges3",
        "carriers",
        "rosette",
    ],
    "verification": [
        "finding catalogue",
        "report domain versions headline",
        "decode",
        "evidence",
        "page",
        "resolve",
        "proofs",
        "status",
        "content",
        "verify",
        "successor",
        "file",
        "inventory",
        "address whole_site plain_folder",
    ],
    "ledger": ["store", "history", "verified", "review", "checks", "queries"],
    "authoring": [
        "importers targets",
        "relocation row_removal history_rewrite key_list",
        "change_records relocation_words moved_records",
        "corrections erasing new_records",
    ],
    "issuing": ["ci surroundings", "durable", "keys", "transaction", "command"],
    "site": [
        "compiled_templates",
        "theme page_input manual_text",
        "page_patterns page_shape",
        "page_release",
        "parts",
        "context",
        "output serve",
        "incremental",
        "pages hosting",
        "archive",
        "publish",
        "moved_site deployed",
    ],
}
MOST_FILES = 12
HOMES = {
    "click": {"cli"},
    "mkdocs": {"cli", "plugin"},
    "rich": {"cli"},
    "pyld": {"credentials.securing.full_rdfc"},
    "yaml": {"records.formats.yaml_events", "records.formats.yaml_nodes"},
    "cairosvg": {"issuing.transaction.images"},
    "PIL": {"issuing.transaction.images"},
    "jinja2": {"site.compiled_templates", "site.theme", "site.page_patterns", "plugin"},
    "pyrage": {"issuing.keys.at_rest"},
    "qrcode": {"credentials.qr"},
    "pyoxigraph": {"credentials.securing.second_opinion"},
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
            # What is imported may be a module itself.
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & ALL
            found |= inner or {node.module}
    return found


ALL = {f"site_builder.{_name(file)}" for file in PACKAGE.rglob("*.py")}


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


@pytest.mark.parametrize("file", sorted((PACKAGE / "cli").rglob("*.py")), ids=_name)
def test_a_command_reads_arguments_calls_one_function_and_prints(file: Path) -> None:
    """In fifteen lines, below its help."""
    for command in _commands(file):
        first, last = command.body[1], command.body[-1]
        assert (last.end_lineno or 0) - first.lineno < 15, command.name


def _name_of(command: ast.FunctionDef) -> str:
    """What a command is called: as it says, or as its function."""
    for mark in command.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith(".command") and mark.args:
            return str(ast.literal_eval(mark.args[0]))
    return command.name


@pytest.mark.parametrize("file", sorted((PACKAGE / "cli").rglob("*.py")), ids=_name)
def test_a_command_has_a_file_of_its_own_that_bears_its_name(file: Path) -> None:
    assert [_name_of(command) for command in _commands(file)] in ([], [file.stem])


def _level(name: str) -> int | None:
    """How high a module lies inside of its wing; None where the wing has no order of its own."""
    wing, _, rest = name.partition(".")
    order = ORDER.get(wing)
    if order is None or not rest:
        return None
    part = rest.split(".")[0]
    return next((level for level, parts in enumerate(order) if part in parts.split()), -1)


@pytest.mark.parametrize("name", [name for name in MODULES if _level(name) is not None])
def test_a_module_imports_only_from_parts_of_its_wing_below_its_own(name: str) -> None:
    assert _level(name) != -1, f"{name} has no place in the order of its wing"
    for other in _inner(name):
        if _wing(other) == _wing(name):
            assert (_level(other) or 0) <= (_level(name) or 0), f"{name} imports {other}"


def _assert_no_circle(imports: dict[str, set[str]]) -> None:
    finished = set[str]()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"{' → '.join([*trail, name])}"
        if name not in finished:
            for other in imports[name] & set(imports):
                visit(other, (*trail, name))
            finished.add(name)

    for name in imports:
        visit(name, ())


def test_no_module_imports_itself_in_a_circle() -> None:
    _assert_no_circle({name: _inner(name) for name in MODULES})


@pytest.mark.parametrize("folder", sorted({file.parent for file in PACKAGE.rglob("*.py")}), ids=str)
def test_a_folder_holds_no_more_than_a_dozen_modules(folder: Path) -> None:
    modules = [file.name for file in folder.glob("*.py") if file.name != "__init__.py"]
    assert len(modules) <= MOST_FILES, f"{folder.relative_to(PACKAGE)} wants sub-packages: {modules}"


# -- the browser's verifier: the same wings and the same order within them ---------------------------------------------

SOURCES = PACKAGE / "verification" / "browser" / "src"
SCRIPT_WINGS = ["wording", "encoding", "credentials", "verification", "ui", "entry"]
_IMPORT = re.compile(r'^import (?:.+ from )?"(\..+\.js)"|await import\("(\..+\.js)"\)', re.MULTILINE)


def _script_name(file: Path) -> str:
    """The name that its twin in Python has: did-web.js is did_web."""
    return ".".join(file.relative_to(SOURCES).with_suffix("").parts).replace("-", "_")


def _script_imports(file: Path) -> set[str]:
    """The modules that a script imports, at once or later; libraries are none of them."""
    paths = [at_once or later for at_once, later in _IMPORT.findall(file.read_text("utf-8"))]
    found = [(file.parent / path).resolve() for path in paths]
    return {_script_name(path) for path in found if path.is_relative_to(SOURCES)}


SCRIPTS = {_script_name(file): _script_imports(file) for file in sorted(SOURCES.rglob("*.js"))}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_imports_only_from_wings_below_its_own(name: str) -> None:
    for other in SCRIPTS[name]:
        assert SCRIPT_WINGS.index(_wing(other)) <= SCRIPT_WINGS.index(_wing(name)), f"{name} imports {other}"


@pytest.mark.parametrize("name", [name for name in SCRIPTS if _level(name) is not None])
def test_a_script_imports_only_from_parts_of_its_wing_below_its_own(name: str) -> None:
    assert _level(name) != -1, f"{name} has no place in the order of its wing"
    for other in SCRIPTS[name]:
        if _wing(other) == _wing(name):
            assert (_level(other) or 0) <= (_level(name) or 0), f"{name} imports {other}"


def test_no_script_imports_itself_in_a_circle() -> None:
    assert sum(map(len, SCRIPTS.values())) > 100
    _assert_no_circle(SCRIPTS)


@pytest.mark.parametrize("folder", sorted({file.parent for file in SOURCES.rglob("*.js")}), ids=str)
def test_a_folder_holds_no_more_than_a_dozen_scripts(folder: Path) -> None:
    assert len(list(folder.glob("*.js"))) <= MOST_FILES, f"{folder.relative_to(SOURCES)} wants sub-folders"


ALIKE = (
    *(f"verification.{step}" for step in ("decode", "resolve", "proofs", "status", "content")),
    "credentials.carriers",
)


@pytest.mark.parametrize("folder", ALIKE)
def test_both_languages_have_the_same_tables_and_forms(folder: str) -> None:
    scripts, modules = [{name for name in names if name.startswith(f"{folder}.")} for names in (SCRIPTS, MODULES)]
    assert scripts == modules


def test_a_module_that_is_imported_from_its_package_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("from site_builder.authoring import erasing\nfrom site_builder.wording import plural\n", "utf-8")
    assert _imports(file) == {"site_builder.authoring.erasing", "site_builder.wording"}
