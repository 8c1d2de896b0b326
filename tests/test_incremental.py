"""A build that finds a site of an earlier one: whatever was changed, deleted, interrupted or damaged, the site is that of a clean build."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import orjson
import pytest
from click.testing import CliRunner, Result

from site_builder.cli import main
from site_builder.errors import Error
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.history import inputs as reading
from site_builder.ledger.store.award_json import StoredAward
from site_builder.site.context import Site
from site_builder.site.incremental.build_state import place_of_state
from site_builder.site.incremental.inputs import digest_for
from site_builder.site.output.staged_site import StagedSite
from site_builder.site.pages import credential_source
from site_builder.site.pages.credential import CredentialInput, credential_input
from tests.branches import commit_all
from tests.drawn import write_drawn_repository
from tests.sampling import IS_LONG
from tests.support import BADGE, DRAWING, issue_all
from tests.trees import tree_of, write_tree

RECORDS = "content/records/school"
NOTHING = "Nothing has changed since the last build\n"
NAMES = ["Ada Lovelace", "Grace Hopper", "Mary Anning", "Al-Biruni", "Hypatia", "Emmy Noether"]
Change = Callable[[Path], None]


def row(name: str, *, badge: str = "knots") -> str:
    return f"badge: {badge}\nawarded: 2026-05-14\nname: {name}\nemail: {name.split()[0].lower()}@example.org\n"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six awards and two pages, in git. Nothing is built yet."""
    files = {f"{RECORDS}/{number}.yml": row(name) for number, name in enumerate(NAMES)} | {f"{RECORDS}/2026-05.yml": ""}
    files |= {"content/pages/more.md": "# More\n\nHow it was.\n", "content/pages/sub/deep.md": "# Deep\n"}
    root = write_drawn_repository(tmp_path_factory.mktemp("first") / "repository", files=files)
    issue_all(root)
    commit_all(root)
    (root / ".gitignore").write_text("/site/\n/site.*/\n.lock\n", "utf-8")
    return commit_all(root)


@pytest.fixture(scope="module")
def shared(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, built once, for tests that leave it as it was."""
    copy = Path(shutil.copytree(first, tmp_path_factory.mktemp("shared") / "repository"))
    build(copy)
    return copy


@pytest.fixture
def root(first: Path, tmp_path: Path) -> Path:
    """The same, built once."""
    copy = Path(shutil.copytree(first, tmp_path / "repository"))
    build(copy)
    return copy


def build(root: Path, *options: str, code: int = 0) -> str:
    """What `laurels build` says."""
    done: Result = CliRunner().invoke(main, ["-q", "-C", str(root), "build", *options])
    assert done.exit_code == code, done.output
    return done.output


def clean(root: Path, *options: str) -> dict[str, bytes]:
    """The site that a build gives where no other was before."""
    copy = root.with_name("clean")
    shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns("site", ".git", "site.*"))
    build(copy, *options)
    tree = tree_of(copy / "site")
    shutil.rmtree(copy)
    return tree


def facts(site: Path) -> dict[str, tuple[int, ...]]:
    """How each file and folder of a site is on the disk; any write, new name or other rights would show."""
    return {path.relative_to(site).as_posix(): _facts(path) for path in (site, *site.rglob("*"))}


def _facts(path: Path) -> tuple[int, ...]:
    found = path.lstat()
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_mode)


def state_of(root: Path) -> Path:
    place = place_of_state(root)
    assert place
    return place


def page_of(root: Path, name: str) -> str:
    """The folder of somebody's credential, below the site."""
    rows = check_repository(root).rows
    found = [f"c/{award}" for award, row in rows.items() if row.award.name == name]
    assert found, name
    return found[0]


def edit(file: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        text = (root / file).read_text("utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new), "utf-8")

    return change


def added(file: str, text: str, *, sign: bool = False) -> Change:
    """A file more; {ada} stands for the id of Ada's credential."""

    def change(root: Path) -> None:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text.format(ada=page_of(root, "Ada Lovelace").removeprefix("c/")), "utf-8")
        if sign:
            issue_all(root, seed=file)

    return change


def erase_ada(root: Path) -> None:
    added(f"{RECORDS}/erase.yml", "erase: {ada}\ndate: 2026-06-01\n")(root)
    (root / f"{RECORDS}/0.yml").unlink()
    issue_all(root, seed="erase")


def together(*changes: Change) -> Change:
    def change(root: Path) -> None:
        for each in changes:
            each(root)

    return change


REVOKED = added(f"{RECORDS}/revoke.yml", "revoke: {ada}\ndate: 2026-06-01\nreason: misconduct\n", sign=True)
CORRECTED = added(f"{RECORDS}/correct.yml", "correct: {ada}\ndate: 2026-06-01\nname: Ada King\n", sign=True)


# --- nothing has changed ----------------------------------------------------------------------------------------------


def never(*arguments: Any, **more: Any) -> None:
    raise AssertionError("this would build")


def test_where_nothing_has_changed_nothing_is_built_and_nothing_is_touched(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = facts(root / "site")
    monkeypatch.setattr("mkdocs.commands.build.build", never)
    assert build(root) == NOTHING
    assert build(root, "--strict") == NOTHING
    assert facts(root / "site") == before
    assert [path.name for path in root.glob("site*")] == ["site"]


def test_it_says_what_a_build_would_say(root: Path) -> None:
    (root / f"{RECORDS}/late.yml").write_text(row("Sophie Germain"))
    edit("issuers/school/issuer.yml", "time_zone", "did: did:web:school.example\ntime_zone")
    told, as_json = build(root), build(root, "--json")
    assert "not published, since not signed yet: 1 award" in told
    assert as_json.startswith(NOTHING) and '"rows": 1' in as_json
    assert build(root) == NOTHING + told


def test_neither_mkdocs_nor_what_draws_is_loaded(root: Path) -> None:
    code = (
        "import sys; from site_builder.cli import main; main(['-q', 'build'], standalone_mode=False); "
        "print(sorted({'mkdocs', 'jinja2', 'markdown', 'pyld', 'site_builder.site.publish'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert (done.stderr, done.stdout) == (NOTHING, "[]\n")


@pytest.mark.parametrize(
    "file", ["content/pages/index.md", "mkdocs.yml", f"{RECORDS}/0.yml", "issuers/school/keys.yml"]
)
def test_times_of_what_is_read_say_nothing(root: Path, file: str) -> None:
    before = facts(root / "site")
    os.utime(root / file, (1, 1))
    raw = (root / file).read_bytes()
    (root / file).unlink()
    (root / file).write_bytes(raw)
    assert build(root) == NOTHING
    assert facts(root / "site") == before


def test_an_archive_of_a_site_that_was_left_as_it_is(root: Path) -> None:
    done = CliRunner().invoke(main, ["-q", "-C", str(root), "archive", str(root.parent / "a.zip")])
    again = CliRunner().invoke(main, ["-q", "-C", str(root), "archive", str(root.parent / "b.zip")])
    assert done.output.startswith(NOTHING) and (done.exit_code, again.exit_code) == (0, 0), done.output
    assert (root.parent / "a.zip").read_bytes() == (root.parent / "b.zip").read_bytes()


def test_a_new_commit_has_the_history_compared_again(root: Path) -> None:
    before = facts(root / "site")
    commit_all(root)
    assert build(root) == ""
    assert facts(root / "site") == before
    assert build(root) == NOTHING


# --- little has changed -----------------------------------------------------------------------------------------------


def test_one_name_that_is_corrected_changes_the_files_that_say_it_and_no_other(root: Path) -> None:
    before, old = facts(root / "site"), tree_of(root / "site")
    page = page_of(root, "Ada Lovelace")
    CORRECTED(root)
    assert build(root) == ""
    after, new = facts(root / "site"), tree_of(root / "site")
    assert new == clean(root)
    changed = {path for path in new if new[path] != old.get(path)}
    assert {f"{page}/index.html", f"{page}/credential-2.json", f"{page}/badge.png"} <= changed
    # The first version is revoked as superseded.
    assert changed - {path for path in new if path.startswith(page)} == {"issuers/school/status/1.json"}
    assert after["."][0] == before["."][0]
    assert {path for path in new if after[path] != before.get(path)} == changed


def test_only_credentials_of_changed_awards_are_looked_into(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked, real = list[str](), credential_input

    def look(site: Site, award: StoredAward) -> CredentialInput:
        looked.append(award.id)
        return real(site, award)

    monkeypatch.setattr(credential_source, "credential_input", look)
    added(f"{RECORDS}/june.yml", row("Joan Clarke"), sign=True)(root)
    build(root)
    assert [f"c/{award}" for award in looked] == [page_of(root, "Joan Clarke")]
    assert tree_of(root / "site") == clean(root)


def test_where_every_credential_is_looked_into_the_site_is_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credential_source._Keys, "key", lambda keys, award: "")
    before = facts(root / "site")
    added(f"{RECORDS}/june.yml", row("Joan Clarke"), sign=True)(root)
    build(root)
    assert tree_of(root / "site") == clean(root)
    page, after = page_of(root, "Ada Lovelace"), facts(root / "site")
    assert after[f"{page}/index.html"] == before[f"{page}/index.html"]


def test_more_than_a_tenth_makes_another_folder_and_links_the_rest(root: Path) -> None:
    before = facts(root / "site")
    edit("issuers/school/issuer.yml", "office@", "desk@")(root)
    edit("mkdocs.yml", "Test Badges", "Best Badges")(root)
    build(root)
    after = facts(root / "site")
    assert tree_of(root / "site") == clean(root)
    assert after["."][0] != before["."][0]
    page = page_of(root, "Ada Lovelace")
    assert after[f"{page}/badge.png"][:3] == before[f"{page}/badge.png"][:3]
    assert build(root) == NOTHING


def other_bytes(root: Path) -> None:
    (root / "site/index.html").write_bytes(b"not ours")


def same_size_and_time(root: Path) -> None:
    """What a clock that was set back, or somebody who hides a change, would leave."""
    file = root / "site" / page_of(root, "Ada Lovelace") / "index.html"
    found, raw = file.stat(), file.read_bytes()
    file.write_bytes(raw.replace(b"Ada", b"Eve"))
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert file.stat().st_size == found.st_size


def two_change_places(root: Path) -> None:
    one, other = (root / "site" / page_of(root, name) / "qr.svg" for name in NAMES[:2])
    one.rename(root / "aside")
    other.rename(one)
    (root / "aside").rename(other)


def two_folders_change_places(root: Path) -> None:
    one, other = (root / "site" / page_of(root, name) for name in NAMES[:2])
    one.rename(root / "aside")
    other.rename(one)
    (root / "aside").rename(other)


def lead_elsewhere(root: Path) -> None:
    file = root / "site/badges/knots/achievement.json"
    file.rename(root.parent / "elsewhere")
    file.symlink_to(root.parent / "elsewhere")


def folder_leads_elsewhere(root: Path) -> None:
    (root / "site/c").rename(root.parent / "elsewhere")
    (root / "site/c").symlink_to(root.parent / "elsewhere")


def a_second_name(root: Path) -> None:
    (root.parent / "elsewhere").hardlink_to(root / "site/index.html")


def a_copy(root: Path) -> None:
    shutil.copytree(root / "site", root / "aside")
    shutil.rmtree(root / "site")
    (root / "aside").rename(root / "site")


def more_in_it(root: Path) -> None:
    (root / "site/note.txt").write_text("mine")
    (root / "site/empty").mkdir()


def a_file_for_a_folder(root: Path) -> None:
    shutil.rmtree(root / "site/verify")
    (root / "site/verify").write_text("mine")


def a_folder_for_a_file(root: Path) -> None:
    (root / "site/robots.txt").unlink()
    (root / "site/robots.txt").mkdir()
    (root / "site/robots.txt/x").write_text("mine")


@pytest.fixture(scope="module")
def wanted(shared: Path) -> dict[str, bytes]:
    """The site of a clean build."""
    return clean(shared)


OUTPUTS: dict[str, Change] = {
    "other bytes": other_bytes,
    "other bytes of the same size and time": same_size_and_time,
    "two files changed places": two_change_places,
    "two folders changed places": two_folders_change_places,
    "a page is gone": lambda root: (root / "site" / page_of(root, "Hypatia") / "index.html").unlink(),
    "a folder is gone": lambda root: shutil.rmtree(root / "site" / page_of(root, "Hypatia")),
    "the site is gone": lambda root: shutil.rmtree(root / "site"),
    "another time": lambda root: os.utime(root / "site/verify/index.html", (1, 1)),
    "a file that nobody may read": lambda root: (root / "site/index.html").chmod(0o600),
    "a folder that nobody may read": lambda root: (root / "site/c").chmod(0o700),
    "a link": lead_elsewhere,
    "a folder that is a link": folder_leads_elsewhere,
    "a second name": a_second_name,
    "a copy": a_copy,
    "more files": more_in_it,
    "a pipe": lambda root: os.mkfifo(root / "site/c/pipe"),
    "a file where a folder was": a_file_for_a_folder,
    "a folder where a file was": a_folder_for_a_file,
}


@pytest.mark.parametrize("what", OUTPUTS)
def test_whatever_was_done_to_the_site_is_mended(shared: Path, wanted: dict[str, bytes], what: str) -> None:
    site = shared / "site"
    OUTPUTS[what](shared)
    assert NOTHING not in build(shared)
    assert tree_of(site) == wanted
    assert {oct(path.lstat().st_mode) for path in (site, *site.rglob("*"))} == {"0o100644", "0o40755"}
    assert {path.stat().st_nlink for path in site.rglob("*") if path.is_file()} == {1}
    assert build(shared) == NOTHING
    shutil.rmtree(shared.parent / "elsewhere", ignore_errors=True)
    (shared.parent / "elsewhere").unlink(missing_ok=True)


INPUTS: dict[str, Change] = {
    "a name is corrected": CORRECTED,
    "a credential is revoked": REVOKED,
    "a credential is erased": erase_ada,
    "an award more": added(f"{RECORDS}/more.yml", row("Sofja Kowalewskaja"), sign=True),
    "somebody wants to be listed": edit(f"{RECORDS}/1.yml", "awarded", "listed: 2026-05-20\nawarded"),
    "a row that is not signed": added(f"{RECORDS}/late.yml", row("Sophie Germain")),
    "the office moves": edit("issuers/school/issuer.yml", "office@", "desk@"),
    "an achievement more": together(
        added("badges/splices/badge.yml", BADGE.replace("Knots", "Splices").replace("{", "{{").replace("}", "}}")),
        added("badges/splices/image.svg", DRAWING.replace("circle", "ellipse").replace('r="45"', 'rx="9" ry="5"')),
    ),
    "other words of an achievement": edit("badges/knots/badge.yml", "image_alt: A knot", "image_alt: One knot"),
    "a page changes": edit("content/pages/more.md", "How it was", "How it is"),
    "a page more": added("content/pages/new/page.md", "# New\n"),
    "a page less": lambda root: (root / "content/pages/more.md").unlink(),
    "a folder of pages less": lambda root: shutil.rmtree(root / "content/pages/sub"),
    "a page becomes a folder": together(
        lambda root: (root / "content/pages/more.md").unlink(), added("content/pages/more/x.md", "# X\n")
    ),
    "a picture more": added("content/pages/dot.svg", DRAWING),
    "the name of the site": edit("mkdocs.yml", "Test Badges", "Best Badges"),
    "a template of its own": together(
        edit("mkdocs.yml", "plugins", "theme: {name: mkdocs, custom_dir: themes/mine}\nplugins"),
        added("themes/mine/404.html", "<!doctype html><title>Nothing here</title>"),
    ),
    "a file that has nothing to do with it": added("README.md", "# Read\n"),
}


@pytest.mark.parametrize("what", INPUTS)
def test_whatever_is_changed_the_site_is_that_of_a_clean_build(root: Path, what: str) -> None:
    INPUTS[what](root)
    assert NOTHING not in build(root)
    assert tree_of(root / "site") == clean(root)
    assert build(root).startswith(NOTHING) or what == "a template of its own"


@pytest.mark.parametrize("seed", range(60 if IS_LONG else 1))
def test_whatever_happens_one_after_the_other(root: Path, seed: int) -> None:
    chance = random.Random(seed)
    happened = []
    events: dict[str, Callable[[Path], object]] = {
        **INPUTS,
        **OUTPUTS,
        "a commit": commit_all,
        "the program is another": lambda root: other_program(root),
    }
    for what in chance.sample(sorted(events), 7):
        kept = tree_of(root / "content")
        try:
            events[what](root)
        except (AssertionError, Error, OSError):
            write_tree(root / "content", kept)  # it can't happen after what has happened
            continue
        happened.append(what)
        if chance.random() < 0.6:
            build(root)
            assert tree_of(root / "site") == clean(root), happened
    build(root)
    assert tree_of(root / "site") == clean(root), happened


# --- what the last build left for this one ----------------------------------------------------------------------------


def resealed(change: Callable[[Any], Any]) -> Change:
    """A cache that was written otherwise, with a right checksum."""

    def damage(root: Path) -> None:
        facts, files, pages = map(orjson.loads, state_of(root).read_bytes().split(b"\n")[1:])
        kept = [facts[0], facts[1] | {"files": files, "pages": pages}]
        kept = change(kept) or kept
        parts = [kept[1].pop(name, None) for name in ("files", "pages")] if isinstance(kept[1], dict) else []
        raw = b"\n".join(map(orjson.dumps, [kept, *parts]))
        state_of(root).write_bytes(hashlib.sha256(raw).hexdigest().encode() + b"\n" + raw)

    return damage


def other_program(root: Path) -> None:
    if state_of(root).exists():
        resealed(lambda kept: kept[1].update(code="0" * 64))(root)


def rewritten(change: Callable[[bytes], bytes]) -> Change:
    def damage(root: Path) -> None:
        state_of(root).write_bytes(change(state_of(root).read_bytes()))

    return damage


def replaced(make: Callable[[Path], object]) -> Change:
    def damage(root: Path) -> None:
        shutil.rmtree(state_of(root), ignore_errors=True)
        if state_of(root).is_file():
            state_of(root).replace(root.parent / "state")
        state_of(root).unlink(missing_ok=True)
        make(state_of(root))

    return damage


def of_another_site(root: Path) -> None:
    other = root.with_name("other")
    shutil.copytree(root, other, ignore=shutil.ignore_patterns("laurels"))
    CORRECTED(other)
    build(other)
    shutil.copy(state_of(other), state_of(root))


DAMAGES: dict[str, Change] = {
    "cut off": rewritten(lambda raw: raw[: len(raw) // 2]),
    "empty": rewritten(lambda raw: b""),
    "only a checksum": rewritten(lambda raw: raw[:65]),
    "a bit is another": rewritten(lambda raw: raw[:700] + bytes([raw[700] ^ 1]) + raw[701:]),
    "a bit of the checksum": rewritten(lambda raw: bytes([raw[0] ^ 1]) + raw[1:]),
    "more at its end": rewritten(lambda raw: raw + b"x"),
    "twice": rewritten(lambda raw: raw + raw),
    "not UTF-8": rewritten(lambda raw: b"\xff\xfe" + raw),
    "sealed bytes that are no text": rewritten(lambda raw: hashlib.sha256(b"\xff").hexdigest().encode() + b"\n\xff"),
    "missing": lambda root: state_of(root).unlink(),
    "a folder": replaced(lambda place: place.mkdir()),
    "a link to itself": replaced(lambda place: place.symlink_to(place)),
    "a link to the state": replaced(lambda place: place.symlink_to(place.parents[2].parent / "state")),
    "a pipe": replaced(os.mkfifo),
    "huge": replaced(lambda place: place.open("wb").truncate(1 << 34)),
    "of another site": of_another_site,
    "of an older version": resealed(lambda kept: ["laurels build 0", kept[1]]),
    "of a later version": resealed(lambda kept: ["laurels build 3", {"everything": 2}]),
    "with more fields": resealed(lambda kept: kept[1].update(more=1)),
    "with fewer fields": resealed(lambda kept: kept[1].pop("pages") and None),
    "of another program": other_program,
    "of another folder": resealed(lambda kept: kept[1].update(identity=[1, 2])),
    "of no folder": resealed(lambda kept: kept[1].update(site="/nowhere", identity=[])),
    "other kinds of values": resealed(lambda kept: kept[1].update(files={"": 1}, pages=[])),
    "lists of lists": resealed(lambda kept: [[["laurels build 2"]], kept]),
    "wrong sizes": resealed(
        lambda kept: [each[5].__setitem__(1, 7) for each in kept[1]["files"].values() if each[5]][:0]
    ),
    "pages without files": resealed(lambda kept: kept[1].update(files={})),
    "files without pages": resealed(lambda kept: kept[1].update(pages={})),
    "pages of each other": resealed(lambda kept: swap_two(kept[1]["pages"])),
}


def swap_two(pages: dict[str, Any]) -> None:
    one, other = list(pages)[:2]
    pages[one], pages[other] = pages[other], pages[one]


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_cache_gives_the_site_of_a_clean_build(
    shared: Path, sites: dict[str, dict[str, bytes]], what: str
) -> None:
    page = shared / "content/pages/more.md"
    DAMAGES[what](shared)
    page.write_text(next(text for text in sites if text != page.read_text()))
    assert NOTHING not in build(shared)
    assert tree_of(shared / "site") == sites[page.read_text()]


@pytest.fixture(scope="module")
def sites(shared: Path, wanted: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Clean builds by the text of a page."""
    page = shared / "content/pages/more.md"
    old = page.read_text()
    page.write_text("# More\n\nHow it is.\n")
    found = {page.read_text(): clean(shared), old: wanted}
    page.write_text(old)
    return found


def test_a_file_that_is_changed_back_after_it_was_read_is_noticed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, read = root / "content/pages/more.md", reading.read_inputs
    old = page.read_text()

    def then_changes(root: Path) -> reading.Inputs | None:
        found = read(root)
        page.write_text("# More\n\nFor a moment.\n")
        return found

    (root / "content/pages/new.md").write_text("# New\n")
    with monkeypatch.context() as patched:
        patched.setattr("site_builder.site.incremental.standing.read_inputs", then_changes)
        build(root)
    page.write_text(old)
    assert build(root) == ""
    assert tree_of(root / "site") == clean(root)


def test_a_link_among_what_is_read_has_every_build_look(root: Path) -> None:
    (root / "linked.txt").symlink_to("/etc/hostname")
    assert [build(root), build(root)] == ["", ""]


def test_a_file_too_large_to_be_read_each_time_has_every_build_look(root: Path) -> None:
    with (root / "film.mp4").open("wb") as stream:
        stream.truncate((64 << 20) + 1)
    inputs = reading.read_inputs(root)
    assert inputs is not None and digest_for(inputs, str(root / "site")) == ""


def test_where_not_all_history_is_here_every_build_says_so(root: Path, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "one more"], cwd=root, check=True)
    subprocess.run(["git", "clone", "-q", "--depth=1", root.as_uri(), shallow], check=True)
    assert build(shallow) == build(shallow) != NOTHING
    build(shallow, "--history=required", code=1)


def test_where_there_is_no_git_nothing_is_kept(root: Path) -> None:
    shutil.rmtree(root / ".git")
    before = facts(root / "site")
    assert build(root) == ""
    assert facts(root / "site") == before


# --- what else a build looks at ---------------------------------------------------------------------------------------


def test_a_secret_is_looked_for_in_files_that_have_not_changed(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    edit("content/pages/more.md", "How it was.", "The tide is out at noon.")(root)
    assert build(root) == ""
    monkeypatch.setenv("LAURELS_PASSPHRASE_SCHOOL", "The tide is out at noon.")
    build(root, code=1)
    monkeypatch.setenv("LAURELS_PASSPHRASE_SCHOOL", "Ada Lovelace")
    build(root, code=1)
    page = page_of(root, "Ada Lovelace")
    assert [said.partition(": ")[0] for said in caplog.messages] == [
        "more/index.html would publish the value of LAURELS_PASSPHRASE_SCHOOL",
        f"{page}/credential.json would publish the value of LAURELS_PASSPHRASE_SCHOOL",
    ]


def test_warnings_are_said_at_every_build(root: Path) -> None:
    edit("content/pages/more.md", "How it was.", "[Lost](lost.md)")(root)
    first, second = build(root), build(root)
    assert NOTHING not in second
    assert "in strict mode" in build(root, "--strict", code=1)
    assert (first, tree_of(root / "site")) == (second, clean(root))


def test_nothing_is_taken_over_from_a_site_with_drafts(root: Path) -> None:
    added(f"{RECORDS}/late.yml", row("Sophie Germain"))(root)
    build(root, "--drafts")
    assert (root / "site/drafts").is_dir() and not state_of(root).exists()
    assert NOTHING not in build(root, "--drafts")
    assert NOTHING not in build(root)
    assert tree_of(root / "site") == clean(root)
    assert "drafts" in build(root, "--drafts")


@pytest.mark.parametrize(
    "settings",
    [
        "hooks: [hook.py]",
        "markdown_extensions: [pymdownx.superfences]",
        "extra: {built: !ENV [HOME, x]}",
    ],
)
def test_a_site_that_may_depend_on_more_than_its_files_is_always_built(
    root: Path, settings: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "hook.py").write_text(
        "def on_page_markdown(markdown, **_):\n    return markdown + open('/proc/uptime').read()\n"
    )
    with (root / "mkdocs.yml").open("a") as stream:
        stream.write(f"{settings}\n")
    told = [CliRunner().invoke(main, ["-q", "-C", str(root), "build"]).output for _ in range(2)]
    assert not any(NOTHING in each for each in told)


# --- a build that is killed -------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Nothing of the program runs after this."""


MANY = {
    f"c/{number}/{name}": b"as it was"
    for number in range(20)
    for name in ("credential.json", "index.html", "badge.png")
}
BEFORE = MANY | {"assets/laurels.css": b"look", "c/1/rosette.svg": b"rosette"}
AFTER = {path: raw for path, raw in BEFORE.items() if path != "c/1/rosette.svg"} | {
    "c/1/index.html": b"withdrawn",
    "c/1/credential-2.json": b"version 2",
    "c/new/index.html": b"new",
    "c/new/credential.json": b"new",
}
# What changes the disk while a site is put in its place.
CALLS = ["rename", "unlink", "rmdir", "mkdir", "fsync"]


def generation(site: Path, files: dict[str, bytes]) -> StagedSite:
    made = StagedSite(site, root=site.parent / "repository")
    made.write([*files.items()])
    return made


@contextmanager
def killed_at(step: int) -> Iterator[list[str]]:
    """Has the process end before this one of the calls that change the disk; the list says which there were."""
    calls: list[str] = []

    def counted(name: str) -> Any:
        real = getattr(os, name)

        def call(*arguments: Any, **more: Any) -> Any:
            if len(calls) >= step:
                raise Killed
            calls.append(name)
            return real(*arguments, **more)

        return call

    with ExitStack() as patched:
        for name in CALLS:
            patched.enter_context(patch.object(os, name, counted(name)))
        with suppress(Killed):
            yield calls


def is_honest(site: dict[str, bytes]) -> bool:
    """No page states what the files beside it do not say yet."""
    return (site["c/1/index.html"] == b"as it was" or "c/1/credential-2.json" in site) and (
        "c/new/index.html" not in site or "c/new/credential.json" in site
    )


def test_a_change_in_place_that_is_killed_anywhere_is_finished_by_the_next_build(tmp_path: Path) -> None:
    site, states = tmp_path / "site", []
    for step in range(1000):
        generation(site, BEFORE).finish()
        made, identity = generation(site, AFTER), site.stat().st_ino
        with killed_at(step) as calls:
            made.finish()
        with suppress(OSError):
            os.close(made._lock)  # as the system does when a process ends
        left = tree_of(site)
        assert is_honest(left), calls
        states.append(left)
        # Whoever builds next finishes what was begun, also one that fails after.
        generation(site, AFTER).discard()
        assert tree_of(site) in (BEFORE, AFTER), calls
        assert tree_of(site) == AFTER or left == BEFORE, calls
        assert [path.name for path in tmp_path.iterdir()] == ["site"], calls
        generation(site, AFTER).finish()
        assert tree_of(site) == AFTER and site.stat().st_ino == identity
        if states[-3:] == [AFTER] * 3:
            break
    assert states[0] == BEFORE and states[-1] == AFTER
    # Old, new, and a state after each of four moves but the last.
    assert len({tuple(sorted(state.items())) for state in states}) == 6


JOURNAL = {"moves": ["c/1/index.html"], "removals": ["c/2/index.html"]}


def write_change(site: Path, folder: str, *, seal: bool = True, **other: Any) -> None:
    """What a build that was killed in the middle of a change would leave, or somebody who wants to mislead the next one."""
    identity = [site.stat().st_dev, site.stat().st_ino]
    write_tree(site.parent / folder, {"site/c/1/index.html": b"brought"})
    facts = {"form": "laurels change 1", "identity": identity} | JOURNAL | other
    raw = orjson.dumps([*facts.values()])
    digest = hashlib.sha256(raw if seal else b"").hexdigest().encode()
    (site.parent / folder / "journal").write_bytes(digest + b"\n" + raw)


@pytest.mark.parametrize(
    ("folder", "other", "is_done"),
    [
        ("site.edit-killed00.laurels", {}, True),
        ("site.new-killed00.laurels", {}, False),
        ("site.edit-killed00.laurels", {"seal": False}, False),
        ("site.edit-killed00.laurels", {"form": "laurels change 2"}, False),
        ("site.edit-killed00.laurels", {"identity": [1, 2]}, False),
        ("site.edit-killed00.laurels", {"moves": ["../outside"]}, False),
        ("site.edit-killed00.laurels", {"moves": ["/outside"]}, False),
        ("site.edit-killed00.laurels", {"removals": ["c/../../outside"]}, False),
        ("site.edit-killed00.laurels", {"removals": ["c//x"]}, False),
        ("site.edit-killed00.laurels", {"moves": [3]}, False),
        ("site.edit-killed00.laurels", {"moves": "c"}, False),
        ("site.edit-killed00.laurels", {"removals": ["led/outside"]}, True),
    ],
)
def test_only_a_whole_journal_of_this_site_counts_and_leads_nowhere_else(
    tmp_path: Path, folder: str, other: dict[str, Any], is_done: bool
) -> None:
    site = tmp_path / "site"
    generation(site, BEFORE).finish()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/outside").write_text("mine")
    (tmp_path / "outside").write_text("mine")
    (site / "led").symlink_to(tmp_path / "mine")
    write_change(site, folder, **other)
    generation(site, BEFORE).discard()
    assert ((site / "c/1/index.html").read_bytes() == b"brought") == is_done
    assert (tmp_path / "outside").exists() and (tmp_path / "mine/outside").exists()
    generation(site, BEFORE).finish()
    assert tree_of(site) == BEFORE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "outside", "site"]


@pytest.mark.parametrize("link", ["site", "site/c"])
def test_a_change_takes_no_file_from_where_a_link_leads(tmp_path: Path, link: str) -> None:
    site, brought = tmp_path / "site", tmp_path / "site.edit-killed00.laurels"
    generation(site, BEFORE).finish()
    write_tree(tmp_path / "mine", {"outside": b"mine", "c/outside": b"mine"})
    write_change(site, brought.name, moves=["c/outside"], removals=[])
    shutil.rmtree(brought / link)
    (brought / link).symlink_to(tmp_path / "mine")
    generation(site, BEFORE).finish()
    assert tree_of(site) == BEFORE
    assert tree_of(tmp_path / "mine") == {"outside": b"mine", "c/outside": b"mine"}


def test_disk_that_fails_in_the_middle_is_said_and_the_next_build_does_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    generation(site, BEFORE).finish()
    made, unlink = generation(site, AFTER), os.unlink

    def fails(path: str, **more: Any) -> None:
        if path == "rosette.svg":
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        unlink(path, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, "unlink", fails)
        with pytest.raises(
            Error, match=r"changed in part \(Input/output error: rosette.svg\).* the next build does the rest"
        ):
            made.finish()
        made.discard()
    generation(site, AFTER).discard()
    assert tree_of(site) == AFTER
