"""Rules over records and ledger together: what is issued, what is pending, and what must never have happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from site_builder.credentials.identifiers.did_web import is_did_web
from site_builder.credentials.identifiers.multikey import KeyTextError, parse_public_key
from site_builder.errors import Problem, Progress, no_progress, sorted_problems
from site_builder.ledger.checks.published.memory import check_memory
from site_builder.ledger.checks.published.one_commit import check_published
from site_builder.ledger.checks.record_rules import RecordFacts, check_rows_and_changes
from site_builder.ledger.checks.rendered_files import check_rendered, check_undrawn
from site_builder.ledger.checks.secrets import check_secrets
from site_builder.ledger.checks.signed_files import SignedFacts, check_signed_files
from site_builder.ledger.checks.status_lists import check_lists, read_lists, stale_lists
from site_builder.ledger.history.git import tracked_files
from site_builder.ledger.history.git_tree import GitTree, read_tree
from site_builder.ledger.history.inputs import Inputs, read_inputs
from site_builder.ledger.history.past import current_head, read_past
from site_builder.ledger.history.snapshot import Snapshot, differing, take_snapshot
from site_builder.ledger.store.award_json import ErasedAward, StoredAward
from site_builder.ledger.store.checked_repository import CheckedRepository, Remembered, SignedList
from site_builder.ledger.store.definitions import issuer_did
from site_builder.ledger.store.editions import Editions
from site_builder.ledger.store.former_readings import as_signed
from site_builder.ledger.store.key_documents import key_document, reason_against_place
from site_builder.ledger.store.ledger import RECONCILE, Ledger, load_ledger
from site_builder.ledger.store.renderings import find_renderings
from site_builder.ledger.verified.cache import VerifiedCache
from site_builder.records.load.pages_folder import check_pages
from site_builder.records.load.repository import Issuer, Repository, load_repository
from site_builder.records.load.unread_files import check_unread
from site_builder.records.settings.theme_folders import check_theme_folders

__all__ = ["Loaded", "check_loaded", "check_repository", "reuse_unchanged"]


def check_repository(
    root: Path,
    *,
    base: str | None = None,
    inputs: Inputs | None = None,
    cache: VerifiedCache | None = None,
    progress: Progress = no_progress,
) -> CheckedRepository:
    """Everything in the repository below root, checked: needs no key, no network and no clock.

    Where git is there, all that HEAD's history published must still be here.
    base: a commit, as git names it, whose published files must be here as well. inputs: what lies below root, if it was just read.
    cache: what was verified before, which is not verified again; what is verified now is noted there."""
    published = read_tree(root, base) if base is not None else None
    inputs = inputs or read_inputs(root)
    tracked = inputs.own_tracked if inputs else tracked_files(root)
    snapshot = inputs.snapshot if inputs else take_snapshot(root, tracked)
    content = inputs.signed if inputs else None
    repository, problems = load_repository(root)
    if any(problem.code == "FIL006" and problem.file == "mkdocs.yml" for problem in problems):
        # Not a site at all: whatever else lies here is none of our business.
        return CheckedRepository(repository, Ledger(root), problems=sorted_problems(problems))
    problems += check_unread(root, tracked, issuers=repository.issuers)
    incomplete = any(problem.file.startswith("content/records/") for problem in problems)
    ledger, ledger_problems = load_ledger(root, content=content)
    problems += [*ledger_problems, *check_secrets(root, tracked, content=content), *check_rendered(root, repository)]
    problems += [*check_pages(root), *check_theme_folders(root)]
    loaded = Loaded(repository, ledger, snapshot, problems, incomplete=incomplete)
    return _remembering(check_loaded(loaded, cache=cache, progress=progress), published)


def _remembering(checked: CheckedRepository, published: GitTree | None) -> CheckedRepository:
    """What was checked, held against what was published: in HEAD's history, and in one commit if it is given."""
    past = read_past(checked.repository.root, base=checked.repository.config.base)
    found, unseen = check_memory(checked, past)
    if published is not None:
        named = check_published(checked, published)
        # Of one loss it is enough to name one commit.
        known = {problem.file for problem in named}
        found = [*named, *(problem for problem in found if problem.file not in known)]
    remembered = Remembered(past.head, is_kept=past.is_kept, unseen=past.unseen or unseen)
    return replace(checked, problems=sorted_problems([*checked.problems, *found]), remembered=remembered)


@dataclass(frozen=True)
class Loaded:
    """What lies below a root, and the problems of its files, each taken by itself.

    snapshot: how the files were just before they were read.
    incomplete: some record could not be read, so an award without a row proves nothing."""

    repository: Repository
    ledger: Ledger
    snapshot: Snapshot
    problems: Sequence[Problem] = ()
    incomplete: bool = False


def check_loaded(
    loaded: Loaded,
    *,
    before: CheckedRepository | None = None,
    cache: VerifiedCache | None = None,
    progress: Progress = no_progress,
) -> CheckedRepository:
    """What all rules find in what was loaded.

    before: what they found with the same repository and an earlier ledger; what was verified then is not verified again.
    cache: as of check_repository."""
    loaded = replace(loaded, repository=as_signed(loaded.repository, loaded.ledger))
    repository, ledger = loaded.repository, loaded.ledger
    records = check_rows_and_changes(repository, ledger, incomplete=loaded.incomplete)
    found = [
        *loaded.problems,
        *_check_keys(repository),
        *_check_dids(repository),
        *records.problems,
        *_check_indexes(ledger),
    ]
    if not repository.config.base:
        return _assemble(loaded, records, _NOTHING_SIGNED, {}, found, before)
    proven = before.proven if before else frozenset()
    signed = check_signed_files(repository, ledger, records.matched, proven=proven, cache=cache, progress=progress)
    lists = read_lists(ledger, repository, known=before.lists if before else None)
    found += signed.problems
    if not any(problem.code == "CFG002" for problem in found):
        found += check_lists(ledger, repository, lists)
    return _assemble(loaded, records, signed, lists, found, before)


def _assemble(
    loaded: Loaded,
    records: RecordFacts,
    signed: SignedFacts,
    lists: Mapping[tuple[str, int], SignedList],
    problems: Sequence[Problem],
    before: CheckedRepository | None,
) -> CheckedRepository:
    """All facts as one value, which nothing changes after."""
    repository, ledger = loaded.repository, loaded.ledger
    renderings = find_renderings(repository, signed.pictures)
    return CheckedRepository(
        repository,
        ledger,
        rows=records.matched.rows,
        pending_rows=records.matched.pending_rows,
        pending_changes=records.changes.pending,
        corrected=records.changes.corrected,
        changes=records.index.changes,
        erasures=records.index.erasures,
        renewed_by=records.matched.renewed_by,
        pictures=signed.pictures,
        editions=signed.editions,
        renderings=renderings,
        lists=lists,
        stale=stale_lists(ledger, repository, lists) if repository.config.base else [],
        proven=signed.proven,
        problems=sorted_problems([*problems, *check_undrawn(repository, renderings)]),
        snapshot=loaded.snapshot,
        # `issue` only adds to what was compared.
        remembered=before.remembered if before else Remembered(),
    )


_NOTHING_SIGNED = SignedFacts(frozenset(), Editions(), frozenset(), ())


def reuse_unchanged(root: Path, known: CheckedRepository | None) -> CheckedRepository | None:
    """What is known of the repository below root, if no file has changed since it was read, and HEAD is the same commit; else None."""
    if known is None or current_head(root) != known.remembered.head:
        return None
    return known if not differing(root, known.snapshot) else None


def _check_keys(repository: Repository) -> Iterator[Problem]:
    for listed in repository.key_files:
        for index, key in enumerate(listed.keys):
            try:
                parse_public_key(key.publicKeyMultibase)
            except KeyTextError as error:
                line = listed.lines.find(("keys", index, "publicKeyMultibase"))
                fix = "copy the line that 'laurels keys new' printed"
                yield Problem(listed.file, line, "KEY002", str(error), fix)


def _check_dids(repository: Repository) -> Iterator[Problem]:
    """The problems of the issuers' identifiers, with one another and with what the site publishes."""
    owners: dict[str, str] = {}
    # Those with a line of their own come last, so that a problem is told where there is a line to change.
    for issuer in sorted(repository.issuers.values(), key=lambda issuer: issuer.record.did is not None):
        reason = _unusable(issuer.record.did)
        if reason:
            fix = "write did:web: and the host, such as did:web:harbour.example.org, or leave the line out"
            yield _did_problem(issuer, "REC010", f"did {reason}", fix)
            continue
        did = issuer_did(issuer, repository.config.base)
        if did in owners:
            what = f"{did} is the identifier of the issuer {owners[did]!r} already"
            yield _did_problem(issuer, "ISS002", what, "give each issuer its own, or leave the line out")
        elif repository.config.base and issuer.record.did is not None:
            yield from _check_place(repository, issuer)
        owners.setdefault(did, issuer.slug)


def _unusable(did: str | None) -> str:
    """Why a `did:` line cannot stand, as the end of a sentence; "" when it can."""
    if did is None:
        return ""
    if not is_did_web(did):
        return "is not a did:web address"
    # It is another identifier than the one without it, and both lead to one address, as with site_url.
    return "names the port that https has anyway, 443" if did.split(":")[2].lower().endswith("%3a443") else ""


def _check_place(repository: Repository, issuer: Issuer) -> Iterator[Problem]:
    document = key_document(issuer, repository.config.base)
    reason = reason_against_place(repository, document)
    if reason:
        what = f"the keys of {document.did} would have to lie at {document.place}, but {reason}"
        yield _did_problem(issuer, "ISS003", what, "name another did, or leave the line out")


def _did_problem(issuer: Issuer, code: str, what: str, fix: str) -> Problem:
    return Problem(f"issuers/{issuer.slug}/issuer.yml", issuer.lines.find(("did",)), code, what, fix)


def _check_indexes(ledger: Ledger) -> Iterator[Problem]:
    awards: list[StoredAward | ErasedAward] = [*ledger.awards.values(), *ledger.erased.values()]
    used = Counter((award.issuer, v.list, v.index) for award in awards for v in award.versions)
    for award in awards:
        if any(used[award.issuer, version.list, version.index] > 1 for version in award.versions):
            what = f"a place of {award.id} in its status list belongs to another credential as well"
            yield Problem(f"{award.folder}/award.json", 0, "LED005", what, RECONCILE)
