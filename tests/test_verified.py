"""What was verified once is not verified again, and nobody but this user's own runs of this very program can say that it was."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from site_builder.cli import main
from site_builder.encoding import format_json, only_slow_roads
from site_builder.ledger.checks import signed_files
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store import award_json
from site_builder.ledger.store.award_json import award_bytes, read_award
from site_builder.ledger.verified import cache as caches
from site_builder.ledger.verified.cache import Stated, VerifiedCache, open_cache
from site_builder.ledger.verified.place import is_ours_alone, lies_in_repository, usual_folder
from site_builder.ledger.verified.private_files import read_private, write_private
from tests.both_ways import checked_both_ways
from tests.branches import commit_all
from tests.drawn import write_drawn_repository
from tests.support import issue_all

KEYS = "issuers/school/keys.yml"
ENTRY = b"e" * 32
STATED = Stated({"name": "Knots"}, ("badges/knots/image-0.png",))


@pytest.fixture(autouse=True)
def _on_a_persons_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("CI", "GITHUB_", "GITLAB_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home/.cache"))


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_drawn_repository(tmp_path_factory.mktemp("issued") / "site")
    issue_all(root)
    return commit_all(root)


@pytest.fixture
def root(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(issued, tmp_path / "site", symlinks=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home/.cache/laurels"


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The verification methods of the credentials that were really verified."""
    found: list[str] = []
    real = signed_files.is_signed_by

    def is_signed_by(document: object, method: str, multibase: str) -> bool:
        found.append(method)
        return real(document, method, multibase)

    monkeypatch.setattr(signed_files, "is_signed_by", is_signed_by)
    return found


def check(root: Path, *options: str | Path) -> Result:
    result = CliRunner().invoke(main, ["-C", str(root), "check", *map(str, options)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def kept(folder: Path) -> Path:
    """The one file in which something is remembered."""
    (file,) = folder.glob("*.verified")
    return file


def signed(root: Path, name: str = "credential.json") -> Path:
    return sorted(root.glob(f"content/signed/school/*/{name}"))[0]


# --- what is spared ---------------------------------------------------------------------------------------------------


def test_an_unchanged_repository_is_verified_once_and_answered_the_same(root: Path, verified: list[str]) -> None:
    first = check(root)
    assert first.exit_code == 0 and "0 problems; 2 awards issued" in first.output and len(verified) == 2
    assert check(root).output == first.output and len(verified) == 2
    assert json.loads(check(root, "--json").output) == json.loads(check(root, "--json", "--no-cache").output)
    assert len(verified) == 4


def test_where_something_else_has_changed_the_credentials_are_not_verified_again(
    root: Path, verified: list[str]
) -> None:
    check(root)
    (root / "content/records/school/new.yml").write_text(
        "badge: knots\nawarded: 2026-05-20\nname: Mary Somerville\n", "utf-8"
    )
    assert "2 awards issued, 1 pending" in check(root).output and len(verified) == 2
    assert "2 awards issued, 1 pending" in check(root).output and len(verified) == 2


def test_a_wrong_repository_is_said_to_be_wrong_every_time(root: Path, verified: list[str]) -> None:
    signed(root).write_bytes(signed(root).read_bytes().replace(b"school", b"schoul"))
    first = check(root)
    assert first.exit_code == 1 and "LED001" in first.output
    assert check(root).output == first.output
    assert len(verified) == 1, "the other one"


def test_issue_does_not_verify_what_a_check_did(root: Path, verified: list[str]) -> None:
    check(root)
    assert CliRunner().invoke(main, ["-C", str(root), "issue", "--dry-run"]).exit_code == 0 and len(verified) == 2
    assert CliRunner().invoke(main, ["-C", str(root), "issue", "--dry-run", "--no-cache"]).exit_code == 0
    assert len(verified) == 4


# --- what is verified again -------------------------------------------------------------------------------------------


def _edit_award(root: Path, name: str, value: object) -> None:
    path = signed(root, "award.json")
    stored = json.loads(path.read_text("ascii"))
    stored["versions"][0][name] = value
    path.write_bytes(format_json(stored))


def _rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


CHANGES: dict[str, tuple[Callable[[Path], object], int]] = {
    "a byte of a credential": (lambda root: signed(root).write_bytes(signed(root).read_bytes() + b" "), 0),
    "the place in a status list": (lambda root: _edit_award(root, "index", 7), 1),
    "the salt": (lambda root: _edit_award(root, "salt", "A" * 22), 1),
    "when it was issued": (lambda root: _edit_award(root, "issued", "2026-06-01T00:00:01Z"), 1),
    "a key that was lost to somebody": (lambda root: _rewrite(root / KEYS, "state: active", "state: compromised"), 2),
    "a key that is no longer used": (lambda root: _rewrite(root / KEYS, "state: active", "state: retired"), 2),
    "another key under the same name": (
        lambda root: _rewrite(root / KEYS, "publicKeyMultibase: z6Mk", "publicKeyMultibase: z6Ml"),
        2,
    ),
}


@pytest.mark.parametrize(("change", "count"), CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_verified_again(
    root: Path, verified: list[str], change: Callable[[Path], object], count: int
) -> None:
    check(root)
    change(root)
    verified.clear()
    said = check(root).output
    assert len(verified) == count
    assert said == check(root, "--no-cache").output == check(root).output


def test_a_record_that_says_something_else_is_told_though_the_credential_is_known(root: Path) -> None:
    check(root)
    _rewrite(root / "content/records/school/2026-05.yml", "ada@", "eve@")
    assert "LED002" in check(root).output
    _rewrite(root / "content/records/school/2026-05.yml", "eve@", "ada@")
    assert check(root).exit_code == 0


def test_another_address_of_the_site_is_told_though_the_credentials_are_known(root: Path, verified: list[str]) -> None:
    check(root)
    _rewrite(root / "mkdocs.yml", "https://badges.laurels.example/", "https://other.example/")
    assert "CFG002" in check(root).output


def test_a_status_list_that_was_put_back_is_told_every_time(root: Path) -> None:
    before = (root / "issuers/school/status/1.json").read_bytes()
    ada = signed(root).parent.name
    (root / "content/records/school/revoked.yml").write_text(
        f"revoke: {ada}\ndate: 2026-06-01\nreason: other\n", "utf-8"
    )
    issue_all(root, seed="revoke")
    assert check(root).exit_code == 0
    (root / "issuers/school/status/1.json").write_bytes(before)
    assert "LED017" in check(root).output and "LED017" in check(root).output


def test_a_file_that_is_changed_while_it_is_checked_is_not_remembered(root: Path, folder: Path) -> None:
    readme = root / "README.md"
    readme.write_text("before", "utf-8")
    real = check_repository

    def changed_meanwhile(*given: object, **options: object) -> object:
        checked = real(*given, **options)  # type: ignore[arg-type]
        readme.write_text("after!", "utf-8")
        return checked

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("site_builder.ledger.checks.answer.check_repository", changed_meanwhile)
        check(root)
    assert not opened(folder, root)._answers
    check(root)
    assert opened(folder, root)._answers


def test_tests_hold_the_fast_roads_against_the_slow_ones(root: Path) -> None:
    with checked_both_ways() as hits:
        check_repository(root)
    assert hits == [2]


# --- who can remember -------------------------------------------------------------------------------------------------


def opened(folder: Path, root: Path) -> VerifiedCache:
    cache = open_cache(folder, root)
    assert cache is not None
    return cache


@pytest.fixture
def filled(folder: Path, root: Path) -> Path:
    """A folder in which one entry and one answer are remembered."""
    cache = opened(folder, root)
    cache.note(ENTRY, STATED)
    cache.note_answer(ENTRY, {"problems": []})
    cache.save()
    assert knows(folder, root)
    return folder


def knows(folder: Path, root: Path) -> bool:
    cache = open_cache(folder, root)
    if cache is None:
        return False
    found = cache.find(ENTRY), cache.answer(ENTRY)
    assert found in [(STATED, {"problems": []}), (None, None)]
    return found[0] is not None


def test_what_is_remembered_is_private(filled: Path) -> None:
    assert filled.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in filled.iterdir()} == {0o600} and len(list(filled.iterdir())) == 2


def test_no_byte_can_be_changed_left_out_or_added(filled: Path, root: Path) -> None:
    file = kept(filled)
    raw = file.read_bytes()
    for place in range(0, len(raw), 7):
        file.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        assert not knows(filled, root)
    for other in (b"", raw[:-1], raw + b"\0", raw[:32], raw + raw[-36:], raw[:-36], b"x" * len(raw)):
        file.write_bytes(other)
        assert not knows(filled, root)
    file.write_bytes(raw)
    assert knows(filled, root)


def test_an_entry_that_somebody_without_the_key_wrote_is_not_believed(root: Path, filled: Path, tmp_path: Path) -> None:
    other = opened(tmp_path / "theirs", root)
    other.note(ENTRY, STATED)
    other.save()
    shutil.copy(kept(tmp_path / "theirs"), kept(filled))
    assert not knows(filled, root)


def _link_to_key(folder: Path) -> None:
    (folder / "key").rename(folder / "k")
    (folder / "key").symlink_to("k")


def _folder_for_key(folder: Path) -> None:
    (folder / "key").unlink()
    (folder / "key").mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "another key": lambda folder: (folder / "key").write_bytes(b"k" * 32),
    "a short key": lambda folder: (folder / "key").write_bytes(b"k"),
    "a key that all may read": lambda folder: (folder / "key").chmod(0o644),
    "a key that the group may write": lambda folder: (folder / "key").chmod(0o620),
    "a key with a second name": lambda folder: (folder / "second").hardlink_to(folder / "key"),
    "a link to a key": _link_to_key,
    "a folder for a key": _folder_for_key,
    "a list that all may read": lambda folder: kept(folder).chmod(0o644),
    "a link to a list": lambda folder: kept(folder).symlink_to(kept(folder).rename(folder / "list")),
    "a folder in which all may write": lambda folder: folder.chmod(0o777),
    "a folder in which the group may write": lambda folder: folder.chmod(0o770),
    "a link to a folder": lambda folder: folder.symlink_to(folder.rename(folder.with_name("elsewhere"))),
    "a folder above in which all may write": lambda folder: folder.parent.chmod(0o777),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_others_could_have_written_is_not_believed(
    filled: Path, root: Path, damage: Callable[[Path], object]
) -> None:
    damage(filled)
    assert not knows(filled, root)


def test_a_folder_of_another_user_is_not_used(filled: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    assert not is_ours_alone(filled) and open_cache(filled, root) is None
    assert read_private(kept(filled), max_bytes=1 << 20) is None


def test_a_folder_above_that_belongs_to_another_user_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    (tmp_path / "theirs/mine").mkdir(parents=True, mode=0o755)
    os.chown(tmp_path / "theirs", 12345, 12345)
    assert not is_ours_alone(tmp_path / "theirs/mine")


def test_other_code_believes_nothing(filled: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "code_digest", lambda: b"c" * 32)
    assert not knows(filled, root)


def test_another_repository_believes_nothing(filled: Path, root: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(root, tmp_path / "other"))
    assert not knows(filled, other)
    opened(filled, other).save()
    before = kept(filled)
    cache = opened(filled, other)
    cache.note(b"o" * 32, STATED)
    cache.save()
    (theirs,) = set(filled.glob("*.verified")) - {before}
    shutil.copy(before, theirs)
    assert not knows(filled, other) and knows(filled, root)


def test_what_cannot_be_written_is_not_remembered_and_no_error(root: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("a file", "utf-8")
    assert open_cache(folder, root) is None and check(root).exit_code == 0
    assert open_cache(Path("/dev/null/laurels"), root) is None


def test_of_two_at_once_each_leaves_a_whole_file(folder: Path, root: Path) -> None:
    one, two = opened(folder, root), opened(folder, root)
    for cache, key in ((one, ENTRY), (two, b"f" * 32)):
        cache.note(key, STATED)
        cache.save()
    assert opened(folder, root).find(b"f" * 32) == STATED
    write_private(folder / "key", b"k" * 32, is_new=True)
    assert opened(folder, root).find(b"f" * 32) == STATED, "the first key stays"


def test_it_does_not_grow_for_ever(folder: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "_MOST_ENTRIES", 10)
    for number in range(30):
        cache = opened(folder, root)
        cache.note(number.to_bytes(32, "big"), STATED)
        cache.note_answer(number.to_bytes(32, "big"), {"number": number})
        cache.save()
    cache = opened(folder, root)
    assert [number for number in range(30) if cache.find(number.to_bytes(32, "big"))] == list(range(20, 30))
    assert [number for number in range(30) if cache.answer(number.to_bytes(32, "big"))] == list(range(22, 30))
    monkeypatch.setattr(caches, "_MAX_BYTES", 10)
    assert opened(folder, root).find((29).to_bytes(32, "big")) is None
    monkeypatch.setattr(caches, "_MOST_REPOSITORIES", 3)
    for number in range(5):
        write_private(folder / f"{number}.verified", b"")
        os.utime(folder / f"{number}.verified", (number, number))
    caches._drop_oldest(folder)
    assert len(list(folder.glob("*.verified"))) == 3 and not (folder / "0.verified").exists()


# --- where it may be --------------------------------------------------------------------------------------------------


def test_it_is_in_the_folder_for_caches() -> None:
    home = {"HOME": "/home/ada"}
    assert usual_folder(home, platform="linux") == Path("/home/ada/.cache/laurels")
    assert usual_folder(home, platform="darwin") == Path("/home/ada/Library/Caches/laurels")
    assert usual_folder(home | {"XDG_CACHE_HOME": "/x"}, platform="linux") == Path("/x/laurels")
    assert usual_folder(home | {"XDG_CACHE_HOME": "x"}, platform="linux") == Path("/home/ada/.cache/laurels")
    assert usual_folder({}, platform="linux") is None and usual_folder({"HOME": "here"}, platform="linux") is None


@pytest.mark.parametrize("place", ["", "site", "build/cache", "above/..", "../site/x"])
def test_it_is_never_within_the_repository(root: Path, place: str) -> None:
    folder = root / place
    assert lies_in_repository(folder, root) and open_cache(folder, root) is None
    result = check(root, "--cache", folder)
    assert result.exit_code == 2 and "within the repository" in result.output


def test_it_is_never_within_the_repository_around_the_site(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sites/badges").mkdir(parents=True)
    assert lies_in_repository(tmp_path / "cache", tmp_path / "sites/badges")
    assert not lies_in_repository(tmp_path.parent / "cache", tmp_path / "sites/badges")


def test_a_link_that_leads_into_the_repository_is_within_it(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    assert lies_in_repository(tmp_path / "link/cache", root)


def test_a_home_within_the_repository_remembers_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "site"))
    assert check(root).exit_code == 0 and not (root / "site").exists()


def test_ci_remembers_only_where_it_is_told(
    root: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verified: list[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    check(root)
    assert not folder.exists()
    check(root, "--cache", tmp_path / "named")
    check(root, "--cache", tmp_path / "named")
    assert kept(tmp_path / "named") and len(verified) == 4


def test_a_named_folder_in_which_others_can_write_is_said_and_not_used(root: Path, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    result = check(root, "--cache", tmp_path / "open")
    assert result.exit_code == 0 and "others than this user could write there" in result.output
    assert not list((tmp_path / "open").iterdir())


def test_remembering_and_not_remembering_are_not_asked_for_together(root: Path, tmp_path: Path) -> None:
    assert check(root, "--cache", tmp_path / "named", "--no-cache").exit_code == 2


# --- award.json -------------------------------------------------------------------------------------------------------


def _odd_forms(raw: bytes) -> Iterator[bytes]:
    text = raw.decode("ascii")
    for old, new in (
        ("{", "{ "),
        ("\n", "\r\n"),
        ('  "id"', '  "id": "x",\n  "id"'),
        ('"list": 1', '"list": 1.0'),
        ('"list": 1', '"list": "1"'),
        ('"list": 1', '"list": true'),
        ('"list": 1', '"list": 0'),
        ('"list": 1', '"list": 1e0'),
        ("knots", "kn\\u006fts"),
        ("knots", "kn<ts"),
        ("knots", "Knots"),
        ('"salt"', '"withheld": true,\n      "salt"'),
        ('"salt"', '"withheld": false,\n      "salt"'),
        ('"state": "active"', '"state": "superseded"'),
        ('"state": "active"', '"state": "revoked"'),
        ('"issued": "2026-06', '"issued": "2026-13'),
        ('"issued": "2026-06', '"issued": "\u0662026-06'),
        ('"awarded": "2026-05-14"', '"awarded": "2026-02-30"'),
        ('"identity"', '"renews": null,\n  "identity"'),
        ('"identity"', '"renews": "abc",\n  "identity"'),
        ('"identity"', '"other": 1,\n  "identity"'),
        ('"identity"', '"Identity"'),
        ("credential.json", "credential-2.json"),
        ("laurels-award-1", "laurels-award-2"),
        ('"issuer": "school"', '"issuer": "others"'),
        ("}\n", "}"),
        ("}\n", "}\n\n"),
        ("]\n}", "],\n}"),
    ):
        assert old in text
        yield text.replace(old, new).encode("utf-8")
    yield from (
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xef\xbb\xbf" + raw,
        raw[:-3],
        raw * 2,
        b"[" * 9000,
        raw.replace(b"knots", b"\xff"),
    )


def test_award_json_is_read_the_same_on_both_roads_however_it_is_written(issued: Path) -> None:
    for file in issued.glob("content/signed/school/*/award.json"):
        raw, name = file.read_bytes(), file.parent.name
        erased = format_json(
            {key: value for key, value in json.loads(raw).items() if key != "identity"}
            | {"versions": [{"list": 1, "index": 7}]}
        )
        for form in (raw, erased, *_odd_forms(raw), *(raw[:place] + raw[place + 1 :] for place in range(len(raw)))):
            fast = _outcome(form, name)
            with only_slow_roads():
                assert _outcome(form, name) == fast, form
        assert award_bytes(read_award(raw, issuer="school", name=name)) == raw
        assert award_json._as_written(raw) is not None
        assert award_json._as_written(erased) is not None


def _outcome(raw: bytes, name: str) -> object:
    try:
        return read_award(raw, issuer="school", name=name)
    except ValueError as error:
        return str(error)
