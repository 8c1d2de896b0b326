"""Two branches that both issued, merged: what was published stays byte for byte, the other side gives way, and nothing is lost."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.cli import main
from site_builder.credentials.identifiers.multikey import format_private_key, format_public_key
from site_builder.encoding import parse_json
from site_builder.errors import Error, Problem
from site_builder.issuing.command import IssueOptions, issue_command
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.surroundings import Machine, Output
from site_builder.issuing.transaction.issue import issue
from site_builder.issuing.transaction.reconcile import reconcile
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.history.git_tree import read_tree
from site_builder.ledger.store.award_json import StoredAward
from tests.branches import commit_all, git
from tests.drawn import write_drawn_repository
from tests.manual import ROOT
from tests.support import NOW, fake_key, publish_to, repeatable_random
from tests.trees import tree_of

RECORDS = "content/records/school"
KEYS = {"school": SigningKey("key-1", fake_key())}
ENVIRONMENT = {"LAURELS_KEY_SCHOOL": format_private_key(fake_key())}
LIST = "issuers/school/status/1.json"
PEOPLE = ["Ada", "Grace", "Mary", "Hypatia"]
Random = Callable[[int], bytes]


def crowded(seed: str, *, places: int = 0) -> Random:
    """A source that repeats. places: how many places of a status list it ever names, 0 for all, so that two runs meet."""
    source, chooser = repeatable_random(seed), random.Random(seed)
    return lambda count: chooser.randrange(places).to_bytes(3, "big") if count == 3 and places else source(count)


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")


def row(name: str, day: str = "2026-05-14") -> str:
    return f"badge: knots\nawarded: {day}\nname: {name}\nemail: {name.lower()}@example.org\n"


@pytest.fixture(scope="module")
def fork(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where two branches begin: four awards are issued, each with a record of its own; a row for Emmy is pending."""
    rows = {f"{RECORDS}/{name.lower()}.yml": row(name) for name in PEOPLE}
    root = write_drawn_repository(tmp_path_factory.mktemp("fork"), files={f"{RECORDS}/2026-05.yml": ""} | rows)
    sign(root, "fork")
    write(root, f"{RECORDS}/emmy.yml", row("Emmy"))
    return commit_all(root)


@pytest.fixture
def root(fork: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(fork, tmp_path / "site", symlinks=True))


def sign(root: Path, seed: str, *, places: int = 0, hours: int = 0) -> None:
    issue(root, now=NOW + timedelta(hours=hours), random_bytes=crowded(seed, places=places), signing_keys=KEYS)


def branch(root: Path, name: str, files: dict[str, str], *, places: int = 0, signs: bool = True) -> None:
    """A branch from main with further records (empty text: one goes), issued there. places: as of crowded."""
    git(root, "checkout", "--quiet", "-B", name, "main")
    for path, text in files.items():
        write(root, f"{RECORDS}/{path}", text)
        if not text:
            (root / RECORDS / path).unlink()
    if signs:
        sign(root, f"{name}-{places}", places=places, hours=1 if name == "published" else 2)
    commit_all(root, name)


def merge(root: Path, how: str) -> None:
    """Merges what was published into the other branch; how: -X ours or -X theirs, or marks, which leaves git's in the files."""
    git(root, "checkout", "--quiet", "other")
    option = ["-X", how] if how in ("ours", "theirs") else []
    git(root, "merge", "--quiet", "--no-edit", *option, "published", may_fail=True)
    for line in git(root, "status", "--porcelain").splitlines():
        # One side changed a file, the other deleted it: git leaves the changed one, and somebody decides.
        if line[:2] in ("DU", "UD"):
            git(root, "rm" if how == "ours" else "add", "--quiet", line[3:])
    if option:
        commit_all(root, "Merge")


def ids(root: Path) -> dict[str, str]:
    """The ids by the recipient's first name, as the first credentials say."""
    found = {}
    for file in sorted((root / "content/signed/school").glob("*/credential.json")):
        name = parse_json(file.read_bytes())["credentialSubject"]["identifier"][0]["identityHash"]
        found[str(name).split()[0]] = file.parent.name
    return found


def correct(award: str, name: str, *more: str, day: str = "2026-06-02") -> str:
    return "\n".join([f"correct: {award}", f"date: {day}", f"name: {name}", *more]) + "\n"


def revoke(award: str, reason: str = "other") -> str:
    return f"revoke: {award}\ndate: 2026-06-02\nreason: {reason}\n"


def run(root: Path, base: str = "published", *, dry_run: bool = False, seed: str = "run") -> list[str]:
    """What `laurels issue --reconcile` says; problems are lines too."""
    lines: list[str] = []

    def report_problems(found: Iterable[Problem]) -> None:
        lines.extend(map(str, found))

    try:
        issue_command(
            root,
            IssueOptions(dry_run=dry_run, base=base, reconcile=True),
            machine=Machine(ENVIRONMENT, NOW + timedelta(days=1), crowded(seed)),
            output=Output(lines.append, report_problems),
        )
    except Error as error:
        lines.append(f"Error: {error}")
    return lines


def places_of(root: Path) -> Counter[tuple[int, int]]:
    files = sorted((root / "content/signed/school").glob("*/award.json"))
    return Counter((v["list"], v["index"]) for file in files for v in json.loads(file.read_text())["versions"])


def stored(root: Path, award: str) -> StoredAward:
    return check_repository(root).ledger.awards[award]


def assert_sound(root: Path, *, seed: str = "again") -> None:
    """Everything agrees, published files are as they were, no place is used twice, and a further run changes nothing."""
    checked = check_repository(root, base="published")
    assert (checked.problems, checked.pending_rows, checked.pending_changes, checked.stale) == ([], [], [], [])
    assert max(places_of(root).values()) == 1
    published = read_tree(root, "published")
    for path, raw in published.read(path for path in published.blobs if "/credential" in path).items():
        folder, _, name = path.rpartition("/")
        award = json.loads((root / folder / "award.json").read_text())
        gone = "identity" not in award or any(v.get("withheld") and v["file"] == name for v in award["versions"])
        assert gone or (root / path).read_bytes() == raw, path
    before = tree_of(root / "content"), tree_of(root / "issuers")
    assert run(root, seed=seed) == ["Nothing to issue."]
    assert (tree_of(root / "content"), tree_of(root / "issuers")) == before


def problems_of(root: Path) -> Sequence[Problem]:
    return check_repository(root).problems


# --- what collides ----------------------------------------------------------------------------------------------------


def test_a_row_that_both_issued_keeps_the_id_that_was_published(root: Path) -> None:
    branch(root, "published", {})
    kept = ids(root)["Emmy"]
    branch(root, "other", {})
    lost = ids(root)["Emmy"]
    merge(root, "theirs")
    (found,) = problems_of(root)
    assert found.code == "LED010" and "laurels issue --reconcile --base REF" in found.fix
    said = run(root)
    assert f"remove content/signed/school/{lost}: its row is issued as {kept}" in said
    assert not (root / "content/signed/school" / lost).exists() and ids(root)["Emmy"] == kept
    assert_sound(root)


def test_a_record_that_names_an_award_that_goes_is_pointed_out_and_a_renewal_of_it_goes_along(root: Path) -> None:
    branch(root, "published", {})
    kept = ids(root)["Emmy"]
    branch(root, "other", {})
    lost = ids(root)["Emmy"]
    write(root, f"{RECORDS}/renewal.yml", f"renew: {lost}\ndate: 2028-05-10\n")
    sign(root, "renewal", hours=3)
    commit_all(root)
    merge(root, "theirs")
    said = run(root)
    assert f"edit   {RECORDS}/renewal.yml:1 names {lost}: write {kept}" in said
    assert [line for line in said if "LED006" in line] and said[-1].startswith("Error: 1 problem")
    write(root, f"{RECORDS}/renewal.yml", f"renew: {kept}\ndate: 2028-05-10\n")
    run(root, seed="renewal again")
    assert_sound(root)
    assert [award.renews for award in check_repository(root).ledger.awards.values() if award.renews] == [kept]


def test_a_place_that_both_drew_stays_with_the_published_award_and_the_other_is_signed_anew(root: Path) -> None:
    branch(root, "published", {"a.yml": row("Anning"), "emmy.yml": ""}, places=1)
    branch(root, "other", {"b.yml": row("Bell"), "emmy.yml": ""}, places=1)
    bell = ids(root)["Bell"]
    # Both drew the first place of the list.
    before = parse_json((root / f"content/signed/school/{bell}/credential.json").read_bytes())
    merge(root, "theirs")
    collided = [problem for problem in problems_of(root) if problem.code == "LED005"]
    assert len(collided) == 2 and all("laurels issue --reconcile --base REF" in problem.fix for problem in collided)
    said = run(root)
    assert f"move   content/signed/school/{bell}, version 1: its place in the status list is taken" in said
    after = parse_json((root / f"content/signed/school/{bell}/credential.json").read_bytes())
    assert after.pop("credentialStatus") != before.pop("credentialStatus") and after.pop("proof") != before.pop("proof")
    assert after == before
    assert_sound(root)


@pytest.mark.parametrize("how", ["ours", "theirs", "marks"])
def test_of_two_corrections_the_published_one_stays_and_the_other_comes_on_top(root: Path, how: str) -> None:
    ada = ids(root)["Ada"]
    branch(root, "published", {"p.yml": correct(ada, "Ada King", "remove: [expires]")}, signs=False)
    write(root, f"{RECORDS}/p.yml", correct(ada, "Ada King"))
    sign(root, "p", hours=1)
    commit_all(root)
    published = (root / f"content/signed/school/{ada}/credential-2.json").read_bytes()
    branch(root, "other", {"o.yml": correct(ada, "Ada Lovelace", "narrative: Knots in rope.")})
    merge(root, how)
    run(root)
    award = stored(root, ada)
    names = []
    for version in award.versions:
        document = parse_json((root / award.folder / version.file).read_bytes())
        names.append(document["credentialSubject"]["identifier"][0]["identityHash"])
    assert names == ["Ada", "Ada King", "Ada Lovelace"]
    assert (root / award.folder / "credential-2.json").read_bytes() == published
    assert_sound(root)


def test_what_the_other_side_did_to_a_published_award_alone_is_kept_as_it_is(root: Path) -> None:
    names = ids(root)
    branch(root, "published", {"p.yml": correct(names["Ada"], "Ada King"), "emmy.yml": ""})
    branch(
        root,
        "other",
        {"o.yml": correct(names["Grace"], "Grace Hopper"), "r.yml": revoke(names["Mary"]), "emmy.yml": ""},
    )
    grace, mary = (tree_of(root / "content/signed/school" / names[name]) for name in ("Grace", "Mary"))
    merge(root, "marks")
    said = run(root)
    assert not [line for line in said if names["Grace"] in line or names["Mary"] in line]
    assert tree_of(root / "content/signed/school" / names["Grace"]) == grace
    assert tree_of(root / "content/signed/school" / names["Mary"]) == mary
    assert_sound(root)


def test_a_later_version_of_the_other_side_moves_when_its_place_is_taken(root: Path) -> None:
    names = ids(root)
    branch(root, "published", {"p.yml": correct(names["Ada"], "Ada King"), "emmy.yml": ""}, places=1)
    branch(
        root,
        "other",
        {"o.yml": correct(names["Grace"], "Grace Hopper", "withhold_previous: true"), "emmy.yml": ""},
        places=1,
    )
    merge(root, "theirs")
    assert {problem.code for problem in problems_of(root)} >= {"LED005"}
    said = run(root)
    assert f"move   content/signed/school/{names['Grace']}, version 2: its place in the status list is taken" in said
    assert not (root / f"content/signed/school/{names['Grace']}/credential.json").exists()
    assert_sound(root)


# --- what the history remembers of what gave way ----------------------------------------------------------------------


def test_what_gave_way_in_a_rebase_is_no_loss_and_what_stands_for_it_is_one_when_it_goes(root: Path) -> None:
    branch(root, "published", {})
    kept = ids(root)["Emmy"]
    branch(root, "other", {})
    lost = ids(root)["Emmy"]
    git(root, "rebase", "--quiet", "published", may_fail=True)
    if (root / ".git/rebase-merge").exists():
        git(root, "checkout", "--ours", LIST)
        git(root, "add", "-A")
        git(root, "-c", "core.editor=true", "rebase", "--continue")
    assert lost in {path.name for path in (root / "content/signed/school").iterdir()}
    run(root)
    commit_all(root)
    assert_sound(root)
    shutil.move(root / "content/signed/school" / kept, root / ".git/aside")
    gone = [problem.file for problem in problems_of(root) if problem.code == "LED015"]
    assert gone == sorted(f"content/signed/school/{award}/award.json" for award in (kept, lost))


def test_a_revoked_award_gives_way_only_to_one_that_is_revoked_as_well(root: Path) -> None:
    branch(root, "published", {})
    kept = ids(root)["Emmy"]
    branch(root, "other", {})
    lost = ids(root)["Emmy"]
    write(root, f"{RECORDS}/revoked.yml", revoke(lost))
    sign(root, "revoked", hours=3)
    commit_all(root)
    merge(root, "theirs")
    run(root)
    (root / f"{RECORDS}/revoked.yml").unlink()
    (problem,) = [problem for problem in problems_of(root) if problem.code == "LED015"]
    assert (
        problem.file == f"content/signed/school/{lost}/award.json"
        and f"gave way to {kept}, which is not" in problem.what
    )
    write(root, f"{RECORDS}/revoked.yml", revoke(kept))
    run(root, seed="revoked again")
    commit_all(root)
    assert_sound(root)


def test_of_two_keys_of_one_name_the_other_one_is_no_loss(root: Path) -> None:
    keys = "issuers/school/keys.yml"
    for name in ("published", "other"):
        git(root, "checkout", "--quiet", "-B", name, "main")
        public = format_public_key(fake_key(name).public_key())
        write(
            root,
            keys,
            (root / keys).read_text("utf-8")
            + f"  - {{id: key-2, publicKeyMultibase: {public}, created: 2026-05-02, state: retired}}\n",
        )
        commit_all(root)
    git(root, "merge", "--quiet", "published", may_fail=True)
    git(root, "checkout", "published", "--", keys)
    assert problems_of(root) == []
    commit_all(root)
    assert problems_of(root) == []
    git(root, "checkout", "main", "--", keys)
    assert [problem.what.partition(" (")[0] for problem in problems_of(root)] == ["key-2 is gone from the list of keys"]


# --- what a merge leaves ----------------------------------------------------------------------------------------------


def test_each_file_with_the_marks_of_a_merge_is_a_problem_that_names_the_command(root: Path) -> None:
    ada, grace = ids(root)["Ada"], ids(root)["Grace"]
    branch(root, "published", {"p.yml": correct(ada, "Ada King"), "emmy.yml": ""})
    branch(root, "other", {"o.yml": correct(ada, "Ada Lovelace"), "r.yml": revoke(grace), "emmy.yml": ""})
    merge(root, "marks")
    folder = f"content/signed/school/{ada}"
    marked = [
        path
        for path in (f"{folder}/award.json", f"{folder}/credential-2.json", LIST)
        if b"<<<<" in (root / path).read_bytes()
    ]
    assert len(marked) == 3
    found = {problem.file: problem for problem in problems_of(root)}
    for path in (f"{folder}/award.json", LIST):
        assert "laurels issue --reconcile --base REF" in found[path].fix
    git(root, "checkout", "--ours", f"{folder}/award.json")
    found = {problem.file: problem for problem in problems_of(root)}
    assert "git left its marks" in found[f"{folder}/credential-2.json"].what
    assert "laurels issue --reconcile --base REF" in found[f"{folder}/credential-2.json"].fix
    run(root)
    assert_sound(root)


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_one_sides_credential_beside_the_other_sides_award_is_a_problem_that_names_the_command(
    root: Path, side: str
) -> None:
    ada = ids(root)["Ada"]
    branch(root, "published", {"p.yml": correct(ada, "Ada King"), "emmy.yml": ""})
    branch(root, "other", {"o.yml": correct(ada, "Ada Lovelace"), "emmy.yml": ""})
    merge(root, "marks")
    git(root, "checkout", f"--{side}", f"content/signed/school/{ada}/award.json")
    git(
        root,
        "checkout",
        "--theirs" if side == "ours" else "--ours",
        f"content/signed/school/{ada}/credential-2.json",
        LIST,
    )
    damaged = next(problem for problem in problems_of(root) if problem.file.endswith("credential-2.json"))
    assert damaged.code == "LED001" and "laurels issue --reconcile --base REF" in damaged.fix
    run(root)
    assert_sound(root)


@pytest.mark.parametrize("torn", ["credential.json", "award.json"])
def test_what_git_tore_of_the_other_sides_own_award_comes_back_from_the_commit_that_has_it_whole(
    root: Path, torn: str
) -> None:
    branch(root, "published", {"a.yml": row("Anning"), "emmy.yml": ""}, places=1)
    branch(root, "other", {"b.yml": row("Bell"), "emmy.yml": ""}, places=1)
    bell = ids(root)["Bell"]
    merge(root, "theirs")
    # Git takes a new credential for an old one that was renamed, and merges the two.
    file = root / f"content/signed/school/{bell}/{torn}"
    file.write_bytes(b"<<<<<<< HEAD\n" + file.read_bytes())
    commit_all(root)
    said = run(root)
    assert [line for line in said if line.startswith(f"keep   content/signed/school/{bell} as ")]
    assert [line for line in said if line.startswith(f"move   content/signed/school/{bell}, version 1")]
    assert ids(root)["Bell"] == bell
    assert_sound(root)


def test_an_award_of_which_no_commit_has_a_whole_one_is_named(root: Path) -> None:
    branch(root, "published", {"emmy.yml": ""})
    git(root, "checkout", "--quiet", "-b", "other")
    write(root, f"{RECORDS}/b.yml", row("Bell"))
    sign(root, "other")
    bell = ids(root)["Bell"]
    (root / f"content/signed/school/{bell}/credential.json").write_bytes(b"{}")
    commit_all(root)
    said = run(root)
    assert f"edit   content/signed/school/{bell}, of which no commit has a sound one" in said[0]
    shutil.rmtree(root / f"content/signed/school/{bell}")
    run(root)
    assert_sound(root)


def test_what_the_published_side_erased_stays_erased(root: Path) -> None:
    ada = ids(root)["Ada"]
    branch(root, "published", {"e.yml": f"erase: {ada}\ndate: 2026-06-02\n", "ada.yml": "", "emmy.yml": ""})
    branch(root, "other", {"o.yml": correct(ada, "Ada Lovelace"), "emmy.yml": ""})
    merge(root, "marks")
    said = run(root)
    assert [line for line in said if "LED014" in line and "o.yml" in line]
    assert [path.name for path in (root / "content/signed/school" / ada).iterdir()] == ["award.json"]
    (root / RECORDS / "o.yml").unlink()
    run(root)
    assert_sound(root)


def test_what_the_other_side_erased_is_erased_with_all_places_that_were_published(root: Path) -> None:
    ada = ids(root)["Ada"]
    branch(root, "published", {"p.yml": correct(ada, "Ada King"), "emmy.yml": ""})
    places = [(version.list, version.index) for version in stored(root, ada).versions]
    branch(root, "other", {"e.yml": f"erase: {ada}\ndate: 2026-06-02\n", "ada.yml": "", "emmy.yml": ""})
    merge(root, "ours")
    assert [line for line in run(root) if "LED014" in line and "p.yml" in line]
    (root / RECORDS / "p.yml").unlink()
    run(root)
    erased = check_repository(root).ledger.erased[ada]
    assert [(place.list, place.index) for place in erased.versions] == places
    assert_sound(root)


# --- the command ------------------------------------------------------------------------------------------------------


def collided(root: Path) -> Path:
    """A merge with each kind of collision in it: a row twice, a place twice, two corrections, lists that differ."""
    names = ids(root)
    branch(
        root,
        "published",
        {"p.yml": correct(names["Ada"], "Ada King"), "a.yml": row("Anning"), "pr.yml": revoke(names["Mary"])},
        places=3,
    )
    branch(
        root,
        "other",
        {"o.yml": correct(names["Ada"], "Ada Lovelace"), "b.yml": row("Bell"), "or.yml": revoke(names["Grace"])},
        places=3,
    )
    merge(root, "marks")
    return root


def test_a_dry_run_shows_all_without_names_and_changes_nothing(root: Path) -> None:
    collided(root)
    before = tree_of(root)
    said = run(root, dry_run=True)
    assert {line.split()[0] for line in said} == {"keep", "remove", "move", "Then"}
    assert not any(name in line for line in said for name in ("Lovelace", "King", "Bell", "Anning", "@"))
    assert tree_of(root) == before
    assert run(root)[: len(said) - 1] == said[:-1]
    assert_sound(root)


POINTS = ["restored", "dropped", "moved", "put"]


@pytest.mark.parametrize("point", POINTS)
def test_a_run_that_is_killed_is_completed_by_the_next_one(root: Path, point: str) -> None:
    collided(root)
    tree = read_tree(root, "published")

    def on_step(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            reconcile(root, tree, now=NOW, random_bytes=crowded("killed"), signing_keys=KEYS, on_step=on_step)
        finally:
            os._exit(9)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    run(root)
    assert_sound(root)


def test_it_is_refused_where_it_cannot_be_meant(root: Path) -> None:
    branch(root, "published", {})
    branch(root, "other", {})
    before = tree_of(root / "content")
    for base, message in [
        ("published", "is not part of what lies here: merge it first, with git merge published"),
        (None, "--reconcile needs --base"),
        ("origin/main", "git knows no commit"),
    ]:
        line = ["-C", str(root), "issue", "--reconcile", *(["--base", base] if base else [])]
        done = CliRunner().invoke(main, line)
        assert done.exit_code == 2 and message in done.output
    assert tree_of(root / "content") == before


def test_issuing_with_a_base_alone_is_refused_while_something_published_is_missing(root: Path) -> None:
    branch(root, "published", {})
    git(root, "checkout", "--quiet", "main")
    done = CliRunner().invoke(main, ["-C", str(root), "issue", "--base", "published"], env=ENVIRONMENT)
    assert done.exit_code == 1 and "LED011" in done.output and "nothing was issued" in done.output


def test_keys_that_two_branches_made_are_to_be_settled_first(root: Path) -> None:
    other = format_public_key(fake_key("other").public_key())
    collided(root)
    keys = root / "issuers/school/keys.yml"
    keys.write_text(f"<<<<<<< HEAD\n{keys.read_text('utf-8')}=======\n{other}\n>>>>>>> published\n", "utf-8")
    before = tree_of(root)
    said = run(root)
    assert "to mend first; nothing was reconciled" in said[-1] and "issuers/school/keys.yml" in said[0]
    assert tree_of(root) == before


@pytest.mark.parametrize("damage", ["another statement", "a compromised key"])
def test_only_what_a_trusted_key_of_the_issuer_signed_is_signed_anew(root: Path, damage: str) -> None:
    branch(root, "published", {"a.yml": row("Anning"), "emmy.yml": ""}, places=1)
    branch(root, "other", {"b.yml": row("Bell"), "emmy.yml": ""}, places=1)
    bell = ids(root)["Bell"]
    merge(root, "theirs")
    if damage == "another statement":
        file = root / f"content/signed/school/{bell}/credential.json"
        before, after = file.read_bytes(), file.read_bytes().replace(b"Bell", b"Bull")
        file.write_bytes(after)
        award, old, new = file.with_name("award.json"), *(hashlib.sha256(raw).hexdigest() for raw in (before, after))
        award.write_text(award.read_text("ascii").replace(old, new), "ascii")
        commit_all(root)
    else:
        keys = root / "issuers/school/keys.yml"
        second = format_public_key(fake_key("second").public_key())
        text = keys.read_text("utf-8").replace("state: active", "state: compromised")
        entry = f"  - {{id: key-2, publicKeyMultibase: {second}, created: 2026-06-01, state: active}}\n"
        keys.write_text(text + entry, "utf-8")
    content = tree_of(root / "content")
    tree = read_tree(root, "published")
    with pytest.raises(Error, match="is not what a key of the issuer signed"):
        reconcile(root, tree, now=NOW, random_bytes=crowded("x"), signing_keys=KEYS)
    assert tree_of(root / "content") == content


def test_a_published_commit_that_is_damaged_itself_is_refused(root: Path) -> None:
    ada = ids(root)["Ada"]
    file = root / f"content/signed/school/{ada}/credential.json"
    sound = file.read_bytes()
    file.write_bytes(b"{}")
    git(root, "checkout", "--quiet", "-b", "published")
    commit_all(root)
    said = run(root)
    assert "published itself is damaged at" in said[-1]
    file.write_bytes(sound)
    assert "Nothing to issue." not in run(root)


def test_what_was_reconciled_is_published_and_verifies(root: Path, tmp_path: Path) -> None:
    run(collided(root))
    site = publish_to(root, tmp_path / "out")
    names = ids(root)
    good = [str(site / "c" / names[name] / "credential.json") for name in ("Emmy", "Anning", "Bell", "Hypatia")]
    line = ["verify", "--site", str(site), "--at", "2026-06-05"]
    done = CliRunner().invoke(main, [*line, *good, str(site / "c" / names["Ada"] / "credential-3.json")])
    assert done.exit_code == 0, done.output
    for name in ("Mary", "Grace"):
        assert CliRunner().invoke(main, [*line, str(site / "c" / names[name] / "credential.json")]).exit_code == 1


def test_a_site_in_a_subfolder_of_its_repository_is_reconciled_as_well(fork: Path, tmp_path: Path) -> None:
    root = tmp_path / "sites" / "badges"
    shutil.copytree(fork, root, ignore=shutil.ignore_patterns(".git"))
    commit_all(tmp_path)
    ada = ids(root)["Ada"]
    for side, name in (("published", "Anning"), ("other", "Bell")):
        git(tmp_path, "checkout", "--quiet", "-b", side, "main")
        write(root, f"{RECORDS}/{side}.yml", correct(ada, f"Ada {name}"))
        write(root, f"{RECORDS}/{name}.yml", row(name))
        sign(root, side, places=3, hours=1 if side == "published" else 2)
        commit_all(tmp_path)
    git(tmp_path, "merge", "--quiet", "published", may_fail=True)
    bell = root / "content/signed/school" / ids(root)["Bell"]
    (bell / "credential.json").write_bytes(b"torn")
    said = run(root)
    assert {line.split()[0] for line in said if bell.name in line} == {"keep", "move"}
    assert_sound(root)


# --- any two branches -------------------------------------------------------------------------------------------------


def random_records(side: str, names: dict[str, str], choice: random.Random) -> dict[str, str]:
    """What a branch writes down: new rows, and changes of awards that were issued before it began."""
    files = {f"{side}-{number}.yml": row(f"{side.title()}{number}") for number in range(choice.randrange(4))}
    for name, award in names.items():
        kind = choice.choice(["nothing", "correct", "correct", "withhold", "twice", "revoke", "erase"])
        if kind in ("correct", "withhold", "twice"):
            more = ["withhold_previous: true"] if kind == "withhold" else []
            files[f"{side}-correct-{name}.yml"] = correct(award, f"{name} {side.title()}", *more)
        if kind == "twice":
            files[f"{side}-again-{name}.yml"] = correct(award, f"{name} Of {side.title()}", day="2026-06-03")
        if kind == "revoke":
            files[f"{side}-revoke-{name}.yml"] = revoke(award, choice.choice(["other", "misconduct"]))
        if kind == "erase":
            files |= {f"{side}-erase-{name}.yml": f"erase: {award}\ndate: 2026-06-02\n", f"{name.lower()}.yml": ""}
    return files


def settle(root: Path) -> None:
    """What people decide: of two records that do not go together, the one that the problem names goes."""
    for _ in range(9):
        found = [problem for problem in problems_of(root) if problem.code in ("LED006", "LED013", "LED014")]
        if not found:
            return
        (root / found[0].file).unlink()


@pytest.mark.parametrize("how", ["ours", "theirs", "marks", "whole files"])
@pytest.mark.parametrize("seed", range(3))
def test_any_two_branches_become_one_that_is_sound(root: Path, seed: int, how: str) -> None:
    choice = random.Random(f"{seed}{how}")
    names = ids(root)
    if how == "whole files":
        # As this repository has it for its own signed files.
        shutil.copy(ROOT / ".gitattributes", root)
        commit_all(root)
    branch(root, "published", random_records("published", names, choice), places=40)
    branch(root, "other", random_records("other", names, choice), places=40)
    merge(root, how)
    run(root)
    settle(root)
    run(root, seed="settled")
    assert_sound(root)
    # What gave way is in the history, and no loss.
    commit_all(root)
    assert problems_of(root) == []
