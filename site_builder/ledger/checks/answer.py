"""What `laurels check` answers, as plain data: it is printed, and remembered for the day when nothing at all has changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from site_builder.errors import Progress, no_progress
from site_builder.ledger.checks.repository import check_repository
from site_builder.ledger.checks.status_lists import outdated_lists
from site_builder.ledger.history.inputs import Inputs, read_inputs
from site_builder.ledger.history.snapshot import differing
from site_builder.ledger.review.review import Notice, notices_in
from site_builder.ledger.store.checked_repository import CheckedRepository
from site_builder.ledger.store.key_documents import copying_lines, key_documents_elsewhere
from site_builder.ledger.verified.cache import VerifiedCache
from site_builder.records.load.name_hints import name_hints

__all__ = ["check_and_answer"]

Json = dict[str, Any]


def check_and_answer(
    root: Path,
    *,
    base: str | None = None,
    inputs: Inputs | None = None,
    cache: VerifiedCache | None = None,
    progress: Progress = no_progress,
) -> tuple[Json, Sequence[Notice]]:
    """What a check finds, and what runs code. base, inputs, cache: as of check_repository.

    Where nothing is wrong, the answer is remembered for these very inputs."""
    inputs = inputs or read_inputs(root)
    checked = check_repository(root, base=base, inputs=inputs, cache=cache, progress=progress)
    # A folder without settings is no site, unless a change has taken them away.
    notices = notices_in(root, base=base, inputs=inputs) if base or (root / "mkdocs.yml").exists() else []
    answer = _answer(checked, notices)
    if cache is not None:
        if base is None and inputs is not None and _may_be_remembered(answer) and not differing(root, inputs.snapshot):
            cache.note_answer(inputs.digest, answer)
        cache.save()
    return answer, notices


def _answer(checked: CheckedRepository, notices: Sequence[Notice]) -> Json:
    return {
        "problems": [problem.__dict__ for problem in (*checked.problems, *outdated_lists(checked))],
        "hints": name_hints(checked.pending_rows),
        "pending": {
            "rows": len(checked.pending_rows),
            "changes": len(checked.pending_changes),
            "status_lists": len(checked.stale),
        },
        "key_documents": [document.as_json() for document in key_documents_elsewhere(checked.repository)],
        "runs_code": [notice.as_json() for notice in notices],
        "issued": len(checked.ledger.awards),
        "copying": copying_lines(checked.repository),
        "lacking": checked.remembered.lacking,
        "unseen": checked.remembered.unseen,
    }


def _may_be_remembered(answer: Json) -> bool:
    """Whether nothing was wrong, odd or unseen."""
    return not answer["problems"] and not answer["hints"] and not answer["unseen"]
