"""Issuing: turning pending rows and changes into signed files, so that a crash at any point loses nothing.

Order: renderings, awards (committed by the rename of a whole folder, as in durable.award_batch), changes (by the rename of award.json,
as in durable.atomic_change), status lists last, computed again from all awards. The next run completes one that was killed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from site_builder.credentials.openbadges3.read import issuer_id_of
from site_builder.credentials.securing.data_integrity import add_proof_set, without_proof
from site_builder.credentials.securing.rdfc import CanonicalizationError
from site_builder.credentials.status.bitstring import build_status_list
from site_builder.credentials.urls import credential_file, signed_url
from site_builder.encoding import format_base32_id, format_base64url, format_json
from site_builder.errors import Error, Progress, no_progress
from site_builder.issuing.durable.atomic_change import commit_change, recover
from site_builder.issuing.durable.award_batch import AwardBatch
from site_builder.issuing.durable.files import explain_os_errors, locked, sweep, write_file
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.transaction.drawing import draw_pictures
from site_builder.issuing.transaction.plan import IssuePlan, plan_issue
from site_builder.issuing.transaction.status_indexes import StatusIndexAllocator
from site_builder.ledger.checks.applied_changes import is_recorded
from site_builder.ledger.checks.change_index import ChangeIndex
from site_builder.ledger.checks.repository import Loaded, check_loaded, check_repository, reuse_unchanged
from site_builder.ledger.checks.status_lists import stale_lists, wanted_bits
from site_builder.ledger.history.git import tracked_files
from site_builder.ledger.history.snapshot import differing, take_snapshot
from site_builder.ledger.store.award_json import ErasedAward, StatusEntry, StoredAward, Version
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.definitions import issuer_did
from site_builder.ledger.store.documents import Statement, corrected_document, document_of
from site_builder.ledger.store.identity import change_digest, identity_digest, row_digest
from site_builder.ledger.store.ledger import SignedFile, load_ledger, status_file
from site_builder.ledger.store.renderings import Rendering
from site_builder.records.load.award_files import Change, Row
from site_builder.records.load.repository import Issuer, Repository
from site_builder.records.models.changes import ChangeRecord, CorrectRecord, EraseRecord

__all__ = ["Issued", "complete_and_check", "is_interrupted", "issue"]

_ROWS_A_STEP = 25


@dataclass
class Issued:
    """What `issue` did: the awards that were signed, how many changes were applied and proofs replaced, and which lists were written.

    checked: the repository as the run began; None when it did not begin with what was known. written: what it may have written since.
    files: signed files that were read or written, by path."""

    awards: list[StoredAward] = field(default_factory=list)
    changes: int = 0
    resigned: int = 0
    lists: list[str] = field(default_factory=list)
    checked: CheckedRepository | None = None
    written: frozenset[str] = frozenset()
    files: Mapping[str, SignedFile] = field(default_factory=dict)

    def checked_after(self) -> CheckedRepository | None:
        """The repository with what was signed, checked without verifying again what was known.

        None when somebody else changed a file since the run began: then all must be read."""
        before = self.checked
        if before is None:
            return None
        root = before.repository.root
        seen = take_snapshot(root, tracked_files(root))
        ledger, problems = load_ledger(root, known=self.files)
        snapshot = take_snapshot(root, tracked_files(root))
        # The ledger was read between these two.
        if problems or seen != snapshot or differing(root, before.snapshot, now=snapshot, but=self.written):
            return None
        return check_loaded(Loaded(before.repository, ledger, snapshot), before=before)


def issue(
    root: Path,
    *,
    now: datetime,
    random_bytes: Callable[[int], bytes],
    signing_keys: Mapping[str, SigningKey],
    issuer: str | None = None,
    resign: bool = False,
    known: CheckedRepository | None = None,
    on_step: Callable[[str], None] = lambda point: None,
    progress: Progress = no_progress,
) -> Issued:
    """Signs what is pending below root. now: the one reading of the clock, UTC. signing_keys: by issuer.

    resign: also replace the proofs that compromised keys made.
    known: what a check found a moment ago, which is believed if no file has changed since.
    on_step: told the name of each point that the run comes to; tests kill the process there.
    Raises Error when the repository has problems or another run is under way; nothing is written then."""
    with explain_os_errors(), locked(root):
        checked = reuse_unchanged(root, known) or complete_and_check(root)
        if checked.problems:
            raise Error("problems were found, nothing was issued: run 'laurels check'")
        if checked.remembered.unseen:
            raise Error(f"nothing was issued: {checked.remembered.unseen}")
        run = _Run(checked, now, random_bytes, signing_keys, on_step)
        sweep(root, checked.snapshot)
        plan = plan_issue(checked, issuer=issuer, resign=resign)
        if not signing_keys.keys() >= set(plan.issuers):
            raise Error("the records changed while 'laurels issue' began: run it again")
        _carry_out(run, plan, progress)
        run.write_lists(issuer)
        if known is not None:
            run.done.checked, run.done.written = checked, frozenset(run.written())
            run.done.files = {**checked.ledger.files, **run.files}
    return run.done


def _carry_out(run: _Run, plan: IssuePlan, progress: Progress) -> None:
    """Everything that is planned but the status lists. progress: of the awards."""
    run.drawn = draw_pictures(run.checked, plan)
    run.on_step("drawn")
    run.sign_rows(plan.rows, progress)
    for change in plan.changes:
        run.change(change)
    for award in plan.resign:
        run.resign(run.awards[award.id], plan.compromised[award.issuer])
    run.on_step("before-lists")


def complete_and_check(root: Path) -> CheckedRepository:
    """The repository as it stands, after completing what a killed run had begun. The lock is held."""
    checked = check_repository(root)
    if is_interrupted(checked):
        index = ChangeIndex(checked.changes, checked.erasures)
        recover(root, is_recorded=lambda award: is_recorded(award, index))
        checked = check_repository(root)
    return checked


def is_interrupted(checked: CheckedRepository) -> bool:
    """Whether a run was killed in the middle of a change."""
    return any(problem.code == "LED012" for problem in checked.problems)


@dataclass
class _Run:
    """One run of `issue`. checked: as it began.

    awards, erased: all by now, with those that are being stored. files: those of the awards that it changed, by path."""

    checked: CheckedRepository
    now: datetime
    random_bytes: Callable[[int], bytes]
    signing_keys: Mapping[str, SigningKey]
    on_step: Callable[[str], None]
    awards: dict[str, StoredAward] = field(init=False)
    erased: dict[str, ErasedAward] = field(init=False)
    files: dict[str, SignedFile] = field(default_factory=dict)
    done: Issued = field(default_factory=Issued)
    status_entries: dict[str, StatusIndexAllocator] = field(default_factory=dict)
    drawn: dict[tuple[str, str], Rendering] = field(default_factory=dict)
    statements: dict[tuple[str, str], Statement] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.awards, self.erased = dict(self.checked.ledger.awards), dict(self.checked.ledger.erased)

    @cached_property
    def stamp(self) -> str:
        """The one reading of the clock, as text."""
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def root(self) -> Path:
        return self.repository.root

    @property
    def repository(self) -> Repository:
        return self.checked.repository

    @property
    def base(self) -> str:
        return self.repository.config.base

    def written(self) -> set[str]:
        """The files and folders that this run may have written."""
        pictures = {f"{folder}/rendered" for folder, _ in self.drawn}
        return {*self.touched, *pictures, *self.done.lists}

    def document(self, award: StoredAward, version: Version) -> Any:
        """The signed document of a version as it is by now, which is not to be changed."""
        written = self.files.get(f"{award.folder}/{version.file}")
        return written.document if written else self.checked.document(award, version)

    def sign_rows(self, rows: Sequence[Row], progress: Progress) -> None:
        """Signs rows and commits them. progress: told every so often, since a bar takes longer to draw than an award to sign."""
        with AwardBatch(self.root, len(rows), self.on_step, self._committed) as batch:
            for done, row in enumerate(rows, 1):
                batch.add(*self.award(row))
                if done % _ROWS_A_STEP == 0 or done == len(rows):
                    progress(done, len(rows))

    def award(self, row: Row) -> tuple[StoredAward, bytes]:
        """The award of a row, and its signed credential."""
        award_id = format_base32_id(self.random_bytes(16))
        if award_id in self.awards or award_id in self.erased:
            raise Error("the random source of this machine gave the same id twice: credentials cannot be issued here")
        salt = self._salt(row, self.repository.issuers[row.issuer])
        status_entry = self.draw_status_entry(row.issuer)
        document = self._statement(row).document(row, award_id=award_id, salt=salt, status_entry=status_entry)
        raw = self.sign_award(document, row)
        version = self._version(row, raw, number=1, status_entry=status_entry, salt=salt)
        stored = self.awards[award_id] = self._stored(row, award_id, version)
        return stored, raw

    def _statement(self, row: Row) -> Statement:
        """What awards such as this one state, put together once."""
        badge, issuer = self.repository.badges[row.award.badge], self.repository.issuers[row.issuer]
        found = self.statements.get((badge.slug, issuer.slug))
        if found is None:
            image, logo = (
                self.drawn[f"badges/{badge.slug}", "image"],
                self.drawn.get((f"issuers/{issuer.slug}", "logo")),
            )
            found = self.statements[badge.slug, issuer.slug] = Statement(
                badge, issuer, base=self.base, image_digest=image.digest, logo_digest=logo.digest if logo else ""
            )
        return found

    def _salt(self, row: Row, issuer: Issuer) -> str | None:
        has_hash = row.award.email is not None and issuer.record.email_match != "off"
        return format_base64url(self.random_bytes(16)) if has_hash else None

    def draw_status_entry(self, issuer: str) -> tuple[int, int]:
        """A status entry that nobody has, (list, index), taken from now on."""
        if issuer not in self.status_entries:
            self.status_entries[issuer] = StatusIndexAllocator(self.checked.ledger.taken(issuer), self.random_bytes)
        return self.status_entries[issuer].draw()

    def sign_award(self, document: dict[str, Any], row: Row) -> bytes:
        """A credential of an issuer, signed. Raises Error that names the row when a term of it would not be signed."""
        try:
            return self._sign(document, issuer_id_of(document), self.signing_keys[row.issuer])
        except CanonicalizationError as error:
            raise Error(f"{row.file}:{row.line}: this award cannot be signed: {error}") from None

    def _version(
        self, row: Row, raw: bytes, *, number: int, status_entry: tuple[int, int], salt: str | None
    ) -> Version:
        return Version(
            file=credential_file(number),
            sha256=hashlib.sha256(raw).hexdigest(),
            row=row_digest(row.award),
            list=status_entry[0],
            index=status_entry[1],
            key=self.signing_keys[row.issuer].key_id,
            issued=self.stamp,
            state="active",
            salt=salt,
        )

    def _stored(self, row: Row, award_id: str, version: Version) -> StoredAward:
        return StoredAward(
            format="laurels-award-1",
            id=award_id,
            issuer=row.issuer,
            badge=row.award.badge,
            awarded=row.award.awarded.isoformat(),
            identity=identity_digest(row.award),
            renews=row.renews or None,
            versions=(version,),
        )

    def _sign(self, document: dict[str, Any], did: str, key: SigningKey) -> bytes:
        method = f"{did}#{key.key_id}"
        signed = add_proof_set(document, signing_key=key.private, verification_method=method, created=self.now)
        return format_json(signed)

    def _committed(self, award: StoredAward) -> None:
        self.touched.add(award.folder)
        self.done.awards.append(award)

    def _keep(self, award: StoredAward, files: Mapping[str, bytes]) -> None:
        """Takes note of a change that is committed. files: its new or newly signed credentials by name."""
        self.awards[award.id] = award
        self.touched.add(award.folder)
        self.files |= {f"{award.folder}/{name}": SignedFile(raw) for name, raw in files.items()}

    def change(self, change: Change) -> None:
        """Applies one change to the award that it names."""
        award = self.awards[change.record.target]
        files: dict[str, bytes] = {}
        changed: StoredAward | ErasedAward
        if isinstance(change.record, CorrectRecord):
            changed, files = self._corrected(award, self.checked.corrected[change.file], change.record)
        elif isinstance(change.record, EraseRecord):
            changed = _erased(award)
        else:
            changed = _ended(award, "revoked", change.record)
        self.commit_change(award, changed, files)
        self.done.changes += 1

    def commit_change(self, award: StoredAward, changed: StoredAward | ErasedAward, files: Mapping[str, bytes]) -> None:
        """Puts a changed award in the place of what was stored of it."""
        commit_change(self.root, changed, files)
        self.on_step("changed")
        if isinstance(changed, StoredAward):
            self._keep(changed, files)
        else:
            del self.awards[award.id]
            self.erased[award.id] = changed
            self.touched.add(award.folder)

    def _corrected(self, award: StoredAward, row: Row, record: CorrectRecord) -> tuple[StoredAward, dict[str, bytes]]:
        """The award with one more version, and that version's file; the one before is superseded."""
        issuer, badge = self.repository.issuers[award.issuer], self.repository.badges[award.badge]
        fields, number = {*record.given, *record.remove}, len(award.versions) + 1
        salt = self._salt(row, issuer) if "email" in fields else award.current.salt
        status_entry = self.draw_status_entry(award.issuer)
        rebuilt = document_of(
            row, badge, issuer, base=self.base, award_id=award.id, salt=salt, status_entry=status_entry, number=number
        )
        previous = self.document(award, award.current)
        raw = self.sign_award(corrected_document(previous, rebuilt, fields=fields), row)
        version = self._version(row, raw, number=number, status_entry=status_entry, salt=salt)
        before = _ended(award, "superseded", record).versions
        if record.withhold_previous:
            before = tuple(version.model_copy(update={"withheld": True}) for version in before)
        update = {"awarded": row.award.awarded.isoformat(), "versions": (*before, version)}
        return award.model_copy(update=update), {version.file: raw}

    def resign(self, award: StoredAward, keys: Collection[str]) -> None:
        """Replaces the proofs of an award's credentials that carry one of the keys; what they say stays."""
        files: dict[str, bytes] = {}
        versions = []
        for version in award.versions:
            if version.key in keys and not version.withheld:
                document = without_proof(self.document(award, version))
                raw = files[version.file] = self._sign(
                    document, issuer_id_of(document), self.signing_keys[award.issuer]
                )
                update = {"sha256": hashlib.sha256(raw).hexdigest(), "resigned": self.stamp}
                version = version.model_copy(update=update | {"key": self.signing_keys[award.issuer].key_id})
            versions.append(version)
        self.commit_change(award, award.model_copy(update={"versions": tuple(versions)}), files)
        self.done.resigned += len(files)

    def write_lists(self, only: str | None) -> None:
        """Computes every status list anew from all awards, and writes those whose bits differ.

        only: the lists of this issuer, None for all. Nobody else signs while the lock is held. If somebody puts another award.json into
        its place meanwhile, `check` finds that these lists do not say what it says, and the next run writes them again."""
        ledger = replace(self.checked.ledger, awards=self.awards, erased=self.erased)
        for slug, number in stale_lists(ledger, self.repository, self.checked.lists):
            if only in (None, slug):
                self._write_list(slug, number, wanted_bits(ledger, slug)[number])

    def _write_list(self, slug: str, number: int, bits: Collection[int]) -> None:
        issuer, key = self.repository.issuers[slug], self.signing_keys[slug]
        did = issuer_did(issuer, self.base)
        url = signed_url(self.base, "status list", issuer=slug, number=str(number))
        raw = self._sign(build_status_list(url=url, issuer=did, indexes=bits, issued=self.now), did, key)
        file = self.root / status_file(slug, number)
        file.parent.mkdir(exist_ok=True)
        write_file(file, raw)
        self.done.lists.append(status_file(slug, number))
        self.on_step("list-written")


def _ended(award: StoredAward, state: str, record: ChangeRecord) -> StoredAward:
    """The award with a current version that is active no more, by a record of change."""
    current = award.current.model_copy(update={"state": state, "change": change_digest(record)})
    return award.model_copy(update={"versions": (*award.versions[:-1], current)})


def _erased(award: StoredAward) -> ErasedAward:
    status_entries = tuple(StatusEntry(list=version.list, index=version.index) for version in award.versions)
    kept = {name: getattr(award, name) for name in ("format", "id", "issuer", "badge", "awarded")}
    return ErasedAward(**kept, versions=status_entries)
