"""Corrections, renewals, erasures and new proofs as `issue` makes them: what changes, what stays, and what is left of each."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from site_builder.credentials.identifiers.multikey import format_public_key
from site_builder.credentials.openbadges3.build import hash_email
from site_builder.encoding import parse_json
from site_builder.errors import Error
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.issue import Issued, issue
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.checks.status_lists import wanted_bits
from site_builder.ledger.store.award_json import ErasedAward, StatusEntry, StoredAward, award_bytes
from site_builder.ledger.store.checked_repository import CheckedRepository
from tests.drawn import write_drawn_repository
from tests.support import BADGE, ISSUER, NOW, fake_key, issue_all, repeatable_random

RECORDS = "content/records/school"
LATER = NOW + timedelta(days=30)
FULL = BADGE + "results:\n  written: {name: Written test, type: RawScore, minimum: 0, maximum: 30}\n"
AWARD = """\
badge: knots
awarded: 2026-05-14
name: Ada Lovelase
email: ada@example.org
evidence: https://school.example/17
narrative: With *distinction*.
results: {written: 27}
"""
Json = dict[str, Any]


def repository(tmp_path: Path, *, award: str = AWARD, issuer: str = ISSUER) -> Path:
    files = {"badges/knots/badge.yml": FULL, f"{RECORDS}/2026-05.yml": award, "issuers/school/issuer.yml": issuer}
    return write_drawn_repository(tmp_path, files=files)


def write(root: Path, name: str, text: str) -> None:
    (root / RECORDS / name).write_text(text, "utf-8")


def issued(root: Path) -> StoredAward:
    [award] = issue_all(root).awards
    return award


def correct(root: Path, award: StoredAward, fields: str, *, name: str = "correct.yml") -> StoredAward:
    """The award after one correction."""
    write(root, name, f"correct: {award.id}\ndate: 2026-06-03\n{fields}")
    issue_all(root, now=LATER, seed=name)
    checked = sound(root)
    return checked.ledger.awards[award.id]


def sound(root: Path) -> CheckedRepository:
    checked = check_repository(root)
    assert checked.problems == [] and (checked.pending_rows, checked.pending_changes, checked.stale) == ([], [], [])
    return checked


def document(root: Path, award: StoredAward, number: int = 1) -> Json:
    found: Json = parse_json((root / award.folder / award.versions[number - 1].file).read_bytes())
    return found


def without(value: Json, *names: str) -> Json:
    return {name: inner for name, inner in value.items() if name not in names}


def bits(root: Path) -> set[int]:
    checked = sound(root)
    return wanted_bits(checked.ledger, "school")[1]


# --- corrections ------------------------------------------------------------------------------------------------------


def test_corrected_name_changes_the_name_the_address_of_the_file_and_the_place_and_nothing_else(tmp_path: Path) -> None:
    root = repository(tmp_path)
    first = issued(root)
    before = (root / first.folder / "credential.json").read_bytes()
    award = correct(root, first, "name: Ada Lovelace\n")
    old, new = document(root, award), document(root, award, 2)
    assert (root / award.folder / "credential.json").read_bytes() == before
    assert new["id"] == old["id"].replace("credential.json", "credential-2.json")
    assert new["credentialStatus"] != old["credentialStatus"]
    names = [item["credentialSubject"]["identifier"][0]["identityHash"] for item in (old, new)]
    assert names == ["Ada Lovelase", "Ada Lovelace"]
    changed = ("id", "credentialStatus", "proof", "credentialSubject")
    assert without(new, *changed) == without(old, *changed)
    assert without(new["credentialSubject"], "identifier") == without(old["credentialSubject"], "identifier")
    assert new["credentialSubject"]["identifier"][1:] == old["credentialSubject"]["identifier"][1:]


def test_version_before_is_superseded_and_its_bit_is_set_and_the_new_one_has_a_place_of_its_own(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = correct(root, issued(root), "name: Ada Lovelace\n")
    old, new = award.versions
    assert (old.state, new.state) == ("superseded", "active")
    assert old.change and new.change is None and old.index != new.index
    assert bits(root) == {old.index}
    assert (old.issued, new.issued) == ("2026-06-01T12:00:00Z", "2026-07-01T12:00:00Z")


def test_identity_stays_so_that_the_row_is_left_as_it_was_written(tmp_path: Path) -> None:
    root = repository(tmp_path)
    first = issued(root)
    award = correct(root, first, "name: Ada Lovelace\nemail: lovelace@example.org\nawarded: 2026-05-15\n")
    assert award.identity == first.identity
    assert award.awarded == "2026-05-15"
    assert sound(root).rows[award.id].award.name == "Ada Lovelace"


def test_corrected_address_draws_a_new_salt_and_another_field_does_not(tmp_path: Path) -> None:
    root = repository(tmp_path)
    first = issued(root)
    named = correct(root, first, "name: Ada Lovelace\n")
    moved = correct(root, named, "email: lovelace@example.org\n", name="correct-2.yml")
    salts = [version.salt for version in moved.versions]
    assert salts[0] == salts[1] != salts[2] and salts[2]
    hashed = document(root, moved, 3)["credentialSubject"]["identifier"][1]["identityHash"]
    assert hashed == hash_email("lovelace@example.org", salts[2])


def test_removed_fields_are_gone(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = correct(root, issued(root), "remove: [evidence, email, narrative, results]\n")
    new = document(root, award, 2)
    assert "evidence" not in new and award.current.salt is None
    assert len(new["credentialSubject"]["identifier"]) == 1
    assert not {"narrative", "result"} & new["credentialSubject"].keys()


def test_corrected_day_moves_the_last_valid_day_with_it(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = correct(root, issued(root), "awarded: 2026-03-01\n")
    new = document(root, award, 2)
    assert new["validFrom"] == new["awardedDate"] == "2026-03-01T00:00:00+01:00"
    assert new["validUntil"] == "2028-03-01T23:59:59+01:00"


def test_corrected_results_and_details_are_stated(tmp_path: Path) -> None:
    root = repository(tmp_path)
    fields = "results: {written: 28}\nrole: Bosun\nexpires: never\nactivity_start: 2026-05-11\nlicense_number: K 17\n"
    new = document(root, correct(root, issued(root), fields), 2)
    subject = new["credentialSubject"]
    assert [item["value"] for item in subject["result"]] == ["28"]
    assert (subject["role"], subject["licenseNumber"]) == ("Bosun", "K 17")
    assert subject["activityStartDate"].startswith("2026-05-11") and "validUntil" not in new


def test_what_a_correction_does_not_touch_stays_as_signed_though_badge_and_issuer_were_rewritten(
    tmp_path: Path,
) -> None:
    root = repository(tmp_path)
    first = issued(root)
    (root / "badges/knots/badge.yml").write_text(BADGE.replace("name: Knots", "name: Knots II").replace("P2Y", "P5Y"))
    (root / "issuers/school/issuer.yml").write_text(ISSUER.replace("Test School", "Better School"))
    award = correct(root, first, "name: Ada Lovelace\n")
    old, new = document(root, award), document(root, award, 2)
    for name in ("name", "issuer", "validUntil"):
        assert new[name] == old[name]
    assert new["credentialSubject"]["achievement"] == old["credentialSubject"]["achievement"]
    assert new["credentialSubject"]["result"] == old["credentialSubject"]["result"]


def test_two_corrections_written_at_once_are_applied_by_their_dates(tmp_path: Path) -> None:
    root = repository(tmp_path)
    first = issued(root)
    write(root, "a.yml", f"correct: {first.id}\ndate: 2026-06-05\nname: Ada King\n")
    write(root, "b.yml", f"correct: {first.id}\ndate: 2026-06-03\nname: Ada Lovelace\n")
    issue_all(root, now=LATER, seed="both")
    award = sound(root).ledger.awards[first.id]
    names = [document(root, award, n)["credentialSubject"]["identifier"][0]["identityHash"] for n in (1, 2, 3)]
    assert names == ["Ada Lovelase", "Ada Lovelace", "Ada King"]
    assert len({version.index for version in award.versions}) == 3 == len(bits(root)) + 1


def test_withheld_versions_leave_the_repository_and_keep_their_places(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = correct(root, issued(root), "name: Ada Lovelace\n")
    award = correct(root, award, "name: Ada King\nwithhold_previous: true\n", name="correct-2.yml")
    assert [version.withheld for version in award.versions] == [True, True, None]
    assert sorted(path.name for path in (root / award.folder).iterdir()) == ["award.json", "credential-3.json"]
    assert bits(root) == {version.index for version in award.versions[:2]}


def test_correction_of_a_corrected_award_that_is_revoked_after_leaves_all_places_revoked(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = correct(root, issued(root), "name: Ada Lovelace\n")
    write(root, "revoke.yml", f"revoke: {award.id}\ndate: 2026-08-01\nreason: other\n")
    issue_all(root, now=LATER, seed="revoked")
    award = sound(root).ledger.awards[award.id]
    assert [version.state for version in award.versions] == ["superseded", "revoked"]
    assert bits(root) == {version.index for version in award.versions}


def test_row_that_repeats_an_award_as_it_was_corrected_is_refused_unless_it_has_a_ref(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = correct(root, issued(root), "name: Ada Lovelace\nemail: al@example.org\n")
    again = AWARD.replace("Lovelase", "Lovelace").replace("ada@", "al@").replace("/17", "/18")
    write(root, "again.yml", again)
    [problem] = check_repository(root).problems
    assert (problem.code, problem.file) == ("REC015", f"{RECORDS}/again.yml") and award.id in problem.what
    write(root, "again.yml", again + "ref: second\n")
    assert check_repository(root).problems == []


def test_new_row_with_the_words_that_a_row_had_once_does_not_take_its_place_in_silence(tmp_path: Path) -> None:
    row = "badge: knots\nawarded: 2026-05-14\nname: {}\n"
    root = repository(tmp_path, award=row.format("Mary Byron"))
    award = correct(root, issued(root), "name: Mary Shelley\n")
    write(root, "2026-05.yml", row.format("Mary Shelley"))
    sound(root)
    write(root, "byron.yml", row.format("Mary Byron"))
    assert [problem.code for problem in check_repository(root).problems] == ["REC015"]
    write(root, "byron.yml", row.format("Mary Byron") + "ref: another\n")
    checked = check_repository(root)
    assert checked.problems == [] and checked.rows[award.id].award.name == "Mary Shelley"
    assert [pending.award.name for pending in checked.pending_rows] == ["Mary Byron"]


# --- renewals ---------------------------------------------------------------------------------------------------------


def test_renewal_is_a_new_award_to_the_same_recipient_by_the_definition_of_today(tmp_path: Path) -> None:
    root = repository(tmp_path)
    first = correct(root, issued(root), "name: Ada Lovelace\n")
    (root / "badges/knots/badge.yml").write_text(FULL.replace("name: Knots", "name: Knots II"))
    write(root, "renew.yml", f"renew: {first.id}\ndate: 2028-05-10\nevidence: https://school.example/18\n")
    [award] = issue_all(root, now=LATER, seed="renewed").awards
    assert award.renews == first.id and award.id != first.id and award.awarded == "2028-05-10"
    new = document(root, award)
    assert new["name"] == "Knots II" and new["validUntil"].startswith("2030-05-10")
    assert new["credentialSubject"]["identifier"][0]["identityHash"] == "Ada Lovelace"
    assert [item["id"] for item in new["evidence"]] == ["https://school.example/18"]
    assert "result" not in new["credentialSubject"]
    checked = sound(root)
    assert {old: award.id for old, award in checked.renewed_by.items()} == {first.id: award.id}
    assert bits(root) == {first.versions[0].index}


def test_renewal_names_the_recipient_as_a_correction_beside_it_does(tmp_path: Path) -> None:
    root = repository(tmp_path)
    first = issued(root)
    write(root, "correct.yml", f"correct: {first.id}\ndate: 2026-06-03\nname: Ada Lovelace\nemail: al@example.org\n")
    write(root, "renew.yml", f"renew: {first.id}\ndate: 2028-05-10\n")
    [award] = issue_all(root, now=LATER, seed="both").awards
    assert document(root, award)["credentialSubject"]["identifier"][0]["identityHash"] == "Ada Lovelace"
    assert sound(root).rows[award.id].award.email == "al@example.org"


def test_renewal_is_found_again_when_both_names_were_corrected_and_the_row_was_brought_up_to_date(
    tmp_path: Path,
) -> None:
    root = repository(tmp_path, award="badge: knots\nawarded: 2026-05-14\nname: Ada Byron\n")
    first = issued(root)
    write(root, "renew.yml", f"renew: {first.id}\ndate: 2028-05-10\n")
    [award] = issue_all(root, now=LATER, seed="renewed").awards
    for number, old in enumerate((first, award)):
        correct(root, old, "name: Ada Lovelace\nwithhold_previous: true\n", name=f"{number}.yml")
    write(root, "2026-05.yml", "badge: knots\nawarded: 2026-05-14\nname: Ada Lovelace\n")
    assert sound(root).rows.keys() == {first.id, award.id}
    # The next correction of the old award leaves the renewal, which is signed, as it is.
    correct(root, first, "name: Ada King\n")
    assert sound(root).rows[award.id].award.name == "Ada Lovelace"


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ("renew: {id}\ndate: 2028-05-11\n", "is renewed already, by content/records/school/a.yml"),
        ("revoke: {id}\ndate: 2028-05-11\nreason: other\n", "this renews a credential that is revoked"),
        (
            "correct: {id}\ndate: 2026-06-03\nawarded: 2028-05-12\n",
            "not later than the award that it renews (2028-05-12)",
        ),
    ],
    ids=["another renewal", "a revocation", "a later day"],
)
def test_renewal_that_does_not_go_with_what_stands_beside_it_is_refused(tmp_path: Path, beside: str, said: str) -> None:
    root = repository(tmp_path)
    first = issued(root)
    write(root, "a.yml", f"renew: {first.id}\ndate: 2028-05-10\n")
    write(root, "b.yml", beside.format(id=first.id))
    [problem] = check_repository(root).problems
    assert problem.code == "LED013" and said in problem.what


def test_award_is_renewed_once_and_again_when_that_renewal_was_revoked(tmp_path: Path) -> None:
    root = repository(tmp_path)
    first = issued(root)
    write(root, "a.yml", f"renew: {first.id}\ndate: 2028-05-10\n")
    [award] = issue_all(root, now=LATER, seed="renewed").awards
    write(root, "b.yml", f"renew: {first.id}\ndate: 2028-05-11\n")
    [problem] = check_repository(root).problems
    assert problem.code == "LED013" and f"is renewed already, by {award.id}" in problem.what
    (root / RECORDS / "b.yml").unlink()
    write(root, "revoke.yml", f"revoke: {award.id}\ndate: 2028-06-01\nreason: other\n")
    issue_all(root, now=LATER, seed="revoked")
    write(root, "b.yml", f"renew: {first.id}\ndate: 2028-05-11\n")
    [second] = issue_all(root, now=LATER, seed="again").awards
    assert sound(root).renewed_by[first.id].id == second.id


def test_renewal_that_was_revoked_renews_nothing(tmp_path: Path) -> None:
    root = repository(tmp_path)
    first = issued(root)
    write(root, "renew.yml", f"renew: {first.id}\ndate: 2028-05-10\n")
    [award] = issue_all(root, now=LATER, seed="renewed").awards
    write(root, "revoke.yml", f"revoke: {award.id}\ndate: 2028-06-01\nreason: other\n")
    issue_all(root, now=LATER, seed="revoked")
    assert sound(root).renewed_by == {}


def test_renewal_may_be_written_out_as_a_row_so_that_the_old_award_can_be_erased(tmp_path: Path) -> None:
    root = repository(tmp_path)
    first = issued(root)
    write(root, "renew.yml", f"renew: {first.id}\ndate: 2028-05-10\n")
    [award] = issue_all(root, now=LATER, seed="renewed").awards
    (root / RECORDS / "2026-05.yml").unlink()
    (root / RECORDS / "renew.yml").unlink()
    write(root, "2028.yml", "badge: knots\nawarded: 2028-05-10\nname: Ada Lovelase\nemail: ada@example.org\n")
    write(root, "erase.yml", f"erase: {first.id}\ndate: 2028-06-01\n")
    issue_all(root, now=LATER, seed="erased")
    checked = sound(root)
    assert checked.ledger.awards.keys() == {award.id} and checked.ledger.erased.keys() == {first.id}


def test_renewal_that_was_written_out_stays_one_when_the_old_award_gets_another_name(tmp_path: Path) -> None:
    row = "badge: knots\nawarded: {}\nname: Mary Godwin\n"
    root = repository(tmp_path, award=row.format("2026-05-14"))
    first = issued(root)
    write(root, "renew.yml", f"renew: {first.id}\ndate: 2028-05-10\n")
    [award] = issue_all(root, now=LATER, seed="renewed").awards
    write(root, "renew.yml", row.format("2028-05-10"))
    correct(root, first, "name: Mary Wollstonecraft\n", name="1.yml")
    correct(root, first, "name: Mary Shelley\n", name="2.yml")
    write(root, "2026-05.yml", row.format("2026-05-14").replace("Godwin", "Shelley"))
    assert sound(root).renewed_by[first.id].id == award.id


# --- erasures ---------------------------------------------------------------------------------------------------------


def test_erasure_leaves_the_id_the_badge_the_day_and_the_places_and_nothing_else(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = correct(root, issued(root), "name: Ada Lovelace\n")
    for name in ("2026-05.yml", "correct.yml"):
        (root / RECORDS / name).unlink()
    write(root, "erase.yml", f"erase: {award.id}\ndate: 2026-08-01\n")
    issue_all(root, now=LATER, seed="erased")
    assert [path.name for path in (root / award.folder).iterdir()] == ["award.json"]
    assert parse_json((root / award.folder / "award.json").read_bytes()) == {
        "format": "laurels-award-1",
        "id": award.id,
        "issuer": "school",
        "badge": "knots",
        "awarded": "2026-05-14",
        "versions": [{"list": 1, "index": version.index} for version in award.versions],
    }
    assert bits(root) == {version.index for version in award.versions}


@pytest.mark.parametrize("is_erased", [False, True], ids=["withheld", "erased"])
def test_award_json_that_takes_back_what_no_record_does_deletes_nothing(tmp_path: Path, is_erased: bool) -> None:
    root = repository(tmp_path)
    award = correct(root, issued(root), "name: Ada Lovelace\n")
    first = award.versions[0].model_copy(update={"withheld": True})
    edited: StoredAward | ErasedAward = award.model_copy(update={"versions": (first, *award.versions[1:])})
    if is_erased:
        places = tuple(StatusEntry(list=version.list, index=version.index) for version in award.versions)
        kept = award.model_dump(include={"format", "id", "issuer", "badge", "awarded"})
        edited = ErasedAward(**kept, versions=places)
    (root / award.folder / "award.json").write_bytes(award_bytes(edited))
    with pytest.raises(Error, match="nothing was issued"):
        issue_all(root, now=LATER, seed="again")
    assert sorted(path.name for path in (root / award.folder).glob("c*")) == ["credential-2.json", "credential.json"]


def test_place_of_what_was_erased_is_never_drawn_again(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = issued(root)
    (root / RECORDS / "2026-05.yml").unlink()
    write(root, "erase.yml", f"erase: {award.id}\ndate: 2026-08-01\n")
    issue_all(root, now=LATER, seed="erased")
    write(root, "new.yml", "badge: knots\nawarded: 2026-05-14\nname: Mary Anning\n")
    index = award.current.index
    draws = iter([bytes(16), index.to_bytes(3, "big"), (index + 1).to_bytes(3, "big")])
    keys = {"school": SigningKey("key-1", fake_key())}
    [other] = issue(root, now=LATER, random_bytes=lambda count: next(draws)[-count:], signing_keys=keys).awards
    assert other.current.index == index + 1
    sound(root)


# --- compromised keys -------------------------------------------------------------------------------------------------


def compromise(root: Path, *, state: str = "compromised") -> None:
    """key-1 is in wrong hands, and key-2 signs."""
    old, new = (format_public_key(fake_key(name).public_key()) for name in ("test issuer", "second"))
    (root / "issuers/school/keys.yml").write_text(
        "keys:\n"
        f"  - {{id: key-1, publicKeyMultibase: {old}, created: 2026-05-01, state: {state}}}\n"
        f"  - {{id: key-2, publicKeyMultibase: {new}, created: 2026-06-20, state: active}}\n",
        "utf-8",
    )


def run(root: Path, *, resign: bool = False) -> Issued:
    keys = {"school": SigningKey("key-2", fake_key("second"))}
    return issue(root, now=LATER, random_bytes=repeatable_random("resign"), signing_keys=keys, resign=resign)


def test_new_proofs_change_nothing_but_the_proofs(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = correct(root, issued(root), "name: Ada Lovelace\n")
    before = [document(root, award, number) for number in (1, 2)]
    compromise(root)
    done = run(root, resign=True)
    assert done.resigned == 2 and done.lists == ["issuers/school/status/1.json"]
    again = sound(root).ledger.awards[award.id]
    for number, old in enumerate(before, 1):
        new, version = document(root, again, number), again.versions[number - 1]
        assert without(new, "proof") == without(old, "proof")
        assert {proof["verificationMethod"].partition("#")[2] for proof in new["proof"]} == {"key-2"}
        assert {proof["created"] for proof in new["proof"]} == {"2026-07-01T12:00:00Z"} == {version.resigned}
        assert version.key == "key-2" and version.issued == award.versions[number - 1].issued
    assert [v.index for v in again.versions] == [v.index for v in award.versions]
    assert run(root, resign=True).resigned == 0


def test_without_being_asked_issue_leaves_the_proofs_and_signs_the_list_anew(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = issued(root)
    raw = (root / award.folder / "credential.json").read_bytes()
    compromise(root)
    done = run(root)
    assert (done.resigned, len(done.lists)) == (0, 1)
    assert (root / award.folder / "credential.json").read_bytes() == raw


def test_what_a_retired_key_signed_is_not_signed_anew(tmp_path: Path) -> None:
    root = repository(tmp_path)
    issued(root)
    compromise(root, state="retired")
    assert run(root, resign=True).resigned == 0


def test_proof_by_the_compromised_key_that_is_put_back_is_noticed(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = issued(root)
    raw = (root / award.folder / "credential.json").read_bytes()
    compromise(root)
    run(root, resign=True)
    (root / award.folder / "credential.json").write_bytes(raw)
    assert [problem.code for problem in check_repository(root).problems] == ["LED001"]


# --- interrupted changes ----------------------------------------------------------------------------------------------


def test_change_whose_files_are_half_in_place_is_completed_by_the_next_run(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = issued(root)
    before = {path.name: path.read_bytes() for path in (root / award.folder).iterdir()}
    status_list = root / "issuers/school/status/1.json"
    list_before = status_list.read_bytes()
    done = correct(root, award, "name: Ada Lovelace\n")
    after = {path.name: path.read_bytes() for path in (root / award.folder).iterdir()}
    (root / award.folder / "award.json").write_bytes(before["award.json"])
    (root / award.folder / ".award.json.tmp").write_bytes(after["award.json"])
    status_list.write_bytes(list_before)
    assert [problem.code for problem in check_repository(root).problems] == ["LED012"]
    issue_all(root, now=LATER, seed="again")
    assert {path.name: path.read_bytes() for path in (root / award.folder).iterdir()} == after
    assert sound(root).ledger.awards[award.id] == done


def test_hidden_award_json_that_is_not_whole_is_removed_and_the_rest_is_said(tmp_path: Path) -> None:
    root = repository(tmp_path)
    award = issued(root)
    (root / award.folder / ".award.json.tmp").write_bytes(b"{")
    (root / award.folder / "credential-2.json").write_bytes(b"{}")
    with pytest.raises(Error, match="problems were found"):
        issue_all(root, seed="again")
    assert not (root / award.folder / ".award.json.tmp").exists()
    assert [problem.code for problem in check_repository(root).problems] == ["FIL001"]
