"""The life of a key: listed, checked, replaced, retired, lost, in wrong hands; and what each does to keys.yml."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from site_builder.authoring.key_list import set_key_state
from site_builder.cli import main
from site_builder.credentials.identifiers.did_web import build_did_document, did_document_url
from site_builder.credentials.identifiers.multikey import format_private_key, format_public_key
from site_builder.errors import Error, UsageError
from site_builder.issuing.keys import signing_keys as making
from site_builder.issuing.keys.check import compare_key_document
from site_builder.issuing.keys.command import EndedKey, end_key_command
from site_builder.issuing.keys.signing_keys import find_signing_key
from site_builder.issuing.surroundings import Output
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.queries.key_use import for_review, key_uses, public_keys
from site_builder.ledger.store.definitions import issuer_did
from site_builder.records.formats.yaml_events import parse_yaml
from site_builder.records.models.keys import KeysFile
from site_builder.verification.evidence import fetch as fetching
from site_builder.verification.evidence.source import FetchError
from tests.drawn import write_drawn_repository
from tests.support import BASE, COHORT, NOW, fake_key, issue_all, publish_to
from tests.test_keys import KEYS_FILE, TODAY, entry, made_bytes, make, school, without_keys
from tests.trees import tree_of

LINE = format_private_key(fake_key())
OFFICE = "office@school.example"


@pytest.fixture(autouse=True)
def _on_a_machine_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "GITHUB_ACTIONS", "XDG_CONFIG_HOME", "LAURELS_KEY_SCHOOL", "LAURELS_PASSPHRASE_SCHOOL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(fetching, "fetch_https", lambda url: pytest.fail(f"{url} was asked for"))


@pytest.fixture(scope="module")
def issued_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two awards of 1 June by key-1, and two of 10 June."""
    root = write_drawn_repository(tmp_path_factory.mktemp("issued") / "repository")
    issue_all(root)
    (root / "content/records/school/2026-06.yml").write_text(COHORT.replace("05-14", "06-02"), "utf-8")
    issue_all(root, now=NOW.replace(day=10), seed="later")
    assert check_repository(root).problems == []
    return root


@pytest.fixture
def issued(issued_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued_once, tmp_path / "repository"))


def run(root: Path, *arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, ["-C", str(root), "keys", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def states(root: Path) -> list[tuple[str, str, date | None]]:
    return [(key.id, key.state, key.until) for key in school(root).keys]


def refused(work: Callable[[], object], kind: type[Error] = UsageError) -> str:
    with pytest.raises(kind) as caught:
        work()
    return str(caught.value)


def end(root: Path, key: str, state: str, *, today: date = TODAY, dry_run: bool = False) -> EndedKey:
    def quiet(told: Any) -> None:
        pass

    output = Output(quiet, quiet)
    noon = datetime.combine(today, time(12), UTC)
    return end_key_command(root, "school", key, state=state, now=noon, dry_run=dry_run, output=output)


# --- one entry of keys.yml, and nothing else --------------------------------------------------------------------------


ENTRY = entry("key-1")
PUBLIC = format_public_key(fake_key().public_key())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "# Who signs.\nkeys:\n  - ENTRY  # Ada's\n# the end\n",
            ("state: active}", "state: retired, until: 2026-06-01}"),
        ),
        ("keys: [ENTRY]\n", ("state: active}", "state: retired, until: 2026-06-01}")),
        ("keys:\r\n- ENTRY\r\n", ("state: active}", "state: retired, until: 2026-06-01}")),
        (
            '{"keys": [{"id": "key-1", "publicKeyMultibase": "KEY", "created": "2026-05-01", "state": "active"}]}',
            ('"active"', '"retired", until: 2026-06-01'),
        ),
        (
            "keys:\n  - id: key-1\n    state: active  # Ada's\n    publicKeyMultibase: KEY\n    created: 2026-05-01\n",
            ("state: active  # Ada's\n", "state: retired  # Ada's\n    until: 2026-06-01\n"),
        ),
        (
            "keys:\n- state: active\n  id: key-1\n  publicKeyMultibase: KEY\n  created: 2026-05-01",
            ("state: active\n", "state: retired\n  until: 2026-06-01\n"),
        ),
        (
            "keys:\r\n  - id: key-1\r\n    publicKeyMultibase: KEY\r\n    created: 2026-05-01\r\n    state: 'active'\r\n",
            ("'active'\r\n", "'retired'\r\n    until: 2026-06-01\r\n"),
        ),
        (
            "# state: active\nkeys:\n  # state: active means that it signs\n  - {state: active, created: 2026-05-01, id: key-1,\n"
            "     publicKeyMultibase: KEY}  # state: active\n",
            ("{state: active,", "{state: retired, until: 2026-06-01,"),
        ),
    ],
    ids=["flow", "one line", "of Windows", "JSON", "block", "state first", "block of Windows", "words in comments"],
)
def test_change_of_state_changes_the_entry_alone(before: str, after: tuple[str, str]) -> None:
    text = before.replace("ENTRY", ENTRY).replace("KEY", PUBLIC)
    raw = set_key_state(text.encode(), "key-1", state="retired", until=TODAY, file=KEYS_FILE)
    assert raw.decode() == text.replace(*after)
    (key,) = KeysFile(**parse_yaml(raw, file=KEYS_FILE).value).keys
    assert (key.state, key.until) == ("retired", TODAY)


def test_change_of_state_is_made_at_the_right_one_of_several_on_a_line() -> None:
    text = f"keys: [{entry('key-1', state='retired')}, {entry('key-2')}, {entry('key-3', state='retired')}]\n"
    raw = set_key_state(text.encode(), "key-3", state="compromised", until=None, file=KEYS_FILE)
    keys = KeysFile(**parse_yaml(raw, file=KEYS_FILE).value).keys
    assert [(key.id, key.state) for key in keys] == [
        ("key-1", "retired"),
        ("key-2", "active"),
        ("key-3", "compromised"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "keys:\n  - {id: key-1, publicKeyMultibase: KEY, created: 2026-05-01, state:\n     active}\n",
        'keys:\n  - {id: key-1, publicKeyMultibase: KEY, created: 2026-05-01, "st\\x61te": active}\n',
        "keys:\n  - {id: key-1, publicKeyMultibase: KEY, created: 2026-05-01, state: >-\n     active}\n",
    ],
)
def test_entry_that_cannot_be_changed_in_its_place_is_left_to_its_people(text: str) -> None:
    raw = text.replace("KEY", PUBLIC).encode()
    message = refused(lambda: set_key_state(raw, "key-1", state="retired", until=TODAY, file=KEYS_FILE), Error)
    assert KEYS_FILE in message and "write 'state: retired' and 'until: 2026-06-01' there by hand" in message


def test_last_day_stands_only_with_a_key_that_has_ended_and_not_before_its_first(tmp_path: Path) -> None:
    for state, until, code in [
        ("active", "2026-06-01", "KEY001"),
        ("retired", "2026-04-30", "REC012"),
        ("retired", "2026-05-01", ""),
        ("compromised", "2026-06-01", ""),
        ("retired", "soon", "REC004"),
    ]:
        text = entry("key-1", state=state).replace("}", f", until: {until}}}")
        root = without_keys(tmp_path / f"{state}{until}", keys=f"keys:\n  - {text}\n")
        found = [problem for problem in check_repository(root).problems if problem.file == KEYS_FILE]
        assert [(problem.line, problem.code) for problem in found] == ([(2, code)] if code else []), found


# --- rotate -----------------------------------------------------------------------------------------------------------


def test_rotating_retires_the_old_key_and_makes_the_next_in_one_write(issued: Path) -> None:
    said: list[str] = []
    made = make(issued, rotate=True, said=said)
    assert states(issued) == [("key-1", "retired", TODAY), ("key-2", "active", None)]
    assert made.as_json()["retired"] == "key-1" and "key-1 is retired: what it signed keeps verifying" in "".join(said)
    assert check_repository(issued).problems == []
    home = {"HOME": str(issued.parent / "home")}
    found = find_signing_key(school(issued), base=BASE, environment=home)
    assert found.key_id == "key-2" and found.source.endswith("school-key-2.key")


def test_old_private_key_is_neither_needed_nor_touched_by_rotating(tmp_path: Path) -> None:
    root = without_keys(tmp_path)
    first = make(root)
    make(root, rotate=True, random_bytes=lambda count: fake_key("second").private_bytes_raw()[:count])
    folder = tmp_path / "home/.config/laurels/badges.laurels.example"
    assert sorted(file.name for file in folder.iterdir()) == ["school-key-1.key", "school-key-2.key"]
    assert (folder / "school-key-1.key").read_text("ascii") == f"{first.line}\n"


def test_file_of_a_first_key_is_found_under_the_name_that_it_had(tmp_path: Path) -> None:
    root = without_keys(tmp_path, keys=f"keys:\n  - {entry('key-1')}\n")
    file = tmp_path / "home/.config/laurels/badges.laurels.example/school.key"
    file.parent.mkdir(parents=True)
    file.write_text(LINE, "ascii")
    file.chmod(0o600)
    assert find_signing_key(school(root), base=BASE, environment={"HOME": str(tmp_path / "home")}).source == str(file)


def test_interrupted_rotation_leaves_the_old_key_at_work(issued: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (issued / KEYS_FILE).read_bytes()

    def killed(path: Path, raw: bytes) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(making, "write_file", killed)
        make(issued, rotate=True)
    assert (issued / KEYS_FILE).read_bytes() == before and check_repository(issued).problems == []
    environment = {"HOME": str(issued.parent / "home"), "LAURELS_KEY_SCHOOL": LINE}
    assert find_signing_key(school(issued), base=BASE, environment=environment).key_id == "key-1"
    # The file of the key that never came to be is not overwritten; with another name it goes on.
    assert "never overwritten" in refused(lambda: make(issued, rotate=True))
    assert make(issued, rotate=True, file=issued.parent / "other.key").key_id == "key-2"


def test_rotating_without_an_active_key_is_refused(issued: Path) -> None:
    end(issued, "key-1", "retired")
    before = tree_of(issued)
    assert "laurels keys new school" in refused(lambda: make(issued, rotate=True))
    assert tree_of(issued) == before


# --- states -----------------------------------------------------------------------------------------------------------


def test_no_state_goes_back(issued: Path) -> None:
    assert end(issued, "key-1", "retired").needs_new_key
    assert refused(lambda: end(issued, "key-1", "retired")) == "key-1 is retired already"
    end(issued, "key-1", "compromised", today=date(2026, 7, 1))
    # It stopped signing when it was retired.
    assert states(issued) == [("key-1", "compromised", TODAY)]
    for state in ("compromised", "retired"):
        before = tree_of(issued)
        assert "key-1 is compromised" in refused(lambda state=state: end(issued, "key-1", state))  # type: ignore[misc]
        assert tree_of(issued) == before


def test_another_key_that_is_active_goes_on(issued: Path) -> None:
    make(issued, rotate=True)
    assert not end(issued, "key-1", "compromised").needs_new_key
    assert states(issued)[1] == ("key-2", "active", None)
    unused = run(issued, "compromised", "school", "key-2")
    assert (
        unused.stdout == ""
        and "It signed no credential that lies here. Next:\n  laurels keys new school" in unused.stderr
    )


@pytest.mark.parametrize("command", ["retire", "compromised"])
def test_key_that_is_not_there_is_wrong_usage(issued: Path, command: str) -> None:
    before = tree_of(issued)
    for arguments, message in [(["school", "key-9"], "it has key-1"), (["shcool", "key-1"], "did you mean 'school'?")]:
        result = run(issued, command, *arguments)
        assert (result.exit_code, result.stdout) == (2, "") and message in result.stderr
    assert tree_of(issued) == before


def test_dry_run_writes_nothing_and_shows_what_would_be(issued: Path) -> None:
    before = tree_of(issued)
    retired = run(issued, "retire", "school", "key-1", "--dry-run")
    assert retired.exit_code == 0 and "Nothing was written" in retired.stderr
    compromised = run(issued, "compromised", "school", "key-1", "--dry-run")
    assert compromised.stdout.count(f"{BASE}c/") == 4 and tree_of(issued) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", "school"],
        ["rotate", "school"],
        ["retire", "school", "key-1"],
        ["list"],
        ["check", "school"],
        ["lost", "school"],
    ],
    ids=" ".join,
)
def test_list_of_keys_with_problems_is_not_worked_with(issued: Path, arguments: list[str]) -> None:
    (issued / KEYS_FILE).write_text(f"keys:\n  - {ENTRY}\n  - {ENTRY}\n", "utf-8")
    before = tree_of(issued)
    result = run(issued, *arguments)
    assert result.exit_code == 1 and f"{KEYS_FILE}:3: KEY001" in result.stderr and tree_of(issued) == before


# --- in wrong hands ---------------------------------------------------------------------------------------------------


def test_compromised_key_lists_all_that_it_signed_and_since_only_sorts(issued: Path) -> None:
    all_of_it = key_uses(check_repository(issued), school(issued))[0].credentials
    days = [entry.signed.day for entry in for_review(all_of_it, date(2026, 6, 1))]
    assert days == [10, 10, 1, 1] == [entry.signed.day for entry in for_review(all_of_it, None)]
    result = run(issued, "compromised", "school", "key-1", "--since", "2026-06-05")
    lines = result.stdout.splitlines()
    assert [line[:10] for line in lines] == ["2026-06-10"] * 2 + ["2026-06-01"] * 2
    checked = check_repository(issued)
    assert {line.split()[-1] for line in lines} == {f"{BASE}c/{award}/" for award in checked.ledger.awards}
    assert all("knots, awarded 2026-0" in line for line in lines)
    steps = ["laurels keys new school", "laurels issue --resign", "laurels build"]
    assert [line.strip() for line in result.stderr.splitlines()[-3:]] == steps
    for name in ("Ada", "Lovelace", "Grace", "ada@example.org"):
        assert name not in result.output
    # The key is refused from the next build on: it is no more among those that may sign.
    assert states(issued)[0][1] == "compromised" and not public_keys(school(issued))[0].may_assert


def test_review_as_json_names_no_person(issued: Path) -> None:
    result = run(issued, "compromised", "school", "key-1", "--json")
    told = json.loads(result.stdout)
    assert told["key"] == "key-1" and len(told["credentials"]) == 4 and told["next"][0] == "laurels keys new school"
    assert set(told["credentials"][0]) == {"id", "badge", "version", "state", "awarded", "signed", "page"}


def test_what_came_before_the_theft_is_listed_last() -> None:
    def entry_of(day: int) -> Any:
        from site_builder.ledger.queries.key_use import SignedCredential

        return SignedCredential(f"id{day}", "knots", 1, "active", "2026-05-14", date(2026, 6, day), "page")

    entries = tuple(map(entry_of, (3, 1, 5, 2, 4)))
    assert [entry.signed.day for entry in for_review(entries, date(2026, 6, 3))] == [5, 4, 3, 2, 1]
    assert len(for_review(entries, date(2027, 1, 1))) == 5


def test_re_signed_credentials_belong_to_the_new_key(issued: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(issued, "compromised", "school", "key-1").exit_code == 0
    make(issued, environment={"HOME": str(issued.parent / "home")}, random_bytes=made_bytes)
    result = CliRunner().invoke(main, ["-C", str(issued), "issue", "--resign"])
    assert result.exit_code == 0 and "4 credentials signed anew" in result.output, result.output
    listed = json.loads(run(issued, "list", "--json").stdout)
    assert [(key["key"], key["credentials"], key["status_lists"]) for key in listed] == [
        ("key-1", 0, 0),
        ("key-2", 4, 1),
    ]
    assert check_repository(issued).problems == []


# --- list -------------------------------------------------------------------------------------------------------------


def test_list_shows_each_key_with_what_it_signed(issued: Path) -> None:
    make(issued, rotate=True)
    result = run(issued, "list")
    lines = result.stdout.splitlines()
    assert lines[0] == "school key-1: retired, 2026-05-01 to 2026-06-01; 4 credentials, 1 status list"
    assert lines[2] == "school key-2: active, since 2026-06-01; 0 credentials, 0 status lists"
    assert len(lines[1].split()) == 16 and result.stderr == "2 keys\n"
    assert run(issued, "list", "school").stdout == result.stdout
    assert run(issued, "list", "shcool").exit_code == 2


# --- check ------------------------------------------------------------------------------------------------------------


def results(root: Path, *options: str | Path) -> dict[str, tuple[str, str]]:
    result = run(root, "check", "school", "--json", *options)
    checks = json.loads(result.stdout)
    fine = all(check["result"] in ("passed", "not_checked") for check in checks)
    assert result.exit_code == (0 if fine else 1)
    return {check["name"]: (check["result"], check["sentence"]) for check in checks}


def test_check_signs_a_probe_and_compares_the_built_key_document(issued: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAURELS_KEY_SCHOOL", LINE)
    found = results(issued)
    assert {name: result for name, (result, _) in found.items()} == {
        "private key": "passed",
        "probe": "passed",
        "built did.json": "not_checked",
        "published did.json": "not_checked",
    }
    publish_to(issued, issued.parent / "built")
    assert results(issued, "--site", issued.parent / "built")["built did.json"][0] == "passed"
    end(issued, "key-1", "compromised")
    found = results(issued, "--site", issued.parent / "built")
    assert found["private key"][0] == "failed" and "lists no active key" in found["private key"][1]
    assert found["probe"][0] == "not_checked"
    assert (
        "still lets key-1 sign, which keys.yml calls compromised. Fix: run 'laurels build'"
        in found["built did.json"][1]
    )


def test_check_says_that_the_private_key_is_another_one(issued: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAURELS_KEY_SCHOOL", format_private_key(fake_key("second")))
    found = results(issued)
    assert found["private key"] == ("failed", f"the signing key in LAURELS_KEY_SCHOOL is not key-1 of {KEYS_FILE}")


def test_check_online_asks_the_issuers_address_alone(issued: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAURELS_KEY_SCHOOL", LINE)
    did = issuer_did(school(issued), BASE)
    answers = {did_document_url(did): json.dumps(build_did_document(did, [], office=OFFICE)).encode()}

    def fetch(url: str) -> bytes:
        if url not in answers:
            raise FetchError("badges.laurels.example does not answer")
        return answers[url]

    monkeypatch.setattr(fetching, "fetch_https", fetch)
    assert results(issued, "--online")["published did.json"] == (
        "failed",
        "key-1 is missing. Fix: publish the site",
    )
    document = build_did_document(did, public_keys(school(issued)), office=OFFICE)
    answers[did_document_url(did)] = json.dumps(document).encode()
    assert results(issued, "--online")["published did.json"][0] == "passed"
    # A copy that an earlier release made, or one from before the office moved.
    answers[did_document_url(did)] = json.dumps(document | {"service": []}).encode()
    assert results(issued, "--online")["published did.json"] == (
        "failed",
        "it does not name the office's e-mail as issuer.yml does. Fix: publish the site",
    )
    answers[did_document_url(did)] = b"<html>"
    assert "it is not a key document" in results(issued, "--online")["published did.json"][1]
    answers.clear()
    result, sentence = results(issued, "--online")["published did.json"]
    assert result == "could_not_check" and "does not answer" in sentence


def test_every_difference_of_a_key_document_is_named(issued: Path) -> None:
    make(issued, rotate=True)
    keys, did = public_keys(school(issued)), "did:web:badges.laurels.example:issuers:school"
    document = build_did_document(did, keys, office=OFFICE)
    first, second = document["verificationMethod"]
    (office,) = document["service"]
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, []),
        ({"id": "did:web:other.example"}, [f"it is not the document of {did}"]),
        ({"verificationMethod": [first]}, ["key-2 is missing"]),
        ({"verificationMethod": "none"}, ["key-1 is missing", "key-2 is missing"]),
        ({"verificationMethod": [first, second, first]}, [f"{did} lists the key #key-1 twice"]),
        (
            {"verificationMethod": [first, second, second | {"id": f"{did}#key-9"}]},
            ["it lists key-9, which keys.yml does not"],
        ),
        (
            {"verificationMethod": [first, second, {"id": ["\x1b[2J"]}, 7]},
            ["it lists a key of another name, which keys.yml does not"] * 2,
        ),
        (
            {"verificationMethod": [first, second | {"publicKeyMultibase": first["publicKeyMultibase"]}]},
            ["its key-2 is another key than that of keys.yml"],
        ),
        ({"assertionMethod": [f"{did}#key-2"]}, [f"{did} does not let its key #key-1 sign credentials (any more)"]),
        ({"service": []}, ["it does not name the office's e-mail as issuer.yml does"]),
        ({"service": [office, office]}, ["it does not name the office's e-mail as issuer.yml does"]),
        (
            {"service": [office | {"serviceEndpoint": "mailto:other@school.example"}]},
            ["it does not name the office's e-mail as issuer.yml does"],
        ),
    ]
    for change, expected in cases:
        found = compare_key_document(document | change, did, keys, office=OFFICE)
        assert found == expected, change
    assert compare_key_document([], did, keys, office=OFFICE) == [f"it is not the document of {did}"]


# --- lost -------------------------------------------------------------------------------------------------------------


def test_lost_key_changes_nothing_and_says_the_way_out(issued: Path) -> None:
    (issued / "content/records/school/2026-07.yml").write_text(COHORT.replace("05-14", "07-02"), "utf-8")
    before = tree_of(issued)
    result = run(issued, "lost", "school")
    assert result.exit_code == 0 and tree_of(issued) == before
    told = result.stdout
    assert "4 credentials and 1 status list: they need the public half alone" in told
    assert "new awards (2 pending) and changes, revocations among them (0 pending)" in told
    assert "LAURELS_KEY_SCHOOL" in told and "school-key-1.key" in told
    for command in ("keys rotate school", "issue", "build", "keys compromised school key-1"):
        assert f"laurels {command}\n" in told


def test_key_that_is_not_lost_after_all_is_pointed_out(issued: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAURELS_KEY_SCHOOL", LINE)
    told = run(issued, "lost", "school").stdout
    assert "A key lies in LAURELS_KEY_SCHOOL. See first whether it is the right one: laurels keys check school" in told
    assert LINE not in told
    end(issued, "key-1", "retired")
    assert "laurels keys new school" in run(issued, "lost", "school").stdout
