"""What became of an award, as its page tells it: corrections with their days, what it renews, what renewed it, and its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from site_builder.credentials.urls import signed_path
from site_builder.ledger.store.award_json import StoredAward, Version
from site_builder.ledger.store.checked_repository import correction_of
from site_builder.site.context import Site
from site_builder.verification.catalogue import filled, wording
from site_builder.wording import format_date

__all__ = ["CorrectionLine", "OtherAward", "VersionFile", "VersionHistory", "history_of"]


@dataclass(frozen=True)
class CorrectionLine:
    """A correction with its day, in words."""

    text: str


@dataclass(frozen=True)
class OtherAward:
    """The award before or after. path: of its page below the site's root; all are "" where there is none that is in force."""

    path: str = ""
    text: str = ""
    rest: str = ""


# One for all pages, so that it is encoded once (page_input.py).
_NO_AWARD = OtherAward()


@dataclass(frozen=True)
class VersionFile:
    """A version for the small print. separator: from the one before. file: "" for one that was withheld. signed: its days, in words."""

    separator: str
    number: str
    file: str
    signed: str


@dataclass(frozen=True)
class VersionHistory:
    """What a page tells of an award that is in force.

    history: a line for each correction. renews, renewal: the award before and the award after. versions: its files."""

    history: tuple[CorrectionLine, ...]
    renews: OtherAward
    renewal: OtherAward
    versions: tuple[VersionFile, ...]


def history_of(site: Site, award: StoredAward) -> VersionHistory:
    """What the page of an award in force tells. Nothing leads from a name to a credential that was withdrawn."""
    return VersionHistory(
        history=tuple(_corrections(site, award)),
        renews=_renews(site, award),
        renewal=_renewal(site, award),
        versions=tuple(_file(number, version) for number, version in enumerate(award.versions, 1)),
    )


def _corrections(site: Site, award: StoredAward) -> Iterator[CorrectionLine]:
    *before, _ = award.versions
    for number, version in enumerate(before, 1):
        correction = correction_of(site.checked.changes, version)
        if correction is None:
            continue
        day = correction.date.isoformat()
        if number < len(before):
            yield CorrectionLine(_said("corrected", date=format_date(day)))
        else:
            told = {"number": str(len(award.versions)), "before": _before(before, day)}
            yield CorrectionLine(_said("corrected_last", date=format_date(day), **told))


def _said(name: str, **values: str) -> str:
    """A sentence on what became of an award."""
    return filled(wording()["past"][name], **values)


def _before(versions: list[Version], day: str) -> str:
    """What became of the files before. day: of the correction, ISO 8601."""
    is_withdrawn = all(version.withheld for version in versions)
    if len(versions) > 1:
        return _said("before_all_withdrawn" if is_withdrawn else "before_all_superseded")
    signed = versions[0].issued
    # Records may be written long before they are signed, and a file that is later than its correction would puzzle.
    if not is_withdrawn and signed[:10] <= day:
        return _said("before_dated", date=format_date(signed))
    return _said("before_withdrawn" if is_withdrawn else "before_superseded")


def _renews(site: Site, award: StoredAward) -> OtherAward:
    old = site.checked.ledger.awards.get(award.renews or "")
    if old is None or old.current.state != "active":
        return _NO_AWARD
    return OtherAward(signed_path("page", id=old.id), _said("award", date=format_date(old.awarded)))


def _renewal(site: Site, award: StoredAward) -> OtherAward:
    new = site.checked.renewed_by.get(award.id)
    if new is None:
        return _NO_AWARD
    end = site.signed(new, new.current).credential.valid_until
    rest = _said("until", date=format_date(end)) if end else _said("no_end")
    return OtherAward(signed_path("page", id=new.id), _said("award", date=format_date(new.awarded)), rest)


def _file(number: int, version: Version) -> VersionFile:
    """A version for the small print: one that was withheld has no file."""
    separator = "; " if number > 1 else ""
    if version.withheld:
        return _version_file(separator, str(number), "", _said("version_withdrawn"))
    signed = {"date": format_date(version.issued)}
    if version.resigned:
        return _version_file(
            separator, str(number), version.file, _said("signed_again", **signed, again=format_date(version.resigned))
        )
    return _version_file(separator, str(number), version.file, _said("signed", **signed))


# One for all that were signed on one day, so that it is encoded once.
_version_file = lru_cache(maxsize=1024)(VersionFile)
