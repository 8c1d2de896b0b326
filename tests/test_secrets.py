"""No secret can be published: not by what mkdocs.yml says, not by what MkDocs finds in its environment, not in any file of the site."""

from __future__ import annotations

import base64
import html
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from site_builder.cli import main
from site_builder.credentials.identifiers.multikey import format_private_key
from site_builder.encoding import parse_base58btc
from site_builder.errors import Error, Problem
from site_builder.issuing.keys.sources import passphrase_variable, variable_name
from site_builder.ledger.checks import secrets as secret_files
from site_builder.ledger.checks.secrets import holds_private_key
from site_builder.ledger.history.git import environment_without_keys
from site_builder.records.settings.files import read_settings
from site_builder.records.settings.rules import secrets_in_settings
from site_builder.secret_variables import secrets_in, secrets_kept_back, secrets_set_aside
from site_builder.site.output.search import MIN_SECRET_CHARACTERS, search_output
from tests.drawn import write_drawn_repository
from tests.support import fake_key, issue_all
from tests.trees import tree_of

NAME = "LAURELS_KEY_SCHOOL"
VALUE = format_private_key(fake_key())


@pytest.fixture(autouse=True)
def a_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, VALUE)


# --- which variables --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name_of", [variable_name, passphrase_variable])
def test_every_variable_that_a_command_reads_as_a_secret_is_in_the_table(name_of: Callable[[str], str]) -> None:
    assert secrets_in({name_of("harbour-school"): "x", "LAURELS_DRAFTS": "1"}) == {name_of("harbour-school"): "x"}


def test_secrets_are_set_aside_and_come_back_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAURELS_PASSPHRASE_SCHOOL", "four words or five")
    with pytest.raises(Error), secrets_set_aside():
        assert not secrets_in(os.environ) and not secrets_in(environment_without_keys())
        assert secrets_kept_back() == {NAME: VALUE, "LAURELS_PASSPHRASE_SCHOOL": "four words or five"}
        child = [sys.executable, "-c", "import os; print([name for name in os.environ if 'LAURELS' in name])"]
        assert subprocess.run(child, capture_output=True, text=True, check=True).stdout == "[]\n"
        raise Error("the build failed")
    assert os.environ[NAME] == VALUE and not secrets_kept_back()


# --- what mkdocs.yml says ---------------------------------------------------------------------------------------------


def named(files: dict[str, str]) -> list[Problem]:
    """The problems with the secrets that these settings name."""
    problems: list[Problem] = []
    chain = read_settings(lambda file: files[file].encode() if file in files else None, problems)
    return [*problems, *secrets_in_settings(chain)]


# Each way in which a settings file can ask MkDocs for the value of a variable, and the line of it.
WAYS = {
    "site name": (f"site_name: !ENV {NAME}", 1),
    "quoted": (f'site_name: !ENV "{NAME}"', 1),
    "escaped": ('site_name: !ENV "LAURELS\\x5fKEY_SCH\\u004fOL"', 1),
    "single quotes": (f"site_name: !ENV '{NAME}'", 1),
    "folded": (f"site_name: !ENV >-\n  {NAME}", 1),
    "literal": (f"site_name: !ENV |-\n  {NAME}", 1),
    "on the next line": (f"site_name: !ENV\n  {NAME}", 1),
    "list": (f"site_name: !ENV [{NAME}, nothing]", 1),
    "second of a list": (f"site_name: !ENV [NOWHERE, {NAME}, nothing]", 1),
    "block list": (f"site_name: !ENV\n  - NOWHERE\n  - {NAME}\n  - nothing", 3),
    "default of another": (f"site_name: !ENV [NOWHERE, !ENV {NAME}]", 1),
    "value key": (f"site_name: !ENV [{{=: {NAME}}}, nothing]", 1),
    "tag in full": (f"site_name: !<!ENV> {NAME}", 1),
    "tag with escapes": (f"site_name: !%45NV {NAME}", 1),
    "tag by a handle": (f"%TAG !e! !E\n---\nsite_name: !e!NV {NAME}", 3),
    "navigation": (f"nav:\n  - Home: index.md\n  - !ENV {NAME}: https://school.example/", 3),
    "theme": (f"theme: {{name: null, palette: {{primary: !ENV {NAME}}}}}", 1),
    "extra": (f"extra:\n  social:\n    - link: !ENV {NAME}", 3),
    "plugin of others": (f"plugins:\n  - macros:\n      variables: {{a: !ENV {NAME}}}", 3),
    "extension": (f"markdown_extensions: [{{toc: {{title: !ENV {NAME}}}}}]", 1),
    "docs_dir": (f"docs_dir: !ENV {NAME}", 1),
    "key": (f"extra: {{? !ENV {NAME} : a}}", 1),
    "alias of it": (f"extra: {{a: &x !ENV {NAME}}}\nsite_name: *x", 1),
    "alias of the name": (f"extra: {{a: &x {NAME}}}\nsite_name: !ENV [*x, nothing]", 1),
    "merge": (f"extra: &x {{site_name: !ENV {NAME}}}\n<<: *x", 1),
    "merged and replaced": (f"<<: {{site_name: !ENV {NAME}}}\nextra: {{<<: {{a: !ENV {NAME}}}, b: c}}", 1),
    "Python": (f"site_name: !!python/object/apply:os.getenv [{NAME}]", 1),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_that_the_settings_name_is_a_problem_with_its_line(way: str) -> None:
    text, line = WAYS[way]
    # MkDocs itself would have given it.
    assert VALUE in repr(yaml_load(text, get_yaml_loader()))
    problems = named({"mkdocs.yml": text})
    assert {(problem.file, problem.code) for problem in problems} == {("mkdocs.yml", "CFG003")}
    assert problems[0].line == line and NAME in problems[0].what and VALUE not in repr(problems)


def test_a_secret_that_an_inherited_file_names_is_a_problem_there() -> None:
    files = {
        "mkdocs.yml": "<<: {INHERIT: a/b.yml}",
        "a/b.yml": "INHERIT: ../c.txt",
        "c.txt": f"site_name: [\n!ENV {NAME}]",
    }
    [problem] = named(files)
    assert (problem.file, problem.line, problem.code) == ("c.txt", 2, "CFG003")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("INHERIT: nowhere.yml", "names a file that is not there"),
        ("INHERIT: ../other/mkdocs.yml", "names a file outside of the repository"),
        ("INHERIT: /etc/mkdocs.yml", "names a file outside of the repository"),
        ("INHERIT: a/../mkdocs.yml", "leads back to a file that inherits this one"),
        ("INHERIT: !ENV [NOWHERE, a.yml]", "is not the plain name of a file"),
        ("INHERIT:", "is not the plain name of a file"),
    ],
)
def test_an_inherited_file_that_cannot_be_read_is_a_problem(text: str, what: str) -> None:
    [problem] = named({"mkdocs.yml": f"site_name: a\n{text}"})
    assert (problem.line, problem.code, problem.what) == (2, "CFG004", f"INHERIT {what}")


@pytest.mark.parametrize(
    "text",
    [
        "site_name: !ENV [SITE_NAME, Test]",
        "extra: {key: !ENV LAUREL_KEY}",
        f"site_name: how {NAME} is used",
        "markdown_extensions: [{pymdownx.snippets: {base_path: !relative $docs_dir}}]",
        "markdown_extensions: [{toc: {slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}}}]",
        "markdown_extensions:\n  - x: {format: !!python/name:pymdownx.superfences.fence_code_format ''}",
    ],
)
def test_other_tags_and_variables_are_the_providers_own_affair(text: str) -> None:
    assert named({"mkdocs.yml": text}) == []


# --- what is published ------------------------------------------------------------------------------------------------

PHRASE = 'höhere <b>Mächte</b> & "acht" o\'clock'
FORMS: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda text: text.encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 behind one byte": lambda text: base64.b64encode(b"x" + text.encode() + b"y"),
    "base64 behind two bytes": lambda text: base64.b64encode(b"xy" + text.encode() + b"z"),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).rstrip(b"="),
    "percent-encoded": lambda text: quote(text).encode(),
    "HTML": lambda text: html.escape(text).encode(),
    "HTML text": lambda text: html.escape(text, quote=False).encode(),
    "JSON": lambda text: json.dumps({"text": text}).encode(),
    "JSON with letters": lambda text: json.dumps([text], ensure_ascii=False).encode(),
}


def published(raw: bytes, *, folder: Path, path: str = "search/index.json", **secrets: str) -> list[tuple[str, bytes]]:
    return list(search_output(folder, [(path, b"<p>" + raw + b"</p>")], secrets=secrets))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("value", [VALUE, PHRASE])
def test_a_secret_in_a_file_of_the_site_stops_the_build(value: str, form: str, tmp_path: Path) -> None:
    with pytest.raises(Error, match=r"search/index\.json would publish the value of LAURELS_X") as refused:
        published(FORMS[form](value), folder=tmp_path, LAURELS_X=value, LAURELS_Y="some other words")
    assert value not in str(refused.value)


def test_the_lines_of_a_locked_key_are_found_and_its_first_line_alone_is_not(tmp_path: Path) -> None:
    locked = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24\nBvcmcvdjEKLT4gc2NyeXB0\n-----END AGE ENCRYPTED FILE-----\n"
    assert published(b"-----BEGIN AGE ENCRYPTED FILE-----", folder=tmp_path, LAURELS_KEY_X=locked)
    with pytest.raises(Error, match="the value of LAURELS_KEY_X"):
        published(b"YWdlLWVuY3J5cHRpb24<br>", folder=tmp_path, LAURELS_KEY_X=locked)


def test_a_value_that_any_page_may_hold_by_chance_is_not_looked_for(tmp_path: Path) -> None:
    assert MIN_SECRET_CHARACTERS == 8
    assert published(
        b"a knot, a school", folder=tmp_path, LAURELS_PASSPHRASE_A="a", LAURELS_PASSPHRASE_B="school ", LAURELS_C=""
    )


def test_a_private_key_stops_the_build_whoever_it_belongs_to(tmp_path: Path) -> None:
    with pytest.raises(Error, match=r"^a\.txt would publish a private key"):
        published(format_private_key(fake_key("another")).encode(), folder=tmp_path, path="a.txt")


# 64 bytes in base58btc, in which a key can be read: a signature of one in 60,000 has such letters by chance.
SIGNATURE = "z2" + "2" * 12 + VALUE + "2" * 27


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        (f'  "proofValue": "{SIGNATURE}"', False),
        (f'  "proofValue": "{SIGNATURE}2222"', True),
        (f'  "proofValue": "{VALUE}"', True),
        (f'  "name": "{SIGNATURE}"', True),
        (f'  "proofValue": "{SIGNATURE}", "name": "{VALUE}"', True),
        (f"proofValue: {SIGNATURE}", True),
        (f'  "proofValue": "{VALUE}{"2" * 40}"', False),
    ],
)
def test_letters_of_a_signature_are_no_key(text: str, is_found: bool) -> None:
    assert len(parse_base58btc(SIGNATURE[1:])) == 64
    assert holds_private_key(text.encode()) is is_found


def test_many_signatures_and_many_keys_take_no_longer_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bytes] = []
    real = secret_files._is_secret
    monkeypatch.setattr(secret_files, "_is_secret", lambda text: looked.append(text) or real(text))
    lines = f'"proofValue": "{SIGNATURE}"\n' * 50
    assert not holds_private_key(lines.encode()) and len(looked) == 1
    assert holds_private_key(f"{lines}{VALUE * 50}".encode()) and len(looked) == 3


@pytest.mark.parametrize("around", ["{}x", "z3u2{}", "{0}{0}", "key={}zzzzzzzz"])
def test_a_private_key_is_found_whatever_letters_stand_around_it(around: str) -> None:
    assert holds_private_key(around.format(format_private_key(fake_key("another"))).encode())


def test_a_demo_key_is_public_anyway(tmp_path: Path) -> None:
    file = Path(__file__).parents[1] / "site_builder/credentials/demo_keys.json"
    line = next(iter(json.loads(file.read_text("ascii")).values()))
    assert published(line.encode(), folder=tmp_path, path="a.txt")


@pytest.mark.parametrize("path", ["about/index.html", "theme/a.bin"])
def test_what_mkdocs_and_plugins_wrote_is_looked_through_as_well(path: str, tmp_path: Path) -> None:
    (tmp_path / path).parent.mkdir()
    (tmp_path / path).write_bytes(b"\0\xff" + VALUE.encode())
    with pytest.raises(Error, match=f"^{path} would publish the value of {NAME}"):
        published(b"", folder=tmp_path, **{NAME: VALUE})


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("theme/B.SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
        ("a.svgz", b"\x1f\x8b"),
    ],
)
def test_a_drawing_that_could_run_stops_the_build_wherever_it_comes_from(path: str, raw: bytes, tmp_path: Path) -> None:
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_bytes(raw)
    with pytest.raises(Error, match=rf"^{path} "):
        published(b"", folder=tmp_path)


# --- the commands, for real -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_drawn_repository(tmp_path_factory.mktemp("site") / "repository")
    issue_all(root)
    return root


@contextmanager
def changed(file: Path, change: Callable[[str], str]) -> Iterator[None]:
    """A file as something makes it of its text, and then as it was."""
    text = file.read_text()
    file.write_text(change(text))
    try:
        yield
    finally:
        file.write_text(text)


def run(root: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def test_mkdocs_does_not_build_where_a_key_is_in_reach(repository: Path) -> None:
    # -v shows every setting, once they are read.
    with changed(repository / "mkdocs.yml", lambda text: text.replace("Test Badges", f"!ENV {NAME}")):
        ended = run(repository, "mkdocs", "build", "-v")
    assert ended.returncode == 1 and "Traceback" not in ended.stderr and not (repository / "site").exists()
    assert f"the environment has {NAME}" in ended.stderr and "run 'laurels build'" in ended.stderr
    assert VALUE not in ended.stdout + ended.stderr


# Names what it finds in its environment, and shows a text that it has from elsewhere.
HOOK = """\
import os, pathlib
def on_post_page(output, page, config):
    return output + str([name for name in os.environ if "LAURELS" in name]) + pathlib.Path("elsewhere.txt").read_text()
"""


def test_laurels_builds_without_the_key_and_stops_when_a_secret_comes_another_way(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAURELS_PASSPHRASE_SCHOOL", "knots are no secret")
    (repository / "hook.py").write_text(HOOK)
    (repository / "elsewhere.txt").write_text("end")
    with changed(repository / "mkdocs.yml", lambda text: text + "hooks: [hook.py]\n"):
        ended = run(repository, "laurels", "build")
        assert ended.returncode == 0, ended.stderr
        assert (repository / "site/index.html").read_text().endswith("[]end")
        before = tree_of(repository / "site")
        (repository / "elsewhere.txt").write_text("knots are no secret")
        ended = run(repository, "laurels", "build")
    assert ended.returncode == 1 and "would publish the value of LAURELS_PASSPHRASE_SCHOOL" in ended.stderr
    assert "no secret" not in ended.stdout + ended.stderr and "Traceback" not in ended.stderr
    assert tree_of(repository / "site") == before and not list(repository.glob("site.*"))


def test_settings_that_name_a_secret_are_not_read_by_mkdocs_at_all(repository: Path) -> None:
    with changed(repository / "mkdocs.yml", lambda text: f"{text}extra: !!python/object/apply:os.mkdir [{NAME}]\n"):
        for command in (["build"], ["serve", "--dev-addr", "127.0.0.1:0"]):
            ended = run(repository, "laurels", *command)
            assert (
                ended.returncode == 1 and f"mkdocs.yml:5: CFG003 this would publish the variable {NAME}" in ended.stderr
            )
    assert not (repository / NAME).exists()


@pytest.fixture
def refused(repository: Path, caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Builds in this process, and gives what MkDocs said of it."""

    def build(*command: str) -> str:
        ended = CliRunner().invoke(main, ["-C", str(repository), *(command or ["build"])])
        assert ended.exit_code == 1 and os.environ[NAME] == VALUE
        return caplog.text

    return build


def test_nothing_is_served_that_holds_a_secret(
    repository: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAURELS_PASSPHRASE_SCHOOL", "knots are no secret")
    page = repository / "content/pages/about.md"
    page.write_text("# About\n\nOur knots are no secret.\n")
    told = refused("serve", "--dev-addr", "127.0.0.1:0")
    assert "about/index.html would publish the value of LAURELS_PASSPHRASE_SCHOOL" in told
    page.unlink()


# --- pages and what lies beside them ----------------------------------------------------------------------------------


def test_a_hidden_file_that_the_settings_bring_back_is_not_published(
    repository: Path, refused: Callable[[], str]
) -> None:
    hidden = repository / "content/pages/.well-known/page.html"
    hidden.parent.mkdir()
    hidden.write_text("<script>alert(1)</script>")
    with changed(repository / "mkdocs.yml", lambda text: text + "exclude_docs: '!.well-known'\n"):
        assert "content/pages/.well-known/page.html: FIL001 this would be published" in refused()
    shutil.rmtree(hidden.parent)


def test_a_page_whose_template_only_mkdocs_sees_is_one_sentence(repository: Path, refused: Callable[[], str]) -> None:
    page = repository / "content/pages/about.md"
    # Two values, of which Laurels' own reader of front matter reads none.
    page.write_text("---\ntemplate: main.html\ntemplate: statement.html\n---\n# About\n")
    assert "content/pages/about.md: FIL010 no page can be shown with the template 'statement.html'" in refused()
    page.unlink()


def test_a_drawing_of_a_theme_that_could_run_keeps_the_site_from_being_built(
    repository: Path, refused: Callable[[], str]
) -> None:
    (repository / "look").mkdir()
    (repository / "look/mark.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><set attributeName="href"/></svg>'
    )
    with changed(repository / "mkdocs.yml", lambda text: text + "theme: {name: null, custom_dir: look}\n"):
        assert "mark.svg has a <set>, which can run, move or show something else" in refused()
    shutil.rmtree(repository / "look")
