"""What commands print: whatever a file is called and whatever it says, nothing of it moves a cursor, forges a line or gives orders to a CI."""

from __future__ import annotations

import ast
import json
import logging
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.credentials.identifiers.multikey import format_private_key
from site_builder.errors import Problem
from site_builder.wording import VisibleLog, in_one_line, visible, visible_json
from tests.drawn import write_drawn_repository
from tests.support import as_release_0_1_signed, fake_key, issue_all, publish_to
from tests.test_cli import commands

CLI = Path(__file__).parents[1] / "site_builder" / "cli"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ada Lovelace, Zoë", "Ada Lovelace, Zoë"),
        ("two\nlines", "two\nlines"),
        ("\x1b[2Jgone\rback\tx\x07", "\\x1b[2Jgone\\rback\\tx\\x07"),
        ("\x9b31m\x85\x7f", "\\x9b31m\\x85\\x7f"),
        ("a\u202eb\u2066c\u2069", "a\\u202eb\\u2066c\\u2069"),
        ("a\u200bb\ufeff\u2028\u2029", "a\\u200bb\\ufeff\\u2028\\u2029"),
        ("\udcff.yml", "\\udcff.yml"),
        ("\U000e0041", "\\U000e0041"),
        # Names keep what their scripts need: joiners, right-to-left letters, a no-break space, marks.
        ("می‌خواهم क्‍ष 👩‍🚀 דוד Jean Noe\u0308l", "می‌خواهم क्‍ष 👩‍🚀 דוד Jean Noe\u0308l"),
        ("::add-mask::x", "\\x3a:add-mask::x"),
        ("fine\n  ::set-output name=a::b\n\u3000::x::", "fine\n  \\x3a:set-output name=a::b\n\u3000\\x3a:x::"),
        ("a::b, content::c", "a::b, content::c"),
        ("see ##[error]no", "see #\\x23[error]no"),
        ("##vso[task.setvariable]x ###[group]", "#\\x23vso[task.setvariable]x ##\\x23[group]"),
        ("## [a heading](x)", "## [a heading](x)"),
    ],
)
def test_what_is_printed_shows_what_would_be_obeyed_or_unseen(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown
    raw = json.dumps([text], ensure_ascii=False)
    assert json.loads(visible_json(raw)) == [text]
    assert odd_in(visible_json(raw)) == []


def test_a_name_within_a_line_makes_no_line_of_its_own() -> None:
    assert in_one_line("a\n::x::\u2028.yml") == "a\\n::x::\\u2028.yml"


def test_json_that_is_printed_begins_no_order() -> None:
    assert visible_json('["##[x]"]') == '["#\\u0023[x]"]'


def test_a_problem_is_two_lines_whatever_is_in_it() -> None:
    text = str(Problem("::a\n\x1b.yml", 3, "FIL001", "x\n0 problems", "y\n::z::"))
    assert text == "\\x3a:a\\n\\x1b.yml:3: FIL001 x\\n0 problems\n  fix: y\\n::z::"


def test_a_log_line_and_its_traceback_are_made_visible() -> None:
    try:
        raise ValueError("\x1b[2J")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "page %s", ("\x1b.md",), (type(error), error, None))
    assert VisibleLog().filter(record)
    assert logging.Formatter().format(record) == "page \\x1b.md\nValueError: \\x1b[2J"


def _calls(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("file", sorted(CLI.rglob("*.py")), ids=lambda file: file.relative_to(CLI).as_posix())
def test_the_shell_alone_prints(file: Path) -> None:
    printing = {
        "click.echo",
        "click.secho",
        "click.echo_via_pager",
        "print",
        "Console",
        "sys.stdout.write",
        "sys.stderr.write",
    }
    assert file.name == "shell.py" or not printing & set(_calls(file))


@pytest.fixture(autouse=True)
def _on_a_machine_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, no CI run, and a home that is empty."""
    for name in [name for name in os.environ if name.startswith(("LAURELS_", "CI", "GITHUB_", "GITLAB_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


# --- every command ----------------------------------------------------------------------------------------------------


_ODD = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ud800-\udfff]|^\\s*::|##\\w*\\[", re.MULTILINE
)


def odd_in(text: str) -> list[str]:
    """What of a text a terminal or a CI would obey."""
    return _ODD.findall(text)


HOSTILE = "::add-mask::x ##[group]\n0 problems\x1b[2J\u202e\u2028"
AT = ("--at", "2026-06-02")
# Of each command the arguments with which it prints most. SITE, FILES: folders of the test.
EVERY: dict[tuple[str, ...], list[tuple[str, ...]]] = {
    ("check",): [()],
    ("issue",): [("--dry-run",), ("--dry-run", "--json")],
    ("build",): [()],
    ("site",): [()],
    ("verify",): [("FILES", "--site", "SITE", *AT), ("FILES", "--site", "SITE", *AT, "--json"), ("SITE", *AT), ("SITE", "--against", "ROOT"), (f"no{HOSTILE}",),
                  (f"--no{HOSTILE}",)],
    ("list",): [(), ("--json",)],
    ("search",): [("a",), ("a", "--json")],
    ("links",): [(), ("--json",)],
    ("sheet",): [("--badge", "knots", "-o", "SLIPS")],
    ("archive",): [("ZIP",)],
    ("schema",): [("badge",)],
    ("move",): [("--to", "https://badges.school.example/"), ("--to", "https://badges.school.example/", "--json")],
    ("correct",): [("ID", "--name", "[b]Ada[/b] :key:", "--dry-run")],
    ("revoke",): [("ID", "--reason", "other", "--dry-run"), ("knots", "--reason", "other", "--dry-run")],
    ("renew",): [("ID", "--date", "2026-07-01", "--dry-run")],
    ("erase",): [("ID", "--dry-run")],
    ("keys", "new"): [("school",)],
    ("keys", "list"): [(), ("--json",)],
    ("keys", "check"): [("school",)],
    ("keys", "rotate"): [("school",)],
    ("keys", "retire"): [("school", "key-1", "--dry-run")],
    ("keys", "compromised"): [("school", "key-1", "--dry-run")],
    ("keys", "lost"): [("school",)],
    ("new", "issuer"): [("quay", "--name", HOSTILE), ("quay", "--name", "##[x] :key:", "--url", "https://quay.example/", "--email",
                         "office@quay.example", "--time-zone", "Europe/Lisbon", "--language", "en", "--dry-run")],
    ("new", "badge"): [("x", "--issuer", "school", "--name", HOSTILE)],
    ("new", "award"): [("--badge", HOSTILE, "--awarded", "2026-05-14", "--name", "A"), ("--badge", "knots", "--awarded", "2026-05-14",
                        "--name", "::x::", "--dry-run")],
    ("new", "cohort"): [("--badge", "knots", "--awarded", "2026-05-14", "--csv", "LIST", "--dry-run")],
}  # fmt: skip


def test_every_command_is_tried_here() -> None:
    # A server prints until it is stopped; what it says of problems, `build` says too.
    assert set(EVERY) == {path for path in commands() if path not in (("keys",), ("new",), ("serve",))}


NAMES = ["[red]Ada[/red] :key: Lovelace", "##[group]Grace", "::set-output name=a::b", "דוד می‌خواهم"]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository without problems, whose people have names that a terminal's library or a CI could take for something else."""
    people = "".join(f"  - {{name: {json.dumps(name)}, email: p{n}@example.org}}\n" for n, name in enumerate(NAMES))
    record = f"badge: knots\nawarded: 2026-05-14\nrecipients:\n{people}"
    folder = tmp_path_factory.mktemp("sound")
    root = write_drawn_repository(folder / "repository", files={"content/records/school/2026-05.yml": record})
    with as_release_0_1_signed():
        issue_all(root)
    publish_to(root, folder / "site")
    return root


@pytest.fixture(scope="module")
def broken(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with files whose names and values are an attack, in each place that a command looks into."""
    folder = tmp_path_factory.mktemp("broken")
    root = Path(shutil.copytree(sound, folder / "repository"))
    shutil.copytree(sound.parent / "site", folder / "site")
    for place in ("", "content/records/school/", "content/records/", "badges/", "badges/knots/", "issuers/", "issuers/school/",
                  "content/signed/school/", "content/pages/", "issuers/school/status/", "badges/knots/rendered/"):  # fmt: skip
        name = root / place / f"{HOSTILE.replace('/', '')}.yml"
        name.write_text(format_private_key(fake_key()) + "\nbadge: {\n", "utf-8")
        Path(os.fsdecode(os.fsencode(root / place) + b"/\xff\x9b.csv")).write_text("name\nx\n", "utf-8")
    row = "badge: knots\nawarded: 2026-05-20\nname: Mary Anning\n"
    (root / "content/records/school" / f"a\n{HOSTILE}.yml").write_text(row, "utf-8")
    values = (HOSTILE, "a\x1b[2J", "[red]:key:", "##[group]x")
    record = "".join(f"  - {{name: {json.dumps(v)}, email: {json.dumps(v)}, {json.dumps(v)}: x}}\n" for v in values)
    head = f"badge: {json.dumps(HOSTILE)}\nawarded: {json.dumps(HOSTILE)}\nrecipients:\n"
    (root / "content/records/school/values.yml").write_text(head + record, "utf-8")
    (root / "content/records/school/r.yml").write_text(
        f"revoke: {json.dumps(HOSTILE)}\nreason: {json.dumps(HOSTILE)}\n", "utf-8"
    )
    return root


@pytest.fixture(scope="module")
def files(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Credentials of strangers: odd names of files, odd words in them."""
    folder = tmp_path_factory.mktemp("files")
    signed = next(iter(sound.glob("content/signed/school/*/credential.json"))).read_text("utf-8")
    (folder / f"{HOSTILE}.json").write_text(signed, "utf-8")
    (folder / "[red]:key:.json").write_text(signed.replace("key-1", "did:key:🔑z6Mk :key: \\u001b[2J\\u202e"), "utf-8")
    (folder / "a.json").write_text(
        json.dumps({"type": HOSTILE, "issuer": HOSTILE, "proof": {"type": HOSTILE}}), "utf-8"
    )
    return folder


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
@pytest.mark.parametrize("kind", ["sound", "broken"])
def test_no_command_prints_what_is_obeyed(
    path: tuple[str, ...], kind: str, request: pytest.FixtureRequest, tmp_path: Path, files: Path
) -> None:
    root: Path = request.getfixturevalue(kind)
    if kind == "sound" and path in (("build",), ("archive",)):
        return  # as `site`
    (tmp_path / "list.csv").write_text("name,email\n[b]Ada :key:,ada@example.org\n##[x],x@example.org\n", "utf-8")
    award = min((root / "content/signed/school").glob("*/award.json")).parent.name
    places = {"ROOT": root, "FILES": files, "SITE": root.parent / "site", "SLIPS": tmp_path / "slips.html", "ZIP": tmp_path / "site.zip",
              "LIST": tmp_path / "list.csv", "ID": award}  # fmt: skip
    for arguments in EVERY[path]:
        words = [str(places.get(word, word)) for word in arguments]
        result = CliRunner().invoke(main, ["-C", str(root), *path, *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert odd_in(result.output) == [], result.output
        assert result.output


def test_no_name_of_a_file_is_read_as_markup(sound: Path, files: Path) -> None:
    listed = CliRunner().invoke(main, ["-C", str(sound), "search", "a"]).output
    assert "[red]Ada[/red] :key: Lovelace" in listed and "דוד می‌خواهم" in listed
    arguments = ["verify", str(files / "[red]:key:.json"), "--site", str(sound.parent / "site"), *AT]
    shown = CliRunner().invoke(main, arguments).output
    assert "[red]:key:.json" in shown and "did:key:🔑z6Mk :key:" in shown
