"""The command line: help, exit codes, what goes to which stream, and no traceback whatever it is given."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from site_builder.cli import main
from site_builder.credentials.carriers.png import bake_png
from site_builder.credentials.carriers.svg import bake_svg
from site_builder.credentials.carriers.table import CARRIERS
from site_builder.credentials.identifiers.multikey import format_private_key
from site_builder.ledger.checks.repository import check_repository
from site_builder.verification.evidence import fetch as fetching
from tests.drawn import write_drawn_repository
from tests.support import BASE, COHORT, as_release_0_1_signed, fake_key, issue_all, publish_to, write_repository
from tests.trees import tree_of

LAURELS = str(Path(sys.executable).with_name("laurels"))
LINE = format_private_key(fake_key())
RECORDS = "content/records/school"
DEMO = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _on_a_machine_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, no CI run, and no network: an address that is asked for fails the test."""
    for name in [name for name in os.environ if name.startswith(("LAURELS_", "CI", "GITHUB_", "GITLAB_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(fetching, "fetch_https", lambda url: pytest.fail(f"{url} was asked for"))


def run(root: Path, *arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, ["-C", str(root), *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def run_process(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [LAURELS, *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=kept | environment, capture_output=True, encoding="utf-8", errors="replace", check=False
    )


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.fixture
def pending(tmp_path: Path) -> Path:
    return write_drawn_repository(tmp_path / "repository")


@pytest.fixture
def issued(pending: Path) -> Path:
    issue_all(pending)
    return pending


def first_credential(root: Path) -> Path:
    award = next(award for award in check_repository(root).ledger.awards.values())
    return root / award.folder / "credential.json"


# --- help and usage ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_has_help_that_begins_with_an_example(path: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        result = CliRunner().invoke(main, [*path, option])
        assert result.exit_code == 0 and result.stderr == ""
    sentence = " ".join(result.stdout.split("\n\n")[1].split())
    assert f": laurels {' '.join(path)}" in sentence, sentence


def test_help_of_verify_names_every_carrier() -> None:
    text = CliRunner().invoke(main, ["verify", "--help"]).stdout
    assert all(carrier.suffix.upper() in text for carrier in CARRIERS)


def test_commands_are_the_known_ones() -> None:
    expected = set(
        "check issue build serve verify site list search links sheet new correct revoke renew erase keys schema".split()
    )
    expected |= {f"keys {name}" for name in "new list check rotate retire compromised lost".split()}
    expected |= {"archive", "move", "new issuer", "new badge", "new award", "new cohort"}
    assert {" ".join(path) for path in commands()} == expected


def test_help_of_the_program_has_an_example_and_needs_no_repository(tmp_path: Path) -> None:
    ended = run_process("--help", cwd=tmp_path)
    assert ended.returncode == 0 and "laurels check && laurels issue && laurels build" in ended.stdout
    assert run_process("--version", cwd=tmp_path).stdout.startswith("laurels 0.")


HEAVY = set("mkdocs jinja2 rich PIL cairosvg pyld cryptography pyrage qrcode pydantic yaml".split())


def test_commands_are_listed_without_the_libraries_that_carry_them_out() -> None:
    listing = "import sys, site_builder.cli; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert HEAVY & set(ended.stdout.split()) == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["unknown"],
        ["check", "--unknown"],
        ["check", "extra"],
        ["verify"],
        ["verify", "missing.json"],
        ["verify", ".", "--site", "missing"],
        ["verify", ".", "--at", "yesterday"],
        ["verify", "http://badges.laurels.example/c/x/"],
        ["search"],
        ["list", "--state", "unknown"],
        ["list", "--badge", "kntos"],
        ["list", "--issuer", "unknown"],
        ["list", "--record", "content/records/school/2062-05.yml"],
        ["list", "--expiring-within", "soon"],
        ["keys", "new"],
        ["keys", "new", "unknown"],
        ["issue", "--issuer", "unknown"],
        ["issue", "--key-file", "x"],
        ["links", "--record", "content/records/school/2062-05.yml"],
        ["-C", "missing", "check"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(issued: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(issued)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2 and result.stdout == "" and result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", [["check"], ["issue"], ["links"], ["list"], ["build"], ["site"]])
def test_folder_without_a_site_is_said_in_a_sentence(tmp_path: Path, command: list[str]) -> None:
    result = run(tmp_path, *command)
    assert result.exit_code == 1 and result.stdout == "" and "mkdocs.yml" in result.stderr
    assert list(tmp_path.iterdir()) == []


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_says_its_count_on_standard_error(pending: Path) -> None:
    result = run(pending, "check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "0 problems; 0 awards issued, 2 pending, 0 changes pending\n"


def test_check_with_problems_is_exit_code_1(pending: Path) -> None:
    (pending / RECORDS / "x.yml").write_text("badge: kntos\nawarded: 2026-05-14\nname: Mary Anning\n", "utf-8")
    result = run(pending, "check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        "content/records/school/x.yml:1: REC014 badge 'kntos' does not exist",
        "  fix: did you mean 'knots'? Achievements are the folders in badges/.",
        "1 problem; 0 awards issued, 3 pending, 0 changes pending",
    ]


def test_check_json_is_json(pending: Path) -> None:
    (pending / RECORDS / "x.yml").write_text("badge: kntos\nawarded: 2026-05-14\nname: Mary Anning\n", "utf-8")
    result = run(pending, "check", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    found = json.loads(result.stdout)
    assert found["pending"] == {"rows": 3, "changes": 0, "status_lists": 0}
    assert [(entry["file"], entry["line"], entry["code"]) for entry in found["problems"]] == [
        ("content/records/school/x.yml", 1, "REC014")
    ]


def test_check_and_links_write_nothing(issued: Path) -> None:
    before = sorted(issued.rglob("*"))
    for command in (["check"], ["check", "--json"], ["links"], ["links", "--csv"], ["issue", "--dry-run"]):
        assert run(issued, *command).exit_code == 0
    assert sorted(issued.rglob("*")) == before


def test_file_name_that_is_not_text_ends_no_program(pending: Path) -> None:
    Path(os.fsdecode(os.fsencode(pending / RECORDS) + b"/\xff.yml")).write_text("badge: [\n", "utf-8")
    for arguments in (["check"], ["issue"], ["check", "--json"]):
        ended = run_process("-C", pending, *arguments, cwd=pending)
        assert ended.returncode == 1 and "Traceback" not in ended.stderr
        assert "dcff" in ended.stdout + ended.stderr


# --- issue ------------------------------------------------------------------------------------------------------------


def test_issue_dry_run_then_issue(pending: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree_of(pending)
    plan = run(pending, "issue", "--dry-run")
    assert plan.exit_code == 0 and plan.stdout.endswith("Nothing was signed (--dry-run).\n")
    assert tree_of(pending) == before
    assert run(pending, "issue").exit_code == 1  # no key yet
    assert tree_of(pending) == before
    monkeypatch.setenv("LAURELS_KEY_SCHOOL", LINE)
    done = run(pending, "issue")
    assert done.exit_code == 0 and "2 awards signed, 0 changes applied, 1 status list written." in done.stdout
    assert "git add content issuers badges && git commit" in done.stdout
    monkeypatch.delenv("LAURELS_KEY_SCHOOL")
    again = run(pending, "issue")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "Nothing to issue.\n", "")


def test_issue_json_is_json_and_the_lines_for_people_are_not_mixed_in(
    pending: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAURELS_KEY_SCHOOL", LINE)
    plan = run(pending, "issue", "--dry-run", "--json")
    assert json.loads(plan.stdout)["issued"] == [] and "--dry-run" in plan.stderr
    done = json.loads(run(pending, "issue", "--json").stdout)
    assert len(done["issued"]) == 2 and done["lists"] == ["issuers/school/status/1.json"]
    nothing = run(pending, "issue", "--json")
    assert json.loads(nothing.stdout)["plan"] == [] and nothing.stderr == "Nothing to issue.\n"


def test_issue_with_problems_says_them_and_how_many(pending: Path) -> None:
    (pending / RECORDS / "x.yml").write_text("badge: kntos\nawarded: 2026-05-14\nname: Mary Anning\n", "utf-8")
    result = run(pending, "issue")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("\n1 problem; nothing was issued\n")


def test_issue_in_a_folder_that_refuses_is_a_sentence(pending: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *arguments: Any, **named: Any) -> None:
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setenv("LAURELS_KEY_SCHOOL", LINE)
    monkeypatch.setattr(Path, "mkdir", refuse)
    result = run(pending, "issue")
    assert result.exit_code == 1 and "a file could not be written (Read-only file system: " in result.stderr


def test_real_process_issues_from_anywhere(pending: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    ended = run_process("-C", "../repository", "issue", cwd=tmp_path / "elsewhere", LAURELS_KEY_SCHOOL=LINE)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == "" and "2 awards signed" in ended.stdout and list((tmp_path / "elsewhere").iterdir()) == []
    assert check_repository(pending).pending_rows == []
    assert run_process("-C", pending, "check", cwd=tmp_path).returncode == 0


# --- keys -------------------------------------------------------------------------------------------------------------


def test_keys_new_prints_one_line_when_asked_and_none_otherwise(tmp_path: Path) -> None:
    first = write_repository(tmp_path / "a", files={"issuers/school/keys.yml": ""})
    printed = run_process("-C", first, "keys", "new", "school", "--print", cwd=tmp_path)
    assert printed.returncode == 0 and printed.stdout.count("\n") == 1 and printed.stdout.startswith("z3u2")
    assert printed.stdout.strip() not in printed.stderr
    second = write_repository(tmp_path / "b", files={"issuers/school/keys.yml": ""})
    result = run(second, "keys", "new", "school", "--no-passphrase", "--file", tmp_path / "school.key")
    assert (result.exit_code, result.stdout) == (0, "")
    line = (tmp_path / "school.key").read_text("ascii").strip()
    assert line.startswith("z3u2") and line not in result.stderr
    assert check_repository(second).problems == []


def test_keys_new_says_the_public_half_to_programs_and_never_the_private_one(tmp_path: Path) -> None:
    root = write_repository(tmp_path / "a", files={"issuers/school/keys.yml": ""})
    assert run(root, "keys", "new", "school", "--print", "--json").exit_code == 2
    result = run(root, "keys", "new", "school", "--no-passphrase", "--file", tmp_path / "school.key", "--json")
    made = json.loads(result.stdout)
    assert made["key"] == "key-1" and made["keys_file"] == "issuers/school/keys.yml" and made["fingerprint"]
    assert made["publicKeyMultibase"] in (root / made["keys_file"]).read_text("utf-8")
    assert (tmp_path / "school.key").read_text("ascii").strip() not in result.output


# --- links ------------------------------------------------------------------------------------------------------------


def test_links_name_each_learner_with_a_key_that_is_theirs(issued: Path) -> None:
    checked = check_repository(issued)
    result = run(issued, "links")
    assert result.exit_code == 0 and result.stderr == ""
    ada = next(award for award in checked.ledger.awards.values() if checked.rows[award.id].award.name == "Ada Lovelace")
    assert f"Ada Lovelace <ada@example.org>\n  {BASE}c/{ada.id}/#m={ada.current.salt}\n" in result.stdout
    assert result.stdout.count("https://") == 2


def test_links_of_a_learner_without_an_address_have_no_key(tmp_path: Path) -> None:
    record = "badge: knots\nawarded: 2026-05-14\nname: Mary Anning\n"
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": record})
    award = issue_all(root).awards[0]
    assert run(root, "links").stdout == f"Mary Anning\n  {BASE}c/{award.id}/\n"


@pytest.mark.parametrize(("first", "later", "has_key"), [("private", "public", True), ("public", "private", False)])
def test_links_go_by_what_was_signed_though_email_match_was_changed(
    tmp_path: Path, first: str, later: str, has_key: bool
) -> None:
    root = write_drawn_repository(tmp_path)
    issuer = root / "issuers/school/issuer.yml"
    text = issuer.read_text("utf-8")
    issuer.write_text(f"{text}email_match: {first}\n", "utf-8")
    issue_all(root)
    issuer.write_text(f"{text}email_match: {later}\n", "utf-8")
    assert ("#m=" in run(root, "links").stdout) == has_key


def test_links_leave_out_what_is_revoked_and_what_is_pending(issued: Path) -> None:
    award = next(iter(check_repository(issued).ledger.awards))
    (issued / RECORDS / "r.yml").write_text(f"revoke: {award}\ndate: 2026-06-01\nreason: other\n", "utf-8")
    issue_all(issued, seed="revoke")
    (issued / RECORDS / "x.yml").write_text("badge: knots\nawarded: 2026-05-15\nname: Mary Anning\n", "utf-8")
    result = run(issued, "links")
    assert result.stdout.count("https://") == 1 and award not in result.stdout and "Mary" not in result.stdout


def test_links_of_one_record(issued: Path) -> None:
    (issued / RECORDS / "x.yml").write_text("badge: knots\nawarded: 2026-05-15\nname: Mary Anning\n", "utf-8")
    issue_all(issued, seed="more")
    one = run(issued, "links", "--record", f"{RECORDS}/x.yml")
    assert one.exit_code == 0 and one.stdout.startswith("Mary Anning\n") and one.stdout.count("https://") == 1


def test_links_csv_runs_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    names = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1+1", 'A "quoted", name', "Ada Lovelace"]
    rows = "".join(f"  - {{name: {json.dumps(name)}, email: '=1+{n}@example.org'}}\n" for n, name in enumerate(names))
    record = f"badge: knots\nawarded: 2026-05-14\nrecipients:\n{rows}"
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": record})
    with as_release_0_1_signed():
        issue_all(root)
    result = run(root, "links", "--csv")
    header, *cells = csv.reader(io.StringIO(result.stdout))
    assert header == ["name", "email", "url"] and len(cells) == len(names)
    assert not any(cell.startswith(("=", "+", "-", "@", "＝", "\t")) for line in cells for cell in line)
    assert cells[0][0] == "'=cmd|' /C calc'!A0" and cells[-1][0] == "Ada Lovelace" and cells[-2][0] == names[-2]


def test_links_are_not_given_while_there_are_problems(issued: Path) -> None:
    text = (issued / "mkdocs.yml").read_text("utf-8")
    (issued / "mkdocs.yml").write_text(text.replace(BASE, "https://elsewhere.example/"), "utf-8")
    result = run(issued, "links")
    assert (result.exit_code, result.stdout) == (1, "") and "CFG002" in result.stderr


# --- verify -----------------------------------------------------------------------------------------------------------

AT = ("--at", "2026-06-02")


def published(root: Path) -> Path:
    return publish_to(root, root.parent / "site")


def test_verify_of_a_credential_that_holds_is_exit_code_0(issued: Path) -> None:
    site = published(issued)
    result = run(issued, "verify", first_credential(issued), "--site", site, *AT)
    assert result.exit_code == 0 and result.stderr == ""
    assert "✓" in result.stdout and "2026-06-02T00:00:00Z" in result.stdout


def test_verify_reads_png_and_svg_and_folders_of_them(issued: Path, tmp_path: Path) -> None:
    site = published(issued)
    held = first_credential(issued)
    raw = held.read_bytes()
    folder = tmp_path / "badges"
    folder.mkdir()
    for bake, suffix in ((bake_png, ".png"), (bake_svg, ".svg")):
        rendered = next((issued / "badges/knots/rendered").glob(f"*{suffix}"))
        (folder / f"badge{rendered.suffix}").write_bytes(bake(rendered.read_bytes(), raw))
    shutil.copy(held, folder / "credential.json")
    for file in sorted(folder.iterdir()):
        assert run(issued, "verify", file, "--site", site, *AT).exit_code == 0, file
    result = run(issued, "verify", folder, "--site", site, *AT, "--json")
    assert result.exit_code == 0
    assert [Path(entry["file"]).name for entry in json.loads(result.stdout)] == [
        "badge.png",
        "badge.svg",
        "credential.json",
    ]
    assert {entry["verdict"] for entry in json.loads(result.stdout)} == {"holds"}


def test_verify_of_an_expired_credential_is_exit_code_1(issued: Path) -> None:
    arguments = ("verify", first_credential(issued), "--site", published(issued))
    assert run(issued, *arguments, "--at", "2028-05-14T21:59:59Z").exit_code == 0
    assert run(issued, *arguments, "--at", "2028-05-14T22:00:00Z").exit_code == 1
    assert run(issued, *arguments, "--at", "2026-05-13").exit_code == 1  # not yet valid


def test_verify_of_a_revoked_credential_is_exit_code_1(issued: Path) -> None:
    held = first_credential(issued)
    revoke = f"revoke: {held.parent.name}\ndate: 2026-06-01\nreason: other\n"
    (issued / RECORDS / "r.yml").write_text(revoke, "utf-8")
    issue_all(issued, seed="revoke")
    site = published(issued)
    result = run(issued, "verify", held, "--site", site, "--json", *AT)
    assert result.exit_code == 1 and json.loads(result.stdout)[0]["verdict"] == "revoked"
    whole = run(issued, "verify", site, *AT)
    assert whole.exit_code == 0 and "1 genuine, 1 revoked" in whole.stderr  # nothing in it fails


def test_verify_of_a_changed_credential_is_exit_code_1_and_the_site_that_holds_it_fails(issued: Path) -> None:
    site = published(issued)
    changed = next(site.glob("c/*/credential.json"))
    changed.write_text(changed.read_text("ascii").replace("Knots", "Ropes"), "ascii")
    assert run(issued, "verify", changed, "--site", site, *AT).exit_code == 1
    whole = run(issued, "verify", site, *AT)
    assert whole.exit_code == 1 and "1 FAIL" in whole.stderr and whole.stdout.startswith(str(changed))


def test_verify_of_what_cannot_be_checked_is_exit_code_1(issued: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run(issued, "verify", first_credential(issued), "--site", tmp_path / "empty", *AT, "--json")
    assert result.exit_code == 1 and json.loads(result.stdout)[0]["verdict"] == "unknown"


def test_verify_of_a_demo_credential_is_exit_code_1(tmp_path: Path) -> None:
    site = publish_to(DEMO, tmp_path / "site")
    states = check_repository(DEMO).ledger.awards.values()
    held = next(DEMO / award.folder / "credential.json" for award in states if award.current.state == "active")
    day = json.loads(held.read_text("ascii"))["validFrom"][:10]
    later = datetime.fromisoformat(day).replace(tzinfo=UTC, hour=12).strftime("%Y-%m-%dT%H:%M:%SZ")
    result = run(tmp_path, "verify", held, "--site", site, "--at", later, "--json")
    assert result.exit_code == 1 and json.loads(result.stdout)[0]["verdict"] == "demo"


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("empty.json", b""),
        ("empty.png", b""),
        ("binary.json", bytes(range(256))),
        ("list.json", b"[]"),
        ("deep.json", b"[" * 100_000),
        ("surrogate.json", b'"\\ud800"'),
        ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00"),
        ("plain.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("broken.svg", b"<svg"),
        ("bomb.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>'),
        ("huge.json", b" " * (13 * 1_048_576)),
        ("large.json", b'{"a": "' + b"b" * (2 * 1_048_576) + b'"}'),
    ],
)
def test_verify_of_a_broken_file_is_exit_code_1_and_a_sentence(tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    result = run(tmp_path, "verify", tmp_path / name, *AT)
    assert result.exit_code == 1
    assert name in result.output and len(result.output) < 3_000


def test_verify_of_a_folder_with_nothing_in_it_is_exit_code_2(tmp_path: Path) -> None:
    result = run(tmp_path, "verify", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "") and result.stderr.count("\n") == 1


def test_verify_of_a_site_without_credentials_says_so(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "issuers").mkdir()
    result = run(tmp_path, "verify", tmp_path, *AT)
    assert result.exit_code == 0 and "0 credentials: 0 genuine" in result.stderr


# --- build and site ---------------------------------------------------------------------------------------------------


def test_build_refuses_a_status_list_that_is_out_of_date(issued: Path) -> None:
    (issued / "issuers/school/status/1.json").unlink()
    ended = run_process("-C", issued, "build", cwd=issued)
    assert ended.returncode == 1 and "status/1.json: LED017 this status list is out of date" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (issued / "site").exists()


def test_site_does_it_all_and_ends_with_one_line(pending: Path, tmp_path: Path) -> None:
    ended = run_process("-C", pending, "site", cwd=tmp_path, LAURELS_KEY_SCHOOL=LINE)
    # Whether its credentials have expired by now depends on the day; that nothing fails does not.
    assert ended.returncode == 0, ended.stderr
    assert "2 awards signed" in ended.stdout and "2 credentials: " in ended.stdout.splitlines()[-1]
    assert (pending / "site/c").is_dir() and "Traceback" not in ended.stderr


# --- list and search --------------------------------------------------------------------------------------------------


def test_list_is_a_table_that_fits_eighty_columns(tmp_path: Path) -> None:
    name = "Philippus Aureolus Theophrastus Bombastus von Hohenheim, called Paracelsus the Elder"
    record = COHORT.replace("Ada Lovelace", json.dumps(name)).replace("Grace Hopper", "楠本イネ")
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": record})
    result = run(root, "list")
    assert result.exit_code == 0 and result.stderr == "2 of 2 awards\n"
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "Bombastus" in result.stdout and "楠本イネ" in result.stdout and result.stdout.count("pending") == 2


def test_list_is_narrowed_and_says_how_much_is_left(issued: Path) -> None:
    assert run(issued, "list", "--person", "ADA").stderr == "1 of 2 awards\n"
    assert run(issued, "list", "--badge", "knots", "--issuer", "school").stderr == "2 of 2 awards\n"
    assert run(issued, "list", "--state", "pending", "--state", "revoked").stderr == "0 of 2 awards\n"
    assert run(issued, "list", "--record", f"{RECORDS}/2026-05.yml", "--person", "grace").stderr == "1 of 2 awards\n"


def test_list_and_search_print_json_and_csv(issued: Path) -> None:
    for arguments in (["list"], ["search", "example.org"]):
        as_json = json.loads(run(issued, *arguments, "--json").stdout)
        as_csv = list(csv.DictReader(io.StringIO(run(issued, *arguments, "--csv").stdout)))
        assert [entry["name"] for entry in as_json] == ["Ada Lovelace", "Grace Hopper"]
        assert [row["email"] for row in as_csv] == [entry["email"] for entry in as_json]
        assert [row["url"] for row in as_csv] == [entry["url"] for entry in as_json]


def test_search_says_where_a_person_s_page_and_row_are(issued: Path) -> None:
    award = first_credential(issued).parent.name
    result = run(issued, "search", f"{BASE}c/{award}/#m=abc")
    assert f"{BASE}c/{award}/\n  {RECORDS}/2026-05.yml:" in result.stdout and result.stderr == "1 of 2 awards\n"
    assert run(issued, "search", "nobody").stdout == ""


def test_list_goes_on_with_what_there_is_though_there_are_problems(issued: Path) -> None:
    (issued / RECORDS / "x.yml").write_text("badge: kntos\nawarded: 2026-05-14\nname: Mary Anning\n", "utf-8")
    result = run(issued, "list")
    assert result.exit_code == 0 and "Mary Anning" in result.stdout
    assert result.stderr.startswith("1 problem: this list may lack something; run 'laurels check'\n")


def test_commands_work_in_a_folder_below_the_root_and_say_so_once_when_asked(issued: Path) -> None:
    below = issued / RECORDS
    ended = run_process("-v", "list", "--record", "2026-05.yml", cwd=below)
    assert ended.returncode == 0 and ended.stdout.count("knots") == 2
    assert ended.stderr.splitlines() == [f"The repository begins at {issued}", "2 of 2 awards"]
    assert "begins" not in run_process("check", cwd=below).stderr + run_process("-v", "check", cwd=issued).stderr


# --- programs that read -----------------------------------------------------------------------------------------------


def test_links_and_build_and_site_print_json(issued: Path, tmp_path: Path) -> None:
    links = json.loads(run(issued, "links", "--json").stdout)
    assert [link["name"] for link in links] == ["Ada Lovelace", "Grace Hopper"]
    built = run_process("-C", issued, "build", "--json", cwd=tmp_path)
    assert json.loads(built.stdout) == {
        "site": str(issued / "site"),
        "pending": {"rows": 0, "changes": 0},
        "key_documents": [],
    }
    whole = run_process("-C", issued, "site", "--json", cwd=tmp_path)
    found = json.loads(whole.stdout)
    assert found["issuers"] == 1 and sum(found["verdicts"].values()) == 2 and "Nothing to issue" in whole.stderr


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_json_is_json_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    record = COHORT.replace("Ada Lovelace", "Jürgen Ünal").replace("Grace Hopper", "楠本イネ")
    root = write_drawn_repository(tmp_path, files={f"{RECORDS}/2026-05.yml": record})
    ended = run_process("-C", root, "list", "--json", cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert [entry["name"] for entry in json.loads(ended.stdout)] == ["Jürgen Ünal", "楠本イネ"]
    assert ("楠本イネ" in ended.stdout) is (encoding == "utf-8")


# --- verify an address ------------------------------------------------------------------------------------------------


def test_verify_takes_an_address_and_repeats_no_key(issued: Path) -> None:
    site, award = published(issued), first_credential(issued).parent.name
    page = f"{BASE}c/{award}/"
    result = run(issued, "verify", f"{page}#m=AAAAAAAAAAAAAAAAAAAAAA", "--site", site, *AT)
    assert result.exit_code == 0 and result.stdout.startswith(f"{page}\n") and "AAAA" not in result.output
    assert "page, passed" in result.stdout
    both = run(issued, "verify", f"{page}badge.png", site, "--site", site, *AT, "--json")
    assert [entry["verdict"] for entry in json.loads(both.stdout) if "verdict" in entry] == ["holds"] * 3


def test_verify_of_an_address_that_does_not_answer_is_exit_code_1(issued: Path) -> None:
    result = run(issued, "verify", f"{BASE}c/{'a' * 26}/", "--site", published(issued), *AT)
    assert result.exit_code == 1 and "This could not be fetched" in result.stdout


# --- streams ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {}])
def test_nothing_is_coloured_where_nobody_looks(issued: Path, variables: dict[str, str]) -> None:
    for arguments in (
        ["check"],
        ["links"],
        ["issue"],
        ["verify", str(first_credential(issued)), "--site", str(issued)],
    ):
        ended = run_process("-C", issued, *arguments, cwd=issued, **variables)
        assert "\x1b" not in ended.stdout + ended.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_terminal_that_lacks_a_letter_ends_no_program(tmp_path: Path, encoding: str) -> None:
    record = COHORT.replace("Ada Lovelace", "Владимир Köppen")
    root = write_drawn_repository(tmp_path / "repository", files={f"{RECORDS}/2026-05.yml": record})
    issue_all(root)
    site = published(root)
    variables = {"PYTHONIOENCODING": encoding}
    links = run_process("-C", root, "links", cwd=tmp_path, **variables)
    verified = run_process("verify", first_credential(root), "--site", site, *AT, cwd=tmp_path, **variables)
    assert (links.returncode, verified.returncode) == (0, 0), links.stderr + verified.stderr
    assert links.stdout.count("https://") == 2 and "Traceback" not in links.stderr + verified.stderr
