"""Comments, docstrings and pages for maintainers name only files that exist."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ["site_builder", "themes", "scripts", "tests", "content"]
_FOREIGN = {"dist", "vectors", "__pycache__"}
FILES = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.is_file())
# Every path, and what is left of it without its first folders: `site/publish.py` is enough for a reader.
PATHS = [file.relative_to(ROOT).parts for file in [*FILES, *ROOT.glob("*")]]
PLACES = {"/".join(parts[start:]) for parts in PATHS for start in range(len(parts))}
_NAME = re.compile(r"(?<![\w/.*<>{}@:-])(?:\.{1,2}/)*([\w-]+(?:/[\w.-]+)*\.(?:py|m?js|json))(?![\w(])")
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\w\"'`])//[^\n]*|\{#.*?#\}|<!--.*?-->", re.DOTALL)
_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)

# Names of files that are not in the repository, by the file that names them.
ELSEWHERE = {
    "achievement.json": "published",
    "credential-N.json": "published, N is a number",
    "search_index.json": "MkDocs writes it",
    "jsonld.js": "the name of a library",
    "cairocffi/__init__.py": "of a library",
    "child.py": "a test writes it",
    "build/faults.json": "a script writes it",
    "build/bench.json": "a script writes it",
    "ob_v3p0/context-3.0.3.json": "where a context comes from",
    "ob_v3p0/context-3.0.2.json": "where a context comes from",
    "inspector-vc/src/main/resources/contexts/ob-v3p0-extensions.json": "where a context comes from",
    # A comment in a published asset: another comment would be another file on every site.
    "site/name_size.py": "site/parts/name_size.py",
}


@cache
def words_of(file: Path) -> str:
    """What a file says about the code: the comments and docstrings of a program, the prose of a page."""
    text = file.read_text("utf-8")
    if file.suffix == ".md":
        return _BLOCK.sub("", text)
    if file.suffix != ".py":
        return "\n".join(_COMMENT.findall(text))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, owners)]
    return "\n".join([*comments, *(ast.get_docstring(node) or "" for node in nodes)])


def is_ours(file: Path) -> bool:
    """Whether a file speaks of the project's own code; a page of the manual speaks of a provider's files."""
    if file.suffix == ".md":
        return file.parent.name in ("decisions", "maintaining") or file.parent.name == "contexts"
    return file.suffix in (".py", ".js", ".mjs", ".html", ".css")


READ = [file for file in FILES if is_ours(file) and not _FOREIGN & set(file.relative_to(ROOT).parts)]


@pytest.mark.parametrize("top", FOLDERS)
def test_every_file_that_is_named_exists(top: str) -> None:
    read = [file for file in READ if file.is_relative_to(ROOT / top)]
    named = {(file.relative_to(ROOT).as_posix(), name) for file in read for name in _NAME.findall(words_of(file))}
    assert named
    assert not {(file, name) for file, name in named if name not in PLACES and name not in ELSEWHERE}


def test_what_is_said_is_found_in_each_language(tmp_path: Path) -> None:
    for name, text in {
        "a.py": '"""See a/b.py."""\nx = "no/file.py"  # and c.js\n',
        "a.js": '/** See a/b.py. */\nconst x = "no/file.py"; // and c.js\n',
        "a.html": "{# See a/b.py. #}<p>no/file.py</p><!-- and ../c.js -->",
        "a.md": "See `a/b.py`.\n```\nno/file.py\n```\nand c.js",
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
        assert sorted(_NAME.findall(words_of(tmp_path / name))) == ["a/b.py", "c.js"]


def test_every_exception_is_needed() -> None:
    named = {name for file in READ for name in _NAME.findall(words_of(file))}
    assert set(ELSEWHERE) <= named - PLACES
