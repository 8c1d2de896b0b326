"""Templates that were compiled before give the pages that they give when they are compiled."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from site_builder.encoding import only_slow_roads
from site_builder.site.compiled_templates import CompiledTemplates


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.html").write_text("<p>{{ name }}</p>\n")
    return folder


def environment(templates: Path, kept: Path, **options: object) -> Environment:
    cache = CompiledTemplates(templates, kept=kept)
    return Environment(loader=FileSystemLoader(templates), bytecode_cache=cache, **{"autoescape": True, **options})  # type: ignore[arg-type]


def rendered(templates: Path, kept: Path, **options: object) -> str:
    return environment(templates, kept, **options).get_template("page.html").render(name="<Ada>")


def kept_files(kept: Path) -> list[Path]:
    return sorted(kept.iterdir()) if kept.is_dir() else []


@pytest.fixture
def compiles(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many templates were compiled."""
    compile_, count = Environment.compile, list[str]()

    def counting(self: Environment, source: str, *rest: str, **more: bool) -> object:
        count.append(source)
        return compile_(self, source, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", counting)
    return lambda: len(count)


def test_a_template_is_compiled_once(templates: Path, tmp_path: Path, compiles: Callable[[], int]) -> None:
    pages = {rendered(templates, tmp_path / "kept") for _ in range(3)}
    assert pages == {"<p>&lt;Ada&gt;</p>"} and compiles() == 1 and len(kept_files(tmp_path / "kept")) == 1


def test_one_that_changes_is_compiled_again(templates: Path, tmp_path: Path) -> None:
    rendered(templates, tmp_path / "kept")
    (templates / "page.html").write_text("<b>{{ name }}</b>\n")
    assert rendered(templates, tmp_path / "kept") == "<b>&lt;Ada&gt;</b>"
    assert len(kept_files(tmp_path / "kept")) == 1


def test_each_way_to_compile_has_its_own(templates: Path, tmp_path: Path) -> None:
    rendered(templates, tmp_path / "kept")
    assert rendered(templates, tmp_path / "kept", autoescape=False) == "<p><Ada></p>"
    assert rendered(templates, tmp_path / "kept", keep_trailing_newline=True).endswith("\n")
    assert len(kept_files(tmp_path / "kept")) == 3


@pytest.mark.parametrize("broken", [lambda raw: b"", lambda raw: raw[:-1], lambda raw: raw[:40] + b"\0" + raw[41:]])
def test_a_file_that_is_not_whole_counts_for_nothing(
    templates: Path, tmp_path: Path, broken: Callable[[bytes], bytes]
) -> None:
    page = rendered(templates, tmp_path / "kept")
    (file,) = kept_files(tmp_path / "kept")
    whole = file.read_bytes()
    file.write_bytes(broken(whole))
    assert rendered(templates, tmp_path / "kept") == page
    assert file.read_bytes() == whole, "it is made again"


def test_nothing_is_kept_of_templates_from_elsewhere(templates: Path, tmp_path: Path) -> None:
    cache = CompiledTemplates(tmp_path / "theme", kept=tmp_path / "kept")
    env = Environment(loader=FileSystemLoader(templates), bytecode_cache=cache, autoescape=True)
    assert env.get_template("page.html").render(name="Ada") == "<p>Ada</p>"
    assert kept_files(tmp_path / "kept") == []


@pytest.mark.parametrize(
    "options", [{"finalize": str}, {"autoescape": lambda name: True}, {"extensions": ["jinja2.ext.do"]}]
)
def test_nothing_is_kept_where_other_code_has_a_say(
    templates: Path, tmp_path: Path, options: dict[str, object]
) -> None:
    assert rendered(templates, tmp_path / "kept", **options) == "<p>&lt;Ada&gt;</p>"
    assert kept_files(tmp_path / "kept") == []


def test_nothing_is_kept_where_python_keeps_nothing(
    templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    rendered(templates, tmp_path / "kept")
    with only_slow_roads():
        rendered(templates, tmp_path / "kept")
    assert kept_files(tmp_path / "kept") == []


def test_a_folder_that_takes_nothing_is_no_obstacle(templates: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file")
    assert rendered(templates, tmp_path / "kept") == "<p>&lt;Ada&gt;</p>"
