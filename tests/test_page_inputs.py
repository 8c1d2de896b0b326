"""A page is a pure function of its input: what changes an input changes exactly the pages that show it, and nothing else does."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import FrozenInstanceError, dataclass, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from markupsafe import Markup

from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import issue
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.ledger import SignedFile
from site_builder.site.context import Site
from site_builder.site.hosting import host_files, host_input
from site_builder.site.page_input import Blob, Files, PageInput, fingerprint_of
from site_builder.site.pages.credential_source import credential_sources
from site_builder.site.pages.home import home_input
from site_builder.site.publish import DRAFT_KINDS, PAGE_KINDS, page_inputs
from tests.support import BADGE, DRAWING, ISSUER, NOW, fake_key, repeatable_random, write_repository

BADGE_2 = BADGE.replace("Knots", "Splices").replace("the six knots", "the two ropes")
FILES = {
    "issuers/academy/issuer.yml": ISSUER.replace("Test School", "Other Academy").replace(
        "school.example", "academy.example"
    ),
    "issuers/academy/keys.yml": "keys:\n  - {id: key-1, publicKeyMultibase: "
    f"{format_public_key(fake_key('academy').public_key())}, created: 2026-05-01, state: active}}\n",
    "badges/charts/badge.yml": BADGE.replace("issuer: school", "issuer: academy").replace("Knots", "Charts"),
    "badges/charts/image.svg": DRAWING.replace("#0b5563", "#663300"),
    "badges/splices/badge.yml": BADGE_2,
    "badges/splices/image.svg": DRAWING.replace("#0b5563", "#003366"),
    "content/records/school/2026-04.yml": "badge: splices\nawarded: 2026-04-01\nname: Mary Somerville\n",
    "content/records/academy/2026-04.yml": "badge: charts\nawarded: 2026-04-01\nname: Edward Wright\nlisted: 2026-04-02\n",
}


def issue_everything(root: Path, seed: str = "") -> None:
    keys = {"school": SigningKey("key-1", fake_key()), "academy": SigningKey("key-1", fake_key("academy"))}
    issue(root, now=NOW, random_bytes=repeatable_random(seed), signing_keys=keys)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two issuers, three achievements, four awards, all signed."""
    root = write_repository(tmp_path_factory.mktemp("inputs") / "site", files=FILES)
    issue_everything(root)
    return root


@dataclass(frozen=True)
class Made:
    """A page: the fingerprint of its input, and the digest of its files."""

    input: bytes
    files: str


def pages_of(root: Path) -> dict[str, Made]:
    """Every page of a site with drafts, by a name that a person would give it."""
    checked = check_repository(root)
    assert checked.problems == []
    site = Site(checked)
    names = {award: name_of(site, award) for award in checked.ledger.awards}
    names |= dict.fromkeys(checked.ledger.erased, "somebody who was erased")
    inputs: list[tuple[Callable[[Any], Files], PageInput]] = [
        (kind.files, page) for kind, page in page_inputs(site, [*PAGE_KINDS, *DRAFT_KINDS])
    ]
    inputs.append((host_files, host_input(site, ["", "manual/"])))
    home = home_input(site)
    assert_frozen(home)
    # MkDocs makes the page; what Laurels adds to it is its input.
    made = {"home": Made(fingerprint_of(home), fingerprint_of(home).hex())}
    for files, page in inputs:
        assert_frozen(page)
        digest = hashlib.sha256()
        for path, raw in files(page):
            digest.update(f"{path} {len(raw)}\n".encode() + raw)
        made[re.sub("[a-z2-7]{26}", lambda found: names[found[0]], page.path) or "hosts"] = Made(
            fingerprint_of(page), digest.hexdigest()
        )
    return made


def name_of(site: Site, award_id: str) -> str:
    award = site.checked.ledger.awards[award_id]
    name = site.signed(award, award.kept[0]).credential.subject.name
    return f"{name} again" if award.renews else name


def replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        text = (root / file).read_text("utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new), "utf-8")

    return change


def added(file: str, text: str, *, sign: bool = False) -> Callable[[Path], None]:
    """A file more, or more at the end of one; {ada} and {mary} stand for the ids of their credentials."""

    def change(root: Path) -> None:
        site = Site(check_repository(root))
        firsts = [award for award in site.checked.ledger.awards.values() if not award.renews]
        ids = {name_of(site, award.id).partition(" ")[0].lower(): award.id for award in firsts}
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        with (root / file).open("a", encoding="utf-8") as stream:
            stream.write(text.format(**ids))
        if sign:
            issue_everything(root, "later")

    return change


def together(*changes: Callable[[Path], None]) -> Callable[[Path], None]:
    """One change after the other."""

    def change(root: Path) -> None:
        for each in changes:
            each(root)

    return change


ADA, GRACE, MARY, EDWARD = "c/Ada Lovelace/", "c/Grace Hopper/", "c/Mary Somerville/", "c/Edward Wright/"
KNOTS, SPLICES, CHARTS = "badges/knots/", "badges/splices/", "badges/charts/"
SCHOOL, ACADEMY, CATALOGUE, HOME = "issuers/school/", "issuers/academy/", "badges/", "home"
EVERY = {ADA, GRACE, MARY, EDWARD, KNOTS, SPLICES, CHARTS, SCHOOL, ACADEMY, CATALOGUE, "verify/", "drafts/"}
SCHOOL_KEYS = "issuers/school/keys.yml"
KEY_2 = (
    f"  - {{{{id: key-2, publicKeyMultibase: {format_public_key(fake_key('key-2').public_key())}, "
    "created: 2026-06-02, state: active}}\n"
)
SCHOOL_YML, KNOTS_YML = "issuers/school/issuer.yml", "badges/knots/badge.yml"

CHANGES: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "nothing": (lambda root: None, set()),
    "the site's name": (replaced("mkdocs.yml", "Test Badges", "Best Badges"), EVERY - {ADA, GRACE, MARY, EDWARD}),
    "a manual begins": (added("content/pages/manual/index.md", "# Manual\n"), EVERY | {HOME}),
    "an office moves": (replaced(SCHOOL_YML, "office@", "desk@"), {ADA, GRACE, MARY, SCHOOL}),
    "an issuer's colour": (added(SCHOOL_YML, 'accent: "#552200"\n'), {SCHOOL}),
    "an issuer's LinkedIn page": (added(SCHOOL_YML, "linkedin_organization: 12345\n"), {ADA, GRACE, MARY}),
    # What was signed keeps the name that the issuer had.
    "an issuer's name": (replaced(SCHOOL_YML, "Test School", "Best School"), {KNOTS, SPLICES, SCHOOL, CATALOGUE, HOME}),
    "an issuer's description": (added(SCHOOL_YML, "description: Ropes.\n"), {KNOTS, SPLICES, SCHOOL, CATALOGUE, HOME}),
    "an achievement's description": (
        replaced(KNOTS_YML, "that matter", "that hold"),
        {KNOTS, SCHOOL, CATALOGUE, HOME},
    ),
    "an achievement's criteria": (replaced(KNOTS_YML, "ten minutes", "five minutes"), {KNOTS}),
    "an achievement's level": (added(KNOTS_YML, "level: Advanced\n"), {KNOTS, SCHOOL, CATALOGUE, HOME}),
    "an achievement's tags": (added(KNOTS_YML, "tags: [ropes]\n"), {KNOTS, SCHOOL, CATALOGUE, HOME}),
    "an achievement's drawing": (
        replaced("badges/knots/image.svg", "#0b5563", "#0b5564"),
        {KNOTS, SCHOOL, CATALOGUE, "hosts", HOME},
    ),
    "a consent to be listed": (
        replaced(
            "content/records/school/2026-05.yml",
            "email: grace@example.org",
            "listed: 2026-05-14, email: grace@example.org",
        ),
        {GRACE, KNOTS, SCHOOL, "hosts", HOME},
    ),
    "a new award": (
        added(
            "content/records/school/2026-06.yml", "badge: knots\nawarded: 2026-06-01\nname: Joan Clarke\n", sign=True
        ),
        {"c/Joan Clarke/"},
    ),
    "a new award that is not signed yet": (
        added("content/records/school/2026-06.yml", "badge: knots\nawarded: 2026-06-01\nname: Joan Clarke\n"),
        {"drafts/", "draft"},
    ),
    "a correction": (
        added("content/records/school/c.yml", "correct: {ada}\ndate: 2026-06-02\nname: Ada King\n", sign=True),
        # The list of the names that may be shown, and the bit of the version before.
        {ADA, KNOTS, SCHOOL, HOME},
    ),
    "a renewal": (
        added("content/records/school/r.yml", "renew: {ada}\ndate: 2026-06-02\n", sign=True),
        {ADA, "c/Ada Lovelace again/"},
    ),
    "a correction that withholds the version before": (
        added(
            "content/records/school/c.yml",
            "correct: {ada}\ndate: 2026-06-02\nname: Ada King\nwithhold_previous: true\n",
            sign=True,
        ),
        {ADA, "c/Ada King/", KNOTS, SCHOOL, HOME},
    ),
    "an award of a badge that was reworded": (
        together(
            replaced(KNOTS_YML, "that matter", "that hold"),
            added(
                "content/records/school/2026-06.yml",
                "badge: knots\nawarded: 2026-06-01\nname: Joan Clarke\n",
                sign=True,
            ),
        ),
        {"c/Joan Clarke/", KNOTS, SCHOOL, CATALOGUE, HOME},
    ),
    "a key is retired": (
        together(
            replaced(SCHOOL_KEYS, "state: active}", "state: retired, until: 2026-06-02}"), added(SCHOOL_KEYS, KEY_2)
        ),
        {SCHOOL},
    ),
    "an erasure": (
        together(
            replaced(
                "content/records/school/2026-05.yml",
                "  - {name: Ada Lovelace, email: ada@example.org, listed: 2026-05-14}\n",
                "",
            ),
            added("content/records/school/e.yml", "erase: {ada}\ndate: 2026-06-02\n", sign=True),
        ),
        {ADA, "c/somebody who was erased/", KNOTS, SCHOOL, "hosts", HOME},
    ),
    "a revocation": (
        added("content/records/school/x.yml", "revoke: {ada}\ndate: 2026-06-02\nreason: misconduct\n", sign=True),
        {ADA, KNOTS, SCHOOL, "hosts", HOME},
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_reaches_exactly_the_pages_that_show_it(signed: Path, tmp_path: Path, change: str) -> None:
    """The fingerprint of an input differs just where the bytes of the page do."""
    make, expected = CHANGES[change]
    root = shutil.copytree(signed, tmp_path / "site")
    before = pages_of(root)
    make(root)
    after = pages_of(root)
    names = before.keys() | after.keys()
    inputs = {
        name for name in names if name not in before or name not in after or before[name].input != after[name].input
    }
    files = {
        name for name in names if name not in before or name not in after or before[name].files != after[name].files
    }
    shown = {"draft" if re.fullmatch(r"drafts/.+/", name) else name for name in files}
    assert inputs == files
    assert shown == expected


def test_two_looks_at_one_repository_give_equal_inputs(signed: Path) -> None:
    assert pages_of(signed) == pages_of(signed)


def test_the_input_of_a_page_is_frozen_to_its_last_part(signed: Path) -> None:
    site = Site(check_repository(signed))
    for page in [*(page for _, page in page_inputs(site, [*PAGE_KINDS, *DRAFT_KINDS])), home_input(site)]:
        assert isinstance(page, PageInput)
        assert_frozen(page)
        with pytest.raises(FrozenInstanceError):
            page.path = "elsewhere/"  # type: ignore[misc]


def assert_frozen(value: Any) -> None:
    """No list, set or dictionary but the JSON of a signed document, which is compared by its bytes."""
    assert not isinstance(value, list | set | dict), value
    if isinstance(value, SignedFile):
        assert_frozen(value.raw)
    elif is_dataclass(value) and not isinstance(value, type):
        assert type(value).__dataclass_params__.frozen, type(value)  # type: ignore[attr-defined]
        for field in fields(value):
            assert_frozen(getattr(value, field.name))
    elif isinstance(value, tuple | Mapping):
        for inner in value.values() if isinstance(value, Mapping) else value:
            assert_frozen(inner)


@dataclass(frozen=True)
class Holder:
    """A value in a frozen one."""

    value: Any


@dataclass(frozen=True)
class Line:
    """Another kind with the same field."""

    value: Any


@dataclass
class Loose:
    """What can change after it was looked at."""

    value: Any


class Kind(Enum):
    ONE = "one"


@pytest.mark.parametrize("value", [{"a": 1}, (1, [2]), MappingProxyType({"a": [1]}), {1}], ids=repr)
def test_what_can_change_inside_of_a_frozen_value_is_found(value: Any) -> None:
    with pytest.raises(AssertionError):
        assert_frozen(Holder(value))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", 1),
        ("", None),
        (True, 1),
        (1.0, 1),
        (b"a", "a"),
        (date(2026, 5, 1), "2026-05-01"),
        (("a", "b"), ("b", "a")),
        (("ab",), ("a", "b")),
        ((("a",), "b"), ("a", ("b",))),
        ((), ((),)),
        (Markup("a"), "a"),
        (Markup("a"), ("Markup", "a")),
        (Blob(b"a"), Blob(b"b")),
        (Holder("a"), "a"),
        (Holder("a"), Line("a")),
        (Holder(("a", "b")), Holder(Holder(("a", "b")))),
    ],
    ids=repr,
)
def test_different_values_have_different_fingerprints(one: Any, other: Any) -> None:
    assert fingerprint_of(one) != fingerprint_of(other)


def test_a_fingerprint_is_the_same_in_every_run() -> None:
    """Also for one that was taken before, of texts that Python keeps once and of those that it does not."""
    value = (
        "Ada",
        1,
        None,
        True,
        date(2026, 5, 1),
        Blob(b"a"),
        Markup("<p>"),
        ("".join(["A", "da"]), "\N{PARTY POPPER}", "\ud800"),
    )
    expected = "3f627f22f1834cd43ec684acfe6d8f4be55db703a0fc0b7c69a5ee1978442ff8"
    assert fingerprint_of(value).hex() == fingerprint_of(value).hex() == expected


@pytest.mark.parametrize(
    "value", [{"a"}, ["a"], {"a": 1}, object(), str, Kind.ONE, Loose("a")], ids=lambda value: type(value).__name__
)
def test_a_page_may_not_depend_on_what_cannot_be_compared_or_can_change(value: Any) -> None:
    with pytest.raises(TypeError, match="a page may not depend on a "):
        fingerprint_of(Holder((value,)))


def test_every_part_of_every_input_changes_its_fingerprint(signed: Path, tmp_path: Path) -> None:
    root = shutil.copytree(signed, tmp_path / "site")
    for change in (
        "a consent to be listed",
        "a renewal",
        "a correction",
        "an achievement's level",
        "an issuer's LinkedIn page",
    ):
        CHANGES[change][0](root)
    (root / "content/records/school/2026-04.yml").unlink()
    added("content/records/school/e.yml", "erase: {mary}\ndate: 2026-06-02\n", sign=True)(root)
    CHANGES["a new award that is not signed yet"][0](root)
    site = Site(check_repository(root))
    inputs = [page for _, page in page_inputs(site, [*PAGE_KINDS, *DRAFT_KINDS])]
    assert len({type(page) for page in inputs}) == len([*PAGE_KINDS, *DRAFT_KINDS])
    inputs += [home_input(site), host_input(site, [""])]
    for page in inputs:
        prints = [fingerprint_of(other) for other in (page, *changed(page))]
        assert len(set(prints)) == len(prints), page


def changed(value: Any) -> Iterator[Any]:
    """The same value with one thing else in it, for each that is in it: another text, a part more, a part less."""
    match value:
        case SignedFile() | Blob():
            yield type(value)(value.raw + b"!")
        case str():
            yield type(value)(f"{value}!")
        case bytes():
            yield value + b"!"
        case bool():
            yield not value
        case None:
            yield "!"
        case int() | float():
            yield value + 1
        case date():
            yield value.replace(year=value.year + 1)
        case tuple():
            yield (*value, "!")
            if value:
                yield value[:-1]
            for index, part in enumerate(value):
                yield from ((*value[:index], other, *value[index + 1 :]) for other in changed(part))
        case _:
            assert is_dataclass(value)
            assert not isinstance(value, type)
            for field in fields(value):
                yield from (replace(value, **{field.name: other}) for other in changed(getattr(value, field.name)))


# --- by what a credential's page is known without a look into the credential -------------------------------------------


def keys_of(root: Path) -> dict[str, tuple[bytes, str]]:
    """The fingerprint of each credential's input, and its key, by the page's path."""
    found = {}
    for source in credential_sources(Site(check_repository(root))):
        page, key = source.read()
        assert page.path == source.path and key == source.key
        found[source.path] = fingerprint_of(page), key
    return found


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_with_the_same_key_has_the_same_input(signed: Path, tmp_path: Path, change: str) -> None:
    root = shutil.copytree(signed, tmp_path / "site")
    subprocess.run(["git", "init", "-q", root], check=True)
    before = keys_of(root)
    assert all(key for _, key in before.values())
    CHANGES[change][0](root)
    after = keys_of(root)
    for path in before.keys() & after.keys():
        (one, old), (other, new) = before[path], after[path]
        assert one == other or not new or old != new
    if change == "nothing":
        assert before == after


def test_awards_that_have_to_do_with_changes_or_other_awards_have_no_key(signed: Path, tmp_path: Path) -> None:
    for change, without in {"a correction": 1, "a renewal": 2, "a revocation": 1}.items():
        root = shutil.copytree(signed, tmp_path / change)
        subprocess.run(["git", "init", "-q", root], check=True)
        CHANGES[change][0](root)
        assert sum(not key for _, key in keys_of(root).values()) == without


def test_a_credential_that_names_a_strange_picture_is_known_by_no_key(signed: Path, tmp_path: Path) -> None:
    root = shutil.copytree(signed, tmp_path / "site")
    subprocess.run(["git", "init", "-q", root], check=True)
    checked = check_repository(root)
    source = next(iter(credential_sources(Site(checked))))
    assert source.read()[1] == source.key != ""
    other = replace(source, site=Site(replace(checked, pictures=frozenset())))
    assert other.read()[1] == ""
