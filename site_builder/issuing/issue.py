"""Issuing: turning pending rows and changes into signed files, so that a crash at any point loses nothing.

Order: renderings, awards (committed by the rename of a whole folder), changes (by the rename of award.json), status lists last, always
computed anew from all award.json. A run that was killed is completed by the next one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from site_builder.credentials.canonical import CanonicalizationError
from site_builder.credentials.openbadges3 import Achievement, Award, Profile, build_credential
from site_builder.credentials.proof import add_proof_set
from site_builder.credentials.status import build_status_list
from site_builder.credentials.urls import signed_url
from site_builder.encoding import format_base32_id, format_base64url, format_json
from site_builder.errors import Error, Problem, Progress, no_progress
from site_builder.issuing.disk import locked, said_of_disk, sweep, sync_folder, write_file, write_synced
from site_builder.issuing.images import RenderError, render_png
from site_builder.issuing.keys import SigningKey
from site_builder.issuing.places import FreePlaces
from site_builder.issuing.plan import IssuePlan, plan_issue
from site_builder.ledger.checks import check_repository
from site_builder.ledger.definitions import achievement_of, award_of, issuer_did, profile_of
from site_builder.ledger.identity import change_digest, identity_digest, row_digest
from site_builder.ledger.renderings import Rendering, find_rendering, source_file, source_text
from site_builder.ledger.state import State
from site_builder.ledger.status_lists import stale_lists, wanted_bits
from site_builder.ledger.store import (
    StoredAward,
    Version,
    award_bytes,
    load_ledger,
    status_file,
)
from site_builder.records.award_files import Change, Row
from site_builder.records.load import Badge, Issuer
from site_builder.records.png_artwork import artwork_file
from site_builder.records.time_zones import time_zone

__all__ = ["Issued", "issue"]


@dataclass
class Issued:
    """What `issue` did: the awards that were signed, how many changes were applied, and which files were written."""

    awards: list[StoredAward] = field(default_factory=list)
    changes: int = 0
    lists: list[str] = field(default_factory=list)


def issue(
    root: Path,
    *,
    now: datetime,
    random_bytes: Callable[[int], bytes],
    signing_keys: Mapping[str, SigningKey],
    issuer: str | None = None,
    reached: Callable[[str], None] = lambda point: None,
    progress: Progress = no_progress,
) -> Issued:
    """Signs what is pending below root. now: the one reading of the clock, UTC. signing_keys: by issuer.

    reached: told the name of each point that the run comes to; tests kill the process there.
    Raises Error when the repository has problems or another run is under way; nothing is written then."""
    with said_of_disk(), locked(root):
        state = check_repository(root)
        if state.problems:
            raise Error("problems were found, nothing was issued: run 'laurels check'")
        run = _Run(state, now, random_bytes, signing_keys, reached)
        sweep(root)
        plan = plan_issue(state, issuer=issuer)
        if not signing_keys.keys() >= set(plan.issuers):
            raise Error("the records changed while 'laurels issue' began: run it again")
        run.draw(plan)
        reached("drawn")
        for done, row in enumerate(plan.rows, 1):
            run.award(row)
            progress(done, len(plan.rows))
        for change in plan.changes:
            run.change(change)
        reached("before-lists")
        run.write_lists(issuer)
    return run.done


@dataclass
class _Run:
    state: State
    now: datetime
    random_bytes: Callable[[int], bytes]
    signing_keys: Mapping[str, SigningKey]
    reached: Callable[[str], None]
    done: Issued = field(default_factory=Issued)
    places: dict[str, FreePlaces] = field(default_factory=dict)
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

    def _draw(self, folder: str, kind: str, artwork: bytes) -> None:
        rendered = self.root / folder / "rendered"
        found = find_rendering(rendered, kind, artwork)
        if found is None:
            try:
                found = Rendering(artwork, render_png(artwork))
            except RenderError as error:
                raise Error(str(Problem(f"{folder}/{artwork_file(kind, artwork)}", 0, "ART002", str(error)))) from None
            rendered.mkdir(exist_ok=True)
            # What it was made from last: that is what says that the picture is there.
            write_file(rendered / f"{kind}-{found.digest}.png", found.png)
            write_file(rendered / source_file(artwork, kind, found.digest), source_text(artwork))
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
        if row.issuer not in self.places:
            self.places[row.issuer] = FreePlaces(self.state.ledger.taken(row.issuer), self.random_bytes)
        place = self.places[row.issuer].draw()
        award = award_of(row, badge, issuer, award_id=award_id, salt=salt, place=place)
        zone = time_zone(issuer.record.time_zone)
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
        write_synced(temporary / "credential.json", raw)
        self.reached("half-written")
        write_synced(temporary / "award.json", award_bytes(stored))
        sync_folder(temporary)
        self.reached("before-rename")
        temporary.rename(final)
        sync_folder(final.parent)
        self.reached("renamed")
        self.state.ledger.awards[stored.id] = stored
        self.done.awards.append(stored)

    def change(self, change: Change) -> None:
        """Applies one revocation: the award's current version takes its state and the digest of the record."""
        award = self.state.ledger.awards[change.record.revoke]
        update = {"state": "revoked", "change": change_digest(change.record)}
        current = award.current.model_copy(update=update)
        changed = award.model_copy(update={"versions": (*award.versions[:-1], current)})
        write_file(self.root / award.folder / "award.json", award_bytes(changed))
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
        write_file(file, self._sign(document, did, key))
        self.done.lists.append(status_file(slug, number))
        self.reached("list-written")

    def _profile(self, issuer: Issuer) -> Profile:
        logo = self.drawn.get((f"issuers/{issuer.slug}", "logo"))
        return profile_of(issuer, base=self.base, logo_digest=logo.digest if logo else "")

    def _achievement(self, badge: Badge, issuer: Issuer) -> Achievement:
        return achievement_of(badge, issuer, image_digest=self.drawn[f"badges/{badge.slug}", "image"].digest)
