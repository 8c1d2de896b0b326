"""Private keys: how they are made, where they may lie, which one signs, and that nothing ever says one."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import re
import stat
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from site_builder.credentials.demo import demo_signing_key
from site_builder.credentials.identifiers.multikey import format_private_key, format_public_key, parse_private_key
from site_builder.errors import Error, Problem, UsageError
from site_builder.issuing.command import IssueOptions, issue_command
from site_builder.issuing.keys.command import KeySource, keys_new_command
from site_builder.issuing.keys.signing_keys import NewKey, SigningKey, find_signing_key
from site_builder.issuing.keys.sources import default_key_file, variable_name
from site_builder.issuing.surroundings import Machine, Output
from site_builder.ledger.checks.repository import check_repository
from site_builder.records.load.repository import Issuer
from tests.drawn import write_drawn_repository
from tests.support import BASE, NOW, fake_key, issue_all, repeatable_random, write_repository
from tests.trees import tree_of

KEYS_FILE = "issuers/school/keys.yml"
TODAY = date(2026, 6, 1)
LINE = format_private_key(fake_key())
# The keys that these tests make or hold; none of them may be seen anywhere but in its file, or where --print puts it.
SECRETS = [format_private_key(fake_key(name)) for name in ("test issuer", "second", "made")]
VARIABLE = "LAURELS_KEY_SCHOOL"


@pytest.fixture(autouse=True)
def _nothing_says_a_private_key(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    out, err = capfd.readouterr()
    logged = "".join(f"{record.getMessage()}{record.__dict__}" for record in caplog.records)
    for secret in SECRETS:
        assert secret not in out + err + logged
        assert secret[4:40] not in out + err + logged


def assert_says_no_key(error: BaseException) -> None:
    """Neither the error nor what led to it shows a key, printed in any way."""
    shown = "".join(traceback.format_exception(error))
    cause: BaseException | None = error
    while cause is not None:
        shown += f"{cause} {cause!r} {cause.args!r}"
        cause = cause.__cause__ or cause.__context__
    for secret in SECRETS:
        assert secret[4:40] not in shown


def refused(work: Callable[[], object], kind: type[Error] = Error) -> str:
    """The message of the error that work ends with; it shows no key."""
    with pytest.raises(kind) as caught:
        work()
    assert_says_no_key(caught.value)
    return str(caught.value)


def made_bytes(count: int) -> bytes:
    return fake_key("made").private_bytes_raw()[:count]


def make(root: Path, *, said: list[str] | None = None, **options: Any) -> NewKey:
    lines: list[str] = [] if said is None else said

    def note_problems(problems: Any) -> None:
        lines.extend(map(str, problems))

    where: dict[str, Any] = {"is_open": True}
    where |= {name: options.pop(name) for name in ("file", "to_terminal", "is_open") if name in options}
    rotate = options.pop("rotate", False)
    on: dict[str, Any] = {
        "environment": {"HOME": str(root.parent / "home")},
        "today": TODAY,
        "random_bytes": made_bytes,
    } | options
    now = datetime.combine(on.pop("today"), time(), UTC)
    return keys_new_command(
        root,
        "school",
        destination=KeySource(**where),
        machine=Machine(now=now, **on),
        output=Output(lines.append, note_problems),
        rotate=rotate,
    )


def without_keys(tmp_path: Path, *, keys: str = "", base: str = BASE) -> Path:
    return write_repository(tmp_path / "repository", files={KEYS_FILE: keys}, base=base)


def entry(name: str, *, key: str = "test issuer", state: str = "active") -> str:
    public = format_public_key(fake_key(key).public_key())
    return f"{{id: {name}, publicKeyMultibase: {public}, created: 2026-05-01, state: {state}}}"


def school(root: Path) -> Issuer:
    return check_repository(root).repository.issuers["school"]


# --- making a key -----------------------------------------------------------------------------------------------------


def test_new_key_lies_in_a_file_that_only_its_owner_can_read(tmp_path: Path) -> None:
    root = without_keys(tmp_path)
    old = os.umask(0)
    try:
        said: list[str] = []
        made = make(root, said=said)
    finally:
        os.umask(old)
    file = tmp_path / "home/.config/laurels/badges.laurels.example/school-key-1.key"
    assert file.read_text("ascii") == made.line + "\n" == format_private_key(fake_key("made")) + "\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert made.key_id == "key-1" and made.keys_file == KEYS_FILE
    assert (root / KEYS_FILE).read_text("utf-8").startswith("keys:\n  - {id: key-1, publicKeyMultibase: z6Mk")
    assert school(root).keys[0].created == TODAY and check_repository(root).problems == []
    assert said[0] == f"key-1 was added to {KEYS_FILE}: commit that file."
    assert re.fullmatch(r"Fingerprint \(SHA-256\): ([0-9a-f]{4} ){15}[0-9a-f]{4}", said[1])
    assert str(file) in said[2] and not any(secret in "".join(said) for secret in SECRETS)


def test_new_key_can_sign_at_once(tmp_path: Path) -> None:
    root = without_keys(tmp_path)
    make(root)
    found = find_signing_key(school(root), base=BASE, environment={"HOME": str(tmp_path / "home")})
    assert found.private.private_bytes_raw() == fake_key("made").private_bytes_raw()


def test_private_key_is_shown_by_no_repr(tmp_path: Path) -> None:
    made = make(without_keys(tmp_path))
    assert "line" not in repr(made) and made.line not in repr(made)
    assert "private" not in repr(SigningKey("key-1", fake_key()))


def test_key_file_is_never_overwritten(tmp_path: Path) -> None:
    root, file = without_keys(tmp_path), tmp_path / "school.key"
    file.write_text("kept", "ascii")
    assert "never overwritten" in refused(lambda: make(root, file=file), UsageError)
    assert file.read_text("ascii") == "kept" and not (root / KEYS_FILE).exists()


def test_key_file_is_not_written_through_a_link(tmp_path: Path) -> None:
    root, link = without_keys(tmp_path), tmp_path / "school.key"
    link.symlink_to(tmp_path / "elsewhere")
    refused(lambda: make(root, file=link), UsageError)
    assert not (tmp_path / "elsewhere").exists() and not (root / KEYS_FILE).exists()


@pytest.mark.parametrize("place", ["school.key", "issuers/school/key", "../repository/x.key", "content/../x.key"])
def test_key_file_inside_of_the_repository_is_refused(tmp_path: Path, place: str) -> None:
    root = without_keys(tmp_path)
    before = tree_of(root)
    assert "inside of the repository" in refused(lambda: make(root, file=root / place), UsageError)
    assert tree_of(root) == before


def test_key_file_inside_of_the_repository_is_refused_through_links_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = without_keys(tmp_path)
    before = tree_of(root)
    (tmp_path / "door").symlink_to(root, target_is_directory=True)
    monkeypatch.chdir(root)
    for file in (tmp_path / "door/school.key", tmp_path / "door/issuers/../school.key", Path("school.key")):
        assert "inside of the repository" in refused(lambda file=file: make(root, file=file), UsageError)  # type: ignore[misc]
    # The repository itself may be named through a link.
    assert "inside of the repository" in refused(lambda: make(tmp_path / "door", file=root / "x"), UsageError)
    assert tree_of(root) == before


def test_key_file_beside_the_site_in_one_git_repository_is_refused(tmp_path: Path) -> None:
    root = without_keys(tmp_path)
    (tmp_path / ".git").mkdir()
    assert "inside of the repository" in refused(lambda: make(root, file=tmp_path / "school.key"), UsageError)


@pytest.mark.parametrize("place", ["file/school.key", "folder"])
def test_key_file_that_cannot_be_written_is_an_error_and_no_key_is_made(tmp_path: Path, place: str) -> None:
    root = without_keys(tmp_path)
    (tmp_path / "file").write_text("", "ascii")
    (tmp_path / "folder").mkdir()
    refused(lambda: make(root, file=tmp_path / place))
    assert not (root / KEYS_FILE).exists()


def test_list_of_keys_that_cannot_be_written_leaves_no_private_key_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, file = without_keys(tmp_path), tmp_path / "school.key"

    def refuse(path: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse)
        assert "no key was made" in refused(lambda: make(root, file=file))
    assert not file.exists() and not (root / KEYS_FILE).exists()
    assert make(root, file=file).key_id == "key-1"


@pytest.mark.parametrize(
    "before",
    [
        "# Who signs for the school.\nkeys:\n  # Ada keeps this one.\n  - ENTRY  # until 2026\n",
        "keys:\n  - ENTRY",
        "keys:\n- ENTRY\n",
        "keys:\n      - ENTRY\n\n\n",
        "keys:\n  - id: key-1\n    publicKeyMultibase: KEY\n    created: 2026-05-01\n    state: retired\n",
        "---\nkeys:\n  - ENTRY\n# the end\n",
    ],
)
def test_list_of_keys_stays_valid_and_keeps_its_comments(tmp_path: Path, before: str) -> None:
    public = format_public_key(fake_key().public_key())
    text = before.replace("ENTRY", entry("key-1", state="retired")).replace("KEY", public)
    root = without_keys(tmp_path, keys=text)
    assert check_repository(root).problems == []
    made = make(root)
    after = (root / KEYS_FILE).read_text("utf-8")
    assert (
        made.key_id == "key-2" and after.startswith(text.rstrip() + "\n") and after.count("\n") >= text.count("\n") - 2
    )
    assert [(key.id, key.state) for key in school(root).keys] == [("key-1", "retired"), ("key-2", "active")]
    assert check_repository(root).problems == []


@pytest.mark.parametrize("text", ["keys: []\n", "keys: [ENTRY]\n", "keys: {\n"])
def test_list_of_keys_in_a_form_that_cannot_be_added_to_is_left_alone(tmp_path: Path, text: str) -> None:
    text = text.replace("ENTRY", entry("key-1", state="retired"))
    root, file = without_keys(tmp_path, keys=text), tmp_path / "school.key"
    refused(lambda: make(root, file=file))
    assert (root / KEYS_FILE).read_text("utf-8") == text and not file.exists()


def test_second_active_key_is_refused(tmp_path: Path) -> None:
    root = without_keys(tmp_path, keys=f"keys:\n  - {entry('key-1')}\n")
    message = refused(lambda: make(root), UsageError)
    assert "school has an active key, key-1" in message and "laurels keys rotate school" in message


@pytest.mark.parametrize("state", ["retired", "compromised"])
def test_key_2_comes_after_key_1(tmp_path: Path, state: str) -> None:
    root = without_keys(tmp_path, keys=f"keys:\n  - {entry('key-1', state=state)}\n")
    assert make(root).key_id == "key-2"


def test_name_of_a_key_is_not_used_again_though_numbers_are_missing(tmp_path: Path) -> None:
    root = without_keys(tmp_path, keys=f"keys:\n  - {entry('key-7', state='retired')}\n")
    assert make(root).key_id == "key-8"


@pytest.mark.parametrize("text", ["", "keys: [\n", "keys:\n  - {id: first}\n", "keys:\n  - ENTRY\n  - ENTRY\n"])
def test_list_of_keys_with_problems_gives_no_new_key_the_name_of_an_old_one(tmp_path: Path, text: str) -> None:
    root = without_keys(tmp_path, keys=f"keys:\n  - {entry('key-1')}\n")
    issue_all(root)
    (root / KEYS_FILE).write_text(text.replace("ENTRY", entry("key-1", state="retired")), "utf-8")
    if not text:
        (root / KEYS_FILE).unlink()
    before = tree_of(root)
    said: list[str] = []
    refused(lambda: make(root, said=said))
    assert tree_of(root) == before and KEYS_FILE in said[0]


def test_unknown_issuer_and_two_places_at_once_are_wrong_usage(tmp_path: Path) -> None:
    root = without_keys(tmp_path)
    assert "not both" in refused(lambda: make(root, file=tmp_path / "x", to_terminal=True), UsageError)

    def unknown() -> object:
        return keys_new_command(
            root,
            "../school",
            destination=KeySource(to_terminal=True),
            machine=Machine({}, NOW, made_bytes),
            output=Output(lambda line: None, lambda found: None),
        )

    assert "there is no issuer" in refused(unknown, UsageError)


def test_print_writes_no_file(tmp_path: Path) -> None:
    root = without_keys(tmp_path)
    said: list[str] = []
    made = make(root, to_terminal=True, said=said)
    assert parse_private_key(made.line).private_bytes_raw() == fake_key("made").private_bytes_raw()
    assert not (tmp_path / "home").exists() and "LAURELS_KEY_SCHOOL" in said[-1]
    assert not any(secret in "".join(said) for secret in SECRETS)


# --- finding the one that signs ---------------------------------------------------------------------------------------


def find(
    root: Path, *, environment: Mapping[str, str] | None = None, file: Path | None = None, base: str = BASE
) -> SigningKey:
    return find_signing_key(school(root), base=base, environment=environment or {"HOME": "/nonexistent"}, key_file=file)


def key_file(path: Path, text: str = LINE + "\n", *, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return without_keys(tmp_path, keys=f"keys:\n  - {entry('key-1')}\n")


def test_key_is_found_in_its_variable(root: Path) -> None:
    assert find(root, environment={VARIABLE: f"  {LINE}\n"}).key_id == "key-1"


def test_key_is_found_in_the_given_file(root: Path, tmp_path: Path) -> None:
    assert find(root, file=key_file(tmp_path / "any.key")).key_id == "key-1"


def test_key_is_found_in_the_usual_file(root: Path, tmp_path: Path) -> None:
    for environment in ({"HOME": str(tmp_path)}, {"XDG_CONFIG_HOME": str(tmp_path / "configuration")}):
        key_file(default_key_file("school", "key-1", base=BASE, environment=environment))
        assert find(root, environment=environment).key_id == "key-1"


def test_variable_of_an_issuer_has_underscores_for_hyphens() -> None:
    assert variable_name("harbour-school-2") == "LAURELS_KEY_HARBOUR_SCHOOL_2"


def test_key_that_is_nowhere_is_asked_for_with_every_place_it_could_lie_in(root: Path) -> None:
    message = refused(lambda: find(root))
    assert VARIABLE in message and "/badges.laurels.example/school-key-1.key" in message and "--key-file" in message
    assert refused(lambda: find(root, environment={VARIABLE: "", "HOME": "/nonexistent"})) == message


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o601])
def test_file_that_others_can_read_is_refused(root: Path, tmp_path: Path, mode: int) -> None:
    file = key_file(tmp_path / "any.key", mode=mode)
    assert f"chmod 600 {file}" in refused(lambda: find(root, file=file))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        LINE[:-1],
        LINE + "2",
        LINE.replace("z3u2", "z6Mk"),
        format_public_key(fake_key().public_key()),
        f"{LINE}\n{LINE}\n",
        "z" * 10_000,
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n",
        LINE + "é",
    ],
)
def test_text_that_is_not_a_key_is_refused_and_not_repeated(root: Path, tmp_path: Path, text: str) -> None:
    file = key_file(tmp_path / "any.key", text)
    assert str(file) in refused(lambda: find(root, file=file))
    if text:
        assert VARIABLE in refused(lambda: find(root, environment={VARIABLE: text}))


@pytest.mark.parametrize("name", ["", "missing.key"])
def test_file_that_cannot_be_read_is_refused(root: Path, tmp_path: Path, name: str) -> None:
    assert "cannot be read" in refused(lambda: find(root, file=_closed(tmp_path) / name))


def _closed(folder: Path) -> Path:
    (folder / "closed").mkdir(exist_ok=True, mode=0o700)
    return folder / "closed"


def test_key_of_another_issuer_is_refused(root: Path) -> None:
    other = format_private_key(fake_key("second"))
    message = refused(lambda: find(root, environment={VARIABLE: other}))
    assert message == f"the signing key in {VARIABLE} is not key-1 of issuers/school/keys.yml"


@pytest.mark.parametrize("state", ["retired", "compromised"])
def test_key_that_is_not_active_signs_nothing(tmp_path: Path, state: str) -> None:
    root = without_keys(tmp_path, keys=f"keys:\n  - {entry('key-1', state=state)}\n")
    assert "lists no active key" in refused(lambda: find(root, environment={VARIABLE: LINE}))


def test_issuer_without_keys_is_told_how_to_make_one(tmp_path: Path) -> None:
    assert "laurels keys new school" in refused(lambda: find(without_keys(tmp_path), environment={VARIABLE: LINE}))


# --- demo keys --------------------------------------------------------------------------------------------------------


def demo_keys() -> dict[str, str]:
    raw = resources.files("site_builder.credentials").joinpath("demo_keys.json").read_text("ascii")
    keys: dict[str, str] = json.loads(raw)
    return keys


def with_demo_key(tmp_path: Path, base: str) -> Path:
    public = next(iter(demo_keys()))
    keys = f"keys:\n  - {{id: key-1, publicKeyMultibase: {public}, created: 2026-05-01, state: active}}\n"
    return without_keys(tmp_path, keys=keys, base=base)


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "badges.example.org",
        "a.b.example.org",
        "badges.example",
        "a.b.example",
        "EXAMPLE.org",
        "example.org:8443",
    ],
)
def test_demo_key_signs_on_reserved_hosts(tmp_path: Path, host: str) -> None:
    root = with_demo_key(tmp_path, f"https://{host}/")
    assert find(root, base=f"https://{host}/").key_id == "key-1"


@pytest.mark.parametrize(
    "host",
    [
        "example.org.evil.com",
        "notexample.org",
        "badges.notexample",
        "example.com",
        "example.evil.com",
        "xn--example-org.com",
        "evil.com/example.org",
        "evil.com/.example",
        "example.org-evil.com",
    ],
)
def test_demo_key_signs_nowhere_else(tmp_path: Path, host: str) -> None:
    root = with_demo_key(tmp_path, f"https://{host}/")
    line = demo_signing_key(next(iter(demo_keys())))
    for environment in ({}, {VARIABLE: line or ""}):
        message = refused(lambda environment=environment: find(root, environment=environment, base=f"https://{host}/"))  # type: ignore[misc]
        assert "demo key, which anybody can use" in message


# --- the whole way ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verbose", [[], ["-v"]])
def test_no_command_says_a_private_key(tmp_path: Path, verbose: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from site_builder.cli import main

    root = write_drawn_repository(tmp_path / "repository")
    file = key_file(tmp_path / "school.key")
    wrong = key_file(tmp_path / "wrong.key", SECRETS[1])
    open_file = key_file(tmp_path / "open.key", mode=0o644)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    told = ""
    for arguments, variable, expected in [
        (["check"], LINE, 0),
        (["issue", "--dry-run"], LINE, 0),
        (["issue"], SECRETS[1], 1),
        (["issue"], LINE + "x", 1),
        (["issue", "--issuer", "school", "--key-file", str(wrong)], "", 1),
        (["issue", "--issuer", "school", "--key-file", str(open_file)], "", 1),
        (["keys", "new", "school"], LINE, 2),
        (["issue", "--here", "--json", "--issuer", "school", "--key-file", str(file)], "", 0),
        (["links"], LINE, 0),
    ]:
        monkeypatch.setenv(VARIABLE, variable)
        with contextlib.redirect_stderr(io.StringIO()) as direct:
            ended = CliRunner().invoke(main, ["-C", str(root), *verbose, *arguments])
        assert ended.exit_code == expected or verbose, (arguments, ended.output)
        told += ended.stdout + ended.stderr + direct.getvalue()
        if ended.exc_info is not None:
            told += "".join(traceback.format_exception(*ended.exc_info))
    for secret in SECRETS:
        assert secret[4:40] not in told
    written = b"".join(tree_of(root).values())
    assert not any(secret.encode() in written for secret in SECRETS)


def test_signed_files_hold_no_private_key(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    found: list[Problem] = []
    issue_command(
        root,
        IssueOptions(here=True),
        machine=Machine({VARIABLE: LINE}, NOW, repeatable_random()),
        output=Output(lambda line: None, found.extend),
    )
    assert found == [] and LINE.encode() not in b"".join(tree_of(root).values())


def test_private_key_in_the_repository_is_a_problem(tmp_path: Path) -> None:
    root = write_drawn_repository(tmp_path)
    (root / "notes.txt").write_text(f"the key is {LINE}\n", "ascii")
    (problem,) = check_repository(root).problems
    assert (problem.file, problem.code) == ("notes.txt", "FIL004") and LINE not in str(problem)


def test_the_browser_knows_the_same_demo_keys() -> None:
    listed = (
        resources.files("site_builder.verification")
        .joinpath("browser/src/credentials/demo_keys.json")
        .read_text("ascii")
    )
    assert json.loads(listed) == list(demo_keys())
