"""Issuing: turning pending rows and changes into signed files, so that a crash at any point loses nothing.

Order: renderings, awards (committed by the rename of a whole folder), changes (by the rename of award.json), status lists last, always
computed anew from all award.json. A run that was killed is completed by the next one."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from site_builder.credentials.canonical import CanonicalizationError
from site_builder.credentials.openbadges3 import Achievement, Award, EvidenceItem, Profile, build_credential
from site_builder.credentials.proof import add_proof_set
from site_builder.credentials.status import LIST_LENGTH, build_status_list
from site_builder.credentials.urls import signed_url
from site_builder.encoding import format_base32_id, format_base64url, format_json
from site_builder.errors import Error, Problem
from site_builder.issuing.images import RenderError, render_png
from site_builder.issuing.keys import SigningKey
from site_builder.ledger.checks import check_repository
from site_builder.ledger.definitions import achievement_of, issuer_did, profile_of
from site_builder.ledger.identity import change_digest, identity_digest, row_digest
from site_builder.ledger.renderings import Rendering, find_rendering
from site_builder.ledger.state import State
from site_builder.ledger.status_lists import stale_lists, wanted_bits
from site_builder.ledger.store import (
    SIGNED,
    StoredAward,
    Version,
    award_bytes,
    credential_file,
    load_ledger,
    status_file,
)
from site_builder.records.award_files import Change, Row
from site_builder.records.load import Badge, Issuer
from site_builder.records.model import last_valid_day

__all__ = ["IssuePlan", "Issued", "free_place", "issue", "plan_issue"]

_LIST_IS_FULL = LIST_LENGTH // 2
# At least half of a list is free, so that a sound random source fails this often once in 2^1000.
_DRAWS = 1_000


@dataclass(frozen=True)
class IssuePlan:
    """What `issue` would do: sign rows, apply changes, write status lists, and draw the pictures that they need."""

    rows: tuple[Row, ...] = ()
    changes: tuple[Change, ...] = ()
    lists: tuple[tuple[str, int], ...] = ()
    renderings: tuple[str, ...] = ()

    @property
    def issuers(self) -> list[str]:
        """The issuers whose keys are needed."""
        names = {row.issuer for row in self.rows} | {change.issuer for change in self.changes}
        return sorted(names | {issuer for issuer, _ in self.lists})

    def describe(self) -> list[str]:
        """The plan in lines for people, by file; no names, so that it may stand in a log."""
        days: dict[tuple[str, str], list[str]] = {}
        for row in self.rows:
            days.setdefault((row.file, row.award.badge), []).append(row.award.awarded.isoformat())
        lines = [f"draw   {path}" for path in self.renderings]
        for (file, badge), dates in sorted(days.items()):
            period = f"{min(dates)} to {max(dates)}" if len(set(dates)) > 1 else dates[0]
            lines.append(f"sign   {file}: {len(dates)} × {badge}, awarded {period}")
        lines += [f"revoke {change.record.revoke} ({change.file}:{change.line})" for change in self.changes]
        return lines + [f"write  {status_file(issuer, number)}" for issuer, number in self.lists]


@dataclass
class Issued:
    """What `issue` did: the awards that were signed, how many changes were applied, and which files were written."""

    awards: list[StoredAward] = field(default_factory=list)
    changes: int = 0
    lists: list[str] = field(default_factory=list)


def plan_issue(state: State, *, issuer: str | None = None) -> IssuePlan:
    """What is pending, of one issuer or of all."""
    rows = tuple(row for row in state.pending_rows if issuer in (None, row.issuer))
    changes = tuple(change for change in state.pending_changes if issuer in (None, change.issuer))
    lists = tuple(entry for entry in state.stale if issuer in (None, entry[0]))
    badges = sorted({row.award.badge for row in rows})
    drawings = [(f"badges/{slug}/rendered", "image", state.repository.badges[slug].artwork) for slug in badges]
    for slug in sorted({row.issuer for row in rows}):
        logo = state.repository.issuers[slug].logo
        drawings += [(f"issuers/{slug}/rendered", "logo", logo)] if logo else []
    missing = [
        folder for folder, kind, svg in drawings if not find_rendering(state.repository.root / folder, kind, svg)
    ]
    return IssuePlan(rows, changes, lists, tuple(missing))


def issue(
    root: Path,
    *,
    now: datetime,
    random_bytes: Callable[[int], bytes],
    signing_keys: Mapping[str, SigningKey],
    issuer: str | None = None,
    reached: Callable[[str], None] = lambda point: None,
) -> Issued:
    """Signs what is pending below root. now: the one reading of the clock, UTC. signing_keys: by issuer.

    reached: told the name of each point that the run comes to; tests kill the process there.
    Raises Error when the repository has problems or another run is under way; nothing is written then."""
    with _said_of_disk(), _locked(root):
        state = check_repository(root)
        if state.problems:
            raise Error("problems were found, nothing was issued: run 'laurels check'")
        run = _Run(state, now, random_bytes, signing_keys, reached)
        _sweep(root)
        plan = plan_issue(state, issuer=issuer)
        if not signing_keys.keys() >= set(plan.issuers):
            raise Error("the records changed while 'laurels issue' began: run it again")
        run.draw(plan)
        reached("drawn")
        for row in plan.rows:
            run.award(row)
        for change in plan.changes:
            run.change(change)
        reached("before-lists")
        run.write_lists(issuer)
    return run.done


@contextmanager
def _said_of_disk() -> Iterator[None]:
    """Turns what the disk refuses (full, read-only) into a sentence."""
    try:
        yield
    except OSError as error:
        raise Error(
            f"a file could not be written ({error.strerror}: {error.filename}). Mend that and run 'laurels issue' again: "
            "it completes what was begun"
        ) from error


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    folder = root / SIGNED
    folder.mkdir(parents=True, exist_ok=True)
    # O_NOFOLLOW, and nothing is cut off: a repository may bring a link of this name to any of its reader's files.
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(folder / ".lock", flags, 0o644)
    except OSError as error:
        raise Error(f"{SIGNED}/.lock cannot be opened: {error.strerror}; delete it") from error
    with os.fdopen(descriptor, "r+b", buffering=0) as lock:
        try:
            # The kernel lets go of it when the process dies, however it dies.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Error("another 'laurels issue' is at work here; wait until it has ended") from None
        yield


def _sweep(root: Path) -> None:
    """Removes what a killed run left half-written."""
    for folder in (root / SIGNED).glob("*/.tmp-*"):
        shutil.rmtree(folder)
    for pattern in ("content/signed/*/*/.*.tmp", "issuers/*/status/.*.tmp", "*/*/rendered/.*.tmp"):
        for file in root.glob(pattern):
            file.unlink()


@dataclass
class _Run:
    state: State
    now: datetime
    random_bytes: Callable[[int], bytes]
    signing_keys: Mapping[str, SigningKey]
    reached: Callable[[str], None]
    done: Issued = field(default_factory=Issued)
    taken: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    drawn: dict[tuple[str, str], Rendering] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.state.repository.root

    @property
    def base(self) -> str:
        return self.state.repository.config.base

    def draw(self, plan: IssuePlan) -> None:
        for slug in sorted({row.award.badge for row in plan.rows}):
            self._draw(f"badges/{slug}", "image", self.state.repository.badges[slug].artwork)
        for slug in sorted({row.issuer for row in plan.rows}):
            logo = self.state.repository.issuers[slug].logo
            if logo:
                self._draw(f"issuers/{slug}", "logo", logo)

    def _draw(self, folder: str, kind: str, svg: bytes) -> None:
        rendered = self.root / folder / "rendered"
        found = find_rendering(rendered, kind, svg)
        if found is None:
            try:
                found = Rendering(svg, render_png(svg))
            except RenderError as error:
                raise Error(str(Problem(f"{folder}/{kind}.svg", 0, "ART002", str(error)))) from None
            rendered.mkdir(exist_ok=True)
            # The drawing last: it is what says that the picture is there.
            _write_file(rendered / f"{kind}-{found.digest}.png", found.png)
            _write_file(rendered / f"{kind}-{found.digest}.svg", svg)
        self.drawn[folder, kind] = found

    def award(self, row: Row) -> None:
        """Signs one row and commits it."""
        issuer, badge = self.state.repository.issuers[row.issuer], self.state.repository.badges[row.award.badge]
        key = self.signing_keys[row.issuer]
        award_id = format_base32_id(self.random_bytes(16))
        if award_id in self.state.ledger.awards:
            raise Error("the random source of this machine gave the same id twice: credentials cannot be issued here")
        salt = None
        if row.award.email is not None and issuer.record.email_match != "off":
            salt = format_base64url(self.random_bytes(16))
        taken = self.taken.setdefault(row.issuer, self.state.ledger.taken(row.issuer))
        number, index = free_place(taken, self.random_bytes)
        taken.add((number, index))
        award = _award_to_sign(row, badge, issuer, award_id=award_id, salt=salt, place=(number, index))
        zone = ZoneInfo(issuer.record.time_zone)
        profile, achievement = self._profile(issuer), self._achievement(badge, issuer)
        document = build_credential(award, achievement=achievement, profile=profile, zone=zone, base=self.base)
        try:
            raw = self._sign(document, profile.did, key)
        except CanonicalizationError as error:
            raise Error(f"{row.file}:{row.line}: this award cannot be signed: {error}") from None
        self._commit(self._stored(row, award, raw, key=key, salt=salt), raw)

    def _stored(self, row: Row, award: Award, raw: bytes, *, key: SigningKey, salt: str | None) -> StoredAward:
        version = Version(
            file=award.file,
            sha256=hashlib.sha256(raw).hexdigest(),
            row=row_digest(row.award),
            list=award.list_number,
            index=award.index,
            key=key.key_id,
            issued=self.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            state="active",
            salt=salt,
        )
        return StoredAward(
            format="laurels-award-1",
            id=award.id,
            issuer=row.issuer,
            badge=row.award.badge,
            awarded=row.award.awarded.isoformat(),
            identity=identity_digest(row.award),
            versions=(version,),
        )

    def _sign(self, document: dict[str, Any], did: str, key: SigningKey) -> bytes:
        method = f"{did}#{key.key_id}"
        signed = add_proof_set(document, signing_key=key.private, verification_method=method, created=self.now)
        return format_json(signed)

    def _commit(self, stored: StoredAward, raw: bytes) -> None:
        final = self.root / stored.folder
        temporary = final.with_name(f".tmp-{stored.id}")
        temporary.mkdir(parents=True)
        _write_synced(temporary / "credential.json", raw)
        self.reached("half-written")
        _write_synced(temporary / "award.json", award_bytes(stored))
        _sync_folder(temporary)
        self.reached("before-rename")
        temporary.rename(final)
        _sync_folder(final.parent)
        self.reached("renamed")
        self.state.ledger.awards[stored.id] = stored
        self.done.awards.append(stored)

    def change(self, change: Change) -> None:
        """Applies one revocation: the award's current version takes its state and the digest of the record."""
        award = self.state.ledger.awards[change.record.revoke]
        update = {"state": "revoked", "change": change_digest(change.record)}
        current = award.current.model_copy(update=update)
        changed = award.model_copy(update={"versions": (*award.versions[:-1], current)})
        _write_file(self.root / award.folder / "award.json", award_bytes(changed))
        self.reached("changed")
        self.state.ledger.awards[award.id] = changed
        self.done.changes += 1

    def write_lists(self, only: str | None) -> None:
        """Computes every status list anew from what lies on disk, and writes those whose bits differ."""
        self.state.ledger, problems = load_ledger(self.root)
        if problems:
            raise Error("the signed files changed while they were being written: run 'laurels check'")
        for slug, number in stale_lists(self.state.ledger, self.state.repository):
            if only in (None, slug):
                self._write_list(slug, number)

    def _write_list(self, slug: str, number: int) -> None:
        issuer, key = self.state.repository.issuers[slug], self.signing_keys[slug]
        did = issuer_did(issuer, self.base)
        url = signed_url(self.base, "status list", issuer=slug, number=str(number))
        bits = wanted_bits(self.state.ledger, slug)[number]
        document = build_status_list(url=url, issuer=did, indexes=bits, issued=self.now)
        file = self.root / status_file(slug, number)
        file.parent.mkdir(exist_ok=True)
        _write_file(file, self._sign(document, did, key))
        self.done.lists.append(status_file(slug, number))
        self.reached("list-written")

    def _profile(self, issuer: Issuer) -> Profile:
        logo = self.drawn.get((f"issuers/{issuer.slug}", "logo"))
        return profile_of(issuer, base=self.base, logo_digest=logo.digest if logo else "")

    def _achievement(self, badge: Badge, issuer: Issuer) -> Achievement:
        return achievement_of(badge, issuer, image_digest=self.drawn[f"badges/{badge.slug}", "image"].digest)


def free_place(taken: Collection[tuple[int, int]], random_bytes: Callable[[int], bytes]) -> tuple[int, int]:
    """A list and an index that no award ever had, uniform among the free ones, so that order says nothing."""
    number = max((entry[0] for entry in taken), default=1)
    if sum(entry[0] == number for entry in taken) >= _LIST_IS_FULL:
        number += 1
    for _ in range(_DRAWS):
        # 24 random bits, the lowest 17 of which are uniform over the 131,072 places; taken ones are drawn again.
        index = int.from_bytes(random_bytes(3), "big") % LIST_LENGTH
        if (number, index) not in taken:
            return number, index
    raise Error("the random source of this machine repeats itself: credentials cannot be issued here")


def _award_to_sign(
    row: Row, badge: Badge, issuer: Issuer, *, award_id: str, salt: str | None, place: tuple[int, int]
) -> Award:
    award = row.award
    return Award(
        id=award_id,
        file=credential_file(1),
        awarded=award.awarded,
        last_valid_day=last_valid_day(award, badge.record),
        name=award.name,
        list_number=place[0],
        index=place[1],
        recipient_id=award.id or "",
        email=award.email or "",
        email_salt=salt,
        salt_is_public=issuer.record.email_match == "public",
        narrative=award.narrative or "",
        license_number=award.license_number or "",
        credits_earned=award.credits_earned,
        evidence=tuple(EvidenceItem(item.url, item.name or "", item.description or "") for item in award.evidence),
    )


def _write_synced(path: Path, raw: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())


def _write_file(path: Path, raw: bytes) -> None:
    """Writes a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    _write_synced(temporary, raw)
    temporary.rename(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
