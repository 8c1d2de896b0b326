"""Templates that were compiled before give the pages that they give when they are compiled."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from site_builder import kept
from site_builder.encoding import only_slow_roads
from site_builder.site.compiled_templates import CompiledTemplates


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(kept, "_FOLDER", tmp_path / "kept")
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "kept").mkdir()
    (folder / "page.html").write_text("<p>{{ name }}</p>\n")
    return folder


def rendered(templates: Path, *, of: Path | None = None, **options: Any) -> str:
    """The page. of: the folder whose templates are kept."""
    cache = CompiledTemplates(of or templates)
    environment = Environment(
        loader=FileSystemLoader(templates),
        bytecode_cache=cache,
        **{"autoescape": True, **options},
    )
    return environment.get_template("page.html").render(name="<Ada>")


def kept_files(templates: Path) -> list[Path]:
    folder = templates.parent / "kept"
    return sorted(folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def compiles(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many templates were compiled."""
    compile_, count = Environment.compile, list[str]()

    def counting(self: Environment, source: str, *rest: str, **more: bool) -> object:
        count.append(source)
        return compile_(self, source, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", counting)
    return lambda: len(count)


def test_a_template_is_compiled_once(templates: Path, compiles: Callable[[], int]) -> None:
    pages = {rendered(templates) for _ in range(3)}
    assert pages == {"<p>&lt;Ada&gt;</p>"} and compiles() == 1 and len(kept_files(templates)) == 1


def test_one_that_changes_is_compiled_again(templates: Path) -> None:
    rendered(templates)
    (templates / "page.html").write_text("<b>{{ name }}</b>\n")
    assert rendered(templates) == "<b>&lt;Ada&gt;</b>"
    assert len(kept_files(templates)) == 1


def test_each_way_to_compile_has_its_own(templates: Path) -> None:
    rendered(templates)
    assert rendered(templates, autoescape=False) == "<p><Ada></p>"
    assert rendered(templates, keep_trailing_newline=True).endswith("\n")
    assert len(kept_files(templates)) == 3


@pytest.mark.parametrize("broken", [lambda raw: b"", lambda raw: raw[:-1], lambda raw: raw[:40] + b"\0" + raw[41:]])
def test_a_file_that_is_not_whole_counts_for_nothing(templates: Path, broken: Callable[[bytes], bytes]) -> None:
    page = rendered(templates)
    (file,) = kept_files(templates)
    whole = file.read_bytes()
    file.write_bytes(broken(whole))
    assert rendered(templates) == page
    assert file.read_bytes() == whole, "it is made again"


def test_nothing_is_kept_of_templates_from_elsewhere(templates: Path, tmp_path: Path) -> None:
    assert rendered(templates, of=tmp_path / "theme") == "<p>&lt;Ada&gt;</p>"
    assert kept_files(templates) == []


@pytest.mark.parametrize(
    "options", [{"finalize": str}, {"autoescape": lambda name: True}, {"extensions": ["jinja2.ext.do"]}]
)
def test_nothing_is_kept_where_other_code_has_a_say(templates: Path, options: dict[str, Any]) -> None:
    assert rendered(templates, **options) == "<p>&lt;Ada&gt;</p>"
    assert kept_files(templates) == []


def test_nothing_is_kept_where_python_keeps_nothing(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with only_slow_roads():
        rendered(templates)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    rendered(templates)
    assert kept_files(templates) == []


def test_a_folder_that_takes_nothing_is_no_obstacle(templates: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").rmdir()
    assert rendered(templates) == "<p>&lt;Ada&gt;</p>"
    (tmp_path / "kept").write_text("a file")
    assert rendered(templates) == "<p>&lt;Ada&gt;</p>"
