"""Private keys behind a passphrase: what is written, what is opened, what is refused unopened, and who is asked."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pyrage
import pytest

from site_builder.credentials.identifiers.multikey import format_private_key
from site_builder.errors import Error, UsageError
from site_builder.issuing.keys.at_rest import lock_line, unlock_line
from site_builder.issuing.keys.signing_keys import SigningKey, find_signing_key
from site_builder.issuing.keys.sources import new_passphrase, passphrase_variable
from site_builder.ledger.history.git import environment_without_keys
from tests.age_files import age_file, armored
from tests.support import BASE, fake_key
from tests.test_keys import VARIABLE, entry, key_file, make, refused, school, without_keys

LINE = format_private_key(fake_key())
PASSPHRASE = "correct horse battery"
PHRASE_VARIABLE = "LAURELS_PASSPHRASE_SCHOOL"
LOCKED = armored(age_file(f"{LINE}\n".encode(), PASSPHRASE))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return without_keys(tmp_path, keys=f"keys:\n  - {entry('key-1')}\n")


def find(
    root: Path, environment: Mapping[str, str], *, file: Path | None = None, ask: Callable[[str], str] | None = None
) -> SigningKey:
    home = {"HOME": "/nonexistent"}
    return find_signing_key(school(root), base=BASE, environment=home | dict(environment), key_file=file, ask=ask)


def never(question: str) -> str:
    raise AssertionError(question)


def test_new_key_lies_in_an_age_file_that_any_age_program_opens(tmp_path: Path) -> None:
    root, said, asked = without_keys(tmp_path), list[str](), list[str]()

    def ask(question: str) -> str:
        asked.append(question)
        return PASSPHRASE

    made = make(root, said=said, is_open=False, ask=ask)
    file = tmp_path / "home/.config/laurels/badges.laurels.example/school-key-1.key"
    raw = file.read_bytes()
    assert raw.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n") and made.line.encode() not in raw
    assert pyrage.passphrase.decrypt(raw, PASSPHRASE) == f"{made.line}\n".encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert asked == ["A passphrase for the new key of school", "The same once more"]
    assert "locked with the passphrase" in said[2] and PASSPHRASE not in "".join(said)
    found = find(root, {"HOME": str(tmp_path / "home"), PHRASE_VARIABLE: PASSPHRASE})
    assert (found.key_id, found.source) == ("key-1", str(file))


def test_passphrase_comes_from_its_variable_without_a_question() -> None:
    assert passphrase_variable("harbour-school-2") == "LAURELS_PASSPHRASE_HARBOUR_SCHOOL_2"
    assert new_passphrase("school", environment={PHRASE_VARIABLE: f"{PASSPHRASE}\n"}, ask=never) == PASSPHRASE


def test_without_terminal_variable_and_no_passphrase_no_key_is_made(tmp_path: Path) -> None:
    root = without_keys(tmp_path)
    message = refused(lambda: make(root, is_open=False), UsageError)
    assert PHRASE_VARIABLE in message and "--no-passphrase" in message
    assert not (root / "issuers/school/keys.yml").exists() and not (tmp_path / "home").exists()


def test_key_for_a_ci_secret_needs_no_passphrase(tmp_path: Path) -> None:
    assert make(without_keys(tmp_path), is_open=False, to_terminal=True, ask=never).key_id == "key-1"


def test_nobody_is_asked_for_the_passphrase_of_a_key_that_has_no_place(tmp_path: Path) -> None:
    root, taken = without_keys(tmp_path), key_file(tmp_path / "taken.key", "kept")
    for file, message in [(root / "school.key", "inside of the repository"), (taken, "never overwritten")]:
        said = refused(lambda file=file: make(root, is_open=False, file=file, ask=never), UsageError)  # type: ignore[misc]
        assert message in said


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["", ""], "8 characters at least"),
        (["seven77", "seven77"], "8 characters at least"),
        ([PASSPHRASE, PASSPHRASE + "x"], "two different passphrases; no key was made"),
        (["not utf-8 \udcff", "not utf-8 \udcff"], "not UTF-8"),
    ],
)
def test_passphrase_that_will_not_do_is_refused(typed: list[str], message: str) -> None:
    answers = iter(typed)
    said = refused(lambda: new_passphrase("school", environment={}, ask=lambda question: next(answers)), UsageError)
    assert message in said and not any(answer and answer in said for answer in typed)


@pytest.mark.parametrize(
    "raw",
    [
        LOCKED,
        b"\n" + LOCKED + b"\n\n",
        armored(age_file(LINE.encode(), PASSPHRASE), newline="\r\n"),
        age_file(LINE.encode(), PASSPHRASE),
        age_file(LINE.encode(), PASSPHRASE, work_factor=10),
    ],
    ids=["armored", "with blank lines", "of Windows", "binary", "more work"],
)
def test_locked_key_is_opened_whatever_wrote_it(root: Path, tmp_path: Path, raw: bytes) -> None:
    file = key_file(tmp_path / "any.key", "")
    file.write_bytes(raw)
    assert find(root, {PHRASE_VARIABLE: PASSPHRASE}, file=file, ask=never).key_id == "key-1"


def test_variable_may_hold_a_locked_key_too(root: Path) -> None:
    variables = {VARIABLE: LOCKED.decode(), PHRASE_VARIABLE: PASSPHRASE}
    assert find(root, variables).source == VARIABLE


def test_person_at_a_terminal_is_asked_once_and_told_for_which_key(root: Path) -> None:
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return PASSPHRASE

    assert find(root, {VARIABLE: LOCKED.decode()}, ask=ask).key_id == "key-1"
    assert asked == [f"Passphrase of the key in {VARIABLE}"]
    assert find(root, {VARIABLE: LINE}, ask=never).key_id == "key-1"  # what is not locked needs none


def test_locked_key_without_anybody_to_ask_is_refused(root: Path) -> None:
    message = refused(lambda: find(root, {VARIABLE: LOCKED.decode()}))
    assert (
        message == f"{VARIABLE} is locked with a passphrase: run this on a terminal, or put it into {PHRASE_VARIABLE}"
    )


def test_wrong_passphrase_is_a_sentence_that_repeats_none(root: Path) -> None:
    message = refused(lambda: find(root, {VARIABLE: LOCKED.decode(), PHRASE_VARIABLE: "another word"}))
    assert message == f"the passphrase does not open {VARIABLE}, or the file was damaged"


def test_locked_text_that_is_no_key_is_refused_and_not_repeated(root: Path) -> None:
    for text in (b"", b"nonsense", LINE.encode() + b"x", b"\xff\xfe"):
        raw = armored(age_file(text, PASSPHRASE)).decode()
        message = refused(lambda raw=raw: find(root, {VARIABLE: raw, PHRASE_VARIABLE: PASSPHRASE}))  # type: ignore[misc]
        assert f"what is in {VARIABLE} is not a signing key" in message


def test_locked_key_of_another_issuer_is_refused(root: Path) -> None:
    raw = armored(age_file(format_private_key(fake_key("second")).encode(), PASSPHRASE)).decode()
    message = refused(lambda: find(root, {VARIABLE: raw, PHRASE_VARIABLE: PASSPHRASE}))
    assert message == f"the signing key in {VARIABLE} is not key-1 of issuers/school/keys.yml"


@pytest.mark.parametrize("claimed", ["23", "30", "63", "99"])
def test_file_that_asks_for_giant_work_is_refused_unopened(claimed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyrage.passphrase, "decrypt", never)
    raw = age_file(LINE.encode(), PASSPHRASE, claimed=claimed)
    for form in (raw, armored(raw)):
        with pytest.raises(Error, match="more work than any age program asks for"):
            unlock_line(form, PASSPHRASE, source="any.key")


@pytest.mark.parametrize(
    "raw",
    [
        age_file(b"x" * 5_000, PASSPHRASE),
        armored(age_file(b"x" * 5_000, PASSPHRASE)),
        age_file(LINE.encode(), PASSPHRASE, claimed="100"),
        age_file(LINE.encode(), PASSPHRASE, claimed="018"),
        age_file(LINE.encode(), PASSPHRASE, claimed="-1"),
        age_file(LINE.encode(), PASSPHRASE, more=b"-> grease\n\n"),
        age_file(LINE.encode(), PASSPHRASE).replace(b"-> scrypt", b"-> X25519"),
        age_file(LINE.encode(), PASSPHRASE).replace(b"/v1\n", b"/v2\n"),
        LOCKED.replace(b"-----END", b"----END"),
        LOCKED.replace(b"\nY", b"\n!"),
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
        b"age-encryption.org/v1",
    ],
    ids=range(12),
)
def test_file_of_another_form_is_refused_unopened(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyrage.passphrase, "decrypt", never)
    with pytest.raises(Error, match=r"any\.key is an age file, but not one that a passphrase opens"):
        unlock_line(raw, PASSPHRASE, source="any.key")


@pytest.mark.parametrize(("times", "is_opened"), [(3, True), (1_000, False)])
def test_a_machine_that_seems_slow_for_a_moment_opens_a_key(
    times: int, is_opened: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library measures the machine each time, and refuses work that would then take too long."""
    opened, measured = pyrage.passphrase.decrypt, iter(range(times))

    def busy(binary: bytes, passphrase: str) -> bytes:
        if next(measured, None) is not None:
            raise pyrage.DecryptError(
                "Excessive work parameter for passphrase.\nDecryption would take around 128 seconds."
            )
        return opened(binary, passphrase)

    monkeypatch.setattr(pyrage.passphrase, "decrypt", busy)
    if is_opened:
        assert unlock_line(age_file(LINE.encode(), PASSPHRASE), PASSPHRASE, source="any.key") == LINE
    else:
        with pytest.raises(Error, match="too slow, or too busy"):
            unlock_line(age_file(LINE.encode(), PASSPHRASE), PASSPHRASE, source="any.key")


def test_locking_takes_work_that_stays_below_what_is_refused() -> None:
    locked = lock_line(LINE, PASSPHRASE).encode()
    assert unlock_line(locked, PASSPHRASE, source="any.key") == f"{LINE}\n"


def test_other_programs_see_neither_keys_nor_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, LINE)
    monkeypatch.setenv(PHRASE_VARIABLE, PASSPHRASE)
    assert not {VARIABLE, PHRASE_VARIABLE} & set(environment_without_keys())
