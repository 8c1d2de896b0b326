"""Rules that hold between the files that people write: names that must exist, folders that must agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from site_builder.errors import Problem
from site_builder.records.fields.kinds import is_slug
from site_builder.records.fields.text import quote_word
from site_builder.records.formats.explain import nearest
from site_builder.records.load.award_files import Row
from site_builder.records.load.repository import Badge, KeyList, Repository
from site_builder.records.models.results import problem_of_value

__all__ = ["check_pending", "check_records"]


def check_records(repository: Repository) -> list[Problem]:
    """The problems between files; those inside of one file were found when it was read."""
    problems: list[Problem] = []
    for badge in repository.badges.values():
        problems += _check_badge(badge, repository)
    for file in repository.key_files:
        problems += _check_keys(file)
    for row in repository.rows:
        problems += _check_row(row, repository)
    return problems


def _letters(text: str) -> str:
    """Text without white space and ASCII punctuation, so that emphasis does not hide a word."""
    return re.sub(r"[\s!-/:-@\[-`{-~]+", "", text)


def _check_badge(badge: Badge, repository: Repository) -> Iterator[Problem]:
    file = f"badges/{badge.slug}/badge.yml"
    # An issuer's folder that exists has a problem of its own, which is said there.
    if not (repository.root / "issuers" / badge.record.issuer).is_dir():
        similar = nearest(badge.record.issuer, repository.issuers)
        fix = f"did you mean '{similar}'?" if similar else f"add issuers/{badge.record.issuer}/issuer.yml"
        line = badge.lines.find(("issuer",))
        yield Problem(file, line, "ISS001", f"there is no issuer {badge.record.issuer!r}", fix)
    credits = badge.record.credits
    unit = _letters(credits.unit) if credits else ""
    if credits and (not unit or unit not in _letters(badge.record.criteria.narrative or "")):
        line = badge.lines.find(("credits", "unit"))
        what = f"the unit of credits, {credits.unit!r}, does not occur in the criteria"
        fix = "say in the narrative what a credit is, with this very word: the standard signs the number only"
        yield Problem(file, line, "BAD001", what, fix)


def _check_keys(listed: KeyList) -> Iterator[Problem]:
    file = listed.file
    ids = [key.id for key in listed.keys]
    for index, key in enumerate(listed.keys):
        line = listed.lines.find(("keys", index))
        fix = "keys are named key-1, key-2 and so on; a name is never used again"
        if not re.fullmatch(r"key-[1-9][0-9]{0,3}", key.id):
            yield Problem(file, line, "KEY001", f"{quote_word(key.id, 'this')} is not a name for a key", fix)
        elif key.id in ids[:index]:
            yield Problem(file, line, "KEY001", f"{key.id!r} stands here twice", fix)
    active = [index for index, key in enumerate(listed.keys) if key.state == "active"]
    if len(active) > 1:
        fix = "set 'state: retired' at the older one"
        line = listed.lines.find(("keys", active[1]))
        yield Problem(file, line, "KEY001", "more than one key is active", fix)


def _check_row(row: Row, repository: Repository) -> Iterator[Problem]:
    badge = repository.badges.get(row.award.badge)
    line = row.line_of("badge")
    if badge is None:
        if is_slug(row.award.badge) and (repository.root / "badges" / row.award.badge).is_dir():
            return  # it exists and has a problem of its own, which is said there
        similar = nearest(row.award.badge.lower().replace(" ", "-"), repository.badges)
        fix = (f"did you mean '{similar}'? " if similar else "") + "Achievements are the folders in badges/."
        word = quote_word(row.award.badge, "")
        what = f"badge {word} does not exist" if word else "there is no badge of this name"
        yield Problem(row.file, line, "REC014", what, fix)
        return
    if badge.record.issuer != row.issuer and {badge.record.issuer, row.issuer} <= set(repository.issuers):
        what = f"badge {row.award.badge!r} belongs to the issuer {badge.record.issuer!r}, this folder to {row.issuer!r}"
        fix = f"move the record to content/records/{badge.record.issuer}/"
        yield Problem(row.file, line, "REC013", what, fix)


def _check_credits(row: Row, badge: Badge) -> Iterator[Problem]:
    earned, credits = row.award.credits_earned, badge.record.credits
    if earned is not None and (credits is None or earned > credits.available):
        what = (
            "more credits earned than the achievement has"
            if credits
            else "credits earned, but the achievement has none"
        )
        fix = f"look at credits in badges/{badge.slug}/badge.yml"
        yield Problem(row.file, row.line_of("credits_earned"), "REC016", what, fix)


def _check_result_keys(row: Row, badge: Badge) -> Iterator[Problem]:
    known = badge.record.results or {}
    for key in row.award.results or {}:
        if key not in known:
            similar = nearest(key, known)
            fix = f"results are named in badges/{badge.slug}/badge.yml"
            if similar:
                fix = f"did you mean '{similar}'? {fix[0].upper()}{fix[1:]}"
            what = f"badge {badge.slug!r} has no result {key!r}"
            yield Problem(row.file, row.line_of_result_key(key), "REC020", what, fix)


def check_pending(rows: Iterable[Row], repository: Repository) -> Iterator[Problem]:
    """The problems of rows that are to be signed with the achievements as they are today.

    What was signed before is not looked at: the limits of an achievement may change, and that changes nothing signed."""
    for row in rows:
        badge = repository.badges.get(row.award.badge)
        if badge is None:
            continue  # reported already
        yield from _check_credits(row, badge)
        yield from _check_result_keys(row, badge)
        known = badge.record.results or {}
        for key, value in (row.award.results or {}).items():
            found = problem_of_value(known[key], value) if key in known else None
            if found:
                what = f"results.{key}: {found.what}"
                yield Problem(row.file, row.line_of(f"results.{key}"), found.code, what, found.fix)
