"""Rules over records and ledger together: what is issued, what is pending, and what must never have happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from site_builder.credentials.didweb import is_did_web
from site_builder.credentials.multikey import KeyTextError, parse_public_key
from site_builder.encoding import EncodingError, is_base32_id, parse_json
from site_builder.errors import Problem, Progress, no_progress, sorted_problems
from site_builder.ledger.definitions import issuer_did
from site_builder.ledger.identity import change_digest, identity_digest, row_digest
from site_builder.ledger.rendered_files import check_rendered
from site_builder.ledger.secrets import check_secrets
from site_builder.ledger.signed_files import check_signed_files
from site_builder.ledger.state import State
from site_builder.ledger.status_lists import check_lists, stale_lists
from site_builder.ledger.store import Ledger, StoredAward, load_ledger
from site_builder.records.award_files import Change, Row
from site_builder.records.load import Repository, load_repository
from site_builder.records.pages_folder import check_pages
from site_builder.records.rules import check_pending, check_records
from site_builder.records.text import holds_address

__all__ = ["check_repository"]


def check_repository(root: Path, *, progress: Progress = no_progress) -> State:
    """Everything in the repository below root, checked: needs no key, no network and no clock."""
    repository, problems = load_repository(root)
    if any(problem.code == "FIL006" and problem.file == "mkdocs.yml" for problem in problems):
        # Not a site at all: whatever else lies here is none of our business.
        return State(repository, Ledger(root), problems=sorted_problems(problems))
    ledger, ledger_problems = load_ledger(root)
    state = State(repository, ledger)
    found = [*problems, *ledger_problems, *check_records(repository), *check_secrets(root)]
    found += [*check_pages(root), *check_rendered(root, repository)]
    found += _check_keys(repository)
    found += _match_rows(state, incomplete=any(problem.file.startswith("content/records/") for problem in problems))
    found += check_pending(state.pending_rows, repository)
    found += _match_changes(state)
    found += _check_indexes(ledger)
    if repository.config.base:
        found += check_signed_files(state, progress=progress)
        if not any(problem.code == "CFG002" for problem in found):
            found += check_lists(ledger, repository)
        state.stale = stale_lists(ledger, repository)
    state.problems = sorted_problems(found)
    return state


def _check_keys(repository: Repository) -> Iterator[Problem]:
    for listed in repository.key_files:
        for place, key in enumerate(listed.keys):
            try:
                parse_public_key(key.publicKeyMultibase)
            except KeyTextError as error:
                line = listed.lines.find(("keys", place, "publicKeyMultibase"))
                fix = "copy the line that 'laurels keys new' printed"
                yield Problem(listed.file, line, "KEY002", str(error), fix)
    for issuer in repository.issuers.values():
        if issuer.record.did is not None and not is_did_web(issuer.record.did):
            fix = "write did:web: and the host, such as did:web:harbour.example.org, or leave the line out"
            line = issuer.lines.find(("did",))
            yield Problem(f"issuers/{issuer.slug}/issuer.yml", line, "REC010", "did is not a did:web address", fix)
    owners: dict[str, str] = {}
    for issuer in repository.issuers.values():
        did = issuer_did(issuer, repository.config.base)
        if did in owners:
            what = f"{did} is the identifier of the issuer {owners[did]!r} already"
            line = issuer.lines.find(("did",))
            yield Problem(
                f"issuers/{issuer.slug}/issuer.yml",
                line,
                "ISS002",
                what,
                "give each issuer its own, or leave the line out",
            )
        owners.setdefault(did, issuer.slug)


# --- rows and awards --------------------------------------------------------------------------------------------------


def _match_rows(state: State, *, incomplete: bool) -> Iterator[Problem]:
    """Ties rows to awards by identity. incomplete: some record could not be read, so an award without a row proves nothing."""
    awards: dict[tuple[str, str], StoredAward] = {}
    doubled: set[str] = set()
    for award in sorted(state.ledger.awards.values(), key=lambda award: (award.versions[0].issued, award.id)):
        first_one = awards.setdefault((award.issuer, award.identity), award)
        if first_one is not award:
            doubled.add(award.id)
            what = f"one row was issued twice, as {first_one.id} and as {award.id}: two machines issued at once"
            fix = "delete the folder of the one that was never published, and run 'laurels issue'"
            yield Problem(f"{award.folder}/award.json", 0, "LED010", what, fix)
    seen: dict[tuple[str, str], Row] = {}
    for row in state.repository.rows:
        key = (row.issuer, identity_digest(row.award))
        if key in seen:
            first = seen[key]
            what = f"this award stands already at {first.file}:{first.line}: the same badge, date and recipient"
            yield Problem(
                row.file, row.line, "REC015", what, "delete one; if both are meant, give them a 'ref:' that differs"
            )
            continue
        seen[key] = row
        issued = awards.get(key)
        if issued is None:
            state.pending_rows.append(row)
            continue
        state.rows[issued.id] = row
        if row_digest(row.award) != issued.current.row:
            what = f"this row was changed after it was issued as {issued.id}"
            fix = (
                f"put it back as it was. To correct it, keep it so, add a record 'revoke: {issued.id}' with 'date:' and "
                "'reason: issued-in-error', and write the corrected row anew with 'ref: corrected'"
            )
            yield Problem(row.file, row.line, "LED003", what, fix)
    for award in state.ledger.awards.values():
        if award.id not in state.rows and award.id not in doubled and not incomplete:
            yield _lost_row(state, award)


def _lost_row(state: State, award: StoredAward) -> Problem:
    what = f"the award {award.id} ({award.badge}, {award.awarded}) has no row any more"
    row = _nearest_row(state, award)
    fix = "put the row back as it was; what was issued is withdrawn by a record 'revoke: …' with its date and reason, not by deleting"
    if row:
        fix = f"{row.file}:{row.line} looks like it and was edited: put its badge, date, name and address back"
    return Problem(f"{award.folder}/award.json", 0, "LED002", what, fix)


_MAX_COMPARED = 200


def _nearest_row(state: State, award: StoredAward) -> Row | None:
    """The pending row that is most like an award whose own row is gone, by what its credential says."""
    try:
        document = parse_json(state.ledger.read_credential(award, award.current))
        name = str(document["credentialSubject"]["identifier"][0]["identityHash"])
    except (OSError, EncodingError, KeyError, IndexError, TypeError):
        return None

    def likeness(row: Row) -> float:
        same = (row.award.badge == award.badge) + (row.award.awarded.isoformat() == award.awarded)
        return same + SequenceMatcher(None, row.award.name, name).ratio()

    rows = [row for row in state.pending_rows if row.issuer == award.issuer]
    same = [row for row in rows if row.award.name == name]
    # Comparing each lost award with each new row would take minutes for a few thousand; an equal name is enough then.
    rows = same or rows[:_MAX_COMPARED]
    best = max(rows, key=likeness, default=None)
    return best if best and likeness(best) > 1.6 else None


# --- changes ----------------------------------------------------------------------------------------------------------


def _match_changes(state: State) -> Iterator[Problem]:
    applied = {(award.id, award.current.change) for award in state.ledger.awards.values() if award.current.change}
    written: dict[str, Change] = {}
    for change in state.repository.changes:
        award = state.ledger.awards.get(change.record.revoke)
        if award is None or award.issuer != change.issuer:
            fix = "the id is the part of the page's address behind /c/; a row that is not issued yet is simply deleted"
            what = "this is not the id of a credential, which has 26 letters and digits"
            if is_base32_id(change.record.revoke):  # else it may be the recipient's name
                what = f"no credential of this issuer has the id {change.record.revoke!r}"
            yield Problem(change.file, change.line, "LED006", what, fix)
        elif award.id in written:
            what = f"{award.id} is revoked already by {written[award.id].file}"
            yield Problem(change.file, change.line, "LED006", what, "delete one of the two records")
        elif _names_recipient(state, change, award):
            what, fix = "the recipient's e-mail address stands in the note, which is published", "take it out"
            yield Problem(change.file, change.line, "REC018", what, fix)
        elif award.current.state == "active":
            written[award.id] = change
            state.pending_changes.append(change)
        else:
            written[award.id] = change
    for award_id, digest in sorted(applied):
        found = written.get(award_id)
        if found is None or change_digest(found.record) != digest:
            file, line = (
                (found.file, found.line) if found else (f"{state.ledger.awards[award_id].folder}/award.json", 0)
            )
            what = f"the record that revoked {award_id} was {'altered' if found else 'removed'} after it was applied"
            yield Problem(file, line, "LED007", what, "put it back as it was: a revocation is final")


def _names_recipient(state: State, change: Change, award: StoredAward) -> bool:
    row, note = state.rows.get(award.id), change.record.note or ""
    return holds_address(note) or bool(row and row.award.email and holds_address(note, row.award.email))


def _check_indexes(ledger: Ledger) -> Iterator[Problem]:
    used = Counter((award.issuer, v.list, v.index) for award in ledger.awards.values() for v in award.versions)
    for award in ledger.awards.values():
        if any(used[award.issuer, version.list, version.index] > 1 for version in award.versions):
            what = f"the place of {award.id} in its status list belongs to another award as well"
            yield Problem(f"{award.folder}/award.json", 0, "LED005", what, "restore the folder from git")
