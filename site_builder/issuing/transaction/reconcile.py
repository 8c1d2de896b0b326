"""Making two branches that both issued one again: the published side is put back as it was, the other side gives way.

Each step is whole or not done, and what is to do is worked out anew from the published commit each time: a run that was killed is completed
by the next one."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from site_builder.credentials.openbadges3.read import credential_id_of
from site_builder.credentials.openbadges3.values import StatusListEntry
from site_builder.credentials.openbadges3.write import with_status
from site_builder.credentials.securing.data_integrity import add_proof_set, without_proof
from site_builder.credentials.urls import signed_url
from site_builder.encoding import EncodingError, format_json, parse_json
from site_builder.errors import Error, UsageError
from site_builder.issuing.durable.atomic_change import commit_change
from site_builder.issuing.durable.files import explain_os_errors, locked, sweep, write_file
from site_builder.issuing.keys.signing_keys import SigningKey
from site_builder.issuing.surroundings import Machine, Output
from site_builder.issuing.transaction.issue import complete_and_check
from site_builder.issuing.transaction.reconcile_plan import ReconcilePlan, Reindex, Restore, plan_reconcile
from site_builder.issuing.transaction.status_indexes import StatusIndexAllocator
from site_builder.ledger.checks.signed_files import is_signed_by
from site_builder.ledger.history.git_tree import GitTree, is_merged, read_tree
from site_builder.ledger.store.award_json import StatusEntry, StoredAward, Version, award_bytes
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.definitions import issuer_did
from site_builder.records.load.repository import Issuer
from site_builder.syncing import sync_folder, write_synced
from site_builder.wording import plural

__all__ = ["reconcile", "reconcile_command"]


def reconcile_command(
    checked: CheckedRepository,
    *,
    base: str,
    issuer: str | None,
    dry_run: bool,
    refusal: str,
    find_key: Callable[[str], SigningKey],
    machine: Machine,
    output: Output,
) -> list[str]:
    """Says what must give way to what was published, and does it; the lines that it said, none when nothing had to be done.

    checked: against base. issuer: whose key alone may be used. refusal: why nothing may be written here, "" when it may.
    find_key: the signing key of an issuer."""
    root = checked.repository.root
    published = read_tree(root, base)
    if not is_merged(published):
        raise UsageError(f"{base} is not part of what lies here: merge it first, with git merge {base}")
    plan = plan_reconcile(_settled(checked, output), published)
    others = [slug for slug in plan.issuers if issuer not in (None, slug)]
    if others:
        raise UsageError(f"credentials of {others[0]} have to be signed anew as well: leave --issuer out")
    lines = plan.describe(base)
    for line in lines:
        output.say(line)
    if plan.is_empty or dry_run:
        return lines
    if refusal:
        raise Error(f"nothing was reconciled: {refusal}")
    keys = {slug: find_key(slug) for slug in plan.issuers}
    done = reconcile(root, published, now=machine.now, random_bytes=machine.random_bytes, signing_keys=keys)
    output.say(
        f"All that {base} holds is as it was published; {plural(len(done.drop) + len(done.move), 'other award')} gave way."
    )
    output.say("Keep it, which also ends a merge that is under way: git add -A && git commit -m 'Reconcile'")
    return lines


def _settled(checked: CheckedRepository, output: Output) -> CheckedRepository:
    """The repository, when its issuers, keys and site can be read: by them signed files are told from others. Raises Error."""
    names = ("mkdocs.yml", "/issuer.yml", "/keys.yml")
    unsettled = [problem for problem in checked.problems if problem.file.endswith(names)]
    if unsettled:
        output.report_problems(unsettled)
        raise Error(f"{plural(len(unsettled), 'problem')} to mend first; nothing was reconciled")
    return checked


def reconcile(
    root: Path,
    published: GitTree,
    *,
    now: datetime,
    random_bytes: Callable[[int], bytes],
    signing_keys: Mapping[str, SigningKey],
    on_step: Callable[[str], None] = lambda point: None,
) -> ReconcilePlan:
    """Does what plan_reconcile finds, and gives it back. Arguments as of `issue`, which goes on from there."""
    with explain_os_errors(), locked(root):
        checked = complete_and_check(root)
        sweep(root, checked.snapshot)
        plan = plan_reconcile(checked, published)
        if not signing_keys.keys() >= set(plan.issuers):
            raise Error("the signed files changed while 'laurels issue' began: run it again")
        run = _Run(checked, plan, now, random_bytes, signing_keys)
        # First what can be refused, before anything is written.
        moved = [run.moved(move) for move in plan.move]
        for restore in plan.restore:
            _restore(root, restore)
            on_step("restored")
        for award, _ in plan.drop:
            _drop(root / award.folder)
            on_step("dropped")
        for award_and_files in moved:
            commit_change(root, *award_and_files)
            on_step("moved")
        for path, raw in plan.files.items():
            _put(root / path, raw)
            on_step("put")
    return plan


def _restore(root: Path, restore: Restore) -> None:
    folder = root / restore.award.folder
    if folder.is_dir():
        commit_change(root, restore.award, restore.files)
        for name in restore.gone:
            (folder / name).unlink(missing_ok=True)
        sync_folder(folder)
        return
    temporary = folder.with_name(f".tmp-{folder.name}")
    temporary.mkdir(parents=True)
    for name, raw in restore.files.items():
        write_synced(temporary / name, raw)
    write_synced(temporary / "award.json", award_bytes(restore.award))
    sync_folder(temporary)
    temporary.rename(folder)
    sync_folder(folder.parent)


def _drop(folder: Path) -> None:
    # Under its own name a folder is whole; the next run sweeps away what a killed one left.
    temporary = folder.with_name(f".tmp-{folder.name}")
    folder.rename(temporary)
    sync_folder(folder.parent)
    shutil.rmtree(temporary)


def _put(path: Path, raw: bytes | None) -> None:
    if raw is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, raw)


@dataclass
class _Run:
    checked: CheckedRepository
    plan: ReconcilePlan
    now: datetime
    random_bytes: Callable[[int], bytes]
    signing_keys: Mapping[str, SigningKey]
    _status_indexes: dict[str, StatusIndexAllocator] = field(default_factory=dict)

    def moved(self, move: Reindex) -> tuple[Any, dict[str, bytes]]:
        """An award with new status entries for some of its versions, and their files, signed anew."""
        award, versions, files = move.award, list[Any](move.award.versions), dict[str, bytes]()
        for number in move.numbers:
            status_entry, old = self._draw(award.issuer), versions[number - 1]
            versions[number - 1] = StatusEntry(list=status_entry[0], index=status_entry[1])
            if isinstance(award, StoredAward):
                versions[number - 1] = self._moved_version(award, old, status_entry, files)
        return award.model_copy(update={"versions": tuple(versions)}), files

    def _draw(self, issuer: str) -> tuple[int, int]:
        if issuer not in self._status_indexes:
            taken = {(number, index) for slug, number, index in self.plan.taken if slug == issuer}
            self._status_indexes[issuer] = StatusIndexAllocator(
                taken | self.checked.ledger.taken(issuer), self.random_bytes
            )
        return self._status_indexes[issuer].draw()

    def _moved_version(
        self, award: StoredAward, version: Version, status_entry: tuple[int, int], files: dict[str, bytes]
    ) -> Version:
        moved = version.model_copy(update={"list": status_entry[0], "index": status_entry[1]})
        if version.withheld:
            return moved
        issuer, key = self.checked.repository.issuers[award.issuer], self.signing_keys[award.issuer]
        url = signed_url(
            self.checked.repository.config.base, "status list", issuer=award.issuer, number=str(status_entry[0])
        )
        signed_before = without_proof(self._signed_document(award, version, issuer))
        document = with_status(signed_before, StatusListEntry(url, status_entry[1]))
        method = f"{issuer_did(issuer, self.checked.repository.config.base)}#{key.key_id}"
        signed = add_proof_set(document, signing_key=key.private, verification_method=method, created=self.now)
        raw = files[version.file] = format_json(signed)
        update = {"sha256": hashlib.sha256(raw).hexdigest(), "key": key.key_id, "resigned": None}
        return moved.model_copy(update=update | {"issued": self.now.strftime("%Y-%m-%dT%H:%M:%SZ")})

    def _signed_document(self, award: StoredAward, version: Version, issuer: Issuer) -> dict[str, Any]:
        """What a key of the issuer that is still trusted has signed: nothing else is signed anew. Raises Error."""
        base, file = self.checked.repository.config.base, f"{award.folder}/{version.file}"
        try:
            document = self._document(award, version)
        except (OSError, EncodingError):
            document = None
        keys = [key for key in issuer.keys if key.state != "compromised"]
        did, url = issuer_did(issuer, base), signed_url(base, "credential", id=award.id, file=version.file)
        if (
            not isinstance(document, dict)
            or credential_id_of(document) != url
            or not any(is_signed_by(document, f"{did}#{key.id}", key.publicKeyMultibase) for key in keys)
        ):
            fix = "restore it from the branch that issued it, or delete the folder, whose row is then issued anew"
            raise Error(f"{file} is not what a key of the issuer signed, so it is not signed anew: {fix}")
        return document

    def _document(self, award: StoredAward, version: Version) -> Any:
        """A signed document as it will be once what the merge tore is put back."""
        mended = next((restore for restore in self.plan.restore if restore.award.id == award.id), None)
        return parse_json(mended.files[version.file]) if mended else self.checked.document(award, version)
