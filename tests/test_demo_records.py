"""What the demo must show, since it is the example that newcomers copy: every form of record, every state, names of the world."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from site_builder.credentials.demo import is_demo_key
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.records.load.award_files import Row
from site_builder.records.models.changes import CHANGE_MODELS, RevokeRecord

ROOT = Path(__file__).parents[1]
YAML_FILES = sorted(
    file
    for pattern in ("issuers/*/*.yml", "badges/*/badge.yml", "content/records/*/*.yml")
    for file in ROOT.glob(pattern)
)


@cache
def demo() -> CheckedRepository:
    return check_repository(ROOT)


def rows() -> list[Row]:
    return demo().repository.rows


def badges_by(field: str) -> set[str | None]:
    return {getattr(badge.record, field) for badge in demo().repository.badges.values()}


def scripts_of(name: str) -> set[str]:
    """The first word of each letter's Unicode name, which is its script's: LATIN, GREEK, CJK …"""
    return {unicodedata.name(letter).split()[0] for letter in name if unicodedata.category(letter).startswith("L")}


# --- who issues what --------------------------------------------------------------------------------------------------


def test_three_issuers_have_time_zones_colours_and_demo_keys_of_their_own() -> None:
    issuers = demo().repository.issuers
    assert set(issuers) == {"harbour", "lantern", "meridian"}
    records = [issuer.record for issuer in issuers.values()]
    assert len({record.time_zone for record in records}) == len({record.accent for record in records}) == 3
    keys = {key.publicKeyMultibase for issuer in issuers.values() for key in issuer.keys}
    assert len(keys) == 3 and all(is_demo_key(key) for key in keys)


def test_ten_achievements_of_five_categories_and_four_levels() -> None:
    assert len(demo().repository.badges) == 10
    assert len(badges_by("category")) == 5 and len(badges_by("level")) == 4
    assert None not in badges_by("category") | badges_by("level") | badges_by("achievement_type")


@pytest.mark.parametrize("slug", sorted(path.parent.name for path in ROOT.glob("badges/*/badge.yml")))
def test_an_achievement_says_what_it_takes_and_which_skills_it_stands_for(slug: str) -> None:
    record = demo().repository.badges[slug].record
    assert len(record.criteria.narrative or "") > 700 and record.criteria.url and record.tags
    assert len(record.skills) >= 3 and all(skill.framework and skill.code for skill in record.skills)
    assert record.results


def test_a_skill_stands_for_one_thing_and_some_skills_are_shared() -> None:
    skills = [skill for badge in demo().repository.badges.values() for skill in badge.record.skills]
    assert len({skill.url for skill in skills}) == len({(skill.url, skill.name, skill.code) for skill in skills})
    assert len({skill.url for skill in skills}) <= len(skills) - 4


def test_providers_have_result_fields_of_their_own() -> None:
    types = {
        result.type for badge in demo().repository.badges.values() for result in (badge.record.results or {}).values()
    }
    assert {"ext:Vessel", "ext:Mentor", "ext:Instrument"} <= types
    assert {"RawScore", "Percent", "LetterGrade"} <= types


def test_one_achievement_has_more_than_ten_holders_and_one_has_none() -> None:
    holders = Counter(row.award.badge for row in rows())
    assert max(holders.values()) > 10
    assert set(demo().repository.badges) - set(holders) == {"master-cartographer"}


# --- who was awarded it -----------------------------------------------------------------------------------------------


def test_there_are_at_least_96_awards_and_every_issuer_has_more_than_fifteen() -> None:
    awards = Counter(row.issuer for row in rows())
    assert sum(awards.values()) >= 96 and min(awards.values()) > 15


def test_names_are_written_in_every_script_that_pages_must_set() -> None:
    found = set().union(*(scripts_of(row.award.name) for row in rows()))
    assert found >= set(
        "LATIN GREEK CYRILLIC ARABIC HEBREW DEVANAGARI BENGALI TAMIL THAI CJK HANGUL HIRAGANA KATAKANA "
        "GEORGIAN ARMENIAN ETHIOPIC CHEROKEE".split()
    )
    # Vietnamese stacks two marks on one letter.
    assert any(
        len(unicodedata.normalize("NFD", letter)) == 3
        for row in rows()
        for letter in row.award.name
        if "LATIN" in unicodedata.name(letter)
    )


def test_the_shortest_name_has_one_letter_and_exactly_one_has_eighty() -> None:
    lengths = Counter(len(row.award.name) for row in rows())
    assert lengths[1] == 1 and lengths[80] == 1 and max(lengths) == 80


@pytest.mark.parametrize("sign", ["'", "\u2019", ",", "・"])
def test_names_hold_the_signs_that_programs_trip_over(sign: str) -> None:
    assert any(sign in row.award.name for row in rows())


def test_about_half_of_the_recipients_agreed_to_be_listed() -> None:
    listed = sum(row.award.listed is not None for row in rows())
    assert 0.4 < listed / len(rows()) < 0.6


def test_nobody_agreed_before_the_award() -> None:
    assert not [row.file for row in rows() if row.award.listed and row.award.listed < row.award.awarded]


def test_addresses_lie_in_domains_that_are_nobodys() -> None:
    assert all((row.award.email or "").endswith(("@example.org", ".example.org")) for row in rows())
    text = "".join(file.read_text("utf-8") for file in [*YAML_FILES, *ROOT.glob("content/records/*/*.csv")])
    hosts = set(re.findall(r"https://([^/\s\"')>,;]+)", text))
    assert hosts and all(host.endswith(".example.org") for host in hosts)


# --- every form -------------------------------------------------------------------------------------------------------


def test_records_stand_in_cohorts_single_files_and_csv_of_both_kinds() -> None:
    forms: set[str] = set()
    for file in ROOT.glob("content/records/*/*"):
        text = file.read_text("utf-8")
        if file.suffix == ".csv":
            forms.add("csv " + ("," if "," in text.splitlines()[0] else ";"))
        else:
            forms |= {
                key
                for key in ("recipients:", "name:", *(f"{kind}:" for kind in CHANGE_MODELS))
                if re.search(f"^{key}", text, re.MULTILINE)
            }
    assert forms == {"csv ,", "csv ;", "recipients:", "name:", *(f"{kind}:" for kind in CHANGE_MODELS)}


def test_every_field_of_an_award_is_shown_once_at_least() -> None:
    used = {field for row in rows() for field in row.award.model_fields_set}
    # A recipient's own DID is for those who have one: no example could be signed for without its key.
    assert set(type(rows()[0].award).model_fields) - used == {"id"}
    assert any(row.award.expires == "never" for row in rows())


def test_evidence_comes_as_one_address_several_and_with_words() -> None:
    given = [row.award.evidence for row in rows()]
    assert {0, 1, 2, 3} <= {len(evidence) for evidence in given}
    assert any(item.name and item.description for evidence in given for item in evidence)


def test_every_result_meets_what_its_achievement_requires() -> None:
    numbers = 0
    for row in rows():
        described = demo().repository.badges[row.award.badge].record.results or {}
        for key, value in (row.award.results or {}).items():
            required = described[key].required
            if required and re.fullmatch(r"[\d.]+", str(required)):
                assert float(str(value)) >= float(str(required)), f"{row.file}:{row.line}"
                numbers += 1
    assert numbers > 60


def test_revocations_have_different_issuers_and_reasons() -> None:
    changes = [change for change in demo().repository.changes if isinstance(change.record, RevokeRecord)]
    assert len(changes) == len({change.issuer for change in changes}) == 2
    records = [change.record for change in changes if isinstance(change.record, RevokeRecord)]
    assert len({record.reason for record in records}) == 2 and all(record.note for record in records)


def test_every_kind_of_change_is_shown_once_at_least_and_done() -> None:
    ledger = demo().ledger
    assert {change.record.kind for change in demo().repository.changes} == set(CHANGE_MODELS)
    assert demo().pending_changes == [] == demo().pending_rows
    [(old_id, new)] = demo().renewed_by.items()
    assert ledger.awards[old_id].badge == new.badge and ledger.awards[old_id].awarded < new.awarded
    assert sum(len(award.versions) > 1 for award in ledger.awards.values()) == 1 == len(ledger.erased)


# --- files to copy ----------------------------------------------------------------------------------------------------


def schema_of(file: Path) -> str:
    kind = {"issuer.yml": "issuer", "keys.yml": "keys", "badge.yml": "badge"}.get(file.name)
    return kind or (
        "change" if re.search(f"^({'|'.join(CHANGE_MODELS)}):", file.read_text("utf-8"), re.MULTILINE) else "record"
    )


@pytest.mark.parametrize("file", YAML_FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_file_begins_with_the_schema_that_editors_complete_from(file: Path) -> None:
    first = file.read_text("utf-8").splitlines()[0]
    [path] = re.findall(r"^# yaml-language-server: \$schema=(\S+)$", first)
    schema = (file.parent / path).resolve()
    assert schema == ROOT / "site_builder/records/schemas" / f"{schema_of(file)}.json" and schema.is_file()
