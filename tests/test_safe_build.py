"""`build --safe`: nothing of the repository runs, and what is left is the site that an ordinary build makes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.ledger.review.safe_settings import safe_settings
from site_builder.records.formats.yaml_nodes import read_tagged_yaml
from site_builder.records.settings.files import SettingsFile
from tests.drawn import write_drawn_repository
from tests.support import issue_all
from tests.trees import tree_of

LAURELS = Path(sys.executable).with_name("laurels")
PAGE = "# Test Badges\n\nA note.[^1]\n\n[^1]: It is *small*.\n\n!!! note\n    Take care.\n\n## More\n\nText.\n"
# Plain settings, which both builds follow.
PLAIN = """\
nav: [{Home: index.md}, {Page: page.md}]
site_description: All of them
validation: {anchors: warn}
markdown_extensions: [footnotes, {toc: {permalink: true}}, admonition]
exclude_docs: drafts/
"""
SETTINGS = "site_name: x\nsite_url: https://x.example/\ndocs_dir: content/pages\nplugins: [search, laurels]\n"
CANARY = "from pathlib import Path\nPath(__file__).with_name('ran').touch()\n"
# Each way to run something, and what is said of it.
WAYS = {
    "a hook": ("hooks: [evil.py]", "hooks"),
    "an extension": ("markdown_extensions: [evil]", "markdown_extensions: evil"),
    "an extension with options": ("markdown_extensions: {tables: , evil: {a: b}}", "markdown_extensions: evil"),
    "a plugin": ("plugins: [search, laurels, evil]", "plugins: evil"),
    "a program for the search": (
        "plugins: [search: {prebuild_index: evil, lang: en}, laurels]",
        "plugins: prebuild_index of search",
    ),
    "a name of Python": ("site_author: !!python/name:evil.x ", "site_author: !!python/name:evil.x"),
    "a program as a value": (
        "site_author: !!python/object/apply:os.system [touch evil]",
        "site_author: !!python/object/apply:os.system",
    ),
    "a name in options": (
        "markdown_extensions: [{toc: {slugify: !!python/name:evil.x }}]",
        "markdown_extensions: the options of toc, for a tag in them",
    ),
    "a value of the environment": ("copyright: !ENV HOME", "copyright: !ENV is not followed"),
    "a value deep within": ("nav: [{Home: !ENV [evil, index.md]}]", "nav: !ENV is not followed"),
    "a theme of its own": ("theme: {name: null, custom_dir: evil}", "theme"),
    "a theme of others": ("theme: {name: evil}", "theme"),
    "a script for readers": ("extra_javascript: [evil.js]", "extra_javascript"),
    "a template of its own": ("extra_templates: [evil.html]", "extra_templates"),
    "hidden files": ("exclude_docs: '!.evil.txt'", "exclude_docs"),
    "another place": ("site_dir: evil", "site_dir"),
    "something unknown": ("evil: {a: b}", "evil"),
}
EVIL = (
    "hooks: [evil.py]",
    "plugins: [search: {prebuild_index: node, lang: en}, laurels, evil]",
    "markdown_extensions: [evil, {toc: {slugify: !!python/name:evil.x }}]",
    "site_author: !!python/object/apply:os.system [touch ran]",
    "copyright: !ENV HOME",
    "theme: {name: null, custom_dir: look}",
    "exclude_docs: '!.evil.txt'",
    "site_dir: evil",
)


def build(root: Path, *options: str) -> str:
    """What a build in this process says."""
    done = CliRunner().invoke(main, ["-C", str(root), "build", *options])
    assert done.exit_code == 0, done.output
    return done.stderr


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small repository, signed, and its site as an ordinary build makes it."""
    root = write_drawn_repository(tmp_path_factory.mktemp("safe") / "r", files={"content/pages/page.md": PAGE})
    issue_all(root)
    build(root)
    return root


@pytest.fixture
def root(repository: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(repository, tmp_path / "r", ignore=shutil.ignore_patterns("site")))


def add(root: Path, settings: str) -> None:
    """Further settings; a list that the file has already is another one then."""
    name = settings.partition(":")[0] + ":"
    lines = [line for line in (root / "mkdocs.yml").read_text("utf-8").splitlines() if not line.startswith(name)]
    (root / "mkdocs.yml").write_text("\n".join([*lines, settings, ""]), "utf-8")


def test_of_plain_settings_both_builds_make_the_same_site(root: Path) -> None:
    add(root, PLAIN)
    (root / "content/pages/.DS_Store").touch()
    assert build(root) == ""
    ordinary = tree_of(root / "site")
    shutil.rmtree(root / "site")
    assert build(root, "--safe") == "" and tree_of(root / "site") == ordinary
    page = (root / "site/page/index.html").read_text("utf-8")
    assert "headerlink" in page and "admonition" in page and "footnote" in page


@pytest.mark.parametrize(("settings", "said"), WAYS.values(), ids=WAYS)
def test_whatever_would_run_is_left_out_and_said(settings: str, said: str) -> None:
    lines = [line for line in SETTINGS.splitlines() if not line.startswith(settings.partition(":")[0] + ":")]
    content = read_tagged_yaml("\n".join([*lines, settings, ""]).encode(), file="mkdocs.yml")
    safe = safe_settings(SettingsFile("mkdocs.yml", content), name="x", base="https://x.example/")
    (line,) = safe.left_out
    assert line.startswith(f"mkdocs.yml:{len(lines) + 1}: {said}")
    assert "evil" not in repr(safe.values) and "!" not in repr(safe.values)


def test_a_repository_with_all_of_them_at_once_becomes_the_plain_site_and_nothing_has_run(
    repository: Path, root: Path
) -> None:
    for settings in EVIL:
        add(root, settings)
    for path in ("evil.py", "look/main.html", "look/evil.txt", "content/pages/.evil.txt"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(CANARY, "utf-8")
    said = build(root, "--safe").splitlines()
    assert len(said) == 10 and all(line.startswith("left out of a safe build: mkdocs.yml:") for line in said)
    assert tree_of(root / "site") == tree_of(repository / "site")
    assert not (root / "ran").exists() and "evil" not in sys.modules


def test_python_of_the_repository_is_not_imported_although_it_lies_where_the_command_starts(root: Path) -> None:
    for name in ("sitecustomize", "usercustomize", "mkdocs", "yaml", "jinja2", "site_builder"):
        (root / f"{name}.py").write_text(CANARY, "utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([LAURELS, "build", "--safe"], cwd=root, env=clean, capture_output=True, text=True)
    assert (done.returncode, done.stdout, (root / "ran").exists()) == (0, "", False), done.stderr
    assert (root / "site/index.html").is_file()


@pytest.mark.parametrize("place", ["", "lib", "../lib"])
def test_a_program_that_takes_code_from_the_repository_refuses(
    root: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    # The site may be a folder of the repository.
    (root.parent / ".git").mkdir()
    (root / "lib").mkdir()
    monkeypatch.syspath_prepend(str(root / place) if place else "")
    monkeypatch.chdir(root)
    done = CliRunner().invoke(main, ["build", "--safe"])
    assert done.exit_code == 1 and "this program takes code from it" in done.stderr and "fix: " in done.stderr
    assert not (root / "site").exists()


def test_settings_that_cannot_be_read_are_no_build(root: Path) -> None:
    add(root, "nav: [")
    done = CliRunner().invoke(main, ["-C", str(root), "build", "--safe"])
    assert done.exit_code == 1 and "mkdocs.yml:6: YML001" in done.stderr and not (root / "site").exists()


# --- ordinary builds --------------------------------------------------------------------------------------------------


HOOK = """\
def on_config(config):
    assert "hljs_languages" in config.theme
    config.theme.get_env().get_template("versions.html")
"""


def test_a_theme_of_others_is_there_for_its_own_plugins_and_nothing_of_it_is_published(
    repository: Path, root: Path
) -> None:
    add(root, "theme: readthedocs")
    add(root, "hooks: [hook.py]")
    (root / "hook.py").write_text(HOOK, "utf-8")
    build(root)
    assert tree_of(root / "site") == tree_of(repository / "site")


def test_a_page_that_stops_an_extension_is_a_sentence_and_no_order_to_a_terminal(root: Path) -> None:
    add(root, "hooks: [hook.py]")
    (root / "hook.py").write_text("def on_page_markdown(text, **_): raise KeyError('\\x1b[2J') from None\n", "utf-8")
    done = CliRunner().invoke(main, ["-C", str(root), "build"])
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit)
    assert "has stopped MkDocs: KeyError" in done.stderr and "\x1b" not in done.output
