"""What a reviewer of a change is told of: everything that runs code or hides a part of the change, and nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.ledger.review.found import FILE, LINK, SUBMODULE, State
from site_builder.ledger.review.kinds import KINDS
from site_builder.ledger.review.review import notices_in
from tests.branches import commit_all, git
from tests.drawn import write_drawn_repository

SETTINGS = "site_name: x\nsite_url: https://x.example/\ndocs_dir: content/pages\nplugins: [search, laurels]\n"


def state(files: Mapping[str, str], kinds: Mapping[str, str] | None = None) -> State:
    """A state of a repository that is only thought of. kinds: of what is no file."""

    def read(paths: Iterable[str]) -> dict[str, bytes]:
        return {path: files[path].encode() for path in paths if path in files}

    return State(dict.fromkeys({"mkdocs.yml": "", **files}, FILE) | dict(kinds or {}), read)


def found(files: Mapping[str, str], kinds: Mapping[str, str] | None = None) -> list[str]:
    """kind, place and words of all that is found."""
    return sorted(
        f"{kind.name} {one.file}:{one.line} {one.what}".strip()
        for kind in KINDS
        for one in kind.find(state({"mkdocs.yml": SETTINGS, **files}, kinds))
    )


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        "",
        "nav: [{Home: index.md}]\nvalidation: {anchors: warn}\n",
        "markdown_extensions: [tables, admonition, markdown.extensions.footnotes, {toc: {permalink: true}}]\n",
        "markdown_extensions: {toc: {permalink: true}, extra: }\n",
        "theme: mkdocs\nsite_dir: site\ndev_addr: localhost:8001\n",
        "theme: {name: null}\n",
    ],
)
def test_what_a_site_needs_is_not_told_of(more: str) -> None:
    assert found({"mkdocs.yml": SETTINGS + more}) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("hooks: [tools/count.py, b.py]", ["hook mkdocs.yml:5 hooks: 'b.py'", "hook mkdocs.yml:5 hooks: 'tools/count.py'"]),
        ("hooks:\n  - a.py", ["hook mkdocs.yml:6 hooks: 'a.py'"]),
        ("x: &a [h.py]\nhooks: *a", ["hook mkdocs.yml:5 hooks: 'h.py'"]),
        ("<<: {hooks: [a.py]}\nhooks: [b.py]", ["hook mkdocs.yml:5 hooks: 'a.py'", "hook mkdocs.yml:6 hooks: 'b.py'"]),
        ("markdown_extensions: [pymdownx.snippets]", ["Markdown extension mkdocs.yml:5 markdown_extensions: 'pymdownx.snippets'"]),
        ("markdown_extensions: [{my.own: {a: b}}]", ["Markdown extension mkdocs.yml:5 markdown_extensions: 'my.own'"]),
        ("markdown_extensions: {tables: , my.own: }", ["Markdown extension mkdocs.yml:5 markdown_extensions: 'my.own'"]),
        (
            "markdown_extensions: [{toc: {slugify: !!python/name:os.system }}]",
            ["tagged value mkdocs.yml:5 'markdown_extensions.0.toc.slugify: !!python/name:os.system'"],
        ),
        ("copyright: !ENV [HOME, none]", ["tagged value mkdocs.yml:5 'copyright: !ENV'"]),
        ("copyright: !<!ENV> HOME", ["tagged value mkdocs.yml:5 'copyright: !ENV HOME'"]),
        ("nav: [{A: !relative x}]", ["tagged value mkdocs.yml:5 'nav.0.A: !relative x'"]),
        ("<<: {extra: {x: !!python/object/apply:os.abort []}}\nextra: !ENV [A, b]", [
            "tagged value mkdocs.yml:5 'extra.x: !!python/object/apply:os.abort'",
            "tagged value mkdocs.yml:6 'extra: !ENV'",
        ]),
        ("theme: material", ["theme setting mkdocs.yml:5 theme: 'material'"]),
        ("theme: {name: null, custom_dir: look}", ["theme setting mkdocs.yml:5 theme.custom_dir: 'look'"]),
        ("extra_javascript: [a.js, {path: b.mjs}]", [
            "browser script mkdocs.yml:5 extra_javascript: 'a.js'",
            "browser script mkdocs.yml:5 extra_javascript: 'path'",
        ]),
        ("extra_templates: [a.html]", ["extra template mkdocs.yml:5 extra_templates: 'a.html'"]),
        ("site_dir: ../elsewhere", ["publishing setting mkdocs.yml:5 site_dir: '../elsewhere'"]),
        ("exclude_docs: |\n  !.hidden", [r"publishing setting mkdocs.yml:5 exclude_docs: '!.hidden\n'"]),
        ("exclude_docs: drafts/", ["publishing setting mkdocs.yml:5 exclude_docs: 'drafts/'"]),
        ("dev_addr: 0.0.0.0:80", ["publishing setting mkdocs.yml:5 dev_addr: '0.0.0.0:80'"]),
        ("remote_name: elsewhere", ["publishing setting mkdocs.yml:5 remote_name: 'elsewhere'"]),
        ("nav: [{A: 'javascript:f()'}]", ["HTML setting mkdocs.yml:5 'nav.0.A': 'javascript:'"]),
        (
            "markdown_extensions: [{footnotes: {BACKLINK_TEXT: '<meta http-equiv=refresh>'}}]",
            ["HTML setting mkdocs.yml:5 'markdown_extensions.0.footnotes.BACKLINK_TEXT': '<meta'"],
        ),
        ("hooks: [\"a\\e[2K\\u202e\\nb.py\"]", [r"hook mkdocs.yml:5 hooks: 'a\x1b[2K\u202e\nb.py'"]),
    ],
)  # fmt: skip
def test_a_setting_that_runs_code_is_named_with_its_line(more: str, told: list[str]) -> None:
    assert found({"mkdocs.yml": f"{SETTINGS}{more}\n"}) == told


@pytest.mark.parametrize(
    ("plugins", "told"),
    [
        ("[search, laurels, macros]", ["macros"]),
        ("{search: , laurels: , macros: {x: y}}", ["macros"]),
        ("[search: {lang: en}, laurels]", []),
        ("[search: {prebuild_index: node}, laurels]", ["search"]),
    ],
)
def test_a_plugin_of_others_is_named_however_the_list_is_written(plugins: str, told: list[str]) -> None:
    settings = SETTINGS.replace("[search, laurels]", plugins)
    assert found({"mkdocs.yml": settings}) == [f"plugin mkdocs.yml:4 plugins: '{name}'" for name in told]


def test_what_inherited_settings_run_is_named_where_it_is_written() -> None:
    files = {"mkdocs.yml": f"INHERIT: more/base.yml\n{SETTINGS}", "more/base.yml": "a: 1\nhooks: [x.py]\n"}
    assert found(files) == [
        "hook more/base.yml:2 hooks: 'x.py'",
        "inherited file mkdocs.yml:1 INHERIT: 'more/base.yml'",
    ]


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "paths"),
    [
        ("workflow", [".github/workflows/a.yml", "../.github/actions/x/run", ".gitlab-ci.yml", "Jenkinsfile", ".ci/run"]),
        ("host setting", ["netlify.toml", "wrangler.jsonc", "vercel.json", "functions/c/[id].ts", "content/pages/_headers"]),
        ("package list", ["package.json", "requirements.lock", "requirements-dev.txt", "pyproject.toml", "lib/x.whl"]),
        # Entry points: `toc = os:system` makes a command of that extension's options.
        ("package list", ["evil-1.dist-info/entry_points.txt", "a/b.egg-info/PKG-INFO", "hatch.toml", "requirements/a.txt"]),
        ("Laurels file", ["site_builder/verification/page/claims.json", "../site_builder/theme/base.html"]),
        ("script", ["pytest.ini", "mypy.ini", ".pylintrc", ".babelrc.json", "a.awk", "b.nix", "shell.el", ".pdbrc"]),
        ("hidden difference", [".git-blame-ignore-revs", ".mailmap", "content/pages/node_modules/a.md"]),
        ("hidden difference", ["content/records/school/2026-package-lock.json.yml", "content/pages/Pods/a.md"]),
        ("Python file", ["site_builder/a.py", "conftest.py", "a.pyw", "sitecustomize.py", "x.pth", "a/b.so", "badges/x/a.pyc"]),
        ("script", ["Makefile", "scripts/setup", "a.mjs", ".pre-commit-config.yaml", "Dockerfile", ".vscode/tasks.json"]),
        ("theme file", ["themes/laurels/base.html", "themes/x/a.css"]),
        ("reviewer list", [".github/CODEOWNERS"]),
        ("submodule", [".gitmodules"]),
    ],
)  # fmt: skip
def test_a_file_that_runs_or_is_obeyed_is_named_by_its_kind(kind: str, paths: list[str]) -> None:
    assert found(dict.fromkeys(paths, "")) == sorted(f"{kind} {path}:0" for path in paths)


@pytest.mark.parametrize(
    "path",
    [
        "content/records/harbour/2026-05.yml",
        "content/records/harbour/2026-05.csv",
        "content/signed/harbour/abc/credential.json",
        "issuers/harbour/keys.yml",
        "badges/first-aid/image.svg",
        "content/pages/manual/page.md",
        "content/pages/picture.png",
        ".gitignore",
        "README.md",
        "content/pages/ci/build.md",
        "content/records/harbour/build.yml",
    ],
)
def test_an_ordinary_file_is_not_told_of(path: str) -> None:
    assert found({path: "# Text\n\nSay *on* and on = off.\n"}) == []


def test_a_record_that_a_host_folds_for_what_it_says_is_named() -> None:
    path = "content/records/school/2026-05.yml"
    assert found({path: "badge: knots\nname: Ada\n# recorded_with: VCR\n"}) == [
        f"hidden difference {path}:3 '# recorded_with: VCR'"
    ]
    assert found({path: "# recorded_with: VCR\nbadge: knots\nname: Ada\n"}) == []


def test_templates_in_a_folder_that_the_settings_name_are_theme_files() -> None:
    files = {
        "mkdocs.yml": SETTINGS + "theme: {name: null, custom_dir: ./look/}\n",
        "look/main.html": "",
        "looks/a.html": "",
    }
    assert "theme file look/main.html:0" in found(files) and len(found(files)) == 2
    tagged = files | {"mkdocs.yml": SETTINGS + "theme: {name: null, custom_dir: !ENV [LOOK, look]}\n"}
    assert "theme file look/main.html:0" in found(tagged)


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("*.csv -diff", True),
        ("*.csv linguist-generated", True),
        ("*.csv linguist-generated=true", True),
        ("*.csv\tgitlab-generated", True),
        ("*.csv binary", True),
        ("*.csv -text", True),
        ("*.csv diff=word", True),
        ("*.csv filter=lfs", True),
        ("*.csv merge=ours", True),
        ("* export-ignore", True),
        ("[attr]quiet -diff", True),
        ("*.csv -crlf", True),
        ("*.csv text eol=lf", False),
        ("# *.csv -diff", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("path", [".gitattributes", "content/records/harbour/.gitattributes"])
def test_a_line_that_hides_a_part_of_a_change_is_named(path: str, line: str, is_told: bool) -> None:
    told = [f"hidden difference {path}:2 '{' '.join(line.split())}'"] if is_told else []
    assert found({path: f"\n{line}\n"}) == told


def test_a_line_with_a_name_of_its_own_for_what_hides_is_named() -> None:
    told = found({".gitattributes": "[attr]calm -diff\n", "content/.gitattributes": "*.csv calm\n*.yml text\n"})
    assert [line.rpartition(" '")[0] for line in told] == [
        "hidden difference .gitattributes:1",
        "hidden difference content/.gitattributes:1 '*.csv calm'".rpartition(" '")[0],
    ]


@pytest.mark.parametrize(
    ("html", "is_told"),
    [
        ("<script src=x>", True),
        ("< SCRIPT>", True),
        ('<img src=x onerror="f()">', True),
        ('[a](javascript:f) {: onclick="f()" }', True),
        ("<img src=x onerror=f()>", True),
        ("[a](b){: onclick=f() }", True),
        ("[a](j&#97;vascript:f)", True),
        ('<a href="java&Tab;script:f">', True),
        ("<button form=search formaction=//evil.example>", True),
        ("<style>main { display: none }</style>", True),
        ("<img src=https://evil.example/a.png>", True),
        ('<a href="x?a=1&amp;b=2">, <img src="a.png">', False),
        ("<iframe>", True),
        ("<svg><foreignObject>", True),
        ("<b>bold</b>, and a<b", False),
    ],
)
def test_a_page_with_a_script_is_named(html: str, is_told: bool) -> None:
    lines = found({"content/pages/a.md": f"# A\n\n{html}\n"})
    assert [line.partition(" '")[0] for line in lines] == (["scripted page content/pages/a.md:3"] if is_told else [])


def test_every_line_of_a_page_with_a_script_is_named_so_that_a_new_one_is_found() -> None:
    assert found({"content/pages/A.SVG": "<script>\n\n<b>\n<script> <script>\n<style>"}) == [
        "scripted page content/pages/A.SVG:1 '<script', and in line 4, 5"
    ]


@pytest.mark.parametrize(
    "text",
    ['--8<-- "content/records/school/2026.yml"', "{! ../a.yml !}", "{{ config }}", "::: os", '``` {.py exec="on"}'],
)
@pytest.mark.parametrize(
    "more", ["", "plugins: {search: , laurels: , macros: }", "hooks: [a.py]", "markdown_extensions: [x]"]
)
def test_a_page_that_orders_a_program_of_others_to_do_something_is_named(text: str, more: str) -> None:
    settings = "\n".join(line for line in SETTINGS.splitlines() if "plugins" not in more or "plugins" not in line)
    lines = found({"mkdocs.yml": f"{settings}\n{more}\n", "content/pages/a.md": f"# A\n\n{text}\n"})
    assert any(line.startswith("ordering page content/pages/a.md:3") for line in lines) is bool(more)


@pytest.mark.parametrize(
    ("target", "is_told"),
    [("/etc/passwd", True), ("../x", True), ("a/../../x", True), ("x", False), ("a/../x", False)],
)
def test_a_link_that_leads_out_of_its_folder_is_named(target: str, is_told: bool) -> None:
    told = [f"outward link themes/a/link:0 leads to '{target}'"] if is_told else []
    assert found({"themes/a/link": target}, {"themes/a/link": LINK}) == told


def test_a_link_with_the_name_of_a_program_is_one_and_a_submodule_is_named() -> None:
    kinds = {"Makefile": LINK, "lib": SUBMODULE, "scripts": LINK, ".venv": LINK}
    assert found({"Makefile": "notes.txt", "scripts": "docs", ".venv": "docs"}, kinds) == [
        "Python file .venv:0",
        "script Makefile:0",
        "submodule lib:0 another repository",
    ]


def test_every_kind_has_a_name_of_its_own_and_says_why_it_matters() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert all(kind.why and not kind.why.endswith(".") for kind in KINDS)


# --- a change ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trunk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in a folder of its repository, which has a hook, a workflow and a line that hides something already."""
    top = tmp_path_factory.mktemp("trunk")
    files = {
        "tools/old.py": "import sys\n",
        ".gitattributes": "*.csv -diff\n",
        "content/pages/a.md": "# A\n\n<script>\n",
    }
    root = write_drawn_repository(top / "site", files=files)
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as stream:
        stream.write("hooks:\n  - tools/old.py\nmarkdown_extensions: [my.own]\n")
    (top / ".github/workflows").mkdir(parents=True)
    (top / ".github/workflows/check.yml").write_text("on: push\n", "utf-8")
    commit_all(top)
    return top


@pytest.fixture
def site(trunk: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trunk, tmp_path / "top", symlinks=True)) / "site"


def brought(root: Path) -> list[str]:
    return [str(notice) for notice in notices_in(root, base="main")]


def append(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text("utf-8") if file.exists() else "") + text, "utf-8")


def test_a_change_that_brings_nothing_of_the_kind_is_silent(site: Path) -> None:
    append(site / "content/records/school/new.yml", "badge: knots\nawarded: 2026-05-30\nname: Mary Anning\n")
    # What was there before may be moved to another line.
    text = (site / "mkdocs.yml").read_text("utf-8").replace("hooks:\n", "\n# a comment\nhooks:\n")
    (site / "mkdocs.yml").write_text(text.replace("[my.own]", "[tables, my.own]"), "utf-8")
    (site / ".gitattributes").write_text("\n*.csv   -diff\n", "utf-8")
    assert brought(site) == []
    assert len(notices_in(site)) == 6


def test_a_change_is_told_of_all_that_it_adds_or_alters(site: Path) -> None:
    append(site / "mkdocs.yml", "copyright: !ENV HOME\n")
    text = (site / "mkdocs.yml").read_text("utf-8").replace("[my.own]", "[my.own: {a: b}]")
    (site / "mkdocs.yml").write_text(text.replace("tools/old.py", "tools/old.py\n  - tools/new.py"), "utf-8")
    append(site / "tools/old.py", "import os\n")
    append(site / "content/records/.gitattributes", "* -diff\n")
    append(site.parent / ".github/workflows/check.yml", "permissions: write-all\n")
    append(site / "content/pages/a.md", "More.\n")
    (site / "themes").mkdir()
    (site / "themes/link").symlink_to("../../secret")
    assert brought(site) == [
        "mkdocs.yml:7: hooks: 'tools/new.py'",
        "mkdocs.yml:8: markdown_extensions: 'my.own'",
        "mkdocs.yml:9: 'copyright: !ENV HOME'",
        "../.github/workflows/check.yml",
        "tools/old.py",
        "content/records/.gitattributes:1: '* -diff'",
        "content/pages/a.md:3: '<script'",
        "themes/link: leads to '../../secret'",
    ]
    # The same once it is committed, as in a merge that a host has made for the request.
    told = brought(site)
    git(site.parent, "checkout", "--quiet", "-b", "proposal")
    commit_all(site.parent)
    assert brought(site) == told


def test_what_guards_the_site_is_told_of_when_it_goes_away(site: Path) -> None:
    (site / "CODEOWNERS").write_text("* @office\n", "utf-8")
    append(site / "mkdocs.yml", "exclude_docs: drafts/\n")
    git(site, "add", ".")
    git(site, "commit", "--quiet", "-am", "Guards")
    (site / "CODEOWNERS").unlink()
    (site.parent / ".github/workflows/check.yml").unlink()
    text = (site / "mkdocs.yml").read_text("utf-8")
    (site / "mkdocs.yml").write_text(text.replace("exclude_docs: drafts/\n", ""), "utf-8")
    assert brought(site) == [
        "mkdocs.yml: exclude_docs: 'drafts/' is taken away",
        "../.github/workflows/check.yml: is taken away",
        "CODEOWNERS: is taken away",
    ]


def test_a_file_that_becomes_a_link_with_the_same_bytes_is_told_of(site: Path) -> None:
    (site / "tools/old.py").write_text("notes.txt", "utf-8")
    git(site, "commit", "--quiet", "-am", "Change")
    (site / "tools/old.py").unlink()
    (site / "tools/old.py").symlink_to("notes.txt")
    assert brought(site) == ["tools/old.py"]


def run(root: Path, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["-C", str(root), "check", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_check_names_what_a_change_brings_after_the_problems_and_stays_green(site: Path) -> None:
    append(site / "tools/::warning::\u202e.py", "")
    code, _, said = run(site, "--base", "main")
    assert code == 0 and said.splitlines()[1:] == [
        "This change runs code or hides a part of itself; look at each:",
        "Python that a build, a test or an installation may import:",
        r"- tools/::warning::\u202e.py",
    ]
    _, printed, _ = run(site, "--base", "main", "--json")
    (told,) = json.loads(printed)["runs_code"]
    assert (told["kind"], told["line"], told["what"]) == ("Python file", 0, "")


def test_check_of_a_whole_repository_counts_and_names_all_for_programs(site: Path) -> None:
    code, _, said = run(site)
    assert code == 0 and said.splitlines()[1:] == [
        "What can run code or hide a part of a change: 1 hook, 1 Markdown extension, 1 workflow, 1 Python file, "
        "1 hidden difference, 1 scripted page ('laurels check --json' names them)"
    ]
    _, printed, _ = run(site, "--json")
    files = [told["file"] for told in json.loads(printed)["runs_code"]]
    assert files == [
        "mkdocs.yml",
        "mkdocs.yml",
        "../.github/workflows/check.yml",
        "tools/old.py",
        ".gitattributes",
        "content/pages/a.md",
    ]


def test_check_of_an_ordinary_repository_says_nothing_of_it(tmp_path: Path) -> None:
    _, _, said = run(write_drawn_repository(tmp_path))
    assert said == "0 problems; 0 awards issued, 2 pending, 0 changes pending\n"


def test_a_change_that_breaks_or_removes_the_settings_is_looked_at_all_the_same(site: Path) -> None:
    append(site / "evil.py", "")
    append(site / "mkdocs.yml", "[")
    code, _, said = run(site, "--base", "main")
    assert code == 1 and "- evil.py" in said
    (site / "mkdocs.yml").unlink()
    code, _, said = run(site, "--base", "main")
    assert code == 1 and "- evil.py" in said
