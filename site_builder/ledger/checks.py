"""Rules over records and ledger together: what is issued, what is pending, and what must never have happened."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from site_builder.credentials.didweb import is_did_web
from site_builder.credentials.multikey import KeyTextError, parse_public_key
from site_builder.credentials.proof import JCS, ProofError, proofs_of, verify_proof
from site_builder.credentials.status import StatusError, read_list, set_bits
from site_builder.credentials.urls import signed_url
from site_builder.encoding import EncodingError, is_base32_id, parse_json
from site_builder.errors import Problem, sorted_problems
from site_builder.ledger.definitions import issuer_did
from site_builder.ledger.identity import change_digest, identity_digest, row_digest
from site_builder.ledger.secrets import check_secrets
from site_builder.ledger.store import Ledger, StoredAward, Version, load_ledger, status_file
from site_builder.records.award_files import Change, Row
from site_builder.records.files import read_regular_file
from site_builder.records.load import Issuer, Repository, load_repository
from site_builder.records.rules import check_records

__all__ = ["State", "check_repository", "stale_lists", "wanted_bits"]


@dataclass
class State:
    """The repository as it stands: what was written, what was signed, what is still to be done, and what is wrong.

    rows: the row of each stored award, by its id. pending: rows and changes that are not signed yet.
    stale: status lists (issuer, number) that do not say what the awards say; only an interrupted `issue` leaves any."""

    repository: Repository
    ledger: Ledger
    rows: dict[str, Row] = field(default_factory=dict)
    pending_rows: list[Row] = field(default_factory=list)
    pending_changes: list[Change] = field(default_factory=list)
    stale: list[tuple[str, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def check_repository(root: Path) -> State:
    """Everything in the repository below root, checked: needs no key, no network and no clock."""
    repository, problems = load_repository(root)
    ledger, ledger_problems = load_ledger(root)
    state = State(repository, ledger)
    found = [*problems, *ledger_problems, *check_records(repository), *check_secrets(root)]
    found += _check_keys(repository)
    found += _match_rows(state, incomplete=any(problem.file.startswith("content/records/") for problem in problems))
    found += _match_changes(state)
    found += _check_indexes(ledger)
    if repository.config.base:
        found += _check_signed(state)
        if not any(problem.code == "CFG002" for problem in found):
            found += _check_lists(state)
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


# --- rows and awards --------------------------------------------------------------------------------------------------


def _match_rows(state: State, *, incomplete: bool) -> Iterator[Problem]:
    """Ties rows to awards by identity. incomplete: some record could not be read, so an award without a row proves nothing."""
    awards = {(award.issuer, award.identity): award for award in state.ledger.awards.values()}
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
        award = awards.get(key)
        if award is None:
            state.pending_rows.append(row)
            continue
        state.rows[award.id] = row
        if row_digest(row.award) != award.current.row:
            what = f"this row was changed after it was issued as {award.id}"
            fix = f"put it back as it was; to withdraw what was issued add a record 'revoke: {award.id}'"
            yield Problem(row.file, row.line, "LED003", what, fix)
    for award in state.ledger.awards.values():
        if award.id not in state.rows and not incomplete:
            yield _lost_row(state, award)


def _lost_row(state: State, award: StoredAward) -> Problem:
    what = f"the award {award.id} ({award.badge}, {award.awarded}) has no row any more"
    row = _nearest_row(state, award)
    fix = "put the row back as it was; what was issued is withdrawn by a record 'revoke: …', not by deleting"
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


def _check_indexes(ledger: Ledger) -> Iterator[Problem]:
    used = Counter((award.issuer, v.list, v.index) for award in ledger.awards.values() for v in award.versions)
    for award in ledger.awards.values():
        if any(used[award.issuer, version.list, version.index] > 1 for version in award.versions):
            what = f"the place of {award.id} in its status list belongs to another award as well"
            yield Problem(f"{award.folder}/award.json", 0, "LED005", what, "restore the folder from git")


# --- what was signed --------------------------------------------------------------------------------------------------


def _check_signed(state: State) -> Iterator[Problem]:
    strangers = 0
    for award in state.ledger.awards.values():
        for version in award.versions:
            file = f"{award.folder}/{version.file}"
            try:
                raw = state.ledger.read_credential(award, version)
                document = parse_json(raw)
            except (OSError, EncodingError):
                continue  # said already: the file is missing or was changed
            if hashlib.sha256(raw).hexdigest() != version.sha256:
                continue  # said already
            expected = signed_url(state.repository.config.base, "credential", id=award.id, file=version.file)
            if not isinstance(document, dict) or document.get("id") != expected:
                strangers += 1
                continue
            yield from _check_document(state, award, version, document, file)
    if strangers:
        what = f"site_url does not begin the addresses of {strangers} signed credentials"
        fix = "put it back as it was: a signed address never changes (to begin your own site, delete the demo's content first)"
        yield Problem("mkdocs.yml", state.repository.config.base_line, "CFG002", what, fix)


def _check_document(
    state: State, award: StoredAward, version: Version, document: dict[str, Any], file: str
) -> Iterator[Problem]:
    issuer = state.repository.issuers.get(award.issuer)
    if issuer is None or award.badge not in state.repository.badges:
        missing = f"issuers/{award.issuer}" if issuer is None else f"badges/{award.badge}"
        if not (state.repository.root / missing).is_dir():
            what = f"the folder {missing} is gone, and signed credentials name it"
            yield Problem(missing, 0, "LED008", what, "restore the folder from git")
        return
    key = next((key for key in issuer.keys if key.id == version.key), None)
    if key is None:
        what = f"{version.key} is gone from the list of keys, and signed credentials name it"
        yield Problem(f"issuers/{issuer.slug}/keys.yml", 1, "LED008", what, "put the key back; set its state instead")
        return
    method = f"{issuer_did(issuer, state.repository.config.base)}#{version.key}"
    if not _is_signed_by(document, method, key.publicKeyMultibase):
        what = f"this file is not what {method} signed"
        yield Problem(file, 0, "LED001", what, "restore it, issuer.yml and keys.yml from git")
        return
    if not _agrees(document, award, version, state.repository.config.base):
        what = f"award.json says something else than {version.file}, which is signed"
        yield Problem(f"{award.folder}/award.json", 0, "LED001", what, "restore it from git")
    yield from _check_images(state, document)


def _agrees(document: dict[str, Any], award: StoredAward, version: Version, base: str) -> bool:
    """Whether award.json, which is not signed, repeats what the credential says. document: signed by the issuer."""
    status_list = signed_url(base, "status list", issuer=award.issuer, number=str(version.list))
    return (
        document["credentialSubject"]["achievement"]["id"] == signed_url(base, "achievement", badge=award.badge)
        and str(document["awardedDate"]).startswith(award.awarded + "T")
        and document["credentialStatus"]["id"] == f"{status_list}#{version.index}"
        and all(proof.get("created") == version.issued for proof in proofs_of(document))
    )


def _is_signed_by(document: dict[str, Any], method: str, multibase: str) -> bool:
    """Whether the jcs proof holds: a quick look at every file; `laurels verify` checks everything."""
    proofs = [proof for proof in proofs_of(document) if proof.get("cryptosuite") == JCS]
    try:
        if len(proofs) != 1 or proofs[0].get("verificationMethod") != method:
            return False
        verify_proof(document, proofs[0], public_key=parse_public_key(multibase))
    except (ProofError, KeyTextError):
        return False
    return True


_MAX_PICTURE_BYTES = 16 * 1_048_576
_IMAGE = re.compile(r"(badges|issuers)/([a-z0-9-]+)/((?:image|logo)-([0-9a-f]{8})\.png)")


def _check_images(state: State, document: dict[str, Any]) -> Iterator[Problem]:
    base = state.repository.config.base
    for holder in (document["issuer"], document["credentialSubject"]["achievement"]):
        address = holder.get("image", {}).get("id", "")
        match = _IMAGE.fullmatch(address.removeprefix(base))
        if not match:
            continue
        file = f"{match[1]}/{match[2]}/rendered/{match[3]}"
        raw = read_regular_file(state.repository.root, file, [], max_bytes=_MAX_PICTURE_BYTES)
        if raw is None or not hashlib.sha256(raw).hexdigest().startswith(match[4]):
            what = "this picture is gone or was changed, and signed credentials name it"
            yield Problem(file, 0, "LED008", what, "restore it from git")


# --- status lists -----------------------------------------------------------------------------------------------------


def wanted_bits(ledger: Ledger, issuer: str) -> dict[int, set[int]]:
    """The bits that each status list of an issuer must have set, by the number of the list."""
    bits: dict[int, set[int]] = {}
    for award in ledger.awards.values():
        if award.issuer == issuer:
            for version in award.versions:
                bits.setdefault(version.list, set()).update({version.index} if version.state != "active" else ())
    return bits


def _check_lists(state: State) -> Iterator[Problem]:
    """Status lists that no run of `issue` leaves behind; one that only lacks bits, or is missing, is written anew by the next run."""
    base = state.repository.config.base
    for (slug, number), raw in sorted(state.ledger.lists.items()):
        issuer = state.repository.issuers.get(slug)
        if issuer is None:
            continue
        file = status_file(slug, number)
        fix_keys = "restore it, issuer.yml and keys.yml from git"
        fix = "restore it from git, or delete it and run 'laurels issue', which writes it anew"
        try:
            document = parse_json(raw)
            bits = set_bits(read_list(document, url=signed_url(base, "status list", issuer=slug, number=str(number))))
        except (EncodingError, StatusError):
            yield Problem(file, 0, "LED009", "this is not the status list that belongs here", fix)
            continue
        if not any(
            _is_signed_by(document, f"{issuer_did(issuer, base)}#{key.id}", key.publicKeyMultibase)
            for key in issuer.keys
        ):
            yield Problem(file, 0, "LED009", "this status list is not what the issuer signed", fix_keys)
        elif not bits <= wanted_bits(state.ledger, slug).get(number, set()):
            what = "this status list revokes credentials that are in force by their award.json"
            yield Problem(file, 0, "LED009", what, "restore content/signed and this file from git")


def stale_lists(ledger: Ledger, repository: Repository) -> list[tuple[str, int]]:
    """The status lists that are missing or do not say what the awards say."""
    stale = []
    for issuer in repository.issuers.values():
        for number, bits in wanted_bits(ledger, issuer.slug).items():
            raw = ledger.lists.get((issuer.slug, number))
            if raw is None or not _says(raw, bits, issuer, number, repository.config.base):
                stale.append((issuer.slug, number))
    return sorted(stale)


def _says(raw: bytes, bits: set[int], issuer: Issuer, number: int, base: str) -> bool:
    url = signed_url(base, "status list", issuer=issuer.slug, number=str(number))
    try:
        document = parse_json(raw)
        if set_bits(read_list(document, url=url)) != bits:
            return False
    except (EncodingError, StatusError):
        return False
    keys = {
        f"{issuer_did(issuer, base)}#{key.id}": key.publicKeyMultibase
        for key in issuer.keys
        if key.state != "compromised"
    }
    return any(_is_signed_by(document, method, multibase) for method, multibase in keys.items())
